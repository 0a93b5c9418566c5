"""The journal's rows: the few statements of plain SQL that read and write them, on SQLite and PostgreSQL alike.

Plain SQL, because the writer appends thousands of entries a second. Nothing here decides anything.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from sync.batch import Row
from sync.stream import block_of

TABLES = ("journal_entry", "journal_seed", "journal_seal", "journal_stream")
_LINE = "hub, stream, root, parent, base, audience, incarnation, predecessor, seq, head, is_current"


@dataclass(frozen=True)
class Line:
    """A row of `journal_stream`: a stream as far as it is here, or a branch of one."""

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

    @property
    def is_anew(self) -> bool:
        """Whether its hub started over with it: it goes on from none of those before it."""
        return self.incarnation > 1 and not self.predecessor


class Store:
    """The tables of `sync.schema` in one database."""

    def __init__(self, database: peewee.Database) -> None:
        self._execute: Callable[..., Any] = database.execute_sql
        self._mark = database.param

    def _run(self, statement: str, *values: Any) -> Any:
        return self._execute(statement.replace("?", self._mark), values)

    def _lines(self, where: str, *values: Any) -> list[Line]:
        rows = self._run(f"SELECT {_LINE} FROM journal_stream WHERE {where}", *values).fetchall()  # noqa: S608
        return [Line(*row) for row in rows]

    def current(self, hub: str, audience: str) -> tuple[Line, bytes | None] | None:
        """The line that a hub of ours appends to, and the seed for its next entry where there is one."""
        columns = ", ".join(f"s.{name}" for name in _LINE.split(", "))
        row = self._run(
            f"SELECT {columns}, d.seed FROM journal_stream s LEFT JOIN journal_seed d"  # noqa: S608 - our own names
            " ON d.hub = s.hub AND d.stream = s.stream AND d.block = s.seq / 256"
            " WHERE s.hub = ? AND s.is_current = 1 AND s.audience = ?",
            hub,
            audience,
        ).fetchone()
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

    def add_line(self, line: Line) -> None:
        """Write a new line's row."""
        values = tuple(vars(line).values())
        self._run(f"INSERT INTO journal_stream ({_LINE}) VALUES ({_marks(values)})", *values)  # noqa: S608

    def retire(self, hub: str, audience: str) -> None:
        """From now on no line of this hub for the audience is appended to."""
        self._run(
            "UPDATE journal_stream SET is_current = 0 WHERE hub = ? AND audience = ? AND is_current = 1", hub, audience
        )

    def forget_all_but(self, hub: str, streams: Sequence[str]) -> None:
        """Delete everything that is not in these lines of one hub."""
        for table in TABLES:
            where = f"hub <> ? OR stream NOT IN ({_marks(['', *streams])})"
            self._run(f"DELETE FROM {table} WHERE {where}", hub, "", *streams)  # noqa: S608 - our own names

    def add_entries(self, line: Line, rows: Sequence[Row]) -> None:
        """Write entries at the end of a line, and its new head."""
        for seq, running, raw in rows:
            self._run(
                "INSERT INTO journal_entry (hub, stream, seq, hash, raw) VALUES (?, ?, ?, ?, ?)",
                line.hub,
                line.stream,
                seq,
                running,
                raw,
            )
        seq, running, _ = rows[-1]
        self._run(
            "UPDATE journal_stream SET seq = ?, head = ? WHERE hub = ? AND stream = ?",
            seq,
            running,
            line.hub,
            line.stream,
        )

    def entries(self, line: Line, after: int, limit: int) -> list[Row]:
        """Entries of one line (not of its parent) after a number."""
        rows = self._run(
            "SELECT seq, hash, raw FROM journal_entry WHERE hub = ? AND stream = ? AND seq > ? ORDER BY seq LIMIT ?",
            line.hub,
            line.stream,
            after,
            limit,
        ).fetchall()
        return [(seq, bytes(running), bytes(raw)) for seq, running, raw in rows]

    def at(self, places: Sequence[tuple[str, int]]) -> list[tuple[Line, Row]]:
        """The entries at these places, each a line's name and a number, with their lines; in no order."""
        columns = ", ".join(f"s.{name}" for name in _LINE.split(", "))
        rows = self._run(
            f"WITH place (stream, seq) AS (VALUES {', '.join(['(?, ?)'] * len(places))})"  # noqa: S608 - our own names
            f" SELECT e.seq, e.hash, e.raw, {columns} FROM place p JOIN journal_stream s ON s.stream = p.stream"
            " JOIN journal_entry e ON e.hub = s.hub AND e.stream = s.stream AND e.seq = p.seq",
            *(value for place in places for value in place),
        ).fetchall()
        return [(Line(*row[3:]), (row[0], bytes(row[1]), bytes(row[2]))) for row in rows]

    def hash_of(self, line: Line, seq: int) -> bytes | None:
        """The running hash after one entry of this line (not of its parent)."""
        row = self._run(
            "SELECT hash FROM journal_entry WHERE hub = ? AND stream = ? AND seq = ?", line.hub, line.stream, seq
        ).fetchone()
        return None if row is None else bytes(row[0])

    def add_seed(self, line: Line, block: int, seed: bytes) -> None:
        """Keep the seed of a block."""
        self._run(
            "INSERT INTO journal_seed (hub, stream, block, seed) VALUES (?, ?, ?, ?)",
            line.hub,
            line.stream,
            block,
            seed,
        )

    def seeds(self, line: Line, first: int, last: int) -> dict[int, bytes]:
        """Block → seed for the blocks that hold the entries from number `first` to `last`."""
        rows = self._run(
            "SELECT block, seed FROM journal_seed WHERE hub = ? AND stream = ? AND block BETWEEN ? AND ?",
            line.hub,
            line.stream,
            block_of(first),
            block_of(last),
        ).fetchall()
        return {int(block): bytes(seed) for block, seed in rows}

    def add_seal(self, line: Line, seq: int, signature: bytes) -> None:
        """Keep the owner's signature over the running hash at a number."""
        self._run(
            "INSERT INTO journal_seal (hub, stream, seq, signature) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            line.hub,
            line.stream,
            seq,
            signature,
        )

    def seals(self, line: Line, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Signed numbers of a line after a number, in order."""
        rows: Iterable[Any] = self._run(
            "SELECT seq, signature FROM journal_seal WHERE hub = ? AND stream = ? AND seq > ? ORDER BY seq LIMIT ?",
            line.hub,
            line.stream,
            after,
            limit,
        ).fetchall()
        return [(int(seq), bytes(signature)) for seq, signature in rows]


def _marks(values: Sequence[Any]) -> str:
    """A question mark for each value."""
    return ", ".join("?" * len(values))
