"""Drafts: every change is kept at once, parts move, and what is taken out can be brought back."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hub.care import backup
from hub.care.restore import restore
from hub.config import keep, load
from hub.errors import InputWrong, NotFound, StorageFull
from hub.node import Node, make_home, open_node
from hub.writing import checks, drafts, media, parts
from hub.writing.parts import Choice, Part
from tests.fixtures import photos, sounds, writing
from tests.fixtures.care import copy_keys, stick

LONG = "x" * 7000


def texts(draft: drafts.Draft) -> list[str]:
    """What stands in the lesson, in order."""
    return [each.text for each in draft.body.lesson]


def three(node: Node) -> drafts.Draft:
    """A draft with three headings."""
    made = writing.begun(node)
    for text in ("one", "two", "three"):
        made = drafts.add(node, made.id, part=Part("", "heading", text))
    return made


def test_what_was_kept_is_read_back(node: Node) -> None:
    """Everything that was typed, and the ids of parts are all unlike."""
    made = writing.written(node)
    assert drafts.draft(node, made.id) == made
    assert parts.load(parts.dump(made.body)) == made.body
    assert len({each.id for each in made.body.parts}) == len(made.body.parts) == 7


def test_parts_move_among_their_own(node: Node) -> None:
    """Up, down, and not beyond the ends; questions have a row of their own."""
    made = three(node)
    drafts.add(node, made.id, part=writing.NUMBER)
    last = made.body.lesson[2].id
    assert texts(drafts.move(node, made.id, part_id=last, is_up=True)) == ["one", "three", "two"]
    assert texts(drafts.move(node, made.id, part_id=last, is_up=True)) == ["three", "one", "two"]
    assert texts(drafts.move(node, made.id, part_id=last, is_up=True)) == ["three", "one", "two"]
    assert texts(drafts.move(node, made.id, part_id=last, is_up=False)) == ["one", "three", "two"]


def test_a_part_keeps_its_place_when_it_is_changed(node: Node) -> None:
    """And its id."""
    made = three(node)
    second = made.body.lesson[1]
    changed = drafts.alter(node, made.id, part=replace(second, text="zwei"))
    assert (texts(changed), changed.body.lesson[1].id) == (["one", "zwei", "three"], second.id)


def test_what_was_taken_out_comes_back_where_it_stood(node: Node) -> None:
    """Once; then there is nothing to bring back."""
    made = three(node)
    second = made.body.lesson[1].id
    assert texts(drafts.remove(node, made.id, part_id=second)) == ["one", "three"]
    assert texts(drafts.bring_back(node, made.id, part_id=second)) == ["one", "two", "three"]
    with pytest.raises(NotFound):
        drafts.bring_back(node, made.id, part_id=second)


def test_own_drafts_come_first(node: Node) -> None:
    """Then those of others."""
    others, own = writing.begun(node, person="p2"), writing.begun(node)
    assert [each.id for each in drafts.drafts(node, person="p1")] == [own.id, others.id]
    drafts.forget(node, own.id)
    with pytest.raises(NotFound):
        drafts.draft(node, own.id)


@pytest.mark.parametrize(
    ("part", "why"),
    [
        (Part("", "text", " \r\n "), "no words yet"),
        (Part("", "text", LONG), "7000 letters"),
        (Part("", "heading", LONG), "at most 300"),
        (Part("", "picture", "Hands"), "No file was chosen"),
        (Part("", "link", "More"), "Nothing was chosen"),
        (replace(writing.CHOOSE, choices=writing.CHOOSE.choices[:1]), "2 to 6 answers"),
        (replace(writing.CHOOSE, choices=(Choice("a", "A", is_right=True), Choice("b", "A"))), "2 to 6 answers"),
        (replace(writing.CHOOSE, choices=(Choice("a", "A"), Choice("b", "B"))), "No answer is marked"),
        (replace(writing.NUMBER, answers=("many",)), "a plain number"),
        (replace(writing.NUMBER, answers=()), "a plain number"),
        (replace(writing.NUMBER, tolerance=-1.0), "How far off"),
        (replace(writing.WORDS, answers=("?",)), "right answer is missing"),
        (replace(writing.WORDS, answers=tuple("abcdefghi")), "at most 8"),
        (replace(writing.WORDS, hint=LONG), "7000 letters"),
    ],
)
def test_what_cannot_be_taken_is_said_in_a_sentence(node: Node, part: Part, why: str) -> None:
    """What happened, what is safe, what to do; and the draft stays as it was."""
    made = writing.begun(node)
    with pytest.raises(InputWrong, match=why) as refused:
        drafts.add(node, made.id, part=part)
    assert "Nothing was changed" in str(refused.value)
    assert drafts.draft(node, made.id) == made


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"title": " "}, "A title"),
        ({"title": LONG}, "A title"),
        ({"language": "x y"}, "short code"),
        ({"level": "9"}, "levels"),
    ],
)
def test_a_description_is_checked(node: Node, change: dict[str, str], why: str) -> None:
    """At the beginning and later."""
    with pytest.raises(InputWrong, match=why):
        writing.begun(node, about=replace(writing.ABOUT, **change))
    made = writing.begun(node)
    with pytest.raises(InputWrong, match=why):
        drafts.describe(node, made.id, about=replace(writing.ABOUT, **change))
    assert drafts.draft(node, made.id) == made


def test_a_draft_has_its_limits(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many parts, so many drafts."""
    monkeypatch.setattr(checks, "PARTS_MAX", 3)
    monkeypatch.setattr(drafts, "DRAFTS_MAX", 1)
    made = three(node)
    with pytest.raises(InputWrong, match="as long as one can be"):
        drafts.add(node, made.id, part=Part("", "heading", "four"))
    with pytest.raises(InputWrong, match="1 drafts"):
        writing.begun(node)
    assert texts(drafts.draft(node, made.id)) == ["one", "two", "three"]


def test_a_photo_is_kept_without_where_it_was_taken(node: Node) -> None:
    """Once, however often it is sent, and what phones hang behind it stays away."""
    name = media.keep_picture(node, photos.photo(64, 48) + b"more of " + photos.PLACE_WORDS)
    assert media.keep_picture(node, photos.photo(64, 48)) == name
    kept = media.path(node, name).read_bytes()
    assert photos.PLACE_WORDS not in kept
    assert photos.opened(kept).size == (64, 48) and not photos.opened(kept).getexif()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", photos.photo(64, 48)[:300], b"<svg viewBox='0 0 8 8'/>"])
def test_what_is_no_picture_is_refused(node: Node, data: bytes) -> None:
    """By what it is, not by its name."""
    with pytest.raises(InputWrong, match="no picture"):
        media.keep_picture(node, data)
    with pytest.raises(InputWrong, match="no recording"):
        media.keep_sound(node, data or b"x")


def test_pictures_and_sounds_keep_to_their_room(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them, and all of them."""
    with pytest.raises(InputWrong, match="longer than 10 minutes"):
        media.keep_sound(node, sounds.m4a(601))
    monkeypatch.setattr(media, "SOUND_BYTES_MAX", 100)
    with pytest.raises(InputWrong, match="more than"):
        media.keep_sound(node, sounds.wav())
    monkeypatch.setattr(media, "STORE", replace(media.STORE, bytes_max=100))
    with pytest.raises(InputWrong, match="All drafts together"):
        media.keep_picture(node, photos.photo(64, 48))


def test_a_disk_that_takes_no_more_keeps_nothing_half(node: Node) -> None:
    """The folder cannot be made: no file."""
    (node.home / media.FOLDER).write_text("in the way", encoding="utf-8")
    with pytest.raises(StorageFull):
        media.keep_picture(node, photos.photo(64, 48))


def test_what_nobody_names_is_cleared_away(node: Node) -> None:
    """A picture that was taken out stays as long as it can be brought back; a lost upload goes."""
    made = writing.written(node)
    picture = next(each for each in made.body.lesson if each.kind == "picture")
    drafts.remove(node, made.id, part_id=picture.id)
    left = media.keep_picture(node, photos.photo(60, 40))
    media.clear_away(node, old_ms=0)
    assert media.path(node, picture.file).exists() and not media.path(node, left).exists()
    drafts.forget(node, made.id)
    media.clear_away(node, old_ms=0)
    assert not list((node.home / media.FOLDER).glob("*/*"))


def test_a_backup_brings_drafts_back(node: Node, tmp_path: Path, database_url: Callable[[], str]) -> None:
    """What was typed, and the pictures and sounds."""
    made = writing.written(node)
    saved, home = backup.make(node, stick(tmp_path)), tmp_path / "second"
    make_home(home)
    keep(home, {"database": database_url()})
    copy_keys(node.home, home)
    restore(home, saved)
    again = open_node(home, load(home, {}, {}))
    try:
        assert drafts.draft(again, made.id) == made
        for name in made.body.files:
            assert media.path(again, name).read_bytes() == media.path(node, name).read_bytes()
    finally:
        again.close()
