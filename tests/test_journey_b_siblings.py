"""Journey b: three siblings share one phone, and nothing of one mixes with another's."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from hub.demo.cast import PIN
from hub.learning import progress
from hub.people import households, roster
from hub.people.roster import Person
from tests.fixtures.demo import Demo

pytestmark = pytest.mark.browser


BEHIND = 4
"""The pages that two changes of hands leave behind the one at hand, after the empty one that a browser begins with."""


def named(demo: Demo, name: str) -> Person:
    """Somebody of the demo."""
    return next(each for each in roster.people(demo.node) if each.name == name)


def hand_to(page: Page, person: Person) -> None:
    """The two taps: one's own picture, then the sibling; until the phone greets whom it was handed to."""
    page.click("a.round.me")
    page.click(f"button.tile[value='{person.id}']")
    page.locator("h1", has_text=person.name).wait_for()
    page.wait_for_load_state()


def go_back(page: Page) -> None:
    """The phone's own way back, until the page before stands."""
    with page.expect_navigation():
        page.evaluate("history.back()")


@pytest.fixture
def amina_page(demo_copy: Demo, phone: Callable[..., BrowserContext]) -> Page:
    """The siblings' phone, with Amina signed in on it."""
    context = phone()
    context.add_cookies(demo_copy.cookies("child"))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(demo_copy.url)
    return page


def test_a_phone_changes_hands_in_two_taps(demo_copy: Demo, amina_page: Page) -> None:
    """In a trusting household the next child is home after two taps."""
    hand_to(amina_page, named(demo_copy, "Juma"))
    assert "Juma" in amina_page.inner_text("h1")
    hand_to(amina_page, named(demo_copy, "Issa"))
    assert "Issa" in amina_page.inner_text("h1")


def test_back_shows_nobody_elses_page(demo_copy: Demo, amina_page: Page) -> None:
    """Issa goes back all the way, past Juma and Amina, and neither greets."""
    for name in ("Juma", "Issa"):
        hand_to(amina_page, named(demo_copy, name))
    assert amina_page.evaluate("history.length") == 1 + BEHIND + 1
    seen = []
    for _step in range(BEHIND):
        go_back(amina_page)
        seen += amina_page.locator("h1").all_inner_texts()
    assert len(seen) == BEHIND
    assert not [each for each in seen if "Amina" in each or "Juma" in each]


def test_what_one_does_is_not_the_others(demo_copy: Demo, amina_page: Page) -> None:
    """What Juma opens stands in Juma's record and leaves Amina's as it was."""
    amina, juma = named(demo_copy, "Amina"), named(demo_copy, "Juma")
    before = progress.of_person(demo_copy.node, amina.id)
    hand_to(amina_page, juma)
    amina_page.click(".main-action")
    assert amina_page.url.split("/")[4] in {way.manifest.id for way in progress.of_person(demo_copy.node, juma.id)}
    assert progress.of_person(demo_copy.node, amina.id) == before


def test_a_grown_up_is_behind_a_secret(demo_copy: Demo, amina_page: Page) -> None:
    """The mother's page asks for her PIN, also in a trusting household."""
    fatou = named(demo_copy, "Fatou")
    assert fatou in households.companions(demo_copy.node, named(demo_copy, "Amina").id)
    hand_to(amina_page, fatou)
    assert "Fatou" in amina_page.inner_text("h1")
    assert amina_page.locator("input[type=password], input[inputmode=numeric]").count() == 1
    amina_page.fill("input[type=password], input[inputmode=numeric]", PIN)
    amina_page.click("main form .button")
    assert amina_page.url == f"{demo_copy.url}/"
