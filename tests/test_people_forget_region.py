"""Forgetting goes with the tide: the region erases too, shows that it did, and gives nobody back."""

import shutil
from collections.abc import Callable

from hub import projections
from hub.forgetting import listed, people, traces
from hub.node import Node
from hub.people import roster
from hub.tide import erased, run
from hub.tide import region as regions
from hub.vocabulary import VERBS, activity, person_actor
from tests.fixtures import tide
from tests.fixtures.tide import joined, record, statement
from tests.fixtures.web import Served

NAMES = tuple(f"Learner {number}" for number in range(11))


def learned(hub: Node) -> list[str]:
    """Eleven people who finished something each: their ids."""
    found = []
    for number, name in enumerate(NAMES):
        person = roster.add_person(hub, name=name, picture="goat").id
        done = {"verb": {"id": VERBS["completed"]}, "object": {"id": activity("market", "pay")}}
        said = statement(number, actor=person_actor(person), **done)
        hub.write(lambda said=said: record(hub, said))  # type: ignore[misc]
        found.append(person)
    return found


def keeps(node: Node, letters: bytes) -> bool:
    """Whether an entry here opens to something with these letters."""
    store = node.journal.store
    return any(letters in raw for line in store.lines() for _, _, raw in store.entries(line, 0, 1_000_000))


def test_the_region_erases_and_counts_again(hub: Node, region: Node, up: Served) -> None:
    """Erased at 1 of 2 places, then at 2 of 2; what the region shows is of ten people."""
    ids = learned(hub)
    run.sync_with(hub)
    assert regions.region(region).people == len(NAMES)
    letters = traces.letters_of(hub, "region", ids[0])
    assert keeps(region, letters)
    people.forget(hub, person=ids[0])
    people.clean(hub)
    (before,) = erased.erasures(hub)
    assert (before.done, before.places) == (1, 2)
    assert [each.hub for each in before.lacking] == [region.identity.hub_id]
    assert run.sync_with(hub).agreed
    (after,) = erased.erasures(hub)
    assert (after.done, after.places, after.lacking) == (2, 2, ())
    assert not keeps(region, letters)
    assert regions.region(region).people == len(NAMES) - 1
    assert region.tables.Statement.select().count() == len(NAMES) - 1
    before_it = projections.fingerprint(region.tables)
    region.write(lambda: projections.rebuild(region.tables, region.journal.replay()))
    assert projections.fingerprint(region.tables) == before_it


def test_who_comes_to_us_proves_it_by_its_greeting(hub: Node, region: Node, up: Served) -> None:
    """A region that forgets something of its own waits until the hub stands where it stands."""
    run.sync_with(hub)
    region.write(lambda: erased.ask(region, wish="community", entries=1, audiences=["public"]))
    assert [len(each.lacking) for each in erased.erasures(region)] == [1]
    run.sync_with(hub)
    run.sync_with(hub)
    assert [each.lacking for each in erased.erasures(region)] == [()]


def test_a_copy_does_not_come_back_by_another_road(hub: Node, region: Node, up: Served) -> None:
    """A stream that is filled anew after the erasure, by a hub that has lost everything, brings nobody back."""
    ids = learned(hub)
    run.sync_with(hub)
    old = [copy.payload for copy in tide.prepared(hub, "region")]
    letters = traces.letters_of(hub, "region", ids[0])
    mine = next(payload for payload in old if letters in payload)
    people.forget(hub, person=ids[0])
    run.sync_with(hub)
    hub.write(lambda: hub.journal.append("region", "statement", mine))
    run.sync_with(hub)
    assert region.tables.Statement.select().count() == len(NAMES) - 1


def test_what_the_region_brings_back_is_forgotten_again(
    make_node: Callable[..., Node], region: Node, serve_node: Callable[[Node], Served]
) -> None:
    """An older card without the list: the region's copy of our own erasure says whom to forget."""
    hub = make_node("old")
    if hub.settings.database:
        return
    joined(hub, region, serve_node(region).url)
    ids = learned(hub)
    run.sync_with(hub)
    shutil.copyfile(hub.home / "keys" / "high-water", hub.home / "marks")
    hub.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(hub.home / "mangrove.db", hub.home / "older")
    people.forget(hub, person=ids[0])
    run.sync_with(hub)
    home = hub.home
    hub.close()
    for part in ("-wal", "-shm"):
        (home / f"mangrove.db{part}").unlink(missing_ok=True)
    shutil.copyfile(home / "older", home / "mangrove.db")
    shutil.copyfile(home / "marks", home / "keys" / "high-water")
    (home / "keys" / listed.NAME).unlink()
    again = make_node("old", seed=2)
    assert roster.find(again, ids[0]) is not None and people.again(again) == 0
    run.sync_with(again)
    assert people.again(again) == 1
    assert roster.find(again, ids[0]) is None
    assert run.sync_with(again).agreed
