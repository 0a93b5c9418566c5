"""A cmi5 part and the hub: it fetches its proof once, is told what its course wants, and is held to the rules."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from content.package import Manifest
from hub import library
from hub.app import create_content_app
from hub.node import Node
from hub.vocabulary import CMI5, MOVE_ON_CATEGORY, SESSION_ID, VERBS, activity
from hub.xapi import store
from tests.fixtures import cmi5
from tests.fixtures.cast import Cast
from tests.fixtures.clock import HandClock
from tests.fixtures.cmi5 import FREE, Part

NAMES = {iri: name for name, iri in VERBS.items()}
Open = Callable[..., Part]


@pytest.fixture
def river(node: Node, tmp_path: Path) -> Manifest:
    """A course on the shelf."""
    return library.package(node, library.add(node, source=cmi5.package(tmp_path / "river.zip")).package)


@pytest.fixture
def frames(node: Node) -> FlaskClient:
    """The packages' origin."""
    return create_content_app(node).test_client()


@pytest.fixture
def opened(cast: Cast, river: Manifest, frames: FlaskClient) -> Open:
    """A function that opens a part for somebody on its page; it has not asked for anything yet."""

    def make(item: str = "lights", role: str = "learner") -> Part:
        client = cast.client(role)
        page = client.get(f"/learn/{river.id}/{item}/").text
        found = page.split("//localhost:8081")[1].split('"')[0].replace("&amp;", "&")
        return Part(client, frames, found)

    return make


def told(node: Node, *verbs: str) -> list[dict[str, Any]]:
    """Every statement of the hub and of content, in order; of these verbs alone when they are named."""
    found = [store.whole(each) for each in node.journal.replay() if each.entry.kind == "statement"]
    return [each for each in found if not verbs or NAMES[each["verb"]["id"]] in verbs]


def verbs(node: Node) -> list[str]:
    """The verbs of all statements, in order."""
    return [NAMES[each["verb"]["id"]] for each in told(node)]


def test_a_part_is_told_what_its_course_wants(opened: Open, river: Manifest, node: Node) -> None:
    """By its address, which keeps its own words, and in documents that it may only read; launched is recorded."""
    part = opened()
    assert part.address.endswith("#top")
    assert part.told["lang"] == "en"
    assert part.told["activityId"] == activity(river.id, "lights") != f"{cmi5.NAME}/lights"
    first, again = part.fetch(), part.fetch()
    assert first.keys() == {"auth-token"}
    assert again["error-code"] == "1"
    assert part.frames.post("/_cmi5/fetch/nonsense").json["error-code"] == "2"
    part = opened().begin()
    assert part.data | {"contextTemplate": 0, "returnURL": 0} == {
        **{"contextTemplate": 0, "launchMode": "Normal", "moveOn": "CompletedAndPassed", "masteryScore": 0.8},
        **{"launchParameters": "level=2", "returnURL": 0},
    }
    assert part.data["contextTemplate"]["contextActivities"] == {"grouping": [{"id": f"{cmi5.NAME}/lights"}]}
    assert part.data["returnURL"] == "http://localhost:8081/_cmi5/over/"
    assert "✓" in part.frames.get("/_cmi5/over/").text
    assert part.preferences("GET").json == {"languagePreference": "en", "audioPreference": "on"}
    last = told(node, "launched")[-1]
    assert last["context"]["extensions"][SESSION_ID] == part.session
    assert {"id": CMI5} in last["context"]["contextActivities"]["category"]
    ends = {name.rpartition("/")[2]: value for name, value in last["context"]["extensions"].items()}
    assert (ends["launchmode"], ends["masteryscore"], ends["moveon"]) == ("Normal", 0.8, "CompletedAndPassed")
    assert ends["launchurl"].endswith("au.html?lang=en#top")
    apart = opened("signals").begin()
    assert apart.data["entitlementKey"] == {"courseStructure": "K-1"}
    assert apart.data["returnURL"] == f"http://localhost/library/{river.id}/"
    assert (apart.told["registration"], apart.session == part.session) == (part.told["registration"], False)


def test_what_a_part_reaches_reaches_its_learner(opened: Open, cast: Cast, river: Manifest, node: Node) -> None:
    """Completed and passed with a score; the block and then the course are satisfied, each once; then it is looked at
    again."""
    part = opened().begin()
    assert [part.say("initialized"), part.say("completed"), part.say("passed", score={"scaled": 0.85})] == [200] * 3
    assert "satisfied" not in verbs(node)
    assert part.say("terminated") == 200
    row = node.tables.Progress.get(
        (node.tables.Progress.person == cast.person("learner").id) & (node.tables.Progress.item == "lights")
    )
    assert (row.state, row.score) == (3, 850)
    assert "passed" in cast.client("learner").get(f"/library/{river.id}/").text
    other = opened("signals").begin()
    assert [other.say("initialized"), other.say("completed"), other.say("terminated")] == [200] * 3
    assert verbs(node)[-4:] == ["completed", "satisfied", "satisfied", "terminated"]
    block, whole = told(node, "satisfied")
    assert block["object"]["definition"]["type"].endswith("activitytype/block")
    assert whole["object"] == {"id": activity(river.id), "definition": {"type": whole["object"]["definition"]["type"]}}
    for each, name in ((block, f"{cmi5.NAME}/day"), (whole, cmi5.NAME)):
        assert {"id": name} in each["context"]["contextActivities"]["grouping"]
        assert each["context"]["extensions"] == {SESSION_ID: other.session}
        assert each["object"]["id"] != name
    again = opened().begin()
    assert again.data["launchMode"] == "Review"
    assert [again.say("initialized"), again.say("passed"), again.say("terminated")] == [200, 403, 200]
    assert len(told(node, "satisfied")) == 2


def test_a_failed_part_is_tried_again(opened: Open) -> None:
    """In a new session; each session judges once, and failed does not follow passed."""
    part = opened().begin()
    assert [part.say("initialized"), part.say("failed", score={"scaled": 0.5})] == [200, 200]
    assert part.say("passed", score={"scaled": 0.9}) == 403
    part = opened().begin()
    assert part.data["launchMode"] == "Normal"
    assert [part.say("initialized"), part.say("passed", score={"scaled": 0.9})] == [200, 200]
    part = opened().begin()
    assert [part.say("initialized"), part.say("failed")] == [200, 403]


def test_what_is_left_is_abandoned(opened: Open, node: Node, clock: HandClock) -> None:
    """When it is opened again, once, with how long it lasted; nothing is taken from it after that."""
    part = opened().begin()
    assert part.say("initialized") == 200
    again = opened()
    (left,) = told(node, "abandoned")
    assert left["context"]["extensions"][SESSION_ID] == part.session
    assert left["result"].keys() == {"duration"}
    assert part.say("completed") == 403
    assert part.state("GET", "LMS.LaunchData").status_code == 403
    assert [again.begin().say("initialized"), again.say("terminated")] == [200, 200]
    assert again.say(FREE) == 403
    opened("signals")
    clock.advance(86_400)
    opened()
    assert len(told(node, "abandoned")) == 2


def test_what_is_sent_again_is_no_second_time(opened: Open, node: Node) -> None:
    """A line that was cut before the answer came does no harm."""
    part = opened().begin()
    part.say("initialized")
    done = part.statement("completed")
    for _ in range(2):
        assert part.ask("POST", "statements", done).status_code == 200
    assert verbs(node).count("completed") == 1
    batch = [part.statement("passed", score={"scaled": 0.9}), part.statement("completed")]
    assert part.ask("POST", "statements", batch).status_code == 403
    assert "passed" not in verbs(node)
    assert part.say("passed", score={"scaled": 0.9}) == 200


def changed(said: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A statement with something of it changed, or gone for None."""
    found = copy.deepcopy(said)
    *above, last = path.split(" ")
    place: Any = found
    for each in above:
        place = place.setdefault(each, {})
    if value is None:
        place.pop(last, None)
    else:
        place[last] = value
    return found


CATEGORY = "context contextActivities category"
EXTENSIONS = "context extensions"
MASTERY = f"{EXTENSIONS} https://w3id.org/xapi/cmi5/context/extensions/masteryscore"
GOOD = {"score": {"scaled": 0.9}}
BROKEN: dict[str, tuple[str, dict[str, Any], str, Any, str]] = {
    "no id": ("completed", {}, "id", None, "9.1"),
    "no time": ("completed", {}, "timestamp", None, "9.7"),
    "a local time": ("completed", {}, "timestamp", "2026-11-23T10:00:00+03:00", "9.7"),
    "another session": ("completed", {}, f"{EXTENSIONS} {SESSION_ID}", "x", "9.6.3.1"),
    "no session": (FREE, {}, EXTENSIONS, None, "9.6.3.1"),
    "not from the template": (FREE, {}, "context contextActivities grouping", [{"id": "urn:x:y"}], "10.2.1"),
    "a verb of the hub": ("satisfied", {}, "x", None, "9.3"),
    "waived": ("https://w3id.org/xapi/adl/verbs/waived", {}, "x", None, "9.3"),
    "initialized again": ("initialized", {}, "x", None, "9.3"),
    "a part of the part": ("completed", {}, "object id", "below", "9.4"),
    "no success": ("passed", GOOD, "result success", None, "9.5.2"),
    "a wrong success": ("passed", GOOD, "result success", False, "9.5.2"),
    "success of completed": ("completed", {}, "result success", True, "9.5.2"),
    "no completion": ("completed", {}, "result completion", None, "9.5.3"),
    "a wrong completion": ("completed", {}, "result completion", False, "9.5.3"),
    "no duration": ("terminated", {}, "result duration", None, "9.5.4"),
    "no duration of completed": ("completed", {}, "result duration", None, "9.5.4"),
    "no category": ("completed", {}, CATEGORY, [{"id": CMI5}], "9.6.2.2"),
    "moveOn of another": (FREE, {}, CATEGORY, [{"id": MOVE_ON_CATEGORY}], "9.6.2.2"),
    "moveOn of terminated": ("terminated", {}, CATEGORY, [{"id": CMI5}, {"id": MOVE_ON_CATEGORY}], "9.6.2.2"),
    "a score of completed": ("completed", GOOD, "x", None, "9.5.1"),
    "raw alone": ("passed", {"score": {"scaled": 0.9, "raw": 9}}, "x", None, "9.5.1"),
    "no masteryScore": ("passed", GOOD, MASTERY, None, "9.6.3.2"),
    "passed with too little": ("passed", {"score": {"scaled": 0.7}}, "x", None, "9.3.4"),
    "failed with enough": ("failed", {"score": {"scaled": 0.8}}, "x", None, "9.3.5"),
}


def test_statements_against_the_rules_are_refused(opened: Open, node: Node) -> None:
    """403 and the rule, nothing is kept, and the next good one is taken."""
    part = opened().begin()
    assert part.ask("POST", "statements", part.statement(FREE)).status_code == 403
    assert part.say("initialized") == 200
    wrong = {}
    for case, (verb, result, path, value, rule) in BROKEN.items():
        said = part.statement(verb, **result)
        value = f"{part.told['activityId']}:below" if value == "below" else value
        answer = part.ask("POST", "statements", changed(said, path, value))
        if answer.status_code != 403 or rule not in answer.text:
            wrong[case] = (answer.status_code, answer.text)
    assert wrong == {}
    assert [name for name in verbs(node) if name != "launched"] == ["initialized"]
    assert part.ask("POST", "statements", part.statement(FREE)).status_code == 200


def test_a_part_begins_by_the_order(opened: Open) -> None:
    """Not before it has read what its learner prefers; the word that fetches opens nothing by itself."""
    part = opened()
    word = part.told["fetch"].rpartition("/")[2]
    part.auth = f"Basic {part.fetch()['auth-token']}"
    part.data = dict(part.state("GET", "LMS.LaunchData").json or {})
    assert part.say("initialized") == 403
    assert part.preferences("GET").status_code == 200
    assert part.say("initialized") == 200
    assert (
        part.client.get(
            "/xapi/statements", auth=("launch", word), headers={"X-Experience-API-Version": "1.0.3"}
        ).status_code
        == 401
    )


SERIES = {"activityId": "activityId", "agent": "actor", "registration": "registration"}


def test_a_part_reaches_its_own_alone(opened: Open, cast: Cast, river: Manifest, node: Node) -> None:
    """Its documents, of its learner, in its registration; what the hub told it, and what is preferred, only to read."""
    part = opened().begin()
    assert part.state("PUT", "bookmark", {"page": 3}).status_code == 204
    other = {"name": "x", "account": {"homePage": "urn:mangrove:people", "name": cast.person("neighbour").id}}
    agent = str(other).replace("'", '"')
    refused = [
        *(part.state("PUT", "LMS.LaunchData", {"launchMode": "Browse"}), part.state("DELETE", "LMS.LaunchData")),
        *(part.state("GET", "bookmark", registration=""), part.state("GET", "bookmark", agent=agent)),
        *(part.state("GET", "cmi5", activityId=activity(river.id)), part.state("PUT", "x", {}, activityId="urn:x:y")),
        *(
            part.preferences("PUT", {"languagePreference": "en", "audioPreference": "off"}),
            part.preferences("GET", agent=agent),
        ),
        *(
            part.preferences("GET", profileId="other"),
            part.ask("GET", f"activities/state?activityId={activity(river.id, 'extra')}&agent={agent}"),
        ),
    ]
    assert [each.status_code for each in refused] == [403] * len(refused)
    series = "&".join(f"{each}={quote(part.told[name])}" for each, name in SERIES.items())
    assert part.ask("DELETE", f"activities/state?{series}").status_code == 403
    assert opened().begin().state("GET", "bookmark").json == {"page": 3}
    brother = opened(role="neighbour").begin()
    assert brother.state("GET", "bookmark").status_code == 404
    assert brother.told["registration"] != part.told["registration"]
    said = brother.statement("initialized")
    assert part.ask("POST", "statements", said).status_code == 403
    mine = changed(brother.statement("initialized"), "actor", other)
    assert brother.ask("POST", "statements", changed(mine, "object id", activity(river.id, "extra"))).status_code == 403


def test_a_guest_is_told_why_it_does_not_open(cast: Cast, river: Manifest, node: Node) -> None:
    """And has the way on; nothing is recorded."""
    page = cast.client("outsider").get(f"/learn/{river.id}/lights/").text
    assert "Sign in" in page
    assert "<iframe" not in page
    assert told(node) == []


def test_parts_that_need_nothing_are_satisfied_from_the_start(
    cast: Cast, node: Node, frames: FlaskClient, tmp_path: Path
) -> None:
    """NotApplicable is looked at when somebody begins with the course, before launched (9.6.1)."""
    whole = cmi5.structure(cmi5.block("free", cmi5.block("inner", cmi5.au("one"))), cmi5.au("two", moveOn="Passed"))
    manifest = library.package(node, library.add(node, source=cmi5.package(tmp_path / "a.zip", whole)).package)
    cast.client("learner").get(f"/learn/{manifest.id}/one/")
    assert verbs(node) == ["satisfied", "satisfied", "launched"]
    inner, outer, first = (each["context"]["contextActivities"]["grouping"][0]["id"] for each in told(node))
    assert (inner, outer, first) == (f"{cmi5.NAME}/inner", f"{cmi5.NAME}/free", f"{cmi5.NAME}/one")
