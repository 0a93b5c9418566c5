"""Room for words: at 320 px, with letters twice as large, with wider spacing, in both directions."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.fixtures import engines
from tests.fixtures.access import without_room
from tests.fixtures.demo import BUSIEST_FIRST, Demo

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]


@pytest.mark.parametrize("role", BUSIEST_FIRST)
def test_every_word_finds_room(
    demo: Demo, shares: dict[str, list[str]], phone: Callable[..., BrowserContext], role: str
) -> None:
    """Nothing scrolls sideways, is cut off or stands beside the page, however large or wide the letters are."""
    context = phone()
    context.add_cookies(demo.cookies(role))  # type: ignore[arg-type]
    page = context.new_page()
    wrong: list[str] = []
    for address in shares[role]:
        page.goto(demo.url + address, wait_until="load")
        wrong += [f"{address}: {each}" for each in without_room(page)]
    assert wrong == []
