"""Statements about statements: they match as their target does, over any number of steps."""

from typing import Any

import pytest

from hub.vocabulary import VOIDED
from tests.fixtures.clock import HandClock
from tests.fixtures.learning import Tool, statement

VERB = "http://a.org/built"
WHO = {"mbox": "mailto:who@a.org"}
IDS = [f"{number:08d}-2222-4333-8444-555555555555" for number in range(9)]


def _about(target: str, **parts: Any) -> dict[str, Any]:
    said = {"actor": {"mbox": "mailto:other@a.org"}, "object": {"objectType": "StatementRef", "id": target}}
    return statement(**{**said, **parts})


def _found(tool: Tool, **words: Any) -> list[str]:
    return [each["id"] for each in tool.find(**words, ascending="true")]


@pytest.fixture
def chain(tool: Tool, clock: HandClock) -> list[str]:
    """A statement, one about it, one about that, and so on: five, a second apart."""
    sitting = {"registration": IDS[8]}
    tool.send(statement(id=IDS[0], actor=WHO, verb={"id": VERB}, object={"id": "http://a.org/1"}, context=sitting))
    for number in range(1, 5):
        clock.advance(1)
        tool.send(_about(IDS[number - 1], id=IDS[number]))
    return IDS[:5]


@pytest.mark.parametrize(
    "words",
    [
        {"verb": VERB},
        {"agent": WHO},
        {"activity": "http://a.org/1"},
        {"registration": IDS[8]},
        {"agent": WHO, "verb": VERB, "activity": "http://a.org/1"},
        {"agent": WHO, "related_agents": "true"},
    ],
)
def test_a_chain_is_found_from_its_end(tool: Tool, chain: list[str], words: dict[str, Any]) -> None:
    """By every filter, all links of it."""
    assert _found(tool, **words) == chain


def test_each_filter_holds_of_the_same_statement(tool: Tool, chain: list[str]) -> None:
    """A verb of the one and an actor of the other make no match."""
    assert _found(tool, verb=VERB, agent={"mbox": "mailto:other@a.org"}) == []


def test_time_and_number_are_those_of_the_one_who_refers(tool: Tool, chain: list[str]) -> None:
    """`since`, `until`, `limit` and order speak of each statement itself, not of what it is about."""
    stored = [each["stored"] for each in tool.find(ascending="true")]
    assert _found(tool, verb=VERB, since=stored[2]) == chain[3:]
    assert _found(tool, verb=VERB, until=stored[1]) == chain[:2]
    assert _found(tool, verb=VERB, since=stored[0], until=stored[3]) == chain[1:4]
    page = tool.ask("GET", query_string={"verb": VERB, "limit": "2"}).json
    assert [each["id"] for each in page["statements"]] == [chain[4], chain[3]]
    rest = tool.ask("GET", page["more"].removeprefix("/xapi/")).json
    assert [each["id"] for each in rest["statements"]] == [chain[2], chain[1]]


def test_who_refers_may_come_before_what_it_refers_to(tool: Tool) -> None:
    """Nothing has to wait for another; without its target it matches by itself alone."""
    tool.send(_about(IDS[1], id=IDS[2]), _about(IDS[0], id=IDS[1]))
    assert _found(tool, verb=VERB) == []
    tool.send(statement(id=IDS[0], verb={"id": VERB}))
    assert sorted(_found(tool, verb=VERB)) == IDS[:3]


def test_a_ring_of_references_has_an_end(tool: Tool) -> None:
    """Two that speak of each other, and one of itself."""
    tool.send(_about(IDS[1], id=IDS[0], verb={"id": VERB}), _about(IDS[0], id=IDS[1]), _about(IDS[2], id=IDS[2]))
    assert _found(tool, verb=VERB) == IDS[:2]


def test_a_reference_in_the_context_or_within_does_not_count(tool: Tool) -> None:
    """Only the object of the statement itself is followed."""
    reference = {"objectType": "StatementRef", "id": IDS[0]}
    within = {**statement(object=reference), "objectType": "SubStatement"}
    tool.send(statement(id=IDS[0], verb={"id": VERB}))
    tool.send(statement(context={"statement": reference}), statement(object=within))
    assert _found(tool, verb=VERB) == IDS[:1]


def test_what_refers_to_a_voided_statement_stays_and_still_matches(tool: Tool, chain: list[str]) -> None:
    """The one is gone from lists; those about it, the voiding one too, match as it did."""
    tool.send(_about(IDS[0], id=IDS[5], verb={"id": VOIDED}))
    assert _found(tool, verb=VERB) == [*chain[1:], IDS[5]]
    assert _found(tool, agent=WHO) == [*chain[1:], IDS[5]]


def test_a_voided_link_does_not_break_the_chain(tool: Tool, chain: list[str]) -> None:
    """What lies behind it is still about what lies before it."""
    tool.send(_about(IDS[2], id=IDS[5], verb={"id": VOIDED}))
    assert _found(tool, verb=VERB) == [IDS[0], IDS[1], IDS[3], IDS[4], IDS[5]]
