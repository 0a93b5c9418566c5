"""Photos without their notes: where, when and with what is gone; the picture itself and how it was held stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import bare, picture
from tests.fixtures import photos

KINDS = ("JPEG", "PNG", "WEBP")
ORIENTATION = 0x0112
BEHIND = photos.photo(32, 24)
"""What phones hang behind a photo: a smaller one, with the same notes."""


@pytest.mark.parametrize("kind", KINDS)
def test_notes_go_and_the_picture_stays(kind: str) -> None:
    """Pixel by pixel; nothing of where it was taken is in the bytes."""
    taken = photos.photo(64, 48, kind=kind)
    assert photos.PLACE_WORDS in taken
    ending, plain = bare.picture(taken + BEHIND)
    assert photos.PLACE_WORDS not in plain and photos.opened(plain).tobytes() == photos.opened(taken).tobytes()
    assert (ending, dict(photos.opened(plain).getexif())) == ({"JPEG": "jpg"}.get(kind, kind.lower()), {})
    assert bare.picture(plain) == (ending, plain)


def test_how_a_camera_was_held_is_kept() -> None:
    """A photo that stands upright by its notes does so still."""
    taken = photos.photo(64, 48, turned=True)
    _ending, plain = bare.picture(taken)
    assert dict(photos.opened(plain).getexif()) == {ORIENTATION: photos.TURNED}
    assert picture.size(plain) == picture.size(taken) == (48, 64)


def test_a_moving_picture_stays_as_it_is() -> None:
    """A GIF has no notes that cameras write."""
    moving = photos.moving(16, 16)
    assert bare.picture(moving) == ("gif", moving)


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"\xff\xd8\xff", b"%PDF", b"<svg viewBox='0 0 8 8'/>", b"RIFF----WEBP"]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    """By its bytes."""
    with pytest.raises(bare.NoPicture):
        bare.picture(data)


@given(st.sampled_from(KINDS), st.data())
def test_a_torn_picture_is_taken_or_refused(kind: str, data: st.DataObject) -> None:
    """Nothing that a phone sends does more than that, and what is taken says nothing of where."""
    whole = bytearray(photos.photo(24, 16, kind=kind))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] = data.draw(st.integers(0, 255))
    torn = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    try:
        bare.picture(torn)
    except bare.NoPicture:
        assert torn != photos.photo(24, 16, kind=kind)
