"""Two versions of the standard at one address: each statement by the rules of its own, each answer in the asker's."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from hub.errors import StatementWrong
from hub.moments import in_utc, moment_ms
from hub.xapi import rules
from tests.fixtures.learning import Tool, statement

ID = "aaaaaaaa-2222-4333-8444-555555555555"
AGENT = {"objectType": "Agent", "mbox": "mailto:a@b.org"}
NEAR = {"contextAgents": [{"objectType": "contextAgent", "agent": AGENT}]}
GROUPS = {"contextGroups": [{"objectType": "contextGroup", "group": {"objectType": "Group", "member": [AGENT]}}]}


def _within(**parts: Any) -> dict[str, Any]:
    return statement(object={"objectType": "SubStatement", **statement(**parts)})


ONLY_2: dict[str, dict[str, Any]] = {
    "agents nearby": statement(context=NEAR),
    "groups nearby": statement(context=GROUPS),
    "agents nearby, of a statement within": _within(context=NEAR),
    "a space before the time": statement(timestamp="2026-11-24 08:30:00Z"),
    "a small t and z": statement(timestamp="2026-11-24t08:30:00z"),
    "version 2": statement(version="2.0.0"),
}
ONLY_1: dict[str, dict[str, Any]] = {
    "a time without its place": statement(timestamp="2026-11-24T08:30:00"),
    "a time without seconds": statement(timestamp="2026-11-24T08:30Z"),
    "a place without a colon": statement(timestamp="2026-11-24T08:30:00+0200"),
    "a place of hours alone": statement(timestamp="2026-11-24T08:30:00+02"),
    "a comma before the fraction": statement(timestamp="2026-11-24T08:30:00,5Z"),
    "the basic form": statement(timestamp="20261124T083000Z"),
    "the basic form with a fraction and a place": statement(timestamp="20261124T083000.5+0200"),
    "the basic form to the minute": statement(timestamp="20261124T0830"),
    "such a time in a statement within": _within(timestamp="2026-11-24T08:30:00"),
}
NEVER: dict[str, dict[str, Any]] = {
    "the basic form with one mark": statement(timestamp="20261124T08:30:00Z"),
    "a basic day that is not": statement(timestamp="20260230T083000Z"),
    "the basic form at minus zero": statement(timestamp="20261124T083000-0000"),
    "no day": statement(timestamp="T08:30:00Z"),
    "a place at minus zero": statement(timestamp="2026-11-24T08:30:00-00:00"),
    "a version to come": statement(version="3.0.0"),
    "a version between": statement(version="1.1.0"),
    "a version of four numbers": statement(version="1.0.0.1"),
    "a version with a word before": statement(version="v1.0.0"),
}


def _is_right(said: dict[str, Any], line: str) -> bool:
    try:
        rules.check(json.loads(json.dumps(said)), line=line)
    except StatementWrong:
        return False
    return True


@pytest.mark.parametrize("case", [*ONLY_2, *ONLY_1, *NEVER])
def test_each_line_has_rules_of_its_own(case: str) -> None:
    """What 2.0 added is unknown to 1.0, statements within included; times are RFC 3339 in 2.0, ISO 8601 in 1.0."""
    said = {**ONLY_2, **ONLY_1, **NEVER}[case]
    assert (_is_right(said, "1.0"), _is_right(said, "2.0")) == (case in ONLY_1, case in ONLY_2)


@pytest.mark.parametrize("version", ["1.0", "1.0.0", "1.0.3", "1.0.12", "1.0.4-rc.1"])
def test_a_statement_of_version_1_keeps_its_rules_in_a_request_of_2(version: str) -> None:
    """It is never made a statement of 2.0: its times may be as they were, and it knows nothing of 2.0."""
    assert _is_right(statement(version=version, timestamp="2026-11-24T08:30"), "2.0")
    assert not _is_right(statement(version=version, context=NEAR), "2.0")


UTC = {
    "2026-11-24T08:30:00.123456789+02:00": "2026-11-24T06:30:00.123456789Z",
    "2026-11-24 23:30:00-05:30": "2026-11-25T05:00:00Z",
    "2026-11-24T08:30:00Z": "2026-11-24T08:30:00Z",
    "2026-11-24T08:30:00": "2026-11-24T08:30:00Z",
    "2026-11-24T08:30,": "2026-11-24T08:30,",
    "2026-11-24T08:30+05": "2026-11-24T03:30:00Z",
    "2026-11-24T08:30:00,5z": "2026-11-24T08:30:00.5Z",
    "2016-12-31T23:59:60-01:00": "2017-01-01T00:59:60Z",
    "0001-01-01T00:00:00+14:00": "0001-01-01T00:00:00+14:00",
    "20261124T083000,25+0200": "2026-11-24T06:30:00.25Z",
    "yesterday": "yesterday",
}


@pytest.mark.parametrize("said", UTC)
def test_a_moment_is_the_same_in_utc(said: str) -> None:
    """With every digit of its second; where the calendar ends it stays as it is."""
    assert in_utc(said) == UTC[said]
    assert moment_ms(UTC[said]) == moment_ms(said)


def test_moments_are_in_utc_for_who_speaks_2_and_as_sent_for_who_speaks_1(make_tool: Callable[..., Tool]) -> None:
    """Whatever the line in which it came; what is kept is what was sent."""
    old, new = make_tool("all", version="1.0.3"), make_tool("all", version="2.0.0")
    said = {**_within(timestamp="2026-11-24T08:30:00+02:00"), "id": ID, "timestamp": "2026-11-24T09:30:00.5+02:00"}
    new.send(said)
    for tool, outer, inner in (
        (new, "2026-11-24T07:30:00.5Z", "2026-11-24T06:30:00Z"),
        (old, said["timestamp"], said["object"]["timestamp"]),
    ):
        for got in (tool.ask("GET", f"statements?statementId={ID}").json, tool.find()[0]):
            assert (got["timestamp"], got["object"]["timestamp"]) == (outer, inner)
            assert got["stored"].endswith("Z")


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_context_activities_are_lists_for_everybody(make_tool: Callable[..., Tool], version: str) -> None:
    """One of them, sent bare, comes back in a list; of a statement within too; in every format."""
    tool, one = make_tool("all", version=version), {"objectType": "Activity", "id": "http://a.org/p"}
    context = {"contextActivities": {"parent": one, "other": [one, {"id": "http://a.org/q"}]}}
    tool.send({**_within(context=context), "id": ID, "context": context})
    for form in ("exact", "canonical", "ids"):
        got = tool.ask("GET", f"statements?statementId={ID}&format={form}").json
        for said in (got, got["object"]):
            kinds = said["context"]["contextActivities"]
            assert [[row["id"] for row in kinds[kind]] for kind in ("parent", "other")] == [
                ["http://a.org/p"],
                ["http://a.org/p", "http://a.org/q"],
            ]


@pytest.mark.parametrize(("version", "own"), [("1.0.3", "1.0.0"), ("2.0.0", "2.0.0")])
def test_a_statement_keeps_its_version_and_gets_one_where_it_has_none(
    make_tool: Callable[..., Tool], version: str, own: str
) -> None:
    """The request's line decides; nothing is turned into another version on the way out."""
    tool = make_tool("all", version=version)
    ids = tool.send(statement(), statement(version="1.0.2"))
    for asked in ("1.0.3", "2.0.0"):
        got = {each["id"]: each["version"] for each in make_tool("all", version=asked).find()}
        assert [got[each] for each in ids] == [own, "1.0.2"]


def test_a_batch_of_one_newer_statement_is_refused_whole(make_tool: Callable[..., Tool]) -> None:
    """Who speaks 1.0 may not send a statement of 2.0, also not beside right ones."""
    tool = make_tool("all", version="1.0.3")
    answer = tool.ask("POST", body=[statement(), statement(version="2.0.0")])
    assert (answer.status_code, "newer" in answer.text, tool.find()) == (400, True, [])
