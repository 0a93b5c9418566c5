"""Journey a: a new child reaches a first success by pictures, icons and places alone, in any language.

Nothing of these tests can find a word: `Eyes` takes all of them away before it looks. Right answers are found by
counting what is drawn.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from hub import first_boot
from hub.node import Node
from hub.people import circles, roster
from tests.fixtures.eyes import Eyes
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser

CHILDREN = {"en": "butterfly", "ar": "drum", "hi": "mango"}
"""The language of a child's phone → the picture that the child is known by."""
CHOSEN = ("hat", "egg", "cup")
TAPS_MAX = 15
"""Three minutes are twelve seconds a tap, for a child that taps for the first time."""
SIGN = 0.7
"""On a card with a number, the share that the sign takes; its dots are below."""


@pytest.fixture
def welcoming(node: Node) -> Node:
    """A hub with the starter library, a circle, and in it three children whom a librarian has just added."""
    first_boot.begin(node, hub_name="Mbuyu", keeper="Lucía", secret="481516")
    first_boot.fill_shelf(node)
    circle = circles.add_circle(node, name="Little readers", picture="baobab")
    for name, picture in zip(("Amina", "Omar", "Asha"), CHILDREN.values(), strict=True):
        child = roster.add_person(node, name=name, picture=picture, birth_year=2018)
        circles.join(node, circle=circle.id, person=child.id)
    return node


def answer(eyes: Eyes, *, is_sign_asked: bool) -> None:
    """Count what the question shows, tap the picture that has as many, and say that it is the answer."""
    asked, *options = eyes.pictures()
    many = eyes.count(asked, below=SIGN if is_sign_asked else 0)
    fitting = [each for each in options if eyes.count(each, below=0 if is_sign_asked else SIGN) == many]
    assert len(fitting) == 1, "the pictures say nothing, or more than one thing"
    eyes.tap(fitting[0])
    eyes.go(eyes.bottom("check"))


def is_praised(eyes: Eyes) -> bool:
    """The page after an answer shows the sign for right, and none of those for not yet."""
    return eyes.sees("check") and not eyes.sees("hint") and not eyes.sees("sprout")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_a_new_child_succeeds_by_pictures_alone(
    welcoming: Node, serve_node: Callable[[Node], Served], phone: Callable[..., BrowserContext], has_script: bool
) -> None:
    """Circle, myself, three pictures of my own, yes, the one large thing; a number, then fishes: both right."""
    served = serve_node(welcoming)
    for language, me in CHILDREN.items():
        page = phone(java_script_enabled=has_script, locale=language).new_page()
        page.goto(served.url)
        assert page.evaluate("document.documentElement.lang") == language
        eyes = Eyes(page)
        for name in ("baobab", me, *CHOSEN):
            eyes.go(eyes.bottom(name))
        eyes.go(eyes.top("check"))
        eyes.go(eyes.largest())
        answer(eyes, is_sign_asked=True)
        assert is_praised(eyes)
        eyes.go(eyes.bottom("go"))
        answer(eyes, is_sign_asked=False)
        assert is_praised(eyes)
        assert eyes.taps <= TAPS_MAX
