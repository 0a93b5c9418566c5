"""The "?" in a real browser: it opens on the page, nothing typed is lost, and it closes again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.fixtures import engines
from tests.fixtures.demo import ROLES

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]

MARK = "details.help > summary"
TYPED = "Asha who is new"


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def form(request: pytest.FixtureRequest, open_as: Callable[..., Page]) -> Page:
    """A half-filled form, with script and without."""
    page = open_as("librarian", "/people/add/", java_script_enabled=request.param)
    page.fill("[name=name]", TYPED)
    return page


def test_help_opens_on_the_page_and_what_was_typed_stays(form: Page) -> None:
    """By keyboard too; pressed once more it is gone, and the form is as it was."""
    form.focus(MARK)
    form.keyboard.press("Enter")
    assert form.locator(".help-card").is_visible()
    form.keyboard.press("Enter")
    assert not form.locator(".help-card").is_visible()
    assert form.input_value("[name=name]") == TYPED


def test_escape_and_a_press_beside_close_it(open_as: Callable[..., Page]) -> None:
    """Escape leads back to the mark; a press elsewhere closes as well."""
    page = open_as("child", "/", viewport={"width": 1280, "height": 800})
    page.click(MARK)
    page.keyboard.press("Escape")
    assert not page.locator(".help-card").is_visible()
    assert page.evaluate("document.activeElement.matches('details.help > summary')")
    page.click(MARK)
    page.click("main h1")
    assert not page.locator(".help-card").is_visible()


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_the_mark_is_in_one_place_and_large_enough(
    open_as: Callable[..., Page], phone: Callable[..., BrowserContext], direction: str
) -> None:
    """For whoever looks, on whichever page: the same place in the head of the page, 48 px, and the card on it.

    A demo's ribbon above the head is as high as its language needs.
    """
    places = set()
    for role, address in [*((role, "/") for role in ROLES), ("child", "/library/"), ("librarian", "/nothing/")]:
        page = open_as(role, address)
        page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
        box, head = page.locator(MARK).bounding_box(), page.locator("header.top").bounding_box()
        assert box is not None
        assert head is not None
        assert min(box["width"], box["height"]) >= 48
        page.click(MARK)
        card = page.locator(".help-card").bounding_box()
        assert card is not None
        assert card["x"] >= 0
        assert card["x"] + card["width"] <= 360
        places.add((box["x"], box["y"] - head["y"]))
        page.context.close()
    assert len(places) == 1
