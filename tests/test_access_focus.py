"""Every stop of the Tab key on every kind of page is seen: a ring that stands out, in sight, covered by nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.fixtures import engines
from tests.fixtures.demo import BUSIEST_FIRST, Demo
from tests.fixtures.keyboard import STOPS_MAX, Keys

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]

LEAST = 2
"""Stops of the barest page; one that begins in its field has only those after it."""


@pytest.mark.parametrize("role", BUSIEST_FIRST)
def test_every_stop_of_every_page_is_seen(
    demo: Demo, shares: dict[str, list[str]], phone: Callable[..., BrowserContext], role: str
) -> None:
    """From the head of the page to its end (or as far as STOPS_MAX), and no stop holds the key."""
    context = phone()
    context.add_cookies(demo.cookies(role))  # type: ignore[arg-type]
    page = context.new_page()
    wrong: list[str] = []
    for address in shares[role]:
        page.goto(demo.url + address, wait_until="load")
        keys = Keys(page)
        stops = keys.walk()
        wrong += [f"{address}: {each}" for each in keys.wrong]
        wrong += [f"{address}: {len(stops)} stops"] * (len(stops) < LEAST)
        wrong += [f"{address}: held at {stops[-1]}"] * (len(stops) == STOPS_MAX and len(set(stops[-9:])) == 1)
    assert wrong == []


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
