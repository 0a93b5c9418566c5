"""What the hub adds and what it passes over: authority, stored, timestamp, version, id; and moments in UTC in 2.0."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.clock import HandClock
from tests.fixtures.learning import Tool, statement

ID = "aaaaaaaa-2222-4333-8444-555555555555"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
CLAIMS = {
    "an agent": {"mbox": "mailto:minister@a.org"},
    "a group of two": {
        "objectType": "Group",
        "member": [{"account": {"homePage": "http://a.org/oauth", "name": "x"}}, {"mbox": "mailto:minister@a.org"}],
    },
    "another key": {"account": {"homePage": "urn:mangrove:key", "name": "other"}},
    "the hub itself": {"account": {"homePage": "urn:mangrove:hub", "name": "other"}},
}


def _kept(tool: Tool, kept: str = ID) -> dict[str, Any]:
    answer = tool.ask("GET", query_string={"statementId": kept})
    assert answer.status_code == 200
    said: dict[str, Any] = answer.json
    return said


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claimed_authority_is_overwritten(make_tool: Callable[..., Tool], version: str, claim: str) -> None:
    """By PUT and by POST, in a batch and alone: who vouches is the key that sent it."""
    tool = make_tool("all", version=version)
    honest = _kept(tool, *tool.send(statement()))["authority"]
    assert tool.ask("PUT", f"statements?statementId={ID}", statement(authority=CLAIMS[claim])).status_code == 204
    ids = [ID, *tool.send(statement(), statement(authority=CLAIMS[claim]))]
    assert [_kept(tool, each)["authority"] for each in ids] == [honest] * 3
    assert all(each["authority"] == honest for each in tool.find())


def test_two_keys_vouch_each_for_its_own(make_tool: Callable[..., Tool]) -> None:
    """The same statement sent by another key changes nobody's word."""
    one, two = make_tool("all"), make_tool("all")
    one.send(statement(id=ID))
    first = _kept(one)["authority"]
    two.send(statement(id=ID))
    (other,) = two.send(statement())
    assert _kept(two)["authority"] == first != _kept(two, other)["authority"]


@pytest.mark.parametrize(
    ("line", "said", "filled"),
    [
        ("1.0.3", None, "1.0.0"),
        ("1.0.0", None, "1.0.0"),
        ("2.0.0", None, "2.0.0"),
        ("1.0.3", "1.0.1", "1.0.1"),
        ("2.0.0", "1.0.3", "1.0.3"),
        ("2.0.0", "2.0.0", "2.0.0"),
    ],
)
def test_a_missing_version_is_filled_in_and_one_that_is_there_stays(
    make_tool: Callable[..., Tool], line: str, said: str | None, filled: str
) -> None:
    """By the line that the sender speaks; alone and in a list."""
    tool = make_tool("all", version=line)
    (kept,) = tool.send(statement(**({"version": said} if said else {})))
    assert _kept(tool, kept)["version"] == filled
    assert [each["version"] for each in tool.find()] == [filled]


@pytest.mark.parametrize(
    ("line", "said"),
    [("1.0.3", "1.1.0"), ("1.0.3", "2.0.0"), ("1.0.3", "0.9.5"), ("2.0.0", "2.1.0"), ("2.0.0", "3.0.0")]
    + [(line, wrong) for line in ("1.0.3", "2.0.0") for wrong in ("1", "one", "", 1, None, "1.0.0 ", "v1.0.0")],
)
def test_a_version_that_the_line_does_not_have_is_refused(make_tool: Callable[..., Tool], line: str, said: Any) -> None:
    """400, nothing kept."""
    tool = make_tool("all", version=line)
    assert tool.ask("POST", body=statement(version=said)).status_code == 400
    assert tool.find() == []


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_id_stored_and_timestamp_are_given_once(make_tool: Callable[..., Tool], clock: HandClock, version: str) -> None:
    """A UUID of its own; stored now whatever was claimed; the time of the act is stored where none was said."""
    tool = make_tool("all", version=version)
    first, second = tool.send(statement(), statement(stored="1999-01-01T00:00:00Z"))
    assert first != second
    assert all(UUID.fullmatch(each) for each in (first, second))
    before = [_kept(tool, each) for each in (first, second)]
    assert {each["stored"] for each in before} == {"2025-11-24T16:00:00.000Z"}
    assert [each["timestamp"] for each in before] == [each["stored"] for each in before]
    clock.advance(3600)
    assert [_kept(tool, each) for each in (first, second)] == before


def test_an_id_is_the_same_in_any_letters(tool: Tool) -> None:
    """Sent in capitals, asked for in capitals or not; voided in capitals."""
    tool.send(statement(id=ID.upper()))
    assert _kept(tool, ID.upper())["id"].lower() == _kept(tool)["id"].lower() == ID


TIMES = {
    "2025-11-24T10:00:00+02:00": "2025-11-24T08:00:00",
    "2025-11-24T10:00:00.250-03:30": "2025-11-24T13:30:00.25",
    "2025-11-24T23:59:59.999+00:00": "2025-11-24T23:59:59.999",
    "2026-01-01T00:30:00+01:00": "2025-12-31T23:30:00",
    "2024-02-28T20:00:00-08:00": "2024-02-29T04:00:00",
    "2025-11-24T08:00:00Z": "2025-11-24T08:00:00",
}


@pytest.mark.parametrize("said", TIMES)
def test_moments_are_in_utc_in_version_2(make_tool: Callable[..., Tool], said: str) -> None:
    """By id and in lists, the statement's own and that of a statement within; the moment is the one that was said."""
    tool = make_tool("all", version="2.0.0")
    within = {**statement(timestamp=said), "objectType": "SubStatement"}
    tool.send(statement(id=ID, timestamp=said, object=within))
    for found in (_kept(tool), *tool.find(), *tool.find(format="ids"), *tool.find(format="canonical")):
        for moment in (found["timestamp"], found["object"]["timestamp"]):
            assert UTC.fullmatch(moment), moment
            assert moment.startswith(TIMES[said])


def test_version_1_gives_a_time_as_it_was_said(make_tool: Callable[..., Tool]) -> None:
    """The zone in which something was done tells a reader what time of day it was there."""
    said = "2025-11-24T10:00:00.250+02:00"
    tool = make_tool("all", version="1.0.3")
    tool.send(statement(id=ID, timestamp=said))
    assert _kept(tool)["timestamp"] == said


DEEP: dict[str, Callable[[dict[str, Any]], None]] = {
    "the statement": lambda said: None,
    "the actor": lambda said: said["actor"].update(mark=1),
    "an account": lambda said: said["actor"]["account"].update(mark=1),
    "the verb": lambda said: said["verb"].update(mark=1),
    "a language map": lambda said: said["verb"]["display"].update(mark=1),
    "the object": lambda said: said["object"].update(mark=1),
    "a definition": lambda said: said["object"].update(definition={"mark": 1}),
    "a name in a definition": lambda said: said["object"].update(definition={"name": {"mark": 1}}),
    "the result": lambda said: said.update(result={"mark": 1}),
    "a score": lambda said: said.update(result={"score": {"mark": 1}}),
    "an extension": lambda said: said.update(result={"extensions": {"mark": 1}}),
    "deep in an extension": lambda said: said.update(result={"extensions": {"http://a.org/x": [{"a": {"mark": 1}}]}}),
    "the context": lambda said: said.update(context={"mark": 1}),
    "a context activity": lambda said: said.update(context={"contextActivities": {"parent": [{"mark": 1}]}}),
    "a member": lambda said: said.update(context={"team": {"objectType": "Group", "member": [{"mark": 1}]}}),
    "an authority": lambda said: said.update(authority={"mark": 1}),
    "a statement within": lambda said: said.update(object={"objectType": "SubStatement", "actor": {"mark": 1}}),
}
TWICE = {
    "the same value": b'"id":"http://a.org/x","id":"http://a.org/x"',
    "another value": b'"id":"http://a.org/x","id":"http://a.org/y"',
    "written otherwise": b'"id":"http://a.org/x","\\u0069d":"http://a.org/y"',
}


@pytest.mark.parametrize("place", DEEP)
def test_a_key_twice_is_refused_at_any_depth(tool: Tool, place: str) -> None:
    """Alone, in a batch and by PUT; equal values are no excuse, nor is another spelling of the key."""
    said: dict[str, Any] = json.loads(json.dumps(statement(mark=1) if place == "the statement" else statement()))
    DEEP[place](said)
    raw = json.dumps(said).encode()
    assert raw.count(b'"mark": 1') == 1
    for twice in TWICE.values():
        body = raw.replace(b'"mark": 1', twice)
        answers = [
            tool.ask("POST", body=body),
            tool.ask("POST", body=b"[" + json.dumps(statement()).encode() + b"," + body + b"]"),
            tool.ask("PUT", f"statements?statementId={ID}", body),
        ]
        assert [each.status_code for each in answers] == [400] * 3
        assert all("twice" in each.text for each in answers)
    assert tool.find() == []


def test_about_names_the_latest_of_each_line_that_is_taken(tool: Tool, make_tool: Callable[..., Tool]) -> None:
    """Every version in the list is spoken, and no line is spoken that is not in it."""
    listed = tool.client.get("/xapi/about").json["version"]
    assert listed == ["1.0.3", "2.0.0"]
    for version in ("0.90", "0.95", "1.0.0", "1.0.3", "1.1.0", "2.0.0", "2.1.0", "3.0.0"):
        is_taken = make_tool("all", version=version).ask("GET").status_code == 200
        assert is_taken == any(each.startswith(version[:3]) for each in listed), version
