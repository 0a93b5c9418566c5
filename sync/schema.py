"""The journal's tables, in ordered steps. A step that was released is never edited.

Every primary key holds the hub, so that a region can spread the tables over several servers by it later.
`journal_entry` keeps each entry's bytes as they came, with the running hash after it. A row of `journal_stream` is a
line of entries: a whole stream, or a branch that leaves another line of the same stream after `base`
(see `sync.lines`). `root` is the name that a stream has on the wire; a branch has a name of its own only here.
"""

from collections.abc import Callable

import peewee

TABLES = (
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


def _first(database: peewee.Database) -> None:
    """The tables as they were first released."""
    kind = "BLOB" if isinstance(database, peewee.SqliteDatabase) else "BYTEA"
    execute: Callable[[str], object] = database.execute_sql
    for statement in TABLES:
        execute(statement.format(bytes=kind))


STEPS: tuple[Callable[[peewee.Database], None], ...] = (_first,)
