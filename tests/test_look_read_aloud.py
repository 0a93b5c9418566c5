"""Reading aloud in a real browser: recording, voice, phone's own voice; sentence by sentence; pressing nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from content.spoken import key
from hub import library
from hub.node import Node
from hub.sound import files, lines, recordings
from tests.fixtures import engines, packages, sounds
from tests.fixtures.cast import Cast
from tests.fixtures.demo import GUEST, Demo
from tests.fixtures.web import Served

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]

PHONE_VOICES = """window.said = []; Object.defineProperty(window, "speechSynthesis", {value: {
    getVoices: () => %s.map((lang) => ({lang, localService: true})), cancel: () => {},
    speak: (words) => { said.push([words.lang, words.text]); setTimeout(() => words.onend(), 0); }}});
    window.SpeechSynthesisUtterance = function (text) { this.text = text; };"""
"""Debian's Chromium has no voices: this is a phone that has some."""
EARS = """
    HTMLMediaElement.prototype.play = function () {
      said.push(this.src.split("/sound/")[1]);
      shown.push([...document.querySelectorAll(".now")].map((each) => each.textContent.trim()).join(" "));
      setTimeout(() => this.onended?.(), 0);
      return Promise.resolve();
    }; window.shown = [];"""
"""A headless browser has no ears: what would sound is written down, with what is shown meanwhile."""
LESSON = (
    "# Le puits\n\nUn couvercle. Il *garde. Vraiment* bien.\n\n- les feuilles.\n\n| a | b |\n|---|---|\n| un | deux |\n"
)
UNHEARD = """() => {
    const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT), found = [];
    const ears = [...document.querySelectorAll(".ear, [data-read]")];
    const isBeside = (part) => ears.some((ear) => ear.dataset.read ? [...document.querySelectorAll(ear.dataset.read)]
        .some((each) => each.contains(part)) : "box" in ear.dataset ? ear.closest("tr, .sayable").contains(part)
        : ear.previousElementSibling === part);
    while (walk.nextNode()) {
        const around = walk.currentNode.parentElement, part = around.closest("[data-say]");
        if (!/\\p{L}/u.test(walk.currentNode.data)) continue;
        if (around.closest("bdi:not([lang]), option, .away, .back, nav, .chip, .facts, .visually-hidden")) continue;
        if (around.closest(".title[lang] + .detail")) continue;
        if (!part || !isBeside(part)) found.push(walk.currentNode.data.trim().slice(0, 60));
    }
    return found;
}"""
"""Words in the page's middle that no speaker reads. Names, ways back, small facts, also of a work beside its title, and
lists to choose from are none."""


@pytest.fixture
def open_page(
    node: Node, cast: Cast, served: Served, phone: Callable[..., BrowserContext], tmp_path: Path
) -> Callable[..., Page]:
    """A French lesson on an English hub that renders nothing more, opened on a phone with these voices of its own."""
    assert cast
    object.__setattr__(node.settings, "sound_max", 0)
    french = {"Keep the well clean": "Garder le puits"}
    place = packages.well(tmp_path / "well", language="fr", **french)
    (place / "read.md").write_text(LESSON, encoding="utf-8")
    library.add(node, source=place)

    def start(address: str, *voices: str, **options: str) -> Page:
        page = phone(**options).new_page()
        page.add_init_script(PHONE_VOICES % list(voices) + EARS)
        page.goto(served.url + address)
        return page

    return start


def voiced(node: Node, *texts: str) -> list[str]:
    """Give sentences a rendered voice; where they are heard."""
    for text in texts:
        path = files.voice_path(node, key(text, "fr"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sounds.mp3())
    return [f"1/{key(text, 'fr')}.mp3" for text in texts]


def heard(page: Page, count: int) -> list[Any]:
    """What was said, once so much of it was."""
    while len(page.evaluate("said")) < count:
        page.wait_for_timeout(20)
    page.wait_for_timeout(50)
    return list(page.evaluate("said"))


def test_a_recording_wins_over_the_voice_and_that_over_the_phone(node: Node, open_page: Callable[..., Page]) -> None:
    """Three sentences of one paragraph, each by the best there is."""
    voice = voiced(node, "Un couvercle.", "Il garde.")[1]
    line = next(each for each in lines.of_item(node, "well.fr", "read")[1] if each.text == "Un couvercle.")
    recordings.keep(node, line=line, data=sounds.wav(), person="p1")
    page = open_page("/learn/well.fr/read/", "fr-FR")
    page.locator("article p .ear").click()
    first, second, third = heard(page, 3)
    assert first.startswith("kept/") and second == voice
    assert third == ["fr", "Vraiment bien."]


def test_the_sentence_that_is_read_is_shown(node: Node, open_page: Callable[..., Page]) -> None:
    """One after the other, also across marks inside a sentence; at the end none."""
    voiced(node, "Un couvercle.", "Il garde.", "Vraiment bien.")
    page = open_page("/learn/well.fr/read/")
    page.locator("article p .ear").click()
    heard(page, 3)
    shown = [" ".join(each.split()) for each in page.evaluate("shown")]
    assert shown == ["Un couvercle.", "Il garde.", "Vraiment bien."]
    assert page.locator(".now").count() == 0


def test_a_tap_on_a_sentence_reads_from_there(node: Node, open_page: Callable[..., Page]) -> None:
    """And what stands before it is left out."""
    wanted = voiced(node, "Un couvercle.", "Il garde.", "Vraiment bien.")
    page = open_page("/learn/well.fr/read/")
    page.locator("article p .sentence").nth(1).click()
    assert heard(page, 2) == wanted[1:]


def test_a_row_is_read_together(node: Node, open_page: Callable[..., Page]) -> None:
    """By one speaker at its end."""
    wanted = voiced(node, "un", "deux")
    page = open_page("/learn/well.fr/read/")
    page.locator("tbody .ear").click()
    assert heard(page, 2) == wanted


def test_the_whole_lesson_is_read_from_its_head(open_page: Callable[..., Page]) -> None:
    """By a phone's voice of the lesson's language; with another language's alone nothing is offered."""
    page = open_page("/learn/well.fr/read/", "en-GB", "fr-FR")
    page.locator(".lesson-page > [data-read]").click()
    said = [text for language, text in heard(page, 9) if language == "fr"]
    assert said[:5] == ["Le puits", "Un couvercle.", "Il garde.", "Vraiment bien.", "les feuilles."]
    assert not page.locator(".lesson h1 .ear").is_visible()
    other = open_page("/learn/well.fr/read/", "en-GB")
    assert not other.locator(".lesson-page > [data-read]").is_visible()
    assert other.locator(".lesson .ear:visible").count() == 0


def test_a_speaker_presses_nothing_beside_it(node: Node, open_page: Callable[..., Page]) -> None:
    """Neither the option nor the link; by a finger and by a key."""
    sound = voiced(node, "A rope")
    page = open_page("/learn/well.fr/try/")
    page.locator(".options .ear:visible").click()
    assert heard(page, 1) == sound
    page.locator(".options .ear:visible").press("Enter")
    assert heard(page, 2) == sound * 2
    assert page.locator("input:checked").count() == 0
    shelf = voiced(node, "Garder le puits")
    page = open_page("/library/")
    page.locator(".choices .ear:visible").first.click()
    assert heard(page, 1) == shelf
    assert page.url.endswith("/library/")


def test_pressing_again_is_silence(node: Node, open_page: Callable[..., Page]) -> None:
    """The speaker says that it is on, and Escape stops it too."""
    voiced(node, "Un couvercle.", "Il garde.", "Vraiment bien.")
    page = open_page("/learn/well.fr/read/")
    page.evaluate("() => { HTMLMediaElement.prototype.play = () => new Promise(() => {}); }")
    ear = page.locator("article p .ear")
    for stop in (ear.click, lambda: page.keyboard.press("Escape")):
        ear.click()
        assert ear.get_attribute("aria-pressed") == "true"
        stop()
        assert ear.get_attribute("aria-pressed") == "false"
        assert page.locator(".now").count() == 0


def test_words_of_the_page_and_of_the_shelf_take_turns(open_page: Callable[..., Page]) -> None:
    """Each by its own voice; what no voice speaks is left out."""
    page = open_page("/library/well.fr/", "en-GB", "fr-FR")
    page.locator(".page-head [data-read]").click()
    said = heard(page, 6)
    assert said[0] == ["fr", "Garder le puits"]
    assert ["en", "Begin"] in said


WITH_NAMES = {"en-GB": "Nothing for “”. This is what “” finds:", "ar": "لا شيء عن «"}


@pytest.mark.parametrize(("locale", "ahead"), WITH_NAMES.items())
def test_a_sentence_with_names_in_it_is_read_to_its_end(
    open_page: Callable[..., Page], locale: str, ahead: str
) -> None:
    """Piece by piece by its one speaker; where it ends with a name, as in Arabic, all others of the page work too."""
    page = open_page("/library/?q=puitz", "en-GB", "ar", locale=locale)
    page.locator("main .note .ear").click()
    assert "".join(text for _language, text in heard(page, 2 if locale == "ar" else 3)).startswith(ahead)
    assert page.locator(".ear").count() and page.locator(".ear:not([role])").count() == 0


def test_a_sound_is_played_over_plain_http_and_without_script(
    node: Node, open_page: Callable[..., Page], served: Served, phone: Callable[..., BrowserContext]
) -> None:
    """A real sound element loads it when it is pressed and not before; without script the speaker leads to it."""
    (address,) = voiced(node, "Le puits")
    page = open_page("/learn/well.fr/read/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    assert not [url for url in asked if "/sound/" in url]
    plain = phone(java_script_enabled=False).new_page()
    plain.goto(f"{served.url}/learn/well.fr/read/")
    speaker = plain.locator(".lesson h1 .ear")
    assert speaker.is_visible()
    assert speaker.get_attribute("href") == f"/sound/{address}"
    assert plain.locator(".lesson p .ear:visible, [data-read]:visible").count() == 0


@pytest.mark.parametrize("role", ["child", "learner", GUEST])
def test_every_text_of_a_learner_s_pages_has_a_speaker(demo: Demo, open_as: Callable[..., Page], role: str) -> None:
    """Whatever page a link leads to, of learning, home, signing in and a package."""
    wrong, page = [], open_as(role, "/")
    tour = [address for _, address in demo.tour(role)]
    mine = ("/learn/", "/people/switch/", "/people/sign-in/", "/library/")
    for address in [each for each in tour if each == "/" or each.startswith(mine)]:
        if address.count("/") == 2 and address.startswith("/library/"):
            continue
        page.goto(demo.url + address)
        wrong += [f"{address}: {each}" for each in page.evaluate(UNHEARD)]
    assert wrong == [], "\n".join(wrong)
