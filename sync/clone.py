"""Two devices with one key: a card was copied, and both go on. People say whether that is one place or two.

Incarnations of a stream form a tree. Where two of its leaves have grown, two devices have written under one key, or one
was restored twice; nobody but people can tell. Nothing waits for their answer: both halves are kept, and go on.

One place: the device on which that is said goes on in streams to which the other leaves are joined, so that everybody
who has them sees one leaf again. A device that goes on in spite of that begins a new leaf as soon as it hears of it.

Two places: the device makes a key of its own. Its first entries say from which hub it was cloned and which streams it
had written, signed with the key that both have had; these are leaves no more.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from sync import identity, lines, shared
from sync import stream as streams
from sync.errors import EntryWrong, SignatureWrong
from sync.identity import Identity
from sync.journal import Journal
from sync.protocol import TIP_BYTES, Position
from sync.shared import PUBLIC
from sync.store import Line, Store
from sync.stream import LOCAL, Clone

ONE_PLACE = "one place"
JOINED_AT_ONCE = 2
"""Names that fit into an opening beside the end that it goes on from."""
_Way = dict[str, lines.Stretch]
_CLAIM = b"mangrove clone 1"


@dataclass(frozen=True)
class Half:
    """What one device has written since it went on by itself: so many `records` for one audience.

    Its newest stream began at `began_ms` and grew last at `last_ms`, as its clock told; `reason` is what that stream
    says of why it began. `is_current` tells the one that this hub writes.
    """

    root: str
    audience: str
    reason: str
    began_ms: int
    last_ms: int
    records: int
    is_current: bool


def halves(journal: Journal, hub: str, gone: Collection[str] = ()) -> tuple[Half, ...]:
    """The devices that go on under one hub's key as far as this hub can tell, the oldest first; () where it is one.

    `gone` are streams that another key went on from, of a hub whose own word of that is here no more.
    """
    several = [some for some in _leaves(journal, hub, gone).values() if len(some) > 1]
    grown = [[half for half in _halves(journal, some) if half.records] for some in several]
    most = max(grown, key=len, default=[])
    return tuple(sorted(most, key=lambda half: (half.began_ms, half.root))) if len(most) > 1 else ()


def join(journal: Journal) -> bool:
    """Say that all devices under our key are one place: this one. False where there is no other."""
    waiting = {
        audience: [line.root for line in some if not line.is_current]
        for audience, some in _leaves(journal, journal.identity.hub_id).items()
    }
    if not any(waiting.values()):
        return False
    while any(waiting.values()):
        journal.begin_incarnation(ONE_PLACE, beside={name: some[:JOINED_AT_ONCE] for name, some in waiting.items()})
        waiting = {name: some[JOINED_AT_ONCE:] for name, some in waiting.items()}
    return True


def take_over(journal: Journal, old: Identity) -> Clone:
    """Go on under the journal's own key with all that happened here under an old one, and say so.

    What was copied for others under the old key stays with the other device and is forgotten here; what nobody has of
    it is the caller's to say again. Only inside a transaction of the writer's; the tables that are folded from the
    journal are the caller's to make anew.
    """
    own, store = journal.identity.hub_id, journal.store
    before = store.lines(old.hub_id)
    current = [line for line in before if line.is_current and line.audience != LOCAL]
    leaves = sorted(current, key=lambda line: (line.audience != PUBLIC, line.root))
    clone = claim(old, own, [line.root for line in leaves])
    for line in before:
        if line.audience == LOCAL:
            store.adopt(line, own)
    store.forget(line for line in before if line.audience != LOCAL)
    journal.begin_cloned(clone, (LOCAL, PUBLIC))
    return clone


def claim(old: Identity, hub: str, leaves: Sequence[str]) -> Clone:
    """That a hub was cloned from the one of an identity, with the proof."""
    return Clone(old.hub_id, tuple(leaves), old.sign(_claimed(hub, leaves)).hex())


def clones(journal: Journal, hub: str) -> dict[str, Clone]:
    """The hubs that were cloned from one, as far as this hub has heard and can prove it."""
    roots = {line.root for line in journal.store.lines(hub) if not line.parent}
    after = chain.from_iterable(map(journal.store.going_on_from, sorted(roots)))
    found = {line.hub: _cloned_from(journal, line) for line in after if line.hub != hub and not line.parent}
    return {name: clone for name, clone in found.items() if clone is not None and clone.hub == hub}


def origin(journal: Journal, hub: str) -> str:
    """The hub from which another one was cloned; "" where it does not say so, or cannot prove it."""
    found = claimed(journal, hub)
    return found.hub if found else ""


def claimed(journal: Journal, hub: str) -> Clone | None:
    """What a hub says and proves of having been cloned."""
    begun = [line for line in journal.store.lines(hub) if not line.parent and line.predecessor]
    return next(filter(None, (_cloned_from(journal, line) for line in begun)), None)


def _leaves(journal: Journal, hub: str, known: Collection[str] = ()) -> dict[str, list[Line]]:
    """The streams of a hub that no other goes on from, by audience; what happened in its place is none of them."""
    listed = [line for line in shared.standing(journal.store.lines(hub)) if line.audience != LOCAL and not line.parent]
    continued = set().union(*(streams.goes_on_from(line.predecessor) for line in listed))
    found: dict[str, list[Line]] = {}
    for line in listed:
        if line.root not in continued:
            found.setdefault(line.audience, []).append(line)
    if all(len(some) == 1 for some in found.values()):
        return found
    gone = {*known, *chain.from_iterable(clone.leaves for clone in clones(journal, hub).values())}
    return {name: [line for line in some if line.root not in gone] for name, some in found.items()}


def _halves(journal: Journal, leaves: Sequence[Line]) -> Iterator[Half]:
    """What each of several leaves has that no other has, the streams that it goes on from included."""
    ways = [_way(journal.store, line) for line in leaves]
    for line, way in zip(leaves, ways, strict=True):
        others = [other for other in ways if other is not way]
        alone = [max(0, upto - _shared(each, others)) for each, upto in way.values()]
        (first,) = journal.read(line.stream, limit=1)
        last = journal.read(line.stream, after=line.seq - 1)[-1]
        yield Half(
            root=line.root,
            audience=line.audience,
            reason=streams.read_opening(first.entry).reason,
            began_ms=first.entry.at_ms,
            last_ms=last.entry.at_ms,
            records=sum(alone),
            is_current=bool(line.is_current),
        )


def _shared(line: Line, others: Iterable[_Way]) -> int:
    """Up to which number a line is no news of one leaf: others have it, or it opens the stream."""
    return max(line.base, 1, *(way[line.stream][1] for way in others if line.stream in way))


def _way(store: Store, leaf: Line) -> _Way:
    """The lines that lead from a leaf back to the first stream, each with the last number that counts."""
    found: _Way = {}
    waiting = [(leaf, leaf.seq)]
    while waiting:
        for line, upto in lines.path(store, *waiting.pop()):
            if upto > found.get(line.stream, (line, 0))[1]:
                found[line.stream] = (line, upto)
                waiting += _before(store, line) if not line.parent else []
    return found


def _before(store: Store, line: Line) -> Iterator[lines.Stretch]:
    """Where the streams end from which a stream goes on, as far as they are here; one that is only named, where it
    ends now."""
    for end in line.predecessor.split():
        try:
            name, seq, head = end.split(":")
            place = Position(name, abs(int(seq)), bytes.fromhex(head)[:TIP_BYTES])
        except ValueError:
            yield from ((each, each.seq) for each in store.family(end))
        else:
            found = lines.find(store, place)
            yield from [(found, place.seq)] if found is not None else []


def _cloned_from(journal: Journal, line: Line) -> Clone | None:
    """What a stream's first entry says of that, if it is proven."""
    try:
        clone = streams.read_opening(journal.read(line.stream, limit=1)[0].entry).cloned_from
        if clone is not None:
            identity.verify(clone.hub, _claimed(line.hub, clone.leaves), bytes.fromhex(clone.proof))
    except (EntryWrong, SignatureWrong, ValueError):
        return None
    return clone


def _claimed(hub: str, leaves: Iterable[str]) -> bytes:
    """What the hub that was cloned signs."""
    return b" ".join((_CLAIM, hub.encode(), *(each.encode() for each in leaves)))
