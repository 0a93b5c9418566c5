"""Every page of every role, in a real browser on a small phone: the rules of the look, measured."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.fixtures import engines
from tests.fixtures.access import NARROW
from tests.fixtures.demo import PARTS, Demo
from tests.fixtures.looks import Looks, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]

FEW_BYTES = 100
"""By so much the same page differs from time to time: a token in it packs better or worse."""


@pytest.mark.parametrize("part", PARTS)
def test_every_page_keeps_the_rules(looks: Looks, part: str) -> None:
    """Bytes within the budget, no font, nothing from elsewhere, no sideways scroll, 48 px targets."""
    assert looks.of(part, "rules") == []


@pytest.mark.parametrize("part", PARTS)
def test_every_page_stands_without_script(
    demo: Demo, parts: dict[str, list[str]], phone: Callable[..., BrowserContext], part: str
) -> None:
    """Each kind as whoever sees most of it: it loads, its heading is there to read, and nothing scrolls sideways."""
    context = phone(java_script_enabled=False, viewport=NARROW)
    context.add_cookies(demo.cookies(part.split()[0]))  # type: ignore[arg-type]
    page = context.new_page()
    layout = context.new_cdp_session(page)
    wrong: list[str] = []
    for address in parts[part]:
        answer = page.goto(demo.url + address, wait_until="load")
        wide = layout.send("Page.getLayoutMetrics")["cssContentSize"]["width"]
        heading = page.locator("main h1").first
        is_read = heading.count() and heading.is_visible() and heading.inner_text().strip()
        status = answer.status if answer else 0
        wrong += [f"{address}: status {status}"] * (status != 200)
        wrong += [f"{address}: no heading"] * (not is_read)
        wrong += [f"{address}: scrolls sideways: {wide} px"] * (wide > NARROW["width"])
    assert wrong == []


def test_every_look_is_a_first_look(demo: Demo, phone: Callable[..., BrowserContext]) -> None:
    """A phone that was on a page loads all of it once more, and nothing is left of what the page kept there."""
    visitor = Visitor(phone(), (demo.url, demo.content_url))
    first, script = visitor.wire.load(demo.url, first=True)
    visitor.page.evaluate("localStorage.setItem('kept', 'here')")
    later, _ = visitor.wire.load(demo.url, first=False)
    visitor.wire.forget(demo.url)
    again, script_again = visitor.wire.load(demo.url, first=True)
    assert abs(first - again) <= FEW_BYTES
    assert script_again == script > 0
    assert later < first / 2
    assert visitor.page.evaluate("localStorage.getItem('kept')") is None
