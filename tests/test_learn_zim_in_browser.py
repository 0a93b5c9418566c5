"""An encyclopaedia in a real browser: links, the search field, what is recorded, and a page that means harm."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hub import learning, library, zims
from hub.learning import items
from hub.node import Node
from hub.worker import Worker
from tests.fixtures import zims as made
from tests.fixtures.access import axe_both_ways, without_room
from tests.fixtures.cast import Cast
from tests.fixtures.web import PhoneOf, Served
from tests.fixtures.zims import Entry
from tests.test_library_sandbox import HOSTILE

pytestmark = pytest.mark.browser


@pytest.fixture
def book(node: Node, served: Served, tmp_path: Path) -> str:
    """The village's book with one hostile page; the address of its item."""
    tries = HOSTILE % served.url
    evil = Entry("Evil", tries + "<script>parent.postMessage({mangrovePage: 'x', at: {}}, '*')</script>")
    data = Entry("", '{"beans": 7}', "application/json", is_page=False)
    pages = {**made.PAGES, "Evil": evil, "data.json": data}
    added = library.add(node, source=made.zim(tmp_path / "village.zim", pages))
    while Worker(node).step():
        pass
    return f"{served.url}/learn/{added.package}/item/"


@pytest.fixture
def learner(phone_of: PhoneOf) -> Callable[..., Page]:
    """A function that opens a phone on which the learner is signed in."""
    return partial(phone_of, "learner")


def place(node: Node, cast: Cast, book: str) -> int:
    """The number of the page where the learner is."""
    package = book.rstrip("/").split("/")[-2]
    opened, person = items.find(node, package=package, item="item"), cast.person("learner").id
    sitting = learning.latest(node, person=person, opened=opened)
    return learning.last_place(node, person=person, opened=opened, sitting=sitting) if sitting else 0


def test_somebody_reads_and_looks_for_a_page(node: Node, cast: Cast, book: str, learner: Callable[..., Page]) -> None:
    """By links in the frame, which the record hears of; by the field, with titles while typing; no page is too wide."""
    page = learner()
    page.goto(book)
    frame = page.frame_locator("iframe.viewer")
    frame.get_by_role("link", name="old").click()
    expect(frame.get_by_role("heading", name="The well")).to_be_visible()
    (which,) = zims.shelved(node)
    number = zims.opened(node, which).number("Well? # 1%") + 1
    page.wait_for_timeout(300)
    assert place(node, cast, book) == number
    frame.locator("body").evaluate("() => { location.href = 'Nowhere' }")
    expect(frame.get_by_text("This page is not in the encyclopaedia.")).to_be_visible()
    frame.get_by_role("link").click()
    expect(frame.get_by_role("link", name="goat")).to_be_visible()
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).fill("goa")
    page.get_by_role("option", name="Goat").click()
    page.locator("main a.choice", has_text="Goat").first.click()
    expect(page.frame_locator("iframe.viewer").get_by_role("heading", name="Goat")).to_be_visible()
    assert axe_both_ways(page) == [] and without_room(page) == []


def test_all_of_it_works_without_script(book: str, learner: Callable[..., Page]) -> None:
    """Links, the field, what it finds, and the way home."""
    page = learner(java_script_enabled=False)
    page.goto(book)
    page.locator("#field-q").fill("thornbushes")
    page.locator("#field-q").press("Enter")
    page.locator("main a.choice", has_text="Goat").first.click()
    expect(page.frame_locator("iframe.viewer").get_by_role("heading", name="Goat")).to_be_visible()
    page.locator("main .actions a").first.click()
    page.frame_locator("iframe.viewer").get_by_role("link", name="the well").click()
    expect(page.frame_locator("iframe.viewer").get_by_role("heading", name="The well")).to_be_visible()


def test_a_hostile_page_gets_nothing(node: Node, cast: Cast, book: str, learner: Callable[..., Page]) -> None:
    """Not the cookie, not the storage, not the hub's pages or forms; it may read its own file."""
    page = learner()
    with page.expect_console_message(lambda message: message.text.startswith("found ")) as said:
        page.goto(f"{book}?at=Evil", wait_until="commit")
    found = json.loads(said.value.text.removeprefix("found "))
    assert {name: text for name, text in found.items() if text != "refused"} == {"own": "7"}
    assert page.url.startswith(book)
    assert cast.person("learner").id in [row.person for row in node.tables.SignIn.select()]
