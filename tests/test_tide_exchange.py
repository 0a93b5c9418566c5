"""A tide over real HTTP: publish, exchange, agree; what came counts once, and what was cut goes on."""

from collections.abc import Callable

import pytest

from hub.errors import InputWrong
from hub.node import Node
from hub.tide import peers, report, run
from tests.fixtures import tide
from tests.fixtures.web import Served


def _records(node: Node) -> int:
    return int(node.tables.Statement.select().count())


def test_learning_reaches_the_region(hub: Node, region: Node, up: Served) -> None:
    """Every record is there once, under its hub, and both sides agree."""
    tide.learn(hub, first=1, count=250)
    went = run.sync_with(hub)
    assert (went.agreed, went.problem, went.safe, went.total) == (True, "", 250, 250)
    assert _records(region) == 250
    assert {row.hub for row in region.tables.Statement.select()} == {hub.identity.hub_id}


def test_a_second_tide_brings_only_what_is_new(hub: Node, region: Node, up: Served) -> None:
    """After the first one, only the later records travel."""
    tide.learn(hub, first=1, count=50)
    run.sync_with(hub)
    tide.learn(hub, first=51, count=3)
    assert (run.sync_with(hub).pushed, _records(region)) == (3, 53)


def test_hubs_learn_each_others_names(hub: Node, region: Node, up: Served) -> None:
    """The region hears what the hub is called, and the hub what its region is called."""
    for node, name in ((hub, "Alder hill"), (region, "Coast")):
        node.write(lambda node=node, name=name: node.change("hub", node.identity.hub_id, name=name, role="community"))
    run.sync_with(hub)
    assert region.tables.Hub.get_by_id(hub.identity.hub_id).name == "Alder hill"
    assert hub.tables.Hub.get_by_id(region.identity.hub_id).name == "Coast"


def test_no_byte_of_what_stays_travels(hub: Node, region: Node, up: Served) -> None:
    """Nothing that the region's database holds has a canary in it."""
    tide.plant(hub)
    run.sync_with(hub)
    rows = [row for line in region.journal.streams() for row in region.journal.store.entries(line, 0, 1000)]
    told = b"".join(raw for _, _, raw in rows)
    assert _records(region) == 2
    assert not [word for word in (*tide.CANARIES, tide.PERSON) if word.encode() in told]


def test_nothing_new_costs_one_request(hub: Node, up: Served) -> None:
    """When both agree already, one question is enough."""
    tide.learn(hub, first=1, count=5)
    run.sync_with(hub)
    went = run.sync_with(hub)
    assert (went.requests, went.pushed, went.pulled, went.agreed) == (1, 0, 0, True)


def test_a_region_that_is_away_loses_nothing(hub: Node, region: Node) -> None:
    """The tide is remembered with its problem, in words, and all is still here."""
    tide.joined(hub, region, "http://127.0.0.1:9")
    tide.learn(hub, first=1, count=5)
    went = run.sync_with(hub, pause=lambda _s: None)
    assert "cannot be reached" in went.problem
    assert (went.safe, went.total, went.agreed) == (0, 5, False)
    assert "0 of 5 records are safe there" in report.words(report.states(hub)[0])


def test_another_hub_at_the_address_is_noticed(
    make_node: Callable[..., Node], hub: Node, region: Node, up: Served, serve_node: Callable[[Node], Served]
) -> None:
    """When somebody else answers there, nothing is sent to him and nothing taken."""
    impostor = make_node("impostor", role="region")
    tide.learn(hub, first=1, count=5)
    went = run.sync_with(hub, url=serve_node(impostor).url)
    assert went.problem and not went.agreed
    assert _records(impostor) == 0


def test_a_hub_that_was_ended_is_refused(hub: Node, region: Node, up: Served) -> None:
    """After the region ended it, the hub hears so; what came before stays."""
    tide.learn(hub, first=1, count=5)
    run.sync_with(hub)
    peers.end(region, hub.identity.hub_id)
    tide.learn(hub, first=6, count=1)
    assert "does not exchange with that one" in run.sync_with(hub).problem
    assert _records(region) == 5


def test_without_a_region_there_is_no_tide(hub: Node) -> None:
    """A hub that joined nobody says what to do."""
    with pytest.raises(InputWrong, match="has not joined"):
        run.sync_all(hub)


def test_after_a_restore_nothing_is_lost_or_doubled(hub: Node, region: Node, up: Served) -> None:
    """Streams begin anew; what the region has already counts once, what is new arrives."""
    tide.learn(hub, first=1, count=20)
    run.sync_with(hub)
    hub.journal.begin_incarnation("restored")
    tide.learn(hub, first=21, count=5)
    assert run.sync_with(hub).agreed
    assert _records(region) == 25


def test_a_copied_mark_that_lies_behind_does_not_double(hub: Node, region: Node, up: Served) -> None:
    """A database from yesterday publishes again what had left after it; the copies have the same ids."""
    tide.learn(hub, first=1, count=20)
    run.sync_with(hub)
    notes = hub.tables.Note
    hub.write(notes.delete().where(notes.name.startswith("published")).execute)
    assert run.sync_with(hub).agreed
    assert len(list(tide.prepared(hub, "region"))) == 40
    assert _records(region) == 20


def test_of_several_hubs_the_one_at_the_address_is_meant(
    make_node: Callable[..., Node], hub: Node, region: Node, up: Served
) -> None:
    """With two joined, an address that is neither's is refused before anything is sent."""
    tide.joined(hub, make_node("neighbour"), "http://127.0.0.1:9")
    assert run.sync_with(hub, url=up.url).peer == region.identity.hub_id
    with pytest.raises(InputWrong, match="at that address"):
        run.sync_with(hub, url="http://127.0.0.1:10")


def test_each_way_a_tide_ends_has_its_words(hub: Node, region: Node, up: Served) -> None:
    """News with the certificate that comes first, nothing new, and something left over."""
    tide.learn(hub, first=1, count=2)
    assert "2 entries went, 1 came. Both hold the same." in report.told(run.sync_with(hub))
    assert "nothing new on either side" in report.told(run.sync_with(hub))
    left_over = report.Tide("x", "Coast", 1, 2, pushed=1)
    assert "It goes on at the next tide." in report.told(left_over)
