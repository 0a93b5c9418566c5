"""In the dark: a browser that asks for dark gets the dark colours; `test_access_axe.py` asks axe of every page so."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from hub.web.palette import DARK, LIGHT, luminance, scheme
from tests.fixtures import engines

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]

VALUES = """names => { const style = getComputedStyle(document.documentElement);
    return Object.fromEntries(names.map(name => [name, style.getPropertyValue('--' + name).trim()])); }"""
PAINTED = """() => Object.fromEntries(['color', 'backgroundColor'].map(what => [what,
    '#' + getComputedStyle(document.body)[what].match(/\\d+/g).slice(0, 3).map(
        part => (+part).toString(16).padStart(2, '0')).join('')]))"""


@pytest.mark.parametrize(("mode", "which"), [("light", LIGHT), ("dark", DARK)])
def test_a_browser_takes_the_colours_of_its_mode(open_as: Callable[..., Page], mode: str, which: int) -> None:
    """Every token has in the page the value that was tried for contrast, and the page is painted with them."""
    page, colours = open_as("child", "/", color_scheme=mode), scheme(which)
    assert page.evaluate(VALUES, list(colours)) == colours
    assert page.evaluate(PAINTED) == {"color": colours["ink"], "backgroundColor": colours["paper"]}


def test_dark_is_dark() -> None:
    """Dark ground and light ink, and the other way round in the light."""
    assert luminance(scheme(DARK)["paper"]) < luminance(scheme(DARK)["ink"])
    assert luminance(scheme(LIGHT)["paper"]) > luminance(scheme(LIGHT)["ink"])
