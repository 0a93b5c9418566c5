"""Open the hub's database: SQLite in the home folder, or PostgreSQL by address.

SQLite comes through APSW, whose own SQLite is newer than the one distributions ship (those up to 3.51.2 can
damage a WAL database when two processes checkpoint at once). Every thread gets a connection of its own; all of
them are closed together.
"""

import os
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import apsw
import peewee
from peewee import __exception_wrapper__  # type: ignore[attr-defined]
from playhouse.apsw_ext import APSWDatabase

from content.disk import is_full
from hub.drivers import bring_postgresql_in
from hub.errors import DatabaseDamaged, DatabaseUnreachable, InputWrong, ServerAway, StorageSlow

FILE_NAME = "mangrove.db"
BUSY_TIMEOUT_S = 60
"""How long a reader or another process waits for a lock; the writer's own queue makes real waits short."""
PRAGMAS = {"journal_mode": "wal", "synchronous": "full", "cache_size": -1024, "temp_store": "memory"}
JOURNAL_KEPT_BYTES = 4 * 1024 * 1024
"""The write-ahead log is cut back to this after a checkpoint, to spare the card."""
PRIVATE_MODE = 0o600
"""The records name people; SQLite gives its other files the same mode."""
OTHERS = 0o077
AWAY = ("08", "57P")
"""How the names of PostgreSQL's mistakes begin when a server cannot be reached, is stopping or is just starting."""
SHRINK_TRIES, SHRINK_REST_S = 100, 0.1
"""How often it is tried to empty the log while somebody reads."""
DAMAGE_SIGNS = ("malformed", "not a database")
"""What SQLite says of a file that is cut short or was written over."""


MISTAKES = (peewee.PeeweeException, apsw.Error)
"""What a database raises by itself."""

Naming = Callable[[Exception], Exception]
"""Gives DatabaseDamaged for a mistake that says so, and any other back."""


class _Tracked:
    """Remembers each thread's connection, so that all can be closed when the node closes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connections: list[Any] = []

    def add(self, connection: Any) -> Any:
        with self._lock:
            self._connections.append(connection)
        return connection

    def close(self) -> None:
        """Close all; one that a thread still reads with, after the servers gave up waiting for it, goes with it."""
        with self._lock:
            for connection in self._connections:
                with suppress(apsw.ThreadingViolationError):
                    connection.close()
            self._connections.clear()


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
        self.tracked = _Tracked()
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


class PostgresDatabase(peewee.PostgresqlDatabase):
    """A PostgreSQL database reached by address, through psycopg 3.

    A server that was restarted has forgotten its connections: outside a transaction the next statement makes a new one.
    """

    damage = ""
    """Its files are the server's own care."""

    def look(self) -> None:
        """Nothing that could be looked at from here."""

    def version(self) -> Hashable | None:
        """It does not tell whether somebody has changed it."""
        return None

    def get_tables(self, schema: str | None = None) -> list[str]:
        """The names of the tables; the parts of one are none beside it."""
        parts = self.execute_sql("SELECT relname FROM pg_class WHERE relispartition").fetchall()
        return [name for name in super().get_tables(schema) if (name,) not in parts]

    def shrink(self) -> None:
        """Have our tables written anew without what was deleted."""
        names = ", ".join(f'"{name}"' for name in self.get_tables())
        self.execute_sql(f"VACUUM FULL {names}")

    def size_bytes(self) -> int:
        """Bytes of the database on its server's disk."""
        return int(self.execute_sql("SELECT pg_database_size(current_database())").fetchone()[0])

    def is_elsewhere(self) -> bool:
        """Whether its server runs on another machine; a socket of this one has no address."""
        asked = "SELECT host(inet_server_addr()), host(inet_client_addr())"
        return is_another_machine(*self.execute_sql(asked).fetchone())

    def __init__(self, url: str) -> None:
        self.tracked = _Tracked()
        super().__init__(url, prefer_psycopg3=True)

    def _connect(self) -> Any:
        return self.tracked.add(super()._connect())  # type: ignore[misc]

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run one statement; see peewee. Raises InputWrong for a value that no column takes, such as a NUL sign.

        Raises ServerAway when another server is needed for it, which has a part of the tables, and does not answer.
        """
        with _named_values(), self._named_parts():
            return self._again_when_lost(partial(super().execute_sql, sql, params))

    def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one changing statement for every row of values. Raises InputWrong and ServerAway like `execute_sql`."""
        with _named_values(), self._named_parts(), __exception_wrapper__:
            self.cursor().executemany(sql, rows)  # type: ignore[no-untyped-call]

    def begin(self, isolation_level: Any = None) -> None:
        """Begin a transaction; see peewee."""
        self._again_when_lost(partial(super().begin, isolation_level))

    def commit(self) -> None:
        """Keep what the transaction changed, on the other servers first. Raises ServerAway; then nothing counts."""
        with self._named_parts():
            super().commit()

    @contextmanager
    def _named_parts(self) -> Iterator[None]:
        """Another server that has a part of the tables is away, while this database itself answers."""
        try:
            yield
        except (peewee.OperationalError, peewee.InternalError) as mistake:
            state = str(getattr(getattr(mistake, "orig", None), "sqlstate", "") or "")
            if not state.startswith(AWAY) or self.connection().closed:  # type: ignore[no-untyped-call]
                raise
            raise ServerAway(
                "The server that keeps this part of the records is away. What was saved is safe; come back in a while."
            ) from mistake

    def _again_when_lost(self, ask: Callable[[], Any]) -> Any:
        """Ask once more on a fresh connection when the old one is lost and no transaction was begun on it."""
        try:
            return ask()
        except (peewee.OperationalError, peewee.InterfaceError):
            if self.in_transaction() or not self.connection().closed:  # type: ignore[no-untyped-call]
                raise
        self.close()
        return ask()


@contextmanager
def _named_values() -> Iterator[None]:
    """A value that no column takes is somebody's input."""
    try:
        yield
    except peewee.DataError as mistake:
        raise InputWrong("Something in this cannot be kept. Nothing was changed; look at what was typed.") from mistake


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


def is_another_machine(server: str | None, client: str | None) -> bool:
    """Whether the two ends of a connection, each an address or None for a socket, are two machines."""
    return server is not None and server != client and not ip_address(server).is_loopback


def close_database(database: Database) -> None:
    """Close every thread's connection."""
    database.close()
    database.tracked.close()


def is_sqlite(database: peewee.Database) -> bool:
    """Whether the database is a SQLite file."""
    return isinstance(database, peewee.SqliteDatabase)
