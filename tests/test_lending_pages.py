"""The pages of things to borrow: everybody sees what there is, librarians alone who has it."""

import pytest

from hub.lending import loans, things
from hub.node import Node
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.clock import HandClock
from tests.fixtures.lending import drum, lent

ROOT = "/library/things/"
DAY_S = 86_400


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_what(node: Node, cast: Cast, role: str) -> None:
    """How many are here, in the list, in the search and on its page; the name of who has one only for librarians."""
    made = drum(node, cast)
    lent(node, cast, made, role="neighbour")
    client = cast.client(role)
    pages = [client.get(address) for address in (ROOT, f"{ROOT}{made.id}/", "/library/?q=drum")]
    assert [each.status_code for each in pages] == [200, 200, 200]
    assert all("Talking drum" in each.text and "2 of 3 here" in each.text for each in pages)
    keeps, own = role == "librarian", cast.person(role).name if role != OUTSIDER else ""
    assert [("Kofi" in each.text.replace(own or "-", "")) for each in pages] == [False, keeps, False]
    desk = client.get(f"{ROOT}out/")
    assert desk.status_code == (200 if keeps else 303 if role == OUTSIDER else 403)
    assert ("What I have borrowed" in client.get("/learn/").text) == (role == "neighbour")


@pytest.mark.parametrize("role", [role for role in ROLES if role != "librarian"])
def test_forms_of_others_are_refused(node: Node, cast: Cast, role: str) -> None:
    """And change nothing."""
    made, client = drum(node, cast), cast.client(role)
    loan = lent(node, cast, made)
    to = f"person:{cast.person('learner').id}"
    answers = [
        client.post(ROOT, data={"name": "Mine", "kind": "tool"}),
        client.post(f"{ROOT}{made.id}/", data={"name": "Mine", "kind": "tool"}),
        client.post(f"{ROOT}{made.id}/lend/", data={"to": to, "days": "3", "form": node.new_id()}),
        client.post(f"{ROOT}{made.id}/go/"),
        client.post(f"{ROOT}{made.id}/mended/", data={"copy": "A"}),
        client.post(f"{ROOT}out/{loan}/back/"),
        client.post(f"{ROOT}out/{loan}/longer/", data={"days": "3"}),
    ]
    assert {each.status_code for each in answers} == {403}
    assert (things.thing(node, made.id).here, len(loans.out(node))) == (("B", "C"), 1)


def test_a_librarian_lends_and_takes_back(node: Node, cast: Cast, clock: HandClock) -> None:
    """A thing is added, lent in one form, asked about when its day has passed, kept longer, and comes back damaged."""
    librarian, kofi = cast.client("librarian"), cast.person("neighbour")
    fields = {"name": "Radio", "kind": "radio", "means": "For Tuesdays.", "place": "Shelf", "copies": "2"}
    address = librarian.post(ROOT, data=fields).location
    sent = {"to": f"person:{kofi.id}", "copy": "", "days": "2", "form": node.new_id()}
    assert librarian.post(f"{address}lend/", data=sent).status_code == 303
    assert "Kofi" in librarian.get(address).text and "1 of 2 here" in librarian.get(address).text
    clock.advance(5 * DAY_S)
    librarian = cast.client("librarian")
    desk = librarian.get(f"{ROOT}out/").text
    assert "To ask about" in desk and "to ask about since 3 days" in desk
    (loan,) = loans.out(node)
    librarian.post(f"{ROOT}out/{loan.id}/longer/", data={"days": "7"})
    assert "To ask about" not in librarian.get(f"{ROOT}out/").text
    back = {"thing": loan.thing, "here": "yes", "outcome": "damaged", "note": "No sound."}
    assert librarian.post(f"{ROOT}out/{loan.id}/back/", data=back).location == address
    assert "No sound." in librarian.get(address).text
    librarian.post(f"{address}mended/", data={"copy": "1"})
    assert "2 of 2 here" in librarian.get(address).text


def test_a_learner_asks_for_it_and_no_longer(node: Node, cast: Cast) -> None:
    """The page says so to who asked, and to others only how many wait."""
    made, learner = drum(node, cast), cast.client("learner")
    address = f"{ROOT}{made.id}/"
    learner.post(f"{address}ask/")
    assert "You have asked for it" in learner.get(address).text
    other = cast.client("neighbour").get(address).text
    assert "1 person waits for it" in other and "Amina" not in other
    assert "Amina" in cast.client("librarian").get(address).text
    learner.post(f"{address}ask/", data={"no": "yes"})
    assert "Ask for it" in learner.get(address).text


def test_what_is_refused_is_said_and_what_was_typed_stays(node: Node, cast: Cast) -> None:
    """400 with the sentence; 404 for what is not there."""
    librarian, made = cast.client("librarian"), drum(node, cast)
    page = librarian.post(ROOT, data={"name": "Kite", "kind": "ghost"})
    assert (page.status_code, "no kind of thing" in page.text, 'value="Kite"' in page.text) == (400, True, True)
    page = librarian.post(f"{ROOT}{made.id}/lend/", data={"to": "", "days": "x"})
    assert (page.status_code, "Nobody is chosen" in page.text) == (400, True)
    loan = lent(node, cast, made)
    page = librarian.post(f"{ROOT}out/{loan}/back/", data={"outcome": "eaten", "thing": made.id})
    assert (page.status_code, "whole, damaged or lost" in page.text) == (400, True)
    assert librarian.post(f"{ROOT}{made.id}/go/").status_code == 400
    assert librarian.get(f"{ROOT}nothing/").status_code == 404
    assert librarian.post(f"{ROOT}out/nothing/back/").status_code == 404


def test_of_hundreds_of_people_a_name_finds_one(node: Node, cast: Cast) -> None:
    """Who waits stands first in the choice of borrowers."""
    made = drum(node, cast)
    loans.ask(node, actor=cast.person("neighbour"), thing_id=made.id)
    page = cast.client("librarian").get(f"{ROOT}{made.id}/?who=fat").text
    assert page.index("person:" + cast.person("neighbour").id) < page.index("person:" + cast.person("guardian").id)
    assert "person:" + cast.person("steward").id not in page
