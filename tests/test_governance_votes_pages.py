"""The pages of a vote: who may look, vote, count and draw, from the form to the register."""

import pytest

from hub.governance import proposals, standing
from hub.governance.standing import ADOPTED, CONSENT, Proposal
from hub.governance.tally import DOTS, LOTTERY, MAJORITY, RESISTANCE
from hub.node import Node
from hub.people import roster
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.voting import DAYS, DICE, FULL, words_of

ROOT = "/community/decisions"


@pytest.fixture
def opened(node: Node, cast: Cast) -> dict[str, Proposal]:
    """One vote of each kind, in its round."""
    steward = cast.person("steward")
    made = {
        method: proposals.open_proposal(node, actor=steward, words=words_of(method, title=f"Vote by {method}"))
        for method in FULL
    }
    return {
        method: proposals.move(node, actor=steward, proposal=each.id, step=CONSENT) for method, each in made.items()
    }


FORMS = {
    MAJORITY: {"option": "1"},
    DOTS: {"option-1": "2", "option-2": "1", "option-0": "0"},
    RESISTANCE: {"option-1": "0", "option-2": "5", "option-0": "10"},
    LOTTERY: {"in": "yes"},
}


@pytest.mark.parametrize("role", ROLES)
def test_whoever_has_a_voice_votes_on_the_page(node: Node, cast: Cast, opened: dict[str, Proposal], role: str) -> None:
    """Children look on; a guest and the region get nothing; only stewards count and draw."""
    client, may = cast.client(role), role not in ("learner", "neighbour", OUTSIDER, "region")
    for method, found in opened.items():
        page = client.get(f"{ROOT}/{found.id}/ballot/")
        assert page.status_code == {OUTSIDER: 303, "region": 403}.get(role, 200)
        sent = {"version": found.version.id, **FORMS[method]}
        assert client.post(f"{ROOT}/{found.id}/ballot/", data=sent).status_code == (303 if may else 403)
        assert len(proposals.proposal(node, found.id).ballots) == int(may)
        shown = client.get(f"{ROOT}/{found.id}/")
        assert ("You have voted" in shown.text) == may
        for form in ("count", "draw"):
            asked = client.get(f"{ROOT}/{found.id}/{form}/").status_code
            assert asked == (200 if role == "steward" else 303 if role == OUTSIDER else 403)
            if role != "steward":
                assert client.post(f"{ROOT}/{found.id}/{form}/").status_code == 403


def test_a_steward_opens_counts_and_closes_a_vote_on_the_pages(node: Node, cast: Cast) -> None:
    """From the form to the register; what is wrong is said beside the form."""
    client, saw = cast.client("steward"), {"first": cast.person("partner").id, "second": cast.person("librarian").id}
    form = {"title": "Market class", "text": "Which day?", "method": "dots", "options": "Monday\r\nThursday\n\n"}
    assert client.post(f"{ROOT}/new/", data={**form, "options": "Monday"}).status_code == 400
    address = client.post(f"{ROOT}/new/", data=form).location
    for step in ("reactions", "consent"):
        client.post(f"{address}step/", data={"step": step})
    found = standing.read(node)[0]
    assert [each.text for each in found.options] == list(DAYS)
    version = {"version": found.version.id}
    assert client.post(f"{address}ballot/", data={**version, "option-1": "3", "option-2": "3"}).status_code == 400
    counted = {**version, **saw, "sort": "beans", "people": "3", "option-1": "2", "option-2": "7", "option-0": ""}
    assert client.post(f"{address}count/", data={**counted, "people": "300"}).status_code == 400
    assert client.post(f"{address}count/", data=counted).status_code == 303
    assert client.post(f"{address}draw/", data={**version, **saw, "dice": DICE}).status_code == 400
    closing = client.get(f"{address}adopt/").text
    assert "Thursday" in closing and "3 people were heard" in closing
    assert client.post(f"{address}adopt/", data={**version, "months": "6"}).status_code == 303
    for page in (address, f"{address}minutes/", f"{ROOT}/register/"):
        shown = client.get(page).text
        assert "Chosen:" in shown and "Thursday" in shown and "Dots" in shown
    closed = proposals.proposal(node, found.id)
    assert (closed.state, closed.adoption and closed.adoption.chosen) == (ADOPTED, ("2",))


def test_lots_on_the_pages(node: Node, cast: Cast, opened: dict[str, Proposal]) -> None:
    """Names in, one out, the dice, and who was drawn."""
    found, client = opened[LOTTERY], cast.client("steward")
    address, version = f"{ROOT}/{found.id}/", {"version": found.version.id}
    for role in ("partner", "librarian", "guardian"):
        cast.client(role).post(f"{address}ballot/", data={**version, "in": "yes"})
    assert "Take my name out" in cast.client("guardian").get(f"{address}ballot/").text
    cast.client("guardian").post(f"{address}ballot/", data={**version, "in": "no"})
    saw = {"first": cast.person("partner").id, "second": cast.person("librarian").id}
    assert client.post(f"{address}draw/", data={**version, **saw, "dice": DICE}).status_code == 303
    assert client.post(f"{address}adopt/", data={**version, "months": "6"}).status_code == 303
    shown = client.get(address).text
    drawn = roster.person(node, proposals.proposal(node, found.id).adoption.chosen[0])  # type: ignore[union-attr]
    assert drawn.id in saw.values() and drawn.name in shown.partition("Chosen:")[2] and "35261" in shown
