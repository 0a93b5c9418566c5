"""Every stop of the Tab key on every kind of page is seen: a ring that stands out, in sight, covered by nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.fixtures import engines
from tests.fixtures.demo import PARTS, Demo
from tests.fixtures.keyboard import Keys
from tests.fixtures.looks import Looks

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]


@pytest.mark.parametrize("part", PARTS)
def test_every_stop_of_every_page_is_seen(looks: Looks, part: str) -> None:
    """From the head of the page to its end (or as far as STOPS_MAX), and no stop holds the key."""
    assert looks.of(part, "focus") == []


def test_escape_closes_what_opens(demo: Demo, phone: Callable[..., BrowserContext]) -> None:
    """The help of a page opens with Enter and closes with Escape, and the focus is where it was."""
    page = phone().new_page()
    page.goto(demo.url)
    keys = Keys(page)
    keys.press("details.help > summary")
    assert page.locator("details.help").get_attribute("open") is not None
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator("details.help").get_attribute("open") is None
    assert page.evaluate("document.activeElement.matches('details.help > summary')")
    assert keys.wrong == []
