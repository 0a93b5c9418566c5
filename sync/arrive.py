"""Take a part of a bundle that was carried here: in any order, any number of times, each one whole or not at all.

A part that goes on from entries which are not here yet waits in a park of bounded size, still sealed, or is refused
with the number that is needed. After each part that was taken, those that wait are tried once more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sync import batch as batches
from sync import lines, part, shared
from sync.errors import DoesNotFit, PartWrong, PeerUnknown, ShutOut, SyncError
from sync.identity import Identity
from sync.journal import Journal
from sync.keyring import Keyring
from sync.part import Packed, Part
from sync.protocol import TIP_BYTES, Peering, Position

PARK_BYTES_MAX = 8 * 1024 * 1024


class Park(Protocol):
    """Keeps sealed parts that wait, under names of its own."""

    def parked(self) -> Iterable[tuple[str, bytes]]:
        """All of them, each with its name."""

    def add(self, data: bytes) -> bool:
        """Keep one; False when that would be more than PARK_BYTES_MAX. One that waits already is kept once."""

    def drop(self, name: str) -> None:
        """Forget one."""


@dataclass(frozen=True)
class Need:
    """Entries of a stream from the number `first` on are needed first."""

    root: str
    first: int


@dataclass(frozen=True)
class Arrival:
    """What came of a part: `fresh` entries were new, of which `opened` opened a stream; those that had waited count in.

    `need` is what it lacks, None when it was taken; `waits` says that it is kept until that comes.
    """

    part: Part
    fresh: int = 0
    opened: int = 0
    need: Need | None = None
    waits: bool = False


def arrive(
    journal: Journal, identity: Identity, keys: Keyring, peerings: Iterable[Peering], park: Park, data: bytes
) -> Arrival:
    """Take one part. What it says of receipts is the caller's to keep.

    What it brings of hubs that were shut out is passed over where it lies past their fence.

    Raises what `part.read` raises, PeerUnknown for a sender that we do not exchange with, ShutOut for one that was shut
    out, BatchWrong or EntryWrong; nothing was taken then.
    """
    door = _Door(journal, identity, keys, {each.hub: each for each in peerings})
    opened = part.read(identity, keys, data)
    fresh, begun, need = door.take(opened)
    if need is not None:
        return Arrival(opened, need=need, waits=park.add(data))
    came = fresh
    while came:
        more = [door.take_again(park, *each) for each in park.parked()]
        came, begun = sum(each[0] for each in more), begun + sum(each[1] for each in more)
        fresh += came
    return Arrival(opened, fresh, begun)


def let_go(journal: Journal, identity: Identity, keys: Keyring, park: Park) -> int:
    """Drop the parts that wait and may hold what was erased since; returns how many. A new bundle brings the rest."""
    gone = [name for name, data in park.parked() if _may_hold_erased(journal, identity, keys, data)]
    for name in gone:
        park.drop(name)
    return len(gone)


def _may_hold_erased(journal: Journal, identity: Identity, keys: Keyring, data: bytes) -> bool:
    """Whether something in a part was erased, or its hub has ids erased that could stand anywhere in it."""
    try:
        several = [batches.read(each.data) for each in part.read(identity, keys, data).batches]
    except SyncError:
        return True
    store = journal.store
    return any(
        store.erasures.known(each.hub) or store.erasures.between(each.hub, each.root, each.first, each.last)
        for each in several
    )


@dataclass(frozen=True)
class _Door:
    """Who takes, and from whom."""

    journal: Journal
    identity: Identity
    keys: Keyring
    known: dict[str, Peering]

    def take(self, opened: Part) -> tuple[int, int, Need | None]:
        """Apply all batches of a part at once: how many entries were new, how many streams, or what it needs first."""
        peering = self.known.get(opened.sender)
        if peering is None:
            raise PeerUnknown(
                "The bundle is of a hub that this one does not exchange with; nothing was taken."
                " Join it with a code first."
            )
        if opened.sender in peering.fences:
            raise ShutOut("The bundle is of a hub that was shut out, or that has left; nothing of it was taken.")
        own, store = self.journal.identity.hub_id, self.journal.store
        several = [each for each in map(_read, opened.batches) if not _is_past(peering, each)]
        begun = {each.root for each in several if each.first == 1 and not store.family(each.root)}
        try:
            fresh = self.journal.apply_all(several, lambda line: shared.may_take(own, peering, line))
        except DoesNotFit:
            return 0, 0, _need(self.journal, opened)
        return fresh, len(begun), None

    def take_again(self, park: Park, name: str, data: bytes) -> tuple[int, int]:
        """Try a part that waits: how much of it was new. It waits no more once it was taken, or cannot be any more."""
        try:
            fresh, begun, need = self.take(part.read(self.identity, self.keys, data))
        except SyncError:
            park.drop(name)
            return 0, 0
        if need is None:
            park.drop(name)
        return fresh, begun


def _read(packed: Packed) -> batches.Batch:
    """A batch, held to what the part says of it."""
    batch = batches.read(packed.data)
    before = Position(batch.root, batch.first - 1, batch.before[:TIP_BYTES])
    after = lines.end_of(batch)
    if (before, after) != (packed.before, packed.after):
        raise PartWrong("The part says other things of its records than they do; nothing of it was taken.")
    return batch


def _is_past(peering: Peering, batch: batches.Batch) -> bool:
    return shared.is_past(peering, batch.hub, lines.end_of(batch))


def _need(journal: Journal, opened: Part) -> Need:
    """The first stream that a part does not fit to, and where it would have to go on."""
    reached = {each.after for each in opened.batches}
    lacking = (each.before for each in opened.batches if each.before.seq and each.before not in reached)
    first = opened.batches[0].before
    before = next((each for each in lacking if lines.find(journal.store, each) is None), first)
    here = max((line.seq for line in journal.store.family(before.root)), default=0)
    return Need(before.root, min(before.seq, here) + 1)
