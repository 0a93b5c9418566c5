"""`/`: each role's home, for the whole cast and for a guest."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub import jobs
from hub.node import Node
from hub.people import circles, roster
from hub.web.home import ORDER
from tests.fixtures.cast import OUTSIDER, Cast

HOMES = {
    "learner": ("/library/", "/learn/"),
    "guardian": ("Amina",),
    "facilitator": ("/learn/classes/", "Number friends"),
    "librarian": ("/library/add/", "/status/"),
    "steward": ("/status/tide/", "/outcomes/"),
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
    """Nothing on the shelf: the learner is told so, and the page stands."""
    assert "You have finished all that is here" in text(cast.client("learner"))


def test_a_closed_hub_shows_guests_only_the_way_in(node: Node, cast: Cast) -> None:
    """Where guests are not welcome, the front page offers no library to them."""
    object.__setattr__(node.settings, "guests", False)
    assert "Or just look around" not in text(cast.client(OUTSIDER))


def test_pages_are_never_kept(app: Flask, cast: Cast) -> None:
    """A browser keeps no copy of anybody's page."""
    assert cast.client("learner").get("/").headers["Cache-Control"] == "no-store"
