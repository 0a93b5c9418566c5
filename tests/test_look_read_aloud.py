"""Reading aloud: each sentence by a voice of its own language, and nothing by one that would make nonsense of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from hub import library
from hub.node import Node
from tests.fixtures import packages
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser

VOICES = """window.said = []; Object.defineProperty(window, "speechSynthesis", {value: {
    getVoices: () => %s.map((lang) => ({lang, localService: true})),
    cancel: () => {}, speak: (saying) => said.push([saying.lang, saying.text])}});
    window.SpeechSynthesisUtterance = function (text) { this.text = text; };"""
"""Debian's Chromium has no voices: this is a phone that has some."""


@pytest.fixture
def say(
    node: Node, cast: Cast, served: Served, phone: Callable[..., BrowserContext], tmp_path: Path
) -> Callable[..., Any]:
    """What a phone with these voices says of a lesson, by the speaker that reads it; None where it offers none."""
    lesson = "# Le puits\n\nUn couvercle\n\n- garde\n- les feuilles.\n"
    french = {"Keep the well clean": "Garder le puits"}
    place = packages.well(tmp_path / "well", language="fr", **french)
    (place / "read.md").write_text(lesson, encoding="utf-8")
    library.add(node, source=place)

    def read(address: str, *voices: str) -> list[list[str]] | None:
        page = phone().new_page()
        page.add_init_script(VOICES % list(voices))
        page.goto(served.url + address)
        button = page.locator("button[data-read]").last
        if not button.is_visible():
            return None
        button.click()
        return list(page.evaluate("said"))

    return read


def test_a_lesson_is_read_in_its_own_language(say: Callable[..., Any]) -> None:
    """On an English page a French lesson needs a French voice; where there is none, nothing is offered."""
    assert say("/learn/well.fr/read/", "en-GB", "fr-FR") == [["fr", "Le puits. Un couvercle. garde. les feuilles."]]
    assert say("/learn/well.fr/read/", "en-GB") is None


def test_words_of_the_page_and_of_the_shelf_take_turns(say: Callable[..., Any]) -> None:
    """Each by its own voice; what no voice speaks is left out."""
    summary = "One lesson and one quiz about a well."
    told = ["fr", f"Garder le puits. {summary}"]
    assert say("/library/well.fr/", "en-GB", "fr-FR") == [told, ["en", "Begin"]]
    assert say("/library/well.fr/", "en-GB") == [["en", "Begin"]]
