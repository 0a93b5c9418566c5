"""A collection comes over a real line: whole, after any cut, and only what is missing of it."""

import itertools
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from content.chunks import CHUNK_BYTES
from content.disk import Disk
from hub import jobs, library
from hub.collections import fetch, heal, offers, own, pace, sources, subscriptions
from hub.collections.gather import page_name
from hub.node import Node
from hub.tide import join, neighbours, peers
from hub.worker import DUE, Worker
from sync import shelf
from tests.fixtures import engines, offering, packages
from tests.fixtures.clock import HandClock
from tests.fixtures.plug import PlugDisk, PlugPulled
from tests.fixtures.proxy import Proxy
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.SHELF)


@pytest.fixture
def water(region: Node, up: Served, tmp_path: Path) -> str:
    """A collection of a lesson and a film that the region offers."""
    return offering.offer(region, tmp_path / "made")


def test_it_comes_whole_and_in_order(hub: Node, region: Node, water: str) -> None:
    """What is offered says beforehand what would travel; then both packages stand here as they stand there."""
    fetch.look(hub)
    (offered,) = offers.offered(hub)
    missing = sum(each.missing_bytes for each in subscriptions.stands(hub, offered.collection, None))
    assert missing == offered.collection.size_bytes > offering.FILM_BYTES
    subscriptions.subscribe(hub, water)
    assert fetch.is_due(hub)
    assert offering.go(hub) == "Water: 2 packages came."
    assert offering.digests(hub) == offering.digests(region)
    assert (hub.shelf.verify(), fetch.is_due(hub)) == ([], False)
    assert {row.id for row in library.packages(hub)} == set(offering.digests(region))
    assert list((hub.shelf.root / "incoming").iterdir()) == list(hub.shelf.awaited.iterdir()) == []


def test_the_worker_does_it_by_itself(hub: Node, region: Node, water: str) -> None:
    """Looking and fetching are jobs that fall due; other work goes first."""
    offering.take(hub, water)
    worker = Worker(hub)
    assert DUE[fetch.JOB](hub) and not DUE[fetch.LOOK_JOB](hub)
    for kind in (fetch.LOOK_JOB, fetch.JOB):
        jobs.add(hub, kind, arguments={})
    while worker.step():
        pass
    assert offering.digests(hub) == offering.digests(region)
    assert {job.state for job in jobs.jobs(hub, kind=fetch.JOB)} == {jobs.DONE}


def test_only_what_was_chosen_comes(hub: Node, water: str) -> None:
    """One of two packages; the other one can be added later."""
    offering.take(hub, water, chosen=["well.en"])
    offering.go(hub)
    assert list(offering.digests(hub)) == ["well.en"]
    subscriptions.subscribe(hub, water)
    offering.go(hub)
    assert len(offering.digests(hub)) == 2


def test_an_update_costs_its_changed_files(hub: Node, region: Node, water: str, up: Served, tmp_path: Path) -> None:
    """A new edition with one lesson changed travels in a few kilobytes, with a film beside it."""
    offering.take(hub, water)
    offering.go(hub)
    library.add(region, source=packages.folder(tmp_path / "well", version=2, more="A roof helps."))
    own.publish(region, water)
    proxy = Proxy(int(up.url.rpartition(":")[2]))
    offering.through(hub, proxy.url)
    fetch.look(hub)
    assert offering.go(hub) == "Water: 1 package came."
    assert offering.digests(hub) == offering.digests(region)
    assert proxy.up + proxy.down < 6_000
    proxy.close()


def test_what_a_publisher_leaves_out_stays(hub: Node, region: Node, water: str) -> None:
    """It is told, and kept until a librarian decides."""
    offering.take(hub, water)
    offering.go(hub)
    own.change(region, water, title="Water", summary="", packages=["well.en"])
    own.publish(region, water)
    fetch.look(hub)
    (taken,) = subscriptions.subscriptions(hub)
    (film,) = taken.dropped
    assert film in offering.digests(hub)
    subscriptions.keep_dropped(hub, water, film)
    assert subscriptions.subscriptions(hub)[0].dropped == ()
    assert film in offering.digests(hub)


def test_a_hundred_random_cuts_cost_less_than_a_chunk_each(hub: Node, water: str, up: Served) -> None:
    """Whatever was on the line when it was cut is all that comes twice."""
    chance, proxy = random.Random(5), Proxy(int(up.url.rpartition(":")[2]))
    proxy._cut_after = lambda: chance.randrange(1, 60_000) if proxy.cuts < 100 else None
    offering.take(hub, water)
    offering.through(hub, proxy.url)
    for _ in range(300):
        offering.go(hub)
        if len(offering.digests(hub)) == 2:
            break
    needed = offering.FILM_BYTES
    assert hub.shelf.verify() == [] and len(offering.digests(hub)) == 2
    assert proxy.cuts >= 50
    assert proxy.up + proxy.down - needed < proxy.cuts * 8_000 < proxy.cuts * CHUNK_BYTES
    proxy.close()


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=some.lists(some.integers(1, 1_500_000), max_size=8))
def test_any_cuts_end_with_the_same_shelf(hub: Node, region: Node, water: str, up: Served, cuts: list[int]) -> None:
    """Any sequence of them; and nothing is left over."""
    for package in offering.digests(hub):
        library.remove(hub, package)
    left = itertools.chain(cuts, itertools.repeat(None))
    proxy = Proxy(int(up.url.rpartition(":")[2]), lambda: next(left))
    offering.through(hub, up.url)
    offering.take(hub, water)
    offering.through(hub, proxy.url)
    for _ in range(len(cuts) + 1):
        offering.go(hub)
    proxy.close()
    assert offering.digests(hub) == offering.digests(region)
    assert proxy.down < offering.FILM_BYTES + 20_000 + (len(cuts) + 1) * 20_000


def test_a_publisher_may_be_gone_for_days(hub: Node, water: str, up: Served, clock: HandClock) -> None:
    """It rests longer each time, says why, and goes on when the line is back."""
    offering.take(hub, water)
    offering.through(hub, "http://127.0.0.1:9")
    rests = []
    for _ in range(9):
        assert "Water: " in str(fetch.fetch(hub, sleep=lambda _s: None))
        (taken,) = subscriptions.subscriptions(hub)
        rests.append(taken.next_ms - hub.clock.now_ms())
        assert not fetch.is_due(hub)
        clock.advance(rests[-1] / 1000)
    assert rests[0] <= fetch.REST_MS < rests[-1] <= subscriptions.REST_MS_MAX
    assert "cannot be reached" in offering.problem(hub)
    offering.through(hub, up.url)
    assert fetch.is_due(hub)
    assert "2 packages came" in str(fetch.fetch(hub, sleep=lambda _s: None))
    assert offering.problem(hub) == ""


def test_a_neighbour_is_asked_before_the_region(
    make_node: Callable[..., Node], serve_node: Callable[[Node], Served], hub: Node, water: str
) -> None:
    """What a neighbour took whole it hands on, signed by the region; the region need not be there."""
    near = make_node("near")
    served = serve_node(hub)
    join.join_over(near, lambda _n, body: join.answer(hub, body), url=served.url, code=join.invite(hub).code)
    offering.take(hub, water)
    offering.go(hub)
    offering.take(near, water)
    assert subscriptions.subscriptions(near)[0].collection.publisher != hub.identity.hub_id
    offering.go(near)
    assert offering.digests(near) == offering.digests(hub)
    assert neighbours.listened(near) is None and len(peers.peers(near)) == 1


def test_it_rests_and_is_left(hub: Node, water: str) -> None:
    """Paused nothing is due; left, what came stays."""
    offering.take(hub, water)
    subscriptions.pause(hub, water, is_paused=True)
    assert not fetch.is_due(hub)
    subscriptions.pause(hub, water, is_paused=False)
    offering.go(hub)
    subscriptions.leave(hub, water)
    assert subscriptions.subscriptions(hub) == [] and len(offering.digests(hub)) == 2


def test_the_night_and_the_clock(hub: Node, water: str, clock: HandClock) -> None:
    """At night only is at night only; without a clock that is kept, only when somebody asks."""
    offering.take(hub, water, is_night=True)
    hours = [pace.is_night(hub) or clock.advance(3600) for _ in range(24)]
    assert True in hours and fetch.is_due(hub)
    clock.advance(12 * 3600)
    assert not pace.is_night(hub) and not fetch.is_due(hub)
    subscriptions.ask_now(hub, water)
    assert fetch.is_due(hub)


def test_a_day_has_its_bytes_and_a_line_its_share(hub: Node, region: Node, water: str, clock: HandClock) -> None:
    """A budget stops it until tomorrow; a limit makes it rest between pieces."""
    offering.take(hub, water)
    object.__setattr__(hub.settings, "fetch_daily", 1_000_000)
    object.__setattr__(hub.settings, "fetch_rate", 500_000)
    rested: list[float] = []
    assert "bytes of this day" in str(fetch.fetch(hub, sleep=rested.append))
    assert sum(rested) > 1 and 1_000_000 <= pace.spent_today(hub) < 1_200_000 and not fetch.is_due(hub)
    for _ in range(4):
        clock.advance(86_400)
        fetch.fetch(hub, sleep=rested.append)
    assert offering.digests(hub) == offering.digests(region)


def test_other_work_goes_first(hub: Node, water: str) -> None:
    """A long fetch lets a job that waits have its turn."""
    offering.take(hub, water)
    jobs.add(hub, "backup", arguments={})
    said = fetch.fetch(hub, gives_way=True, sleep=lambda _s: None)
    assert "Other work went first" in str(said) and fetch.is_due(hub)


class _Full(Disk):
    """A disk with room for so many bytes."""

    def free_bytes(self, folder: Path) -> int:
        """Never much."""
        return 251 * 1024 * 1024


def test_a_full_disk_is_said(hub: Node, region: Node, water: str) -> None:
    """The reserve stays free; with room again it goes on."""
    offering.take(hub, water)
    real, hub.shelf.disk = hub.shelf.disk, _Full()
    assert "not enough room" in offering.go(hub)
    hub.shelf.disk = real
    offering.go(hub)
    assert offering.digests(hub) == offering.digests(region)


@pytest.mark.parametrize("loses", [False, True], ids=["process", "power"])
def test_the_plug_may_be_pulled_at_any_step(hub: Node, region: Node, water: str, loses: bool) -> None:
    """The shelf is as before or as after, and what was made safe comes once."""
    offering.take(hub, water)
    stop, whole = 0, False
    while not whole:
        disk = hub.shelf.disk = PlugDisk(stop, loses=loses)
        try:
            offering.go(hub)
            whole = True
        except PlugPulled:
            stop += 1 if stop < 12 else 5
        hub.shelf.disk = Disk()
        assert set(offering.digests(hub).items()) <= set(offering.digests(region).items())
        assert hub.shelf.verify() == []
    assert disk.steps and offering.digests(hub) == offering.digests(region)


def _spoiled(hub: Node) -> Iterator[Path]:
    for manifest in hub.shelf.list():
        for entry in manifest.files.values():
            yield hub.shelf.blob_path(entry.sha256)


def test_rot_is_mended_from_another_hub(hub: Node, region: Node, water: str) -> None:
    """Changed bits, a lost file and a broken manifest are fetched again; what nobody has is said."""
    offering.take(hub, water)
    offering.go(hub)
    own_package = library.add(hub, source=packages.pdf(hub.home / "own.pdf")).package
    for number, path in enumerate(sorted(_spoiled(hub), key=lambda each: each.name)):
        data = path.read_bytes()
        path.unlink() if number % 2 else path.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    (hub.shelf.packages / "well.en.json").write_text("{", encoding="utf-8")
    healed = heal.heal(hub, sleep=lambda _s: None)
    assert len(healed.found) >= 3 and {each.package for each in healed.left} == {own_package}
    assert {**offering.digests(region)}.items() <= offering.digests(hub).items()
    assert heal.heal(region) == heal.Healed((), ())


def test_parts_that_nobody_waits_for_go_at_the_next_start(hub: Node, region: Node, water: str) -> None:
    """Those that a collection here still waits for stay, however often the hub starts; left, they go."""
    parts = hub.shelf.root / "incoming"
    offering.take(hub, water)
    incoming = library.incoming_of(hub)
    (film,) = (each for each in region.shelf.list() if each.size_bytes >= offering.FILM_BYTES)
    (page,) = (each for each in heal._pages(hub) if each == page_name(shelf.CHUNKS, film.id, film.digest, peer_of(hub)))
    incoming.expect(film)
    for name in (next(iter(incoming.missing(film))), page, "0" * 64):
        incoming.append(name, b"half", size=9, hashes=())
    Worker(hub)._begin()
    assert len(list(parts.iterdir())) == 2 and not incoming.part("0" * 64)
    subscriptions.leave(hub, water)
    with sources.alone(hub):
        Worker(hub)._begin()
    assert len(list(parts.iterdir())) == 2, "somebody fetches just now"
    Worker(hub)._begin()
    assert list(parts.iterdir()) == list(hub.shelf.awaited.iterdir()) == []


def peer_of(hub: Node) -> str:
    """The only hub that it exchanges with."""
    return peers.peers(hub)[0].hub
