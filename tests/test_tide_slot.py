"""When a hub goes to the tide by itself: at its own place in the interval, sooner after a failure, never lost."""

from collections.abc import Callable

import pytest

from hub.node import Node
from hub.tide import report, slot
from tests.fixtures import tide
from tests.fixtures.clock import HandClock

EVERY_S = 21_600


@pytest.fixture
def hub(make_node: Callable[..., Node]) -> Node:
    """A hub that has joined a region and looks for the tide every six hours."""
    node = make_node("hub", sync_every=EVERY_S)
    tide.joined(node, make_node("region", role="region"), "http://127.0.0.1:9")
    return node


def _went(node: Node, problem: str = "") -> None:
    now_ms = node.clock.now_ms()
    report.keep(node, report.Tide("peer", "Coast", now_ms, now_ms, agreed=not problem, problem=problem))


def test_a_hub_that_has_joined_goes_at_once(hub: Node) -> None:
    """The first tide waits for nothing."""
    assert slot.is_due(hub)


def test_a_hub_that_has_joined_nobody_never_goes(make_node: Callable[..., Node]) -> None:
    """There is nowhere to go."""
    assert not slot.is_due(make_node("alone"))


def test_the_setting_may_say_never(make_node: Callable[..., Node]) -> None:
    """Nothing is due, and the page knows no next time."""
    node = make_node("quiet", sync_every=0)
    tide.joined(node, make_node("region", role="region"), "http://127.0.0.1:9")
    assert (slot.is_due(node), slot.next_ms(node)) == (False, 0)


def test_it_goes_once_in_each_interval(hub: Node, clock: HandClock) -> None:
    """Looked at every ten minutes for two days, it goes eight times."""
    count = 0
    for _ in range(2 * 86_400 // 600):
        if slot.is_due(hub):
            _went(hub)
            count += 1
        clock.advance(600)
    assert 8 <= count <= 9


def test_hubs_have_places_of_their_own(make_node: Callable[..., Node]) -> None:
    """Two hubs that went at the same moment do not come back at the same moment."""
    nodes = [make_node(name) for name in ("one", "two")]
    region = make_node("region", role="region")
    for node in nodes:
        tide.joined(node, region, "http://127.0.0.1:9")
        _went(node)
    assert slot.next_ms(nodes[0]) != slot.next_ms(nodes[1])


def test_after_a_failure_it_tries_again_sooner(hub: Node, clock: HandClock) -> None:
    """Ten to twenty minutes after the first failure, twice as long after the second, and never over an interval."""
    rests = []
    for _ in range(8):
        _went(hub, "The line dropped.")
        rests.append((slot.next_ms(hub) - clock.now_ms()) / 60_000)
        clock.advance(60)
    assert 10 <= rests[0] < 20 and 20 <= rests[1] < 40
    assert max(rests) <= EVERY_S / 60


@pytest.mark.parametrize("days", [-20_000, -1, 20_000])
def test_a_clock_that_jumps_loses_no_tide(hub: Node, clock: HandClock, days: int) -> None:
    """Set back to 1970 or far ahead, the hub still goes within an interval."""
    _went(hub)
    clock.advance(days * 86_400)
    clock.advance(EVERY_S)
    assert slot.is_due(hub)


def test_only_the_latest_tides_are_remembered(hub: Node, clock: HandClock) -> None:
    """Years of tides do not fill the card."""
    for _ in range(report.KEPT + 5):
        _went(hub)
        clock.advance(1)
    assert hub.tables.Tide.select().count() == report.KEPT
