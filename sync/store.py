"""The journal's rows: the few statements of plain SQL that read and write them, on SQLite and PostgreSQL alike.

Plain SQL, because the writer appends thousands of entries a second. Entries, seeds and seals hang on their hub and the
small number of their line. An entry at the end of a line is a row of its own; whole runs are packed to one row
(`sync.runs`), which stands at the number of its last entry.

How far a line goes is what its row in `journal_stream` says, and nothing else. Where the entries lie on another server,
that one may have kept more of them before the power went: what is beyond the head was told to nobody, is never read,
and makes way for what comes (`settle`).
"""

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import peewee

from sync import runs, strokes
from sync.erasures import Erasures
from sync.errors import JournalDamaged
from sync.stream import NO_MARKS, Row, block_of, origin

ON_LINES = ("journal_entry", "journal_seed", "journal_seal")
"""The tables whose rows hang on a line."""
_LINE = "hub, stream, root, parent, base, audience, incarnation, predecessor, seq, head, is_current, number"
_CURRENT = (
    f"SELECT {', '.join(f's.{name}' for name in _LINE.split(', '))}, d.seed FROM journal_stream s"  # noqa: S608 - our own
    " LEFT JOIN journal_seed d ON d.hub = s.hub AND d.line = s.number AND d.block = s.seq / 256"
    " WHERE s.hub = ? AND s.is_current = 1 AND s.audience = ?"
)
Held = tuple[int, bytes, bytes]
"""A row of entries: the last number, the hash after it, and the entry's bytes or those of a run."""
_Key = tuple[str, int]
"""A line as its rows name it: hub and number."""
_Place = tuple[str, int, int]
"""The same and the number of an entry."""


@dataclass(frozen=True)
class Line:
    """A row of `journal_stream`: a stream as far as it is here, or a branch of one; `number` only counts it here.

    Hub and number together are what its entries, seeds and seals hang on.
    """

    hub: str
    stream: str
    root: str
    parent: str
    base: int
    audience: str
    incarnation: int
    predecessor: str
    seq: int
    head: bytes
    is_current: int = 0
    number: int = 0

    @property
    def is_anew(self) -> bool:
        """Whether its hub started over with it: it goes on from none of those before it."""
        return self.incarnation > 1 and not self.predecessor


class Store:
    """The tables of `sync.schema` in one database."""

    def __init__(self, database: peewee.Database) -> None:
        self._execute: Callable[..., Any] = database.execute_sql
        self._mark = database.param
        self.erasures = Erasures(self._run)

    def _run(self, statement: str, *values: Any) -> Any:
        return self._execute(statement.replace("?", self._mark), values)

    def _lines(self, where: str, *values: Any) -> list[Line]:
        rows = self._run(f"SELECT {_LINE} FROM journal_stream WHERE {where}", *values).fetchall()  # noqa: S608
        return [Line(*row) for row in rows]

    def current(self, hub: str, audience: str) -> tuple[Line, bytes | None] | None:
        """The line that a hub of ours appends to, and the seed for its next entry where there is one."""
        row = self._run(_CURRENT, hub, audience).fetchone()
        return None if row is None else (Line(*row[:-1]), row[-1])

    def lines(self, hub: str | None = None, audience: str | None = None) -> list[Line]:
        """All lines, or those of a hub or for an audience, in the order of their names."""
        wanted = [("hub", hub), ("audience", audience)]
        where = " AND ".join(f"{name} = ?" for name, value in wanted if value is not None)
        values = [value for _, value in wanted if value is not None]
        return self._lines(f"{where or '1 = 1'} ORDER BY hub, stream", *values)

    def between(self, own: str, sends: Sequence[str], peer: str, takes: Sequence[str], everybody: str) -> list[Line]:
        """Lines of two hubs for the audiences that each gives the other, and those of third hubs for `everybody`."""
        where = (
            f"(hub = ? AND audience IN ({_marks(sends)})) OR (hub = ? AND audience IN ({_marks(takes)}))"
            " OR (hub NOT IN (?, ?) AND audience = ?) ORDER BY root, base, stream"
        )
        return self._lines(where, own, *sends, peer, *takes, own, peer, everybody)

    def count_lines(self, hub: str) -> int:
        """How many lines of a hub are here."""
        return int(self._run("SELECT count(*) FROM journal_stream WHERE hub = ?", hub).fetchone()[0])

    def line(self, stream: str) -> Line | None:
        """The line with this name."""
        found = self._lines("stream = ?", stream)
        return found[0] if found else None

    def family(self, root: str) -> list[Line]:
        """A stream and its branches, the stream first."""
        return self._lines("root = ? ORDER BY base, stream", root)

    def add_line(self, line: Line) -> Line:
        """Write a new line's row, and return the line with the number that it got."""
        asked = "SELECT coalesce(max(number), 0) + 1 FROM journal_stream WHERE hub = ?"
        (number,) = self._run(asked, line.hub).fetchone()
        numbered = replace(line, number=number)
        values = tuple(vars(numbered).values())
        self._run(f"INSERT INTO journal_stream ({_LINE}) VALUES ({_marks(values)})", *values)  # noqa: S608
        return numbered

    def retire(self, hub: str, audience: str) -> None:
        """From now on no line of this hub for the audience is appended to."""
        self._run(
            "UPDATE journal_stream SET is_current = 0 WHERE hub = ? AND audience = ? AND is_current = 1", hub, audience
        )

    def forget(self, gone: Iterable[Line]) -> None:
        """Delete lines with everything on them."""
        for line in gone:
            for table in ON_LINES:
                self._run(f"DELETE FROM {table} WHERE hub = ? AND line = ?", line.hub, line.number)  # noqa: S608 - our own
            self._run("DELETE FROM journal_stream WHERE hub = ? AND number = ?", line.hub, line.number)

    def going_on_from(self, stream: str) -> list[Line]:
        """The lines that say they go on from a stream."""
        return self._lines("predecessor LIKE ? ORDER BY hub, stream", f"%{stream}%")

    def adopt(self, line: Line, hub: str) -> None:
        """Have a line with all that hangs on it be another hub's, one that has no line of that number."""
        for table in ON_LINES:
            self._run(f"UPDATE {table} SET hub = ? WHERE hub = ? AND line = ?", hub, line.hub, line.number)  # noqa: S608 - our own
        self._run("UPDATE journal_stream SET hub = ? WHERE hub = ? AND number = ?", hub, line.hub, line.number)
        self.erasures.adopt(line.root, line.stream, hub)

    def leave_out(self, gone: Iterable[Line]) -> None:
        """Forget lines; what hangs on them is never read again, and `sweep` takes it away."""
        for line in gone:
            self._run("DELETE FROM journal_stream WHERE hub = ? AND number = ?", line.hub, line.number)

    def sweep(self, hub: str) -> None:
        """Delete what hangs on no line of a hub. Safe to repeat."""
        numbers = [line.number for line in self.lines(hub)]
        others = f" AND line NOT IN ({_marks(numbers)})" if numbers else ""
        for table in ON_LINES:
            self._run(f"DELETE FROM {table} WHERE hub = ?{others}", hub, *numbers)  # noqa: S608 - our own names

    def add_entries(self, line: Line, rows: Sequence[Row], marks: Mapping[int, bytes] = NO_MARKS) -> None:
        """Write entries at the end of a line, packing each run that they complete, and its new head.

        Those that have no seed have `marks`.
        """
        first, last = rows[0][0], rows[-1][0]
        is_whole = runs.first_of(last + 1) > first
        seeds = self.seeds(line, runs.first_of(first), last) if is_whole else {}
        kept: list[Held] = []
        start, before = 0, line.head
        for end, (seq, running, _) in enumerate(rows, 1):
            if runs.ends_at(seq) or end == len(rows):
                kept += self._kept(line, before, rows[start:end], seeds, marks)
                start, before = end, running
        self._put(line, kept)
        seq, running, _ = rows[-1]
        changed = "UPDATE journal_stream SET seq = ?, head = ? WHERE hub = ? AND number = ?"
        self._run(changed, seq, running, line.hub, line.number)

    def settle(self, line: Line) -> None:
        """Take away what lies beyond the head of a line: a server kept it, and the power went before we did."""
        beyond = self._held(line, line.seq, 1)
        if not beyond:
            return
        kept = list(_up_to(line, beyond[0]))
        block = block_of(line.seq) if line.seq > line.base else -1
        for table, at, last in (
            ("journal_entry", "seq", line.seq),
            ("journal_seed", "block", block),
            ("journal_seal", "seq", line.seq),
        ):
            gone = f"DELETE FROM {table} WHERE hub = ? AND line = ? AND {at} > ?"  # noqa: S608 - our own names
            self._run(gone, line.hub, line.number, last)
        self._put(line, kept)

    def entries(self, line: Line, after: int, limit: int) -> list[Row]:
        """Entries of one line (not of its parent) after a number, up to its head. Raises JournalDamaged."""
        rows: list[Row] = []
        limit = max(0, min(limit, line.seq - after))
        at_once = -(-limit // runs.LENGTH)
        while len(rows) < limit:
            held = self._held(line, after, at_once)
            rows += (row for each in held for row in _opened(line, each) if row[0] > after)
            if len(held) < at_once:
                break
            after, at_once = held[-1][0], 2 * at_once
        return rows[:limit]

    def at(self, places: Sequence[tuple[str, int]]) -> list[tuple[Line, int, bytes]]:
        """The entries at these places, each a line's name and a number: line, number and bytes; in no order.

        Raises JournalDamaged. Running hashes are left out: in a run they take longer than all the rest.
        """
        names = sorted({stream for stream, _ in places})
        lines = {line.stream: line for line in self._lines(f"stream IN ({_marks(names)})", *names)} if names else {}
        wanted = sorted({(*_key(lines[stream]), seq) for stream, seq in places if stream in lines})
        by_key = {_key(line): line for line in lines.values()}
        return [
            (by_key[key], seq, raw)
            for key, last, kept in self._holding(wanted)
            for seq, raw in _some(by_key[key], last, kept, wanted)
        ]

    def hash_of(self, line: Line, seq: int) -> bytes | None:
        """The running hash after one entry of this line (not of its parent). Raises JournalDamaged."""
        held = self._held(line, seq - 1, 1)
        if not held or held[0][0] == seq:
            return held[0][1] if held else None
        return next((running for number, running, _ in _opened(line, held[0]) if number == seq), None)

    def add_seeds(self, line: Line, seeds: Mapping[int, bytes]) -> None:
        """Keep the seeds of blocks, by their numbers."""
        rows = [(line.hub, line.number, *each) for each in seeds.items()]
        self._insert("journal_seed (hub, line, block, seed)", rows)

    def seeds(self, line: Line, first: int, last: int) -> dict[int, bytes]:
        """Block → seed for the blocks that hold the entries from number `first` to `last`."""
        rows = self._run(
            "SELECT block, seed FROM journal_seed WHERE hub = ? AND line = ? AND block BETWEEN ? AND ?",
            *(line.hub, line.number, block_of(first), block_of(last)),
        ).fetchall()
        return {int(block): bytes(seed) for block, seed in rows}

    def marks(self, line: Line, first: int, last: int) -> dict[int, bytes]:
        """Number → mark for those of the entries from number `first` to `last` whose block has no seed any more.

        Raises JournalDamaged.
        """
        found: dict[int, bytes] = {}
        after = first - 1
        while after < last and (held := self._held(line, after, 1)):
            ((after, _, kept),) = held
            if runs.is_marked(kept):
                found |= runs.unpack(kept, line.stream, after).marks
        return {seq: mark for seq, mark in found.items() if first <= seq <= last}

    def put_marks(self, line: Line, before: bytes, rows: Sequence[Row], marks: Mapping[int, bytes]) -> None:
        """Keep entries that stand here with a mark each, and no seed of their block; `before` comes before the first.

        They are all those of one block on this line.
        """
        first, last = rows[0][0], rows[-1][0]
        gone = "DELETE FROM journal_entry WHERE hub = ? AND line = ? AND seq BETWEEN ? AND ?"
        self._run(gone, line.hub, line.number, first, last)
        gone = "DELETE FROM journal_seed WHERE hub = ? AND line = ? AND block = ?"
        self._run(gone, line.hub, line.number, block_of(first))
        for _, some in itertools.groupby(rows, lambda row: runs.first_of(row[0])):
            run = list(some)
            self._put(line, runs.pack(before, b"", run, marks))
            before = run[-1][1]

    def _put(self, line: Line, kept: Sequence[Held]) -> None:
        """Write rows of entries."""
        self._insert("journal_entry (hub, line, seq, hash, raw)", [(line.hub, line.number, *row) for row in kept])

    def _insert(self, into: str, rows: strokes.Rows) -> None:
        for statement, values in strokes.of(into, rows, self._mark):
            self._execute(statement, values)

    def _kept(
        self, line: Line, before: bytes, rows: Sequence[Row], seeds: Mapping[int, bytes], marks: Mapping[int, bytes]
    ) -> list[Held]:
        """The rows that keep entries of one run: packed with those before them when they complete it, else each one.

        Those before them that are packed now are taken away where they lay.
        """
        last = rows[-1][0]
        kept = self._completed(line, before, rows, seeds, marks) if runs.ends_at(last) else []
        if kept and len(rows) < runs.LENGTH:
            gone = "DELETE FROM journal_entry WHERE hub = ? AND line = ? AND seq BETWEEN ? AND ?"
            self._run(gone, line.hub, line.number, runs.first_of(last), last)
        return kept or list(runs.alone(before, rows, marks))

    def _completed(
        self, line: Line, last: bytes, rows: Sequence[Row], seeds: Mapping[int, bytes], marks: Mapping[int, bytes]
    ) -> list[Held]:
        """The rows that keep a whole run, whose last entries these are; `last` is the running hash before them.

        None when something of it is not here, or is not what its hash says: that stays as it lies, for the doctor.
        """
        first = runs.first_of(rows[-1][0])
        held = self._held(line, first - 1, rows[0][0] - first) if first < rows[0][0] else []
        before = self._before(line, first, last) if first == rows[0][0] else self._before(line, first)
        seed = seeds.get(block_of(first), b"")
        every = {} if seed else dict(marks)
        try:
            tail = [row for each in held for row in _opened(line, each)]
            for seq, _, kept in held:
                every |= runs.unpack(kept, line.stream, seq).marks if runs.is_marked(kept) else {}
            if before is None or not runs.leads(before, seeds, first, [*tail, rows[0]], every):
                return []
        except (KeyError, JournalDamaged):
            return []
        return runs.pack(before, seed, [*tail, *rows], every)

    def _before(self, line: Line, first: int, known: bytes | None = None) -> bytes | None:
        """The running hash before an entry of this line, as far as it is on it; `known` where it need not be read."""
        if first == 1:
            return origin(line.root)
        return self.hash_of(line, first - 1) if known is None or line.base >= first - 1 else known

    def _held(self, line: Line, after: int, limit: int) -> list[Held]:
        """Rows of entries whose last number is after another, in order."""
        rows = self._run(
            "SELECT seq, hash, raw FROM journal_entry WHERE hub = ? AND line = ? AND seq > ? ORDER BY seq LIMIT ?",
            *(line.hub, line.number, after, limit),
        ).fetchall()
        return [(seq, bytes(running), bytes(kept)) for seq, running, kept in rows]

    def _holding(self, wanted: Iterable[_Place]) -> list[tuple[_Key, int, bytes]]:
        """The rows that hold these entries: of which line, the last number, and the bytes."""
        values = [value for place in wanted for value in place]
        if not values:
            return []
        rows = self._run(
            f"WITH place (hub, line, seq) AS (VALUES {', '.join(['(?, ?, ?)'] * (len(values) // 3))})"  # noqa: S608 - our own
            " SELECT e.hub, e.line, e.seq, e.raw FROM (SELECT DISTINCT p.hub, p.line, (SELECT min(h.seq)"
            " FROM journal_entry h WHERE h.hub = p.hub AND h.line = p.line AND h.seq >= p.seq) AS seq FROM place p) f"
            " JOIN journal_entry e ON e.hub = f.hub AND e.line = f.line AND e.seq = f.seq",
            *values,
        ).fetchall()
        return [((hub, line), seq, bytes(kept)) for hub, line, seq, kept in rows]

    def add_seal(self, line: Line, seq: int, signature: bytes) -> None:
        """Keep the owner's signature over the running hash at a number."""
        self._run(
            "INSERT INTO journal_seal (hub, line, seq, signature) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            *(line.hub, line.number, seq, signature),
        )

    def seals(self, line: Line, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Signed numbers of a line after a number, in order."""
        rows: Iterable[Any] = self._run(
            "SELECT seq, signature FROM journal_seal WHERE hub = ? AND line = ? AND seq > ? ORDER BY seq LIMIT ?",
            *(line.hub, line.number, after, limit),
        ).fetchall()
        return [(int(seq), bytes(signature)) for seq, signature in rows]


def _opened(line: Line, held: Held) -> tuple[Row, ...]:
    """The entries that a row keeps, each with the running hash after it. Raises JournalDamaged."""
    last, running, kept = held
    if not runs.is_packed(kept):
        return (held,)
    rows = runs.unpack(kept, line.stream, last).rows()
    if rows[-1][1] != running:
        raise runs.damaged(line.stream, last)
    return rows


def _key(line: Line) -> _Key:
    """What the rows of a line hang on."""
    return line.hub, line.number


def _some(line: Line, last: int, kept: bytes, wanted: Sequence[_Place]) -> Iterator[tuple[int, bytes]]:
    """Numbers and bytes of those entries of a row that are wanted; these are sorted. Raises JournalDamaged."""
    end = bisect_right(wanted, (*_key(line), last))
    if not runs.is_packed(kept):
        if end and wanted[end - 1] == (*_key(line), last):
            yield last, kept
        return
    run = runs.unpack(kept, line.stream, last)
    for _, _, seq in wanted[bisect_left(wanted, (*_key(line), run.first)) : end]:
        yield seq, run.raw(seq)


def _up_to(line: Line, held: Held) -> Iterator[Held]:
    """The rows that keep those entries of a row that are not beyond the head of its line."""
    last, _, kept = held
    rows = [row for row in _opened(line, held) if row[0] <= line.seq]
    if rows and runs.is_marked(kept):
        run = runs.unpack(kept, line.stream, last)
        yield from runs.pack(run.before, b"", rows, run.marks)
    else:
        yield from rows


def _marks(values: Sequence[Any]) -> str:
    """A question mark for each value."""
    return strokes.marks("?", values)
