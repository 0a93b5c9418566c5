"""A batch: entries of one stream from a number on, as bytes that any carrier can take, with their owner's signature.

    version 1 · dictionary 1 · hub 32 · stream 16 · running hash before 32 · signature 64
    first number · count · size unpacked (numbers of varying length) · 16 for each block of 256 · zstd

Unpacked are the lengths of all entries, then their bytes. The reader computes the running hash over all of it, and the
owner's signature must fit the result: a changed, missing or added bit is noticed, whoever carried the batch.
"""

from dataclasses import dataclass

import zstandard

from sync import entry, identity, stream, words
from sync.entry import ENTRY_BYTES_MAX
from sync.errors import BatchWrong, MessageWrong, VersionUnknown
from sync.stream import Row
from sync.wire import Reader, number

VERSION = 1
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
    """Entries of one stream that its owner vouches for. `read` has checked every bit of it."""

    hub: str
    root: str
    before: bytes
    seeds: dict[int, bytes]
    rows: tuple[Row, ...]
    signature: bytes

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
        bytes((VERSION, DICTIONARY)) + identity.public_key(batch.hub) + bytes.fromhex(batch.root),
        batch.before + batch.signature,
        number(batch.first) + number(len(raws)) + number(len(body)),
        *(batch.seeds[block] for block in sorted(batch.seeds)),
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
    dictionary = _known(reader.take(2))
    hub, root = identity.hub_name(reader.take(identity.KEY_BYTES)), reader.take(stream.STREAM_BYTES).hex()
    before, signature = reader.take(stream.HASH_BYTES), reader.take(identity.SIGNATURE_BYTES)
    first, count, size = reader.number(stream.SEQ_MAX), reader.number(ENTRIES_MAX), reader.number(UNPACKED_BYTES_MAX)
    if not first or not count or (first == 1 and before != stream.origin(root)):
        raise _wrong()
    blocks = range(stream.block_of(first), stream.block_of(first + count - 1) + 1)
    seeds = {block: reader.take(stream.SEED_BYTES) for block in blocks}
    raws = _split(_inflate(reader.rest(), size, dictionary), count)
    rows = stream.chain(first, before, seeds, raws)
    last, head, _ = rows[-1]
    stream.verify_head(hub, root, last, head, signature)
    for raw in raws:
        entry.decode(raw)
    return Batch(hub, root, before, seeds, rows, signature)


def unpacked_bytes(data: bytes) -> int:
    """How large a batch says that it will be, unpacked; `read` holds it to that. Raises MessageWrong."""
    reader = Reader(data)
    reader.take(2 + identity.KEY_BYTES + stream.STREAM_BYTES + stream.HASH_BYTES + identity.SIGNATURE_BYTES)
    reader.number(stream.SEQ_MAX)
    reader.number(ENTRIES_MAX)
    return reader.number(UNPACKED_BYTES_MAX)


def _known(versions: bytes) -> zstandard.ZstdCompressionDict:
    """The dictionary that a batch was packed with."""
    version, dictionary = versions
    if version != VERSION or not 1 <= dictionary <= DICTIONARY:
        raise VersionUnknown(
            "The batch was written by a newer version of the program. Nothing was taken; this hub needs an update."
        )
    return words.dictionary(dictionary)


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
