"""Journey d: a librarian puts a stick in, sees what is on it, chooses, and a learner opens it; without script too."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from hub.app import COOKIE
from hub.node import Node
from hub.worker import Worker
from tests.fixtures import packages
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser


@pytest.fixture
def phone_of(served: Served, cast: Cast, phone: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A function that gives somebody of the cast a phone, at an address of the hub."""

    def give(role: str, address: str, *, has_script: bool) -> Page:
        client, context = cast.client(role), phone(java_script_enabled=has_script)
        client.get("/")
        cookie = client.get_cookie(COOKIE)
        assert cookie is not None
        context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": served.url}])
        page = context.new_page()
        page.goto(served.url + address)
        return page

    return give


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_from_the_stick_to_the_learner(
    phone_of: Callable[..., Page], node: Node, tmp_path: Path, has_script: bool
) -> None:
    """The library's page, the stick, a tick, the shelf; nobody types a word, and the learner reads the lesson."""
    media = tmp_path / "media"
    object.__setattr__(node.settings, "sticks", str(media))
    packages.well(media / "TEACHER" / "lessons" / "well")
    packages.epub(media / "TEACHER" / "goat.epub")
    (media / "TEACHER" / "cut.pdf").write_bytes(b"%PDF-1.4 cut")
    worker = Worker(node)
    page = phone_of("librarian", "/library/", has_script=has_script)
    page.locator("a[href='/library/add/']").click()
    page.get_by_role("button", name="See what is on it").click()
    assert page.locator("h1").inner_text() == "Looking at what is there"
    assert worker.step()
    page.locator("h1", has_text="What is on the stick").wait_for()
    page.get_by_text("1 thing cannot be used, and why").click()
    assert page.get_by_text("cut.pdf is damaged").is_visible()
    page.locator("label", has_text="Keep the well clean").click()
    page.get_by_role("button", name="Put the ticked ones on the shelf").click()
    assert "On its way" in page.locator("h1").inner_text()
    assert worker.step()
    page.locator("h1", has_text="It is done").wait_for()
    learner = phone_of("learner", "/library/", has_script=has_script)
    learner.get_by_role("link", name="Keep the well clean").click()
    learner.locator(".main-action").click()
    assert learner.get_by_text("A lid keeps leaves out.").is_visible()
