"""The slow work that gives sentences a voice: real speech, made once, whatever happens on the way."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from content.spoken import key
from hub import jobs, library
from hub.node import Node
from hub.sentences import Sentence
from hub.sound import asked, chorus, files, pages, speaking
from hub.sound.chorus import Chorus, VoiceMissing
from tests.fixtures import engines, packages
from tests.fixtures.clock import HandClock

pytestmark = pytest.mark.sqlite(engines.SHELF)

SAID = {
    "en": "Wash your hands.",
    "fr": "Lave tes mains.",
    "ar": "اغسل يديك.",
    "hi": "अपने हाथ धोओ।",
    "sw": "Osha mikono yako.",
}
FAKE = """import json, os, sys
print(json.dumps({{"languages": ["en"]}}), flush=True)
for line in sys.stdin:
    w = json.loads(line)
    {}
"""
"""Another program in the voice's place, which does what a test wants of it for each sentence."""


NONE = "0 sentences have a voice."


def silent(_said: Sentence) -> None:
    """Nobody asks how far it is."""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what learners' pages always say: a few sentences are quicker to speak than hundreds."""
    monkeypatch.setattr(pages, "PAGES", ())


@pytest.fixture
def well(node: Node, tmp_path: Path, few: None) -> Node:  # noqa: ARG001 - it must have been done
    """A hub with a small package on its shelf."""
    library.add(node, source=packages.well(tmp_path / "well"))
    return node


def made(node: Node) -> set[Path]:
    """The voices that stand."""
    return set(files.voices(node).glob("*/*.mp3"))


@pytest.mark.parametrize("language", SAID)
def test_a_sentence_is_spoken(tmp_path: Path, language: str) -> None:
    """A real MP3 of some seconds, small, in a language of each script."""
    to = tmp_path / "one" / "a.mp3"
    with Chorus() as voices:
        size = voices.say("k", SAID[language], voices.language(language), to)
    data = to.read_bytes()
    assert data[0] == 0xFF and data[1] & 0xE6 == 0xE2
    assert 2000 < size == len(data) < 20_000


def test_a_language_without_a_voice_is_passed_over(tmp_path: Path) -> None:
    """It has no voice, its family's is taken where there is one, and nothing is written for the others."""
    with Chorus() as voices:
        assert (voices.language("pt-AO"), voices.language("fr"), voices.language("qq")) == ("pt", "fr", "")
        assert voices.say("k", "Nothing", "qq", tmp_path / "a.mp3") == 0
    assert list(tmp_path.iterdir()) == []


def test_everything_on_the_shelf_gets_a_voice(well: Node) -> None:
    """Titles, lesson, question and options; at once nothing is due."""
    assert speaking.is_due(well)
    assert speaking.speak(well, silent) == f"{len(made(well))} sentences have a voice."
    for text in ("Keep the well clean", "A lid keeps leaves out.", "What keeps leaves out?", "A rope", "Try it"):
        assert files.voice_path(well, key(text, "en")) in made(well)
    assert not speaking.is_due(well)
    assert "en" in speaking.standing(well).languages


def test_nothing_is_spoken_twice(well: Node) -> None:
    """The second time no file is touched."""
    speaking.speak(well, silent)
    before = {path: path.stat().st_mtime_ns for path in made(well)}
    speaking.speak(well, silent)
    assert {path: path.stat().st_mtime_ns for path in made(well)} == before


def test_a_changed_text_brings_its_voice_and_takes_the_old_one(well: Node, tmp_path: Path) -> None:
    """What no text asks for any more is taken away; what it shares with the earlier version stays."""
    speaking.speak(well, silent)
    before = made(well)
    changed = packages.well(tmp_path / "new", **{"version = 1": "version = 2", "A clean well": "A clear well"})
    library.add(well, source=changed)
    assert speaking.is_due(well)
    speaking.speak(well, silent)
    assert files.voice_path(well, key("A clear well", "en")) in made(well) - before
    library.remove(well, "well.en")
    speaking.speak(well, silent)
    assert made(well) == set()


@pytest.mark.parametrize("end", ["os._exit(3)", "os.kill(os.getpid(), 11)", "print('nonsense',flush=True)"])
def test_a_voice_that_dies_costs_one_sentence(tmp_path: Path, end: str) -> None:
    """The next one is spoken by a fresh process."""
    work = f"{end} if w['key']=='bad' else print(json.dumps({{'key':w['key'],'size':7,'refused':''}}),flush=True)"
    with Chorus((sys.executable, "-c", FAKE.format(work)), answer_s=20) as voices:
        assert [voices.say(name, "x", "en", tmp_path / name) for name in ("a", "bad", "b")] == [7, 0, 7]


def test_a_voice_that_falls_silent_is_let_go(tmp_path: Path) -> None:
    """It has its time, and its process is gone afterwards."""
    with Chorus(
        (
            sys.executable,
            "-c",
            FAKE.format("print(os.getpid(),file=open(w['to'],'w'),flush=True);__import__('time').sleep(60)"),
        ),
        answer_s=2,
    ) as voices:
        voices.languages()
        assert voices.say("a", "x", "en", tmp_path / "pid") == 0
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_what_cannot_be_said_is_not_tried_again(well: Node) -> None:
    """It is marked, and the next time nothing is asked of the voice but its languages."""
    work = "print(json.dumps({'key':w['key'],'size':0,'refused':''}),flush=True)"
    assert speaking.speak(well, silent, command=(sys.executable, "-c", FAKE.format(work))) == NONE
    marked = set(files.voices(well).glob(f"*/*{files.MUTE}"))
    talks = "open(w['to'],'w').write('asked')"
    assert speaking.speak(well, silent, command=(sys.executable, "-c", FAKE.format(talks))) == NONE
    assert marked
    assert set(files.voices(well).glob("*/*")) == marked


def test_no_voice_on_a_machine_is_said(well: Node, clock: HandClock) -> None:
    """The work is done, with a sentence; it is tried again after an hour."""
    with pytest.raises(VoiceMissing):
        Chorus(("/nonexistent",)).languages()
    assert "No voice runs" in speaking.speak(well, silent, command=("/nonexistent",))
    assert not speaking.is_due(well)
    clock.advance(3601)
    assert speaking.is_due(well)


def test_a_disk_that_takes_no_more_stops_the_work(well: Node, clock: HandClock) -> None:
    """Nothing is given up for good: the same sentences are tried again after an hour."""
    work = "print(json.dumps({'key':w['key'],'size':7,'refused':'full'}),flush=True)"
    said = speaking.speak(well, silent, command=(sys.executable, "-c", FAKE.format(work)))
    assert "no room" in said
    assert list(files.voices(well).glob("*/*")) == []
    clock.advance(3601)
    assert speaking.is_due(well)


def test_a_cut_in_the_middle_loses_nothing(well: Node) -> None:
    """The work leaves when the hub stops; what stands is whole and is not made again."""

    class Leaving(Exception):
        pass

    def leave(_said: Sentence) -> None:
        raise Leaving

    for number in range(60):
        asked.note(well, [("en", f"Sentence number {number}.")])
    with pytest.raises(Leaving):
        speaking.speak(well, leave)
    before = {path: path.stat().st_mtime_ns for path in made(well)}
    assert 0 < len(before) < 60
    assert not [path for path in files.voices(well).glob("*/.*")]
    speaking.speak(well, silent)
    assert before.items() <= {path: path.stat().st_mtime_ns for path in made(well)}.items()
    assert len(made(well)) > 60


def test_other_work_goes_first(well: Node) -> None:
    """While something waits the voices stop for it, and come after it."""
    asked.note(well, [("en", f"Sentence number {number}.") for number in range(60)])
    waiting = jobs.add(well, "listen", arguments={})
    assert "after what waits" in speaking.speak(well, silent)
    order = [job.kind for job in jobs.unfinished(well, kind=speaking.JOB)]
    first = jobs.claim(well)
    assert order == [speaking.JOB] and first is not None and first.id == waiting


def test_voices_keep_to_their_room(make_node: Callable[..., Node], tmp_path: Path, few: None) -> None:  # noqa: ARG001
    """With the room used up the work says so and keeps what stands; 0 renders nothing at all."""
    full = make_node("full", sound_max=20_000)
    library.add(full, source=packages.well(tmp_path / "well"))
    assert "no room" in speaking.speak(full, silent)
    assert 0 < sum(path.stat().st_size for path in made(full)) < 40_000
    mute = make_node("mute", sound_max=0)
    assert not speaking.is_due(mute)
    assert "sound_max is 0" in speaking.speak(mute, silent)


def test_learners_pages_are_spoken_before_somebody_comes(node: Node) -> None:
    """The sentences that always stand on them, in each language of pages; a wish for another language is none."""
    assert {"Tap your own picture.", "My garden", "That is my answer"} <= set(pages.fixed("en"))
    assert "That is my answer" not in pages.fixed("fr") and pages.fixed("fr")
    assert pages.fixed("qq") == []
    assert all("%(" not in text for text in pages.fixed("en"))
    assert speaking.is_due(node)


def test_a_voice_is_small_and_last_in_the_queue() -> None:
    """Its process asks for the lowest priority and bounds its own memory and time."""
    script = (
        "import os,resource;from hub.sound import voice;voice._be_small();"
        "print(os.nice(0),resource.getrlimit(resource.RLIMIT_AS)[0],resource.getrlimit(resource.RLIMIT_CPU)[0])"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert [int(each) for each in found] == [19, 512 * 1024 * 1024, 600]


def test_a_hub_says_whether_it_can_speak() -> None:
    """All seven languages of the pages have a voice."""
    assert {"en", "fr", "es", "pt", "sw", "ar", "hi"} <= chorus.languages()
