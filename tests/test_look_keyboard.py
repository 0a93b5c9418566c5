"""With a keyboard alone: one always sees where one is, can skip the menu, and is covered by nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.fixtures import engines

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]

STOPS_MAX = 60
SEEN = """() => {
    const here = document.activeElement;
    const box = here.getBoundingClientRect();
    const style = getComputedStyle(here);
    const around = here.closest('.option, .pick');
    const ring = around ? getComputedStyle(around.querySelector('.tile') || around) : style;
    const on = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return {
        name: here.outerHTML.slice(0, 90),
        isEnd: here === document.body,
        hasRing: (ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 2),
        isCovered: !(on && (here.contains(on) || on.contains(here) || (around && around.contains(on)))),
    };
}"""


def walk(page: Page) -> list[dict[str, object]]:
    """Press Tab until the page ends; what was seen at each stop."""
    seen: list[dict[str, object]] = []
    for _ in range(STOPS_MAX):
        page.keyboard.press("Tab")
        stop = page.evaluate(SEEN)
        if stop["isEnd"] or (seen and stop["name"] == seen[0]["name"]):
            break
        seen.append(stop)
    return seen


@pytest.mark.parametrize(
    ("role", "address"),
    [("child", "/"), ("librarian", "/"), ("guest", "/people/sign-in/"), ("learner", "/learn/numbers.fr/how-many/")],
)
def test_every_stop_is_seen(open_as: Callable[..., Page], role: str, address: str) -> None:
    """Each stop of the Tab key has a ring, and no bar lies over it."""
    stops = walk(open_as(role, address))
    assert len(stops) > 5
    assert [stop["name"] for stop in stops if not stop["hasRing"] or stop["isCovered"]] == []


def test_the_menu_can_be_skipped(open_as: Callable[..., Page]) -> None:
    """The first stop leads to the content, and the next stop after it lies there."""
    page = open_as("child", "/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_mistake_is_where_one_comes_back_to(open_as: Callable[..., Page]) -> None:
    """A form at the foot of a long page is refused: the field is in sight with its sentence, ready to be mended."""
    page = open_as("steward", "/community/")
    page.fill("#field-name", " ")
    page.click("form[action='/community/name/'] button")
    page.wait_for_url("**/community/name/")
    assert page.evaluate("document.activeElement.id") == "field-name"
    assert page.evaluate(SEEN)["isCovered"] is False
    sentence = page.locator("#wrong-name").bounding_box()
    assert sentence is not None
    assert sentence["y"] > 0
