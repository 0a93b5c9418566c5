"""What SCORM content reports: kept for one learner and one item, recorded by the rules, refused otherwise."""

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from content.formats.scorm_manifest import NEWER, OLDER, Part
from content.package import Manifest
from hub import library
from hub.app import create_content_app
from hub.learning import cmi
from hub.learning.cmi import Outcome, Score
from hub.node import Node
from hub.vocabulary import LAUNCHES, SCORM, VERBS
from hub.web import scorm as pages
from hub.xapi import store
from tests.fixtures import scorm
from tests.fixtures.cast import Cast

LESSON = {"core": {"lesson_status": "incomplete", "lesson_location": "p3", "session_time": "00:01:00"}}


@pytest.fixture
def river(node: Node, tmp_path: Path) -> Manifest:
    """A package of SCORM 1.2 on the shelf."""
    return library.package(node, library.add(node, source=scorm.older(tmp_path / "river.zip")).package)


@pytest.fixture
def frames(node: Node) -> FlaskClient:
    """The packages' origin."""
    return create_content_app(node).test_client()


def address(client: FlaskClient, manifest: Manifest, item: str = "s1") -> str:
    """Where the frame of an item leads on its page, without the origin."""
    page = client.get(f"/learn/{manifest.id}/{item}/").text
    return page.split('src="http://localhost:8081')[1].split('"')[0].replace("&amp;", "&")


def door(where: str) -> str:
    """Where a page of that address reports to."""
    return "/".join(where.split("/")[:6]) + "/"


def given(frames: FlaskClient, where: str) -> dict[str, Any]:
    """What a page of content is given."""
    text = frames.get(where).text.split("data-sitting='")[0]
    told = text.split('data-sitting="')[1].split('"')[0]
    return json.loads(told.replace("&quot;", '"').replace("&amp;", "&"))  # type: ignore[no-any-return]


def report(number: int, data: dict[str, Any], **more: Any) -> bytes:
    """A report as the runtime sends it."""
    return json.dumps({"cmi": data, "number": number, "spent_ms": 5_000, **more}).encode()


def statements(node: Node) -> list[dict[str, Any]]:
    """Every statement that content vouches for, in order."""
    found = [store.whole(each) for each in node.journal.replay() if each.entry.kind == "statement"]
    return [each for each in found if each["authority"]["account"]["homePage"] == LAUNCHES]


def test_a_place_is_one_learner_s(cast: Cast, river: Manifest, frames: FlaskClient) -> None:
    """They go on at it; the brother on the same phone begins, and so does a guest, of whom nothing is kept."""
    where = address(cast.client("learner"), river)
    assert given(frames, where)["cmi"]["core"]["entry"] == "ab-initio"
    assert frames.post(door(where), data=report(1, LESSON)).status_code == HTTPStatus.NO_CONTENT
    for role, place in (("learner", "p3"), ("neighbour", None), ("outsider", None)):
        found = given(frames, address(cast.client(role), river))["cmi"]["core"]
        assert (found.get("lesson_location"), found["entry"]) == (place, "resume" if place else "ab-initio")
    guest = door(address(cast.client("outsider"), river))
    assert frames.post(guest, data=report(1, LESSON)).status_code == HTTPStatus.NO_CONTENT


def test_only_the_latest_report_of_the_latest_opening_counts(cast: Cast, river: Manifest, frames: FlaskClient) -> None:
    """One that was sent twice, came late or comes from a page that was opened before changes nothing."""
    old = address(cast.client("learner"), river)
    where = address(cast.client("learner"), river)
    for at, number, place in ((where, 2, "p2"), (where, 1, "p1"), (where, 2, "twice"), (old, 9, "old")):
        core = {"core": {"lesson_location": place}}
        assert frames.post(door(at), data=report(number, core)).status_code == HTTPStatus.NO_CONTENT
    assert given(frames, where)["cmi"]["core"]["lesson_location"] == "p2"


def test_what_is_new_is_recorded_once(cast: Cast, node: Node, river: Manifest, frames: FlaskClient) -> None:
    """Passed with its score and how long it took, vouched for by the activity; a repeated status says nothing more."""
    where = door(address(cast.client("learner"), river))
    core = {"lesson_status": "incomplete", "score": {"raw": "85"}, "session_time": "00:02:00"}
    frames.post(where, data=report(1, {"core": core}))
    assert statements(node) == []
    for number in (2, 3):
        frames.post(where, data=report(number, {"core": core}, is_end=True))
    passed, completed, ended = statements(node)
    assert [each["verb"]["id"] for each in (passed, completed, ended)] == [
        *(VERBS["passed"], VERBS["completed"], VERBS["terminated"])
    ]
    assert passed["result"] == {"success": True, "score": {"scaled": 0.85, "raw": 85}, "duration": "PT120.00S"}
    assert passed["context"]["contextActivities"]["category"][0]["id"] == SCORM
    assert (ended["result"]["duration"], completed["result"]["completion"]) == ("PT120.00S", True)


def test_whoever_was_done_begins_afresh(cast: Cast, river: Manifest, frames: FlaskClient) -> None:
    """Unless the content asked to be suspended; the time of all openings is added up."""
    for ending, entry in (("", "ab-initio"), ("suspend", "resume")):
        where = door(address(cast.client("learner"), river, "s2"))
        core = {"lesson_status": "completed", "exit": ending, "session_time": "00:01:00", "lesson_location": "p9"}
        frames.post(where, data=report(1, {"core": core}, is_end=True))
        found = given(frames, address(cast.client("learner"), river, "s2"))["cmi"]["core"]
        assert (found["entry"], found.get("lesson_location") == "p9") == (entry, entry == "resume")
    assert found["total_time"] == "0000:02:00.00"


def test_a_ticket_opens_nothing_else(cast: Cast, river: Manifest, frames: FlaskClient) -> None:
    """Not another part, not when its learner left, not when it was changed; one sentence each."""
    client = cast.client("learner")
    where = address(client, river)
    other = where.replace("/s1/one/", "/s2/two/")
    assert frames.get(other).status_code == frames.post(door(other), data=report(1, LESSON)).status_code == 403
    forged = where.replace("/_sco/", "/_sco/A", 1)
    assert (frames.get(forged).status_code, "not one of this hub's" in frames.get(forged).text) == (403, True)
    client.post("/people/sign-out/")
    assert frames.post(door(where), data=report(1, LESSON)).status_code == 403
    assert frames.get(where.replace(river.digest[:16], "0" * 16)).status_code in (403, 404)
    assert frames.get(where.replace("/s1/", "/none/")).status_code == 404


DEEP: dict[str, Any] = {}
for _ in range(20):
    DEEP = {"a": DEEP}
BAD = {
    "no JSON": b"{",
    "a list": b"[]",
    "no data": json.dumps({"number": 1, "spent_ms": 1}).encode(),
    "a number that is none": report(True, LESSON),
    "a number below": report(-1, LESSON),
    "data too deep": report(1, DEEP),
    "lists in it": report(1, {"core": [1]}),
    "brackets": b'{"cmi":' + b"[" * 100_000,
}


@pytest.mark.parametrize("case", BAD)
def test_nonsense_is_refused(cast: Cast, node: Node, river: Manifest, frames: FlaskClient, case: str) -> None:
    """With a sentence, and nothing is kept."""
    where = door(address(cast.client("learner"), river))
    answer = frames.post(where, data=BAD[case])
    assert (answer.status_code, "nothing was changed" in answer.text) == (400, True)
    assert statements(node) == []


def test_too_much_is_refused(cast: Cast, node: Node, river: Manifest, frames: FlaskClient) -> None:
    """A document has its limit here as at the door for tools."""
    where = door(address(cast.client("learner"), river))
    long = report(1, {"suspend_data": "x" * (node.settings.xapi_document_max + 1)})
    assert frames.post(where, data=long).status_code == 413


def test_pages_get_their_scripts_and_files_their_plain_address(
    cast: Cast, node: Node, frames: FlaskClient, tmp_path: Path
) -> None:
    """First in the head, in the page's own encoding, and nothing else of it changed; it is kept nowhere."""
    latin = '<!-- <head> --><html><head lang="x"><meta charset="iso-8859-1"></head>é</html>'.encode("latin-1")
    more: dict[str, Any] = {"one__pic.png": b"\x89PNG", "one__wide.html": "<p>ü</p>".encode("utf-16")}
    source = scorm.packed(
        tmp_path / "a.zip", scorm.HEAD_12 + scorm.ITEMS_12, {"one/sco.html": latin, "two/sco.html": "<p>x"}, **more
    )
    manifest = library.package(node, library.add(node, source=source).package)
    where = address(cast.client("learner"), manifest)
    answer = frames.get(where)
    assert answer.headers["Content-Type"] == "text/html; charset=iso-8859-1"
    assert (answer.headers["Cache-Control"], int(answer.headers["Content-Length"])) == ("no-store", len(answer.data))
    start = answer.data.index(b'<head lang="x">') + len(b'<head lang="x">')
    end = answer.data.rindex(b"</script>") + len(b"</script>")
    assert answer.data[:start] + answer.data[end:] == latin
    assert "allow-same-origin" not in answer.headers["Content-Security-Policy"]
    picture = frames.get(where.replace("sco.html", "pic.png"))
    assert picture.headers["Location"] == f"/{manifest.id}/{manifest.digest[:16]}/one/pic.png"
    wide = frames.get(where.replace("sco.html", "wide.html"))
    assert wide.data.decode("utf-16").endswith("</script><p>ü</p>")
    for source_ in (part.split('"')[0] for part in answer.data.decode("latin-1").split('src="')[1:3]):
        assert frames.get(source_).headers["Cache-Control"].endswith("immutable")


def test_a_hub_without_the_player_says_so(cast: Cast, river: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of an empty frame."""
    monkeypatch.setattr(pages, "is_here", lambda: False)
    page = cast.client("learner").get(f"/learn/{river.id}/s1/").text
    assert ("came without the player" in page, "<iframe" in page) == (True, False)


PART = Part("a", "scorm", "A", "a.html", mastery="70", threshold="0.5")
MEASURED = Part("a", "scorm", "A", "a.html", mastery="0.7", threshold="0.5")
RULES: list[tuple[str, dict[str, Any], bool, Outcome]] = [
    (
        OLDER,
        {"core": {"lesson_status": "incomplete", "score": {"raw": "90"}}},
        False,
        Outcome(False, None, Score(0.9, 90.0)),
    ),
    (
        OLDER,
        {"core": {"lesson_status": "completed", "score": {"raw": "60"}}},
        False,
        Outcome(True, False, Score(0.6, 60.0)),
    ),
    (
        OLDER,
        {"core": {"lesson_status": "failed", "score": {"raw": "70"}}},
        False,
        Outcome(True, True, Score(0.7, 70.0)),
    ),
    (OLDER, {"core": {"lesson_status": "not attempted"}}, True, Outcome(True)),
    (OLDER, {"core": {"lesson_status": "browsed", "score": {"raw": "x"}}}, True, Outcome()),
    (
        OLDER,
        {"core": {"score": {"raw": "5", "min": "0", "max": "10"}}},
        False,
        Outcome(score=Score(0.5, 5.0, 0.0, 10.0)),
    ),
    (NEWER, {"completion_status": "completed", "progress_measure": "0.4"}, False, Outcome(progress=0.4)),
    (NEWER, {"success_status": "passed", "score": {"scaled": "0.6"}}, False, Outcome(False, False, Score(0.6))),
    (NEWER, {"score": {"scaled": "-1"}}, True, Outcome(True, False, Score(0.0))),
    (NEWER, {"score": "x", "core": 3, "progress_measure": "7"}, False, Outcome(True, progress=1.0)),
]


@pytest.mark.parametrize("case", RULES, ids=str)
def test_the_score_to_reach_decides(case: tuple[str, dict[str, Any], bool, Outcome]) -> None:
    """Whatever status the content set; and whatever cannot be read counts as not said."""
    edition, data, is_end, expected = case
    part = PART if edition == OLDER else MEASURED
    assert cmi.outcome(edition, data, part, is_end=is_end) == expected


@pytest.mark.parametrize(
    ("edition", "told", "spent"),
    [(OLDER, "0001:02:03.50", 3_723_500), (NEWER, "P1DT1H2M3.5S", 90_123_500), (NEWER, "PT", 0), (OLDER, "1:2", 0)],
)
def test_lengths_of_time_are_read(edition: str, told: str, spent: int) -> None:
    """As each edition writes them; nonsense is no time."""
    data = {"core": {"session_time": told}, "session_time": told}
    assert cmi.spent_ms(edition, data) == spent
    assert (
        cmi.spent_ms(
            edition,
            {"core": {"session_time": cmi.told_time(edition, spent)}, "session_time": cmi.told_time(edition, spent)},
        )
        == spent
    )
