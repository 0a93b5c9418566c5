"""A guest who only looks gets no cookie; what a guest chooses is kept, and no other site chooses for them."""

import re

import pytest
from flask.testing import FlaskClient

from hub.app import create_app
from hub.node import Node
from tests.fixtures import engines
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.sqlite(engines.WORDS)

LOOKED_AT = ("/", "/library/", "/library/market.en/", "/about/", "/help/", "/community/")
CHOICES = {"/language/": {"language": "fr", "next": "/library/"}, "/help/tour/guest/away/": {"next": "/"}}
"""What a guest may choose on any page, without a token."""


@pytest.fixture
def guest(node: Node, market: object, cast: Cast) -> FlaskClient:  # noqa: ARG001
    """A fresh browser on a hub that asks for tokens."""
    return create_app(node).test_client()


@pytest.mark.parametrize("address", LOOKED_AT)
def test_who_only_looks_gets_no_cookie(guest: FlaskClient, address: str) -> None:
    """Nothing on these pages needs one."""
    answer = guest.get(address)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("address", CHOICES)
def test_a_guest_chooses_without_a_token(guest: FlaskClient, address: str) -> None:
    """The choice is kept on this phone from then on; another site cannot make it."""
    foreign = guest.post(address, data=CHOICES[address], headers={"Origin": "https://elsewhere.example"})
    assert foreign.status_code == 403 and "Set-Cookie" not in foreign.headers
    answer = guest.post(address, data=CHOICES[address])
    assert (answer.status_code, answer.location) == (303, CHOICES[address]["next"])
    shown = guest.get("/").text
    assert '<html lang="fr"' in shown if "language" in address else "/help/tour/guest/1/" not in shown


@pytest.mark.parametrize("address", CHOICES)
def test_who_is_signed_in_needs_the_token(node: Node, market: object, address: str) -> None:  # noqa: ARG001
    """There the same form changes somebody's record."""
    client = Cast(node, create_app(node)).client("learner")
    assert client.post(address, data=CHOICES[address]).status_code == 400
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)
    assert found is not None
    assert client.post(address, data={**CHOICES[address], "csrf_token": found[1]}).status_code == 303
