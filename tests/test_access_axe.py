"""axe on every kind of page of every role: left to right and right to left, in the light and in the dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.fixtures import engines
from tests.fixtures.access import BUILT, axe_four_ways
from tests.fixtures.demo import BUSIEST_FIRST, Demo

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]


@pytest.mark.parametrize("role", BUSIEST_FIRST)
def test_axe_finds_nothing_whichever_way(
    demo: Demo, shares: dict[str, list[str]], phone: Callable[..., BrowserContext], role: str
) -> None:
    """With everything unfolded, and every page has one heading, one main part, a language and a title."""
    context = phone()
    context.add_cookies(demo.cookies(role))  # type: ignore[arg-type]
    page = context.new_page()
    wrong: list[str] = []
    for address in shares[role]:
        page.goto(demo.url + address, wait_until="load")
        wrong += [f"{address}: {each}" for each in [*page.evaluate(BUILT), *axe_four_ways(page)]]
    assert wrong == []
