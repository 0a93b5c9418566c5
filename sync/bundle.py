"""Write a bundle: all that another hub lacks, by what it last signed, as parts that each can be carried alone.

It is what an exchange would push, in the same batches. Without a word of the other hub everything goes that it may
have: overlap does no harm. Parts are made one at a time, so memory holds one, and the last one says that it is that.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sync import batch as batches
from sync import give, lines, shared
from sync.identity import Identity
from sync.journal import Journal
from sync.keyring import hint_of
from sync.part import BATCHES_MAX, PART_BYTES, Cover, Note, Packed, Part, write
from sync.protocol import Peering, Position
from sync.standing import POSITIONS_MAX, Receipt
from sync.store import Line

UNPACKED_BYTES = batches.UNPACKED_BYTES_MAX
"""What a part holds unpacked before the next is begun, so that one batch more stays within what may come."""


@dataclass(frozen=True)
class Letter:
    """What a bundle is written by: its name, the recipient's key, where the recipient stands (None when it never told),
    and what rides with it. One that `is_receipt` brings no records, and one that `is_near` none of third hubs."""

    bundle: str
    to: bytes
    known: frozenset[Position] | None = None
    receipt: Receipt | None = None
    notes: tuple[Note, ...] = ()
    part_bytes: int = PART_BYTES
    batch_entries: int = batches.ENTRIES_MAX
    is_receipt: bool = False
    is_near: bool = False


@dataclass
class Written:
    """How much was written, counted while the parts are made; an entry that opens a stream is no record."""

    parts: int = 0
    entries: int = 0
    opened: int = 0
    size_bytes: int = 0

    @property
    def records(self) -> int:
        """Entries that are records."""
        return self.entries - self.opened


def parts(
    journal: Journal, identity: Identity, peering: Peering, letter: Letter, written: Written | None = None
) -> Iterator[bytes]:
    """The parts, in order; at least one. Only what is durable goes, and it is marked as shown before it is.

    Raises SealWrong when the recipient's key is none.
    """
    written = written or Written()
    lacking = () if letter.is_receipt else _batches(journal, peering, letter, written)
    heaps = _heaps(lacking, letter.part_bytes)
    heap, number, is_last = next(heaps, []), 1, False
    while not is_last:
        following = next(heaps, None)
        is_last = following is None
        is_first = number == 1
        notes = letter.notes if is_first else ()
        cover = Cover(peering.hub, letter.bundle, number, is_last, hint_of(letter.to), notes)
        receipt = letter.receipt if is_first else None
        clock = journal.clock
        part = Part(cover, identity.hub_id, clock.now_ms(), clock.quality, receipt, tuple(heap))
        data = write(identity, part, letter.to)
        written.parts, written.size_bytes = number, written.size_bytes + len(data)
        yield data
        heap, number = following or [], number + 1


def receipt(journal: Journal, peering: Peering, answers: Iterable[str]) -> Receipt:
    """Where we stand in all that we share with a hub, for it to sign off the bundles `answers`; near streams first."""
    listed = shared.shared(journal, peering)
    ours = shared.of_others(listed, journal, peering)
    near = [line for line in listed if line not in ours]
    return Receipt(tuple(answers), tuple(shared.ends([*near, *ours])[:POSITIONS_MAX]))


def lacks(
    journal: Journal, peering: Peering, known: frozenset[Position] | None, *, is_near: bool = False
) -> list[tuple[Line, int]]:
    """The lines that a hub is to have more of, each with the last number that it has; what it was told last first.

    Its own lines are among them only when it has said where it stands in them, and those of third hubs unless `is_near`
    leaves them out. That we started over comes first.
    """
    by_root: dict[str, list[Position]] = {}
    for position in known or ():
        by_root.setdefault(position.root, []).append(position)
    listed = [line for line in shared.shared(journal, peering) if shared.may_give(peering, line)]
    found = []
    for line in sorted(listed, key=lambda line: (not line.is_anew, line.hub != journal.identity.hub_id)):
        is_far = line.hub not in (journal.identity.hub_id, peering.hub)
        if (is_near and is_far) or (line.hub == peering.hub and known is None):
            continue
        here = by_root.get(line.root, [])
        if lines.end(line) not in here:
            whole = shared.signed(journal, peering, line)
            after = lines.last_known(journal.store, whole, here)
            found += [(whole, after)] if after < whole.seq else []
    return found


def _batches(journal: Journal, peering: Peering, letter: Letter, written: Written) -> Iterator[Packed]:
    for line, after in lacks(journal, peering, letter.known, is_near=letter.is_near):
        seq = after
        while seq < line.seq:
            start = seq
            data, seq = give.make(journal, line, start, min(letter.batch_entries, line.seq - start))
            written.entries += seq - start
            written.opened += start == 0
            yield Packed(lines.point(journal.store, line, start), lines.point(journal.store, line, seq), data)


def _heaps(packed: Iterable[Packed], part_bytes: int) -> Iterator[list[Packed]]:
    """Batches gathered to parts."""
    heap: list[Packed] = []
    size = unpacked = 0
    for each in packed:
        heap.append(each)
        size, unpacked = size + len(each.data), unpacked + batches.unpacked_bytes(each.data)
        if size >= part_bytes or unpacked >= UNPACKED_BYTES or len(heap) >= BATCHES_MAX:
            yield heap
            heap, size, unpacked = [], 0, 0
    if heap:
        yield heap
