"""A copied card: people say whether it is one place or two, and nobody's record is lost or there twice."""

import shutil
from collections.abc import Callable
from functools import partial
from html import unescape
from pathlib import Path

import pytest

from hub import hardware
from hub.app import create_app
from hub.config import keep, load
from hub.errors import InputWrong, StatementConflict
from hub.forgetting import people as forgetting
from hub.node import Node, make_home, open_node
from hub.people import roster
from hub.tables.recognition import TEACHES
from hub.tide import clones, leaving, own_key, run
from hub.vocabulary import COMPETENCY, VERBS, person_actor
from hub.xapi import store
from sync import identity
from sync.clone import Half
from tests.fixtures import engines, tide
from tests.fixtures.cast import Cast
from tests.fixtures.clock import HandClock
from tests.fixtures.web import Served

Wake = Callable[[str], Node]
MACHINES = ("first", "second")


@pytest.fixture
def up(make_node: Callable[..., Node], serve_node: Callable[[Node], Served]) -> Served:
    """The region, served."""
    return serve_node(make_node("region", role="region"))


@pytest.fixture
def wake(tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Wake:
    """A function that starts the hub of one of the two machines, the key that was prepared included."""

    def start(machine: str) -> Node:
        monkeypatch.setattr(hardware, "fingerprint", lambda: machine)
        settings = load(tmp_path / machine, {}, {})
        own_key.go_on(tmp_path / machine, settings)
        return open_node(tmp_path / machine, settings, clock=clock)

    return start


@pytest.fixture
def pair(tmp_path: Path, up: Served, wake: Wake, database_url: Callable[..., str]) -> tuple[Node, Node]:
    """A hub with Amina and thirty records that has joined the region, and the machine with its copied card."""
    make_home(tmp_path / "first")
    keep(tmp_path / "first", {"database": ""})
    first = wake("first")
    first.write(lambda: first.change("hub", first.identity.hub_id, name="Alder hill", role="community"))
    roster.add_person(first, name="Amina", picture="kite")
    roster.add_person(first, name="Sefu", picture="goat")
    tide.joined(first, up.node, up.url)
    tide.learn(first, first=1, count=30)
    assert run.sync_with(first).agreed
    first.close()
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    return wake("first"), wake("second")


pytestmark = pytest.mark.sqlite(engines.FILE)


def _go_on(first: Node, second: Node, number: int) -> None:
    tide.learn(first, first=number, count=5)
    tide.learn(second, first=number + 50, count=7)
    for node in (second, first):
        assert run.sync_with(node).agreed


def _learned(region: Node) -> int:
    """How many answers the region knows, each once."""
    return int(region.tables.Answer.select().count())


@pytest.fixture
def region_page(up: Served) -> Callable[[], str]:
    """A function that tells what the coordinator of the region sees."""
    cast = Cast(up.node, create_app(up.node))
    return lambda: unescape(cast.client("region").get("/region/").text)


def _ours(halves: tuple[Half, ...]) -> list[tuple[bool, int]]:
    return sorted((half.is_current, half.records) for half in halves)


def _reopened(node: Node, wake: Wake) -> Node:
    node.close()
    return wake(node.home.name)


def test_each_machine_and_the_region_see_two(
    pair: tuple[Node, Node], up: Served, region_page: Callable[[], str]
) -> None:
    """After one exchange of each; the second machine hears of the first with its next one."""
    first, second = pair
    _go_on(first, second, 100)
    assert _ours(clones.copied(first).halves) == [(False, 7), (True, 5)]
    assert run.sync_with(second).agreed
    assert _ours(clones.copied(second).halves) == [(False, 5), (True, 7)]
    assert len(clones.halves(up.node, first.identity.hub_id)) == 2
    said = region_page()
    assert "One place or two?" in said
    assert "2 machines go on under its key." in said
    assert _learned(up.node) == 30 + 12
    first.close()
    second.close()


def test_one_place(pair: tuple[Node, Node], up: Served) -> None:
    """The question ends here, at the region and at the other machine, and comes again when that one goes on."""
    first, second = pair
    with pytest.raises(InputWrong, match="No other machine"):
        clones.one_place(first)
    _go_on(first, second, 100)
    clones.one_place(first)
    tide.learn(first, first=200, count=3)
    assert run.sync_with(first).agreed
    assert run.sync_with(second).agreed
    assert [clones.halves(each, first.identity.hub_id) for each in (first, second, up.node)] == [(), (), ()]
    _go_on(first, second, 300)
    assert len(clones.copied(first).halves) == 2
    assert _learned(up.node) == 30 + 12 + 3 + 12
    first.close()
    second.close()


def test_two_places(pair: tuple[Node, Node], up: Served, wake: Wake, region_page: Callable[[], str]) -> None:
    """The second gets a key and a name, keeps all that happened, and joins by a code of its own; all hear of it."""
    first, second = pair
    old = first.identity.hub_id
    _go_on(first, second, 100)
    tide.learn(second, first=200, count=4)
    run.prepare(second)
    tide.learn(second, first=210, count=2)
    new = clones.two_places(second, name="Alder valley")
    assert clones.copied(second).is_prepared
    assert second.identity.hub_id == old, "nothing changes while it runs"
    second = _reopened(second, wake)
    assert (second.identity.hub_id, second.name, clones.copied(second).is_prepared) == (new, "Alder valley", False)
    assert clones.copied(second).cloned_from == old
    assert [person.name for person in roster.people(second)] == ["Amina", "Sefu"]
    assert second.tables.Answer.select().count() == 30 + 7 + 6
    tide.joined(second, up.node, up.url)
    tide.learn(second, first=300, count=3)
    for node in (second, first):
        assert run.sync_with(node).agreed
    assert _learned(up.node) == 30 + 12 + 6 + 3
    assert up.node.tables.Twin.select().count() == 0
    assert clones.halves(up.node, old) == clones.copied(first).halves == ()
    assert clones.copied(first).clones == ((new, "Alder valley"),)
    assert clones.origin(up.node, new) == "Alder hill"
    assert "cloned from" in region_page()
    assert run.sync_with(second).requests == 1
    assert leaving.leave(second).name == "Alder valley"
    assert clones.halves(up.node, old) == (), "the region has heard the answer, although who gave it has left"
    first.close()
    second.close()


def test_who_is_forgotten_at_the_second_place_is_forgotten_there(pair: tuple[Node, Node], wake: Wake) -> None:
    """What happened under the old key is the new hub's own, so it can be erased too; the first keeps its own."""
    first, second = pair
    amina, _sefu = roster.people(second)
    clones.two_places(second, name="Alder valley")
    second = _reopened(second, wake)
    forgetting.forget(second, person=amina.id)
    second = _reopened(second, wake)
    assert forgetting.again(second) == 0
    assert [person.name for person in roster.people(second)] == ["Sefu"]
    assert b"Amina" not in b"".join(
        raw for line in second.journal.streams() for _, _, raw in second.journal.store.entries(line, line.base, 1000)
    )
    assert [person.name for person in roster.people(first)] == ["Amina", "Sefu"]
    first.close()
    second.close()


def test_what_was_seen_stays_seen(pair: tuple[Node, Node], wake: Wake) -> None:
    """An observation that the old key vouched for counts under the new one; who was forgotten stays so as well."""
    first, second = pair
    first.close()
    amina, _sefu = roster.people(second)
    seen = {"id": COMPETENCY + "math.count", "definition": {"name": {"en": "Counting"}}}
    score = {"score": {"raw": 2, "min": 0, "max": TEACHES}}
    said = {"actor": person_actor(amina.id), "verb": {"id": VERBS["scored"]}, "object": seen, "result": score}
    store.keep_own(second, [{"id": second.new_id(), **said}])
    clones.two_places(second, name="Alder valley")
    second = _reopened(second, wake)
    assert [row.person for row in second.tables.Observation.select()] == [amina.id]
    with pytest.raises(StatementConflict, match="forgotten"):
        forgetting.forget(second, person=amina.id)
        clones.two_places(second, name="Alder lake")
        second = _reopened(second, wake)
        store.keep_own(second, [{"id": second.new_id(), **said}])
    second.close()


def test_it_can_be_called_off(pair: tuple[Node, Node], wake: Wake) -> None:
    """Until the next start the hub is what it was."""
    first, second = pair
    first.close()
    old = second.identity.hub_id
    for name in ("", "x" * 61, "\0"):
        with pytest.raises(InputWrong, match="needs a name"):
            clones.two_places(second, name=name)
    for name in ("Alder hill", " alder  HILL\u200b"):
        with pytest.raises(InputWrong, match="is called “Alder hill” already"):
            clones.two_places(second, name=name)
    assert not clones.copied(second).is_prepared
    clones.two_places(second, name="Alder valley")
    own_key.call_off(second.home)
    second = _reopened(second, wake)
    assert (second.identity.hub_id, second.name) == (old, "Alder hill")
    second.close()


class Cut(Exception):
    """The power goes."""


@pytest.mark.parametrize("step", ["database", "marks", "key", "end"])
def test_a_cut_at_any_step_leaves_before_or_after(
    pair: tuple[Node, Node], wake: Wake, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The next start does the rest, with the same key."""
    first, second = pair
    first.close()
    new = clones.two_places(second, name="Alder valley")
    second.close()

    def cut(*_given: object, **_named: object) -> None:
        raise Cut

    targets = {
        "database": (own_key, "_forget_others"),
        "marks": (Path, "unlink"),
        "key": (identity, "replace_file"),
        "end": (own_key, "call_off"),
    }
    with monkeypatch.context() as patch:
        target, name = targets[step]
        patch.setattr(target, name, partial(cut))
        with pytest.raises(Cut):
            own_key.go_on(second.home, second.settings)
    second = wake("second")
    assert (second.identity.hub_id, second.name) == (new, "Alder valley")
    assert second.tables.Answer.select().count() == 30
    second.close()


def test_nothing_is_changed_under_a_running_hub(pair: tuple[Node, Node]) -> None:
    """A command beside it waits for its next start."""
    first, second = pair
    first.close()
    old = second.identity.hub_id
    clones.two_places(second, name="Alder valley")
    with (second.home / "jobs" / "lock").open("a") as lock:
        identity.fcntl.flock(lock, identity.fcntl.LOCK_EX)
        assert own_key.go_on(second.home, second.settings) == ""
    assert identity.Identity.load(second.home / "keys").hub_id == old
    second.close()
