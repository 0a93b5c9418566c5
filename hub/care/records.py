"""A hub's records in one SQLite file: what a backup carries, whichever database the hub keeps them in.

Only the journal and the node-local tables are in it: projections are made from them again. Sign-ins and counted tries
stay behind, so that a restored hub lets nobody in by an old cookie.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import apsw
import peewee

from hub import migrations
from hub.database import Database, close_database, is_sqlite, open_database
from hub.errors import BackupDamaged, DatabaseUnreachable
from hub.tables import PROJECTIONS, compact, local
from hub.writer import Writer
from sync import stream
from sync.store import Store

JOURNAL_PREFIX = "journal_"
LOCAL = frozenset({"version", *(model.__name__.lower() for model in local.MODELS)})
FOLDED = frozenset(model.__name__.lower() for model in PROJECTIONS)
LEFT_OUT = frozenset({"signin", "attempt"})
"""Node-local tables that a backup leaves empty."""
ROWS_AT_ONCE = 200
"""Rows in one INSERT; SQLite takes 32,766 values in a statement, our widest table has twelve."""
LONG_ROWS_AT_ONCE = {"document": 8}
"""The same of tables whose rows may be long: half a megabyte each."""
NOT_WHOLE = "The copy of the records is not whole ({why}). Nothing was changed; use another backup."


def snapshot(database: Database, path: Path) -> None:
    """Write the records as they are at one moment to `path`, while others go on reading and writing."""
    if is_sqlite(database):
        _copy_pages(database, path)
    else:
        with _opened(path) as target, database.atomic():
            database.execute_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            _copy_rows(database, target)
    with _opened(path) as copy:
        compact.drop(copy)
        for table in _tables(copy) - _records(copy):
            copy.execute_sql(f"DROP TABLE {table}")
        for table in LEFT_OUT:
            copy.execute_sql(f"DELETE FROM {table}")  # noqa: S608 - names of our own tables
        copy.execute_sql("DELETE FROM version WHERE name = 'projections'")
        copy.execute_sql("VACUUM")


def bring_up_to_date(path: Path) -> None:
    """Check a snapshot and bring it to this version of the program.

    Raises BackupDamaged, or DatabaseNewer when a newer version made it.
    """
    try:
        with _opened(path) as copy:
            found = copy.execute_sql("PRAGMA integrity_check").fetchone()[0]
            if found != "ok":
                raise BackupDamaged(NOT_WHOLE.format(why=found))
            _migrate(copy, path.parent)
            copy.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    except (apsw.Error, peewee.PeeweeException, DatabaseUnreachable) as mistake:
        raise BackupDamaged(NOT_WHOLE.format(why=mistake)) from None


def load(path: Path, database: Database, home: Path) -> None:
    """Put a snapshot's rows into `database` in place of whatever records stand there. Safe to repeat.

    Tables of somebody else in the same database stay as they are.
    """
    with _opened(path) as source:
        compact.drop(database)
        for table in _tables(database) & (_tables(source) | FOLDED):
            database.execute_sql(f"DROP TABLE {table}")
        _migrate(database, home)
        with database.atomic():
            database.execute_sql("DELETE FROM version")
            _copy_rows(source, database)


def are_in(database: Database) -> bool:
    """Whether a hub keeps, or kept, its records in a database."""
    return database.table_exists("journal_entry")


def entries(path: Path) -> int:
    """How many journal entries a snapshot holds."""
    with _opened(path) as copy:
        return int(copy.execute_sql("SELECT coalesce(sum(seq - base), 0) FROM journal_stream").fetchone()[0])


def forget_published(path: Path, hub: str) -> None:
    """Forget in a snapshot what a hub had published from its own records, which stand there too.

    The copies would else count a second time once the records go on under another key.
    """
    with _opened(path) as copy, copy.atomic():
        store = Store(copy)
        store.forget(line for line in store.lines(hub) if line.audience != stream.LOCAL)


def _copy_pages(database: Database, path: Path) -> None:
    """SQLite's own online backup, in one step: in a write-ahead log nobody waits for it."""
    target = apsw.Connection(str(path))
    try:
        with target.backup("main", database.connection(), "main") as copying:
            copying.step(-1)
    finally:
        target.close()


def _copy_rows(source: Database, target: Database) -> None:
    for table in sorted(_records(source) - LEFT_OUT):
        names = [column.name for column in source.get_columns(table)]
        twin = peewee.Table(table, names).bind(target)
        count = LONG_ROWS_AT_ONCE.get(table, ROWS_AT_ONCE)
        for some in _some(source, f"SELECT {', '.join(names)} FROM {table}", count):  # noqa: S608 - our own tables
            twin.insert([dict(zip(names, row, strict=True)) for row in some]).execute()


def _some(database: Database, query: str, count: int) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a query, a few at a time: PostgreSQL hands over everything at once unless its cursor has a name."""
    cursor = database.cursor() if is_sqlite(database) else database.connection().cursor(name="records")
    rows = iter(cursor.execute(query))
    while some := list(islice(rows, count)):
        yield some
    cursor.close()


def _tables(database: Database) -> set[str]:
    return {name for name in database.get_tables() if not name.startswith("sqlite_")}


def _records(database: Database) -> set[str]:
    """The tables that cannot be made from others."""
    return {name for name in _tables(database) if name in LOCAL or name.startswith(JOURNAL_PREFIX)}


def _migrate(database: Database, home: Path) -> None:
    writer = Writer(database, home)
    try:
        migrations.migrate(database, writer)
    finally:
        writer.close()


@contextmanager
def _opened(path: Path) -> Iterator[Database]:
    """A snapshot, with the tables of this version when it is new."""
    is_new = not path.exists()
    database = open_database("", path.parent, name=path.name)
    try:
        if is_new:
            _migrate(database, path.parent)
            database.execute_sql("DELETE FROM version")
        yield database
    finally:
        close_database(database)
