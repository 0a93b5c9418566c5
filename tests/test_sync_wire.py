"""Fields of messages: read back as written, and refused when they are not there."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sync.errors import MessageWrong
from sync.wire import Reader, number


@given(some.integers(0, 2**53))
def test_a_number_is_read_back(value: int) -> None:
    """In at most eight bytes, and small ones in one."""
    packed = number(value)
    assert Reader(packed).number(2**53) == value
    assert len(packed) <= 8 and (value > 127 or len(packed) == 1)


@pytest.mark.parametrize("data", [b"", b"\x80", b"\x80\x00", b"\x65", b"\xff" * 9])
def test_a_number_that_is_cut_padded_or_too_large_is_refused(data: bytes) -> None:
    """Each number has one form, and a limit."""
    with pytest.raises(MessageWrong, match="Send it again"):
        Reader(data).number(100)


def test_a_field_that_is_cut_off_is_refused() -> None:
    """Fewer bytes than asked for are none."""
    with pytest.raises(MessageWrong, match="cut off"):
        Reader(b"abc").take(4)


def test_a_message_that_goes_on_is_refused() -> None:
    """What is left unread is not passed over."""
    reader = Reader(b"abc")
    reader.take(2)
    with pytest.raises(MessageWrong, match="not one of ours"):
        reader.end()
    assert reader.rest() == b"c"
    reader.end()
