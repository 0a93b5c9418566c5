"""Open the hub's database: SQLite in the home folder, or PostgreSQL by address.

SQLite comes through APSW, whose own SQLite is newer than the one distributions ship (those up to 3.51.2 can
damage a WAL database when two processes checkpoint at once). Every thread gets a connection of its own; all of
them are closed together.
"""

import os
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import apsw
import peewee
from playhouse.apsw_ext import APSWDatabase

from content.disk import is_full
from hub.connections import Tracked
from hub.drivers import bring_postgresql_in
from hub.errors import DatabaseDamaged, DatabaseUnreachable, StorageSlow
from hub.postgresql import PostgresDatabase
from sync import strokes

FILE_NAME = "mangrove.db"
BUSY_TIMEOUT_S = 60
"""How long a reader or another process waits for a lock; the writer's own queue makes real waits short."""
PRAGMAS = {"journal_mode": "wal", "synchronous": "full", "cache_size": -1024, "temp_store": "memory"}
JOURNAL_KEPT_BYTES = 4 * 1024 * 1024
"""The write-ahead log is cut back to this after a checkpoint, to spare the card."""
PRIVATE_MODE = 0o600
"""The records name people; SQLite gives its other files the same mode."""
OTHERS = 0o077
SHRINK_TRIES, SHRINK_REST_S = 100, 0.1
"""How often it is tried to empty the log while somebody reads."""
DAMAGE_SIGNS = ("malformed", "not a database")
"""What SQLite says of a file that is cut short or was written over."""


MISTAKES = (peewee.PeeweeException, apsw.Error)
"""What a database raises by itself."""

Naming = Callable[[Exception], Exception]
"""Gives DatabaseDamaged for a mistake that says so, and any other back."""


class _Cursor(apsw.Cursor):
    """Names damage where it is met, also between two rows of an answer."""

    def __init__(self, connection: apsw.Connection, name: Naming) -> None:
        super().__init__(connection)
        self._name = name

    def execute(self, *asked: Any, **how: Any) -> apsw.Cursor:
        try:
            return super().execute(*asked, **how)
        except apsw.Error as mistake:
            raise self._name(mistake) from None

    def executemany(self, *asked: Any, **how: Any) -> apsw.Cursor:
        try:
            return super().executemany(*asked, **how)
        except apsw.Error as mistake:
            raise self._name(mistake) from None

    def fetchone(self) -> Any:
        try:
            return super().fetchone()
        except apsw.Error as mistake:
            raise self._name(mistake) from None

    def fetchall(self) -> Any:
        try:
            return super().fetchall()
        except apsw.Error as mistake:
            raise self._name(mistake) from None

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except apsw.Error as mistake:
            raise self._name(mistake) from None


class SqliteFile(APSWDatabase):  # type: ignore[misc]
    """A SQLite file with our pragmas; `vfs` names an APSW file system (tests slow it down or cut its power).

    Whoever meets a place where the file is not whole gets DatabaseDamaged, and `damage` says so from then on.
    """

    def __init__(self, path: Path, vfs: str | None = None) -> None:
        self.tracked = Tracked()
        self.damage = ""
        self._path = path
        super().__init__(
            str(path),
            pragmas={**PRAGMAS, "journal_size_limit": JOURNAL_KEPT_BYTES},
            timeout=BUSY_TIMEOUT_S,
            statementcachesize=200,
            vfs=vfs,
        )

    def look(self) -> None:
        """Read the file from end to end; slow. Raises DatabaseDamaged."""
        found = self.execute_sql("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise self._named(apsw.CorruptError("its pages are malformed"))

    def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one changing statement for every row of values."""
        self.cursor().executemany(sql, rows)

    def insert_many(self, into: str, rows: Sequence[Sequence[Any]], otherwise: str = "") -> None:
        """Write new rows; see `hub.tables.insert`."""
        self.execute_many(f"INSERT INTO {into} VALUES ({strokes.marks('?', rows[0])}) {otherwise}", rows)  # noqa: S608

    def shrink(self) -> None:
        """Write the file and its log anew without what was deleted, so that nobody can read that there any more.

        Raises StorageSlow when readers keep the log.
        """
        connection = self._connect()
        try:
            connection.cursor().execute("VACUUM")
            for _ in range(SHRINK_TRIES):
                if not connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                    return
                time.sleep(SHRINK_REST_S)
        finally:
            connection.close()
        raise StorageSlow("Somebody reads the records all the time, so the log could not be emptied. Ask once more.")

    def size_bytes(self) -> int:
        """Bytes of the file and of its log."""
        files = (self._path, self._path.with_name(f"{self._path.name}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def is_elsewhere(self) -> bool:
        """It lies in the home folder."""
        return False

    def version(self) -> Hashable | None:
        """Another one as soon as anybody, in whichever process, has changed the file; None inside a transaction.

        It says something only to the thread that asked before: each has its own connection, and its own count.
        """
        if self.in_transaction():
            return None
        connection = self.connection()
        others = connection.cursor().execute("PRAGMA data_version").fetchone()[0]
        return connection, others, connection.total_changes()

    def _connect(self) -> Any:
        connection = self.tracked.add(super()._connect())
        connection.cursor_factory = partial(_Cursor, name=self._named)
        return connection

    def _named(self, mistake: Exception) -> Exception:
        if not _is_damage(mistake):
            return mistake
        found = _damaged(self._path, mistake)
        self.damage = str(found)
        return found


Database = SqliteFile | PostgresDatabase


def open_database(url: str, home: Path, vfs: str | None = None, name: str = FILE_NAME) -> Database:
    """The database at `url`, or the file `name` in `home` when `url` is empty.

    A file is made for its owner alone. Raises DatabaseUnreachable when it cannot be opened at all, DatabaseDamaged when
    its file is not whole.
    """
    if url and not bring_postgresql_in():
        raise DatabaseUnreachable(
            "The part that speaks with PostgreSQL is not installed. Nothing was changed; say:"
            " pip install 'mangrove-hub[region]'"
        )
    if not url:
        _make_private(home / name)
    database: Database = PostgresDatabase(url) if url else SqliteFile(home / name, vfs)
    try:
        with damage_named(home / name):
            database.connect()
            database.get_tables()
    except DatabaseDamaged:
        close_database(database)
        raise
    except (peewee.PeeweeException, apsw.Error) as mistake:
        close_database(database)
        if not url and is_full(home):
            raise DatabaseUnreachable(
                f"The disk is full, so the database {home / name} cannot be opened. What was saved is safe; free some"
                " space and try again."
            ) from None
        where = url.rsplit("@", 1)[-1] if url else str(home / name)
        raise DatabaseUnreachable(
            f"The database at {where} cannot be opened ({_first_line(mistake)}). Nothing was changed;"
            " check that it is there and try again."
        ) from None
    return database


@contextmanager
def damage_named(path: Path) -> Iterator[None]:
    """Whatever goes wrong in the block because the file at `path` is not whole is DatabaseDamaged."""
    try:
        yield
    except (peewee.PeeweeException, apsw.Error) as mistake:
        if not _is_damage(mistake):
            raise
        raise _damaged(path, mistake) from None


def _is_damage(mistake: Exception) -> bool:
    return any(sign in str(mistake).lower() for sign in DAMAGE_SIGNS)


def _damaged(path: Path, mistake: Exception) -> DatabaseDamaged:
    return DatabaseDamaged(
        f"The database file {path} is damaged ({_first_line(mistake)}). Nothing was changed; bring the last backup"
        " back with: mangrove restore FILE --force"
    )


def _make_private(path: Path) -> None:
    """Make the file, or shut it to others. A file that stands is never opened here: that would drop SQLite's locks."""
    with suppress(OSError):
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_MODE))
        elif path.is_file() and path.stat().st_mode & OTHERS:
            path.chmod(PRIVATE_MODE)


def _first_line(mistake: Exception) -> str:
    return str(mistake).strip().split("\n", 1)[0]


def close_database(database: Database) -> None:
    """Close every thread's connection."""
    database.close()
    database.tracked.close()


def is_sqlite(database: peewee.Database) -> bool:
    """Whether the database is a SQLite file."""
    return isinstance(database, peewee.SqliteDatabase)
