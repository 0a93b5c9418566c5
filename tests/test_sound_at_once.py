"""A speaker from the first second: what has no voice yet gets one when somebody asks to hear it, and nothing else."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext

from content.spoken import key
from hub import library
from hub.node import Node
from hub.sentences import Sentence
from hub.sound import at_once, files, pages, speaking
from hub.sound.at_once import AtOnce
from tests.fixtures import engines, packages
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.SHELF)

PAGE = "/learn/well.en/read/"
LID = key("A lid keeps leaves out.", "en")
SOUND = f"/sound/{files.VOICE}/{LID}.mp3"
SLOW = "import json, time; print(json.dumps({'languages': ['en']}), flush=True); time.sleep(60)"
"""A program in the voice's place that never answers."""


@pytest.fixture
def well(node: Node, tmp_path: Path) -> Node:
    """A hub that was just filled: no slow work has run."""
    library.add(node, source=packages.well(tmp_path / "well"))
    return node


def ears(client: FlaskClient, address: str) -> list[str]:
    """What stands in each small speaker of a page: where it leads, or that it is hidden."""
    return re.findall(r'class="ear"(?: data-box)?((?: href="[^"]*")?(?: hidden)?)', client.get(address).text)


def silent(_said: Sentence) -> None:
    """Nobody asks how far it is."""


@pytest.mark.parametrize("address", [PAGE, "/learn/", "/library/"])
def test_every_speaker_leads_somewhere_at_once(well: Node, cast: Cast, address: str) -> None:  # noqa: ARG001
    """Before any slow work has begun."""
    found = ears(cast.client("learner"), address)
    assert found and [each for each in found if "href" not in each] == []


@pytest.mark.parametrize("role", ROLES)
def test_who_asks_for_a_sentence_hears_it(well: Node, cast: Cast, role: str) -> None:
    """The outsider too; real speech, made once, and kept where the slow work finds it."""
    client = cast.client(role)
    client.get(PAGE)
    heard = client.get(SOUND)
    assert (heard.status_code, heard.mimetype) == (200, "audio/mpeg")
    assert len(heard.data) > 2000 and heard.data == files.voice_path(well, LID).read_bytes()
    stood = files.voice_path(well, LID).stat().st_mtime_ns
    assert client.get(SOUND).data == heard.data
    assert files.voice_path(well, LID).stat().st_mtime_ns == stood


def test_without_script_all_sounds_of_a_text_are_offered(well: Node, cast: Cast) -> None:  # noqa: ARG001
    """The page behind a speaker of several sentences lists every one, though none is rendered."""
    client = cast.client("learner")
    address = next(each for each in ears(client, PAGE) if "/sound/hear/" in each)
    several = client.get(address.partition('href="')[2].partition('"')[0].replace("&amp;", "&"))
    found = re.findall(r'<audio controls preload="none" src="([^"]+)"', several.text)
    assert len(found) == address.count("of=") > 1
    assert client.get(found[-1]).status_code == 200


def test_nobody_can_have_other_words_spoken(well: Node, cast: Cast) -> None:  # noqa: ARG001
    """A sentence that no page has shown has no sound, whatever it is called."""
    client = cast.client("learner")
    for name in (LID, key("Something else", "en"), "x", "..%2fmangrove"):
        assert client.get(f"/sound/{files.VOICE}/{name}.mp3").status_code == 404
        assert client.get(f"/sound/hear/?of={files.VOICE}/{name}.mp3").status_code == 404


def test_a_name_is_never_spoken(node: Node, cast: Cast, tmp_path: Path) -> None:
    """A sentence with a word of somebody's name waits for the phone's own voice; it is not even noted."""
    lesson = "# A clean well\n\nAmina fetches water.\n\nThe well is deep.\n"
    library.add(node, source=packages.folder(tmp_path / "well", read__md=lesson))
    page = cast.client("learner").get(PAGE).text
    assert f"{key('The well is deep.', 'en')}.mp3" in page
    assert f"{key('Amina fetches water.', 'en')}.mp3" not in page
    assert [row.name for row in node.tables.Note.select() if "Amina" in row.value] == []


def test_a_worker_that_only_keeps_has_none_made(well: Node, cast: Cast) -> None:
    """A lesson that is kept on the phone does not make the hub speak all of it at once."""
    client = cast.client("learner")
    client.get(PAGE)
    assert client.get(SOUND, headers={"Purpose": "prefetch"}).status_code == 404
    assert not files.voice_path(well, LID).exists()


def test_where_no_voice_can_come_no_speaker_promises_one(well: Node, cast: Cast) -> None:
    """None runs here, or the setting wants none: then the phone's own voice is all there is."""
    client = cast.client("learner")
    speaking.speak(well, silent, command=("/nonexistent",))
    assert {each for each in ears(client, PAGE)} == {" hidden"}
    well.tables.Note.delete().where(well.tables.Note.name == speaking.NOTE).execute()
    object.__setattr__(well.settings, "sound_max", 0)
    assert {each for each in ears(client, PAGE)} == {" hidden"}


def test_a_full_disk_or_a_voice_that_hangs_gives_up(well: Node, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Soon, with nothing half on the disk; the others who wait meanwhile wait no longer than they should."""
    cast.client("learner").get(PAGE)
    monkeypatch.setattr(at_once, "ANSWER_S", 0.3)
    hanging = AtOnce(well, (sys.executable, "-c", SLOW))
    assert hanging.voice(LID) is None
    monkeypatch.setattr(at_once, "WAIT_S", 0.05)
    with hanging._turn:
        assert hanging.voice(LID) is None
    object.__setattr__(well.settings, "free_reserve", 2**62)
    assert AtOnce(well).voice(LID) is None
    assert list(files.voices(well).glob("*/*")) == []


def test_wishes_are_bounded_and_go_with_the_work(well: Node, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """When all is rendered none is left; what was wished for and is no more on the shelf is spoken no more."""
    monkeypatch.setattr(pages, "PAGES", ())
    wishes = well.tables.Note.name.startswith(speaking.WISH)
    cast.client("learner").get(PAGE)
    count = well.tables.Note.select().where(wishes).count()
    assert count > 2
    monkeypatch.setattr(at_once, "WISHES_MAX", count)
    other = key("One more.", "en")
    assert at_once.wish(well, {other: ("en", "One more.")}) == 0
    monkeypatch.setattr(at_once, "WISHES_MAX", count + 1)
    assert at_once.wish(well, {other: ("en", "One more.")}) == 1
    assert AtOnce(well).knows(other)
    speaking.speak(well, silent)
    assert well.tables.Note.select().where(wishes).count() == 0
    assert not AtOnce(well).knows(other) and files.voice_path(well, LID).is_file()


@pytest.mark.browser
def test_a_phone_hears_it_by_a_press(
    well: Node,
    cast: Cast,
    served: Served,
    phone: Callable[..., BrowserContext],  # noqa: ARG001
) -> None:
    """On a page of a fresh hub the speaker is there, and the sentence beside it plays."""
    page = phone().new_page()
    page.goto(served.url + PAGE)
    ear = page.locator("p:has-text('A lid keeps leaves out.') .ear, li:has-text('A lid keeps leaves out.') .ear").first
    with page.expect_response(lambda answer: "/sound/" in answer.url) as heard:
        ear.click()
    assert heard.value.status in (200, 206)
    page.locator(".ear[aria-pressed=true]").wait_for()
