"""Journey e: a librarian writes a lesson with a picture and two questions on a phone, and a learner answers it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page

from hub.app import COOKIE
from hub.node import Node
from hub.people.roster import Person
from tests.fixtures import photos, writing
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser

TAPS_MAX = 20
FIELDS_MAX = 10
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
def phone_of(served: Served, cast: Cast, phone: Callable[..., BrowserContext]) -> Callable[..., Thumb]:
    """A function that gives somebody a phone, at the hub's front page."""

    def give(person: Person, *, has_script: bool) -> Thumb:
        context, client = phone(java_script_enabled=has_script), cast.client_of(person)
        context.add_cookies([{"name": COOKIE, "value": _token(client), "url": served.url}])
        page = context.new_page()
        page.goto(served.url)
        return Thumb(page)

    return give


def _token(client: FlaskClient) -> str:
    client.get("/")
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def write_lesson(thumb: Thumb, photo: Path) -> None:
    """Title, text, photo, two questions; a look at it, and onto the shelf."""
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
    thumb.tap("a[href$='/add/choose/']")
    thumb.write(text="What do you need?", choice_a="Sand", choice_b="Soap")
    thumb.tap("#field-right-b")
    thumb.tap("main form .button.main")
    thumb.tap("a[href$='/add/number/']")
    thumb.write(text="How many hands do you wash?", answers="2")
    thumb.tap("main form .button.main")
    thumb.tap("a.main-action")
    thumb.tap("button.main-action")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_a_lesson_is_written_and_answered(
    node: Node, cast: Cast, phone_of: Callable[..., Thumb], tmp_path: Path, has_script: bool
) -> None:
    """On 360 px, offline, by taps and a few words; a minute later a learner reads it, and both answers are right."""
    photo = tmp_path / "hands.jpg"
    photo.write_bytes(photos.photo(640, 480, turned=True))
    author = phone_of(cast.person("librarian"), has_script=has_script)
    write_lesson(author, photo)
    assert author.page.evaluate("document.documentElement.scrollWidth") <= 360 if has_script else True
    writing.work(node)
    author.page.reload()
    assert "Clean hands is on the shelf" in author.page.inner_text("main")
    assert (author.taps <= TAPS_MAX, author.fields <= FIELDS_MAX) == (True, True), (author.taps, author.fields)
    learner = phone_of(cast.person("learner"), has_script=has_script)
    learner.tap("a[href='/library/']")
    learner.tap("main .choice")
    learner.tap(".main-action")
    assert learner.page.locator(".lesson img").get_attribute("alt") == "Two hands under a tap"
    learner.tap("button.main-action")
    learner.tap(".option:has-text('Soap')")
    learner.tap(".question-form .button")
    learner.tap(".main-action")
    learner.page.fill("#answer", "2")
    learner.tap(".question-form .button")
    assert learner.page.locator(".heard.tone-good").is_visible()
