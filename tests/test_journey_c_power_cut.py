"""Journey c, its first half: the power goes in mid-quiz, and at most the answer on the screen is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from hub.demo.cast import SECRET
from hub.learning import items, quiz
from hub.node import Node
from hub.people import credentials, roster
from tests.fixtures.powered import Powered

pytestmark = pytest.mark.browser

PACKAGE, ITEM = "numbers.en", "how-many"


@pytest.fixture
def newcomer_and_answers(powered: Powered, lay_demo: Callable[[Path], Node]) -> list[str]:
    """Lay the demo with a newcomer into the machine's home and switch it on; the newcomer and the right answers."""
    node = lay_demo(powered.home)
    questions = quiz(node, items.find(node, package=PACKAGE, item=ITEM)).questions
    newcomer = roster.add_person(node, name="Tumaini", picture="kite", birth_year=2017)
    credentials.set_secret(node, person=newcomer.id, secret=SECRET)
    node.close()
    powered.start()
    return [newcomer.id, *(question.answer[0] for question in questions)]


def sign_in(page: Page, url: str, person: str) -> None:
    """Three pictures, in order."""
    page.goto(f"{url}/people/sign-in/as/{person}/")
    for name in SECRET:
        page.click(f"button[value={name}]")


def answer(page: Page, value: str) -> None:
    """Choose an option and send it."""
    page.check(f".option input[value='{value}']")
    page.click(".question-form .button")


def test_the_quiz_goes_on_where_the_power_went(
    powered: Powered, newcomer_and_answers: list[str], phone: Callable[..., BrowserContext]
) -> None:
    """Two answers are kept, the third is on the screen; after the cut the same phone is asked the third again."""
    person, first, second, third, *_ = newcomer_and_answers
    page = phone().new_page()
    sign_in(page, powered.url, person)
    page.goto(f"{powered.url}/learn/{PACKAGE}/{ITEM}/")
    for value in (first, second):
        answer(page, value)
        page.click(".main-action")
    page.check(f".option input[value='{third}']")
    asked = page.inner_text("h1")
    powered.cut()
    powered.start()
    page.goto(f"{powered.url}/learn/{PACKAGE}/{ITEM}/")
    assert page.inner_text("h1") == asked
    answer(page, third)
    assert page.locator(".heard use[href$='#check']").is_visible()
