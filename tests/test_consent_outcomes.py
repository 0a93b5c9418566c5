"""Numbers that leave do not count who said no; numbers for the community itself do."""

from pathlib import Path

import pytest

from hub import outcomes
from hub.consent.purposes import COUNTED, ELSEWHERE
from hub.node import Node
from hub.outcomes import PERIOD_MS
from hub.people.roster import Person
from hub.tables import run
from hub.tables.compact import first_rank
from hub.vocabulary import VERBS, activity, person_actor
from tests.fixtures import consents, tide
from tests.fixtures.clock import HandClock
from tests.fixtures.outcomes import finish, in_last_period

PEOPLE = 12


@pytest.fixture
def joseph(node: Node) -> Person:
    """One of thirteen who finished a step in the last period."""
    person, at_ms = consents.grown_up(node), in_last_period(node)
    finish(node, "water", range(PEOPLE), at_ms=at_ms)
    said = tide.statement(1, actor=person_actor(person.id), verb={"id": VERBS["completed"]})
    said["object"] = {"id": activity("water", "look")}
    tide.record(node, said, at_ms=at_ms)
    table = node.tables.Statement
    rank = table.get(table.actor == person.id).rank
    moved = "UPDATE statement_row SET rank = ? WHERE rank = ?"
    node.write(lambda: run(node.tables, moved, first_rank(at_ms) + PEOPLE, rank))
    return person


def _exported(node: Node, to: Path) -> str:
    outcomes.export(node, form="csv", to=to)
    return next(line for line in to.read_text().splitlines() if line.startswith("all,")).split(",")[5]


@pytest.mark.parametrize("purpose", [ELSEWHERE, COUNTED])
def test_a_no_is_not_exported(node: Node, joseph: Person, tmp_path: Path, purpose: str) -> None:
    """A no to either purpose takes one out of the numbers, at once; what the community sees stays whole."""
    assert _exported(node, tmp_path / "before.csv") == str(PEOPLE + 1)
    consents.says(node, consents.keeper(node), joseph, "no", purpose=purpose)
    assert _exported(node, tmp_path / "after.csv") == str(PEOPLE)
    assert outcomes.outcomes(node).total == PEOPLE + 1


def test_a_yes_brings_back_only_what_comes_then(node: Node, joseph: Person, tmp_path: Path) -> None:
    """What was learned before the yes stays out for good."""
    keeper = consents.keeper(node)
    for word in ("no", "yes"):
        consents.says(node, keeper, joseph, word, purpose=COUNTED)
    assert _exported(node, tmp_path / "out.csv") == str(PEOPLE)


def test_a_period_that_is_over_is_counted_without_them(node: Node, joseph: Person, clock: HandClock) -> None:
    """Also what is told of earlier periods leaves without those who said no."""
    consents.says(node, consents.keeper(node), joseph, "no")
    object.__setattr__(node.settings, "role", "region")
    clock.advance(PERIOD_MS / 1000)
    assert outcomes.outcomes(node).earlier[0].count == PEOPLE
