"""A demo that had joined a region is cleared, begins for real and joins again: its new tide is taken whole."""

from collections.abc import Callable

import pytest

from hub import first_boot, projections
from hub.care import chain
from hub.demo import clear
from hub.node import Node
from hub.tide import join, peers, report, run
from tests.fixtures import tide
from tests.fixtures.clock import HandClock
from tests.fixtures.prepared import Prepared
from tests.fixtures.web import Served

SECRET = "three words together"


@pytest.fixture
def demo(make_node: Callable[..., Node], prepared_crowd: Prepared) -> Node:
    """A demo whose people learned something."""
    node = make_node("hub", like=prepared_crowd)
    tide.learn(node, first=1, count=20)
    return node


@pytest.fixture
def region(make_node: Callable[..., Node], serve_node: Callable[[Node], Served]) -> Served:
    """A regional hub behind a real server."""
    return serve_node(make_node("region", role="region"))


def _join(node: Node, region: Served) -> None:
    join.join(node, url=region.url, code=join.invite(region.node).code)


def _begin_for_real(node: Node) -> None:
    """Clear in one tap, then the two questions of the set-up page, then people who learn."""
    clear.clear(node)
    first_boot.name_hub(node, "Alder hill")
    first_boot.add_keeper(node, name="Ruth", secret=SECRET)
    tide.learn(node, first=101, count=30)


def _incarnations(region: Served, hub: Node) -> set[tuple[str, int]]:
    return {(line.audience, line.incarnation) for line in region.node.journal.streams(hub=hub.identity.hub_id)}


def _records(node: Node) -> int:
    return int(node.tables.Statement.select().count())


def test_a_hub_whose_demo_was_there_joins_again(demo: Node, region: Served) -> None:
    """The region keeps what the demo had sent, takes all that is new, and both sides agree."""
    _join(demo, region)
    run.sync_with(demo)
    of_demo = _records(region.node)
    _begin_for_real(demo)
    assert peers.peers(demo) == []
    _join(demo, region)
    went = run.sync_with(demo)
    assert (went.problem, went.agreed, went.pushed > 30) == ("", True, True)
    assert went.pulled == 1, "the certificate alone"
    assert (_records(region.node), _records(demo)) == (of_demo + 30, 30)
    assert _incarnations(region, demo) == {("public", 1), ("public", 2), ("region", 1), ("region", 2)}
    assert region.node.tables.Hub.get_by_id(demo.identity.hub_id).name == "Alder hill"


def test_a_hub_whose_demo_never_came_joins(
    demo: Node, region: Served, make_node: Callable[..., Node], serve_node: Callable[[Node], Served]
) -> None:
    """Streams that go on from others which this region has never seen are taken from their first entry on."""
    elsewhere = serve_node(make_node("elsewhere", role="region"))
    _join(demo, elsewhere)
    run.sync_with(demo)
    _begin_for_real(demo)
    _join(demo, region)
    went = run.sync_with(demo)
    assert (went.problem, went.agreed, went.safe, went.safe > 30) == ("", True, went.total, True)
    assert (_records(region.node), _incarnations(region, demo)) == (30, {("public", 2), ("region", 2)})


def test_all_counts_speak_of_the_new_hub_alone(demo: Node, region: Served, clock: HandClock) -> None:
    """What has left, what went, and what is safe there: the demo's copies are no part of any of them."""
    _join(demo, region)
    run.sync_with(demo)
    _begin_for_real(demo)
    clock.advance(3600)
    _join(demo, region)
    went = run.sync_with(demo)
    left = sum(len([*tide.prepared(demo, audience)]) for audience in ("public", "region"))
    (state,) = report.states(demo)
    assert (went.pushed, went.safe, state.safe, state.total, state.waiting) == (left, left, left, left, 0)


def test_the_demo_does_not_come_back(demo: Node, region: Served) -> None:
    """The region keeps its copies to itself: nobody of the demo lives here again, and all is sound."""
    _join(demo, region)
    run.sync_with(demo)
    _begin_for_real(demo)
    _join(demo, region)
    run.sync_with(demo)
    before = projections.fingerprint(demo.tables)
    demo.write(lambda: projections.rebuild(demo.tables, demo.journal.replay()))
    assert projections.fingerprint(demo.tables) == before
    assert [row.name for row in demo.tables.Person.select()] == ["Ruth"]
    assert (_records(demo), demo.tables.Certificate.select().count()) == (30, 1)
    assert [*chain.problems(demo), *chain.problems(region.node)] == []


def test_afterwards_nothing_new_costs_one_request(demo: Node, region: Served) -> None:
    """Both agree for good, and a later record is the only thing that travels."""
    _join(demo, region)
    run.sync_with(demo)
    _begin_for_real(demo)
    _join(demo, region)
    run.sync_with(demo)
    assert (run.sync_with(demo).requests, run.sync_with(demo).pushed) == (1, 0)
    tide.learn(demo, first=201, count=1)
    went = run.sync_with(demo)
    assert (went.pushed, went.agreed, went.safe) == (1, True, went.total)
