"""Every page of every role, in a real browser on a small phone: the rules of the look, measured."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.fixtures import engines
from tests.fixtures.access import axe_findings
from tests.fixtures.demo import BUSIEST_FIRST, Demo

pytestmark = pytest.mark.browser

FIRST_BYTES_MAX = 100 * 1024
SCRIPT_BYTES_MAX = 30 * 1024
LATER_BYTES_MAX = 20 * 1024
NARROW = {"width": 320, "height": 640}
TARGET_LEAST = 48
SMALL_TARGETS = """least => [...document.querySelectorAll(
    'a, button, input, select, textarea, summary, .pick, .option')].filter(each => {
    const box = each.getBoundingClientRect();
    const isWord = each.tagName === 'A' && getComputedStyle(each).display === 'inline';
    const isPressedThroughItsLabel = each.matches('.pick input, .option input');
    const isHidden = each.matches('.visually-hidden, .skip, [type=hidden]');
    return box.width && !isWord && !isHidden && !isPressedThroughItsLabel && Math.min(box.width, box.height) < least;
}).map(each => each.outerHTML.slice(0, 100))"""
"""What can be pressed and is narrower or lower than so many px, apart from links within a sentence."""
WIDTH = "direction => { document.documentElement.dir = direction; return document.documentElement.scrollWidth; }"
BROUGHT_FONTS = "() => [...document.fonts].map(each => each.family)"
"""Fonts that the page declares, whether loaded or not; those of the phone are not among them."""
UNFOLD = "() => document.querySelectorAll('details').forEach(each => { each.open = true; })"


@dataclass
class Wire:
    """What really came over the wire, by kind of resource, packed as it is for a hub without HTTPS."""

    page: Page
    total: int = 0
    script: int = 0
    elsewhere: list[str] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    packed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.send("Network.setExtraHTTPHeaders", {"headers": {"Accept-Encoding": "gzip"}})
        session.on("Network.responseReceivedExtraInfo", self._note_packing)
        session.on("Network.responseReceived", self._note)
        session.on("Network.loadingFinished", self._count)

    def _note(self, event: dict[str, object]) -> None:
        self.kinds[str(event["requestId"])] = str(event["type"])

    def _note_packing(self, event: dict[str, Any]) -> None:
        self.packed.add(
            next((text for name, text in event["headers"].items() if name.lower() == "content-encoding"), "")
        )

    def _count(self, event: dict[str, object]) -> None:
        received = int(event["encodedDataLength"])  # type: ignore[call-overload]
        self.total += received
        self.script += received if self.kinds.get(str(event["requestId"])) == "Script" else 0

    def load(self, url: str) -> tuple[int, int]:
        """Open a page; return the bytes of everything in it, and of its script."""
        self.total = self.script = 0
        self.page.goto(url, wait_until="load")
        self.page.evaluate("document.fonts.ready")
        return self.total, self.script


def problems(wire: Wire, url: str) -> list[str]:
    """What is wrong with one page."""
    page, found = wire.page, []
    first, script = wire.load(url)
    later, _ = wire.load(url)
    found += ["is not packed as over plain HTTP"] * (wire.packed | {""} != {"", "gzip"})
    found += [f"{first} bytes at first"] * (first > FIRST_BYTES_MAX)
    found += [f"{script} bytes of script"] * (script > SCRIPT_BYTES_MAX)
    found += [f"{later} bytes later"] * (later > LATER_BYTES_MAX)
    found += [f"brings the font {name}" for name in page.evaluate(BROUGHT_FONTS)]
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.evaluate(UNFOLD)
    for direction in ("rtl", "ltr"):
        wide = page.evaluate(WIDTH, direction)
        found += [f"scrolls sideways ({direction}): {wide} px"] * (wide > NARROW["width"])
    found += [f"too small to press: {each}" for each in page.evaluate(SMALL_TARGETS, TARGET_LEAST)]
    found += axe_findings(page, {})
    return found


@pytest.mark.sqlite(engines.LOOK)
@pytest.mark.parametrize("role", BUSIEST_FIRST)
def test_every_page_keeps_the_rules(
    demo: Demo, shares: dict[str, list[str]], phone: Callable[..., BrowserContext], role: str
) -> None:
    """Bytes within the budget, no font, nothing from elsewhere, no sideways scroll, 48 px targets, no axe finding."""
    wrong: list[str] = []
    for address in shares[role]:
        context = phone()
        context.add_cookies(demo.cookies(role))  # type: ignore[arg-type]
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        found = problems(Wire(page), demo.url + address)
        outside = [url for url in asked if not url.startswith((demo.url, demo.content_url, "blob:", "data:"))]
        wrong += [f"{address}: {each}" for each in [*found, *outside]]
        context.close()
    assert wrong == []


@pytest.mark.parametrize("role", BUSIEST_FIRST)
def test_every_page_stands_without_script(
    demo: Demo, tours: dict[str, list[tuple[str, str]]], phone: Callable[..., BrowserContext], role: str
) -> None:
    """As everybody who reaches it: it loads, its heading is there to read, and nothing scrolls sideways."""
    context = phone(java_script_enabled=False, viewport=NARROW)
    context.add_cookies(demo.cookies(role))  # type: ignore[arg-type]
    page = context.new_page()
    layout = context.new_cdp_session(page)
    wrong: list[str] = []
    for _, address in tours[role]:
        answer = page.goto(demo.url + address, wait_until="load")
        wide = layout.send("Page.getLayoutMetrics")["cssContentSize"]["width"]
        heading = page.locator("main h1").first
        is_read = heading.count() and heading.is_visible() and heading.inner_text().strip()
        status = answer.status if answer else 0
        wrong += [f"{address}: status {status}"] * (status != 200)
        wrong += [f"{address}: no heading"] * (not is_read)
        wrong += [f"{address}: scrolls sideways: {wide} px"] * (wide > NARROW["width"])
    assert wrong == []
