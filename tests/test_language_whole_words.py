"""Words on an ordinary phone: none is torn in two, in any language, and lines stand as far apart as letters need."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.fixtures import engines
from tests.fixtures.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]
TORN = """where => [...document.querySelectorAll(where)].flatMap(each => {
    const found = [], texts = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/\\S+/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) found.push(word[0]);
    }
    return found; })"""
"""Words that go on in another line."""
ALL_HERE = "() => document.querySelectorAll('.bar a').forEach(each => each.setAttribute('aria-current', 'page'))"
"""The bold letters of the place where somebody is, for all places."""
APART = """where => [...document.querySelectorAll(where)].map(each => {
    const style = getComputedStyle(each);
    return Math.round(100 * parseFloat(style.lineHeight) / parseFloat(style.fontSize)); })"""
"""How far lines stand apart, in hundredths of the letters' size."""
LESSONS = ("numbers.en/share-fairly", "safe-water.fr/treat")
WIDTHS = (360, 1280)


def test_the_menu_tears_no_word(demo: Demo, phone: Callable[..., BrowserContext]) -> None:
    """Under the thumb on a phone, at the side of a wide screen."""
    torn = {}
    for language in ("ar", "en", "es", "fr", "hi", "pt", "sw"):
        page = phone(locale=language).new_page()
        page.goto(demo.url)
        assert page.locator("html").get_attribute("lang") == language
        page.evaluate(ALL_HERE)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 740})
            torn[language, width] = page.evaluate(TORN, ".bar a > span")
    assert {where: words for where, words in torn.items() if words} == {}


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_table_tears_no_word_and_widens_no_page(
    demo: Demo, phone: Callable[..., BrowserContext], lesson: str
) -> None:
    """What is wider than the phone scrolls by itself, and the page stays as it is."""
    page = phone().new_page()
    page.goto(f"{demo.url}/learn/{lesson}/")
    assert page.evaluate(TORN, ".prose :is(th, td)") == []
    page.locator(".prose td").first.evaluate("cell => { cell.textContent = 'm'.repeat(60); }")
    assert page.evaluate(TORN, ".prose :is(th, td)") == []
    assert page.evaluate("document.documentElement.scrollWidth") == WIDTHS[0]


@pytest.mark.parametrize(("language", "heading", "text"), [("en", 125, 150), ("ar", 140, 170), ("hi", 140, 170)])
def test_lines_stand_as_far_apart_as_letters_need(
    demo: Demo, phone: Callable[..., BrowserContext], language: str, heading: int, text: int
) -> None:
    """Letters with signs above and below need more room; a heading is still one heading, whatever is marked in it."""
    page = phone(locale=language).new_page()
    page.goto(demo.url)
    assert set(page.evaluate(APART, "h1, h1 *:not(svg, use), h2, h2 > span")) == {heading}
    assert set(page.evaluate(APART, ".page-head p, .page-head p span")) == {text}
