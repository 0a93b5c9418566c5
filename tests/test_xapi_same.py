"""One id, twice: what the standard's comparison leaves out may differ and changes nothing, all else is a conflict."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from hub.xapi.same import same
from tests.fixtures.learning import Tool

ID = "aaaaaaaa-2222-4333-8444-555555555555"
REGISTRATION = "bbbbbbbb-2222-4333-8444-555555555555"
MEMBERS = [
    {"mbox": "mailto:Bo@a.org"},
    {"mbox_sha1sum": "a" * 40},
    {"account": {"homePage": "http://a.org", "name": "c"}},
]
FIRST: dict[str, Any] = {
    "id": ID,
    "actor": {"objectType": "Group", "name": "Us", "mbox": "mailto:Us@a.org", "member": MEMBERS},
    "verb": {"id": "http://a.org/v", "display": {"en": "did"}},
    "object": {"id": "http://a.org/1", "definition": {"name": {"en": "One"}, "type": "http://a.org/t"}},
    "result": {
        "success": True,
        "score": {"scaled": 0.5, "raw": 5},
        "duration": "PT1.25S",
        "extensions": {"http://a.org/x": {"is": True, "row": [1, 2]}},
    },
    "context": {
        "registration": REGISTRATION,
        "instructor": {"mbox": "mailto:i@a.org"},
        "language": "en-GB",
        "contextActivities": {"grouping": [{"id": "http://a.org/p"}, {"id": "http://a.org/q"}]},
        "statement": {"objectType": "StatementRef", "id": REGISTRATION},
    },
    "timestamp": "2025-11-24T08:00:00.500Z",
}
Change = Callable[[dict[str, Any]], object]

SAME: dict[str, Change] = {
    "nothing": lambda said: None,
    "the id in capitals": lambda said: said.update(id=ID.upper()),
    "an authority": lambda said: said.update(authority={"mbox": "mailto:x@a.org"}),
    "another moment of storing": lambda said: said.update(stored="2020-01-01T00:00:00Z"),
    "a version": lambda said: said.update(version="1.0.3"),
    "the time in another zone": lambda said: said.update(timestamp="2025-11-24T10:30:00.5+02:30"),
    "no time": lambda said: said.pop("timestamp"),
    "another display": lambda said: said["verb"].update(display={"fr": "fait"}),
    "no display": lambda said: said["verb"].pop("display"),
    "another definition": lambda said: said["object"].update(definition={"name": {"fr": "Un"}}),
    "no definition": lambda said: said["object"].pop("definition"),
    "its kind said": lambda said: said["object"].update(objectType="Activity"),
    "an agent's kind said": lambda said: said["context"]["instructor"].update(objectType="Agent"),
    "a definition in the context": lambda said: said["context"]["contextActivities"]["grouping"][0].update(
        definition={"name": {"en": "P"}}
    ),
    "members in another order": lambda said: said["actor"].update(member=MEMBERS[::-1]),
    "a mail domain in capitals": lambda said: said["actor"].update(mbox="mailto:Us@A.ORG"),
    "a member's mail domain in capitals": lambda said: said["actor"]["member"][0].update(mbox="mailto:Bo@A.org"),
    "a hash in capitals": lambda said: said["actor"]["member"][1].update(mbox_sha1sum="A" * 40),
    "the sitting in capitals": lambda said: said["context"].update(registration=REGISTRATION.upper()),
    "a reference in capitals": lambda said: said["context"]["statement"].update(id=REGISTRATION.upper()),
    "a language in small letters": lambda said: said["context"].update(language="en-gb"),
    "a whole number with a point": lambda said: said["result"]["score"].update(raw=5.0),
    "a file elsewhere": lambda said: said.update(
        attachments=[
            {
                "usageType": "http://a.org/u",
                "display": {"en": "x"},
                "contentType": "text/plain",
                "length": 1,
                "sha2": "a" * 64,
                "fileUrl": "http://a.org/f",
            }
        ]
    ),
}
OTHER: dict[str, Change] = {
    "another actor": lambda said: said.update(actor={"mbox": "mailto:us@b.org"}),
    "a mailbox in small letters": lambda said: said["actor"].update(mbox="mailto:us@a.org"),
    "another name of the actor": lambda said: said["actor"].update(name="Them"),
    "a member fewer": lambda said: said["actor"].update(member=MEMBERS[:2]),
    "a member twice": lambda said: said["actor"].update(member=[*MEMBERS, MEMBERS[0]]),
    "another account": lambda said: said["actor"]["member"][2]["account"].update(name="C"),
    "another verb": lambda said: said["verb"].update(id="http://a.org/V"),
    "another activity": lambda said: said["object"].update(id="http://a.org/2"),
    "a person": lambda said: said.update(object={"objectType": "Agent", "mbox": "mailto:a@b.org"}),
    "no result": lambda said: said.pop("result"),
    "failure": lambda said: said["result"].update(success=False),
    "another score": lambda said: said["result"]["score"].update(scaled=0.51),
    "a score more": lambda said: said["result"]["score"].update(max=10),
    "the duration in other units": lambda said: said["result"].update(duration="PT0M1.25S"),
    "another extension": lambda said: said["result"]["extensions"].update({"http://a.org/y": 1}),
    "1 for true within an extension": lambda said: said["result"]["extensions"]["http://a.org/x"].update({"is": 1}),
    "an extension's list turned round": lambda said: said["result"]["extensions"]["http://a.org/x"].update(row=[2, 1]),
    "another sitting": lambda said: said["context"].update(registration=ID),
    "another teacher": lambda said: said["context"].update(instructor={"mbox": "mailto:j@a.org"}),
    "another language": lambda said: said["context"].update(language="en-US"),
    "a context activity fewer": lambda said: said["context"]["contextActivities"]["grouping"].pop(),
    "context activities turned round": lambda said: said["context"]["contextActivities"]["grouping"].reverse(),
    "context activities of another kind": lambda said: said["context"].update(
        contextActivities={"other": said["context"]["contextActivities"]["grouping"]}
    ),
    "another reference": lambda said: said["context"]["statement"].update(id=ID),
    "another time": lambda said: said.update(timestamp="2025-11-24T08:00:00.501Z"),
}


def _changed(change: Change) -> dict[str, Any]:
    said = copy.deepcopy(FIRST)
    change(said)
    return said


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_what_the_comparison_leaves_out_changes_nothing(make_tool: Callable[..., Tool], version: str) -> None:
    """By PUT 204, by POST 200 with the id, one by one; and the first stands as it was."""
    tool = make_tool("all", version=version)
    tool.send(FIRST)
    before = tool.ask("GET", f"statements?statementId={ID}").json
    for name, change in SAME.items():
        put = tool.ask("PUT", f"statements?statementId={ID}", _changed(change))
        post = tool.ask("POST", body=_changed(change))
        assert (name, put.status_code, post.status_code) == (name, 204, 200), put.text + post.text
        assert post.json == [ID]
    assert tool.ask("GET", f"statements?statementId={ID}").json == before
    assert [each["id"] for each in tool.find()] == [ID]


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_anything_else_is_a_conflict(make_tool: Callable[..., Tool], version: str) -> None:
    """409 by PUT, by POST and within a batch, of which nothing is kept; the first stands as it was."""
    tool = make_tool("all", version=version)
    tool.send(FIRST)
    before = tool.ask("GET", f"statements?statementId={ID}").json
    for name, change in OTHER.items():
        other = _changed(change)
        answers = [
            tool.ask("PUT", f"statements?statementId={ID}", other),
            tool.ask("POST", body=other),
            tool.ask("POST", body=[_changed(lambda said: said.pop("id")), other]),
        ]
        assert (name, [each.status_code for each in answers]) == (name, [409, 409, 409])
        assert ID in answers[0].text
    assert tool.ask("GET", f"statements?statementId={ID}").json == before
    assert [each["id"] for each in tool.find()] == [ID]


@pytest.mark.parametrize(
    ("duration", "old", "new"),
    [
        ("PT1.25S", True, True),
        ("PT1.259S", False, True),
        ("PT1.250000S", False, True),
        ("PT1.24S", False, False),
        ("PT1.2S", False, False),
        ("PT01.25S", False, False),
    ],
)
def test_durations_are_compared_as_the_version_says(
    make_tool: Callable[..., Tool], duration: str, old: bool, new: bool
) -> None:
    """As text in 1.0; in 2.0 what is finer than a hundredth of a second is left out."""
    for version, is_same in (("1.0.3", old), ("2.0.0", new)):
        tool = make_tool("all", version=version)
        tool.send(FIRST)
        other = _changed(lambda said: said["result"].update(duration=duration))
        status = tool.ask("PUT", f"statements?statementId={ID}", other).status_code
        assert (version, status) == (version, 204 if is_same else 409)


def test_a_statement_within_is_compared_by_the_same_rules() -> None:
    """Its time as a moment, its display and definition not at all, its duration by the version; the rest counts."""
    within = {**_changed(lambda said: said.pop("id")), "objectType": "SubStatement"}
    outer = {"actor": FIRST["actor"], "verb": FIRST["verb"], "object": within}

    def changed(change: Change) -> dict[str, Any]:
        other = copy.deepcopy(outer)
        change(other["object"])
        return other

    for name in ("the time in another zone", "no display", "no definition", "members in another order"):
        assert same(outer, changed(SAME[name])), name
    for name in ("another time", "another verb", "failure", "another sitting"):
        assert not same(outer, changed(OTHER[name])), name
    finer = changed(lambda said: said["result"].update(duration="PT1.2501S"))
    assert (same(outer, finer, line="1.0"), same(outer, finer, line="2.0")) == (False, True)


@pytest.mark.parametrize(
    "other", [{}, {"object": 5}, {"object": {"result": []}}, {"context": {"contextActivities": 1}}]
)
def test_what_is_no_statement_is_the_same_as_none(other: dict[str, Any]) -> None:
    """A signature's payload may be anything."""
    assert not same(FIRST, other, line="2.0")
    assert same(other, other, line="2.0")
