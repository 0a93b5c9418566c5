"""Right to left: a page says its direction, the stylesheet knows no left, and a browser shows the page mirrored."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale
from playwright.sync_api import Page

from hub.web.static_files import FOLDER
from tests.fixtures import engines
from tests.fixtures.cast import Cast
from tests.fixtures.demo import BUSIEST
from tests.fixtures.stylesheet import declarations

pytestmark = pytest.mark.sqlite(engines.WORDS)

TEMPLATES = sorted((FOLDER.parent / "templates").rglob("*.html"))
FOREIGN = re.compile(r"<(?!bdi\b|html\b)\w+\b(?=[^>]*\slang=)(?![^>]*\sdir=)[^>]*>")
"""Words in a language of their own that take the direction of the page around them."""
NARROW = {"width": 320, "height": 640}
MIRRORED = {"next", "back", "go", "play", "send", "speaker", "list"}
"""Drawings that point along the line of reading."""
TURN = "document.documentElement.dir = 'rtl'"
SHOWN = """() => {
    const inks = (each) => { const range = document.createRange(); range.selectNodeContents(each);
        return range.getBoundingClientRect(); };
    const main = document.querySelector('main'), style = getComputedStyle(main), heading = main.querySelector('h1');
    const row = [heading, ...(heading.closest('.asked, .line')?.children ?? [])].filter(each => each.textContent.trim()
        || each.matches('.picture')).filter(each => each.getClientRects().length);
    const isCentred = getComputedStyle(heading).textAlign === 'center';
    const brand = document.querySelector('.brand .icon').getBoundingClientRect();
    return {
        wide: document.documentElement.scrollWidth,
        gap: heading.closest('[dir]') !== document.documentElement || isCentred ? 0
            : main.getBoundingClientRect().right - parseFloat(style.paddingRight)
                - Math.max(...row.map(each => inks(each).right)),
        brandGap: innerWidth - brand.right,
        arrows: [...document.querySelectorAll('svg.icon')].filter((each) => each.getClientRects().length).map(
            (each) => [each.classList[1].slice(5), getComputedStyle(each).transform === 'matrix(-1, 0, 0, 1, 0, 0)']),
    };
}"""
"""How wide the page is, how far the heading, or the picture before it, and the brand stand from the right (0 for a
heading in the middle or in a direction of its own), and which drawings are mirrored."""
EDGE_PX = 24
"""How far from the edge a line may begin."""

PHYSICAL = [
    "text-align: left",
    "float: right",
    "clear: left",
    "left: 0",
    "margin-right: 1px",
    "border-top-left-radius: 4px",
    "inset: 0 auto 0 12px",
    "padding: 1px 2px 3px 4px",
    "margin: 0 calc(1px + (2px)) 0 0",
    "border-radius: 4px 0",
    "border-radius: 0 4px 4px 0",
    "border-width: 0 0 0 4px",
    "background: linear-gradient(to right, #000, #fff)",
    "transform-origin: left",
    "background-position: right 4px top",
    "box-shadow: 3px 0 0 #000",
]
EVEN = [
    "text-align: start",
    "margin: 0 1px 2px 1px",
    "padding: 24px 16px calc(var(--bar) + 40px)",
    "inset: 0",
    "border-radius: 4px 4px 0 0",
    "border-radius: 26%",
    "box-shadow: inset 0 0 0 1px var(--leaf)",
    "margin-inline: 0 4px",
    "background: var(--bright)",
]


@pytest.mark.parametrize(
    ("said", "is_physical"), [*((each, True) for each in PHYSICAL), *((each, False) for each in EVEN)]
)
def test_left_is_known_when_it_is_said(said: str, is_physical: bool) -> None:
    """In a property, in a value, or as one of four sides that differ."""
    assert [each.is_physical for each in declarations(f"h1 {{ {said}; }}")] == [is_physical]


def test_the_stylesheet_knows_no_left_and_right() -> None:
    """Only logical properties: right-to-left pages need no second stylesheet."""
    assert [each for each in declarations() if each.is_physical] == []


def test_what_moves_along_the_line_moves_back_in_the_other_direction() -> None:
    """A rule that moves something sideways has its like for right-to-left pages."""
    moving = [each for each in declarations() if each.is_moved]
    turned = {each.selector.removeprefix('[dir="rtl"] ') for each in moving if each.selector.startswith('[dir="rtl"]')}
    assert {each.selector for each in moving if not each.selector.startswith('[dir="rtl"]')} - turned == set()


def test_the_direction_changes_no_colour() -> None:
    """What a direction has for itself is a movement: so colours that are read in one are read in the other."""
    assert {each.name for each in declarations() if "[dir=" in each.selector} == {"transform"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_words_of_another_language_bring_their_direction(template: Path) -> None:
    """Whatever names a language of its own is a <bdi> or says `dir`: Arabic on an English page begins at the right."""
    assert FOREIGN.findall(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("language", "direction"), {"ar": "rtl", "fa": "rtl", "ps": "rtl", "ur": "rtl", "sw": "ltr"}.items()
)
def test_a_page_says_its_direction(app: Flask, cast: Cast, language: str, direction: str) -> None:
    """A page in Arabic begins at the right, whichever catalogues stand here today."""
    with app.test_request_context("/language/"), force_locale(language):
        shown = app.full_dispatch_request().get_data(as_text=True)
    assert f'<html lang="{language}" dir="{direction}">' in shown


@pytest.mark.browser
@pytest.mark.sqlite(engines.LOOK)
@pytest.mark.parametrize("place", ["lesson", "search"])
def test_a_browser_shows_the_page_mirrored(open_as: Callable[..., Page], place: str) -> None:
    """Nothing scrolls sideways, brand and heading begin at the right, just what points along the line is turned.

    `test_look_arabic.py` sees the same of every page in Arabic; here one page stands in both directions.
    """
    page = open_as(*BUSIEST[place], viewport=NARROW)
    straight = page.evaluate(SHOWN)
    page.evaluate(TURN)
    shown = page.evaluate(SHOWN)
    assert (shown["wide"], shown["brandGap"] <= EDGE_PX) == (NARROW["width"], True)
    assert abs(shown["gap"]) <= EDGE_PX
    assert [name for name, is_turned in straight["arrows"] if is_turned] == []
    assert [name for name, is_turned in shown["arrows"] if is_turned != (name in MIRRORED)] == []


@pytest.mark.browser
def test_a_heading_in_an_unknown_language_keeps_its_signs_at_its_end(open_as: Callable[..., Page]) -> None:
    """“Wells?” on an Arabic page: the question mark stands behind the word, and the heading where headings stand."""
    page = open_as("librarian", "/library/add/", viewport=NARROW)
    page.evaluate(TURN)
    found = page.evaluate("""() => {
        const heading = document.querySelector('main .page-head h1'), at = (from, to) => { const range =
            document.createRange(); range.setStart(heading.firstChild, from); range.setEnd(heading.firstChild, to);
            return range.getBoundingClientRect(); };
        heading.textContent = 'Wells?';
        return { sign: at(5, 6).left, word: at(0, 1).left, right: at(0, 6).right,
            edge: heading.getBoundingClientRect().right };
    }""")
    assert found["sign"] > found["word"] and found["edge"] - found["right"] < 2
