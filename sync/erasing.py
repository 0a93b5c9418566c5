"""Erasing: an owner takes the bytes of entries of its own streams back, here and wherever they went.

An entry of the kind `erase` says so in the same audience's stream, so that a hub's position past it proves that it has
erased too. What is erased keeps its number and the hash of its salt and bytes; the bytes go, and the seed that the salt
came from. The owner signs each erased entry by itself, with the running hash after it: so a hub that pulls later takes
the erased form and knows it for the owner's wish, and a fork is never mixed up with the line it left.

    {"stream": name, "erased": [[number, signature in base64], …], "known": [hash in hex, …]}

`known` are hashes of ids that must not come back by another road; what they are made of is the hub's business.
"""

import base64
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sync import entry as entries
from sync import identity, lines
from sync import stream as streams
from sync.batch import Batch
from sync.entry import Entry
from sync.errors import BatchWrong, SignatureWrong
from sync.identity import Identity
from sync.store import Line, Store
from sync.stream import BLOCK, HASH_BYTES, Row, block_of

ERASE = "erase"
"""The kind of an entry that has others erased."""
ERASED = Entry("erased", b"", 0)
"""What is read in the place of an erased entry."""
PLACES_MAX = 250
"""Entries that one entry erases, and ids that it names: as many as fit well into the bytes that it may have."""

Gone = tuple[Line, int, bytes]
"""A line, a number of it, and the bytes that stood there."""


@dataclass(frozen=True)
class Erasure:
    """What one `erase` entry says: of the stream `root` the numbers and the owner's signature for each; `known`."""

    root: str
    places: tuple[tuple[int, bytes], ...]
    known: tuple[bytes, ...] = ()

    def payload(self) -> bytes:
        """Its bytes."""
        erased = [[seq, base64.b64encode(signature).decode()] for seq, signature in self.places]
        said = {"stream": self.root, "erased": erased, "known": [mark.hex() for mark in self.known]}
        return json.dumps(said, separators=(",", ":")).encode()


Said = tuple[str, Erasure]
"""The audience that was told, and of what."""


def read(payload: bytes) -> Erasure:
    """What the payload of an `erase` entry says. Raises BatchWrong."""
    try:
        said = json.loads(payload)
        root, listed, known = said["stream"], said["erased"], said["known"]
        if len(bytes.fromhex(root)) != streams.STREAM_BYTES or max(len(listed), len(known)) > PLACES_MAX:
            raise ValueError
        places = tuple((_number(seq), base64.b64decode(text, validate=True)) for seq, text in listed)
        marks = tuple(bytes.fromhex(mark) for mark in known)
        if any(len(mark) != HASH_BYTES for mark in marks):
            raise ValueError
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BatchWrong(
            f"A hub asks to erase in a way that is not known here, or more than {PLACES_MAX} records at once; nothing"
            " was erased or taken."
        ) from None
    return Erasure(root.lower(), places, marks)


def _number(seq: object) -> int:
    if type(seq) is not int or not 1 <= seq <= streams.SEQ_MAX:
        raise ValueError
    return seq


def check(store: Store, line: Line, seq: int, erasure: Erasure) -> None:
    """Raises BatchWrong unless entry `seq` of a line may say this: of its own hub's streams, and of what was before."""
    family = store.family(erasure.root)
    if any(each.hub != line.hub for each in family):
        raise BatchWrong("A hub asks to erase records of another hub; nothing was erased or taken.")
    if erasure.root == line.root and any(number >= seq for number, _ in erasure.places):
        raise BatchWrong("A hub asks to erase records that are not there; nothing was erased or taken.")
    for number, signature in erasure.places:
        spots = _spots(store, family, number)
        found = [spot for spot in spots if _is_signed(line.hub, erasure.root, number, spot[1], signature)]
        if erasure.root == line.root and not found:
            raise BatchWrong("A hub asks to erase records that are not there; nothing was erased or taken.")
        for place, _ in found:
            _refuse_what_stays(store, place, number)


def _refuse_what_stays(store: Store, line: Line, seq: int) -> None:
    raw = _raw(store, line, seq)
    if raw and entries.decode(raw).kind in (streams.OPEN, ERASE):
        raise BatchWrong("A hub asks to erase what its stream cannot do without; nothing was erased or taken.")


def apply(store: Store, hub: str, erasure: Erasure) -> list[Gone]:
    """Erase what is here of it, and remember the rest until it comes; returns what went. Safe to repeat."""
    gone: list[Gone] = []
    family = store.family(erasure.root)
    for seq, signature in erasure.places:
        spots = _spots(store, family, seq)
        found = [spot for spot in spots if _is_signed(hub, erasure.root, seq, spot[1], signature)]
        store.erasures.add(erasure.root, seq, hub, found[0][1] if found else b"", signature)
        gone += ((line, seq, raw) for line, _ in found if (raw := _raw(store, line, seq)))
    for block in sorted({block_of(seq) for _, seq, _ in gone}):
        numbers: dict[str, set[int]] = {}
        for line, seq, _ in gone:
            if block_of(seq) == block:
                numbers.setdefault(line.stream, set()).add(seq)
        empty_out(store, family, block, numbers)
    store.erasures.add_known(hub, erasure.known)
    return gone


def awaited(store: Store, line: Line, rows: Sequence[Row]) -> dict[int, bytes]:
    """Of entries that are about to come those that their owner had erased before: number → its signature."""
    found = store.erasures.between(line.hub, line.root, rows[0][0], rows[-1][0])
    hashes = {seq: running for seq, running, _ in rows}
    return {
        seq: signature for seq, _, signature in found if _is_signed(line.hub, line.root, seq, hashes[seq], signature)
    }


def coming(store: Store, line: Line, batch: Batch, fresh: Sequence[Row]) -> tuple[list[Row], dict[int, bytes]]:
    """Entries of a batch as they are to be kept, and the marks of those whose block has no seed any more.

    `line` goes on with them. Seeds that are new are written, and blocks in which something is erased lose theirs.
    Raises BatchWrong when the batch has another seed in a block.
    """
    at = fresh[0][0] - 1
    standing = lines.seeds_of(store, line, at, at) if at else {}
    begun = block_of(at) if at and not streams.begins_block(at + 1) else -1
    waited = awaited(store, line, fresh)
    here, begins = store.seeds(line, fresh[0][0], batch.last), {}
    marks: dict[int, bytes] = {}
    for block in range(block_of(fresh[0][0]), block_of(batch.last) + 1):
        rows = [row for row in fresh if block_of(row[0]) == block]
        seed, known = batch.seeds.get(block), standing.get(block) if block == begun else None
        if seed is not None and known not in (None, seed):
            raise BatchWrong("The batch does not go on as its stream began; nothing of it was taken.")
        if seed is None or (block == begun and known is None) or any(row[0] in waited for row in rows):
            if known is not None:
                empty_out(store, store.family(line.root), block, {}, known)
            marks |= {row[0]: _mark(batch, row, is_gone=row[0] in waited) for row in rows}
        elif block not in here:
            begins[block] = seed
    store.add_seeds(line, begins)
    for seq, running, _ in fresh:
        if seq in {**batch.erased, **waited}:
            store.erasures.add(line.root, seq, line.hub, running, batch.erased.get(seq) or waited[seq])
    return [(seq, running, b"" if seq in waited else raw) for seq, running, raw in fresh], marks


def _mark(batch: Batch, row: Row, *, is_gone: bool) -> bytes:
    """The mark of an entry of a batch, once it is kept."""
    seq, _, raw = row
    mark = batch.marks.get(seq)
    if mark is None:
        mark = streams.salt_of(batch.seeds[block_of(seq)], seq)
    return streams.leaf(mark, raw) if is_gone and raw else mark


def empty_out(
    store: Store, family: Collection[Line], block: int, gone: Mapping[str, set[int]], seed: bytes | None = None
) -> None:
    """Take the bytes of entries, by their lines' names, out of a block, and its seed from every line that has it.

    Where nothing is gone yet, `seed` is the one that goes.
    """
    held = {line.stream: _seed(store, line, block) for line in family}
    going = ({held[name] for name in gone} | {seed}) - {None}
    for line in family:
        if held[line.stream] in going or line.stream in gone:
            _put_marks(store, line, block, gone.get(line.stream, set()), held[line.stream])


def _seed(store: Store, line: Line, block: int) -> bytes | None:
    return store.seeds(line, block * BLOCK + 1, block * BLOCK + 1).get(block)


def _put_marks(store: Store, line: Line, block: int, gone: set[int], seed: bytes | None) -> None:
    """Write the entries of a block of a line with marks; without a seed they have some already."""
    first, last = max(block * BLOCK, line.base) + 1, min((block + 1) * BLOCK, line.seq)
    rows, marks = store.entries(line, first - 1, last - first + 1), store.marks(line, first, last)
    before = lines.hash_at(store, line, first - 1)
    kept = []
    for seq, running, raw in rows:
        mark = marks[seq] if seed is None else streams.salt_of(seed, seq)
        marks[seq] = streams.leaf(mark, raw) if seq in gone and raw else mark
        kept.append((seq, running, b"" if seq in gone else raw))
    store.put_marks(line, before or b"", kept, marks)


def _spots(store: Store, family: Iterable[Line], seq: int) -> list[tuple[Line, bytes]]:
    """The lines of a stream that have a number, and the hash after it there."""
    there = [line for line in family if line.base < seq <= line.seq]
    return [(line, running) for line in there if (running := store.hash_of(line, seq)) is not None]


def _raw(store: Store, line: Line, seq: int) -> bytes:
    ((_, _, raw),) = store.entries(line, seq - 1, 1)
    return raw


def _is_signed(hub: str, root: str, seq: int, running: bytes, signature: bytes) -> bool:
    try:
        identity.verify(hub, streams.erased_message(root, seq, running), signature)
    except SignatureWrong:
        return False
    return True


def wishes(
    store: Store, own: Identity, places: Mapping[Line, Sequence[int]], known: Sequence[bytes]
) -> Iterator[Erasure]:
    """What an owner says to have entries of its lines erased, in portions that fit an entry each, and then of `known`.

    Each audience hears of those ids in the name of one of its streams that lose something.
    """
    for line, seqs in places.items():
        wanted = sorted(set(seqs))
        for at in range(0, len(wanted), PLACES_MAX):
            yield Erasure(line.root, tuple(_signed(store, own, line, seq) for seq in wanted[at : at + PLACES_MAX]))
    root = min(line.root for line in places)
    for at in range(0, len(known), PLACES_MAX):
        yield Erasure(root, (), tuple(known[at : at + PLACES_MAX]))


def said_in(store: Store, several: Iterable[Line]) -> list[Erasure]:
    """What the entries of some lines say that have others erased, each once."""
    places = ((line, seq) for line in several for seq in store.erasures.wishes(line.hub, line.stream))
    payloads = dict.fromkeys(entries.decode(_raw(store, line, seq)).payload for line, seq in places)
    return [read(payload) for payload in payloads]


def _signed(store: Store, own: Identity, line: Line, seq: int) -> tuple[int, bytes]:
    return seq, own.sign(streams.erased_message(line.root, seq, store.hash_of(line, seq) or b""))
