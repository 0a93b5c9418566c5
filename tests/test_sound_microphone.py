"""A sentence spoken on the page itself: a real browser with a microphone that beeps, up to what everybody hears."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from content.spoken import key
from hub import library
from hub.node import Node
from hub.sound import files, recordings
from tests.fixtures import packages
from tests.fixtures.cast import Cast
from tests.fixtures.microphone import BEEP_MS, FAKES, HEARD
from tests.fixtures.web import PhoneOf, Served

pytestmark = pytest.mark.browser

PAGE = "/sound/of/well.en/read/"
LID = key("A lid keeps leaves out.", "en")


@pytest.fixture
def recorder(node: Node, phone_with: PhoneOf, tmp_path: Path) -> Callable[[tuple[str, ...]], Page]:
    """A function that opens a facilitator's phone with these arguments, at the sentence to be spoken."""
    library.add(node, source=packages.well(tmp_path / "well"))
    return lambda arguments: phone_with("facilitator", f"{PAGE}?of={LID}", *arguments)


def test_what_is_spoken_on_the_page_is_heard_by_everybody(
    recorder: Callable[[tuple[str, ...]], Page], node: Node, cast: Cast, served: Served
) -> None:
    """Record, stop, and it is there: sent as a file would be, kept with who spoke it, and played on the lesson."""
    page = recorder(FAKES)
    button = page.locator("[data-record]")
    assert button.inner_text().strip() == "Record here"
    button.click()
    page.locator("[data-record]:has-text('Stop and send')").wait_for()
    page.wait_for_timeout(BEEP_MS)
    button.click()
    page.locator(".chip:has-text('recorded')").wait_for()
    kept = recordings.spoken(node)[LID]
    assert kept.person == cast.person("facilitator").id
    page.goto(f"{served.url}/learn/well.en/read/")
    address = page.locator(f".ear[href*='{files.KEPT}']").first.get_attribute("href")
    assert address is not None
    seconds, loudest = page.evaluate(HEARD, address)
    assert 0.5 < seconds < 30 and loudest > 0.01


def test_who_says_no_to_the_microphone_chooses_a_file(recorder: Callable[[tuple[str, ...]], Page]) -> None:
    """The button then opens the phone's own recorder, and nothing is sent."""
    page = recorder(("--deny-permission-prompts",))
    with page.expect_file_chooser() as chooser:
        page.locator("[data-record]").click()
    assert chooser.value.element.get_attribute("accept") == "audio/*"
    assert page.url.endswith(f"?of={LID}")
