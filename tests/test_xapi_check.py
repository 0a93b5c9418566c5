"""What a statement must be: every rule has a wrong statement that is refused with 400 and the place, nothing kept."""

import json
from typing import Any

import pytest

from hub.errors import StatementTooLarge, StatementWrong
from hub.node import Node
from hub.xapi import reading, rules, store
from tests.fixtures.learning import statement

VOID = "http://adlnet.gov/expapi/verbs/voided"
ID = "11111111-2222-4333-8444-555555555555"
AGENT = {"mbox": "mailto:a@b.org"}
ACTIVITY = {"id": "http://a.org/1"}
ATTACHMENT = {
    "usageType": "http://a.org/u",
    "display": {"en": "x"},
    "contentType": "text/plain",
    "length": 1,
    "sha2": "a" * 64,
    "fileUrl": "http://a.org/f",
}


def _without(part: str) -> dict[str, Any]:
    return {name: value for name, value in statement().items() if name != part}


def _definition(**parts: Any) -> dict[str, Any]:
    return statement(object={**ACTIVITY, "definition": parts})


WRONG: dict[str, Any] = {
    "a list": [],
    "a text": "statement",
    "nothing": None,
    "no actor": _without("actor"),
    "no verb": _without("verb"),
    "no object": _without("object"),
    "an unknown property": statement(mood="good"),
    "a property in another case": statement(Actor=AGENT),
    "a null": statement(result=None),
    "an id that is no UUID": statement(id="one"),
    "an id with braces": statement(id=f"{{{ID}}}"),
    "an actor without a name": statement(actor={}),
    "an actor with two names": statement(actor={**AGENT, "openid": "http://a.org/"}),
    "an actor with a bare mail address": statement(actor={"mbox": "a@b.org"}),
    "a mail address with a space": statement(actor={"mbox": "mailto:a b@c.org"}),
    "a short hash": statement(actor={"mbox_sha1sum": "abc"}),
    "an openid without a scheme": statement(actor={"openid": "a.org"}),
    "an account without a home": statement(actor={"account": {"name": "a"}}),
    "an account without a name": statement(actor={"account": {"homePage": "http://a.org"}}),
    "an account with a NUL": statement(actor={"account": {"homePage": "http://a.org", "name": "a\0b"}}),
    "an account with more": statement(actor={"account": {"homePage": "http://a.org", "name": "a", "age": "8"}}),
    "an unknown kind of actor": statement(actor={**AGENT, "objectType": "Robot"}),
    "a nameless group without members": statement(actor={"objectType": "Group"}),
    "a nameless group with none": statement(actor={"objectType": "Group", "member": []}),
    "a group in a group": statement(actor={"objectType": "Group", "member": [{"objectType": "Group", **AGENT}]}),
    "members that are no list": statement(actor={"objectType": "Group", **AGENT, "member": AGENT}),
    "an agent with members": statement(actor={**AGENT, "member": [AGENT]}),
    "a name that is a number": statement(actor={**AGENT, "name": 5}),
    "a verb that is a text": statement(verb="completed"),
    "a verb without an id": statement(verb={"display": {"en": "did"}}),
    "a verb without a scheme": statement(verb={"id": "completed"}),
    "a verb with a space": statement(verb={"id": "http://a.org/a b"}),
    "a display without languages": statement(verb={"id": "http://a.org/v", "display": "did"}),
    "a display in no language": statement(verb={"id": "http://a.org/v", "display": {"e": "did"}}),
    "an activity without an id": statement(object={}),
    "an activity whose id is no IRI": statement(object={"id": "lesson"}),
    "an unknown kind of object": statement(object={"objectType": "Thing", "id": "http://a.org"}),
    "a kind of object that is a number": statement(object={"objectType": 1, "id": "http://a.org"}),
    "a reference without an id": statement(object={"objectType": "StatementRef"}),
    "a reference to no UUID": statement(object={"objectType": "StatementRef", "id": "one"}),
    "a voiding of an activity": statement(verb={"id": VOID}),
    "a statement within that has an id": statement(object={"objectType": "SubStatement", **_without("x"), "id": ID}),
    "a statement within within": statement(
        object={"objectType": "SubStatement", **statement(object={"objectType": "SubStatement", **statement()})}
    ),
    "a definition with more": _definition(colour="green"),
    "a name without languages": _definition(name="Lesson"),
    "a type that is no IRI": _definition(type="lesson"),
    "an unknown interaction": _definition(interactionType="guess"),
    "choices for a number": _definition(interactionType="numeric", choices=[{"id": "a"}]),
    "two choices of one id": _definition(interactionType="choice", choices=[{"id": "a"}, {"id": "a"}]),
    "a choice without an id": _definition(interactionType="choice", choices=[{}]),
    "patterns without an interaction": _definition(correctResponsesPattern=["a"]),
    "patterns that are numbers": _definition(interactionType="numeric", correctResponsesPattern=[5]),
    "an extension without an IRI": _definition(extensions={"colour": 1}),
    "a scaled score over one": statement(result={"score": {"scaled": 1.1}}),
    "a scaled score that is a text": statement(result={"score": {"scaled": "1"}}),
    "a score that is a number": statement(result={"score": 1}),
    "a raw score over its greatest": statement(result={"score": {"raw": 11, "min": 0, "max": 10}}),
    "a least score over the greatest": statement(result={"score": {"min": 10, "max": 0}}),
    "a success that is a text": statement(result={"success": "true"}),
    "a completion that is a number": statement(result={"completion": 1}),
    "a response that is a number": statement(result={"response": 5}),
    "a duration in words": statement(result={"duration": "ten minutes"}),
    "a duration of weeks and days": statement(result={"duration": "P1W2D"}),
    "a duration with a fraction before its end": statement(result={"duration": "PT1.5H2M"}),
    "a duration with a fraction of a day and hours": statement(result={"duration": "P0,5DT1H"}),
    "a duration of nothing": statement(result={"duration": "P"}),
    "a registration that is no UUID": statement(context={"registration": "one"}),
    "a team that is an agent": statement(context={"team": AGENT}),
    "a platform for a person": statement(object={"objectType": "Agent", **AGENT}, context={"platform": "x"}),
    "an unknown context activity": statement(context={"contextActivities": {"sibling": [ACTIVITY]}}),
    "a context activity that is a text": statement(context={"contextActivities": {"parent": "http://a.org"}}),
    "a language that is a word": statement(context={"language": "english language"}),
    "a context agent without its kind": statement(context={"contextAgents": [{"agent": AGENT}]}),
    "a context group without a type": statement(
        context={
            "contextGroups": [
                {"objectType": "contextGroup", "group": {"objectType": "Group", **AGENT}, "relevantTypes": []}
            ]
        }
    ),
    "a time without a date": statement(timestamp="08:30"),
    "a time in words": statement(timestamp="yesterday"),
    "a time at minus zero": statement(timestamp="2025-11-24T08:30:00-00:00"),
    "a day that is not": statement(timestamp="2025-02-30T08:30:00Z"),
    "a minute that is not": statement(timestamp="2025-02-03T08:60:00Z"),
    "a moment of storing in words": statement(stored="now"),
    "a version of the past": statement(version="0.9"),
    "an authority of three": statement(authority={"objectType": "Group", "member": [AGENT] * 3}),
    "an attachment without its address": statement(
        attachments=[{name: value for name, value in ATTACHMENT.items() if name != "fileUrl"}]
    ),
    "an attachment with a short hash": statement(attachments=[{**ATTACHMENT, "sha2": "abc"}]),
    "an attachment of negative length": statement(attachments=[{**ATTACHMENT, "length": -1}]),
    "attachments that are no list": statement(attachments=ATTACHMENT),
    "an attachment whose type ends a line": statement(attachments=[{**ATTACHMENT, "contentType": "a/b;\r\nX: y"}]),
    "an attachment with more": statement(attachments=[{**ATTACHMENT, "colour": "green"}]),
    "an attachment within without its address": statement(
        object={
            "objectType": "SubStatement",
            **statement(attachments=[{name: value for name, value in ATTACHMENT.items() if name != "fileUrl"}]),
        }
    ),
}

RIGHT: dict[str, Any] = {
    "the plainest": statement(),
    "a leap second": statement(timestamp="2016-12-31T23:59:60Z"),
    "a moment of the future": statement(timestamp="2999-01-01T00:00:00Z"),
    "anything in an extension": statement(result={"extensions": {"http://a.org/x": [None, {"a": None}]}}),
    "a reference": statement(object={"objectType": "StatementRef", "id": ID}),
    "a statement within": statement(object={"objectType": "SubStatement", **statement()}),
    "a nameless group": statement(actor={"objectType": "Group", "member": [AGENT]}),
    "one context activity": statement(context={"contextActivities": {"parent": ACTIVITY}}),
    "weeks": statement(result={"duration": "P2W"}),
    "half an hour as a fraction": statement(result={"duration": "P1DT0.5H"}),
    "hundredths of a second": statement(result={"duration": "P1Y2M3DT4H5M6.78S"}),
    "a language with a script": statement(context={"language": "zh-Hant-TW"}),
    "a file elsewhere": statement(attachments=[ATTACHMENT]),
    "an emoji": statement(result={"response": "🥭"}),
}

HOSTILE: dict[str, bytes] = {
    "no JSON": b"{",
    "nothing": b"",
    "a key twice": b'{"actor": {}, "actor": {}}',
    "not a number": json.dumps(statement(result={"score": {"raw": float("nan")}})).encode(),
    "an infinite number": b'{"result": {"score": {"raw": 1e999}}}',
    "a number of a thousand digits": b'{"result": {"score": {"raw": ' + b"9" * 1000 + b"}}}",
    "half a letter": json.dumps(statement(result={"response": "\ud800"})).encode(),
    "Latin-1": '{"é": 1}'.encode("latin-1"),
    "a hundred tables deep": b'{"a":' * 100 + b"1" + b"}" * 100,
    "fifty thousand lists deep": b"[" * 50_000,
    "a mark at the start": b"\xef\xbb\xbf{}",
}


def _take(node: Node, raw: bytes) -> list[str]:
    return store.take(node, [raw], authority=store.own_authority(node))


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_statement_is_refused_with_its_place(case: str) -> None:
    """One sentence that names the place and the rule."""
    with pytest.raises(StatementWrong, match=r"^statement[\w.\[\]]*: .*\.$"):
        rules.check(reading.read(json.dumps(WRONG[case]).encode()))


def test_a_refused_statement_leaves_nothing(node: Node) -> None:
    """Neither in the index nor in the journal."""
    (line,) = node.journal.streams() or [None]
    before = line.seq if line else 0
    with pytest.raises(StatementWrong):
        _take(node, json.dumps(WRONG["no actor"]).encode())
    assert node.tables.Statement.select().count() == 0
    assert [each.seq for each in node.journal.streams()] == ([before] if before else [])


@pytest.mark.parametrize("case", RIGHT)
def test_an_unusual_statement_that_is_right_is_kept(node: Node, case: str) -> None:
    """Kept, found in the index, and not among what a fold could not read."""
    (kept,) = _take(node, json.dumps(RIGHT[case]).encode())
    assert node.tables.Statement.get_or_none(node.tables.Statement.id == kept) is not None
    assert node.tables.Rejected.select().count() == 0


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_json_is_refused_in_one_sentence(case: str) -> None:
    """What two readers could take differently, or what has no end, never gets to the rules."""
    with pytest.raises(StatementWrong, match=r"\.$"):
        reading.read(HOSTILE[case])


def test_a_context_of_version_2_is_unknown_to_version_1() -> None:
    """The line that the sender speaks decides which rules hold."""
    said = statement(context={"contextAgents": [{"objectType": "contextAgent", "agent": AGENT}]})
    rules.check(said, line="2.0")
    with pytest.raises(StatementWrong, match="contextAgents"):
        rules.check(said, line="1.0")


def test_a_statement_over_the_limit_is_too_large(node: Node) -> None:
    """A statement must fit into one entry of the journal."""
    with pytest.raises(StatementTooLarge, match="bytes"):
        _take(node, json.dumps(statement(result={"response": "x" * reading.STATEMENT_BYTES_MAX})).encode())


def test_a_list_is_cut_into_the_bytes_that_were_sent() -> None:
    """Spaces, order and spelling of each statement stay as they were."""
    first, second = b'{ "a" : 1.0 }', '{"b":"é, ] [ {"}'.encode()
    assert reading.split(b" [ " + first + b" ,\n" + second + b" ] ") == [first, second]
    assert reading.split(b" {} ") == [b"{}"]
    assert reading.split(b"[]") == []


def test_more_statements_than_the_limit_are_too_many() -> None:
    """A request has an end."""
    with pytest.raises(StatementTooLarge, match="At most"):
        reading.split(b"[" + b",".join([b"1"] * (reading.BATCH_MAX + 1)) + b"]")
