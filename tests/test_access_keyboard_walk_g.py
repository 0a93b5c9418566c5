"""Journey g with a keyboard alone: every stop on the way is seen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from hub.consent import standing
from hub.people import roster
from tests.fixtures.demo import Demo
from tests.fixtures.keyboard import Keys

pytestmark = pytest.mark.browser


def test_g_consent_is_given_and_taken_back(demo_copy: Demo, phone: Callable[..., BrowserContext]) -> None:
    """From the list to the next child: somebody's name, thumbs and faces with the arrows; then one is taken back."""
    context = phone()
    context.add_cookies(demo_copy.cookies("librarian"))  # type: ignore[arg-type]
    page = context.new_page()
    child = next(each for each in roster.people(demo_copy.node) if each.name == "Baraka")
    page.goto(f"{demo_copy.url}/people/consents/")
    keys = Keys(page)
    keys.go(f"main .list a[href='/people/{child.id}/consent/']")
    keys.write("#field-giver_name", "Aunt Nuru")
    for purpose in ("elsewhere", "counted"):
        keys.choose(f"input[name='{purpose}'][value='yes']")
        keys.choose(f"input[name='{purpose}-child'][value='yes']")
    keys.go("main form .button")
    assert standing.of_person(demo_copy.node, child.id)["elsewhere"] == "given"
    keys.go(f"main a[href='/people/{child.id}/consent/']")
    keys.go("main a[href$='/consent/back/elsewhere/']")
    keys.choose(f"input[name='giver'][value='{child.id}']")
    keys.go("main form .button")
    assert standing.of_person(demo_copy.node, child.id)["elsewhere"] == "withdrawn"
    assert keys.wrong == []
