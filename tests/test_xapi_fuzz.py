"""Anything at all: requests made from the OpenAPI document, and right statements with something wrong in them.

Requests from the document are the same at every run; MANGROVE_SOAK makes each test go on for so many fresh examples
(`make soak`).
"""

import copy
import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from hub.node import Node
from tests.fixtures import engines
from tests.fixtures.cast import Cast
from tests.fixtures.learning import Tool, statement

IS_SOAKED = "MANGROVE_SOAK" in os.environ
REQUESTS = int(os.environ.get("MANGROVE_SOAK", "3"))
"""Of each operation, right ones and wrong ones."""
STATEMENTS = int(os.environ.get("MANGROVE_SOAK", "40"))
ID = "aaaaaaaa-2222-4333-8444-555555555555"
AGENT = {"objectType": "Agent", "name": "A", "account": {"homePage": "http://a.org", "name": "a"}}
GROUP = {"objectType": "Group", "member": [{"mbox": "mailto:a@b.org"}, {"openid": "http://a.org/o"}]}
DEFINITION = {
    "name": {"en": "One", "fr": "Un"},
    "type": "http://a.org/t",
    "interactionType": "choice",
    "choices": [{"id": "a", "description": {"en": "A"}}],
    "correctResponsesPattern": ["a"],
}
CONTEXT = {
    "registration": ID,
    "instructor": AGENT,
    "team": GROUP,
    "contextActivities": {"parent": [{"id": "http://a.org/p"}], "other": [{"id": "http://a.org/q"}]},
    "language": "en-GB",
    "statement": {"objectType": "StatementRef", "id": ID},
    "extensions": {"http://a.org/x": {"deep": [1, None, True]}},
}
RESULT = {
    "score": {"scaled": 0.5, "raw": 1, "min": 0, "max": 2},
    "success": True,
    "duration": "PT1.5S",
    "response": "x",
}
WHOLE = statement(
    actor=AGENT,
    object={"id": "http://a.org/1", "definition": DEFINITION},
    result=RESULT,
    context=CONTEXT,
    timestamp="2025-11-24T08:00:00.000Z",
)
WITHIN = statement(object={"objectType": "SubStatement", **WHOLE})
REFERS = statement(actor=GROUP, object={"objectType": "StatementRef", "id": ID}, version="1.0.3")
VOIDS = {**REFERS, "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}}
RIGHT = (WHOLE, WITHIN, REFERS, VOIDS)
FILLED = ("id", "stored", "authority", "timestamp", "version")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
LOOSE = settings(max_examples=STATEMENTS, suppress_health_check=list(HealthCheck), deadline=None)


def _places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every part of a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, part in inner for found in ((*at, key), *_places(part, (*at, key)))]


def _changed(draw: st.DrawFn, said: dict[str, Any]) -> None:
    """Replace, drop, double or rename one part, somewhere; or put the same statement's part in another's place."""
    places = _places(said)
    *way, last = draw(st.sampled_from(places))
    outer: Any = said
    for key in way:
        outer = outer[key]
    kind = draw(st.sampled_from(["replace", "drop", "add", "rename", "move"]))
    if kind == "replace":
        outer[last] = draw(ANYTHING)
    elif kind == "drop":
        del outer[last]
    elif kind == "move":
        found: Any = said
        for key in draw(st.sampled_from(places)):
            found = found[key]
        outer[last] = copy.deepcopy(found)
    elif isinstance(outer, list):
        outer.append(draw(ANYTHING))
    else:
        name = draw(
            st.text(max_size=10) | st.sampled_from(["id", "objectType", "extensions", "mbox", "member", "name"])
        )
        outer[name] = outer.pop(last) if kind == "rename" else draw(ANYTHING)


@st.composite
def _statements(draw: st.DrawFn) -> dict[str, Any]:
    """A right statement, changed in a few places."""
    said = copy.deepcopy(draw(st.sampled_from(RIGHT)))
    said["id"] = str(draw(st.uuids(version=4)))
    for _ in range(draw(st.integers(0, 3))):
        if _places(said):
            _changed(draw, said)
    return said


def _as_lists(said: Any) -> Any:
    """Context activities as the answer has them: lists."""
    if isinstance(said, dict) and isinstance(said.get("context"), dict) and "contextActivities" in said["context"]:
        kinds = said["context"]["contextActivities"].items()
        lists = {kind: rows if isinstance(rows, list) else [rows] for kind, rows in kinds}
        said = {**said, "context": {**said["context"], "contextActivities": lists}}
    if isinstance(said, dict) and isinstance(said.get("object"), dict) and "actor" in said["object"]:
        said = {**said, "object": _as_lists(said["object"])}
    return said


def test_a_changed_statement_is_refused_or_comes_back_equal(tool: Tool, node: Node) -> None:
    """Never a mistake of ours; of what is taken nothing is lost, nothing added, and every filter still answers."""
    tool.version = "1.0.3"
    taken: set[str] = set()

    @LOOSE
    @given(said=_statements())
    def send(said: dict[str, Any]) -> None:
        answer = tool.ask("POST", body=said)
        assert answer.status_code in (200, 400, 409, 413), answer.text
        if answer.status_code != 200:
            assert answer.text.strip().endswith("."), answer.text
            return
        if answer.json[0] in taken:  # Drawn twice: what is kept is the first, which is equal but for definitions.
            return
        taken.update(answer.json)
        (kept,) = answer.json
        found = [tool.ask("GET", query_string={word: kept}) for word in ("statementId", "voidedStatementId")]
        (whole,) = [each.json for each in found if each.status_code == 200]
        sent, got = ({name: part for name, part in each.items() if name not in FILLED} for each in (said, whole))
        assert json.dumps(got, sort_keys=True) == json.dumps(_as_lists(sent), sort_keys=True)

    send()
    for form in ("exact", "ids", "canonical"):
        tool.find(format=form)
    assert node.tables.Rejected.select().count() == 0


def test_a_changed_question_is_answered(tool: Tool) -> None:
    """Any agent, any words: a list or a refusal."""
    names = st.sampled_from(["agent", "verb", "activity", "registration", "since", "until", "limit", "format", "more"])
    values = st.text(max_size=30) | st.builds(json.dumps, ANYTHING) | st.sampled_from(["true", "0", ID, "http://a.org"])
    tool.send(WHOLE, REFERS)

    @LOOSE
    @given(words=st.dictionaries(names, values, max_size=3))
    def ask(words: dict[str, str]) -> None:
        answer = tool.ask("GET", query_string=words)
        assert answer.status_code in (200, 400), (words, answer.text)

    ask()


@schemathesis.serializer("application/offset+octet-stream")
def _a_piece(_context: object, value: Any) -> bytes:
    """A piece of a file is bytes as they are."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.mark.sqlite(engines.PROGRAM)
def test_the_document_is_kept_by_whatever_is_asked(app: Flask, tool: Tool, cast: Cast) -> None:
    """Right requests and wrong ones, with a key: each is answered with a status that the document names for it."""
    cast.client("outsider")
    wrong: dict[str, str] = {}
    document = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    for found in document.get_all_operations():
        operation = found.ok()
        known = set(operation.definition.raw["responses"])
        for mode in GenerationMode:
            with warnings.catch_warnings(), _nothing_to_spoil(mode):
                warnings.simplefilter("ignore")
                _try(operation, mode, REQUESTS, tool, known, wrong)
    assert wrong == {}


@contextmanager
def _nothing_to_spoil(mode: GenerationMode) -> Iterator[None]:
    """An operation that takes nothing has no wrong requests."""
    try:
        yield
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE


def _try(operation: Any, mode: GenerationMode, count: int, tool: Tool, known: set[str], wrong: dict[str, str]) -> None:
    @settings(max_examples=count, suppress_health_check=list(HealthCheck), deadline=None, derandomize=not IS_SOAKED)
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        answer = case.call(headers={"Authorization": tool.proof})
        if str(answer.status_code) not in known:
            wrong[f"{operation.label} {answer.status_code}"] = f"{case.as_curl_command()} -> {answer.text}"

    ask()
