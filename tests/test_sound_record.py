"""Recordings: looked at when they come, kept with who spoke them, replaced, taken back, in every backup."""

import io
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import library, projections
from hub.care import backup
from hub.care.restore import restore
from hub.config import keep, load
from hub.errors import InputWrong, StorageFull
from hub.node import Node, make_home, open_node
from hub.sound import files, kinds, lines, recordings
from tests.fixtures import packages, sounds
from tests.fixtures.care import copy_keys, stick
from tests.fixtures.cast import ROLES, Cast

PAGE = "/sound/of/well.en/read/"
LID = "A lid keeps leaves out."


@pytest.fixture
def well(node: Node, tmp_path: Path) -> Node:
    """A hub with a small package on its shelf."""
    library.add(node, source=packages.well(tmp_path / "well"))
    return node


def line(node: Node, text: str = LID) -> lines.Line:
    """A sentence of the lesson as it stands now."""
    return next(each for each in lines.of_item(node, "well.en", "read")[1] if each.text == text)


def stored(node: Node) -> list[str]:
    """The files that stand."""
    return sorted(path.name for path in (node.home / files.RECORDINGS).glob("*/*"))


@pytest.mark.parametrize("ending", sounds.ALL)
def test_what_phones_play_is_taken(ending: str) -> None:
    """By its first bytes, whatever it is called."""
    assert kinds.look(sounds.ALL[ending]).ending == ending


def test_a_phones_3gp_is_taken_when_phones_play_it() -> None:
    """Newer recorders write AAC into it, which is an M4A by another name."""
    assert kinds.look(sounds.m4a(brand=b"3gp4", codec=b"mp4a")).ending == "m4a"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "No recording was chosen"),
        (b"#!AMR\n" + bytes(50), "AMR or 3GP"),
        (sounds.m4a(brand=b"3gp4"), "AMR or 3GP"),
        (sounds.m4a(brand=b"3gp4", codec=b"samr"), "AMR or 3GP"),
        (sounds.m4a(handler=b"vide"), "no recording that phones play"),
        (sounds.webm(b"V_VP8 A_OPUS"), "no recording that phones play"),
        (b"\xff\xfb\x90", "no recording that phones play"),
        (b"%PDF-1.4 hello", "no recording that phones play"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no recording that phones play"),
        (sounds.wav(61), "longer than 60 seconds"),
        (sounds.mp3(61), "longer than 60 seconds"),
        (sounds.m4a(61), "longer than 60 seconds"),
        (sounds.ogg(61), "longer than 60 seconds"),
        (sounds.aac(61), "longer than 60 seconds"),
        (sounds.wav(59, 20_000), "more than 2 MB"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(data: bytes, why: str) -> None:
    """What happened, what is safe, what to do."""
    with pytest.raises(InputWrong, match=why) as refused:
        kinds.look(data)
    assert "Nothing was changed;" in str(refused.value)


@given(st.sampled_from(sorted(sounds.ALL)), st.data())
def test_a_torn_recording_is_taken_or_refused(ending: str, data: st.DataObject) -> None:
    """Nothing that a phone sends does more than that."""
    whole = bytearray(sounds.ALL[ending])
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] = data.draw(st.integers(0, 255))
    with suppress(InputWrong):
        assert kinds.look(bytes(whole[: data.draw(st.integers(0, len(whole)))])).ending in files.ENDINGS


def test_a_tag_before_the_sound_is_passed_over() -> None:
    """Recorders write titles and pictures in front."""
    assert kinds.look(sounds.mp3(2, tag=b"title")).seconds == pytest.approx(2, abs=0.05)


def test_a_recording_wins_over_the_voice(well: Node) -> None:
    """The sentence is heard by it, with who spoke it and when; without it by the voice again."""
    voice = files.voice_path(well, line(well).key)
    voice.parent.mkdir(parents=True)
    voice.write_bytes(sounds.mp3())
    assert line(well).state == lines.VOICE
    kept = recordings.keep(well, line=line(well), data=sounds.wav(), person="p1")
    assert (kept.person, kept.spoken_ms) == ("p1", well.clock.now_ms())
    assert line(well).state == lines.RECORDING and line(well).address.endswith(".wav")
    assert recordings.take_back(well, key=kept.key)
    assert line(well).state == lines.VOICE
    assert not recordings.take_back(well, key=kept.key)


def test_replacing_and_taking_back_delete_the_sound(well: Node) -> None:
    """A voice that is taken back is gone; one that another sentence has too stays for it."""
    other = line(well, "A clean well")
    recordings.keep(well, line=line(well), data=sounds.wav(), person="p1")
    recordings.keep(well, line=line(well), data=sounds.mp3(), person="p2")
    assert [name.partition(".")[2] for name in stored(well)] == ["mp3"]
    recordings.keep(well, line=other, data=sounds.mp3(), person="p2")
    recordings.take_back(well, key=line(well).key)
    assert len(stored(well)) == 1
    recordings.take_back(well, key=other.key)
    assert stored(well) == []


def test_recordings_keep_to_their_room(well: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond it one sentence says what to do, and nothing is written."""
    monkeypatch.setattr(recordings, "BYTES_MAX", 1000)
    with pytest.raises(InputWrong, match="as many recordings"):
        recordings.keep(well, line=line(well), data=sounds.wav(), person="p1")
    assert stored(well) == []


def test_a_full_disk_keeps_nothing_half(well: Node) -> None:
    """The folder cannot be made: no record, no file."""
    (well.home / files.RECORDINGS).write_text("in the way", encoding="utf-8")
    with pytest.raises(StorageFull):
        recordings.keep(well, line=line(well), data=sounds.wav(), person="p1")
    assert recordings.spoken(well) == {}


def test_what_a_cut_left_is_cleared_away(well: Node) -> None:
    """A file that no record names goes once nobody can be sending it any more."""
    recordings.keep(well, line=line(well), data=sounds.wav(), person="p1")
    kept, left = stored(well), files.recording_path(well, f"{'ab' * 32}.mp3")
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(sounds.mp3())
    recordings.clear_away(well)
    assert stored(well) == kept


def test_a_record_outlives_making_the_tables_again(well: Node) -> None:
    """The journal tells it."""
    recordings.keep(well, line=line(well), data=sounds.wav(), person="p1")
    before = recordings.spoken(well)
    well.write(lambda: projections.rebuild(well.tables, well.journal.replay()))
    assert recordings.spoken(well) == before


def test_a_backup_brings_the_recordings_back(well: Node, tmp_path: Path, database_url: Callable[[], str]) -> None:
    """Both the record and the sound."""
    kept = recordings.keep(well, line=line(well), data=sounds.wav(), person="p1")
    saved, home = backup.make(well, stick(tmp_path)), tmp_path / "second"
    make_home(home)
    keep(home, {"database": database_url()})
    copy_keys(well.home, home)
    restore(home, saved)
    again = open_node(home, load(home, {}, {}))
    try:
        assert recordings.spoken(again)[kept.key] == kept
        name = files.recorded(again)[kept.key]
        assert files.recording_path(again, name).read_bytes() == sounds.wav()
    finally:
        again.close()


@pytest.mark.parametrize("role", ROLES)
def test_who_may_record(well: Node, cast: Cast, role: str) -> None:
    """Facilitators and librarians; a guest is led to sign in, everybody else gets nothing, and nothing is kept."""
    client, may = cast.client(role), role in ("facilitator", "librarian")
    refused = 303 if role == "outsider" else 403
    for address in ("/sound/", "/sound/of/well.en/", "/sound/of/well.en/about/", PAGE, "/sound/pages/en/"):
        assert client.get(address).status_code == (200 if may else refused), address
    form = {"key": line(well).key, "file": (io.BytesIO(sounds.wav()), "a.wav")}
    answer = client.post(PAGE, data=form)
    assert answer.status_code == (303 if may else 403)
    assert set(recordings.spoken(well)) == ({line(well).key} if may else set())


def test_a_facilitator_records_replaces_and_takes_back(well: Node, cast: Cast) -> None:
    """With the phone's own recorder, by an ordinary form; the list says how each sentence is heard."""
    client, key = cast.client("facilitator"), line(well).key
    assert "no sound yet" in client.get(PAGE).text
    form = client.get(f"{PAGE}?of={key}").text
    assert 'accept="audio/*" capture' in form
    client.post(PAGE, data={"key": key, "file": (io.BytesIO(sounds.wav()), "a.wav")})
    shown = client.get(f"{PAGE}?of={key}").text
    assert "Mr. Otieno" in shown and "Take it back" in shown
    sound = client.get(f"/sound/{line(well).address}")
    assert (sound.mimetype, sound.data) == ("audio/wav", sounds.wav())
    assert "immutable" not in sound.headers["Cache-Control"]
    client.post(PAGE, data={"key": key, "back": "yes"})
    assert client.get(f"/sound/kept/{stored(well)[0]}" if stored(well) else "/sound/kept/x.wav").status_code == 404
    assert recordings.spoken(well) == {}


def test_a_sentence_of_the_learners_pages_is_recorded(well: Node, cast: Cast) -> None:
    """It is heard where the page says it."""
    told = next(each for each in lines.of_pages(well, "en") if each.text == "My garden")
    cast.client("librarian").post("/sound/pages/en/", data={"key": told.key, "file": (io.BytesIO(sounds.ogg()), "a")})
    assert "kept/" in cast.client("learner").get("/").text
    assert cast.client("librarian").get("/sound/pages/qq/").status_code == 404


def test_a_bad_file_is_refused_on_the_page(well: Node, cast: Cast) -> None:
    """The sentence stands at the form; a sentence that is not there, too."""
    client = cast.client("librarian")
    bad = client.post(PAGE, data={"key": line(well).key, "file": (io.BytesIO(b"#!AMR\n"), "a.amr")})
    assert bad.status_code == 400 and "AMR or 3GP" in bad.text
    assert client.post(PAGE, data={"key": "0" * 24}).status_code == 400
    assert client.post(PAGE, data={"key": line(well).key}).status_code == 400
    assert recordings.spoken(well) == {}
