"""The browser's side of a sign-in: cookies, change of token, shared and personal phones, what a rest holds."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.app import create_app
from hub.node import Node
from hub.people import credentials, households, sessions
from tests.fixtures.cast import Cast
from tests.fixtures.clock import HandClock

THREE = ("star", "key", "leaf")
REST_S = 300


def _sign_in(client: FlaskClient, node: Node, person: str) -> TestResponse:
    """Sign in with three pictures."""
    credentials.set_secret(node, person=person, secret=THREE)
    return [client.post(f"/people/sign-in/as/{person}/", data={"pick": name}) for name in THREE][-1]


def _token(client: FlaskClient) -> str:
    with client.session_transaction() as session:
        return str(session.get("token", ""))


def _here(client: FlaskClient) -> bool:
    """Whether somebody is signed in and awake."""
    return client.get("/people/my-secret/").status_code == 200


@pytest.mark.parametrize("https", [False, True])
def test_the_cookie_is_kept_from_scripts_and_other_sites(make_node: Callable[..., Node], https: bool) -> None:
    """HttpOnly and SameSite always, Secure where the hub is reached over HTTPS, and gone with a shared browser."""
    node = make_node("flags", https=https)
    app = create_app(node)
    app.config.update(WTF_CSRF_ENABLED=False)
    answer = _sign_in(app.test_client(), node, Cast(node, app).person("learner").id)
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("mangrove="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert ("Secure" in cookie) is https
    assert "Expires" not in cookie
    assert "Domain" not in cookie


def test_signing_in_changes_the_token_and_empties_the_session(client: FlaskClient, node: Node, cast: Cast) -> None:
    """A token planted before is worth nothing afterwards, and nothing of the guest's or the last one's stays."""
    amina, kofi = cast.person("learner").id, cast.person("neighbour").id
    _sign_in(client, node, amina)
    first = _token(client)
    with client.session_transaction() as session:
        session["card"] = ["left over"]
    _sign_in(client, node, kofi)
    assert _token(client) != first
    assert sessions.find(node, first) is None
    with client.session_transaction() as session:
        assert "card" not in session


def test_signing_out_ends_the_token_itself(node: Node, cast: Cast) -> None:
    """A copy of the cookie is worth nothing either."""
    client = cast.client("learner")
    token = _token(client)
    assert client.post("/people/sign-out/").location == "/"
    assert sessions.find(node, token) is None
    assert client.post("/people/sign-out/", data={"then": "sign-in"}).location == "/people/sign-in/"


def test_a_forged_cookie_is_nobody(client: FlaskClient, cast: Cast) -> None:
    """What the hub has not signed does not count."""
    client.set_cookie("mangrove", "eyJ0b2tlbiI6ImEifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert not _here(client)


def test_a_shared_phone_asks_after_a_rest(node: Node, cast: Cast, clock: HandClock) -> None:
    """No page of the one before until the secret is shown; then one is back where one was."""
    client, amina = cast.client("learner"), cast.person("learner").id
    credentials.set_secret(node, person=amina, secret=THREE)
    clock.advance(REST_S)
    led = client.get("/people/my-secret/?x=1")
    assert led.location == f"/people/sign-in/as/{amina}/?next=%2Fpeople%2Fmy-secret%2F%3Fx%3D1"
    assert "Still you?" in client.get(led.location).get_data(as_text=True)
    taps = [client.post(led.location, data={"pick": name}) for name in THREE]
    assert taps[-1].location == "/people/my-secret/?x=1"
    assert _here(client)


def test_the_rest_shows_no_name_on_the_front_page(cast: Cast, clock: HandClock) -> None:
    """The front page asks too, and an asset does not."""
    client = cast.client("learner")
    clock.advance(REST_S)
    assert client.get("/").status_code == 303
    assert client.get("/healthz").status_code == 200


def test_a_personal_phone_does_not_ask(cast: Cast, clock: HandClock) -> None:
    """It says so itself, once, and stays signed in when the browser closes."""
    client = cast.client("learner")
    answer = client.post("/people/device/", data={"device": "personal"})
    cookies = {each.split("=")[0]: each for each in answer.headers.getlist("Set-Cookie")}
    assert "Expires" in cookies["mangrove"]
    assert "HttpOnly" in cookies["mangrove-device"]
    clock.advance(10 * REST_S)
    assert _here(client)
    client.post("/people/device/", data={"device": "shared"})
    clock.advance(REST_S)
    assert not _here(client)


@pytest.mark.parametrize("https", [False, True])
def test_no_cookie_is_had_by_scripts_or_over_an_open_line(make_node: Callable[..., Node], https: bool) -> None:
    """Whatever cookie a page sets, that of the phone included, is marked like the one of the sign-in."""
    app = create_app(make_node("phone", https=https))
    app.config.update(WTF_CSRF_ENABLED=False)
    client = Cast(app.extensions["node"], app).client("learner")
    cookies = client.post("/people/device/", data={"device": "personal"}).headers.getlist("Set-Cookie")
    assert {each.split("=")[0] for each in cookies} == {"mangrove", "mangrove-device"}
    for cookie in cookies:
        assert ("HttpOnly" in cookie, "SameSite=Lax" in cookie, "Path=/" in cookie) == (True, True, True)
        assert ("Secure" in cookie, "Domain" in cookie) == (https, False)


def test_a_phone_is_shared_or_personal(cast: Cast) -> None:
    """Any other word is refused, and a guest decides nothing."""
    assert cast.client("learner").post("/people/device/", data={"device": "stolen"}).status_code == 400
    assert cast.client("outsider").post("/people/device/", data={"device": "personal"}).status_code == 403


def test_what_was_sent_after_a_rest_is_held_for_its_sender(node: Node, cast: Cast, clock: HandClock) -> None:
    """The form waits, and its sender sends it with one press after showing the secret."""
    client, amina = cast.client("learner"), cast.person("learner").id
    clock.advance(REST_S)
    led = client.post("/people/my-secret/", data={"old": "a & b", "csrf_token": "x"})
    assert led.location == f"/people/sign-in/as/{amina}/?next=%2Fpeople%2Fgo-on%2F"
    _sign_in(client, node, amina)
    page = client.get("/people/go-on/").get_data(as_text=True)
    assert 'action="/people/my-secret/"' in page
    assert '<input type="hidden" name="old" value="a &amp; b">' in page
    client.post("/people/my-secret/", data={"old": "a & b"})
    assert client.get("/people/go-on/").location == "/"


def test_what_was_sent_is_not_held_for_somebody_else(node: Node, cast: Cast, clock: HandClock) -> None:
    """A brother who took the phone neither sees nor sends it."""
    client, kofi = cast.client("learner"), cast.person("neighbour").id
    clock.advance(REST_S)
    client.post("/people/my-secret/", data={"old": "mine"})
    _sign_in(client, node, kofi)
    assert client.get("/people/go-on/").location == "/"


def test_what_is_too_long_to_hold_is_said(node: Node, cast: Cast, clock: HandClock) -> None:
    """Honestly, after the secret, with what is safe."""
    client, amina = cast.client("learner"), cast.person("learner").id
    clock.advance(REST_S)
    client.post("/people/my-secret/", data={"old": "x" * 3000})
    _sign_in(client, node, amina)
    assert "too long to keep" in client.get("/people/go-on/").get_data(as_text=True)


def test_a_brother_s_turn_is_two_taps_in_a_trusting_home(node: Node, cast: Cast) -> None:
    """The own picture, the brother's picture: he is in, she is out, and her token is dead."""
    client, kofi = cast.client("learner"), cast.person("neighbour")
    home = households.add_household(node, name="Amina's home", picture="well", is_trusting=True)
    for person in (cast.person("learner"), kofi):
        households.link(node, household=home.id, person=person.id, relation="child")
    before = _token(client)
    assert kofi.id in client.get("/people/switch/").get_data(as_text=True)
    assert client.post("/people/switch/", data={"person": kofi.id}).location == "/"
    assert "Kofi" in client.get("/people/switch/").get_data(as_text=True)
    assert sessions.find(node, before) is None


@pytest.mark.parametrize("role", ["neighbour", "guardian", "librarian"])
def test_elsewhere_the_next_one_shows_the_secret(node: Node, cast: Cast, role: str) -> None:
    """The one before is out at once; a grown-up is never entered by a tap."""
    client, following = cast.client("learner"), cast.person(role).id
    before = _token(client)
    answer = client.post("/people/switch/", data={"person": following})
    assert answer.location == f"/people/sign-in/as/{following}/"
    assert sessions.find(node, before) is None
    assert not _here(client)


def test_a_resting_phone_goes_to_nobody_without_a_secret(node: Node, cast: Cast, clock: HandClock) -> None:
    """A phone that was left lying asks everybody, also in a trusting home."""
    client, kofi = cast.client("learner"), cast.person("neighbour")
    home = households.add_household(node, name="Amina's home", picture="well", is_trusting=True)
    for person in (cast.person("learner"), kofi):
        households.link(node, household=home.id, person=person.id, relation="child")
    clock.advance(REST_S)
    assert client.get("/people/switch/").status_code == 200
    assert client.post("/people/switch/", data={"person": kofi.id}).location == f"/people/sign-in/as/{kofi.id}/"


def test_a_guest_has_no_turn_to_give(cast: Cast) -> None:
    """The page leads to the sign-in, the form is refused, and an unknown person is not found."""
    guest = cast.client("outsider")
    assert guest.get("/people/switch/").location == "/people/sign-in/"
    assert guest.post("/people/switch/", data={"person": cast.person("learner").id}).status_code == 403
    assert cast.client("learner").post("/people/switch/", data={"person": "nobody"}).status_code == 404


def test_a_grown_up_changes_the_own_pin(node: Node, cast: Cast) -> None:
    """The old one is asked for; the other phone is signed out; this one stays."""
    person = cast.person("librarian").id
    credentials.set_secret(node, person=person, secret="246813")
    client, other = cast.client("librarian"), cast.client("librarian")
    assert client.post("/people/my-secret/", data={"old": "000111", "secret": "135799"}).status_code == 400
    assert client.post("/people/my-secret/", data={"old": "246813", "secret": "111111"}).status_code == 400
    assert client.post("/people/my-secret/", data={"old": "246813", "secret": "135799"}).status_code == 303
    assert credentials.verify(node, person=person, secret="135799")
    assert _here(client)
    assert not _here(other)


def test_guessing_the_own_pin_ends_too(node: Node, cast: Cast) -> None:
    """Whoever finds a phone signed in cannot try for ever."""
    credentials.set_secret(node, person=cast.person("librarian").id, secret="246813")
    client = cast.client("librarian")
    for _ in range(5):
        client.post("/people/my-secret/", data={"old": "000111", "secret": "135799"})
    assert client.post("/people/my-secret/", data={"old": "246813", "secret": "135799"}).status_code == 429
