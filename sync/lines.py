"""How the lines of one stream hang together. Usually there is one line; a copied card makes a second.

Two devices with one key that both go on give two entries one number. Neither is lost: what came first stays the
stream's line here, the other is kept as a branch that leaves it after the last common number, under a local name cut
from its first running hash. On the wire a line is named by its stream and its end, so every replica agrees on what
there is, whichever came to it first.
"""

from collections.abc import Iterable, Iterator

from sync.batch import Batch
from sync.errors import BatchWrong
from sync.protocol import TIP_BYTES, Position
from sync.store import Line, Store
from sync.stream import Row, origin

Stretch = tuple[Line, int]
"""A line and the last number of it that counts here."""

BRANCHES_MAX = 4
"""Branches of one stream before a person has to decide."""
LINES_MAX = 300
"""Lines of one other hub; each restore begins one for every audience."""


def end(line: Line) -> Position:
    """Where a line ends, as others know it."""
    return Position(line.root, line.seq, line.head[:TIP_BYTES])


def end_of(batch: Batch) -> Position:
    """Where a batch ends."""
    return Position(batch.root, batch.last, batch.rows[-1][1][:TIP_BYTES])


def is_left_behind(store: Store, line: Line) -> bool:
    """Whether a hub went on for the line's audience in a stream that began anew after it."""
    return any(each.is_anew and each.incarnation > line.incarnation for each in store.lines(line.hub, line.audience))


def check_room(store: Store, line: Line) -> None:
    """Whether one more line may be kept of its stream, if it is a branch, and of its hub. Raises BatchWrong."""
    if line.parent and len(store.family(line.root)) > BRANCHES_MAX:
        raise BatchWrong(
            f"The stream has {BRANCHES_MAX} branches already: several devices share one key. Nothing more of it is"
            " taken until a person decides which of them keeps it."
        )
    if store.count_lines(line.hub) >= LINES_MAX:
        raise BatchWrong(f"The hub has begun {LINES_MAX} streams, and no more are taken; nothing was changed.")


def point(store: Store, line: Line, seq: int) -> Position:
    """A place on a line, as others know it."""
    found = hash_at(store, line, seq)
    assert found is not None, "a line has every entry up to its end"
    return Position(line.root, seq, found[:TIP_BYTES])


def path(store: Store, line: Line, upto: int) -> list[Stretch]:
    """The stretches that lead from `upto` on a line back to the stream's beginning, the nearest first."""
    stretches = []
    while True:
        stretches.append((line, upto))
        parent = store.line(line.parent) if line.parent else None
        if parent is None:
            return stretches
        line, upto = parent, min(upto, line.base)


def hash_at(store: Store, line: Line, seq: int) -> bytes | None:
    """The running hash after a number of a line, its parents included; None beyond its end."""
    if seq == 0:
        return origin(line.root)
    if seq > line.seq:
        return None
    while seq <= line.base:
        parent = store.line(line.parent)
        assert parent is not None, "a branch has its parent"
        line = parent
    return store.hash_of(line, seq)


def find(store: Store, position: Position) -> Line | None:
    """The line that passes through a position, if one here does."""
    for line in store.family(position.root):
        if position.seq <= line.seq:
            found = hash_at(store, line, position.seq)
            if found is not None and found[:TIP_BYTES] == position.tip:
                return line
    return None


def common(store: Store, line: Line, other: Line, upto: int) -> int:
    """The last number that a line shares with another one up to `upto`."""
    theirs = {stretch.stream: last for stretch, last in path(store, other, upto)}
    shared = [
        min(last, theirs[stretch.stream]) for stretch, last in path(store, line, line.seq) if stretch.stream in theirs
    ]
    return max(shared, default=0)


def rows_after(store: Store, line: Line, after: int, limit: int) -> list[Row]:
    """Entries of a line after a number, its parents included, in order."""
    rows: list[Row] = []
    for stretch, upto in reversed(path(store, line, line.seq)):
        start = max(after, stretch.base)
        if start < upto and len(rows) < limit:
            rows += store.entries(stretch, start, min(limit - len(rows), upto - start))
    return rows


def seals_after(store: Store, line: Line, after: int) -> Iterator[tuple[int, bytes]]:
    """The owner's signatures over a line after a number, its parents included, in order."""
    for stretch, upto in reversed(path(store, line, line.seq)):
        start = max(after, stretch.base)
        while start < upto:
            found = [seal for seal in store.seals(stretch, start, 50) if seal[0] <= upto]
            yield from found
            start = found[-1][0] if found else upto


def seeds_of(store: Store, line: Line, first: int, last: int) -> dict[int, bytes]:
    """Block → seed for entries of a line; a branch has seeds of its own from where it leaves."""
    seeds: dict[int, bytes] = {}
    for stretch, _ in reversed(path(store, line, line.seq)):
        seeds |= store.seeds(stretch, first, last)
    return seeds


def marks_of(store: Store, line: Line, first: int, last: int) -> dict[int, bytes]:
    """Number → mark for entries of a line whose block has no seed any more."""
    marks: dict[int, bytes] = {}
    for stretch, upto in path(store, line, line.seq):
        marks |= store.marks(stretch, max(first, stretch.base + 1), min(last, upto))
    return marks


def ends(store: Store, root: str) -> list[Position]:
    """Where the lines here of a stream end."""
    return [end(line) for line in store.family(root)]


def points(store: Store, root: str) -> list[Position]:
    """Positions on every line here of a stream: its end, and ever farther back, doubling, to the first entry."""
    listed = set()
    for line in store.family(root):
        seq, back = line.seq, 1
        while seq > 0:
            listed.add(point(store, line, seq))
            seq, back = seq - back if seq > back else min(1, seq - 1), back * 2
    return sorted(listed, reverse=True)


def last_known(store: Store, line: Line, positions: Iterable[Position]) -> int:
    """The last number of a line that somebody has who stands at these positions."""
    known = 0
    for position in positions:
        other = find(store, position) if position.root == line.root else None
        if other is not None:
            known = max(known, common(store, line, other, position.seq))
    return known


def place(store: Store, batch: Batch) -> tuple[Line, int] | None:
    """The line that a batch goes on from or repeats, and how many of its entries are there already."""
    best: tuple[Line, int] | None = None
    for line in store.family(batch.root):
        if batch.first - 1 > line.seq or hash_at(store, line, batch.first - 1) != batch.before:
            continue
        known = _shared_front(store, line, batch)
        if best is None or known > best[1]:
            best = (line, known)
    return best


def _shared_front(store: Store, line: Line, batch: Batch) -> int:
    """How many of a batch's entries a line has."""
    if hash_at(store, line, batch.last) == batch.rows[-1][1]:
        return len(batch.rows)
    here = rows_after(store, line, batch.first - 1, len(batch.rows))
    return sum(mine[1] == theirs[1] for mine, theirs in zip(here, batch.rows, strict=False))
