"""Behind the back button there is nobody: in real Chromium, with its back-forward cache on, with and without script."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from hub.learning import progress
from hub.node import Node
from hub.people import credentials
from hub.people.roster import Person
from tests.fixtures.cast import Cast
from tests.fixtures.learning import PACKAGE
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser

THREE = ("star", "key", "leaf")


@pytest.fixture(scope="module")
def remembering(browser: Browser) -> Iterator[Browser]:
    """Chromium as people have it: Playwright switches the back-forward cache off, phones have it."""
    path = browser.browser_type
    chromium = path.launch(
        executable_path="/usr/bin/chromium",
        args=["--no-sandbox", "--disable-gpu"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield chromium
    chromium.close()


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def phone_page(request: pytest.FixtureRequest, remembering: Browser) -> Iterator[Page]:
    """A page on a phone, with script and without."""
    context = remembering.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def _two(node: Node, cast: Cast) -> tuple[Person, Person]:
    """Amina and Kofi, who each have the same three pictures."""
    amina, kofi = cast.person("learner"), cast.person("neighbour")
    for person in (amina, kofi):
        credentials.set_secret(node, person=person.id, secret=THREE)
    return amina, kofi


def _sign_in(page: Page, served: Served, person: str) -> None:
    page.goto(f"{served.url}/people/sign-in/as/{person}/")
    for name in THREE:
        page.click(f"button[value={name}]")
    page.wait_for_url(f"{served.url}/")


def test_going_back_shows_no_page_of_the_one_before(
    phone_page: Page, node: Node, app: Flask, cast: Cast, served: Served
) -> None:
    """Amina looks at pages of hers and hands the phone on; however often one goes back, her name is not there."""
    page, (amina, kofi) = phone_page, _two(node, cast)
    _sign_in(page, served, amina.id)
    page.click("a.round.me")
    assert amina.name in _words(page)
    page.click("text=I am done")
    _sign_in(page, served, kofi.id)
    seen = []
    for _ in range(8):
        page.go_back()
        if "/people/sign-in/" not in page.url:
            seen.append((page.url, amina.name in _words(page)))
    assert len(seen) > 1
    assert not any(is_hers for _, is_hers in seen)


def _words(page: Page) -> str:
    return page.locator("body").inner_text()


def test_going_back_begins_nothing_for_the_one_who_has_the_phone_now(
    phone_page: Page, node: Node, app: Flask, cast: Cast, market: object, served: Served
) -> None:
    """Amina opens a quiz and hands over; behind the back button the quiz is Kofi's, and his home begins elsewhere."""
    page, (amina, kofi) = phone_page, _two(node, cast)
    _sign_in(page, served, amina.id)
    page.goto(f"{served.url}/learn/{PACKAGE}/five/")
    page.click("a.round.me")
    page.click("text=I am done")
    _sign_in(page, served, kofi.id)
    for _ in range(12):
        page.go_back()
        if page.url.endswith("/five/"):
            break
    page.goto(served.url)
    assert node.tables.Progress.select().where(node.tables.Progress.person == kofi.id).exists()
    assert progress.continue_with(node, kofi.id) is None


def test_going_back_after_signing_out_shows_nobody(
    phone_page: Page, node: Node, app: Flask, cast: Cast, served: Served
) -> None:
    """The page that was hers a moment ago asks who is there."""
    amina = cast.person("learner")
    credentials.set_secret(node, person=amina.id, secret=THREE)
    page = phone_page
    _sign_in(page, served, amina.id)
    page.goto(f"{served.url}/people/switch/")
    with page.expect_navigation():
        page.click("text=I am done")
    page.go_back()
    assert amina.name not in _words(page)
    assert page.locator("a.round.me").count() == 0
