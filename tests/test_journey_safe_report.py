"""A child reports without reading: the raised hand on any page, one drawing; with script and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from hub.people import roster
from hub.protection import named, reports
from tests.fixtures.demo import Demo
from tests.fixtures.eyes import Eyes

pytestmark = pytest.mark.browser

TAPS = 2


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("role", ["child", "guest"])
def test_two_presses_by_drawings_alone(
    demo_copy: Demo, phone: Callable[..., BrowserContext], role: str, has_script: bool
) -> None:
    """In Arabic, with every word gone: the hand, the sad face, and a way back; both adults have it."""
    context = phone(java_script_enabled=has_script, locale="ar")
    if role == "child":
        context.add_cookies(demo_copy.cookies("child"))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{demo_copy.url}/library/")
    eyes = Eyes(page)
    eyes.go(eyes.bottom("raised"))
    readers = named.readers(demo_copy.node)
    assert all(eyes.sees(each.picture) for each in readers)
    eyes.go(eyes.top("sad"))
    assert eyes.taps == TAPS
    node = demo_copy.node
    found = [reports.read(node, each)[0] for each in readers]
    amina = next(each.id for each in roster.people(node) if each.name == "Amina")
    who = amina if role == "child" else ""
    assert [(each.sort, each.page, each.person) for each in found] == [("afraid", "library.show", who)] * len(readers)
    assert all(eyes.sees(each.picture) for each in readers)
    eyes.go(eyes.top("go"))
    assert page.url.endswith("/library/")
