"""Streams: the running hash binds entries, numbers, salts and the stream's name; the first entry says whose it is."""

import json
from typing import Any

import pytest

from sync import stream
from sync.entry import Entry
from sync.errors import EntryWrong, SignatureWrong
from sync.identity import Identity
from sync.stream import Opening

NAME, OTHER = "00" * 16, "01" * 16
SEED = bytes(16)


def test_every_part_changes_the_running_hash() -> None:
    """What came before, the number, the seed and the bytes: none can be exchanged for another."""
    start = stream.origin(NAME)
    hashes = {
        stream.step(start, 1, SEED, b"x"),
        stream.step(stream.origin(OTHER), 1, SEED, b"x"),
        stream.step(start, 2, SEED, b"x"),
        stream.step(start, 1, b"1" * 16, b"x"),
        stream.step(start, 1, SEED, b"y"),
    }
    assert len(hashes) == 5


@pytest.mark.parametrize(("seq", "block"), [(1, 0), (256, 0), (257, 1), (512, 1), (513, 2)])
def test_a_block_has_256_entries(seq: int, block: int) -> None:
    """Numbers begin at one."""
    assert stream.block_of(seq) == block


def test_a_signed_head_is_good_for_one_place_only() -> None:
    """The same signature does not vouch for another number."""
    own = Identity(bytes(32))
    signature = own.sign(stream.head_message(NAME, 3, SEED * 2))
    stream.verify_head(own.hub_id, NAME, 3, SEED * 2, signature)
    with pytest.raises(SignatureWrong):
        stream.verify_head(own.hub_id, NAME, 4, SEED * 2, signature)


def test_the_first_entry_says_whose_stream_it_is() -> None:
    """What was written is read back."""
    opening = Opening("hub", "pair:" + "a" * 52, 2, "before", "restored")
    assert stream.read_opening(Entry(stream.OPEN, stream.opening_payload(opening), 0)) == opening


GOOD: dict[str, Any] = vars(Opening("hub", "region", 1))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        json.dumps({"hub": "x"}).encode(),
        json.dumps({**GOOD, "audience": "Region"}).encode(),
        json.dumps({**GOOD, "audience": 5}).encode(),
        json.dumps({**GOOD, "incarnation": 0}).encode(),
        json.dumps({**GOOD, "incarnation": True}).encode(),
        json.dumps({**GOOD, "incarnation": 2**31}).encode(),
        json.dumps({**GOOD, "reason": "x" * 201}).encode(),
    ],
)
def test_a_stream_that_does_not_say_whose_it_is_is_refused(payload: bytes) -> None:
    """Every part is looked at once, here."""
    with pytest.raises(EntryWrong, match="whose it is"):
        stream.read_opening(Entry(stream.OPEN, payload, 0))


def test_another_kind_opens_no_stream() -> None:
    """The first entry must be of the kind for it."""
    with pytest.raises(EntryWrong, match="whose it is"):
        stream.read_opening(Entry("note", stream.opening_payload(Opening("hub", "region", 1)), 0))
