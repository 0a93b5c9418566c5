"""Signing in: circle, picture, secret; kindly refused, and never further than this hub."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.app import create_app
from hub.node import Node
from hub.people import circles, credentials, roster
from hub.people.pictures import SECRETS
from hub.web.guards import safe_next
from hub.web.secret import in_order_of
from tests.fixtures.cast import Cast

THREE = ("star", "key", "leaf")
OTHER = ("cup", "key", "leaf")
PIN = "246813"

ELSEWHERE = [
    "//evil.example/",
    "https://evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/learn/\r\nSet-Cookie: a=b",
    "/" + "x" * 600,
    "learn",
    "/people/sign-in/",
]


@pytest.fixture
def amina(node: Node, cast: Cast) -> str:
    """The learner of the cast, with three pictures."""
    person = cast.person("learner").id
    credentials.set_secret(node, person=person, secret=THREE)
    return person


def _door(person: str, tail: str = "") -> str:
    return f"/people/sign-in/as/{person}/{tail}"


def _tap(client: FlaskClient, person: str, pictures: tuple[str, ...], tail: str = "") -> TestResponse:
    """Tap pictures one after the other; the last answer."""
    return [client.post(_door(person, tail), data={"pick": name}) for name in pictures][-1]


def _who(client: FlaskClient) -> str:
    """Whose picture is in the corner, by name; "" for nobody."""
    return (
        client.get("/people/switch/").get_data(as_text=True) if client.get("/people/switch/").status_code == 200 else ""
    )


def test_the_way_in_leads_over_circle_and_picture(client: FlaskClient, cast: Cast, amina: str) -> None:
    """Each page links to the next; people stand in their circle, the others behind a door of their own."""
    circle = f"/people/sign-in/in/{cast.circle.id}/"
    assert circle in client.get("/people/sign-in/").get_data(as_text=True)
    assert _door(amina) in client.get(circle).get_data(as_text=True)
    others = client.get("/people/sign-in/others/").get_data(as_text=True)
    assert _door(cast.person("librarian").id) in others
    assert _door(amina) not in others


def test_three_right_pictures_sign_in(client: FlaskClient, amina: str) -> None:
    """The third tap leads home, signed in."""
    answer = _tap(client, amina, THREE)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Amina" in _who(client)


def test_other_pictures_or_another_order_do_not(client: FlaskClient, amina: str) -> None:
    """One kind sentence, and the three places are empty again."""
    for taps in (OTHER, THREE[::-1], ("key", "star", "leaf")):
        answer = _tap(client, amina, taps)
        assert answer.status_code == 403
        assert "try once more" in answer.get_data(as_text=True)
        assert _who(client) == ""


def test_a_double_tap_counts_once(client: FlaskClient, amina: str) -> None:
    """A form that is sent twice, or a picture that is none, changes nothing."""
    assert _tap(client, amina, ("star", "star", "dragon", "key", "key", "leaf")).location == "/"


def test_tapping_can_begin_again(client: FlaskClient, amina: str) -> None:
    """A wrong first tap is taken back without counting as a try."""
    _tap(client, amina, ("cup",))
    client.post(_door(amina), data={"again": "yes"})
    assert _tap(client, amina, THREE).location == "/"


def test_taps_of_one_do_not_count_for_another(client: FlaskClient, node: Node, cast: Cast, amina: str) -> None:
    """Whoever goes to another picture begins with none."""
    kofi = cast.person("neighbour").id
    credentials.set_secret(node, person=kofi, secret=THREE)
    _tap(client, amina, ("star", "key"))
    _tap(client, kofi, ("leaf",))
    assert _who(client) == ""


def test_no_tapped_picture_shows_on_the_page(client: FlaskClient, amina: str) -> None:
    """Who looks over the shoulder sees that something was tapped, not what."""
    before = client.get(_door(amina)).get_data(as_text=True).count("#star")
    _tap(client, amina, ("star",))
    page = client.get(_door(amina)).get_data(as_text=True)
    assert page.count("#star") == before
    assert "disabled" not in page


def test_the_twelve_stand_in_one_order_for_each_person() -> None:
    """Always the same for one, so that hands learn it; another for the next."""
    assert in_order_of("a") == in_order_of("a") != in_order_of("b")
    assert sorted(in_order_of("a")) == sorted(SECRETS)


def test_a_pin_signs_a_grown_up_in(client: FlaskClient, node: Node, cast: Cast) -> None:
    """Typed on one page; a wrong one is refused kindly."""
    lucia = cast.person("librarian").id
    credentials.set_secret(node, person=lucia, secret=PIN)
    assert client.post(_door(lucia), data={"secret": "111222"}).status_code == 403
    assert client.post(_door(lucia), data={"secret": PIN}).location == "/"


def test_a_keeper_without_a_secret_cannot_choose_one(client: FlaskClient, cast: Cast) -> None:
    """The page says where to get a card, and no form makes one."""
    lucia = cast.person("librarian").id
    assert "Ask a librarian" in client.get(_door(lucia)).get_data(as_text=True)
    assert client.post(_door(lucia), data={"secret": PIN}).status_code == 403
    _tap(client, lucia, THREE)
    assert client.post(_door(lucia), data={"mine": "yes"}).status_code == 403


def test_a_stranger_does_not_come_in_as_a_guardian(client: FlaskClient, node: Node, cast: Cast) -> None:
    """Whose children's cards stand behind the picture has a secret from somebody's hand, or none."""
    fatou = cast.person("guardian").id
    assert "Ask a librarian" in client.get(_door(fatou)).get_data(as_text=True)
    _tap(client, fatou, THREE)
    assert client.post(_door(fatou), data={"mine": "yes"}).status_code == 403
    assert _who(client) == ""


def test_a_new_child_chooses_three_and_is_in(client: FlaskClient, node: Node, cast: Cast) -> None:
    """Three taps, one look, one yes; from then on these three count."""
    kofi = cast.person("neighbour").id
    _tap(client, kofi, THREE)
    assert "Remember them well" in client.get(_door(kofi)).get_data(as_text=True)
    assert client.post(_door(kofi), data={"mine": "yes"}).location == "/"
    assert credentials.verify(node, person=kofi, secret=THREE)


def test_a_new_grown_up_may_choose_a_pin_instead(client: FlaskClient, node: Node, cast: Cast) -> None:
    """A weak one is refused on the same page."""
    kofi = cast.person("neighbour").id
    assert 'name="secret"' in client.get(_door(kofi, "?by=letters")).get_data(as_text=True)
    assert client.post(_door(kofi), data={"secret": "123456"}).status_code == 400
    assert client.post(_door(kofi), data={"secret": PIN}).location == "/"


def test_a_yes_without_three_pictures_is_no_secret(client: FlaskClient, node: Node, cast: Cast) -> None:
    """The form of another day, sent again, keeps nothing."""
    kofi = cast.person("neighbour").id
    assert client.post(_door(kofi), data={"mine": "yes"}).status_code == 400
    assert credentials.kind_of(node, kofi) == "new"


def test_many_tries_end_in_a_rest(client: FlaskClient, amina: str) -> None:
    """After five the answer is 429 with a sentence and a time, also for the right three."""
    for _ in range(5):
        assert _tap(client, amina, OTHER).status_code == 403
    answer = _tap(client, amina, THREE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "300")
    assert "Everything is safe" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("role", "secret", "words"),
    [
        ("learner", THREE, "for new pictures"),
        ("librarian", PIN, "for a new PIN"),
        ("steward", "the river is wide", "for a new secret"),
    ],
)
def test_a_rest_names_what_can_be_given_anew(
    client: FlaskClient, node: Node, cast: Cast, role: str, secret: credentials.Secret, words: str
) -> None:
    """Pictures to who has pictures, a PIN to who has one."""
    person = cast.person(role).id
    credentials.set_secret(node, person=person, secret=secret)
    for _ in range(5):
        credentials.verify(node, person=person, secret=OTHER)
    page = client.post(_door(person), data={"secret": "000111"}).get_data(as_text=True)
    assert [each for each in ("for new pictures", "for a new PIN", "for a new secret") if each in page] == [words]


def test_one_comes_back_to_where_one_was(client: FlaskClient, cast: Cast, amina: str) -> None:
    """The address travels over all steps."""
    led = client.get("/people/my-secret/")
    assert led.location == "/people/sign-in/?next=%2Fpeople%2Fmy-secret%2F"
    tail = "?next=%2Fpeople%2Fmy-secret%2F"
    assert f"/in/{cast.circle.id}/{tail}" in client.get(led.location).get_data(as_text=True)
    assert f"{_door(amina)}{tail}" in client.get(f"/people/sign-in/in/{cast.circle.id}/{tail}").get_data(as_text=True)
    assert _tap(client, amina, THREE, tail).location == "/people/my-secret/"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_an_address_elsewhere_is_the_front_page(address: str) -> None:
    """Whatever stands in `next`, one stays on this hub."""
    assert safe_next(address) == "/"


def test_nobody_is_led_elsewhere(client: FlaskClient, amina: str) -> None:
    """Signing in from a foreign link ends on the front page."""
    _tap(client, amina, THREE[:2])
    answer = client.post(_door(amina), query_string={"next": "//evil.example/"}, data={"pick": "leaf"})
    assert (answer.status_code, answer.location) == (303, "/")


def test_who_is_not_here_or_rests_does_not_sign_in(client: FlaskClient, node: Node, amina: str) -> None:
    """The page is not found; no form opens it."""
    roster.set_active(node, person=amina, is_active=False)
    assert client.get(_door(amina)).status_code == 404
    assert client.post(_door(amina), data={"pick": "star"}).status_code == 404
    assert client.get(_door("nobody")).status_code == 404
    assert client.get("/people/sign-in/in/nowhere/").status_code == 404


def test_a_long_circle_offers_to_look_for_a_name(client: FlaskClient, node: Node, cast: Cast) -> None:
    """From 25 people on; the search keeps to the circle."""
    address = f"/people/sign-in/in/{cast.circle.id}/"
    assert 'name="q"' not in client.get(address).get_data(as_text=True)
    node.write(lambda: [_join(node, cast, f"Child {number}") for number in range(25)])
    assert 'name="q"' in client.get(address).get_data(as_text=True)
    found = client.get(address, query_string={"q": "child 7"}).get_data(as_text=True)
    assert "Child 7" in found
    assert "Child 8" not in found
    assert "Nobody here has that name" in client.get(address, query_string={"q": "zzz"}).get_data(as_text=True)


def _join(node: Node, cast: Cast, name: str) -> None:
    child = roster.add_person(node, name=name, picture="goat")
    circles.join(node, circle=cast.circle.id, person=child.id)


def test_guests_look_around_only_where_they_may(make_node: Callable[..., Node]) -> None:
    """With guests off, every page but the front leads to the sign-in, and back."""
    closed = make_node("closed", guests=False)
    app: Flask = create_app(closed)
    Cast(closed, app)
    client = app.test_client()
    assert client.get("/library/?q=x").location == "/people/sign-in/?next=%2Flibrary%2F%3Fq%3Dx"
    assert client.post("/library/").status_code in (400, 403)
    assert client.get("/people/sign-in/").status_code == 200
