"""Forms: only pages of this hub may send them, and each carries a token."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.app import create_app
from hub.node import Node
from hub.people import circles
from tests.fixtures import engines
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.sqlite(engines.WORDS)

FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:8081"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "same-site"},
]
OURS = [{}, {"Origin": "http://localhost"}, {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}]
CIRCLE = {"name": "New circle", "picture": "river", "kind": "circle"}
ADDRESS = "/people/circles/"


@pytest.fixture
def strict(node: Node) -> Flask:
    """The pages as they are served: every form needs its token."""
    return create_app(node)


@pytest.fixture
def keeper(node: Node, strict: Flask) -> FlaskClient:
    """The librarian's browser."""
    return Cast(node, strict).client("librarian")


def _token(client: FlaskClient) -> str:
    page = client.get(ADDRESS).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def _names(node: Node) -> set[str]:
    return {each.name for each in circles.circles(node)}


def test_a_form_from_elsewhere_is_refused(node: Node, keeper: FlaskClient) -> None:
    """Also from the packages' own port, and although it carries cookie and token."""
    data = {**CIRCLE, "csrf_token": _token(keeper)}
    for headers in FOREIGN:
        assert (headers, keeper.post(ADDRESS, data=data, headers=headers).status_code) == (headers, 403)
    assert "New circle" not in _names(node)


def test_a_form_of_ours_is_taken(keeper: FlaskClient) -> None:
    """With its token, from this hub's own pages or from a browser that names no origin."""
    token = _token(keeper)
    for number, headers in enumerate(OURS):
        data = {**CIRCLE, "name": f"Circle {number}", "csrf_token": token}
        assert (headers, keeper.post(ADDRESS, data=data, headers=headers).status_code) == (headers, 303)


def test_a_form_without_its_token_is_refused(node: Node, keeper: FlaskClient) -> None:
    """One sentence says to open the page again."""
    for fields in ({}, {"csrf_token": ""}, {"csrf_token": "forged"}, {"csrf_token": "ImFiYyI.aaaaaa.bbbb"}):
        answer = keeper.post(ADDRESS, data={**CIRCLE, **fields})
        assert answer.status_code == 400
        assert "Open the page again" in answer.get_data(as_text=True)
    assert "New circle" not in _names(node)


def test_a_token_of_another_browser_is_refused(node: Node, strict: Flask, keeper: FlaskClient) -> None:
    """A token belongs to one sign-in."""
    token = _token(keeper)
    other = strict.test_client()
    other.get("/people/sign-in/")
    assert other.post(ADDRESS, data={**CIRCLE, "csrf_token": token}).status_code == 400
    assert "New circle" not in _names(node)


def test_a_token_of_the_last_sign_in_is_worth_nothing(keeper: FlaskClient) -> None:
    """A form that was open before somebody else signed in cannot be sent in their name."""
    token = _token(keeper)
    assert keeper.post("/people/sign-out/", data={"csrf_token": token}).status_code == 303
    assert keeper.post(ADDRESS, data={**CIRCLE, "csrf_token": token}).status_code == 400


def test_reading_needs_no_origin(keeper: FlaskClient) -> None:
    """A link from elsewhere opens a page."""
    assert keeper.get(ADDRESS, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_every_form_on_the_people_pages_carries_the_token(keeper: FlaskClient, node: Node) -> None:
    """None is forgotten."""
    circle = circles.circles(node)[0]
    person = circles.members(node, circle.id)[0]
    for address in ("/people/add/", f"/people/{person.id}/", f"/people/circles/{circle.id}/", "/people/switch/"):
        page = keeper.get(address).get_data(as_text=True)
        assert page.count('method="post"') == page.count('name="csrf_token"') > 0
