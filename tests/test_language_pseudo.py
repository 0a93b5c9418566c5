"""The pseudo-locale finds what never went through the catalogues, and what breaks when words grow longer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.fixtures import engines
from tests.fixtures.demo import ROLES
from tests.fixtures.pseudo import LOCALE, TRANSLATIONS, Abroad, left_over, pseudo

pytestmark = pytest.mark.sqlite(engines.WORDS)

NARROW = {"width": 320, "height": 640}
CUT = """() => [...document.querySelectorAll('main *, header *, nav *')].filter(each => {
    const style = getComputedStyle(each), box = each.getBoundingClientRect();
    const isSeen = box.width > 1 && box.height > 1 && style.visibility === 'visible';
    const isOwnText = [...each.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
    const hides = ['hidden', 'clip'].includes(style.overflowX);
    return isSeen && isOwnText && hides && each.scrollWidth > each.clientWidth + 1;
}).map(each => each.outerHTML.slice(0, 120))"""
"""Elements whose own words are cut off at an edge."""
OUT = """() => [...document.querySelectorAll('main *, header *, nav *')].filter(each => {
    const box = each.getBoundingClientRect();
    const rolls = each.closest('.table, pre, .viewer, .visually-hidden, svg, iframe');
    return box.width > 1 && !rolls && (box.left < -1 || box.right > innerWidth + 1);
}).map(each => each.outerHTML.slice(0, 120))"""
"""Elements that stand beyond an edge of the screen."""
UNFOLD = "() => document.querySelectorAll('details').forEach(each => { each.open = true; })"


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>⟦ĥéĺĺó⟧</p>", []),
        ("<p>Hello ⟦ĥéĺĺó⟧</p>", ["Hello"]),
        ("<p>⟦ĥéĺĺó 3⟧</p>", ["(ĥéĺĺó 3)"]),
        ("<p>⟦ĥéĺĺó <bdi>Amina</bdi> ٣⟧</p>", []),
        ("<p>⟦ĥéĺĺó \u2068Amina\u2069⟧</p>", []),
        ("<p>⟦á ⟦ƀ⟧ ć⟧</p>", []),
        ('<p lang="en">Hello</p>', []),
        (f'<p lang="{LOCALE}">Hello</p>', ["Hello"]),
        ('<img alt="A cow"><input placeholder="⟦ƀ⟧">', ["alt=A cow"]),
        ('<svg aria-label="Home"><title>x</title></svg>', ["aria-label=Home"]),
    ],
)
def test_what_no_catalogue_gave_is_found(html: str, found: list[str]) -> None:
    """English, a Latin digit, an attribute; not somebody's name, nor words marked as another language's."""
    assert left_over(html) == found


def test_the_pseudo_locale_keeps_what_a_page_fills_in() -> None:
    """And is longer by four tenths, with no plain letter of its own."""
    said = pseudo("%(num)s of 10 learners, 100%%")
    assert "%(num)s" in said
    assert "%%" in said
    assert "learners" not in said
    assert "10" not in said
    assert len(said) >= 1.4 * len("%(num)s of 10 learners, 100%%")


def test_the_pseudo_locale_does_not_ship() -> None:
    """It is made for a run of the tests, and no folder of translations knows it."""
    assert not (TRANSLATIONS / LOCALE).exists()


@pytest.mark.parametrize("role", ROLES)
def test_every_text_comes_from_the_catalogue(pseudo_demo: Abroad, shares: dict[str, list[str]], role: str) -> None:
    """On every kind of page, as whoever sees most of it: no plain English, no bare number or date."""
    found = []
    for address, html in pseudo_demo.read(role, shares[role]):
        assert f'lang="{LOCALE}" dir="rtl"' in html[:200]
        found += [f"{address}: {each}" for each in left_over(html)]
    assert found == []


@pytest.mark.browser
@pytest.mark.sqlite(engines.LOOK)
def test_longer_words_overflow_nothing(
    pseudo_demo: Abroad, shares: dict[str, list[str]], phone: Callable[..., BrowserContext]
) -> None:
    """At 320 px with everything folded out: nothing scrolls sideways, is cut, or stands beyond the edge."""
    found = []
    for role, addresses in shares.items():
        context = phone(viewport=NARROW)
        context.add_cookies(pseudo_demo.cookies(role))  # type: ignore[arg-type]
        page = context.new_page()
        for address in addresses:
            page.goto(pseudo_demo.url + address, wait_until="load")
            page.evaluate(UNFOLD)
            wide = page.evaluate("document.documentElement.scrollWidth")
            found += [f"{role} {address}: {wide} px wide"] * (wide > NARROW["width"])
            found += [f"{role} {address}: cut: {each}" for each in page.evaluate(CUT)]
            found += [f"{role} {address}: out: {each}" for each in page.evaluate(OUT)[:2]]
        context.close()
    assert found == []
