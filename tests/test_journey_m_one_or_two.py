"""Journey m on a phone: a steward reads that two machines go on, and answers; on a phone without script too."""

import re

import pytest
from playwright.sync_api import expect

from hub.node import Node
from hub.tide import clones
from tests.fixtures.copied import halves
from tests.fixtures.web import PhoneOf, Served

__all__ = ["halves"]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_they_are_two_places(node: Node, halves: None, served: Served, phone_of: PhoneOf, script: bool) -> None:
    """From the tide's page to the answer: the name of the place is all that is typed, and it can be called off."""
    page = phone_of("steward", java_script_enabled=script)
    page.goto(f"{served.url}/status/tide/")
    page.locator('main a[href="/status/tide/copied/"]').first.click()
    expect(page.locator("h1")).to_contain_text("One place or two?")
    expect(page.locator("main li", has_text="Another machine")).to_be_visible()
    page.get_by_label("What this place is called").fill("Alder valley")
    page.get_by_role("button", name="Give this place a key of its own").click()
    expect(page.locator("main")).to_contain_text("Switch the machine off and on again")
    assert clones.copied(node).is_prepared
    page.get_by_role("button", name="Do not do it").click()
    expect(page.locator("main li", has_text="This machine")).to_be_visible()
    assert not clones.copied(node).is_prepared


def test_it_is_one_place(node: Node, halves: None, served: Served, phone_of: PhoneOf) -> None:
    """One press, and the question is gone."""
    page = phone_of("steward")
    page.goto(f"{served.url}/status/tide/copied/")
    page.get_by_role("button", name="It is one place").click()
    expect(page.locator("main")).to_contain_text(re.compile("One machine, as far as this hub knows"))
    assert clones.copied(node).halves == ()
