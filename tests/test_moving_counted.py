"""What somebody brought along was told and counted where it happened, and is not once more."""

from hub import outcomes
from hub.node import Node
from hub.people import roster
from hub.tide import outbox, publish
from tests.fixtures import tide
from tests.fixtures.clock import HandClock
from tests.fixtures.moving import LEARNED, Moved, finish_some
from tests.fixtures.mules import coast, meet, village
from tests.fixtures.outcomes import finish

__all__ = ["coast", "village"]


def _steps(coast: Node, hub: Node) -> int:
    table = coast.tables.Statement
    return int(table.select().where(table.hub == hub.identity.hub_id).count())


def test_a_region_has_every_step_once(moved: Moved, coast: Node) -> None:
    """Of the hub that was left, however often both go to the tide; from then on of the new one."""
    meet(moved.old, coast)
    meet(moved.new, coast)
    assert (_steps(coast, moved.old), _steps(coast, moved.new)) == (LEARNED, 0)
    finish_some(moved.new, moved.person, first=50)
    meet(moved.new, coast)
    assert (_steps(coast, moved.old), _steps(coast, moved.new)) == (LEARNED, LEARNED)


def test_the_outbox_does_not_list_it(moved: Moved) -> None:
    """Neither as what waits nor as what has left."""
    waits = [each for each in publish.waiting(moved.new, "region") if each.kind == "statement"]
    assert waits == [] and [*tide.prepared(moved.new, "region")] == []
    assert [each for each in outbox.going(moved.new, "region") if each.copy.kind == "statement"] == []


def test_it_is_here_with_her(moved: Moved) -> None:
    """Her own progress and her own file have all of it."""
    assert roster.person(moved.new, moved.person.id).name == "Ada"
    table = moved.new.tables.Statement
    assert table.select().where(table.actor == moved.person.id).count() == LEARNED


def test_a_count_of_the_place_leaves_it_out(moved: Moved, clock: HandClock) -> None:
    """Steps of a period are those that were taken here."""
    finish(moved.new, "water", range(6), at_ms=clock.now_ms())
    clock.advance(outcomes.PERIOD_MS / 1000)
    found = outcomes.outcomes(moved.new)
    assert (found.total, found.people) == (6, 6)
