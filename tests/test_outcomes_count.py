"""Outcomes: steps of whole periods, each once, small counts hidden, and nothing to subtract."""

from collections.abc import Callable

from hub.node import Node
from hub.outcomes import PERIOD_MS, outcomes
from hub.vocabulary import VERBS, person_actor
from hub.xapi import store
from tests.fixtures.clock import HandClock
from tests.fixtures.outcomes import finish, in_last_period


def _counts(node: Node) -> dict[str, int | None]:
    return {row.key: row.count for row in outcomes(node).packages}


def test_steps_are_counted_by_package(node: Node) -> None:
    """One person and one item is one step, however often."""
    finish(node, "water", range(6))
    finish(node, "water", range(6), item="quiz")
    finish(node, "water", range(3), item="quiz")
    found = outcomes(node)
    assert (found.total, found.people, _counts(node)) == (12, 6, {"water": 12})


def test_a_small_count_is_hidden_with_another(node: Node) -> None:
    """Three people's count goes, and the next smallest with it; the total stays."""
    finish(node, "water", range(9))
    finish(node, "numbers", range(3))
    finish(node, "phone", range(6))
    assert (outcomes(node).total, _counts(node)) == (18, {"water": 9, "numbers": None, "phone": None})


def test_rows_do_not_tell_by_their_order(node: Node) -> None:
    """Rows stand by title, so that a hidden count's place says nothing."""
    finish(node, "b", range(5))
    finish(node, "c", range(20))
    finish(node, "a", range(9))
    assert list(_counts(node)) == ["a", "b", "c"]


def test_few_people_show_nothing(node: Node) -> None:
    """Four people who did very much are still four people."""
    for item in ("one", "two", "three"):
        finish(node, "water", range(4), item=item)
    found = outcomes(node)
    assert (found.total, found.people, found.packages) == (None, None, ())


def test_the_running_period_is_not_counted_yet(node: Node) -> None:
    """Two looks on the same day cannot be subtracted from each other."""
    finish(node, "water", range(6), at_ms=node.clock.now_ms())
    assert outcomes(node).total is None


def test_earlier_periods_hide_small_totals(node: Node, clock: HandClock) -> None:
    """Each period's total stands by itself; one of few people is hidden, an empty one is nought."""
    finish(node, "water", range(6))
    finish(node, "water", range(2), at_ms=in_last_period(node) - PERIOD_MS)
    clock.advance(PERIOD_MS / 1000)
    assert [row.count for row in outcomes(node).earlier[:3]] == [6, None, 0]


def test_a_voided_record_does_not_count(node: Node) -> None:
    """What was taken back was not learned."""
    finish(node, "water", range(6))
    table = node.tables.Statement
    ref = {"objectType": "StatementRef", "id": table.get(table.actor.endswith("0")).id}
    store.keep_own(node, [{"actor": person_actor("somebody"), "verb": {"id": VERBS["voided"]}, "object": ref}])
    assert outcomes(node).total == 5


def test_a_region_shows_what_it_sees_of_ten_people_and_more(make_node: Callable[..., Node]) -> None:
    """There all counts are of other communities: seven people are few, in a row as in a total."""
    region = make_node("region", role="region")
    finish(region, "water", range(7))
    finish(region, "numbers", range(7, 20))
    found = outcomes(region)
    assert (found.least, found.total, _counts(region)) == (10, 20, {"water": None, "numbers": None})
