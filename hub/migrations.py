"""Bring a database to this version of the program: ordered steps, each in a transaction of its own.

Only the journal and the node-local tables have steps. Projection tables are compared by their shape and made anew
from the journal when it differs. A database that has more steps than this program knows is left alone.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import peewee

from hub import projections
from hub.database import Database
from hub.errors import DatabaseNewer, DatabaseNotReady
from hub.tables import Tables, local
from hub.writer import Writer
from sync import schema
from sync.journal import Journal, Placed
from sync.schema import Still

STILL_ENTRIES = 500
"""Entries folded between two signs that a rebuild goes on: less than a minute's on the slowest device."""
NOT_READY = (
    "The records are not as this version needs them. Nothing was changed; the next start of the hub brings them up to"
    " date."
)


def migrate(database: Database, writer: Writer, still: Still = lambda: None) -> None:
    """Do the steps that this database has not done yet. Raises DatabaseNewer and changes nothing.

    One that goes through the whole journal takes as long as there are entries: `still` is called again and again.
    """
    writer.write(lambda: database.execute_sql("CREATE TABLE IF NOT EXISTS version (name TEXT PRIMARY KEY, done TEXT)"))
    _refuse_newer(database)
    for name, steps in _families().items():
        for number in range(_done(database, name), len(steps)):
            writer.write(partial(_do, database, name, number, partial(steps[number], database, still)), within_s=None)


def is_empty(database: Database) -> bool:
    """Whether no hub has ever kept records in a database."""
    return not database.table_exists("version")


def check_ready(database: Database) -> None:
    """Change nothing; raises DatabaseNewer, or DatabaseNotReady when there are steps to do."""
    if is_empty(database):
        raise DatabaseNotReady(NOT_READY)
    _refuse_newer(database)
    if any(_done(database, name) < len(steps) for name, steps in _families().items()):
        raise DatabaseNotReady(NOT_READY)


def check_fitting(tables: Tables) -> None:
    """Change nothing; raises DatabaseNotReady when the projection tables are of another shape."""
    if _value(tables.database, "projections") != projections.shape(tables):
        raise DatabaseNotReady(NOT_READY)


def fit_projections(tables: Tables, writer: Writer, journal: Journal, still: Still = lambda: None) -> bool:
    """Make the projection tables fit this program, rebuilding them when their shape differs; True when they did.

    That may take as long as there are entries: `still` is called again and again meanwhile.
    """
    shape = projections.shape(tables)
    if _value(tables.database, "projections") == shape:
        return False

    def entries() -> Iterator[Placed]:
        for count, placed in enumerate(journal.replay()):
            if count % STILL_ENTRIES == 0:
                still()
            yield placed

    def rebuild() -> None:
        projections.make(tables)
        projections.rebuild(tables, entries())
        _put(tables.database, "projections", shape)

    writer.write(rebuild, within_s=None)
    return True


def _families() -> dict[str, tuple[Callable[[peewee.Database, Still], None], ...]]:
    return {"journal": schema.STEPS, "local": tuple(_statements(step) for step in local.STEPS)}


def _refuse_newer(database: Database) -> None:
    if any(_done(database, name) > len(steps) for name, steps in _families().items()):
        raise DatabaseNewer(
            "This database was written by a newer Mangrove. Nothing was changed; install that version or a newer one."
        )


def _statements(step: Sequence[str]) -> Callable[[peewee.Database, Still], None]:
    def run(database: peewee.Database, _: Still) -> None:
        kind = "BLOB" if isinstance(database, peewee.SqliteDatabase) else "BYTEA"
        for statement in step:
            database.execute_sql(statement.replace("{bytes}", kind))

    return run


def _do(database: Database, name: str, number: int, step: Callable[[], None]) -> None:
    """One step and its mark, unless another process has done it meanwhile."""
    if _done(database, name) == number:
        step()
        _put(database, name, str(number + 1))


def _done(database: Database, name: str) -> int:
    return int(_value(database, name) or 0)


def _value(database: peewee.Database, name: str) -> str | None:
    row = database.execute_sql(f"SELECT done FROM version WHERE name = '{name}'").fetchone()  # noqa: S608 - our names
    return None if row is None else str(row[0])


def _put(database: peewee.Database, name: str, value: str) -> None:
    database.execute_sql(f"DELETE FROM version WHERE name = '{name}'")  # noqa: S608 - our names
    database.execute_sql(f"INSERT INTO version (name, done) VALUES ('{name}', '{value}')")  # noqa: S608
