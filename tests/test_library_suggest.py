"""Typing into the library's field: titles and words that begin so, quickly, in every script, with fingers and keys."""

import re
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page

from content import begun
from hub import library
from hub.node import Node
from tests.fixtures import engines, packages
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.SHELF)
SHELF = {
    "en": ("Carry water home", "Goats drink water beside the mountain."),
    "fr": ("L’école près de la forêt", "Une forêt."),
    "sw": ("Maji safi", "Mbuzi hupanda kilima."),
    "ar": ("الماء النظيف", "نغلي الماء قبل الشرب."),
    "hi": ("साफ़ पानी", "हम पानी पीते हैं।"),
    "th": ("น้ำสะอาดสำหรับทุกคน", "เด็กดื่มน้ำ"),
    "zh": ("清洁的水", "孩子们喝水。"),
}
BEGUN = [
    ("wat", "Carry water home"),
    ("WÁT", "water"),
    ("foret", "L’école près de la forêt"),
    ("mbu", "Mbuzi"),
    ("maj", "Maji safi"),
    ("ما", "الماء النظيف"),
    ("الما", "الماء النظيف"),
    ("पा", "साफ़ पानी"),
    ("น้ำสะ", "น้ำสะอาดสำหรับทุกคน"),
    ("水", "清洁的水"),
    ("清洁", "清洁的水"),
]


@pytest.fixture
def shelf(cast: Cast, node: Node, tmp_path: Path) -> Node:
    """A page in each of seven scripts or languages."""
    for language, (title, text) in SHELF.items():
        page = f'<html lang="{language}"><title>{title}</title><p>{text}'
        library.add(node, source=packages.page_zip(tmp_path / f"page.{language}.zip", page))
    return node


def suggested(cast: Cast, typed: str, role: str = OUTSIDER) -> list[str]:
    """What may be meant."""
    answer = cast.client(role).get(f"/library/suggest?q={quote(typed)}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    return [each["words"] for each in answer.get_json()]


def test_every_script_is_completed(shelf: Node, cast: Cast) -> None:
    """A title by any of its words, a word as it is written; without accents and vowels too."""
    assert {typed: meant in suggested(cast, typed) for typed, meant in BEGUN} == {typed: True for typed, _ in BEGUN}
    (first,) = [each for each in cast.client(OUTSIDER).get("/library/suggest?q=maj").get_json() if " " in each["words"]]
    assert first == {"words": "Maji safi", "language": "sw"}


@pytest.mark.parametrize("role", ROLES)
def test_everybody_is_helped(shelf: Node, cast: Cast, role: str) -> None:
    """With the same words."""
    assert suggested(cast, "wat", role) == ["Carry water home", "water"]


def test_what_nobody_can_complete_is_empty(shelf: Node, cast: Cast) -> None:
    """Nothing typed, one letter, signs, what is there whole already, what nothing has."""
    for typed in ("", " ", "w", '"*', "water", "maji safi", "zzz", "x" * 5_000, "<script>", "\ue000"):
        assert not any(typed.strip() in each for each in suggested(cast, typed) if typed != "water"), typed


def test_few_are_offered_and_little_is_looked_at(node: Node, cast: Cast, tmp_path: Path) -> None:
    """Ten of a hundred titles, the shortest that begin so first; what was taken off the shelf is not offered."""
    pages = {f"p{number}.html": f"<title>Water {number:03}</title>" for number in range(30)}
    for name, page in pages.items():
        library.add(node, source=packages.page_zip(tmp_path / f"{name}.zip", page))
    assert suggested(cast, "wate") == [f"Water {number:03}" for number in range(10)]
    for row in library.packages(node):
        library.remove(node, row.id)
    assert suggested(cast, "wate") == []
    assert begun.BEGUN_MAX < begun.TITLES_LOOKED_AT


def test_the_form_finds_beginnings_without_a_script(shelf: Node, cast: Cast) -> None:
    """Half a word is a search too."""
    for typed, meant in BEGUN:
        text = cast.client(OUTSIDER).get(f"/library/?q={quote(typed)}").text
        assert meant in unescape(re.sub("</?mark>", "", text)), typed


@pytest.mark.browser
def test_typing_with_a_keyboard_at_360_pixels(
    shelf: Node, served: Served, phone: Callable[..., BrowserContext]
) -> None:
    """English and Arabic: the list opens, arrows walk through it, Escape closes, Enter looks for what is marked."""
    for language, typed, title in [("en", "wat", "Carry water home"), ("ar", "الما", "الماء النظيف")]:
        page = phone(locale=language, viewport={"width": 360, "height": 640}).new_page()
        page.goto(f"{served.url}/library/")
        assert page.locator("html").get_attribute("lang") == language
        field = page.get_by_role("combobox")
        field.click()
        page.keyboard.type(typed)
        option = page.get_by_role("option", name=title)
        option.wait_for()
        assert field.get_attribute("aria-expanded") == "true"
        box, body = option.bounding_box(), page.evaluate("document.documentElement.scrollWidth")
        assert box is not None and box["height"] >= 48 and box["x"] >= 0 and body <= 360
        page.keyboard.press("Escape")
        assert page.get_by_role("listbox").count() == 0 and field.input_value() == typed
        page.keyboard.press("Backspace")
        page.keyboard.type(typed[-1])
        option.wait_for()
        page.keyboard.press("ArrowDown")
        assert field.get_attribute("aria-activedescendant") == option.get_attribute("id") == "suggestion-0"
        page.keyboard.press("ArrowUp")
        assert field.get_attribute("aria-activedescendant") is None
        page.keyboard.press("ArrowDown")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.get_by_role("combobox").input_value() == title
        assert page.locator("mark").count() > 0


@pytest.mark.browser
def test_who_types_fast_asks_once_and_again_not_at_all(shelf: Node, served: Served, page: Page) -> None:
    """Letters are waited for; what was asked before is known; a finger chooses."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/suggest?" in request.url else None)
    page.goto(f"{served.url}/library/")
    page.get_by_role("combobox").click()
    page.keyboard.type("mbuzi", delay=10)
    page.get_by_role("combobox").press("Backspace")
    page.get_by_role("option", name="Mbuzi").wait_for()
    page.keyboard.type("i")
    time.sleep(0.4)
    page.keyboard.press("Backspace")
    page.get_by_role("option", name="Mbuzi").wait_for()
    assert len(asked) <= 2
    with page.expect_navigation():
        page.get_by_role("option", name="Mbuzi").click()
    assert "mbuzi" in page.url.lower()
