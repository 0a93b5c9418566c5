"""Coming in by oneself: into an open circle only, as a learner only, once for each form, and not by the hundred."""

import re

from flask.testing import FlaskClient

from hub.node import Node
from hub.people import circles, credentials, roster
from tests.fixtures.cast import Cast

TICKET = "00000000-0000-4000-8000-000000000001"


def _door(cast: Cast) -> str:
    return f"/people/sign-in/in/{cast.circle.id}/new/"


def _names(node: Node, cast: Cast) -> list[str]:
    return [each.name for each in circles.members(node, cast.circle.id)]


def test_one_tap_makes_a_learner_who_chooses_a_secret(client: FlaskClient, node: Node, cast: Cast) -> None:
    """Nothing is typed; the picture is the name until somebody writes another."""
    assert _door(cast) in client.get(f"/people/sign-in/in/{cast.circle.id}/").get_data(as_text=True)
    page = client.get(_door(cast)).get_data(as_text=True)
    ticket = re.findall(r'name="ticket" value="([^"]+)"', page)[0]
    answer = client.post(_door(cast), data={"picture": "fish", "name": "", "ticket": ticket})
    made = next(each for each in circles.members(node, cast.circle.id) if each.picture == "fish")
    assert answer.location == f"/people/sign-in/as/{made.id}/"
    assert (made.name, made.roles, credentials.kind_of(node, made.id)) == ("Fish", {"learner"}, "new")


def test_a_typed_name_is_kept_and_a_taken_picture_not_offered(client: FlaskClient, node: Node, cast: Cast) -> None:
    """Two with one picture would not find themselves."""
    client.post(_door(cast), data={"picture": "goat", "name": " Zuri ", "ticket": TICKET})
    assert "Zuri" in _names(node, cast)
    page = client.get(_door(cast)).get_data(as_text=True)
    assert 'value="goat"' not in page
    assert 'value="fish"' in page


def test_the_same_form_twice_is_one_person(client: FlaskClient, node: Node, cast: Cast) -> None:
    """A double tap makes no twin; both answers lead to the same."""
    answers = [client.post(_door(cast), data={"picture": "fish", "ticket": TICKET}).location for _ in range(2)]
    assert answers[0] == answers[1]
    assert _names(node, cast).count("Fish") == 1


def test_a_picture_taken_meanwhile_asks_for_another(client: FlaskClient, node: Node, cast: Cast) -> None:
    """Two forms that lay open side by side make no two of one name and one picture."""
    client.post(_door(cast), data={"picture": "fish", "ticket": TICKET})
    answer = client.post(_door(cast), data={"picture": "fish", "ticket": f"{TICKET[:-1]}2"})
    assert (answer.status_code, _names(node, cast).count("Fish")) == (400, 1)
    assert "choose another picture" in answer.get_data(as_text=True)


def test_a_circle_that_is_not_open_lets_nobody_in(client: FlaskClient, node: Node, cast: Cast) -> None:
    """No tile, no page, no form."""
    circles.change_circle(node, circle=cast.circle.id, is_open=False)
    assert "/new/" not in client.get(f"/people/sign-in/in/{cast.circle.id}/").get_data(as_text=True)
    assert client.get(_door(cast)).location == f"/people/sign-in/in/{cast.circle.id}/"
    assert client.post(_door(cast), data={"picture": "fish", "ticket": TICKET}).status_code == 403
    assert "Fish" not in _names(node, cast)


def test_what_cannot_be_is_said(client: FlaskClient, node: Node, cast: Cast) -> None:
    """A picture that is none, a name that is too long, a ticket that is not ours, a circle that is not there."""
    right = {"picture": "fish", "name": "Zuri", "ticket": TICKET}
    for change in ({"picture": "dragon"}, {"picture": ""}, {"name": "x" * 61}, {"ticket": ""}, {"ticket": "1' OR 1"}):
        assert (change, client.post(_door(cast), data={**right, **change}).status_code) == (change, 400)
    assert client.post("/people/sign-in/in/nowhere/new/", data=right).status_code == 404
    assert len(roster.people(node)) == 8


def test_a_phone_brings_ten_and_then_rests(client: FlaskClient, node: Node, cast: Cast) -> None:
    """The eleventh is asked to wait, and nobody was made."""
    tickets = [f"00000000-0000-4000-8000-{number:012}" for number in range(11)]
    forms = [{"picture": "fish", "name": f"Zuri {each[-2:]}", "ticket": each} for each in tickets]
    codes = [client.post(_door(cast), data=form).status_code for form in forms]
    assert codes == [303] * 10 + [429]
    assert len(_names(node, cast)) == 12
