"""`/`: each role's home, for the whole cast and for a guest."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub import jobs, learning, library
from hub.learning import Given, Opened
from hub.node import Node
from hub.people import circles, households, newcomers, roster
from hub.web import today
from hub.web.home import ORDER
from tests.fixtures import packages
from tests.fixtures.cast import OUTSIDER, Cast

HOMES = {
    "learner": ("/library/", "/learn/"),
    "guardian": ("Amina",),
    "facilitator": ("/learn/classes/", "Number friends"),
    "librarian": ("/library/add/", "/status/"),
    "steward": ("/status/sharing/", "/outcomes/"),
    "partner": ("/library/", "/community/"),
    "region": ("/outcomes/",),
    "neighbour": ("/library/", "/learn/"),
    OUTSIDER: ("/people/sign-in/", "Number friends"),
}
"""Role → what its home must hold."""


def text(client: FlaskClient, address: str = "/") -> str:
    """A page as text."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(("role", "parts"), HOMES.items())
def test_home_holds_what_the_role_needs(cast: Cast, role: str, parts: tuple[str, ...]) -> None:
    """Everybody finds their own first thing on the front page."""
    shown = text(cast.client(role))
    assert [part for part in parts if part not in shown] == []


def test_the_outsider_reads_no_name_of_a_learner(cast: Cast) -> None:
    """The front page names circles, and nobody in them."""
    shown = text(cast.client(OUTSIDER))
    assert "Amina" not in shown
    assert "Kofi" not in shown


@pytest.mark.parametrize("role", sorted(set(HOMES) - {"guardian", "facilitator", "learner"}))
def test_nobody_elses_home_names_the_child(cast: Cast, role: str) -> None:
    """Only the child, its guardian and its facilitator read its name on the front page."""
    assert "Amina" not in text(cast.client(role))


@pytest.mark.parametrize("role", ORDER)
def test_a_home_that_is_not_mine_is_refused(cast: Cast, role: str) -> None:
    """Who does not hold the role gets 403 for its home; a guest is led to sign in."""
    holder = "librarian" if role != "librarian" else "partner"
    assert cast.client(holder).get(f"/home/{role}/").status_code == 403
    assert cast.client(OUTSIDER).get(f"/home/{role}/").status_code == 303


def test_a_home_that_does_not_exist_is_not_found(cast: Cast) -> None:
    """A made-up role is 404, not 403."""
    assert cast.client("librarian").get("/home/queen/").status_code == 404


def test_several_roles_are_one_press_apart(node: Node, cast: Cast) -> None:
    """A guardian who learns too sees the children first, and a way to the own learning."""
    roster.give_role(node, person=cast.person("guardian").id, role="learner")
    client = cast.client("guardian")
    assert 'href="/home/learner/"' in text(client)
    assert "/learn/" in text(client, "/home/learner/")


def test_the_librarian_sees_what_waits(node: Node, cast: Cast) -> None:
    """Slow work that is not done stands on the librarian's home with its sentence."""
    job = jobs.add(node, "backup", arguments={})
    jobs.stop(node, job, "The disk is full.")
    assert "The disk is full." in text(cast.client("librarian"))


def test_a_facilitator_without_a_circle_is_told_whom_to_ask(node: Node, cast: Cast) -> None:
    """No empty page: a way on."""
    circles.leave(node, circle=cast.circle.id, person=cast.person("facilitator").id)
    assert "/community/" in text(cast.client("facilitator"))


def test_the_home_of_a_hub_without_a_shelf_is_whole(cast: Cast) -> None:
    """Nothing on the shelf: the learner is told so, not that all is done, and the page stands."""
    for address in ("/", "/learn/"):
        shown = text(cast.client("learner"), address)
        assert "Nothing on the shelf yet" in shown
        assert "You have finished" not in shown


def test_whoever_came_in_by_a_picture_finds_a_child_s_home(node: Node, cast: Cast) -> None:
    """Nobody knows the age: a garden, and whose turn is next; nothing of a grown-up's home."""
    facts = {"name": "Zuri", "picture": "tortoise", "ticket": node.new_id(), "address": "::1"}
    new = newcomers.welcome(node, circle=cast.circle.id, **facts)
    households.link(node, household=cast.household.id, person=new.id, relation="child")
    shown = text(cast.client_of(new))
    assert [words for words in ("My garden", "Whose turn is next?") if words not in shown] == []
    assert "What I can show" not in shown


def test_a_guardian_reads_the_card_in_their_own_language(
    node: Node, cast: Cast, market: Callable[[str], Opened], tmp_path: Path
) -> None:
    """With the competency's picture, and the sentence marked as what it is; the child reads its own."""
    picture = {'statement = "I can keep': 'picture = "well.svg"\nstatement = "I can keep'}
    french = {'"clean"': '"pay"', "I can keep a well clean.": "Je sais payer juste."}
    library.add(node, source=packages.well(tmp_path / "fr", work="market", language="fr", **picture, **french))
    amina = cast.person("learner").id
    learning.take_answer(node, person=amina, opened=market("five"), given=Given("q1", ("2",), node.new_id()))
    roster.change_person(node, person=cast.person("guardian").id, language="fr")
    shown = text(cast.client("guardian"))
    assert '<bdi lang="fr">Je sais payer juste.</bdi>' in shown
    assert re.search(
        r'<li class="person say"><span class="art"><img src="/library/market\.fr/files/\w+/well\.svg"', shown
    )
    assert re.search(
        r'<bdi lang="en" data-say="19(:[\w/.-]+)?">I can pay the right sum\.</bdi>', text(cast.client("learner"))
    )


def test_a_facilitator_is_told_that_there_is_more(
    node: Node, cast: Cast, market: Callable[[str], Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left out of the first look is named, and one press away."""
    monkeypatch.setattr(today, "STRANDS_SHOWN", 0)
    amina = cast.person("learner").id
    for number in range(1, 6):
        given = Given(f"q{number}", ("0",), node.new_id())
        learning.take_answer(node, person=amina, opened=market("five"), given=given)
    shown = text(cast.client("facilitator"))
    assert "needs help" not in shown
    assert re.search(rf'href="/learn/classes/{cast.circle.id}/">.*<span>1 more thing</span>', shown)


def test_a_newcomer_is_not_said_to_be_missed(cast: Cast) -> None:
    """Who has not begun yet was never here."""
    for address in ("/", f"/learn/classes/{cast.circle.id}/"):
        shown = text(cast.client("facilitator"), address)
        assert "1 has not begun yet" in shown
        assert "not seen for two weeks" not in shown


def test_a_closed_hub_shows_guests_only_the_way_in(node: Node, cast: Cast) -> None:
    """Where guests are not welcome, the front page offers no library to them."""
    object.__setattr__(node.settings, "guests", False)
    assert "Or just look around" not in text(cast.client(OUTSIDER))


def test_pages_are_never_kept(app: Flask, cast: Cast) -> None:
    """A browser keeps no copy of anybody's page."""
    assert cast.client("learner").get("/").headers["Cache-Control"] == "no-store"
