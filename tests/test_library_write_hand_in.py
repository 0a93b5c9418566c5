"""A facilitator's draft: their own until it is handed in; then the keepers look, mend, publish, or send it back."""

import itertools

import pytest
from flask.testing import FlaskClient

from hub import library
from hub.node import Node
from hub.writing import drafts, roles
from hub.writing.drafts import Draft
from hub.writing.parts import Part
from tests.fixtures import writing
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

KEEPERS = ("librarian", "steward")
STRANGERS = tuple(role for role in ROLES if role not in (*KEEPERS, "facilitator"))


@pytest.fixture
def browser(cast: Cast) -> FlaskClient:
    """The facilitator's."""
    return cast.client("facilitator")


@pytest.fixture
def draft(node: Node, browser: FlaskClient) -> Draft:
    """A draft of the facilitator with one text."""
    browser.post("/library/write/new/", data={"title": "Wells", "language": "en"})
    (made,) = drafts.drafts(node, person="")
    return drafts.add(node, made.id, part=Part("", "text", "Cover the well."))


def page_of(draft: Draft) -> str:
    """The page of a draft."""
    return f"/library/write/{draft.id}/"


def send(browser: FlaskClient, draft: Draft, tail: str, **fields: str) -> int:
    """Press a button of the draft's page."""
    return browser.post(f"{page_of(draft)}{tail}/", data=fields).status_code


def test_the_way_there_is_shown(browser: FlaskClient, cast: Cast) -> None:
    """On a facilitator's front page and in the library; a learner's has none."""
    for address in ("/", "/library/"):
        assert 'href="/library/write/"' in browser.get(address).text
        assert 'href="/library/write/"' not in cast.client("learner").get(address).text


@pytest.mark.parametrize("role", STRANGERS)
def test_others_get_nothing(cast: Cast, node: Node, draft: Draft, role: str) -> None:
    """Whatever stage it is at."""
    client = cast.client(role)
    for stage in (roles.OWN, roles.HANDED):
        shown = drafts.pass_on(node, draft.id, stage=stage, note="")
        for tail in ("", "preview/", "send-back/", "version/1/"):
            assert client.get(page_of(draft) + tail).status_code == (303 if role == OUTSIDER else 403)
        for tail in ("hand-in", "go-on", "send-back", "undo", "redo", "publish", "delete", "add/text"):
            assert send(client, draft, tail, text="x", note="x") == 403
        assert drafts.draft(node, draft.id) == shown


def test_the_keepers_see_it_when_it_is_handed_in(browser: FlaskClient, cast: Cast, draft: Draft) -> None:
    """Before that it is its writer's alone; another facilitator never sees it."""
    for role in KEEPERS:
        keeper = cast.client(role)
        assert keeper.get(page_of(draft)).status_code == 403 and "Wells" not in keeper.get("/library/write/").text
    assert "Hand it in" in browser.get(f"{page_of(draft)}preview/").text
    assert send(browser, draft, "hand-in") == 303
    for role in KEEPERS:
        keeper = cast.client(role)
        assert "handed in" in keeper.get("/library/write/").text and "Send it back" in keeper.get(page_of(draft)).text
    assert "1 draft was handed in to you" in cast.client("librarian").get("/").text


def test_it_comes_back_with_a_sentence(browser: FlaskClient, cast: Cast, node: Node, draft: Draft) -> None:
    """Which its writer reads; without one it is not sent back."""
    send(browser, draft, "hand-in")
    librarian = cast.client("librarian")
    assert send(librarian, draft, "send-back", note=" ") == 400
    assert drafts.draft(node, draft.id).stage == roles.HANDED
    assert send(librarian, draft, "send-back", note="Lovely. Say how deep.") == 303
    assert "Say how deep." in browser.get(page_of(draft)).text and "sent back" in browser.get("/library/write/").text
    assert librarian.get(page_of(draft)).status_code == 403
    assert "1 draft came back to you" in browser.get("/").text
    send(browser, draft, "hand-in")
    assert "Say how deep." not in browser.get(page_of(draft)).text and "draft came back" not in browser.get("/").text


def test_while_it_is_handed_in_its_writer_only_looks(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """What they type is not lost, and one press takes the draft back."""
    send(browser, draft, "hand-in")
    answer = browser.post(f"{page_of(draft)}add/text/", data={"text": "And the rope."})
    assert (answer.status_code, "And the rope." in answer.text, "keeps the shelf now" in answer.text) == (400,) + (
        True,
    ) * 2
    part = draft.body.parts[0].id
    for tail in (f"part/{part}/remove", f"part/{part}/move", "undo"):
        assert send(browser, draft, tail) == 303
    assert drafts.draft(node, draft.id).body == draft.body
    assert [send(browser, draft, tail) for tail in ("delete", "publish", "send-back")] == [403, 403, 403]
    assert send(browser, draft, "go-on") == 303 and send(browser, draft, "add/text", text="And the rope.") == 303


def test_it_is_mended_and_published(browser: FlaskClient, cast: Cast, node: Node, draft: Draft) -> None:
    """By a keeper; then both may write the next version, and its writer hands that in."""
    send(browser, draft, "hand-in")
    librarian = cast.client("librarian")
    assert send(librarian, draft, "add/heading", text="The rope") == 303
    assert send(librarian, draft, "publish") == 303
    writing.work(node)
    manifest = library.package(node, drafts.draft(node, draft.id).package)
    assert (manifest.version, manifest.author) == (1, cast.person("facilitator").name)
    assert b"The rope" in node.shelf.read(manifest, "read.md")
    assert send(browser, draft, "add/text", text="More") == 303 and send(librarian, draft, "add/text", text="x") == 303
    assert send(browser, draft, "publish") == 403 and send(browser, draft, "delete") == 403
    assert send(browser, draft, "hand-in") == 303 and roles.waiting(node) == 1


def test_an_empty_draft_is_not_handed_in(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """It says so."""
    drafts.remove(node, draft.id, part_id=draft.body.parts[0].id)
    answer = browser.post(f"{page_of(draft)}hand-in/", follow_redirects=True)
    assert "nothing in it yet" in answer.text and drafts.draft(node, draft.id).stage == roles.OWN


def test_the_table_names_everybody(cast: Cast, node: Node, draft: Draft) -> None:
    """Each way and stage has its row; nobody outside of it may do anything."""
    stages = (roles.SHARED, roles.OWN, roles.HANDED, roles.ON_SHELF)
    assert set(roles.MAY) == set(itertools.product(("keeper", "writer"), stages))
    for stage in (roles.SHARED, roles.OWN, roles.HANDED):
        shown = drafts.pass_on(node, draft.id, stage=stage, note="")
        assert not any(roles.may(node, cast.person(role), shown) for role in STRANGERS if role != OUTSIDER)
        assert roles.LOOK in roles.may(node, cast.person("facilitator"), shown)
