"""What a reader asked the phone for: no motion, and colours of the phone's own."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.fixtures import engines
from tests.fixtures.demo import BUSIEST
from tests.fixtures.keyboard import Keys

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]

MOVES = """() => {
    const longest = text => Math.max(...text.split(',').map(part => parseFloat(part)));
    const moving = [...document.querySelectorAll('*')].flatMap(each => ['', '::before', '::after'].map(part => {
        const style = getComputedStyle(each, part);
        const lasts = style.animationName === 'none' ? 0 : longest(style.animationDuration);
        return Math.max(longest(style.transitionDuration), lasts) > .01 || style.scrollBehavior === 'smooth'
            ? each.outerHTML.slice(0, 90) : ''; }));
    const running = document.getAnimations().map(each => each.constructor.name);
    return [...moving.filter(Boolean), ...running];
}"""
"""What would move for longer than 0.01 s, and what moves now."""
EDGELESS = """() => {
    const pressed = '.button, .main-action, .choice, .tile, .card, .option, .round, .sign-in, input, select, textarea';
    const transparent = /rgba\\(.*, 0\\)/;
    return [...document.querySelectorAll(pressed)].filter(each => {
        const style = getComputedStyle(each);
        if (!each.checkVisibility({ opacityProperty: true }) || each.matches('[type=radio], [type=checkbox]'))
            return false;
        return style.borderTopStyle === 'none' || parseFloat(style.borderTopWidth) < 1
            || transparent.test(style.borderTopColor) || style.borderTopColor === style.backgroundColor;
    }).map(each => each.outerHTML.slice(0, 90));
}"""
"""What can be pressed or filled in, and has no edge that shows."""
LOOKS = """place => [...document.querySelectorAll(place)].map(each => {
    const style = getComputedStyle(each);
    return [style.outlineStyle, style.outlineWidth, style.textDecorationLine, style.borderTopWidth,
        style.backgroundColor, style.borderTopColor].join(' '); })"""
FAINT = """place => [...document.querySelectorAll(place)].filter(each => {
    const style = getComputedStyle(each), ground = getComputedStyle(document.body).backgroundColor;
    const drawn = style.fill === 'none' ? style.stroke : style.fill;
    return each.closest('svg').checkVisibility() && (drawn === 'none' || drawn === ground); })
    .map(each => each.outerHTML.slice(0, 90))"""
"""Parts of drawings that have the colour of the ground."""
PARTS = """() => [...document.querySelectorAll('.legend')].map(legend => [...legend.querySelectorAll('.drawn rect')]
    .map(each => { const style = getComputedStyle(each); return style.fill + style.fillOpacity; }))"""
WAY = """() => { const ground = getComputedStyle(document.body).backgroundColor;
    return [...document.querySelectorAll('.dots li, progress')].filter(each => {
        const style = getComputedStyle(each);
        return style.borderTopStyle === 'none' || style.borderTopColor === ground; }).length; }"""
"""Dots of the way through a quiz, and bars of progress, that have no edge."""
FORCED: dict[str, Any] = {"forced_colors": "active"}


@pytest.mark.parametrize("place", BUSIEST)
def test_nothing_moves_where_no_motion_is_wished(open_as: Callable[..., Page], place: str) -> None:
    """No transition, no animation and no gliding, also with everything unfolded."""
    page = open_as(*BUSIEST[place], reduced_motion="reduce")
    page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert page.evaluate(MOVES) == []


def test_something_moves_otherwise(open_as: Callable[..., Page]) -> None:
    """The arrow of the one large thing, a little; so the test above can fail."""
    page = open_as(*BUSIEST["home"], reduced_motion="no-preference")
    assert any('class="go"' in each for each in page.evaluate(MOVES))


@pytest.mark.parametrize(
    ("place", "scheme"),
    [
        ("home", "light"),
        ("question", "dark"),
        ("shelf", "light"),
        ("class", "dark"),
        ("tide", "light"),
        ("signing in", "dark"),
    ],
)
def test_what_is_pressed_keeps_its_edge(open_as: Callable[..., Page], place: str, scheme: str) -> None:
    """In the phone's own colours buttons, cards, tiles and fields still have a border."""
    page = open_as(*BUSIEST[place], color_scheme=scheme, **FORCED)
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert page.evaluate(EDGELESS) == []
    assert page.evaluate(WAY) == 0


@pytest.mark.parametrize(
    ("role", "address", "pressed", "shown"),
    [
        ("learner", "/learn/numbers.fr/how-many/", ".option input", ".option"),
        ("librarian", "/people/add/", ".pick input", ".pick .tile"),
        ("child", "/", "", ".bar a span"),
        ("learner", "/learn/numbers.fr/how-many/", "", ".dots li"),
    ],
    ids=["an answer", "a picture", "a place", "a step"],
)
def test_what_is_chosen_stands_out(
    open_as: Callable[..., Page], role: str, address: str, pressed: str, shown: str
) -> None:
    """A chosen answer, a chosen picture, the place and the step where one is: each differs from the others."""
    page = open_as(role, address, **FORCED)
    if pressed:
        page.locator(pressed).first.check(force=True)
        page.evaluate("document.activeElement.blur()")
    chosen, *others = page.evaluate(LOOKS, shown)
    assert others
    assert chosen not in others


def test_where_one_is_shows_in_the_colours_of_the_phone(open_as: Callable[..., Page]) -> None:
    """Every stop of the Tab key has its ring."""
    keys = Keys(open_as(*BUSIEST["home"], **FORCED))
    assert keys.walk()
    assert keys.wrong == []


@pytest.mark.parametrize(("role", "address"), [("region", "/outcomes/"), ("facilitator", "/about/design/")])
def test_drawings_show_in_the_colours_of_the_phone(open_as: Callable[..., Page], role: str, address: str) -> None:
    """Bars, parts, lines and icons are not painted in the colour of the ground, and no two parts look alike."""
    page = open_as(role, address, **FORCED)
    assert page.evaluate(FAINT, ".drawn rect, .drawn .stroke, .drawn .dots, .icon") == []
    parts = page.evaluate(PARTS)
    assert all(len(set(each)) == len(each) for each in parts)
