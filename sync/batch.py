"""A batch: entries of one stream from a number on, as bytes that any carrier can take, with their owner's signature.

    version 1 · dictionary 1 · hub 32 · stream 16 · running hash before 32 · signature 64
    first number · count · size unpacked (numbers of varying length) · 16 for each block of 256 · zstd

Unpacked are the lengths of all entries, then their bytes. The reader computes the running hash over all of it, and the
owner's signature must fit the result: a changed, missing or added bit is noticed, whoever carried the batch.

Version 2 is written only where an entry of a block was erased, so that its seed is gone. In place of the seed of each
block it has

    0 · seed 16                                          of a block that has its seed
    1 · and for each entry of the batch in the block
        0 · salt 32                                      of an entry that is here
        1 · hash of salt and entry 32 · signature 64     of an erased one, whose length is 0

An erased entry is believed only with its owner's signature that says so: nobody who carries a batch can empty it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import zstandard

from sync import entry, identity, stream, words
from sync.entry import ENTRY_BYTES_MAX
from sync.errors import BatchWrong, MessageWrong, VersionUnknown
from sync.stream import Row
from sync.wire import Reader, number

VERSION, MARKED = 1, 2
DICTIONARY = words.WIRE
PACKED_BYTES_MAX = 512 * 1024
UNPACKED_BYTES_MAX = 4 * 1024 * 1024
ENTRIES_MAX = 1000
LEVEL = 12
"""Of zstd: 40 microseconds a record; the levels above take twenty times as long and save a tenth."""
WINDOW_BYTES_MAX = 8 * 1024 * 1024
FLAGS_AT, UNUSED_FLAG = 4, 0x10
"""The flag in the fifth byte of what zstd packs that no reader looks at, and writers leave out."""


@dataclass(frozen=True)
class Batch:
    """Entries of one stream that its owner vouches for. `read` has checked every bit of it.

    Blocks that are not in `seeds` have `marks` of their entries, by number; `erased` has the owner's signature for
    each that was erased, whose bytes are empty.
    """

    hub: str
    root: str
    before: bytes
    seeds: dict[int, bytes]
    rows: tuple[Row, ...]
    signature: bytes
    marks: dict[int, bytes] = field(default_factory=dict)
    erased: dict[int, bytes] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """The number of the first entry."""
        return self.rows[0][0]

    @property
    def last(self) -> int:
        """The number of the last entry, whose running hash is signed."""
        return self.rows[-1][0]


def write(batch: Batch) -> bytes:
    """The bytes of a batch. Raises BatchWrong when they are more than one may have."""
    raws = [raw for _, _, raw in batch.rows]
    body = b"".join(number(len(raw)) for raw in raws) + b"".join(raws)
    known = words.dictionary(DICTIONARY)
    packed = zstandard.ZstdCompressor(level=LEVEL, dict_data=known, write_dict_id=False).compress(body)
    head = [
        bytes((MARKED if batch.marks else VERSION, DICTIONARY))
        + identity.public_key(batch.hub)
        + bytes.fromhex(batch.root),
        batch.before + batch.signature,
        number(batch.first) + number(len(raws)) + number(len(body)),
        *(_salts(batch) if batch.marks else (batch.seeds[block] for block in sorted(batch.seeds))),
    ]
    data = b"".join(head) + packed
    if len(data) > PACKED_BYTES_MAX or len(body) > UNPACKED_BYTES_MAX:
        raise BatchWrong("The records are too large to go in one batch; nothing was sent.")
    return data


def read(data: bytes) -> Batch:
    """Read and check a batch. Raises BatchWrong, EntryWrong, SignatureWrong or MessageWrong."""
    if len(data) > PACKED_BYTES_MAX:
        raise BatchWrong(f"A batch of {len(data)} bytes is more than the {PACKED_BYTES_MAX} that may come at once.")
    reader = Reader(data)
    version, dictionary = _known(reader.take(2))
    hub, root = identity.hub_name(reader.take(identity.KEY_BYTES)), reader.take(stream.STREAM_BYTES).hex()
    before, signature = reader.take(stream.HASH_BYTES), reader.take(identity.SIGNATURE_BYTES)
    first, count, size = reader.number(stream.SEQ_MAX), reader.number(ENTRIES_MAX), reader.number(UNPACKED_BYTES_MAX)
    if not first or not count or (first == 1 and before != stream.origin(root)):
        raise _wrong()
    blocks = range(stream.block_of(first), stream.block_of(first + count - 1) + 1)
    if version == VERSION:
        salts = _Salts({block: reader.take(stream.SEED_BYTES) for block in blocks}, {}, {})
    else:
        salts = _read_salts(reader, first, count)
    raws = _split(_inflate(reader.rest(), size, dictionary), count)
    rows = stream.chain(first, before, salts.seeds, raws, salts.marks)
    last, head, _ = rows[-1]
    stream.verify_head(hub, root, last, head, signature)
    _check(hub, root, rows, salts.erased)
    return Batch(hub, root, before, salts.seeds, rows, signature, salts.marks, salts.erased)


def root_of(data: bytes) -> str:
    """The stream that a batch says that it is of; nothing of it is checked. Raises MessageWrong."""
    reader = Reader(data)
    reader.take(2 + identity.KEY_BYTES)
    return reader.take(stream.STREAM_BYTES).hex()


def unpacked_bytes(data: bytes) -> int:
    """How large a batch says that it will be, unpacked; `read` holds it to that. Raises MessageWrong."""
    reader = Reader(data)
    reader.take(2 + identity.KEY_BYTES + stream.STREAM_BYTES + stream.HASH_BYTES + identity.SIGNATURE_BYTES)
    reader.number(stream.SEQ_MAX)
    reader.number(ENTRIES_MAX)
    return reader.number(UNPACKED_BYTES_MAX)


def _check(hub: str, root: str, rows: Sequence[Row], erased: dict[int, bytes]) -> None:
    """Raises EntryWrong or SignatureWrong unless each is an entry, or one that its owner had erased."""
    for seq, running, raw in rows:
        if seq not in erased:
            entry.decode(raw)
            continue
        identity.verify(hub, stream.erased_message(root, seq, running), erased[seq])
        if raw:
            raise _wrong()


def _salts(batch: Batch) -> list[bytes]:
    """Of each block its seed, or what its entries have in its place."""
    parts = []
    for block in range(stream.block_of(batch.first), stream.block_of(batch.last) + 1):
        seed = batch.seeds.get(block)
        parts.append(b"\1" if seed is None else b"\0" + seed)
        for seq, _, _ in batch.rows if seed is None else ():
            if stream.block_of(seq) == block:
                signature = batch.erased.get(seq)
                parts.append(b"\0" + batch.marks[seq] if signature is None else b"\1" + batch.marks[seq] + signature)
    return parts


@dataclass(frozen=True)
class _Salts:
    """What the running hashes of a batch are computed with."""

    seeds: dict[int, bytes]
    marks: dict[int, bytes]
    erased: dict[int, bytes]


def _read_salts(reader: Reader, first: int, count: int) -> _Salts:
    """The same from a batch of version 2. Raises BatchWrong when it could have been one of version 1."""
    found, seq, end = _Salts({}, {}, {}), first, first + count
    while seq < end:
        block, is_marked = stream.block_of(seq), reader.number(1)
        after = min(end, (block + 1) * stream.BLOCK + 1)
        if not is_marked:
            found.seeds[block] = reader.take(stream.SEED_BYTES)
        for each in range(seq, after) if is_marked else ():
            is_erased = reader.number(1)
            found.marks[each] = reader.take(stream.HASH_BYTES)
            if is_erased:
                found.erased[each] = reader.take(identity.SIGNATURE_BYTES)
        seq = after
    if not found.marks:
        raise _wrong()
    return found


def _known(versions: bytes) -> tuple[int, zstandard.ZstdCompressionDict]:
    """The version of a batch and the dictionary that it was packed with."""
    version, dictionary = versions
    if version not in (VERSION, MARKED) or not 1 <= dictionary <= DICTIONARY:
        raise VersionUnknown(
            "The batch was written by a newer version of the program. Nothing was taken; this hub needs an update."
        )
    return version, words.dictionary(dictionary)


def _inflate(packed: bytes, size: int, dictionary: zstandard.ZstdCompressionDict) -> bytes:
    """Unpack, having looked first at how large it will be."""
    try:
        if zstandard.get_frame_parameters(packed).content_size != size or packed[FLAGS_AT] & UNUSED_FLAG:
            raise _wrong()
        opener = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=WINDOW_BYTES_MAX)
        body = opener.decompress(packed, max_output_size=size, allow_extra_data=False)
    except zstandard.ZstdError:
        raise _wrong() from None
    return body


def _split(body: bytes, count: int) -> list[bytes]:
    reader = Reader(body)
    try:
        sizes = [reader.number(ENTRY_BYTES_MAX) for _ in range(count)]
        raws = [reader.take(size) for size in sizes]
        reader.end()
    except MessageWrong:
        raise _wrong() from None
    return raws


def _wrong() -> BatchWrong:
    return BatchWrong("The batch is damaged; nothing of it was taken. Send it again.")
