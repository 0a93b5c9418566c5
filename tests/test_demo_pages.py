"""`/demo/`: look as somebody, sign in with the shown secrets, clear and begin; a real hub has no such pages."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page, expect

from hub.app import create_app
from hub.demo import marks
from hub.demo.cast import LOOK_AS, PIN
from hub.node import Node
from hub.people import roster, sessions
from hub.tide import peers
from tests.fixtures import engines
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.demo import Demo
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.WORDS)


@pytest.fixture
def node(request: pytest.FixtureRequest, make_node: Callable[..., Node]) -> Node:
    """A demo without a library where a test looks at one, else an empty hub."""
    is_demo = {"demo_app", "visitor"} & set(request.fixturenames)
    return make_node(like=request.getfixturevalue("prepared_crowd")) if is_demo else make_node()


@pytest.fixture
def demo_app(node: Node, app: Flask) -> Flask:
    """The pages of that demo."""
    assert marks.is_demo(node)
    return app


@pytest.fixture
def visitor(demo_app: Flask) -> FlaskClient:
    """A guest's browser in the demo."""
    return demo_app.test_client()


def test_a_real_hub_has_no_such_pages(node: Node, cast: Cast):
    """Whoever asks, the outsider and who has no token too: nobody can look as somebody else or clear anything."""
    strict = create_app(node).test_client()
    for client in (strict, *(cast.client(role) for role in ROLES)):
        assert client.get("/demo/").status_code == 404
        assert client.post("/demo/as/steward").status_code == 404
        assert client.post("/demo/clear/").status_code == 404
    assert cast.person("learner").is_active


def test_the_cast_is_shown_with_its_secrets(visitor: FlaskClient):
    """Eight cards, each a form with its token, as has the one that clears; the PIN and the three pictures."""
    html = visitor.get("/demo/").text
    assert re.findall(r'action="/demo/as/(\w+)"', html) == list(LOOK_AS)
    assert html.count('name="csrf_token"') == len(LOOK_AS) + 1
    assert all(f"<bdi>{name}</bdi>" in html for name in LOOK_AS.values())
    assert PIN in html and 'aria-label="star"' in html


def test_every_learner_has_three_things_to_choose(demo: Demo):
    """Beside the one to go on with: what is new or begun, what could be done once more, or the library."""
    app, found = demo.client("child").application, {}
    for person in roster.people(demo.node, role="learner"):
        client = app.test_client()
        with client.session_transaction() as session:
            session["token"] = sessions.begin(demo.node, person=person.id, device="personal")
        html = client.get("/home/learner/").text
        found[person.name] = (html.count('class="main-action"'), html.count('class="choice '))
    assert {*found.values()} == {(1, 3)} and len(found) > 20


def test_look_as_each_role(visitor: FlaskClient):
    """The visitor is that person now and sees their home; the next card ends the look before."""
    for role, name in LOOK_AS.items():
        answer = visitor.post(f"/demo/as/{role}")
        assert (answer.status_code, answer.location) == (303, "/")
        assert re.search(rf"<h1><span [^>]*>(Hello|Bonjour), {re.escape(name)}</span></h1>", visitor.get("/").text)


def test_an_unknown_role_is_not_found(visitor: FlaskClient):
    """Only the eight roles can be looked as; nobody is signed in."""
    for role in ("king", "Amina", "..", "%00", "child' OR 1=1", "x" * 5000):
        assert visitor.post(f"/demo/as/{role}").status_code == 404
    assert "Hello" not in visitor.get("/").text


def test_who_was_let_rest_is_not_shown(node: Node, visitor: FlaskClient):
    """A visitor who lets Amina rest finds no card of hers any more, and no way to be her."""
    roster.set_active(node, person=marks.players(node)["child"].id, is_active=False)
    assert "/demo/as/child" not in visitor.get("/demo/").text
    assert visitor.post("/demo/as/child").status_code == 404


def test_a_form_without_its_token_is_refused(node: Node, demo_app: Flask):
    """Looking as somebody and clearing are forms like all others."""
    strict = create_app(node).test_client()
    assert strict.post("/demo/as/child").status_code == 400
    assert strict.post("/demo/clear/").status_code == 400
    assert marks.is_demo(node)


def test_clearing_leads_to_the_set_up(node: Node, visitor: FlaskClient):
    """One tap: the visitor is signed out, every page leads to the two questions, and there is no way back."""
    visitor.post("/demo/as/steward")
    answer = visitor.post("/demo/clear/")
    assert (answer.status_code, answer.location) == (303, "/setup/")
    assert "The demo is cleared" in visitor.get("/setup/").text
    assert visitor.get("/").location == "/setup/"
    assert visitor.get("/demo/").status_code == 404
    assert roster.people(node) == []


def test_clearing_twice_is_harmless(visitor: FlaskClient):
    """The second tap of an impatient finger finds no demo any more."""
    visitor.post("/demo/clear/")
    assert visitor.post("/demo/clear/").status_code == 404
    assert visitor.get("/setup/").status_code == 200


def test_what_was_sent_is_not_taken_back(node: Node, visitor: FlaskClient):
    """A demo that has a peer says before it is cleared what stays with the other hub."""
    assert "What they were sent" not in visitor.get("/demo/").text
    keep = node.tables.Peer.insert(id="x", name="Region", url="", sends="", takes="", joined_ms=0, seen_ms=0)
    node.write(keep.execute)
    assert peers.peers(node)
    assert "What they were sent" in visitor.get("/demo/").text


@pytest.mark.browser
def test_clear_and_begin_without_script(
    crowd: Node, serve_node: Callable[[Node], Served], phone: Callable[..., BrowserContext]
):
    """A visitor looks as the child, comes back by the ribbon, clears the demo in one tap and is asked two questions."""
    page: Page = phone(java_script_enabled=False).new_page()
    page.goto(f"{serve_node(crowd).url}/demo/")
    page.get_by_role("button", name="Amina").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello, Amina")
    page.locator(".ribbon a").click()
    expect(page.get_by_text("Everybody of the demo goes, with all they did")).to_be_visible()
    page.get_by_role("button", name="Clear the demo and begin").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Two questions")
    expect(page.locator(".ribbon")).to_have_count(0)
