"""A sound of a lesson: recorded on the page, heard, kept; or by the phone's own recorder, where a page may not hear."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page

from hub.node import Node
from hub.writing import drafts, media
from hub.writing.drafts import Draft
from tests.fixtures import sounds, writing
from tests.fixtures.cast import Cast
from tests.fixtures.microphone import BEEP_MS, FAKES, HEARD
from tests.fixtures.web import PhoneOf

PLAYED = (
    """async () => { const sound = document.querySelector('#heard audio'); await sound.play(); return !sound.error; }"""
)
"""Listen to what was recorded, before it is sent."""


@pytest.fixture
def draft(node: Node, cast: Cast) -> Draft:
    """An empty draft of the librarian's."""
    return writing.begun(node, person=cast.person("librarian").id)


@pytest.fixture
def opened(phone_with: PhoneOf, draft: Draft) -> Callable[[tuple[str, ...]], Page]:
    """A function that opens the form of a sound on a librarian's phone with these arguments."""
    return lambda arguments: phone_with("librarian", f"/library/write/{draft.id}/add/sound/", *arguments)


def sounds_of(node: Node, draft: Draft) -> list[str]:
    """The files of its sounds."""
    return [each.file for each in drafts.draft(node, draft.id).body.lesson if each.kind == "sound"]


@pytest.mark.browser
def test_a_sound_is_recorded_heard_and_kept(
    opened: Callable[[tuple[str, ...]], Page], node: Node, draft: Draft
) -> None:
    """Record, stop, listen; nothing is sent before Keep, and then it is the sound of the part."""
    page = opened(FAKES)
    button, heard = page.locator("[data-record]"), page.locator("#heard")
    assert (button.inner_text().strip(), heard.is_visible()) == ("Record here", False)
    page.fill("#field-text", "A beep")
    button.click()
    page.locator("[data-record]:has-text('Stop')").wait_for()
    assert page.locator("[data-passed]").inner_text().endswith("/ 10:00")
    page.wait_for_timeout(BEEP_MS)
    button.click()
    heard.wait_for()
    assert button.inner_text().strip() == "Record again" and not sounds_of(node, draft)
    assert page.evaluate(PLAYED)
    page.click("main form .button.main")
    page.locator("#add-lesson").wait_for()
    (name,) = sounds_of(node, draft)
    seconds, loudest = page.evaluate(HEARD, f"/library/write/{draft.id}/files/{name}")
    assert 0.5 < seconds < 30 and loudest > 0.01


@pytest.mark.browser
def test_keep_while_it_records_keeps_what_was_said(
    opened: Callable[[tuple[str, ...]], Page], node: Node, draft: Draft
) -> None:
    """Nobody loses a song for having pressed the wrong button."""
    page = opened(FAKES)
    page.fill("#field-text", "A beep")
    page.locator("[data-record]").click()
    page.locator("[data-record]:has-text('Stop')").wait_for()
    page.wait_for_timeout(BEEP_MS)
    page.click("main form .button.main")
    page.locator("#add-lesson").wait_for()
    assert len(sounds_of(node, draft)) == 1


@pytest.mark.browser
def test_who_says_no_to_the_microphone_gets_the_phones_recorder(opened: Callable[[tuple[str, ...]], Page]) -> None:
    """The same field that is there without script."""
    page = opened(("--deny-permission-prompts",))
    with page.expect_file_chooser() as chooser:
        page.locator("[data-record]").click()
    assert chooser.value.element.get_attribute("id") == "field-camera"


def test_the_form_says_how_long_and_opens_the_recorder(cast: Cast, draft: Draft) -> None:
    """Before anything is recorded, and without script: `capture` opens what the phone records with."""
    form = cast.client("librarian").get(f"/library/write/{draft.id}/add/sound/").text
    assert "A sound lasts 10 minutes and has 12 MB at most." in form
    assert 'accept="audio/*" capture="microphone"' in form


@pytest.mark.parametrize("ending", [*sounds.ALL, "3gp"])
def test_what_phones_record_is_kept(cast: Cast, node: Node, draft: Draft, ending: str) -> None:
    """By its first bytes, whatever it is called; and it is served as what it is."""
    browser: FlaskClient = cast.client("librarian")
    data = sounds.m4a(brand=b"3gp4", codec=b"mp4a") if ending == "3gp" else sounds.ALL[ending]
    fields = {"text": "A song", "camera": (io.BytesIO(data), "recording")}
    assert browser.post(f"/library/write/{draft.id}/add/sound/", data=fields).status_code == 303
    (name,) = sounds_of(node, draft)
    assert Path(media.path(node, name)).read_bytes() == data
    assert browser.get(f"/library/write/{draft.id}/files/{name}").mimetype.startswith("audio/")
