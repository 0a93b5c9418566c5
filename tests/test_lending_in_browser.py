"""Borrowing in a real browser, from the library's page on: a learner asks, a librarian lends, and it comes back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hub.lending import loans, things
from hub.node import Node
from tests.fixtures.cast import Cast
from tests.fixtures.lending import drum
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def go_to_the_drum(page: Page, served: Served) -> None:
    """From the library by touching what is there."""
    page.goto(f"{served.url}/library/")
    page.get_by_role("link", name="Things to borrow").click()
    page.get_by_role("link", name="Talking drum").click()
    page.wait_for_url("**/library/things/*/")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "plain"])
def test_a_drum_is_asked_for_lent_and_comes_back(
    served: Served, node: Node, cast: Cast, phone_of: Callable[..., Page], has_script: bool
) -> None:
    """Each sees on the next page what the other did; the learner's name stands for the librarian alone."""
    made, learner_name = drum(node, cast), cast.person("learner").name
    learner = phone_of("learner", java_script_enabled=has_script)
    go_to_the_drum(learner, served)
    learner.get_by_role("button", name="Ask for it").click()
    expect(learner.get_by_text("You have asked for it.")).to_be_visible()

    librarian = phone_of("librarian", java_script_enabled=has_script)
    go_to_the_drum(librarian, served)
    waiting = librarian.get_by_label("Who takes it along?").locator("option")
    assert learner_name in waiting.all_inner_texts()[1]
    librarian.get_by_label("Who takes it along?").select_option(label=waiting.all_inner_texts()[1])
    librarian.get_by_role("button", name="Lend it").click()
    expect(librarian.get_by_text("2 of 3 here")).to_be_visible()
    expect(librarian.get_by_role("heading", name="Who waits for it")).to_have_count(0)

    learner.goto(f"{served.url}/learn/")
    expect(learner.get_by_text("What I have borrowed")).to_be_visible()
    expect(learner.get_by_text("Talking drum")).to_be_visible()
    other = phone_of("neighbour", java_script_enabled=has_script)
    go_to_the_drum(other, served)
    assert learner_name not in other.locator("main").inner_text()

    librarian.get_by_text("Something is wrong with it").click()
    librarian.get_by_text("damaged").first.click()
    librarian.get_by_label("A note, if you like").fill("The skin is torn.")
    assert librarian.evaluate(SIDEWAYS) <= 0
    librarian.get_by_role("button", name="It is back").click()
    expect(librarian.get_by_text("The skin is torn.")).to_be_visible()
    librarian.get_by_role("button", name="It can be lent again").click()
    expect(librarian.get_by_text("3 of 3 here")).to_be_visible()
    assert (things.thing(node, made.id).here, loans.out(node)) == (("A", "B", "C"), [])
    learner.goto(f"{served.url}/learn/")
    expect(learner.get_by_text("What I have borrowed")).to_have_count(0)
