"""Journey a: a new child reaches a first success without reading a word and without typing one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from hub import first_boot, learning
from hub.learning import items
from hub.node import Node
from hub.people import circles, roster
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser

CHOSEN = ("hat", "egg", "cup")
TAPS_MAX = 12
"""Three minutes are fifteen seconds a tap, for a child that taps for the first time."""


class Finger:
    """Taps on pictures and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, place: str) -> None:
        """Tap what is drawn there."""
        self.page.locator(place).first.click()
        self.taps += 1


def drawing(name: str) -> str:
    """A tile known by its drawing, not by its words."""
    return f".tile:has(use[href$='#{name}'])"


@pytest.fixture
def welcoming(node: Node) -> Node:
    """A hub with the starter library, a circle, and Amina in it, whom a librarian has just added."""
    first_boot.begin(node, hub_name="Mbuyu", keeper="Lucía", secret="481516")
    first_boot.fill_shelf(node)
    circle = circles.add_circle(node, name="Little readers", picture="baobab")
    amina = roster.add_person(node, name="Amina", picture="butterfly", birth_year=2018)
    circles.join(node, circle=circle.id, person=amina.id)
    return node


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_a_new_child_succeeds_by_pictures_alone(
    welcoming: Node, serve_node: Callable[[Node], Served], phone: Callable[..., BrowserContext], has_script: bool
) -> None:
    """Circle, myself, three pictures of my own, the one large thing, one right answer: twelve taps at most."""
    served = serve_node(welcoming)
    finger = Finger(phone(java_script_enabled=has_script).new_page())
    finger.page.goto(served.url)
    for name in ("baobab", "butterfly", *CHOSEN):
        finger.tap(drawing(name))
    finger.tap(".button:has(use[href$='#check'])")
    finger.tap(".main-action")
    package, item = finger.page.url.rstrip("/").split("/")[-2:]
    first = learning.quiz(welcoming, items.find(welcoming, package=package, item=item)).questions[0]
    finger.tap(f".option:has(input[value='{first.answer[0]}'])")
    finger.tap(".question-form .button")
    assert finger.page.locator(".heard use[href$='#check']").is_visible()
    assert finger.taps <= TAPS_MAX
