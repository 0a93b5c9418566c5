"""A hub goes on in two machines, and both change a group that a neighbour holds with them: both values are seen."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub import hardware
from hub.config import load
from hub.node import Node, make_home, open_node
from hub.people import circles
from hub.tide import run
from hub.together import acting, held
from hub.together.held import CIRCLE
from tests.fixtures import engines, tide
from tests.fixtures.clock import HandClock
from tests.fixtures.deciding import gather
from tests.fixtures.sharing import but, decide
from tests.fixtures.together import agreed
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.FILE)

Wake = Callable[[Path, str], Node]


@pytest.fixture
def wake(clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wake]:
    """A function that starts the hub in a home on a machine."""
    opened: list[Node] = []

    def start(home: Path, machine: str) -> Node:
        monkeypatch.setattr(hardware, "fingerprint", lambda: machine)
        opened.append(open_node(home, load(home, {}, {}), clock=clock))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def _name(node: Node, circle: str) -> str:
    return circles.circle(node, circle).name


def test_both_values_are_seen_and_one_is_chosen(
    tmp_path: Path, wake: Wake, make_node: Callable[..., Node], serve_node: Callable[[Node], Served]
) -> None:
    """Renamed in both machines: the neighbour and both see two values; the choice at one ends it at all three."""
    near = serve_node(make_node("near"))
    home = tmp_path / "first"
    make_home(home)
    first = wake(home, "pi one")
    here = gather(first)
    tide.joined(first, near.node, near.url)
    decide(here, but(*agreed(near.node)))
    group = circles.add_circle(first, name="River", picture="baobab").id
    about = held.subject(first.identity.hub_id, CIRCLE, group)
    acting.share(first, actor=here.steward, sort=CIRCLE, record=group, hub=near.node.identity.hub_id)
    assert run.sync_with(first).agreed
    first.close()

    shutil.copytree(home, tmp_path / "second")
    first, second = wake(home, "pi one"), wake(tmp_path / "second", "pi two")
    circles.change_circle(first, circle=group, is_open=True, name="Morning")
    circles.change_circle(second, circle=group, is_open=True, name="Evening")
    for node in (first, second, first, second):
        assert run.sync_with(node).agreed
    for node in (first, second, near.node):
        stands = held.one(node, about).field("name")
        assert {stands.value, *(each.value for each in stands.rivals)} == {"Morning", "Evening"}
        assert stands.is_met
    assert (_name(first, group), _name(second, group)) == ("Morning", "Evening"), "nobody's table was changed yet"

    stands = held.one(second, about).field("name")
    words = {each.value: each.id for each in (*stands.rivals, *([stands.word] if stands.word else []))}
    acting.choose(second, actor=here.steward, subject=about, field="name", word=words["Evening"])
    for node in (second, first):
        assert run.sync_with(node).agreed
    for node in (first, second, near.node):
        assert held.one(node, about).name == "Evening" and not held.one(node, about).is_open
    assert (_name(first, group), _name(second, group)) == ("Evening", "Evening")
