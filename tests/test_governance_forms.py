"""The forms of `/community/decisions/`: whose words they are, what is kept when they are refused, what comes first."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from hub import typed
from hub.governance import adopting, proposals, rounds
from hub.governance.adopting import Look
from hub.governance.proposals import Amendment, Words
from hub.governance.rounds import Speech
from hub.governance.standing import Proposal
from hub.node import Node
from hub.people import circles
from hub.people.roster import Person
from hub.tables.governance import CONSENT
from tests.fixtures.cast import Cast

ROOT = "/community/decisions"
WORDS = Words("Open on Sundays", "We open on Sundays. One of us keeps the door.", "baobab", "en")
MONDAYS = "We open on Mondays. One of us keeps the door."


@pytest.fixture
def opened(node: Node, cast: Cast) -> Proposal:
    """A proposal of the steward's in its consent round."""
    steward = cast.person("steward")
    made = proposals.open_proposal(node, actor=steward, words=WORDS)
    return proposals.move(node, actor=steward, proposal=made.id, step=CONSENT)


def _consent(node: Node, found: Proposal, person: Person, text: str = "") -> Proposal:
    speech = Speech(person, person.id, text, "en")
    return rounds.consent(node, proposal=found.id, version=found.version.id, speech=speech)


def _adopted(node: Node, cast: Cast, opened: Proposal) -> Proposal:
    found = _consent(node, opened, cast.person("partner"))
    return adopting.adopt(node, actor=cast.person("steward"), proposal=found.id, version=found.version.id, months=6)


def _chosen(client: FlaskClient, address: str) -> str:
    return re.search(r'<select id="field-person".*?</select>', client.get(address).text, re.S).group()


def test_for_the_room_nobody_is_chosen_beforehand(node: Node, cast: Cast, opened: Proposal) -> None:
    """The steward says whose words they are; from the buttons of their own they are their own."""
    client, address = cast.client("steward"), f"{ROOT}/{opened.id}/say/objection/"
    assert f'href="{address}?for=room"' in client.get(f"{ROOT}/{opened.id}/").text
    empty = _chosen(client, f"{address}?for=room")
    assert " required" in empty and " selected" not in empty.replace('value="" selected', "")
    assert f'value="{cast.person("steward").id}" selected' in _chosen(client, address)
    sent = {"version": opened.version.id, "text": "Too far.", "person": ""}
    answer = client.post(address, data=sent)
    assert (answer.status_code, proposals.proposal(node, opened.id).objections) == (400, ())
    assert "choose who says it" in answer.text and "Too far." in answer.text


def test_outside_a_circle_a_steward_is_not_put_in_another_s_place(node: Node, cast: Cast) -> None:
    """The steward has no voice there, so nobody stands chosen."""
    circle = circles.add_circle(node, name="Evening", picture="fire")
    circles.join(node, circle=circle.id, person=cast.person("partner").id)
    made = proposals.open_proposal(node, actor=cast.person("steward"), words=WORDS, circle=circle.id)
    shown = _chosen(cast.client("steward"), f"{ROOT}/{made.id}/say/question/")
    assert 'value="" selected' in shown and cast.person("partner").id in shown


def test_a_proposer_outside_the_circle_is_said_on_the_form(node: Node, cast: Cast) -> None:
    """With what was typed; a child of the circle proposes for it."""
    child, client = cast.person("learner"), cast.client("steward")
    circle = circles.add_circle(node, name="Evening", picture="fire")
    sent = {"title": "Songs", "text": "We sing on Fridays.", "proposer": child.id, "circle": circle.id}
    answer = client.post(f"{ROOT}/new/", data=sent)
    assert answer.status_code == 400
    assert "among those whom it concerns" in answer.text and "We sing on Fridays." in answer.text
    assert f'value="{child.id}" selected' in answer.text
    circles.join(node, circle=circle.id, person=child.id)
    assert client.post(f"{ROOT}/new/", data=sent).status_code == 303


def test_a_review_is_one_form_that_keeps_its_note(node: Node, cast: Cast, opened: Proposal) -> None:
    """What comes of it is chosen beside the note; refused, all of it stays."""
    found, client = _adopted(node, cast, opened), cast.client("steward")
    address = f"{ROOT}/{found.id}/review/"
    assert re.findall(r'name="outcome" value="(\w+)"', client.get(address).text) == ["keep", "change", "end"]
    sent = {"outcome": "change", "number": "0", "months": "3", "title": "Mondays", "text": " ", "note": "Few came."}
    answer = client.post(address, data=sent)
    assert (answer.status_code, "Few came." in answer.text) == (400, True)
    assert 'value="change" checked' in answer.text and 'name="months" value="3" checked' in answer.text


def test_while_a_change_is_open_the_page_leads_to_it(node: Node, cast: Cast, opened: Proposal) -> None:
    """Nothing else is said of it, and no form is shown."""
    found, client = _adopted(node, cast, opened), cast.client("steward")
    new = adopting.change(node, Look(cast.person("steward"), found.id, 0), words=Words("Mondays", MONDAYS))
    shown = client.get(f"{ROOT}/{found.id}/review/", follow_redirects=True).text
    assert "A change of it is proposed already" in shown
    assert f'class="main-action" href="{ROOT}/{new.id}/"' in shown


def test_a_stale_amendment_is_shown_what_changed(node: Node, cast: Cast, opened: Proposal) -> None:
    """Above the form, which keeps its text and its ticks."""
    partner = cast.person("partner")
    speech = Speech(partner, partner.id, "Too far.", "en")
    found = rounds.object_to(node, proposal=opened.id, version=opened.version.id, speech=speech)
    sent = {"version": opened.version.id, "text": "On Tuesdays.", "integrates": found.objections[0].id}
    mondays = Amendment(opened.version.id, MONDAYS)
    proposals.amend(node, actor=cast.person("steward"), proposal=opened.id, amendment=mondays)
    shown = cast.client("steward").post(f"{ROOT}/{opened.id}/amend/", data=sent).text
    assert shown.index("<del") < shown.index("<ins") < shown.index("On Tuesdays.")
    assert f'value="{found.objections[0].id}" checked' in shown


def test_what_comes_first_waits_for_whoever_looks(node: Node, cast: Cast, opened: Proposal) -> None:
    """Not for a child who listens, nor for whoever has spoken; both find it in the list."""
    first = f'class="main-action" href="{ROOT}/{opened.id}/"'
    assert first in cast.client("partner").get(f"{ROOT}/").text
    _consent(node, opened, cast.person("partner"))
    for role in ("partner", "learner"):
        shown = cast.client(role).get(f"{ROOT}/").text
        assert (first in shown, "Open on Sundays" in shown, "main-action" in shown) == (False, True, False)


def test_an_earlier_concern_stands_on_page_minutes_and_review(node: Node, cast: Cast, opened: Proposal) -> None:
    """With the version it was said of."""
    _consent(node, opened, cast.person("partner"), "Bring lamps.")
    mondays = Amendment(opened.version.id, MONDAYS)
    amended = proposals.amend(node, actor=cast.person("steward"), proposal=opened.id, amendment=mondays)
    found = _consent(node, amended, cast.person("facilitator"))
    adopting.adopt(node, actor=cast.person("steward"), proposal=found.id, version=found.version.id, months=6)
    for page in ("", "minutes/", "review/"):
        shown = cast.client("steward").get(f"{ROOT}/{opened.id}/{page}").text
        assert "Bring lamps." in shown and "about version 1" in shown


def test_nobody_adopts_by_address_before_it_may_be(cast: Cast, node: Node, opened: Proposal) -> None:
    """Back to the proposal with the reason; an answer without its question is not there."""
    client = cast.client("steward")
    answer = client.get(f"{ROOT}/{opened.id}/adopt/", follow_redirects=True)
    assert answer.request.path == f"{ROOT}/{opened.id}/"
    assert "Nobody has consented to this text yet" in unescape(answer.text)
    assert client.get(f"{ROOT}/{opened.id}/say/answer/").status_code == 404
    _consent(node, opened, cast.person("partner"))
    assert client.get(f"{ROOT}/{opened.id}/adopt/").status_code == 200


def test_marks_of_direction_are_dropped() -> None:
    """Whoever pastes Arabic brings them along; the words stay, and marks alone are no words."""
    assert typed.text("\u200fنفتح\u061c يوم الأحد.\u200e") == "نفتح يوم الأحد."
    assert typed.title("\u200f نفتح") == "نفتح"
