"""`/community/decisions/`: who sees what, who may do what, and what the pages say."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from hub.governance import proposals
from hub.governance.adopting import adopt
from hub.governance.proposals import Words
from hub.governance.rounds import Speech, consent
from hub.governance.standing import Proposal
from hub.node import Node
from hub.tables.governance import CLARIFYING, CONSENT
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.clock import HandClock

ROOT = "/community/decisions"
WORDS = Words("Open on Sundays", "We open on Sundays. One of us keeps the door.", "baobab", "en")
HALF_A_YEAR_S = 190 * 86_400
CHILDREN = ("learner", "neighbour")
"""Those of the cast who only learn; everybody of it was born in 2016, and the others hold a role."""


@pytest.fixture
def opened(node: Node, cast: Cast) -> Proposal:
    """A proposal of the facilitator's in its consent round."""
    steward, facilitator = cast.person("steward"), cast.person("facilitator")
    made = proposals.open_proposal(node, actor=steward, words=WORDS, proposer=facilitator.id)
    return proposals.move(node, actor=steward, proposal=made.id, step=CONSENT)


@pytest.fixture
def adopted(node: Node, cast: Cast, opened: Proposal) -> Proposal:
    """The same, adopted."""
    steward, partner = cast.person("steward"), cast.person("partner")
    consent(node, proposal=opened.id, version=opened.version.id, speech=Speech(partner, partner.id))
    return adopt(node, actor=steward, proposal=opened.id, version=opened.version.id, months=6)


def _wanted(role: str) -> int:
    return {OUTSIDER: 303, "region": 403}.get(role, 200)


@pytest.mark.parametrize("role", ROLES)
def test_whoever_belongs_here_looks(cast: Cast, opened: Proposal, role: str) -> None:
    """A guest is led to sign in, the region gets nothing; neither reads a name or a word of it."""
    client = cast.client(role)
    for address in ("/", "/register/", f"/{opened.id}/", f"/{opened.id}/minutes/", f"/{opened.id}/say/objection/"):
        answer = client.get(ROOT + address)
        assert answer.status_code == _wanted(role)
        if role in (OUTSIDER, "region"):
            assert "Sundays" not in answer.text and "Mr. Otieno" not in answer.text


@pytest.mark.parametrize("role", ROLES)
def test_only_stewards_keep_the_rounds(node: Node, cast: Cast, opened: Proposal, role: str) -> None:
    """Everybody else is refused on every one of their pages and forms, and nothing changes."""
    client, keeps = cast.client(role), role == "steward"
    pages = ("/new/", f"/{opened.id}/hands/")
    wanted = 200 if keeps else 303 if role == OUTSIDER else 403
    assert {client.get(ROOT + each).status_code for each in pages} == {wanted}
    if not keeps:
        forms = ("/new/", *(f"/{opened.id}/{each}/" for each in ("step", "hands", "adopt", "review")))
        sent = {"title": "x", "text": "x", "step": CONSENT, "version": opened.version.id, "months": "6"}
        assert {client.post(ROOT + each, data=sent).status_code for each in forms} == {403}
        assert proposals.proposal(node, opened.id) == opened


@pytest.mark.parametrize("role", ROLES)
def test_whoever_has_a_voice_uses_it(node: Node, cast: Cast, opened: Proposal, role: str) -> None:
    """Children look on; guests and the region are refused; what they sent is not kept."""
    client, version = cast.client(role), {"version": opened.version.id}
    may = role not in (*CHILDREN, OUTSIDER, "region")
    answer = client.post(f"{ROOT}/{opened.id}/say/consent/", data=version)
    assert answer.status_code == (303 if may else 403)
    assert len(proposals.proposal(node, opened.id).consenting) == int(may)
    refused = client.post(f"{ROOT}/{opened.id}/say/objection/", data={**version, "text": "No."})
    assert (refused.status_code, len(proposals.proposal(node, opened.id).open_objections)) == (
        (303, 1) if may else (403, 0)
    )


def test_nobody_amends_or_takes_back_what_is_another_s(node: Node, cast: Cast, opened: Proposal) -> None:
    """The partner did not propose it; the facilitator did."""
    sent = {"version": opened.version.id, "text": "We open on Mondays."}
    for act in ("amend", "withdraw"):
        assert cast.client("partner").post(f"{ROOT}/{opened.id}/{act}/", data=sent).status_code == 403
        assert cast.client("facilitator").post(f"{ROOT}/{opened.id}/{act}/", data=sent).status_code == 303
    found = proposals.proposal(node, opened.id)
    assert (len(found.line), found.is_withdrawn) == (2, True)


def test_nobody_takes_back_anothers_objection(node: Node, cast: Cast, opened: Proposal) -> None:
    """The partner objects; the steward cannot undo it, the partner can."""
    partner = cast.client("partner")
    partner.post(f"{ROOT}/{opened.id}/say/objection/", data={"version": opened.version.id, "text": "Too far."})
    objection = proposals.proposal(node, opened.id).open_objections[0].id
    address = f"{ROOT}/{opened.id}/objections/{objection}/withdraw/"
    assert cast.client("steward").post(address).status_code == 403
    assert address in partner.get(f"{ROOT}/{opened.id}/").text
    assert partner.post(address).status_code == 303
    assert proposals.proposal(node, opened.id).open_objections == ()


@pytest.mark.parametrize(
    ("how", "text", "sentence"),
    [
        ("objection", " ", "There were no words in it"),
        ("concern", "x" * 501, "longer than 500 letters"),
        ("reaction", "", "There were no words in it"),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(
    cast: Cast, opened: Proposal, how: str, text: str, sentence: str
) -> None:
    """One sentence at the head of the form, which keeps its words."""
    if how == "concern":
        assert _say(cast.client("partner"), opened, how, text).status_code == 400
    answer = _say(cast.client("partner"), opened, how, text)
    assert answer.status_code == 400
    assert sentence in unescape(answer.text) and text.strip() in answer.text


def _say(client: FlaskClient, found: Proposal, how: str, text: str) -> object:
    return client.post(f"{ROOT}/{found.id}/say/{how}/", data={"version": found.version.id, "text": text})


def test_a_text_that_changed_meanwhile_is_shown_anew(cast: Cast, opened: Proposal) -> None:
    """A voice for the older one is not taken."""
    sent = {"version": opened.version.id, "text": "We open on Mondays. One of us keeps the door."}
    cast.client("steward").post(f"{ROOT}/{opened.id}/amend/", data=sent)
    answer = _say(cast.client("partner"), opened, "objection", "Too late.")
    assert answer.status_code == 400
    assert "The text has changed meanwhile" in answer.text and "Mondays" in answer.text


def test_what_an_amendment_changed_is_told_by_signs_and_words(cast: Cast, opened: Proposal) -> None:
    """What went is struck out, what came is marked, each with a drawing that has a name."""
    sent = {"version": opened.version.id, "text": "We open on Mondays. One of us keeps the door."}
    cast.client("steward").post(f"{ROOT}/{opened.id}/amend/", data=sent)
    shown = cast.client("partner").get(f"{ROOT}/{opened.id}/").text
    assert re.search(r'aria-label="taken out".*?<del[^>]*><bdi lang="en">We open on Sundays\.</bdi></del>', shown)
    assert re.search(r'aria-label="new".*?<ins[^>]*><bdi lang="en">We open on Mondays\.</bdi></ins>', shown)


def test_signs_in_a_text_are_shown_and_not_obeyed(cast: Cast, opened: Proposal) -> None:
    """Whatever somebody types stays text."""
    _say(cast.client("partner"), opened, "objection", "<script>alert(1)</script>")
    for page in ("", "minutes/"):
        shown = cast.client("steward").get(f"{ROOT}/{opened.id}/{page}").text
        assert "<script>alert" not in shown and "&lt;script&gt;alert" in shown


def test_a_steward_opens_one_and_leads_it_to_reactions(node: Node, cast: Cast) -> None:
    """Typed for the partner, with a picture; the page says what to do now, and the minutes who typed."""
    client, partner = cast.client("steward"), cast.person("partner")
    sent = {"title": "Weigh babies here", "text": "The nurse comes on Fridays.", "picture": "well"}
    address = client.post(f"{ROOT}/new/", data={**sent, "proposer": partner.id, "circle": ""}).location
    assert "Ask something" in client.get(address).text
    assert client.post(f"{address}step/", data={"step": "reactions"}).location == address
    assert "Say what you think" in client.get(address).text
    assert "typed in by Mama Zawadi" in unescape(client.get(f"{address}minutes/").text)


def test_hands_are_typed_with_two_witnesses(node: Node, cast: Cast, opened: Proposal) -> None:
    """They stand on the page; without two it is said, and nothing is kept."""
    client, address = cast.client("steward"), f"{ROOT}/{opened.id}/hands/"
    first, second = cast.person("facilitator").id, cast.person("librarian").id
    sent = {"version": opened.version.id, "hands": "4", "first": first}
    assert "Two others must have seen" in client.post(address, data={**sent, "second": first}).text
    assert "Hands are a number" in client.post(address, data={**sent, "second": second, "hands": "many"}).text
    assert client.post(address, data={**sent, "second": second}).status_code == 303
    assert re.search(r"<b>4</b> ?<span>hands counted", client.get(f"{ROOT}/{opened.id}/").text)


def test_the_steward_s_home_says_what_needs_a_decision(cast: Cast, opened: Proposal) -> None:
    """The open proposal by its title, with the objection to it; nobody else's home does."""
    _say(cast.client("partner"), opened, "objection", "Too far.")
    home = cast.client("steward").get("/").text
    assert "Open on Sundays" in home and "1 objection" in home
    assert f'class="main-action" href="{ROOT}/{opened.id}/"' in home
    assert "Open on Sundays" not in cast.client("librarian").get("/").text


def test_its_day_stands_on_the_home_the_list_and_the_register(cast: Cast, adopted: Proposal, clock: HandClock) -> None:
    """Not before; and then the review is the large thing on the steward's home."""
    client = cast.client("steward")
    assert "review due" not in client.get("/").text + client.get(f"{ROOT}/register/").text
    clock.advance(HALF_A_YEAR_S)
    client = cast.client("steward")
    assert "review due" in client.get("/").text and "review due" in client.get(f"{ROOT}/register/").text
    assert "Its day of review has come" in client.get(f"{ROOT}/").text
    assert f"{ROOT}/{adopted.id}/review/" in client.get(f"{ROOT}/{adopted.id}/").text


@pytest.mark.parametrize(("outcome", "state"), [("keep", "adopted"), ("end", "ended"), ("change", "adopted")])
def test_a_review_ends_in_one_of_three(node: Node, cast: Cast, adopted: Proposal, outcome: str, state: str) -> None:
    """Kept, ended, or a proposal to change it, which is where the form leads then."""
    client, address = cast.client("steward"), f"{ROOT}/{adopted.id}/review/"
    assert client.get(f"{address}?outcome={outcome}").status_code == 200
    sent = {
        "outcome": outcome,
        "number": "0",
        "months": "3",
        "title": "Mondays",
        "text": "On Mondays.",
        "note": "Fine.",
    }
    answer = client.post(address, data=sent)
    assert answer.status_code == 303
    found = proposals.proposal(node, adopted.id)
    assert (found.state, found.is_changing, found.reviewed.outcome) == (state, outcome == "change", outcome)
    assert (answer.location == f"{ROOT}/{adopted.id}/") == (outcome != "change")


def test_a_review_that_is_none_is_refused(cast: Cast, adopted: Proposal, opened: Proposal) -> None:
    """A made-up outcome; and what is not in force leads back to its page."""
    client = cast.client("steward")
    assert client.post(f"{ROOT}/{adopted.id}/review/", data={"outcome": "burn", "number": "0"}).status_code == 400
    sent = {"outcome": "end", "number": "7"}
    assert "Somebody has looked at it meanwhile" in client.post(f"{ROOT}/{adopted.id}/review/", data=sent).text


def test_the_community_page_leads_there_whoever_belongs(cast: Cast, opened: Proposal) -> None:
    """With how many are open; a guest and the region find no way and no number."""
    shown = {role: cast.client(role).get("/community/").text for role in ROLES}
    assert {role for role, text in shown.items() if f'href="{ROOT}/"' in text} == {*ROLES} - {OUTSIDER, "region"}
    assert "1 proposal is open" in shown["learner"] and "1 proposal is open" not in shown[OUTSIDER]


def test_in_the_questions_round_one_asks_and_another_answers(node: Node, cast: Cast) -> None:
    """The answer's page shows the question, and stands under it afterwards."""
    made = proposals.open_proposal(node, actor=cast.person("steward"), words=WORDS)
    assert made.state == CLARIFYING
    _say(cast.client("partner"), made, "question", "Who pays?")
    asked = proposals.proposal(node, made.id).remarks[0].id
    client = cast.client("librarian")
    assert "Who pays?" in client.get(f"{ROOT}/{made.id}/say/answer/?about={asked}").text
    sent = {"version": made.version.id, "text": "The co-op.", "about": asked}
    assert client.post(f"{ROOT}/{made.id}/say/answer/", data=sent).status_code == 303
    assert client.get(f"{ROOT}/{made.id}/").text.index("Who pays?") < client.get(f"{ROOT}/{made.id}/").text.index(
        "co-op"
    )


@pytest.mark.parametrize("address", ["/nowhere/", "/nowhere/minutes/", "/nowhere/say/consent/", "/nowhere/say/song/"])
def test_what_is_not_there_is_not_found(cast: Cast, address: str) -> None:
    """A proposal nobody opened, a thing nobody says."""
    assert cast.client("steward").get(ROOT + address).status_code == 404
