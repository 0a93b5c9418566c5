"""Objectives that SCORM content keeps: statements about each, once for each change, and about nothing else."""

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
from hub.learning import cmi_objectives
from hub.node import Node
from hub.vocabulary import COMPETENCY_TYPE, PROGRESS, SCORM, VERBS, activity
from tests.fixtures import scorm
from tests.fixtures.cast import Cast
from tests.test_scorm_keep import address, door, report, statements

BANKS = {"id": "know-the-banks", "status": "incomplete", "score": {"raw": "40"}}
FLOOD = {"id": "see-a-flood", "status": "not attempted"}


@pytest.fixture
def frames(node: Node) -> FlaskClient:
    """The packages' origin."""
    return create_content_app(node).test_client()


@pytest.fixture
def river(node: Node, tmp_path: Path) -> Manifest:
    """A package of SCORM 1.2 on the shelf."""
    return library.package(node, library.add(node, source=scorm.older(tmp_path / "river.zip")).package)


def told(number: int, *rows: dict[str, Any], **more: Any) -> bytes:
    """A report with these objectives."""
    data = {"core": {"lesson_status": "incomplete"}, "objectives": {str(at): row for at, row in enumerate(rows)}}
    return report(number, data, **more)


def objectives(node: Node) -> list[dict[str, Any]]:
    """The statements about objectives, in order."""
    return [each for each in statements(node) if each["object"].get("definition", {}).get("type") == COMPETENCY_TYPE]


def verbs(node: Node) -> list[tuple[str, str]]:
    """Which objective and which verb, in order."""
    names = {address: verb for verb, address in VERBS.items()}
    return [(each["object"]["definition"]["name"]["und"], names[each["verb"]["id"]]) for each in objectives(node)]


def test_each_change_is_told_once(node: Node, cast: Cast, river: Manifest, frames: FlaskClient) -> None:
    """A score at a pause, reached and done at once, nothing twice; what did not begin is not told."""
    to = door(address(cast.client("learner"), river))
    frames.post(to, data=told(1, BANKS, FLOOD))
    assert objectives(node) == []
    frames.post(to, data=told(2, BANKS, FLOOD, is_left=True))
    frames.post(to, data=told(3, BANKS, FLOOD, is_left=True))
    assert verbs(node) == [("know-the-banks", "scored")]
    reached = BANKS | {"status": "passed", "score": {"raw": "80", "min": "0", "max": "100"}}
    for number in (4, 5):
        frames.post(to, data=told(number, reached, FLOOD, is_left=True))
    assert verbs(node)[1:] == [("know-the-banks", "passed"), ("know-the-banks", "completed")]
    frames.post(to, data=told(6, reached, FLOOD | {"status": "failed"}))
    assert verbs(node)[3:] == [("see-a-flood", "failed")]


def test_a_statement_says_what_the_profile_asks(node: Node, cast: Cast, river: Manifest, frames: FlaskClient) -> None:
    """Its own activity, the part as parent, the package as group, the profile as category; no time is made up."""
    to = door(address(cast.client("learner"), river))
    frames.post(to, data=told(1, {"id": "know-the-banks", "status": "passed", "score": {"raw": "80"}}))
    passed, completed = objectives(node)
    assert passed["object"]["id"].startswith(activity(river.id, "s1") + ":o")
    assert passed["object"]["definition"] == {"type": COMPETENCY_TYPE, "name": {"und": "know-the-banks"}}
    assert passed["result"] == {"success": True, "score": {"scaled": 0.8, "raw": 80.0}}
    assert completed["result"] == {"completion": True}
    context = passed["context"]["contextActivities"]
    assert (context["parent"][0]["id"], context["grouping"][0]["id"]) == (activity(river.id, "s1"), activity(river.id))
    assert context["category"][0]["id"] == SCORM
    assert passed["actor"]["account"]["name"] == cast.person("learner").id


def test_an_objective_passes_nothing_but_itself(node: Node, cast: Cast, river: Manifest, frames: FlaskClient) -> None:
    """Neither the part nor the package is done by it, and no score of theirs changes."""
    to = door(address(cast.client("learner"), river))
    frames.post(to, data=told(1, {"id": "a", "status": "passed", "score": {"raw": "100"}}, is_left=True))
    assert library.states(node, person=cast.person("learner").id, package=river.id) == {"s1": 1}


def test_the_next_opening_tells_nothing_again(node: Node, cast: Cast, river: Manifest, frames: FlaskClient) -> None:
    """It brings all objectives along; another status of one is new."""
    frames.post(door(address(cast.client("learner"), river)), data=told(1, FLOOD | {"status": "failed"}, is_left=True))
    again = door(address(cast.client("learner"), river))
    frames.post(again, data=told(1, FLOOD | {"status": "failed"}, is_left=True))
    assert verbs(node) == [("see-a-flood", "failed")]
    frames.post(again, data=told(2, FLOOD | {"status": "passed"}))
    assert verbs(node)[1:] == [("see-a-flood", "passed"), ("see-a-flood", "completed")]
    assert len({each["object"]["id"] for each in objectives(node)}) == 1


def test_a_guest_s_objectives_are_nobody_s(node: Node, cast: Cast, river: Manifest, frames: FlaskClient) -> None:
    """Nothing of it is kept."""
    to = door(address(cast.client("outsider"), river))
    assert frames.post(to, data=told(1, BANKS | {"status": "passed"})).status_code == HTTPStatus.NO_CONTENT
    assert statements(node) == []


def test_a_sitting_has_so_many(
    node: Node, cast: Cast, river: Manifest, frames: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a hundred thousand objectives nor one that changes for ever fills the journal."""
    monkeypatch.setattr(cmi_objectives, "TOLD_MAX", 4)
    monkeypatch.setattr(cmi_objectives, "OBJECTIVES_MAX", 3)
    to = door(address(cast.client("learner"), river))
    frames.post(to, data=told(1, *[{"id": f"o{number}", "status": "failed"} for number in range(9)]))
    assert [name for name, _verb in verbs(node)] == ["o0", "o1", "o2"]
    for number, status in enumerate(("passed", "failed", "passed", "failed"), start=2):
        frames.post(to, data=told(number, {"id": "o0", "status": status}))
    assert len(objectives(node)) <= 4


def test_the_newer_edition_has_two_statuses_and_a_share() -> None:
    """Done, passed and how much of it, each told by its own verb; the words are told too."""
    row = {"id": "a", "success_status": "passed", "completion_status": "completed", "progress_measure": "0.5"}
    row |= {"score": {"scaled": "0.25"}, "description": "Name three banks"}  # type: ignore[dict-item]
    (found,) = cmi_objectives.fresh(NEWER, {"objectives": {"0": row}}, {}, is_pause=True)
    assert found.definition["description"] == {"und": "Name three banks"}
    assert found.news == [
        ("progressed", {"extensions": {PROGRESS: 50}}),
        ("passed", {"success": True, "score": {"scaled": 0.25}}),
        ("completed", {"completion": True}),
    ]
    assert cmi_objectives.fresh(NEWER, {"objectives": {"0": row}}, {found.part: found.told}, is_pause=True) == []


PLAIN = some.none() | some.integers() | some.floats() | some.text(max_size=20)
WORDS = some.sampled_from(["id", "status", "success_status", "score", "raw", "scaled", "progress_measure", "0"])
TABLES = some.recursive(PLAIN, lambda inner: some.dictionaries(WORDS | some.text(max_size=4), inner, max_size=5))


@for_all(table=TABLES, edition=some.sampled_from([OLDER, NEWER]))
def test_whatever_content_sends_is_read(table: object, edition: str) -> None:
    """And what comes of it is text that every database keeps."""
    rows = {"0": table, "1": {"id": "x", "score": table, "status": "passed"}}
    for each in cmi_objectives.fresh(edition, {"objectives": rows}, {}, is_pause=True):
        assert "\0" not in str(each.definition) + str(each.news)
        str(each.news).encode()
