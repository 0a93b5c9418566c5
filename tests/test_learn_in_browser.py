"""The learner's pages in a real browser: a quiz without script, and a sound that is left and found again with it."""

import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from hub import learning, library
from hub.node import Node
from hub.vocabulary import VERBS
from tests.fixtures.cast import Cast
from tests.fixtures.demo import Demo
from tests.fixtures.learning import PACKAGE
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser
SECONDS = 60
AT = 30
LISTEN_AND_PAUSE = """async () => { const sound = document.querySelector("audio"); sound.muted = true;
    sound.currentTime = 30; await sound.play(); sound.pause(); }"""
SMALL = {"width": 360, "height": 640}
IS_SEEN = """each => { const box = each.getBoundingClientRect(), bar = document.querySelector(".bar");
    return box.top >= 0 && box.bottom <= bar.getBoundingClientRect().top; }"""
"""Whether something is whole between the head of the page and the places at its foot."""
WHERE = """() => new Promise((told) => { const sound = document.querySelector("audio");
    if (sound.currentTime > 0) told(sound.currentTime);
    else sound.addEventListener("seeked", () => told(sound.currentTime)); })"""


def _sign_in(cast: Cast, served: Served, context: BrowserContext) -> Page:
    """A page on which the learner is signed in, by the cookie that a real sign-in leaves."""
    client = cast.client("learner")
    cookie = client.get_cookie("mangrove")
    assert cookie is not None
    context.add_cookies([{"name": "mangrove", "value": cookie.value, "url": served.url}])
    return context.new_page()


def test_a_quiz_is_done_without_script(
    cast: Cast, market: object, served: Served, phone: Callable[..., BrowserContext]
) -> None:
    """Touch, type, choose a number, choose a partner; from the first question to the end."""
    page = _sign_in(cast, served, phone(java_script_enabled=False))
    page.goto(f"{served.url}/learn/{PACKAGE}/quiz/")

    def send() -> None:
        page.get_by_role("button", name="That is my answer").click()
        page.get_by_role("heading", name="Yes, that is right").wait_for()
        page.locator("a.onward").click()

    page.get_by_label("A mango").check()
    send()
    page.get_by_label("A cent").check()
    page.get_by_label("A shilling").check()
    send()
    page.get_by_label("Your answer").fill("5")
    send()
    page.get_by_label("Your answer").fill("THANKS!")
    send()
    for label, number in (("Ask", "1"), ("Pay", "2"), ("Go home", "3")):
        page.get_by_label(label).select_option(number)
    send()
    page.get_by_label("Fish").select_option(label="B · Basket")
    page.get_by_label("Milk").select_option(label="A · Jug")
    send()
    page.get_by_role("heading", name="Well done!").wait_for()


@pytest.mark.parametrize(
    "address", ["numbers.en/how-many", "numbers.en/take-away-quiz", "safe-water.en/check-yourself"]
)
def test_a_small_phone_needs_no_scrolling_to_answer(
    demo: Demo, phone: Callable[..., BrowserContext], address: str
) -> None:
    """What can be chosen first is seen whole beside its question, and so is the way on afterwards."""
    page = phone(viewport=SMALL).new_page()
    page.goto(f"{demo.url}/learn/{address}/")
    first = page.locator(".answers .option, .answers input.given").first
    assert page.evaluate(IS_SEEN, first.element_handle())
    if first.get_attribute("id") == "answer":
        first.fill("1")
    else:
        first.click()
    page.click(".question-form .wide-button")
    assert page.evaluate(IS_SEEN, page.locator("a.onward").element_handle())


def _long_sound(place: Path) -> Path:
    with wave.open(str(place), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(8000)
        out.writeframes(b"\x80" * 8000 * SECONDS)
    return place


def test_a_sound_goes_on_where_it_was_left(
    cast: Cast, node: Node, served: Served, phone: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """The player tells that it went there, played and paused; at the thirtieth second it opens again."""
    added = library.add(node, source=_long_sound(tmp_path / "song.wav"))
    manifest = node.shelf.manifest(added.package)
    assert manifest is not None
    address = f"{served.url}/learn/{added.package}/{manifest.items[0].id}/"
    page = _sign_in(cast, served, phone())
    page.goto(address)
    page.evaluate(LISTEN_AND_PAUSE)
    told = {VERBS["played"], VERBS["paused"], VERBS["seeked"]}
    for _ in range(100):
        if {row.verb for row in node.tables.Statement.select()} >= told:
            break
        page.wait_for_timeout(50)
    assert {row.verb for row in node.tables.Statement.select()} >= told
    assert _left_at(node, cast, learning.find(node, package=added.package, item=manifest.items[0].id)) >= AT
    page.goto(address)
    assert page.evaluate(WHERE) >= AT


def _left_at(node: Node, cast: Cast, opened: learning.Opened) -> int:
    amina = cast.person("learner").id
    sitting = learning.open_item(node, person=amina, opened=opened)
    return learning.last_place(node, person=amina, opened=opened, sitting=sitting)
