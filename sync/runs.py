"""A run: consecutive entries of one line packed together, as a row of the journal keeps them.

    format 1 · dictionary 1 · zstd, with its check sum:
        running hash before 32 · seed 16 · first number 8 · count 2 · length less one of each 2 · the entries' bytes

    format 2 · dictionary 1 · zstd, with its check sum, where an entry of the block was erased and its seed is gone:
        running hash before 32 · first number 8 · count 2 · length of each 4 · mark of each 32 · the entries' bytes

Entries that stand alone begin with a letter, so the first byte tells the two apart. A run needs nothing beside itself:
the running hash after each of its entries is computed again from what it holds. All of one run share one seed, or have
a mark each (`sync.stream`); then one that stands alone is a run of its own.
"""

import functools
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import zstandard

from sync import stream, words
from sync.entry import ENTRY_BYTES_MAX
from sync.errors import JournalDamaged
from sync.stream import BLOCK, HASH_BYTES, NO_MARKS, Row

FORMAT, MARKED = 1, 2
LENGTH = 64
"""Entries of a whole run: those numbered 64k + 1 to 64k + 64. It divides `BLOCK`, so that one seed serves a run."""
PIECE_BYTES = 128 * 1024
"""Entries of one row are cut where they would be more, so that reading one entry never unpacks much."""
UNPACKED_BYTES_MAX = PIECE_BYTES + 4096
"""Nothing that claims to be larger is unpacked."""
_HEAD = struct.Struct("<32s16sQH")
_MARKED_HEAD = struct.Struct("<32sQH")
_FRAME_AT = 2
_LEVEL = {"strategy": zstandard.STRATEGY_LAZY2, "min_match": 6, "search_log": 4, "hash_log": 15, "chain_log": 15}
"""Between zstd's levels 7 and 8, looking for long repeats only, which come out smaller at the same time."""
_WINDOW_LOG = 18
"""What an entry may repeat lies at most 256 KiB before it: a whole piece and the dictionary."""

assert BLOCK % LENGTH == 0 and ENTRY_BYTES_MAX <= PIECE_BYTES and ENTRY_BYTES_MAX <= 1 << 16


@dataclass(frozen=True)
class Run:
    """Entries from the number `first` on, the running hash before them, and the seed of their block or their marks.

    Entry number `first` + n is `body` from `ends[n]` to `ends[n + 1]`.
    """

    first: int
    before: bytes
    seed: bytes
    body: bytes
    ends: tuple[int, ...]
    marks: Mapping[int, bytes] = field(default_factory=dict)

    def raw(self, seq: int) -> bytes:
        """The bytes of one of its entries."""
        at = seq - self.first
        return self.body[self.ends[at] : self.ends[at + 1]]

    def rows(self) -> tuple[Row, ...]:
        """All entries with the running hash after each: some microseconds for every one of them."""
        raws = [self.body[at:end] for at, end in pairwise(self.ends)]
        return stream.chain(self.first, self.before, {stream.block_of(self.first): self.seed}, raws, self.marks)


def ends_at(seq: int) -> bool:
    """Whether the entry with this number is the last of a whole run."""
    return seq % LENGTH == 0


def first_of(seq: int) -> int:
    """The number at which the run of an entry begins."""
    return seq - (seq - 1) % LENGTH


def is_packed(kept: bytes) -> bool:
    """Whether what a row keeps is a run, rather than the bytes of one entry."""
    return kept[:1] < b"a"


def is_marked(kept: bytes) -> bool:
    """Whether what a row keeps has marks in place of a seed."""
    return kept[:1] == bytes((MARKED,))


def pack(before: bytes, seed: bytes, rows: Sequence[Row], marks: Mapping[int, bytes] = NO_MARKS) -> list[Row]:
    """Rows that keep these consecutive entries of one run: the last number, the hash after it, the packed bytes.

    There is one, and more where the entries are large. `before` is the running hash before the first; with `marks`,
    which are of all of them, the seed plays no part.
    """
    pieces: list[list[Row]] = [[]]
    size = 0
    for row in rows:
        size += len(row[2])
        if size > PIECE_BYTES:
            pieces.append([])
            size = len(row[2])
        pieces[-1].append(row)
    kept = []
    for piece in pieces:
        last, running, _ = piece[-1]
        kept.append((last, running, _pack_marked(before, piece, marks) if marks else _pack(before, seed, piece)))
        before = running
    return kept


def alone(before: bytes, rows: Sequence[Row], marks: Mapping[int, bytes]) -> Iterator[Row]:
    """The rows that keep entries one by one; `before` is the running hash before the first."""
    for row in rows:
        if row[0] in marks:
            yield from pack(before, b"", [row], marks)
        else:
            yield row
        before = row[1]


def leads(
    before: bytes, seeds: Mapping[int, bytes], first: int, rows: Sequence[Row], marks: Mapping[int, bytes]
) -> bool:
    """Whether these are the entries from the number `first` on, with the hashes that come after the hash `before`."""
    return tuple(rows) == stream.chain(first, before, seeds, [raw for _, _, raw in rows], marks)


def unpack(kept: bytes, name: str, last: int) -> Run:
    """The run that a row of the stream `name` keeps up to the number `last`. Raises JournalDamaged."""
    try:
        body = _inflate(kept)
        run = _read_marked(body) if is_marked(kept) else _read(body)
    except (zstandard.ZstdError, struct.error, IndexError):
        raise damaged(name, last) from None
    if len(run.ends) < 2 or run.first + len(run.ends) - 2 != last or run.ends[-1] != len(body):
        raise damaged(name, last)
    return run


def _read(body: bytes) -> Run:
    before, seed, first, count = _HEAD.unpack_from(body)
    sizes = struct.unpack_from(f"<{count}H", body, _HEAD.size)
    start = _HEAD.size + 2 * count
    return Run(first, before, seed, body, tuple(accumulate((size + 1 for size in sizes), initial=start)))


def _read_marked(body: bytes) -> Run:
    before, first, count = _MARKED_HEAD.unpack_from(body)
    sizes = struct.unpack_from(f"<{count}I", body, _MARKED_HEAD.size)
    at = _MARKED_HEAD.size + 4 * count
    start = at + HASH_BYTES * count
    marks = {first + n: body[at + HASH_BYTES * n : at + HASH_BYTES * (n + 1)] for n in range(count)}
    return Run(first, before, b"", body, tuple(accumulate(sizes, initial=start)), marks)


def damaged(name: str, last: int) -> JournalDamaged:
    """The mistake to raise for a row that is not what was written."""
    return JournalDamaged(
        f"Entry {last} of the stream {name[:8]}, or one packed with it, is damaged on the disk. Nothing was changed;"
        " look with mangrove doctor, and bring the last backup back with: mangrove restore FILE --force"
    )


def _pack(before: bytes, seed: bytes, piece: Sequence[Row]) -> bytes:
    raws = [raw for _, _, raw in piece]
    sizes = struct.pack(f"<{len(raws)}H", *(len(raw) - 1 for raw in raws))
    body = _HEAD.pack(before, seed, piece[0][0], len(raws)) + sizes + b"".join(raws)
    return bytes((FORMAT, words.OF_JOURNAL[-1])) + _tools(words.OF_JOURNAL[-1]).pack(body)


def _pack_marked(before: bytes, piece: Sequence[Row], marks: Mapping[int, bytes]) -> bytes:
    sizes = struct.pack(f"<{len(piece)}I", *(len(raw) for _, _, raw in piece))
    head = _MARKED_HEAD.pack(before, piece[0][0], len(piece)) + sizes
    body = head + b"".join(marks[seq] for seq, _, _ in piece) + b"".join(raw for _, _, raw in piece)
    return bytes((MARKED, words.OF_JOURNAL[-1])) + _tools(words.OF_JOURNAL[-1]).pack(body)


def _inflate(kept: bytes) -> bytes:
    """Unpack, having looked first at how large it will be."""
    form, dictionary, frame = kept[0], kept[1], kept[_FRAME_AT:]
    size = zstandard.get_frame_parameters(frame).content_size
    if form not in (FORMAT, MARKED) or dictionary not in words.OF_JOURNAL or size > UNPACKED_BYTES_MAX:
        raise zstandard.ZstdError("not one of ours")
    return _tools(dictionary).unpack(frame)


class _Tools:
    """A packer and an unpacker with one dictionary; each serves one thread at a time."""

    def __init__(self, number: int) -> None:
        settings = zstandard.ZstdCompressionParameters(
            window_log=_WINDOW_LOG, write_checksum=True, write_dict_id=False, **_LEVEL
        )
        known = words.dictionary(number)
        known.precompute_compress(compression_params=settings)
        self._packing, self._unpacking = threading.Lock(), threading.Lock()
        self._packer = zstandard.ZstdCompressor(dict_data=known, compression_params=settings)
        self._unpacker = zstandard.ZstdDecompressor(dict_data=words.dictionary(number))

    def pack(self, body: bytes) -> bytes:
        """One zstd frame that says how long it is unpacked."""
        with self._packing:
            return self._packer.compress(body)

    def unpack(self, frame: bytes) -> bytes:
        """What a frame holds. Raises ZstdError."""
        with self._unpacking:
            return self._unpacker.decompress(frame, max_output_size=UNPACKED_BYTES_MAX, allow_extra_data=False)


@functools.cache
def _tools(number: int) -> _Tools:
    return _Tools(number)
