"""What H5P content reports: kept for one learner and one item, recorded by the rules, refused otherwise."""

import json
import re
from html import unescape
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.package import Manifest
from hub import library
from hub.app import create_content_app
from hub.learning import h5p_events
from hub.learning.h5p_events import PART, Said
from hub.node import Node
from hub.vocabulary import LAUNCHES, TRIES, VERBS, activity, person_actor
from hub.web import h5p as pages
from hub.xapi import store
from tests.fixtures import h5p
from tests.fixtures.cast import Cast
from tests.fixtures.packages import zipped

ONE, TWO = "0f1e2d3c-1", "0f1e2d3c-2"
STATE = {"0": {"state": '{"given":1}'}}


@pytest.fixture
def water(node: Node, tmp_path: Path) -> Manifest:
    """A set of two questions on the shelf."""
    return library.package(node, library.add(node, source=h5p.a_set(tmp_path / "water.h5p")).package)


@pytest.fixture
def frames(node: Node) -> FlaskClient:
    """The packages' origin."""
    return create_content_app(node).test_client()


def address(client: FlaskClient, manifest: Manifest) -> str:
    """Where the frame of the item leads on its page, without the origin; reports go to the same."""
    page = client.get(f"/learn/{manifest.id}/item/").text
    return page.split('src="http://localhost:8081')[1].split('"')[0]


def sitting(frames: FlaskClient, where: str) -> dict[str, Any]:
    """What the page of a content is told."""
    told = frames.get(where).text.split('data-sitting="')[1].split('"')[0]
    return json.loads(unescape(told))  # type: ignore[no-any-return]


def event(verb: str, part: str = "", **result: Any) -> dict[str, Any]:
    """A statement as H5P's core writes it."""
    extensions = {"http://h5p.org/x-api/h5p-local-content-id": "1", **({PART: part} if part else {})}
    return {
        "actor": {"account": {"name": "somebody else", "homePage": "http://elsewhere"}},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}", "display": {"en-US": verb}},
        "object": {"id": "http://elsewhere", "definition": {"extensions": extensions}},
        **({"result": result} if result else {}),
    }


def report(number: int, *events: tuple[int, dict[str, Any]], remembered: Any = None, spent_ms: int = 9_000) -> bytes:
    """A report as the runtime sends it; every event happened a second after the opening."""
    told = [[each, 1_000, statement] for each, statement in events]
    told_ = {"number": number, "spent_ms": spent_ms, "remembered": remembered or {}, "events": told}
    return json.dumps(told_).encode()


def statements(node: Node) -> list[dict[str, Any]]:
    """Every statement that content vouches for, in order."""
    found = [store.whole(each) for each in node.journal.replay() if each.entry.kind == "statement"]
    return [each for each in found if each["authority"]["account"]["homePage"] == LAUNCHES]


def test_the_page_names_everything_that_plays(cast: Cast, water: Manifest, frames: FlaskClient) -> None:
    """H5P's core, then each library after those that it needs; shut in, kept nowhere, and every file is there."""
    where = address(cast.client("learner"), water)
    answer = frames.get(where)
    policy = answer.headers["Content-Security-Policy"]
    assert ("allow-same-origin" in policy, "sandbox allow-scripts" in policy) == (False, True)
    assert (answer.headers["Cache-Control"], answer.headers["Permissions-Policy"][:9]) == ("no-store", "camera=()")
    named = [unescape(each) for each in re.findall(r'(?:src|href)="([^"]+)"', answer.text)]
    assert [each.rpartition(water.digest[:16])[2] for each in named if water.id in each] == [
        "/H5P.MangroveChoice-1.2/styles/main.css",
        "/H5P.MangroveBase-1.0/scripts/main.js",
        "/H5P.MangroveChoice-1.2/scripts/main.js",
        "/H5P.MangroveSet-1.0/scripts/main.js",
    ]
    assert all(frames.get(each).headers["Cache-Control"].endswith("immutable") for each in named)
    told = sitting(frames, where)
    assert (told["library"], told["activity"]) == ("H5P.MangroveSet 1.0", activity(water.id, "item"))
    assert frames.get(told["content"]).json == h5p.SET_CONTENT
    assert frames.get(where.replace(water.digest[:16], "0" * 16)).status_code == HTTPStatus.NOT_FOUND


def test_what_is_remembered_is_one_learner_s(cast: Cast, water: Manifest, frames: FlaskClient) -> None:
    """They go on with it; the brother on the same phone begins, and so does a guest, of whom nothing is kept."""
    where = address(cast.client("learner"), water)
    assert frames.post(where, data=report(1, remembered=STATE)).status_code == HTTPStatus.NO_CONTENT
    guest = address(cast.client("outsider"), water)
    assert frames.post(guest, data=report(1, remembered=STATE)).status_code == HTTPStatus.NO_CONTENT
    for role, found in (("learner", STATE), ("neighbour", {}), ("outsider", {})):
        assert sitting(frames, address(cast.client(role), water))["remembered"] == found
    assert sitting(frames, guest)["door"] == ""
    where = address(cast.client("learner"), water)
    frames.post(where, data=report(1, remembered={"0": {"state": None}}))
    assert sitting(frames, where)["remembered"] == {"0": {}}


def test_of_two_openings_the_later_one_remembers(cast: Cast, node: Node, water: Manifest, frames: FlaskClient) -> None:
    """What comes late or twice changes nothing; answers of both are recorded, each once."""
    old = address(cast.client("learner"), water)
    new = address(cast.client("learner"), water)
    answer = (1, event("answered", ONE, success=True))
    for where, number, text in ((new, 2, "b"), (new, 1, "a"), (old, 9, "c"), (new, 2, "d")):
        frames.post(where, data=report(number, answer, remembered={"0": {"state": text}}))
    told = sitting(frames, new)
    assert (told["remembered"], told["number"], told["heard"]) == ({"0": {"state": "b"}}, 2, 1)
    assert len(statements(node)) == 2
    for _ in range(5):
        address(cast.client("learner"), water)
    frames.post(old, data=report(10, (2, event("answered", ONE, success=True))))
    assert len(statements(node)) == 2


def test_answers_and_the_end_are_recorded(cast: Cast, node: Node, water: Manifest, frames: FlaskClient) -> None:
    """In the learner's own name, about this activity, when it happened; a second try says that it is one."""
    where, learner = address(cast.client("learner"), water), cast.person("learner")
    scored = {"score": {"raw": 1, "min": 0, "max": 2, "scaled": 7}, "duration": "PT12.5S"}
    frames.post(where, data=report(1, (1, event("answered", ONE, success=False, response="0"))))
    more = ((2, event("answered", ONE, success=True)), (3, event("completed", **scored, success=False)))
    frames.post(where, data=report(2, *more, (4, event("attempted"))))
    first, second, end = statements(node)
    assert [each["verb"]["id"] for each in (first, second, end)] == [
        VERBS[v] for v in ("answered", "answered", "failed")
    ]
    assert {json.dumps(each["actor"]) for each in (first, second, end)} == {json.dumps(person_actor(learner.id))}
    assert (first["object"]["id"], end["object"]["id"]) == (activity(water.id, "item", ONE), activity(water.id, "item"))
    assert first["result"] == {"success": False, "response": "0"}
    assert second["result"] == {"success": True, "extensions": {TRIES: 2}}
    assert end["result"] == {
        "score": {"scaled": 0.5, "raw": 1, "min": 0, "max": 2},
        "duration": "PT12.50S",
        "success": False,
        "completion": True,
    }
    assert end["context"]["registration"] == first["context"]["registration"]
    row = node.tables.Progress.get(node.tables.Progress.person == learner.id)
    assert (row.state, row.score) == (2, 500)


FOLDER = """id = "drops"
work = "drops"
version = {version}
title = "Drops"
language = "en"

[[item]]
id = "item"
kind = "h5p"
title = "A task"
path = "task/h5p.json"
"""


def folder(place: Path, version: int, right: int) -> Path:
    """A lesson folder with a task in it."""
    told = {"h5p.json": json.dumps(h5p.ABOUT), "content/content.json": json.dumps({**h5p.CONTENT, "right": right})}
    files = {path: body for path, body in {**h5p.FILES, **told}.items() if "/_" not in path and "/." not in path}
    return zipped(
        place / f"drops-{version}.zip",
        {"package.toml": FOLDER.format(version=version), **{f"task/{path}": body for path, body in files.items()}},
    )


def test_a_task_in_a_lesson_folder_begins_afresh_when_it_changes(
    cast: Cast, node: Node, frames: FlaskClient, tmp_path: Path
) -> None:
    """And says so, as H5P does; a new version with the same task goes on."""
    found = []
    for version, right in ((1, 0), (2, 0), (3, 1)):
        manifest = library.package(node, library.add(node, source=folder(tmp_path, version, right)).package)
        where = address(cast.client("learner"), manifest)
        found.append(sitting(frames, where))
        frames.post(where, data=report(1, remembered=STATE))
    assert [each["remembered"] for each in found] == [{}, STATE, {"0": {"state": "RESET"}}]
    assert found[0]["content"].endswith("/task/content/content.json")
    assert frames.get(found[2]["scripts"][0]).status_code == HTTPStatus.OK
    assert sitting(frames, where)["remembered"] == STATE


def test_a_ticket_opens_nothing_else(
    cast: Cast, node: Node, water: Manifest, frames: FlaskClient, tmp_path: Path
) -> None:
    """Not another activity, not when its learner left, not when it was changed; one sentence each."""
    other = library.package(node, library.add(node, source=h5p.package(tmp_path / "b.h5p")).package)
    client = cast.client("learner")
    where = address(client, water)
    moved = where.replace(water.id, other.id).replace(water.digest[:16], other.digest[:16])
    assert frames.get(moved).status_code == frames.post(moved, data=report(1)).status_code == HTTPStatus.FORBIDDEN
    forged = where.replace("/_h5p/", "/_h5p/A", 1)
    assert (frames.get(forged).status_code, "not one of this hub's" in frames.get(forged).text) == (403, True)
    client.post("/people/sign-out/")
    assert frames.post(where, data=report(1)).status_code == HTTPStatus.FORBIDDEN
    assert frames.get(where.replace("/item/", "/none/")).status_code == HTTPStatus.NOT_FOUND


BAD = {
    "no JSON": b"{",
    "a list": b"[]",
    "no events": json.dumps({"number": 1, "spent_ms": 1, "remembered": {}}).encode(),
    "a number that is none": report(1).replace(b'"number": 1', b'"number": true'),
    "memory that is a list": report(1, remembered=[1]),
    "memory that is deep": report(1, remembered={"0": {"state": {"a": 1}}}),
    "a long name": report(1, remembered={"0": {"x" * 101: ""}}),
    "events without end": report(1, *((each, event("answered")) for each in range(201))),
    "an event that is a text": report(1).replace(b'"events": []', b'"events": ["x"]'),
    "brackets": b'{"number":' + b"[" * 100_000,
}


@pytest.mark.parametrize("case", BAD)
def test_nonsense_is_refused(cast: Cast, node: Node, water: Manifest, frames: FlaskClient, case: str) -> None:
    """With a sentence, and nothing is kept."""
    where = address(cast.client("learner"), water)
    answer = frames.post(where, data=BAD[case])
    assert (answer.status_code, "nothing was changed" in answer.text) == (400, True)
    assert (statements(node), sitting(frames, where)["remembered"]) == ([], {})


def test_too_much_memory_costs_no_answer(cast: Cast, node: Node, water: Manifest, frames: FlaskClient) -> None:
    """What is remembered has the limit of a document; what was answered with it is recorded all the same."""
    where, most = address(cast.client("learner"), water), node.settings.xapi_document_max
    long = {"0": {"state": "x" * 1_000}}
    frames.post(where, data=report(1, remembered=long))
    half = {"0": {"more": "x" * (most - 600)}}
    answer = frames.post(where, data=report(2, (1, event("completed")), remembered=half))
    assert (answer.status_code, "What was answered is recorded" in answer.text) == (413, True)
    assert (sitting(frames, where)["remembered"], len(statements(node))) == (long, 1)
    assert frames.post(where, data=report(3, remembered={"0": {"x": "x" * most}})).status_code == 413


def test_a_hub_without_the_player_says_so(cast: Cast, water: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of an empty frame."""
    monkeypatch.setattr(pages, "is_here", lambda: False)
    page = cast.client("learner").get(f"/learn/{water.id}/item/").text
    assert ("came without the player" in page, "<iframe" in page) == (True, False)


def test_core_speaks_the_content_s_language(cast: Cast, node: Node, frames: FlaskClient, tmp_path: Path) -> None:
    """Where we speak it; else English."""
    for language, word in (("sw", "Funga"), ("pt-br", "Fechar"), ("xx", "Close")):
        source = h5p.package(tmp_path / f"{language}.h5p", {**h5p.ABOUT, "language": language})
        manifest = library.package(node, library.add(node, source=source).package)
        assert sitting(frames, address(cast.client("learner"), manifest))["words"]["close"] == word


SAID: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (event("completed"), [("completed", "")]),
    (event("completed", success=True), [("passed", "")]),
    (event("answered", success=True), [("answered", "whole"), ("passed", "")]),
    (event("mastered", success=False), [("passed", "")]),
    (event("scored", score={"scaled": 0.5}), [("scored", "")]),
    (event("answered", ONE), [("answered", ONE)]),
    (event("completed", ONE), []),
    (event("answered", "../x:y"), []),
    (event("voided"), []),
    (event("interacted"), []),
]


@pytest.mark.parametrize(("told", "expected"), SAID, ids=range(len(SAID)))
def test_only_answers_and_ends_count(told: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """Of parts their answers alone; of the whole its end."""
    assert [(each.verb, each.part) for each in h5p_events.read(told, "en")] == expected


def test_a_question_is_told_as_it_was_put() -> None:
    """In the content's language; a kind that xAPI does not have is left out, with what belongs to it."""
    told = event("answered", ONE)
    told["object"]["definition"] |= {
        "description": {"en-US": "<p>Was hält <b>Blätter</b> fern?</p>"},
        "interactionType": "choice",
        "choices": [{"id": "0", "description": {"en-US": "Deckel"}}, {"id": "0"}, {"id": ""}, 7],
        "correctResponsesPattern": ["0", 3],
        "source": [{"id": "x"}],
    }
    (said,) = h5p_events.read(told, "de")
    assert said == Said(
        "answered",
        ONE,
        {},
        {
            "description": {"de": "Was hält Blätter fern?"},
            "interactionType": "choice",
            "correctResponsesPattern": ["0"],
            "choices": [{"id": "0"}],
        },
    )
    told["object"]["definition"]["interactionType"] = "compound"
    assert h5p_events.read(told, "de")[0].definition == {"description": {"de": "Was hält Blätter fern?"}}


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["choice", "0", "\ud800", "PT1S", "x\0"]),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.sampled_from(["id", "description", "en"]), each),
    max_leaves=8,
)
DEFINITION = st.dictionaries(
    st.sampled_from(["name", "description", "interactionType", "choices", "scale", "correctResponsesPattern"]), ANY
)
RESULT = st.dictionaries(
    st.sampled_from(["score", "success", "completion", "response", "duration"]),
    ANY | st.dictionaries(st.sampled_from(["raw", "min", "max", "scaled"]), st.floats() | st.integers(-5, 5)),
)


@given(
    verb=st.sampled_from(sorted(h5p_events.ENDS)), part=st.sampled_from(["", TWO]), definition=DEFINITION, result=RESULT
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_content_says_can_be_recorded(
    cast: Cast, water: Manifest, frames: FlaskClient, verb: str, part: str, definition: Any, result: Any
) -> None:
    """The door never refuses what was made of it."""
    told = event(verb, part, **result)
    told["object"]["definition"] |= definition
    where = address(cast.client("learner"), water)
    body = {"number": 1, "spent_ms": 1, "remembered": {}, "events": [[1, 1, told]]}
    assert frames.post(where, data=json.dumps(body)).status_code == HTTPStatus.NO_CONTENT
