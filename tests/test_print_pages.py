"""What people print comes on whole pages of A4: nothing is cut at the edge, no menu is on it, nothing is torn apart."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.fixtures import engines
from tests.fixtures.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]

MM = 96 / 25.4
"""Pixels in a millimetre of print."""
INSIDE = {"width": round((210 - 2 * 15) * MM), "height": round((297 - 2 * 15) * MM)}
"""What the margins leave of A4."""
A4 = (595, 842)
"""In points, as a PDF counts."""
BOX = re.compile(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]")
PAPERS = {
    "a class": ("facilitator", "/", ".main-action"),
    "groups": ("facilitator", "/", ".main-action", "main a[href$='/groups/']"),
    "outcomes": ("region", "/outcomes/"),
    "how the hub is": ("librarian", "/status/"),
    "a card for the wall": ("guest", "/help/card/"),
}
"""What is printed: as whom, from where, and what is pressed on the way."""
MENUS = ".top, .bar, .ribbon, .skip, .help, .tongues, .back, .button, .round, form"
WHOLE = ".chart, .card, .list > li, .cut, .ask, .fold, .strip-back, tr"
"""What stays in one piece, unless it is longer than a page."""
WRONG = """([menus, whole, high]) => {
    const isSeen = each => each.checkVisibility() && each.getClientRects().length > 0;
    const name = each => each.outerHTML.slice(0, 90), wrong = [];
    const wide = document.documentElement.scrollWidth;
    if (wide > innerWidth) wrong.push(`wider than the paper: ${wide}`);
    for (const each of document.body.querySelectorAll(menus)) if (isSeen(each)) wrong.push(`printed: ${name(each)}`);
    for (const each of document.querySelectorAll('main *')) {
        if (!isSeen(each) || each.closest('svg')) continue;
        const box = each.getBoundingClientRect(), style = getComputedStyle(each);
        if (box.width && (box.right > innerWidth + 1 || box.left < -1)) wrong.push(`over the edge: ${name(each)}`);
        if (style.overflowX !== 'visible' && each.scrollWidth > each.clientWidth + 1) wrong.push(`cut: ${name(each)}`);
        const mayTear = box.height < high && style.breakInside === 'auto';
        if (each.matches(whole) && mayTear) wrong.push(`may be torn: ${name(each)}`);
    }
    return wrong;
}"""


def printed(page: Page) -> list[str]:
    """What is wrong with the page on paper; sheets of another size too."""
    boxes = {
        (round(float(wide)), round(float(high))) for wide, high in BOX.findall(page.pdf(prefer_css_page_size=True))
    }
    page.emulate_media(media="print")
    page.set_viewport_size(INSIDE)  # type: ignore[arg-type]
    wrong = page.evaluate(WRONG, [MENUS, WHOLE, INSIDE["height"]])
    return [*wrong, *(f"a sheet of {box}" for box in boxes - {A4})] if boxes else ["no sheet at all"]


@pytest.mark.parametrize("locale", ["en-GB", "ar"])
@pytest.mark.parametrize("paper", PAPERS)
def test_a_page_prints_whole(open_as: Callable[..., Page], paper: str, locale: str) -> None:
    """Both ways round: what hangs on the wall, and what a facilitator takes along."""
    role, address, *pressed = PAPERS[paper]
    page = open_as(role, address, locale=locale)
    for place in pressed:
        press(page, place)
    assert printed(page) == []


@pytest.fixture
def sit_down(demo_copy: Demo, phone: Callable[..., BrowserContext]) -> Callable[[str], Page]:
    """A function that opens an address of a demo of one's own as the facilitator."""

    def open_page(address: str) -> Page:
        context = phone()
        context.add_cookies(demo_copy.cookies("facilitator"))  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(demo_copy.url + address)
        return page

    return open_page


def press(page: Page, place: str) -> None:
    """Press it, and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator(place).first.click()


def test_what_is_cut_out_and_handed_out_prints_whole(sit_down: Callable[[str], Page]) -> None:
    """A child's new secret is one sheet; of a quiz, each sheet, its questions, the fold and the strip stay whole."""
    card = sit_down("/people/")
    press(card, "main .list a[href^='/people/']")
    press(card, "form[action$='/reset/'] button")
    assert card.pdf(prefer_css_page_size=True).count(b"/Count 1") == 1
    assert printed(card) == []
    assert card.locator(".secret-card").is_visible()
    papers = sit_down("/take-home/of/numbers.en/?item=how-many")
    press(papers, "form:has(#field-circle) .button")
    assert printed(papers) == []
    kept = papers.locator(".leaf.sheet").evaluate_all("all => all.map(each => getComputedStyle(each).breakInside)")
    assert set(kept) == {"avoid"}
