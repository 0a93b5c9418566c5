"""Tickets: content on the second origin reports about its learner, itself and this sitting, and nothing else."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext

from hub import keys, library
from hub.learning import Opened
from hub.node import Node
from hub.people import roster, sessions
from hub.vocabulary import VERBS, VOIDED, activity, person_actor
from tests.fixtures import packages
from tests.fixtures.cast import Cast
from tests.fixtures.clock import HandClock
from tests.fixtures.learning import PACKAGE, Tool, statement
from tests.fixtures.web import Served

SITTING = "aaaaaaaa-2222-4333-8444-555555555555"
PERSON = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
PLAY = activity(PACKAGE, "play")


def _said(**parts: Any) -> dict[str, Any]:
    return statement(**{"object": {"id": PLAY}, "context": {"registration": SITTING}, **parts})


@pytest.fixture
def content(node: Node, client: FlaskClient) -> Tool:
    """Launched content."""
    word = keys.write_ticket(node, person=PERSON, activity=PLAY, registration=SITTING)
    return Tool(client, "launch", word)


@pytest.mark.parametrize("below", ["", ":level-1", "/level/1", "#3", "?q=1"])
def test_content_reports_of_itself_and_what_is_below(content: Tool, below: str) -> None:
    """Its own activity, or a part of it, by POST and by PUT."""
    said = _said(object={"id": PLAY + below})
    assert content.ask("POST", body=said).status_code == 200
    assert content.ask("PUT", f"statements?statementId={SITTING}", said).status_code == 204


FOREIGN = {
    "another learner": _said(actor=person_actor(OTHER)),
    "a group": _said(actor={**person_actor(PERSON), "objectType": "Group", "member": [person_actor(OTHER)]}),
    "another activity": _said(object={"id": activity(PACKAGE, "quiz")}),
    "an activity that begins alike": _said(object={"id": PLAY + "er"}),
    "another sitting": _said(context={"registration": OTHER}),
    "no sitting": _said(context={}),
    "a person": _said(object=person_actor(PERSON)),
    "a voiding": _said(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": SITTING}),
}


@pytest.mark.parametrize("case", FOREIGN)
def test_content_reports_of_nothing_else(content: Tool, node: Node, case: str) -> None:
    """403, and nothing of it is kept: of a batch, or of one that is put."""
    assert content.ask("POST", body=[_said(), FOREIGN[case]]).status_code == 403
    assert content.ask("PUT", f"statements?statementId={SITTING}", FOREIGN[case]).status_code == 403
    assert node.tables.Statement.select().count() == 0


def test_content_reads_only_what_it_wrote_in_this_sitting(content: Tool, tool: Tool, node: Node) -> None:
    """Not what others wrote of it, nor its own of another learner's sitting."""
    tool.send(_said())
    word = keys.write_ticket(node, person=OTHER, activity=PLAY, registration=OTHER)
    Tool(tool.client, "launch", word).send(_said(actor=person_actor(OTHER), context={"registration": OTHER}))
    (mine,) = content.send(_said())
    assert [each["id"] for each in content.find()] == [mine]


def test_a_ticket_runs_out(content: Tool, clock: HandClock) -> None:
    """After a few hours; what was sent before stays."""
    content.send(_said())
    clock.advance(keys.TICKET_MS / 1000 + 1)
    answer = content.ask("POST", body=_said())
    assert (answer.status_code, "safe" in answer.text) == (401, True)


def test_a_ticket_cannot_be_changed(node: Node, client: FlaskClient) -> None:
    """Whoever opens it finds no seal for another person."""
    word = keys.write_ticket(node, person=PERSON, activity=PLAY, registration=SITTING)
    raw = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
    forged = base64.urlsafe_b64encode(raw.replace(PERSON.encode(), OTHER.encode())).decode().rstrip("=")
    assert Tool(client, "launch", forged).ask("GET").status_code == 401


def test_opening_an_activity_gives_it_its_ticket(cast: Cast, node: Node, market: Callable[[str], Opened]) -> None:
    """The frame's address tells it where, who and what, and the proof opens the door for this learner."""
    page = cast.client("learner").get(f"/learn/{PACKAGE}/play/").text
    source = page.split('src="http://localhost:8081/')[1].split('"')[0].replace("&amp;", "&")
    told = {name: values[0] for name, values in parse_qs(urlsplit(source).query).items()}
    assert (told["endpoint"], told["activity_id"]) == ("http://localhost/xapi/", PLAY)
    said = statement(
        actor=person_actor(cast.person("learner").id),
        verb={"id": VERBS["passed"]},
        object={"id": PLAY},
        context={"registration": told["registration"]},
    )
    headers = {"Authorization": told["auth"], "X-Experience-API-Version": "1.0.3", "Origin": "null"}
    answer = cast.client("outsider").post("/xapi/statements", json=said, headers=headers)
    assert answer.status_code == 200
    assert node.tables.Progress.get().state == 3


def test_a_guest_s_activity_gets_no_ticket(cast: Cast, market: Callable[[str], Opened]) -> None:
    """It runs, and nothing is kept."""
    page = cast.client("outsider").get(f"/learn/{PACKAGE}/play/").text
    assert "localhost:8081" in page
    assert "auth=" not in page


def place(kind: str, **words: str) -> str:
    """The address of a document or a description."""
    return f"{kind}?{urlencode(words)}"


def who(person: str) -> str:
    """A person as an address names them."""
    return json.dumps(person_actor(person))


def state(name: str = "x", *, what: str = PLAY, person: str = PERSON, sitting: str = SITTING) -> str:
    """The address of a state, or of all of them without a name."""
    words = {"activityId": what, "agent": who(person), "registration": sitting, "stateId": name}
    return place("activities/state", **{word: value for word, value in words.items() if value})


def rows(node: Node) -> list[Any]:
    """The documents that stand."""
    return list(node.database.execute_sql("SELECT id, etag FROM document ORDER BY id").fetchall())


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
@pytest.mark.parametrize("where", [{}, {"what": f"{PLAY}:level-1"}, {"sitting": ""}, {"sitting": SITTING.upper()}])
def test_content_keeps_its_state(content: Tool, version: str, where: dict[str, str]) -> None:
    """Of itself or what is below it, of its learner, in its sitting or in none: put, read, merged, listed, deleted."""
    content.version = version
    assert content.ask("PUT", state(**where), {"place": 3}, headers={"If-None-Match": "*"}).status_code == 204
    assert content.ask("POST", state(**where), {"score": 5}).status_code == 204
    assert content.ask("GET", state(**where)).json == {"place": 3, "score": 5}
    assert content.ask("GET", state("", **where)).json == ["x"]
    assert content.ask("DELETE", state(**where)).status_code == 204
    assert content.ask("GET", state("", **where)).json == []
    content.ask("POST", state("y", **where), {"a": 1})
    assert content.ask("DELETE", state("", **where)).status_code == 204
    assert content.ask("GET", state("y", **where)).status_code == 404


NOT_ITS_OWN = {
    "another learner": {"person": OTHER},
    "another activity": {"what": activity(PACKAGE, "quiz")},
    "an activity that begins alike": {"what": PLAY + "er"},
    "what is above it": {"what": activity(PACKAGE)},
    "another sitting": {"sitting": OTHER},
}


@pytest.mark.parametrize("case", NOT_ITS_OWN)
def test_content_keeps_no_other_state(content: Tool, tool: Tool, node: Node, case: str) -> None:
    """403 for every method, and nothing is changed; also where a document stands."""
    address = state(**NOT_ITS_OWN[case])
    assert tool.ask("PUT", address, {"a": 1}).status_code == 204
    before = rows(node)
    for method in ("GET", "HEAD", "PUT", "POST", "DELETE"):
        body = {"b": 2} if method in ("PUT", "POST") else None
        for each in (address, state("", **NOT_ITS_OWN[case])) if body is None else (address,):
            assert content.ask(method, each, body, headers={"If-Match": "*"} if body else {}).status_code == 403
    assert rows(node) == before


def test_content_reads_the_profile_of_its_activity_and_writes_none(content: Tool, tool: Tool, node: Node) -> None:
    """What it wrote there would be every learner's; with an agent's profile it has nothing to do."""
    own, other = (place("activities/profile", activityId=what, profileId="x") for what in (PLAY, "http://a.org/b"))
    person = place("agents/profile", agent=who(PERSON), profileId="x")
    for address in (own, other, person):
        assert tool.ask("PUT", address, {"a": 1}, headers={"If-None-Match": "*"}).status_code == 204
    before = rows(node)
    assert content.ask("GET", own).json == {"a": 1}
    assert content.ask("GET", place("activities/profile", activityId=PLAY)).json == ["x"]
    assert [content.ask("GET", address).status_code for address in (other, person)] == [403, 403]
    for address in (own, other, person):
        for method in ("PUT", "POST", "DELETE"):
            body = {"b": 2} if method != "DELETE" else None
            assert content.ask(method, address, body, headers={"If-Match": "*"}).status_code == 403
    assert rows(node) == before


def test_content_asks_of_its_own_learner_and_activity_alone(content: Tool) -> None:
    """What they are called, and nobody else."""
    for kind, word, own, other in (
        ("agents", "agent", who(PERSON), who(OTHER)),
        ("activities", "activityId", PLAY, activity(PACKAGE, "quiz")),
    ):
        asked = [content.ask("GET", place(kind, **{word: value})).status_code for value in (own, other)]
        assert asked == [200, 403]


def launched(cast: Cast, role: str = "learner") -> tuple[FlaskClient, dict[str, str]]:
    """Somebody's browser, and what an activity that was opened there is told."""
    client = cast.client(role)
    page = client.get(f"/learn/{PACKAGE}/play/").text
    source = page.split('src="http://localhost:8081/')[1].split('"')[0].replace("&amp;", "&")
    return client, {name: values[0] for name, values in parse_qs(urlsplit(source).query).items()}


def status(cast: Cast, told: dict[str, str]) -> int:
    """What the door says to the activity."""
    headers = {"Authorization": told["auth"], "X-Experience-API-Version": "1.0.3", "Origin": "null"}
    words = {"activityId": told["activity_id"], "agent": told["actor"], "registration": told["registration"]}
    return cast.client("outsider").get(place("/xapi/activities/state", **words), headers=headers).status_code


@pytest.mark.usefixtures("market")
def test_a_ticket_ends_with_the_sign_in(cast: Cast, node: Node) -> None:
    """When its learner signs out, when a keeper signs them out everywhere, or when they rest; not before."""
    client, told = launched(cast)
    assert status(cast, told) == 200
    client.post("/people/sign-out/")
    assert status(cast, told) == 401
    _, told = launched(cast)
    sessions.end_all(node, person=cast.person("learner").id)
    assert status(cast, told) == 401
    _, told = launched(cast)
    roster.set_active(node, person=cast.person("learner").id, is_active=False)
    assert status(cast, told) == 401


def test_a_ticket_ends_with_its_sitting(cast: Cast, node: Node, market: Callable[[str], Opened]) -> None:
    """What comes late, when its learner is done, is taken; once it is opened anew the old proof opens nothing."""
    client, told = launched(cast)
    client.post(f"/learn/{PACKAGE}/play/finish/")
    assert status(cast, told) == 200
    _, anew = launched(cast)
    assert (status(cast, told), status(cast, anew)) == (401, 200)
    launched(cast, "neighbour")
    assert status(cast, anew) == 200


@pytest.mark.usefixtures("market")
def test_a_ticket_outlives_a_rest_of_the_phone(cast: Cast, clock: HandClock, node: Node) -> None:
    """Whoever plays long touches no page of ours, and must lose nothing."""
    _, told = launched(cast)
    clock.advance(node.settings.shared_idle * 3)
    assert status(cast, told) == 200


KEEPING = """<!doctype html><html lang="en"><title>Keeps its place</title><script>
const given = Object.fromEntries(new URLSearchParams(location.search));
const words = new URLSearchParams({
  activityId: given.activity_id, agent: given.actor, registration: given.registration, stateId: "bookmark",
});
const address = given.endpoint + "activities/state?" + words;
const headers = {"Content-Type": "application/json", "Authorization": given.auth, "X-Experience-API-Version": "1.0.3"};
(async () => {
  const found = await fetch(address, {headers});
  const place = found.status === 404 ? 0 : (await found.json()).place;
  const kept = await fetch(address, {method: "PUT", headers, body: JSON.stringify({place: place + 7})});
  console.log("place " + place + " " + kept.status);
})().catch((mistake) => console.log("place nowhere: " + mistake));
</script></html>"""


@pytest.mark.browser
def test_an_activity_goes_on_where_it_was_left(
    served: Served, cast: Cast, node: Node, phone: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """It runs on the second origin, keeps its place, is closed, and finds it when it is opened again."""
    package = library.add(node, source=packages.page_zip(tmp_path / "keeps.zip", KEEPING)).package
    cookie = cast.client("learner").get_cookie("mangrove")
    assert cookie is not None
    found = []
    for _ in range(2):
        context = phone()
        context.add_cookies([{"name": "mangrove", "value": cookie.value, "url": served.url, "httpOnly": True}])
        page = context.new_page()
        with page.expect_console_message(lambda message: message.text.startswith("place ")) as said:
            page.goto(f"{served.url}/learn/{package}/item/", wait_until="commit")
        found.append(said.value.text)
        context.close()
    assert found == ["place 0 204", "place 7 204"]
