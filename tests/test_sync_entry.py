"""Entries: their bytes are read back as they were written, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sync.entry import ENTRY_BYTES_MAX, TIME_MAX_MS, TIME_MIN_MS, Entry, decode, encode
from sync.errors import EntryWrong

ENTRIES = some.builds(
    Entry,
    kind=some.from_regex(r"[a-z][a-z0-9.-]{0,39}", fullmatch=True),
    payload=some.binary(max_size=300),
    at_ms=some.integers(TIME_MIN_MS, TIME_MAX_MS),
    depth=some.integers(0, 999_999_999),
    version=some.integers(0, 9999),
    quality=some.integers(0, 3),
    boot_id=some.from_regex(r"[0-9a-z]{0,32}", fullmatch=True),
    mono_ms=some.integers(0, 10**15 - 1),
)


@given(ENTRIES)
def test_what_was_written_is_read(entry: Entry) -> None:
    """Every entry that can be written comes back equal."""
    assert decode(encode(entry)) == entry


def test_the_first_line_can_be_read_by_a_person() -> None:
    """The bytes are text: one line of words, then the payload."""
    entry = Entry("note", b"{}", 1_764_000_000_000, depth=3, quality=2, boot_id="abc", mono_ms=5)
    assert encode(entry) == b"note 1 1764000000000 3 2 abc 5\n{}"


def test_a_later_program_may_add_words_to_the_first_line() -> None:
    """Words after those that are known are passed over."""
    assert decode(b"note 1 0 0 0 - 0 and more\nhello") == Entry("note", b"hello", 0)


@pytest.mark.parametrize(
    "entry",
    [
        Entry("", b"", 0),
        Entry("Note", b"", 0),
        Entry("a b", b"", 0),
        Entry("n" * 41, b"", 0),
        Entry("note", b"", 0, depth=-1),
        Entry("note", b"", 0, quality=4),
        Entry("note", b"", 0, boot_id="a b"),
        Entry("note", b"", 0, mono_ms=-1),
        Entry("note", b"", TIME_MAX_MS + 1),
        Entry("note", b"", TIME_MIN_MS - 1),
        Entry("note", b"x" * ENTRY_BYTES_MAX, 0),
    ],
)
def test_what_could_not_be_read_back_is_not_written(entry: Entry) -> None:
    """A kind, time or size that is not allowed is refused before it is kept."""
    with pytest.raises(EntryWrong, match="not kept"):
        encode(entry)


@given(some.binary(max_size=100))
def test_bytes_from_anywhere_are_an_entry_or_are_refused(raw: bytes) -> None:
    """Nothing but EntryWrong comes out of bytes that are no entry."""
    try:
        decode(raw)
    except EntryWrong:
        return
    assert b"\n" in raw
