"""Take a part of a bundle that was carried here: in any order, any number of times, each one whole or not at all.

A stream in it that cannot be what it claims is left where it stands, and all others are taken.

A part that goes on from entries which are not here yet waits in a park of bounded size, still sealed, or is refused
with the number that is needed. After each part that was taken, those that wait are tried once more.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sync import batch as batches
from sync import lines, part, shared
from sync.errors import DoesNotFit, EnoughForToday, PartWrong, PeerUnknown, ShutOut, SyncError
from sync.identity import Identity
from sync.journal import Journal
from sync.keyring import Keyring
from sync.part import Packed, Part
from sync.protocol import TIP_BYTES, Peering, Position
from sync.shared import BROKEN, Left

LEFT_MAX = 16
"""Streams of one part that are left once they are applied; each costs a try of the whole part, so after so many it is
refused."""
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


@dataclass
class Taken:
    """What came of the records of parts: `fresh` entries were new, of which `opened` opened a stream.

    `need` is what a part lacks, None when it was taken. `left` are streams that were left where they stand, and
    `brought` those of which something came.
    """

    fresh: int = 0
    opened: int = 0
    need: Need | None = None
    left: dict[str, Left] = field(default_factory=dict)
    brought: set[str] = field(default_factory=set)

    def add(self, more: "Taken") -> None:
        """Count in what came of a part that had waited."""
        self.fresh += more.fresh
        self.opened += more.opened
        self.left |= more.left
        self.brought |= more.brought


@dataclass(frozen=True)
class Arrival:
    """What came of a part; those that had waited count in. `waits` says that it is kept until what it needs comes."""

    part: Part
    taken: Taken
    waits: bool = False

    @property
    def fresh(self) -> int:
        """How many entries were new."""
        return self.taken.fresh

    @property
    def opened(self) -> int:
        """How many of those opened a stream."""
        return self.taken.opened

    @property
    def need(self) -> Need | None:
        """What it lacks, None when it was taken."""
        return self.taken.need


def arrive(
    journal: Journal, identity: Identity, keys: Keyring, peerings: Iterable[Peering], park: Park, data: bytes
) -> Arrival:
    """Take one part. What it says of receipts is the caller's to keep.

    What it brings of hubs that were shut out is passed over where it lies past their fence, and so is a stream where it
    goes to a place at which it was broken before.

    Raises what `part.read` raises, PeerUnknown for a sender that we do not exchange with, ShutOut for one that was shut
    out, PartWrong for rows that lie, EnoughForToday, and what the streams after LEFT_MAX broken ones raise; nothing was
    taken then.
    """
    door = _Door(journal, identity, keys, {each.hub: each for each in peerings})
    opened = part.read(identity, keys, data)
    taken = door.take(opened)
    if taken.need is not None:
        return Arrival(opened, taken, waits=park.add(data))
    came = taken.fresh
    while came:
        more = [door.take_again(park, *each) for each in park.parked()]
        came = sum(each.fresh for each in more)
        for each in more:
            taken.add(each)
    return Arrival(opened, taken)


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

    def take(self, opened: Part) -> Taken:
        """Apply the batches of a part at once, without those of streams that are broken."""
        peering = self._peering(opened.sender)
        peering.room.check()
        places = peering.passed_over
        taken, roots = Taken(), {place.root for place in places}
        several = [each for each in self._readable(opened.batches, places, taken) if not _is_past(peering, each)]
        while True:
            turn = _Turn(several)
            taken.opened = len({each.root for each in several if each.first == 1 and not self._family(each.root)})
            try:
                taken.fresh = self._apply(peering, turn)
            except DoesNotFit:
                if turn.root not in roots | set(taken.left):
                    return Taken(need=_need(self.journal, opened), left=taken.left)
            except BROKEN as mistake:
                if len(taken.left) >= LEFT_MAX:
                    raise
                taken.left[turn.root] = Left.of(lines.end_of(turn.batch), mistake)
            else:
                peering.room.count(sum(len(each.data) for each in opened.batches), taken.fresh)
                taken.brought = {each.root for each in several}
                return taken
            several = turn.without_the_rest()

    def take_again(self, park: Park, name: str, data: bytes) -> Taken:
        """Try a part that waits. It waits no more once it was taken, or cannot be any more."""
        try:
            taken = self.take(part.read(self.identity, self.keys, data))
        except EnoughForToday:
            return Taken()
        except SyncError:
            park.drop(name)
            return Taken()
        if taken.need is None:
            park.drop(name)
        return taken

    def _peering(self, sender: str) -> Peering:
        peering = self.known.get(sender)
        if peering is None:
            raise PeerUnknown(
                "The bundle is of a hub that this one does not exchange with; nothing was taken."
                " Join it with a code first."
            )
        if sender in peering.fences:
            raise ShutOut("The bundle is of a hub that was shut out, or that has left; nothing of it was taken.")
        return peering

    def _readable(
        self, packed: Iterable[Packed], places: Collection[Position], taken: Taken
    ) -> Iterator[batches.Batch]:
        """The batches that are whole, of each stream those before one that is not."""
        over = set()
        for each in packed:
            root = each.after.root
            if each.after in places:
                over.add(root)
            if root in over or root in taken.left:
                continue
            try:
                yield _read(each)
            except BROKEN as mistake:
                taken.left[root] = Left.of(each.after, mistake)

    def _apply(self, peering: Peering, turn: "_Turn") -> int:
        own = self.journal.identity.hub_id
        return self.journal.apply_all(turn, lambda line: shared.may_take(own, peering, line))

    def _family(self, root: str) -> object:
        return self.journal.store.family(root)


class _Turn:
    """Batches as they are applied one after the other, again from the front when the transaction is tried again."""

    def __init__(self, several: Sequence[batches.Batch]) -> None:
        self._several, self._at = several, 0

    def __iter__(self) -> Iterator[batches.Batch]:
        for at, batch in enumerate(self._several):
            self._at = at
            yield batch

    @property
    def batch(self) -> batches.Batch:
        """The one that was applied last."""
        return self._several[self._at]

    @property
    def root(self) -> str:
        """Its stream."""
        return self.batch.root

    def without_the_rest(self) -> list[batches.Batch]:
        """All but that one and what follows of its stream."""
        return [each for at, each in enumerate(self._several) if at < self._at or each.root != self.root]


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
