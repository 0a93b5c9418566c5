"""Words can be read: every pair of words and ground keeps 4.5:1, and edges 3:1, in the light and in the dark; and pages
make no pair that was not measured."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from hub.web import palette
from hub.web.palette import DARK, EDGE_RATIO, EDGES, LIGHT, TEXT_RATIO, TEXTS, ratio, scheme
from tests.fixtures import engines
from tests.fixtures.demo import BUSIEST, GUEST

SCHEMES = {"light": LIGHT, "dark": DARK}
PLACES = {"design": (GUEST, "/about/design", ""), **BUSIEST}
PAINTED = """() => {
    const clear = /rgba\\(.*, 0\\)|transparent/, hex = (colour) => '#' + colour.match(/[\\d.]+/g).slice(0, 3).map(
        (part) => (+part).toString(16).padStart(2, '0')).join('');
    const pairs = new Map(), words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
        const around = words.currentNode.parentElement, style = getComputedStyle(around);
        const isRead = words.currentNode.data.trim() && around.checkVisibility({ visibilityProperty: true })
            && !around.closest('.visually-hidden, .skip, option, svg, :disabled');
        if (!isRead) continue;
        let ground = around;
        while (ground && clear.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
        const pair = [style.color, getComputedStyle(ground || document.body).backgroundColor].map(hex);
        pairs.set(pair.join(), [...pair, around.outerHTML.slice(0, 100)]);
    }
    return [...pairs.values()];
}"""
"""Every colour of words on every ground that the page has now, each with one place where it is so."""


@pytest.mark.parametrize("mode", SCHEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_words_stand_out_from_their_ground(mode: str, ink: str, ground: str) -> None:
    """Ink on ground is at least 4.5:1."""
    colours = scheme(SCHEMES[mode])
    assert ratio(colours[ink], colours[ground]) >= TEXT_RATIO


@pytest.mark.parametrize("mode", SCHEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_what_can_be_pressed_stand_out(mode: str, edge: str, ground: str) -> None:
    """Edges, the ring of focus and drawings are at least 3:1."""
    colours = scheme(SCHEMES[mode])
    assert ratio(colours[edge], colours[ground]) >= EDGE_RATIO


@pytest.mark.parametrize(("one", "other", "expected"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_counted_as_wcag_does(one: str, other: str, expected: float) -> None:
    """Black on white is 21; the grey that just fails is known for it."""
    assert ratio(one, other) == pytest.approx(expected, abs=0.005)


def test_the_page_of_the_design_shows_every_pair() -> None:
    """What is shown is what is measured here, with the same numbers."""
    shown = palette.pairs()
    assert [(pair.ink, pair.ground) for pair in shown] == list(TEXTS)
    assert min(min(pair.light, pair.dark) for pair in shown) >= TEXT_RATIO


@pytest.mark.browser
@pytest.mark.sqlite(engines.LOOK)
@pytest.mark.parametrize("place", PLACES)
def test_pages_make_no_pair_that_was_not_measured(open_as: Callable[..., Page], place: str) -> None:
    """Each colour of words on each ground that a browser paints is a pair of the list above, in the dark too."""
    page = open_as(*PLACES[place])
    for mode, which in SCHEMES.items():
        page.emulate_media(color_scheme=mode)  # type: ignore[arg-type]
        colours = scheme(which)
        known = {(colours[ink], colours[ground]) for ink, ground in TEXTS}
        assert [each for each in page.evaluate(PAINTED) if tuple(each[:2]) not in known] == [], mode
