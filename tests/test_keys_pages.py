"""Keys in the browser: a librarian makes one, sees its secret once, sees how it is used, and takes it back."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext

from hub import keys
from hub.node import Node
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.clock import HandClock
from tests.fixtures.learning import Tool, statement
from tests.fixtures.web import Served

CODE = re.compile(r'<code dir="ltr">([^<]+)</code>')
FORM = re.compile(r'name="key" value="([\w-]{12})"')


def form_key(client: FlaskClient) -> str:
    """The name that the form carries."""
    return FORM.findall(client.get("/keys/new/").text)[0]


def made(client: FlaskClient, *scopes: str, **given: str) -> tuple[str, str, str]:
    """Make a key as a librarian does; what the page tells to paste: address, key, secret."""
    data = {"key": form_key(client), "name": "Tablet app", "scope": list(scopes) or ["all"], **given}
    page = client.post("/keys/new/", data=data, follow_redirects=True)
    assert page.status_code == 200, page.text
    address, key, secret = CODE.findall(page.text)
    return address, key, secret


def test_a_librarian_makes_a_key_that_opens_the_door(cast: Cast, client: FlaskClient) -> None:
    """What is to be pasted is enough for the tool's first statement."""
    address, key, secret = made(cast.client("librarian"), "statements/write", "statements/read/mine")
    assert address.endswith("/xapi/")
    tool = Tool(client, key, secret)
    (kept,) = tool.send(statement())
    assert [each["id"] for each in tool.find()] == [kept]


def test_the_secret_is_shown_once(cast: Cast, node: Node) -> None:
    """Opened again the page leads back, and no page and no row holds it."""
    client = cast.client("librarian")
    _, key, secret = made(client)
    again = client.get(f"/keys/{key}/secret/", follow_redirects=True)
    assert "Take the key back and make another" in again.text
    assert secret not in again.text + client.get("/keys/").text + repr(list(node.tables.Key.select().tuples()))


def test_another_browser_never_sees_the_secret(cast: Cast) -> None:
    """Not even another librarian's: it waits in the browser that asked."""
    client = cast.client("librarian")
    data = {"key": form_key(client), "name": "A", "scope": "all"}
    address = client.post("/keys/new/", data=data).headers["Location"]
    assert CODE.findall(cast.client("librarian").get(address, follow_redirects=True).text) == []
    assert len(CODE.findall(client.get(address).text)) == 3


def test_a_form_that_is_sent_twice_makes_one_key(cast: Cast, node: Node) -> None:
    """And still leads to its secret."""
    client = cast.client("librarian")
    data = {"key": form_key(client), "name": "A", "scope": "all"}
    first, second = (client.post("/keys/new/", data=data).headers["Location"] for _ in range(2))
    assert first == second
    assert len(CODE.findall(client.get(second).text)) == 3
    assert len(keys.keys(node)) == 1


WRONG = {
    "no name": {"name": " ", "scope": "all"},
    "a long name": {"name": "x" * 81, "scope": "all"},
    "nothing it may do": {"name": "A"},
    "something nobody may": {"name": "A", "scope": "everything"},
    "a day that is over": {"name": "A", "scope": "all", "until": "2025-11-23"},
    "a day that is none": {"name": "A", "scope": "all", "until": "2025-02-30"},
    "a name of its own": {"name": "A", "scope": "all", "key": "'; DROP"},
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_made_is_said_beside_the_form(cast: Cast, node: Node, case: str) -> None:
    """What was typed stays, and nothing was made."""
    client = cast.client("librarian")
    answer = client.post("/keys/new/", data={"key": form_key(client), **WRONG[case]})
    assert answer.status_code == 400
    assert "othing was made" in unescape(answer.text)
    assert f'value="{WRONG[case]["name"]}"' in answer.text
    assert keys.keys(node) == []


def test_the_list_tells_what_a_librarian_needs_to_decide(cast: Cast, client: FlaskClient) -> None:
    """What it may, who made it, until when it is good, whether it was used, how much it wrote."""
    librarian = cast.client("librarian")
    _, key, secret = made(librarian, "statements/write", until="2026-01-31")
    page = librarian.get("/keys/").text
    for words in ("Tablet app", "Write records of learning", "not used yet", "Wrote nothing", "31 January 2026"):
        assert words in page
    assert f"made by <bdi>{cast.person('librarian').name}</bdi>" in page
    Tool(client, key, secret).send(statement(), statement())
    page = librarian.get("/keys/").text
    assert "Wrote 2 records" in page
    assert "used just now" in page


def test_a_key_is_taken_back_after_asking(cast: Cast, client: FlaskClient) -> None:
    """It opens nothing from then on, and stands among those that no longer do."""
    librarian = cast.client("librarian")
    _, key, secret = made(librarian)
    asked = librarian.get(f"/keys/{key}/back/")
    assert "Tablet app" in asked.text
    assert Tool(client, key, secret).ask("GET").status_code == 200
    page = librarian.post(f"/keys/{key}/back/", follow_redirects=True).text
    assert Tool(client, key, secret).ask("GET").status_code == 401
    assert "1 key that opens nothing any more" in page
    assert "taken back" in page


def test_a_key_ends_with_its_last_day(cast: Cast, client: FlaskClient, clock: HandClock) -> None:
    """On that day it opens, on the next it does not; what it wrote stays."""
    _, key, secret = made(cast.client("librarian"), until="2025-11-25")
    tool = Tool(client, key, secret)
    tool.send(statement())
    clock.advance(24 * 3600)
    assert tool.ask("GET").status_code == 200
    clock.advance(24 * 3600)
    answer = tool.ask("GET")
    assert (answer.status_code, "until a day that is over" in answer.text) == (401, True)
    assert "its time is over" in cast.client("librarian").get("/keys/").text


def test_only_a_librarian_comes_here(cast: Cast, node: Node) -> None:
    """Everybody else sees no page, makes no key and takes none back; a guest is led to sign in."""
    key, _ = keys.add(node, name="A", scopes=["all"])
    for role in (role for role in ROLES if role != "librarian"):
        client = cast.client(role)
        for address in ("/keys/", "/keys/new/", f"/keys/{key.id}/secret/", f"/keys/{key.id}/back/"):
            assert client.get(address).status_code == (303 if role == OUTSIDER else 403)
        data = {"key": "x" * 12, "name": "Mine", "scope": "all"}
        assert client.post("/keys/new/", data=data).status_code == 403
        assert client.post(f"/keys/{key.id}/back/").status_code == 403
        assert "/keys/" not in client.get("/").text
    assert [(each.name, each.is_revoked) for each in keys.keys(node)] == [("A", False)]


def test_a_key_that_is_none_is_not_here(cast: Cast) -> None:
    """Neither to ask about nor to take back."""
    client = cast.client("librarian")
    assert [client.get("/keys/nobody/back/").status_code, client.post("/keys/nobody/back/").status_code] == [404, 404]


def test_a_librarian_finds_the_keys_from_home(cast: Cast) -> None:
    """One press from the front page."""
    assert 'href="/keys/"' in cast.client("librarian").get("/").text


@pytest.mark.browser
def test_a_key_is_made_without_script_on_a_phone(
    served: Served, cast: Cast, phone: Callable[..., BrowserContext], node: Node
) -> None:
    """By tapping what it may and its last day; what is to be copied can be selected."""
    context = phone(java_script_enabled=False)
    cookie = cast.client("librarian").get_cookie("mangrove")
    assert cookie is not None
    context.add_cookies([{"name": "mangrove", "value": cookie.value, "url": served.url, "httpOnly": True}])
    page = context.new_page()
    page.goto(f"{served.url}/keys/")
    page.get_by_role("link", name="Make a key").click()
    page.get_by_label("What is the program called?").fill("Clinic app")
    page.get_by_label("Write records of learning").check()
    page.get_by_role("button", name="Make the key").click()
    secret = page.locator("code").nth(2)
    assert secret.evaluate("each => getComputedStyle(each).userSelect") in ("auto", "text")
    (key,) = keys.keys(node)
    assert keys.check(node, key=key.id, secret=secret.inner_text()).scopes == ("statements/write",)
    assert page.locator(".qr svg").count() == 1
