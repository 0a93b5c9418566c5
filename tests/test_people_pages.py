"""The pages of those who look after people: who may see and change what."""

import re

import pytest
from flask.testing import FlaskClient

from hub.node import Node
from hub.people import circles, credentials, households, roster, sessions
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

KEEPERS = ("librarian", "steward")
NEW = {"name": "Zuri", "picture": "tortoise", "role": "learner", "circle": "", "birth_year": "2018"}


def _addresses(cast: Cast) -> dict[str, tuple[str, ...]]:
    """Every page of this set, and who may open it."""
    leaders = ("facilitator", *KEEPERS)
    learner = cast.person("learner").id
    return {
        "/people/": leaders,
        "/people/add/": leaders,
        f"/people/{learner}/": leaders,
        f"/people/{cast.person('neighbour').id}/": KEEPERS,
        f"/people/{cast.person('facilitator').id}/": KEEPERS,
        "/people/circles/": KEEPERS,
        f"/people/circles/{cast.circle.id}/": KEEPERS,
        "/people/households/": KEEPERS,
        f"/people/households/{cast.household.id}/": KEEPERS,
    }


def _forms(cast: Cast) -> dict[str, dict[str, str]]:
    """Every form that only librarians and stewards send, with fields that would do something."""
    kofi = cast.person("neighbour").id
    return {
        f"/people/{kofi}/": {"name": "Hacked", "picture": "goat"},
        f"/people/{kofi}/rest/": {"is_active": "no"},
        f"/people/{kofi}/circles/": {"circle": cast.circle.id},
        f"/people/{kofi}/reset/": {},
        f"/people/{kofi}/again/": {},
        f"/people/{kofi}/roles/": {"role": "steward"},
        "/people/circles/": {"name": "Hacked", "picture": "river", "kind": "circle"},
        f"/people/circles/{cast.circle.id}/": {"name": "Hacked", "picture": "market", "kind": "circle"},
        f"/people/circles/{cast.circle.id}/members/": {"person": kofi},
        f"/people/circles/{cast.circle.id}/leave/": {"person": cast.person("learner").id},
        f"/people/circles/{cast.circle.id}/end/": {},
        "/people/households/": {"name": "Hacked", "picture": "well"},
        f"/people/households/{cast.household.id}/": {"name": "Hacked", "picture": "well"},
        f"/people/households/{cast.household.id}/members/": {"person": kofi, "relation": "child"},
        f"/people/households/{cast.household.id}/leave/": {"person": cast.person("learner").id},
    }


def _entries(node: Node) -> int:
    """How many entries the journal holds."""
    return sum(head.seq for head in node.journal.streams())


def test_each_sees_only_the_own_pages(cast: Cast) -> None:
    """Keepers see all, a facilitator the own circle, everybody else none; a guest is led to sign in."""
    for role in ROLES:
        client, refusal = cast.client(role), 303 if role == OUTSIDER else 403
        found = {address: client.get(address).status_code for address in _addresses(cast)}
        right = {address: 200 if role in may else refusal for address, may in _addresses(cast).items()}
        assert (role, found) == (role, right)


def test_a_form_of_keepers_does_nothing_for_others(node: Node, cast: Cast) -> None:
    """Refused, and the journal is as it was."""
    before = _entries(node)
    for role in set(ROLES) - set(KEEPERS):
        client = cast.client(role)
        answers = {address: client.post(address, data=fields).status_code for address, fields in _forms(cast).items()}
        assert (role, set(answers.values())) == (role, {403})
    assert (_entries(node), node.tables.Credential.select().count()) == (before, 0)


def test_every_form_of_keepers_works_for_a_keeper(cast: Cast) -> None:
    """Each ends in a redirect."""
    client = cast.client("librarian")
    answers = {address: client.post(address, data=fields).status_code for address, fields in _forms(cast).items()}
    assert set(answers.values()) == {303}


def test_a_keeper_takes_somebody_in(node: Node, cast: Cast) -> None:
    """With circle and year; the new one stands on the list and chooses pictures at the first sign-in."""
    client = cast.client("librarian")
    answer = client.post("/people/add/", data={**NEW, "circle": cast.circle.id})
    zuri = next(each for each in circles.members(node, cast.circle.id) if each.name == "Zuri")
    assert answer.location == f"/people/{zuri.id}/"
    assert (zuri.picture, zuri.birth_year, zuri.roles) == ("tortoise", 2018, {"learner"})
    assert credentials.kind_of(node, zuri.id) == "new"
    assert "Zuri" in client.get("/people/?q=zur").get_data(as_text=True)


def test_what_cannot_be_is_said_and_nobody_made(node: Node, cast: Cast) -> None:
    """Nothing half-done: not the person without the circle either."""
    client, before = cast.client("librarian"), _entries(node)
    wrong = [("name", ""), ("picture", ""), ("birth_year", "20x6"), ("birth_year", "1066"), ("role", "king")]
    for field, value in wrong:
        assert client.post("/people/add/", data={**NEW, field: value}).status_code == 400
    assert client.post("/people/add/", data={**NEW, "circle": "nowhere"}).status_code == 404
    assert _entries(node) == before


def test_a_year_may_be_written_in_other_digits(node: Node, cast: Cast) -> None:
    """Arabic ones are read as what they are."""
    cast.client("librarian").post("/people/add/", data={**NEW, "birth_year": "٢٠١٦"})
    assert next(each for each in roster.people(node) if each.name == "Zuri").birth_year == 2016


def test_a_facilitator_takes_learners_into_the_own_circle_only(node: Node, cast: Cast) -> None:
    """Not into another, not into none, and not as a librarian."""
    client, other = cast.client("facilitator"), circles.add_circle(node, name="Other", picture="river")
    for change in ({}, {"circle": other.id}, {"circle": cast.circle.id, "role": "librarian"}):
        assert client.post("/people/add/", data={**NEW, **change}).status_code == 403
    assert client.post("/people/add/", data={**NEW, "circle": cast.circle.id}).status_code == 303
    assert "Zuri" in client.get("/people/").get_data(as_text=True)


def test_a_facilitator_s_list_has_only_the_own_circle(cast: Cast) -> None:
    """Nobody else's name is on it; the help above it names whom to ask."""
    page = cast.client("facilitator").get("/people/").get_data(as_text=True)
    listed = page.partition("<main")[2]
    assert "Amina" in listed
    assert not any(name in listed for name in ("Kofi", "Fatou", "Lucía"))


def test_the_list_narrows_by_role_and_by_rest(node: Node, cast: Cast) -> None:
    """Who rests is only where one asks for them."""
    client, kofi = cast.client("librarian"), cast.person("neighbour")
    roster.set_active(node, person=kofi.id, is_active=False)
    assert "Kofi" not in client.get("/people/").get_data(as_text=True)
    assert "Kofi" in client.get("/people/?role=resting").get_data(as_text=True)
    stewards = client.get("/people/?role=steward").get_data(as_text=True)
    assert "Mama Zawadi" in stewards
    assert "Amina" not in stewards


def test_a_new_secret_is_shown_on_a_card_once(node: Node, cast: Cast) -> None:
    """The three on the card fit, the second look leads away, and every phone of hers is signed out."""
    client, amina = cast.client("facilitator"), cast.person("learner")
    token = sessions.begin(node, person=amina.id, device="personal")
    led = client.post(f"/people/{amina.id}/reset/")
    card = client.get(led.location).get_data(as_text=True)
    three = tuple(re.findall(r'pictures\.svg#(\w+)"', card.split('class="taps')[1])[:3])
    assert credentials.verify(node, person=amina.id, secret=three)
    assert client.get(led.location).location == f"/people/{amina.id}/"
    assert sessions.find(node, token) is None


def test_a_keeper_s_card_shows_six_digits(node: Node, cast: Cast) -> None:
    """In two groups, to read out."""
    client, steward = cast.client("librarian"), cast.person("steward")
    card = client.get(client.post(f"/people/{steward.id}/reset/").location).get_data(as_text=True)
    pin = "".join(re.findall(r"\b(\d{3}) (\d{3})\b", card)[0])
    assert credentials.verify(node, person=steward.id, secret=pin)


@pytest.mark.parametrize(("role", "first"), [("facilitator", "Number friends"), ("steward", "Everybody else")])
def test_a_card_tells_the_whole_way(cast: Cast, role: str, first: str) -> None:
    """From the first page on: the circle, or the door of everybody else, and then oneself."""
    client = cast.client("librarian")
    card = client.get(client.post(f"/people/{cast.person(role).id}/reset/").location).get_data(as_text=True)
    assert first in card.split('class="card cut secret-card"')[1]


def test_a_card_is_not_shown_for_somebody_else(cast: Cast) -> None:
    """A card that waits for one person does not open at another's address, and is gone then."""
    client, amina, kofi = cast.client("librarian"), cast.person("learner").id, cast.person("neighbour").id
    client.post(f"/people/{amina}/reset/")
    assert client.get(f"/people/{kofi}/card/").status_code == 303
    assert client.get(f"/people/{amina}/card/").status_code == 303


def test_a_facilitator_resets_no_grown_up_with_a_role(node: Node, cast: Cast) -> None:
    """Although the person learns in the circle."""
    steward = cast.person("steward").id
    circles.join(node, circle=cast.circle.id, person=steward)
    client = cast.client("facilitator")
    assert client.get(f"/people/{steward}/").status_code == 200
    assert client.post(f"/people/{steward}/reset/").status_code == 403
    assert client.post(f"/people/{steward}/again/").status_code == 403


def test_nobody_resets_the_own_secret_without_knowing_it(cast: Cast) -> None:
    """A phone left signed in makes no card of its owner."""
    assert cast.client("librarian").post(f"/people/{cast.person('librarian').id}/reset/").status_code == 403


def test_a_child_may_be_let_choose_again(node: Node, cast: Cast) -> None:
    """The old pictures end at once."""
    amina = cast.person("learner").id
    credentials.set_secret(node, person=amina, secret=("star", "key", "leaf"))
    cast.client("facilitator").post(f"/people/{amina}/again/")
    assert credentials.kind_of(node, amina) == "new"


def test_the_last_librarian_keeps_the_role(node: Node, cast: Cast) -> None:
    """Neither roles nor rest take the last one away; the sentence says what to do."""
    client, lucia = cast.client("steward"), cast.person("librarian").id
    assert client.post(f"/people/{lucia}/roles/", data={"role": "learner"}).status_code == 403
    assert client.post(f"/people/{lucia}/rest/", data={"is_active": "no"}).status_code == 403
    assert roster.person(node, lucia).roles == {"librarian"}


def test_roles_are_exactly_those_ticked(node: Node, cast: Cast) -> None:
    """Given and taken in one form; sent twice it changes nothing more; an unknown one changes nothing at all."""
    client, kofi = cast.client("librarian"), cast.person("neighbour").id
    for _ in range(2):
        client.post(f"/people/{kofi}/roles/", data={"role": ["learner", "facilitator"]})
    assert roster.person(node, kofi).roles == {"learner", "facilitator"}
    assert client.post(f"/people/{kofi}/roles/", data={"role": ["steward", "king"]}).status_code == 400
    assert roster.person(node, kofi).roles == {"learner", "facilitator"}


def test_whoever_leads_a_circle_is_a_facilitator(node: Node, cast: Cast) -> None:
    """The part in the circle brings the role that opens its page."""
    kofi = cast.person("neighbour").id
    data = {"person": kofi, "part": "facilitator"}
    cast.client("librarian").post(f"/people/circles/{cast.circle.id}/members/", data=data)
    assert "facilitator" in roster.person(node, kofi).roles
    assert cast.client("neighbour").get(f"/people/{cast.person('learner').id}/").status_code == 200


def test_a_household_is_made_and_linked(node: Node, cast: Cast) -> None:
    """A guardian and a child, and the child is the guardian's."""
    client, kofi, fatou = cast.client("steward"), cast.person("neighbour").id, cast.person("guardian").id
    made = client.post("/people/households/", data={"name": "Kofi's", "picture": "tree", "is_trusting": "yes"})
    for person, relation in ((kofi, "child"), (fatou, "guardian")):
        client.post(f"{made.location}members/", data={"person": person, "relation": relation})
    assert cast.person("neighbour") in households.children_of(node, fatou)
    assert "Kofi" in client.get(made.location).get_data(as_text=True)
    client.post(f"{made.location}leave/", data={"person": kofi})
    assert cast.person("neighbour") not in households.children_of(node, fatou)


@pytest.mark.parametrize("address", ["/people/circles/", "/people/households/"])
def test_a_group_that_cannot_be_is_said_on_its_page(cast: Cast, address: str) -> None:
    """With the sentence and what was typed."""
    client = cast.client("librarian")
    for change in ({"name": ""}, {"name": "x" * 61}, {"picture": "dragon"}):
        answer = client.post(address, data={"name": "Zebras", "picture": "river", "kind": "circle", **change})
        assert answer.status_code == 400
        assert 'role="alert"' in answer.get_data(as_text=True)


def test_a_twin_is_said_on_the_page(node: Node, cast: Cast) -> None:
    """Whoever would look like another in the circle comes in with another picture."""
    client, twin = cast.client("librarian"), roster.add_person(node, name="Amina", picture="butterfly").id
    for address, data in (
        (f"/people/circles/{cast.circle.id}/members/", {"person": twin}),
        (f"/people/{twin}/circles/", {"circle": cast.circle.id}),
        ("/people/add/", {**NEW, "name": "Amina", "picture": "butterfly", "circle": cast.circle.id}),
    ):
        answer = client.post(address, data=data)
        assert (address, answer.status_code) == (address, 400)
        assert 'role="alert"' in answer.get_data(as_text=True)


def test_namesakes_are_told_apart_in_lists_to_choose_from(node: Node, cast: Cast) -> None:
    """By their circle, else by their year; circles of one name by their picture."""
    client = cast.client("librarian")
    circles.add_circle(node, name="Number friends", picture="river")
    page = client.get(f"/people/households/{cast.household.id}/").get_data(as_text=True)
    assert re.search(r"<option[^>]*>\W*Kofi\W* · \W*2016\W*</option>", page)
    assert re.search(r"<option[^>]*>\W*Mr. Otieno\W* · \W*Number friends\W*</option>", page)
    page = client.get("/people/add/").get_data(as_text=True)
    assert re.search(r"<option[^>]*>\W*Number friends\W* · \W*river\W*</option>", page)


def test_unknown_addresses_are_not_found(cast: Cast) -> None:
    """One sentence, for pages and for forms."""
    client: FlaskClient = cast.client("librarian")
    for address in ("/people/x/", "/people/circles/x/", "/people/households/x/"):
        assert client.get(address).status_code == 404
    for address in ("/people/x/reset/", "/people/circles/x/members/", "/people/households/x/members/"):
        assert client.post(address, data={"person": "y"}).status_code == 404


def test_names_are_kept_apart_from_the_text_around(cast: Cast, node: Node) -> None:
    """A right-to-left name turns no sentence round, and a hostile one is only text."""
    roster.change_person(node, person=cast.person("learner").id, name="نور <b>")
    page = cast.client("librarian").get("/people/").get_data(as_text=True)
    assert "<bdi>نور &lt;b&gt;</bdi>" in page
