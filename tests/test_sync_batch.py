"""Batches: what the owner signed is read, and nothing that differs from it by a bit."""

import random
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as some

from sync import batch as batches
from sync import give, identity, stream
from sync.batch import Batch
from sync.entry import Entry, encode
from sync.errors import BatchWrong, EntryWrong, SyncError, VersionUnknown
from sync.identity import Identity
from sync.wire import number
from tests.fixtures.sync_hub import BareHub, MakeHub

ROOT = "07" * 16
OWNER = Identity(bytes(32))
SEEDS = {0: b"0" * 16, 1: b"1" * 16}
START = bytes((batches.VERSION, batches.DICTIONARY)) + identity.public_key(OWNER.hub_id) + bytes.fromhex(ROOT)


def signed(raws: list[bytes], first: int = 1, before: bytes = b"") -> Batch:
    """A batch as its owner makes it."""
    rows, running = [], before or stream.origin(ROOT)
    start = running
    for seq, raw in enumerate(raws, first):
        running = stream.step(running, seq, SEEDS[stream.block_of(seq)], raw)
        rows.append((seq, running, raw))
    blocks = {stream.block_of(seq) for seq, _, _ in rows}
    signature = OWNER.sign(stream.head_message(ROOT, rows[-1][0], running))
    return Batch(OWNER.hub_id, ROOT, start, {block: SEEDS[block] for block in blocks}, tuple(rows), signature)


def notes(*texts: bytes) -> list[bytes]:
    """Entries as bytes."""
    return [encode(Entry("note", text, 0)) for text in texts]


def crafted(*, size: int, packed: bytes, count: int = 1, first: int = 1, before: bytes = b"") -> bytes:
    """A batch with a head of our own choice; nobody signed it."""
    head = START + (before or stream.origin(ROOT)) + bytes(64) + number(first) + number(count) + number(size)
    return head + SEEDS[0] + packed


def zipped(body: bytes, **options: Any) -> bytes:
    """Packed as batches are, but for the dictionary."""
    return zstandard.ZstdCompressor(**options).compress(body)


@settings(max_examples=50)
@given(some.lists(some.binary(max_size=50), min_size=1, max_size=20), some.integers(2, 400))
def test_what_was_written_is_read(texts: list[bytes], first: int) -> None:
    """Entries, hashes, seeds and signature come back equal, also across the border of two blocks."""
    batch = signed(notes(*texts), first, b"b" * 32)
    assert batches.read(batches.write(batch)) == batch


@settings(max_examples=300)
@given(some.data())
def test_a_changed_bit_is_noticed(data: some.DataObject) -> None:
    """Wherever the bit is, nothing is read."""
    packed = bytearray(batches.write(signed(notes(b"one", b"two", b"three"))))
    packed[data.draw(some.integers(0, len(packed) - 1))] ^= 1 << data.draw(some.integers(0, 7))
    with pytest.raises(SyncError):
        batches.read(bytes(packed))


def test_each_bit_of_the_packing_is_noticed() -> None:
    """Also the one flag that zstd itself looks over."""
    packed = batches.write(signed(notes(b"one")))
    start = packed.index(zstandard.FRAME_HEADER)
    for place in range(8 * start, 8 * len(packed)):
        changed = bytearray(packed)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(SyncError):
            batches.read(bytes(changed))


def test_a_batch_that_is_cut_anywhere_is_noticed() -> None:
    """Every length but the whole one is refused, and so is one that goes on."""
    packed = batches.write(signed(notes(b"one", b"two")))
    for size in range(len(packed)):
        with pytest.raises(SyncError):
            batches.read(packed[:size])
    with pytest.raises(SyncError):
        batches.read(packed + b"x")


@pytest.mark.parametrize("versions", [(3, 1), (1, 0), (1, 2), (2, 2)])
def test_a_later_form_is_refused_by_name(versions: tuple[int, int]) -> None:
    """An unknown version or dictionary asks for an update."""
    packed = batches.write(signed(notes(b"one")))
    with pytest.raises(VersionUnknown, match="needs an update"):
        batches.read(bytes(versions) + packed[2:])


def test_a_batch_that_is_too_large_is_refused_unread() -> None:
    """The size is looked at first."""
    with pytest.raises(BatchWrong, match="more than"):
        batches.read(bytes(batches.PACKED_BYTES_MAX + 1))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(crafted(size=10, packed=zipped(b"x" * 10), count=0), id="no entries"),
        pytest.param(crafted(size=10, packed=zipped(b"x" * 10), first=0), id="number zero"),
        pytest.param(crafted(size=10, packed=zipped(b"x" * 10), before=b"b" * 32), id="another beginning"),
        pytest.param(crafted(size=9, packed=zipped(b"x" * 10)), id="another size"),
        pytest.param(crafted(size=10, packed=zipped(b"\0" * 4_000_000)), id="a bomb"),
        pytest.param(crafted(size=10, packed=b"x" * 10), id="not packed"),
        pytest.param(crafted(size=10, packed=zipped(b"x" * 10)[:-1]), id="cut"),
        pytest.param(crafted(size=10, packed=zipped(b"x" * 10, write_content_size=False)), id="no size"),
        pytest.param(crafted(size=3, packed=zipped(b"\x05ab")), id="an entry beyond the end"),
        pytest.param(crafted(size=3, packed=zipped(b"\x01ab")), id="bytes after the end"),
    ],
)
def test_a_hostile_batch_is_refused(data: bytes) -> None:
    """Nothing is unpacked that would not fit, and nothing is read past what is there."""
    with pytest.raises(BatchWrong, match="damaged"):
        batches.read(data)


def test_what_is_signed_and_no_entry_is_refused() -> None:
    """A hub can sign nonsense; it is still not taken."""
    with pytest.raises(EntryWrong, match="first line"):
        batches.read(batches.write(signed([b"nonsense"])))


def test_more_than_fits_is_not_written() -> None:
    """A batch that others would refuse is not made."""
    drawn = random.Random(1).randbytes
    with pytest.raises(BatchWrong, match="nothing was sent"):
        batches.write(signed(notes(*(drawn(60_000) for _ in range(10)))))


@pytest.fixture
def hub(make_hub: MakeHub) -> BareHub:
    """A hub with a few large, a few small entries."""
    made = make_hub("giver")
    for _ in range(12):
        made.write(lambda: made.journal.append("region", "note", made.randomness(60_000)))
    return made


def test_a_batch_is_halved_until_it_is_small_enough(hub: BareHub) -> None:
    """Entries that do not pack well go in smaller batches; each is within the limits and goes on from the last."""
    (line,) = hub.journal.streams(audience="region")
    seq, sizes = 0, []
    while seq < line.seq:
        data, seq = give.make(hub.journal, line, seq, 100)
        sizes.append(len(batches.read(data).rows))
        assert len(data) <= batches.PACKED_BYTES_MAX
    assert sum(sizes) == line.seq and max(sizes) < line.seq


def test_a_batch_holds_no_more_than_may_be_unpacked(make_hub: MakeHub) -> None:
    """However well it packs, what it unpacks to is bounded."""
    made = make_hub("giver")
    made.write(lambda: [made.journal.append("region", "note", b"0" * 65_000) for _ in range(80)])
    (line,) = made.journal.streams(audience="region")
    data, _ = give.make(made.journal, line, 0, 100)
    assert sum(len(raw) for _, _, raw in batches.read(data).rows) <= batches.UNPACKED_BYTES_MAX
