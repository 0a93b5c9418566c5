"""Tickets: content on the second origin reports about its learner, itself and this sitting, and nothing else."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from hub import keys
from hub.learning import Opened
from hub.node import Node
from hub.vocabulary import VERBS, VOIDED, activity, person_actor
from tests.fixtures.cast import Cast
from tests.fixtures.clock import HandClock
from tests.fixtures.learning import PACKAGE, Tool, statement

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
