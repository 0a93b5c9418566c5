"""Single answers that SCORM content tells: statements in the learner's record, each once, and no more than there is
room for."""

from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given as for_all
from hypothesis import strategies as some

from content.formats.scorm_manifest import NEWER, OLDER
from content.package import Manifest
from hub import library
from hub.app import create_content_app
from hub.learning import cmi_answers
from hub.node import Node
from hub.vocabulary import QUESTION_TYPE, SCORM, VERBS, activity
from tests.fixtures import scorm
from tests.fixtures.cast import Cast
from tests.test_scorm_keep import address, door, report, statements

LID = {"id": "lid", "type": "choice", "student_response": "a", "result": "wrong", "latency": "00:00:07.50"}
LID |= {"correct_responses": {"0": {"pattern": "{b,c}"}}}
ROPE = {"id": "rope", "type": "numeric", "student_response": "12", "result": "correct"}
BETWEEN = {"0": {"pattern": "3[:]5"}, "1": "no table"}


@pytest.fixture
def frames(node: Node) -> FlaskClient:
    """The packages' origin."""
    return create_content_app(node).test_client()


@pytest.fixture
def river(node: Node, tmp_path: Path) -> Manifest:
    """A package of SCORM 1.2 on the shelf."""
    return library.package(node, library.add(node, source=scorm.older(tmp_path / "river.zip")).package)


def told(number: int, *rows: dict[str, Any], **more: Any) -> bytes:
    """A report with these interactions."""
    data = {"core": {"lesson_status": "incomplete"}, "interactions": {str(at): row for at, row in enumerate(rows)}}
    return report(number, data, **more)


def answers(node: Node) -> list[dict[str, Any]]:
    """The statements about single answers, in order."""
    return [each for each in statements(node) if each["verb"]["id"] == VERBS["answered"]]


def test_an_answer_is_told_once_it_stands(node: Node, cast: Cast, river: Manifest, frames: FlaskClient) -> None:
    """When the content went on or paused: with what was asked, what is right, and how long it took."""
    to = door(address(cast.client("learner"), river))
    frames.post(to, data=told(1, {"id": "lid", "type": "choice"}))
    frames.post(to, data=told(2, LID))
    assert answers(node) == []
    frames.post(to, data=told(3, LID, ROPE))
    (first,) = answers(node)
    assert first["object"]["id"].startswith(activity(river.id, "s1") + ":i")
    assert first["object"]["definition"] == {
        "type": QUESTION_TYPE,
        "name": {"und": "lid"},
        "interactionType": "choice",
        "correctResponsesPattern": ["b[,]c"],
    }
    assert first["result"] == {"success": False, "response": "a", "duration": "PT7.50S"}
    context = first["context"]["contextActivities"]
    assert (context["parent"][0]["id"], context["category"][0]["id"]) == (activity(river.id, "s1"), SCORM)
    assert first["actor"]["account"]["name"] == cast.person("learner").id
    frames.post(to, data=told(4, LID, ROPE, is_left=True))
    assert [each["result"].get("response") for each in answers(node)] == ["a", "12"]


def test_the_same_is_not_told_again_and_another_answer_is(
    node: Node, cast: Cast, river: Manifest, frames: FlaskClient
) -> None:
    """Also in the next opening, which brings all of it along."""
    to = door(address(cast.client("learner"), river))
    for number in (1, 2):
        frames.post(to, data=told(number, LID, is_left=True))
    again = door(address(cast.client("learner"), river))
    frames.post(again, data=told(1, LID, is_left=True))
    assert len(answers(node)) == 1
    frames.post(again, data=told(2, LID | {"student_response": "b", "result": "correct"}, is_end=True))
    assert [each["result"]["success"] for each in answers(node)] == [False, True]
    assert len({each["object"]["id"] for each in answers(node)}) == 1


def test_a_guest_s_answers_are_nobody_s(node: Node, cast: Cast, river: Manifest, frames: FlaskClient) -> None:
    """Nothing of it is kept."""
    to = door(address(cast.client("outsider"), river))
    assert frames.post(to, data=told(1, LID, is_end=True)).status_code == HTTPStatus.NO_CONTENT
    assert statements(node) == []


def test_a_sitting_has_so_many_answers(
    node: Node, cast: Cast, river: Manifest, frames: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is more is kept by the content and told by nobody; its score and end are told as ever."""
    monkeypatch.setattr(cmi_answers, "ANSWERS_MAX", 3)
    to = door(address(cast.client("learner"), river))
    rows = [LID | {"id": f"q{number}"} for number in range(5)]
    frames.post(to, data=told(1, *rows))
    frames.post(to, data=told(2, *rows, is_end=True))
    assert [each["object"]["definition"]["name"]["und"] for each in answers(node)] == ["q0", "q1", "q2"]
    assert any(each["verb"]["id"] == VERBS["terminated"] for each in statements(node))


@pytest.mark.parametrize(
    ("edition", "row", "response", "patterns"),
    [
        (OLDER, {"type": "true-false", "student_response": "t"}, "true", None),
        (OLDER, {"type": "choice", "student_response": "{a,c}"}, "a[,]c", None),
        (OLDER, {"type": "matching", "student_response": "1.a, 2.b"}, "1[.]a[,]2[.]b", None),
        (OLDER, {"type": "sequencing", "student_response": "c,a,b"}, "c[,]a[,]b", None),
        (OLDER, {"type": "fill-in", "student_response": "a, b"}, "a, b", None),
        (NEWER, {"type": "matching", "learner_response": "1[.]a[,]2[.]b"}, "1[.]a[,]2[.]b", None),
        (NEWER, {"type": "x", "learner_response": "y"}, "y", None),
        (NEWER, {"type": "numeric", "learner_response": "4", "correct_responses": BETWEEN}, "4", ["3[:]5"]),
    ],
)  # fmt: skip
def test_answers_are_written_as_xapi_writes_them(
    edition: str, row: dict[str, Any], response: str, patterns: list[str] | None
) -> None:
    """Each kind, from both editions."""
    (found,) = cmi_answers.fresh(edition, {"interactions": {"0": {"id": "q", **row}}}, {}, is_pause=True)
    assert found.result["response"] == response
    assert found.definition.get("correctResponsesPattern") == patterns
    assert ("interactionType" in found.definition) == (row["type"] != "x")


@pytest.mark.parametrize("result", [{"success": True}, {"success": False}, {"score": {"raw": 2.5}}, {}])
def test_how_it_was_judged(result: dict[str, Any]) -> None:
    """Right, wrong, by points, or not at all."""
    word = {"True": "correct", "False": "incorrect"}.get(str(result.get("success")), "2.5" if result else "neutral")
    row = {"id": "q", "learner_response": "x", "result": word}
    (found,) = cmi_answers.fresh(NEWER, {"interactions": {"0": row}}, {}, is_pause=True)
    assert found.result == {**result, "response": "x"}


PLAIN = some.none() | some.integers() | some.floats() | some.text(max_size=20)
WORDS = some.sampled_from(["id", "type", "student_response", "result", "latency", "correct_responses", "0", "pattern"])
TABLES = some.recursive(PLAIN, lambda inner: some.dictionaries(WORDS | some.text(max_size=4), inner, max_size=5))


@for_all(table=TABLES, edition=some.sampled_from([OLDER, NEWER]))
def test_whatever_content_sends_is_read(table: object, edition: str) -> None:
    """And what comes of it is text that every database keeps."""
    for each in cmi_answers.fresh(
        edition, {"interactions": {"0": table, "1": {"id": "x", "result": table}}}, {}, is_pause=True
    ):
        assert "\0" not in str(each.definition) + str(each.result)
        str(each.result).encode()
