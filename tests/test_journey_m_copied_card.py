"""Journey m: the card is copied into a second Pi, and both go on: nobody's record is lost or doubled."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hub import hardware
from hub.care import backup
from hub.care.restore import restore
from hub.config import load
from hub.node import Node, make_home, open_node
from hub.people import roster
from hub.tide import run
from tests.fixtures import engines, tide
from tests.fixtures.care import stick
from tests.fixtures.clock import HandClock
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.FILE)


@pytest.fixture
def up(make_node: Callable[..., Node], serve_node: Callable[[Node], Served]) -> Served:
    """The region, served."""
    return serve_node(make_node("region", role="region"))


Open = Callable[[Path, str], Node]


@pytest.fixture
def wake(clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Open:
    """A function that starts the hub in a home on a machine."""

    def start(home: Path, machine: str) -> Node:
        monkeypatch.setattr(hardware, "fingerprint", lambda: machine)
        return open_node(home, load(home, {}, {}), clock=clock)

    return start


def _learned(region: Node) -> int:
    """How many answers the region knows."""
    return int(region.tables.Answer.select().count())


def test_both_machines_go_on(tmp_path: Path, up: Served, clock: HandClock, wake: Open) -> None:
    """Learned before the copy, in each after it, and with news from both in turns; later the second is its own hub."""
    home = tmp_path / "first"
    make_home(home)
    first = wake(home, "pi one")
    amina = roster.add_person(first, name="Amina", picture="kite").id
    tide.joined(first, up.node, up.url)
    tide.learn(first, first=1, count=30)
    assert run.sync_with(first).agreed
    first.close()

    shutil.copytree(home, tmp_path / "second")
    first, second = wake(home, "pi one"), wake(tmp_path / "second", "pi two")
    assert (first.journal.incarnation("local"), second.journal.incarnation("local")) == (1, 2)
    for turn in range(2):
        tide.learn(first, first=100 + 10 * turn, count=5)
        tide.learn(second, first=200 + 10 * turn, count=7)
        for node in (second, first, second, first):
            clock.advance(60)
            assert run.sync_with(node).agreed
        assert _learned(up.node) == 30 + 12 * (turn + 1)
    assert first.journal.incarnation("region") != second.journal.incarnation("region")
    first.close()

    saved = backup.make(second, stick(tmp_path))
    old = second.identity.hub_id
    second.close()
    (tmp_path / "second" / "keys").rename(tmp_path / "keys put away")
    back = restore(tmp_path / "second", saved, force=True, as_new_hub=True)
    second = wake(tmp_path / "second", "pi two")
    assert back.hub == second.identity.hub_id != old
    assert roster.person(second, amina).name == "Amina"
    tide.joined(second, up.node, up.url)
    tide.learn(second, first=300, count=3)
    assert run.sync_with(second).agreed
    assert _learned(up.node) == 30 + 24 + 3
    second.close()
