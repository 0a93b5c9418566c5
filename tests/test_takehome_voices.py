"""The file at home speaks: it brings the sounds of its sentences, within a limit, and plays them without any line."""

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from content.inlined import ROOM_BYTES
from hub import learning
from hub.node import Node
from hub.sentences import Sentence
from hub.sound import asked, lines, pages, recordings, speaking
from hub.takehome import copies
from hub.takehome.copies import Copy
from hub.web import pack_file
from hub.worker import HANDLERS, Worker
from tests.fixtures import engines, sounds
from tests.fixtures.cast import Cast
from tests.fixtures.learning import PACKAGE

pytestmark = pytest.mark.sqlite(engines.SHELF)

PLAYED = """const played = window.played = [], play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
    const { src } = this, begun = play.call(this);
    begun.then(() => played.push([src, true]), () => played.push([src, false]));
    return begun; };"""
"""Notes which sounds began to play."""
SILENT_EARS = """() => [...document.querySelectorAll('.ear')].filter(each => each.hidden && !('box' in each.dataset))
    .map(each => each.previousElementSibling.textContent.slice(0, 4))"""
"""How the texts begin beside speakers that are not shown."""


def silent(_said: Sentence) -> None:
    """Nobody asks how far it is."""


@pytest.fixture
def copy(node: Node, market: object, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Copy:  # noqa: ARG001
    """A file that Amina takes home, of a hub which has given everything in it a voice."""
    monkeypatch.setattr(pages, "PAGES", pages.AT_HOME)
    while Worker(node, HANDLERS).step():  # covers first: voices leave off for whatever waits
        pass
    speaking.speak(node, silent)
    return copies.give(node, package=PACKAGE, item="look", carrier="file", person=cast.person("learner").id)


@pytest.fixture
def make(cast: Cast, copy: Copy) -> Callable[[], str]:
    """A function that gets the file."""
    return lambda: cast.client("learner").get(f"/take-home/copies/{copy.id}/file/").text


def heard(text: str) -> dict[str, Any]:
    """The sounds in a file, and what its script says."""
    found: dict[str, Any] = json.loads(text.partition('id="heard">')[2].partition("</script>")[0])
    return found


def numbers(text: str) -> list[int]:
    """Of each sentence that has a sound, which one."""
    marks = [*re.findall(r'data-say="([^"]+)"', text), *(told for _, told in heard(text)["says"].values())]
    return [int(one.partition(":")[2]) for mark in marks for one in mark.split() if ":" in one]


def test_every_sentence_brings_its_sound_once(make: Callable[[], str]) -> None:
    """Real MP3, each used and none twice; hints and praise, which only script shows, too."""
    text = make()
    told = heard(text)
    assert len(told["sounds"]) == len(set(told["sounds"])) > 20
    assert set(numbers(text)) == set(range(len(told["sounds"])))
    for each in told["sounds"]:
        kind, _, data = each.partition(";base64,")
        assert kind == "audio/mpeg" and base64.b64decode(data)[0] == 0xFF
    assert {"Yes, that is right", "You can eat it."} <= {
        words for words, (_, mark) in told["says"].items() if ":" in mark
    }
    assert len(text.encode()) < ROOM_BYTES


@pytest.mark.browser
def test_it_speaks_without_any_line(
    make: Callable[[], str], phone: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """Every speaker is there; a press plays what is beside it and chooses nothing; a hint is heard as well."""
    path = tmp_path / "pack.html"
    path.write_text(make(), encoding="utf-8")
    context = phone()
    context.set_offline(True)
    context.add_init_script(PLAYED)
    page = context.new_page()
    page.goto(path.as_uri())
    assert set(page.evaluate(SILENT_EARS)) == {"At “"}
    press(page, page.locator("li[data-option]:has-text('A shoe')").locator(".ear"))
    assert not page.get_by_label("A shoe").is_checked()
    page.get_by_label("A shoe").check()
    page.locator(".sheet .ask").first.get_by_role("button", name="That is my answer").click()
    press(page, page.locator(".told p:has-text('You can eat it.') .ear"))


def press(page: Page, ear: Any) -> None:
    """Press a speaker, and wait until its sound has begun."""
    page.evaluate("played.length = 0")
    ear.click()
    while not page.evaluate("played.length"):
        page.wait_for_timeout(20)
    address, has_begun = page.evaluate("played[0]")
    assert has_begun and address.startswith("data:audio/mpeg;base64,")


def test_voices_keep_to_their_room(make: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The first ones go in, the others are left to the phone; a file that would be too large comes without any."""
    whole = make()
    most = sum(map(len, heard(whole)["sounds"])) // 3
    monkeypatch.setattr(pack_file, "VOICES_BYTES_MAX", most)
    fewer = make()
    assert 0 < sum(map(len, heard(fewer)["sounds"])) <= most + 30 * len(heard(fewer)["sounds"])
    assert ":" not in re.findall(r'data-say="([^"]+)"', fewer.partition("<article")[2].partition("</article>")[0])[0]
    assert fewer.count("data-say") == whole.count("data-say")
    monkeypatch.undo()
    monkeypatch.setattr(pack_file, "ABOUT_BYTES", -ROOM_BYTES)
    monkeypatch.setattr(pack_file, "ROOM_BYTES", len(fewer.encode()))
    monkeypatch.setattr(pack_file, "_bare_bytes", lambda *_: 0)
    assert heard(make())["sounds"] == []


def test_a_recording_goes_before_the_voice(node: Node, make: Callable[[], str], cast: Cast) -> None:
    """What somebody of the place spoke is what is heard at home; one too large for a file is left to the voice."""
    before = heard(make())["sounds"]
    line = lines.of_item(node, PACKAGE, "look")[1][0]
    recordings.keep(node, line=line, data=sounds.wav(), person=cast.person("librarian").id)
    assert [each.partition(";")[0] for each in heard(make())["sounds"]].count("audio/wav") == 1
    recordings.keep(node, line=line, data=sounds.wav(50, 8_000), person=cast.person("librarian").id)
    assert heard(make())["sounds"] == before


def test_what_has_no_voice_is_asked_for(node: Node, make: Callable[[], str]) -> None:
    """A sentence with the hub's name is rendered next, so that the next file says it too."""
    make()
    assert [each.text for each in asked.noted(node) if each.text.startswith("At “")] != []


def test_the_offer_counts_the_voices(node: Node, make: Callable[[], str]) -> None:
    """The size that is told before is about that of the file, rather more than less, and counts what is heard."""
    manifest = learning.find(node, package=PACKAGE, item="look").manifest
    about, made = pack_file.about_bytes(node, manifest, "look"), len(make().encode())
    assert about > pack_file._bare_bytes(node, manifest, "look") + 50_000
    assert made - pack_file.ABOUT_BYTES < about < made * 1.5


def test_paper_does_not_speak(cast: Cast, copy: Copy) -> None:
    """Nothing on it is marked."""
    shown = cast.client("learner").get(f"/take-home/copies/{copy.id}/paper/").text
    sheet = shown.partition('<article class="paper">')[2].partition("</article>")[0]
    assert "What do you see?" in sheet
    assert [each for each in ("data-say", 'class="ear"', "sayable") if each in sheet] == []
