"""A hub without a clock on its pages: calm words, a form to say the time, and phones that say it as they sign in."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub import timekeeping
from hub.node import Node
from hub.people import credentials, roster
from hub.web.cookies import FAR
from sync.clock import CROWD, NONE
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.clock import START_MS, HandClock

PAGE = "/status/clock/"
TELLERS = {"facilitator", "librarian", "steward", "region"}
NOW_MS = START_MS + 56 * 365 * 86_400_000


@pytest.fixture
def blind(clock: HandClock) -> HandClock:
    """The machine's clock stands in 1970 and nothing keeps it."""
    clock.quality, clock.time_ms = NONE, 5_000
    clock.monotonic_ms = lambda: clock.time_ms  # type: ignore[method-assign]
    return clock


@pytest.mark.parametrize("role", ROLES)
def test_who_may_say_what_time_it_is(blind: HandClock, node: Node, cast: Cast, role: str) -> None:
    """Those who look after learners or the hub; nobody else changes the clock."""
    answer = cast.client(role).post(PAGE, data={"time": "2026-11-30T14:05"})
    assert (answer.location == PAGE) == (role in TELLERS)
    assert (node.clock.quality == CROWD) == (role in TELLERS)
    assert (cast.client(role).get(PAGE).status_code == 200) == (role in TELLERS)


def test_the_hour_is_that_of_the_community(blind: HandClock, node: Node, cast: Cast) -> None:
    """What was typed is the place's own time, and is read back so."""
    object.__setattr__(node.settings, "utc_ahead", 180)
    librarian = cast.client("librarian")
    assert "not known: the clock was not set" in librarian.get(PAGE).text
    librarian.post(PAGE, data={"time": "2026-11-30T14:05"})
    assert abs(node.clock.now_ms() - 1_796_036_700_000) <= 60_000
    told = librarian.get(PAGE).text
    assert "30 November 2026 · 14:05" in told
    assert "Earlier dates were mended" in told


@pytest.mark.parametrize("time", ["", "yesterday", "1999-01-01T00:00", "2026-13-30T14:05", "9" * 16])
def test_what_is_no_time_is_said_kindly(blind: HandClock, node: Node, cast: Cast, time: str) -> None:
    """And nothing was changed."""
    answer = cast.client("librarian").post(PAGE, data={"time": time})
    assert (answer.status_code, node.clock.quality) == (400, NONE)
    assert "Nothing was changed" in answer.text


def test_a_clock_that_is_kept_is_not_to_be_told(node: Node, cast: Cast) -> None:
    """The page says how the time is known and has no form."""
    librarian = cast.client("librarian")
    assert "datetime-local" not in librarian.get(PAGE).text
    assert librarian.post(PAGE, data={"time": "2026-11-30T14:05"}).status_code == 400
    assert "data-now" not in _letters(librarian, node)[1]


def _letters(client: FlaskClient, node: Node, name: str = "Zawadi", role: str = "") -> tuple[str, str]:
    """Somebody who signs in with a PIN, and their page for it."""
    made = roster.add_person(node, name=name, picture="kite").id
    if role:
        roster.give_role(node, person=made, role=role)
    credentials.set_secret(node, person=made, secret="482915")
    return made, client.get(f"/people/sign-in/as/{made}/").text


def test_a_phone_tells_the_time_as_somebody_signs_in(blind: HandClock, node: Node, app: Flask, cast: Cast) -> None:
    """One who looks after the hub at once, three others together; a wrong secret or no number tells nothing."""
    for number in range(3):
        client = app.test_client()
        made, asked = _letters(client, node, f"Person {number}")
        assert 'name="now" data-now' in asked
        where = {"REMOTE_ADDR": f"10.0.0.{number}"}
        for secret, now in (("482916", str(NOW_MS)), ("482915", "x" * 9), ("482915", str(NOW_MS))):
            assert node.clock.quality == NONE
            form = {"secret": secret, "now": now}
            client.post(f"/people/sign-in/as/{made}/", data=form, environ_base=where)
    assert (node.clock.quality, abs(node.clock.now_ms() - NOW_MS) <= 60_000) == (CROWD, True)


def test_a_keepers_phone_is_enough(blind: HandClock, node: Node, client: FlaskClient, cast: Cast) -> None:
    """And nobody who was signed in before is signed out by it."""
    learner = cast.client("learner")
    made, _ = _letters(client, node, role="librarian")
    client.post(f"/people/sign-in/as/{made}/", data={"secret": "482915", "now": str(NOW_MS)})
    assert node.clock.quality == CROWD
    assert "Amina" in learner.get("/").text


def test_keepers_are_led_there(blind: HandClock, cast: Cast) -> None:
    """From the page about the hub and from a librarian's home."""
    librarian = cast.client("librarian")
    for path in ("/", "/status/"):
        assert PAGE in librarian.get(path).text


def test_the_cookie_does_not_hang_on_the_clock(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A phone of somebody's own gets one that lasts, and one made in the future is read."""
    learner = cast.client("learner")
    with learner.session_transaction() as session:
        session.permanent = True
    cookie = learner.get_cookie("mangrove")
    assert cookie is not None
    assert cookie.expires is None or cookie.expires.year == FAR.year
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: 7.0)
    assert "Amina" in learner.get("/").text


def test_starts_that_are_about_right_are_said(blind: HandClock, node: Node, cast: Cast) -> None:
    """How many, on the page of the clock."""
    payload = {"boot": "f" * 32, "offset_ms": START_MS, "quality": 0, "was": [0]}
    node.write(lambda: node.record("clock.fix", payload, depth=1))
    assert timekeeping.estimated(node) == 1
    assert "about right" in cast.client("librarian").get(PAGE).text
