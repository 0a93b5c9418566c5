"""Journey e: a librarian writes a lesson on a phone, with picture, sound and questions; a learner answers them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from hub.app import COOKIE
from hub.node import Node
from hub.people.roster import Person
from hub.writing import banks
from tests.fixtures import photos, sounds, writing
from tests.fixtures.cast import Cast
from tests.fixtures.microphone import BEEP_MS, FAKES
from tests.fixtures.web import PHONE, Served, launched

pytestmark = pytest.mark.browser

TAPS_MAX = 28
FIELDS_MAX = 11
"""In five minutes: five seconds a tap, twenty a field."""


class Thumb:
    """Taps and types on a phone, and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.fields = page, 0, 0

    def tap(self, place: str) -> None:
        """Tap what stands there."""
        self.page.locator(place).first.click()
        self.taps += 1

    def write(self, **fields: str) -> None:
        """Write into fields, by name."""
        for name, text in fields.items():
            self.page.fill(f"#field-{name.replace('_', '-')}", text)
            self.fields += 1


@pytest.fixture
def phone_of(served: Served, cast: Cast, browser: Browser) -> Iterator[Callable[..., Thumb]]:
    """A function that gives somebody a phone with a microphone, at the hub's front page."""
    hearing = launched(browser.browser_type, *FAKES)

    def give(person: Person, *, has_script: bool) -> Thumb:
        context = hearing.new_context(viewport=PHONE, locale="en-GB", java_script_enabled=has_script)
        client = cast.client_of(person)
        context.add_cookies([{"name": COOKIE, "value": _token(client), "url": served.url}])
        page = context.new_page()
        page.goto(served.url)
        return Thumb(page)

    yield give
    hearing.close()


def _token(client: FlaskClient) -> str:
    client.get("/")
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def record(thumb: Thumb, sound: Path) -> None:
    """On the page, where it has script; else with the phone's own recorder."""
    button = thumb.page.locator("[data-record]")
    if button.is_visible():
        thumb.tap("[data-record]")
        thumb.page.locator("[data-record]:has-text('Stop')").wait_for()
        thumb.page.wait_for_timeout(BEEP_MS)
        thumb.tap("[data-record]")
        thumb.page.locator("#heard").wait_for()
        return
    with thumb.page.expect_file_chooser() as chooser:
        thumb.tap("#field-camera")
    chooser.value.set_files(sound)


def write_lesson(thumb: Thumb, photo: Path, sound: Path) -> None:
    """Title, text, photo, sound, three questions, one of them out of a bank; a look at it, and onto the shelf."""
    thumb.tap("main a[href='/library/write/']")
    thumb.tap(".main-action")
    thumb.write(title="Clean hands")
    thumb.tap("main form .button")
    thumb.tap(".main-action")
    thumb.write(text="Water alone is not enough.\nUse soap.")
    thumb.tap("main form .button.main")
    thumb.tap("a[href$='/add/picture/']")
    with thumb.page.expect_file_chooser() as chooser:
        thumb.tap("#field-camera")
    chooser.value.set_files(photo)
    thumb.write(text="Two hands under a tap")
    thumb.tap("main form .button.main")
    thumb.tap("a[href$='/add/sound/']")
    thumb.write(text="A song of twenty seconds")
    record(thumb, sound)
    thumb.tap("main form .button.main")
    thumb.tap("a[href$='/add/choose/']")
    thumb.write(text="What do you need?", choice_a="Sand", choice_b="Soap")
    thumb.tap("#field-right-b")
    thumb.tap("main form .button.main")
    thumb.tap("a[href$='/add/number/']")
    thumb.write(text="How many hands do you wash?", answers="2")
    thumb.tap("main form .button.main")
    thumb.tap("#add-question a[href$='/bank/']")
    thumb.tap("label.option")
    thumb.tap("main form .button.main")
    thumb.tap("a.main-action")
    thumb.tap("button.main-action")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_a_lesson_is_written_and_answered(
    node: Node, cast: Cast, phone_of: Callable[..., Thumb], tmp_path: Path, has_script: bool
) -> None:
    """On 360 px, offline, by taps and a few words; a minute later a learner reads it, and all answers are right."""
    bank = banks.begin(node, person="somebody", title="Hygiene", language="en")
    banks.put(node, bank.id, questions=(writing.WORDS,))
    photo, sound = tmp_path / "hands.jpg", tmp_path / "song.wav"
    sound.write_bytes(sounds.wav())
    photo.write_bytes(photos.photo(640, 480, turned=True))
    author = phone_of(cast.person("librarian"), has_script=has_script)
    write_lesson(author, photo, sound)
    assert author.page.evaluate("document.documentElement.scrollWidth") <= 360 if has_script else True
    writing.work(node)
    author.page.locator("main:has-text('Clean hands is on the shelf')").wait_for()
    assert (author.taps <= TAPS_MAX, author.fields <= FIELDS_MAX) == (True, True), (author.taps, author.fields)
    learner = phone_of(cast.person("learner"), has_script=has_script)
    learner.tap("a[href='/library/']")
    learner.tap("main .choice:has-text('Clean hands')")
    learner.tap(".main-action")
    assert learner.page.locator(".lesson img").get_attribute("alt") == "Two hands under a tap"
    assert learner.page.locator(".lesson audio").get_attribute("aria-label") == "A song of twenty seconds"
    learner.tap("button.main-action")
    learner.tap(".option:has-text('Soap')")
    learner.tap(".question-form .button")
    learner.tap(".main-action")
    learner.page.fill("#answer", "2")
    learner.tap(".question-form .button")
    learner.tap(".main-action")
    learner.page.fill("#answer", "food")
    learner.tap(".question-form .button")
    assert learner.page.locator(".heard.tone-good").is_visible()
