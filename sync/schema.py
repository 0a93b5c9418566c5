"""The journal's tables, in ordered steps. A step that was released is never edited.

A row of `journal_stream` is a line of entries: a whole stream, or a branch that leaves another line of the same stream
after `base` (see `sync.lines`). `root` is the name that a stream has on the wire; a branch has a name of its own only
here. `number` counts the lines of a hub in this database; entries, seeds and seals hang on hub and number. On
PostgreSQL these three are parted by a hash of the hub from the first day, so that the parts of a large region can be
moved to other servers; `journal_stream` stays whole, where the program looks, and its heads alone say how far a line
goes.
A row of `journal_entry` keeps the bytes of one entry as they came, or those of a run of entries packed together
(`sync.runs`), with the running hash after the last of them, whose number it stands at.

A new form of runs, or a new dictionary for them, comes with a step, even an empty one: an older program then says that
it cannot read the database, instead of calling it damaged.
"""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import peewee

from sync import runs
from sync.stream import Row, block_of, chain, origin

FIRST = (
    "CREATE TABLE journal_stream (hub TEXT NOT NULL, stream TEXT NOT NULL, root TEXT NOT NULL, parent TEXT NOT NULL,"
    " base BIGINT NOT NULL, audience TEXT NOT NULL, incarnation INTEGER NOT NULL, predecessor TEXT NOT NULL,"
    " seq BIGINT NOT NULL, head {bytes} NOT NULL, is_current INTEGER NOT NULL, PRIMARY KEY (hub, stream))",
    "CREATE INDEX journal_stream_name ON journal_stream (stream)",
    "CREATE INDEX journal_stream_root ON journal_stream (root)",
    "CREATE TABLE journal_entry (hub TEXT NOT NULL, stream TEXT NOT NULL, seq BIGINT NOT NULL, hash {bytes} NOT NULL,"
    " raw {bytes} NOT NULL, PRIMARY KEY (hub, stream, seq))",
    "CREATE TABLE journal_seed (hub TEXT NOT NULL, stream TEXT NOT NULL, block BIGINT NOT NULL, seed {bytes} NOT NULL,"
    " PRIMARY KEY (hub, stream, block))",
    "CREATE TABLE journal_seal (hub TEXT NOT NULL, stream TEXT NOT NULL, seq BIGINT NOT NULL,"
    " signature {bytes} NOT NULL, PRIMARY KEY (hub, stream, seq))",
)


ON_NUMBERS = (
    "CREATE UNIQUE INDEX journal_stream_number ON journal_stream (number)",
    "CREATE TABLE journal_entry (line BIGINT NOT NULL, seq BIGINT NOT NULL, hash {bytes} NOT NULL,"
    " raw {bytes} NOT NULL, PRIMARY KEY (line, seq))",
    "CREATE TABLE journal_seed (line BIGINT NOT NULL, block BIGINT NOT NULL, seed {bytes} NOT NULL,"
    " PRIMARY KEY (line, block))",
    "CREATE TABLE journal_seal (line BIGINT NOT NULL, seq BIGINT NOT NULL, signature {bytes} NOT NULL,"
    " PRIMARY KEY (line, seq))",
)
ERASED = (
    "CREATE TABLE journal_erased (root TEXT NOT NULL, seq BIGINT NOT NULL, hub TEXT NOT NULL, hash {bytes} NOT NULL,"
    " signature {bytes} NOT NULL, PRIMARY KEY (root, seq, hub, signature))",
    "CREATE TABLE journal_known (hub TEXT NOT NULL, mark {bytes} NOT NULL, PRIMARY KEY (hub, mark))",
    "CREATE TABLE journal_wish (hub TEXT NOT NULL, stream TEXT NOT NULL, seq BIGINT NOT NULL,"
    " PRIMARY KEY (hub, stream, seq))",
)
"""What owners had erased, whose entries may still be on their way (then `hash` is empty), the ids in them, and where it
is said."""
ON_LINES = ("journal_entry", "journal_seed", "journal_seal")
"""The tables whose rows hung on the names of their line, and hang on its number since."""
BY_HUB = {
    "journal_entry": ("line BIGINT NOT NULL, seq BIGINT NOT NULL, hash {bytes} NOT NULL, raw {bytes} NOT NULL", "seq"),
    "journal_seed": ("line BIGINT NOT NULL, block BIGINT NOT NULL, seed {bytes} NOT NULL", "block"),
    "journal_seal": ("line BIGINT NOT NULL, seq BIGINT NOT NULL, signature {bytes} NOT NULL", "seq"),
}
"""The same tables with the hub in every key: the columns beside it, and what ends the key."""
PARTS = 64
"""Parts of each of them on PostgreSQL. What was made with another number keeps it: nobody asks but who makes them."""
AT_ONCE = 8 * runs.LENGTH
"""Entries moved at a time; bounds memory, and how long nobody hears that a step goes on."""
Still = Callable[[], None]
"""Called again and again by a step that takes long, for whoever waits."""


def _first(database: peewee.Database, _: Still) -> None:
    """The tables as they were first released."""
    _run_all(database, FIRST)


def _packed(database: peewee.Database, still: Still) -> None:
    """Number the lines, hang everything on the numbers, and pack the entries; what is damaged is moved as it is."""
    execute, mark = _asking(database), database.param
    execute("ALTER TABLE journal_stream ADD COLUMN number BIGINT NOT NULL DEFAULT 0")
    names = execute("SELECT hub, stream, root FROM journal_stream ORDER BY hub, stream").fetchall()
    for number, (hub, stream, _) in enumerate(names, 1):
        changed = f"UPDATE journal_stream SET number = {mark} WHERE hub = {mark} AND stream = {mark}"  # noqa: S608
        execute(changed, (number, hub, stream))
    for table in ON_LINES:
        execute(f"ALTER TABLE {table} RENAME TO {table}_named")
    _run_all(database, ON_NUMBERS)
    for table, columns in (("journal_seed", "block, seed"), ("journal_seal", "seq, signature")):
        execute(
            f"INSERT INTO {table} (line, {columns}) SELECT s.number, {columns.replace('seq', 't.seq')}"  # noqa: S608
            f" FROM {table}_named t JOIN journal_stream s ON s.hub = t.hub AND s.stream = t.stream"
        )
    for number, (hub, stream, root) in enumerate(names, 1):
        _move(database, number, (hub, stream), root, still)
    for table in ON_LINES:
        execute(f"DROP TABLE {table}_named")


def _move(database: peewee.Database, number: int, names: tuple[str, str], root: str, still: Still) -> None:
    """Move the entries of one line, packing each whole run of them that its hashes vouch for."""
    execute, mark = _asking(database), database.param
    asked = f"SELECT block, seed FROM journal_seed WHERE line = {mark}"  # noqa: S608 - our own names
    seeds = {block: bytes(seed) for block, seed in execute(asked, (number,)).fetchall()}
    into = f"INSERT INTO journal_entry (line, seq, hash, raw) VALUES ({mark}, {mark}, {mark}, {mark})"  # noqa: S608
    before: tuple[int, bytes] = (0, origin(root))
    for some in _runs_of(database, names, still):
        for row in _kept(some, before, seeds):
            execute(into, (number, *row))
        before = some[-1][:2]


def _runs_of(database: peewee.Database, names: tuple[str, str], still: Still) -> Iterator[list[Row]]:
    """The entries of a line of the first tables, run by run; a run may be incomplete."""
    execute, mark = _asking(database), database.param
    asked = (
        f"SELECT seq, hash, raw FROM journal_entry_named WHERE hub = {mark} AND stream = {mark} AND seq > {mark}"  # noqa: S608
        f" AND seq <= {mark} ORDER BY seq"
    )
    last = f"SELECT coalesce(max(seq), 0) FROM journal_entry_named WHERE hub = {mark} AND stream = {mark}"  # noqa: S608
    (end,) = execute(last, names).fetchone()
    for after in range(0, end, AT_ONCE):
        still()
        rows = execute(asked, (*names, after, after + AT_ONCE)).fetchall()
        found = [(seq, bytes(running), bytes(raw)) for seq, running, raw in rows]
        for _, some in itertools.groupby(found, lambda row: runs.first_of(row[0])):
            yield list(some)


def _kept(rows: list[Row], before: tuple[int, bytes], seeds: dict[int, bytes]) -> list[Row]:
    """The rows that keep these entries: those of a run, or the same where they are no whole run or do not fit."""
    first = rows[0][0]
    seed = seeds.get(block_of(first))
    if len(rows) < runs.LENGTH or before[0] != first - 1 or seed is None:
        return rows
    if tuple(rows) != chain(first, before[1], {block_of(first): seed}, [raw for _, _, raw in rows]):
        return rows
    return runs.pack(before[1], seed, rows)


def _by_hub(database: peewee.Database, still: Still) -> None:
    """Put the hub into every key, and on PostgreSQL part the tables by it."""
    execute = _asking(database)
    for table in ON_LINES:
        execute(f"ALTER TABLE {table} RENAME TO {table}_whole")
    _run_all(
        database,
        (
            "DROP INDEX journal_stream_number",
            "CREATE UNIQUE INDEX journal_stream_number ON journal_stream (hub, number)",
            *(statement for table in ON_LINES for statement in parted(table, _parts(database))),
        ),
    )
    for hub, number, end in execute("SELECT hub, number, seq FROM journal_stream ORDER BY hub, number").fetchall():
        for table in ON_LINES:
            _hang_on_hub(database, table, (hub, number), end, still)
    for table in ON_LINES:
        execute(f"DROP TABLE {table}_whole")


def parted(table: str, parts: int) -> tuple[str, ...]:
    """What makes one of the tables by hub: whole when there are no parts, else with so many.

    Every part has the key and the whole has none: PostgreSQL lets no part lie on another server beside a key of all.
    All rows of a hub lie in one part, so that is the same.
    """
    if not parts:
        return (f"CREATE TABLE {table} ({columns_of(table)}, {key_of(table)})",)
    return (
        f"CREATE TABLE {table} ({columns_of(table)}) PARTITION BY HASH (hub)",
        *(
            f"CREATE TABLE {part_name(table, number)} PARTITION OF {table} ({key_of(table)})"
            f" FOR VALUES WITH (MODULUS {parts}, REMAINDER {number})"
            for number in range(parts)
        ),
    )


def columns_of(table: str) -> str:
    """The columns of one of the tables by hub; `{bytes}` stands for the database's name of a column of bytes."""
    return f"hub TEXT NOT NULL, {BY_HUB[table][0]}"


def key_of(table: str) -> str:
    """The key of one of the tables by hub."""
    return f"PRIMARY KEY (hub, line, {BY_HUB[table][1]})"


def part_name(table: str, number: int) -> str:
    """What one part of a table is called."""
    return f"{table}_{number:02d}"


def _parts(database: peewee.Database) -> int:
    return 0 if isinstance(database, peewee.SqliteDatabase) else PARTS


def _hang_on_hub(database: peewee.Database, table: str, line: tuple[str, int], end: int, still: Still) -> None:
    """Move what one line has in a table, a few thousand entries at a time."""
    execute, mark, (described, at) = _asking(database), database.param, BY_HUB[table]
    columns = ", ".join(column.split()[0] for column in described.split(", "))
    moved = (
        f"INSERT INTO {table} (hub, {columns}) SELECT {mark}, {columns} FROM {table}_whole"  # noqa: S608 - our own names
        f" WHERE line = {mark} AND {at} > {mark} AND {at} <= {mark}"
    )
    for after in range(-1, end, AT_ONCE * runs.LENGTH):
        still()
        execute(moved, (*line, after, after + AT_ONCE * runs.LENGTH))


def _run_all(database: peewee.Database, statements: tuple[str, ...]) -> None:
    kind = "BLOB" if isinstance(database, peewee.SqliteDatabase) else "BYTEA"
    execute = _asking(database)
    for statement in statements:
        execute(statement.format(bytes=kind))


def _asking(database: peewee.Database) -> Callable[..., Any]:
    """Runs one statement with its values."""
    execute: Callable[..., Any] = database.execute_sql
    return execute


def _erasable(database: peewee.Database, _: Still) -> None:
    """The tables of what was erased, and runs with marks."""
    _run_all(database, ERASED)


STEPS: tuple[Callable[[peewee.Database, Still], None], ...] = (_first, _packed, _by_hub, _erasable)
