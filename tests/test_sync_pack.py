"""Packing: a run of entries becomes one small row, and comes back bit for bit or not at all."""

import hashlib
import json
import os
import struct
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import runs, stream, words
from sync.entry import ENTRY_BYTES_MAX, Entry, encode
from sync.errors import JournalDamaged
from sync.stream import Row

NAME = "ab" * 16
BEFORE, SEED = b"\1" * 32, b"\2" * 16
VECTORS = Path(__file__).parent / "golden" / "journal-1.json"
DICTIONARIES = {  # number → the beginning of its SHA-256
    1: "df2ea7182bae86e6",
    2: "c9898dfb3abe741f",
}


def _rows(raws: list[bytes], first: int = 1) -> list[Row]:
    return list(stream.chain(first, BEFORE, {stream.block_of(first): SEED}, raws))


def _statements(count: int) -> list[bytes]:
    said = '{"raw":{"verb":{"id":"http://adlnet.gov/expapi/verbs/answered"},"result":{"response":"%d"}}}'
    return [encode(Entry("statement", (said % number).encode(), 1_764_000_000_000 + number)) for number in range(count)]


def _unpacked(kept: list[Row]) -> list[Row]:
    return [row for last, _, packed in kept for row in runs.unpack(packed, NAME, last).rows()]


@settings(max_examples=40)
@given(st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=runs.LENGTH), st.integers(0, 2**40))
def test_what_is_packed_comes_back(raws: list[bytes], number: int) -> None:
    """Any bytes, any number of them, wherever in a stream: with the same hashes, in one row that says so."""
    rows = _rows(raws, first=number * runs.LENGTH + 1)
    kept = runs.pack(BEFORE, SEED, rows)
    assert _unpacked(kept) == rows
    assert [row[:2] for row in kept] == [rows[-1][:2]]
    assert runs.is_packed(kept[0][2]) and not any(runs.is_packed(raw) for raw in _statements(1))


def test_one_entry_can_be_read_out_of_a_run() -> None:
    """By its number, the first and the last too."""
    raws = _statements(runs.LENGTH)
    ((last, _, packed),) = runs.pack(BEFORE, SEED, _rows(raws))
    run = runs.unpack(packed, NAME, last)
    assert [run.raw(seq) for seq in range(1, runs.LENGTH + 1)] == raws


def test_a_run_of_statements_is_small() -> None:
    """A tenth of what came, and the dictionary is a good part of it: without one the same takes more."""
    raws = _statements(runs.LENGTH)
    ((_, _, packed),) = runs.pack(BEFORE, SEED, _rows(raws))
    bare = zstandard.ZstdCompressor(level=19).compress(b"".join(raws))
    assert len(packed) < sum(map(len, raws)) / 10
    assert len(packed) < len(bare) + len(BEFORE + SEED) + 100


def test_large_entries_are_cut_to_pieces() -> None:
    """No row unpacks to more than its bound, and the pieces hang together by their hashes."""
    raws = [os.urandom(ENTRY_BYTES_MAX) for _ in range(5)]
    kept = runs.pack(BEFORE, SEED, _rows(raws))
    assert [last for last, _, _ in kept] == [2, 4, 5]
    assert _unpacked(kept) == _rows(raws)
    sizes = [zstandard.get_frame_parameters(packed[2:]).content_size for _, _, packed in kept]
    assert max(sizes) <= runs.UNPACKED_BYTES_MAX


@pytest.fixture(scope="module")
def packed() -> bytes:
    """A whole run as its row keeps it."""
    ((_, _, packed),) = runs.pack(BEFORE, SEED, _rows(_statements(runs.LENGTH)))
    return packed


def test_no_changed_bit_gives_another_entry(packed: bytes) -> None:
    """Wherever a bit turns, the row is named as damage; or it was one that says nothing, and nothing is different."""
    whole = runs.unpack(packed, NAME, runs.LENGTH)
    unnoticed = 0
    for at in range(8 * len(packed)):
        spoilt = bytearray(packed)
        spoilt[at // 8] ^= 1 << at % 8
        try:
            assert runs.unpack(bytes(spoilt), NAME, runs.LENGTH) == whole
            unnoticed += 1
        except JournalDamaged:
            continue
    assert unnoticed < len(packed) / 2, "bits of a frame that say nothing are few"


@pytest.mark.parametrize("end", [0, 1, 2, 5, 40, -1])
def test_a_row_that_is_cut_off_is_damage(packed: bytes, end: int) -> None:
    """However little of it is left; the sentence says where, that nothing was changed, and what to do."""
    with pytest.raises(JournalDamaged, match=r"Entry 64 of the stream abababab.*Nothing was changed.*mangrove restore"):
        runs.unpack(packed[:end], NAME, runs.LENGTH)


def test_a_row_in_another_place_is_damage(packed: bytes) -> None:
    """A run says which entries it holds."""
    with pytest.raises(JournalDamaged):
        runs.unpack(packed, NAME, 2 * runs.LENGTH)


def _framed(body: bytes) -> bytes:
    dictionary = words.OF_JOURNAL[-1]
    packer = zstandard.ZstdCompressor(dict_data=words.dictionary(dictionary), write_dict_id=False)
    return bytes((runs.FORMAT, dictionary)) + packer.compress(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"short",
        struct.pack("<32s16sQH", BEFORE, SEED, 1, 0),
        struct.pack("<32s16sQH", BEFORE, SEED, 1, runs.LENGTH) + b"\0\0",
        struct.pack("<32s16sQH2H", BEFORE, SEED, runs.LENGTH - 1, 2, 0, 9) + b"ab",
        struct.pack("<32s16sQHH", BEFORE, SEED, runs.LENGTH, 1, 0) + b"ab",
    ],
    ids=["nothing", "cut head", "no entry", "cut lengths", "cut entries", "more than entries"],
)
def test_what_is_no_run_inside_is_damage(body: bytes) -> None:
    """A frame that unpacks, of something else."""
    with pytest.raises(JournalDamaged):
        runs.unpack(_framed(body), NAME, runs.LENGTH)


@pytest.mark.parametrize("says_so", [True, False], ids=["says its size", "hides its size"])
def test_nothing_large_is_unpacked(says_so: bool) -> None:
    """A few bytes that would become a gigabyte are refused by what they claim, or stop at the bound."""
    packer = zstandard.ZstdCompressor().compressobj(size=runs.UNPACKED_BYTES_MAX + 1 if says_so else -1)
    bomb = packer.compress(bytes(runs.UNPACKED_BYTES_MAX + 1)) + packer.flush()
    assert len(bomb) < 1000
    with pytest.raises(JournalDamaged):
        runs.unpack(bytes((runs.FORMAT, words.OF_JOURNAL[-1])) + bomb, NAME, runs.LENGTH)


@pytest.mark.parametrize("start", [(runs.FORMAT + 1, words.OF_JOURNAL[-1]), (runs.FORMAT, 250)])
def test_an_unknown_form_or_dictionary_is_not_guessed_at(packed: bytes, start: tuple[int, int]) -> None:
    """It is not read as if it were a known one."""
    with pytest.raises(JournalDamaged):
        runs.unpack(bytes(start) + packed[2:], NAME, runs.LENGTH)


def test_rows_of_the_first_form_are_read_for_ever() -> None:
    """Golden bytes: they lie in homes, and every later program reads them. The file is never edited."""
    golden = json.loads(VECTORS.read_text())
    run = runs.unpack(bytes.fromhex(golden["kept"]), NAME, golden["last"])
    assert [raw.decode() for _, _, raw in run.rows()] == golden["entries"]
    assert run.rows()[-1][1].hex() == golden["hash"]


@pytest.mark.parametrize("number", DICTIONARIES)
def test_a_dictionary_is_never_edited(number: int) -> None:
    """What was packed with it could not be unpacked any more."""
    assert hashlib.sha256(words.text(number)).hexdigest()[:16] == DICTIONARIES[number]
