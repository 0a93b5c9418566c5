"""A child's garden: plants stand beside each other on the narrowest phone, also in scripts that are written larger."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.fixtures import engines
from tests.fixtures.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]

LANGUAGES = {"en": "ltr", "ar": "rtl", "hi": "ltr"}
WRITE = "([language, direction]) => Object.assign(document.documentElement, { lang: language, dir: direction })"
BESIDE = """() => {
    const ends = [...document.querySelectorAll('.garden li')].map(each => each.getBoundingClientRect().bottom);
    return Math.max(...ends.map(one => ends.filter(each => each === one).length)); }"""
"""How many plants stand in the fullest row."""


def test_plants_stand_beside_each_other(demo: Demo, phone: Callable[..., BrowserContext]) -> None:
    """Two or three on a phone, more on a wide screen; never one below the other."""
    context = phone()
    context.add_cookies(demo.cookies("child"))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(demo.url)
    found: dict[int, set[int]] = {320: set(), 360: set(), 1280: set()}
    for language in LANGUAGES.items():
        page.evaluate(WRITE, language)
        for width, counts in found.items():
            page.set_viewport_size({"width": width, "height": 740})
            counts.add(page.evaluate(BESIDE))
    assert found[320] | found[360] <= {2, 3} and min(found[1280]) >= 3, found
