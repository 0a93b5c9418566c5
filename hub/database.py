"""Open the hub's database: SQLite in the home folder, or PostgreSQL by address.

SQLite comes through APSW, whose own SQLite is newer than the one distributions ship (those up to 3.51.2 can
damage a WAL database when two processes checkpoint at once). Every thread gets a connection of its own; all of
them are closed together.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import apsw
import peewee
from playhouse.apsw_ext import APSWDatabase

from hub.errors import DatabaseUnreachable

FILE_NAME = "mangrove.db"
BUSY_TIMEOUT_S = 60
"""How long a reader or another process waits for a lock; the writer's own queue makes real waits short."""
PRAGMAS = {"journal_mode": "wal", "synchronous": "full", "cache_size": -1024, "temp_store": "memory"}
JOURNAL_KEPT_BYTES = 4 * 1024 * 1024
"""The write-ahead log is cut back to this after a checkpoint, to spare the card."""


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


class SqliteFile(APSWDatabase):  # type: ignore[misc]
    """A SQLite file with our pragmas; `vfs` names an APSW file system (tests slow it down or cut its power)."""

    def __init__(self, path: Path, vfs: str | None = None) -> None:
        self.tracked = _Tracked()
        super().__init__(
            str(path),
            pragmas={**PRAGMAS, "journal_size_limit": JOURNAL_KEPT_BYTES},
            timeout=BUSY_TIMEOUT_S,
            statementcachesize=200,
            vfs=vfs,
        )

    def _connect(self) -> Any:
        return self.tracked.add(super()._connect())


class PostgresDatabase(peewee.PostgresqlDatabase):
    """A PostgreSQL database reached by address, through psycopg 3.

    A server that was restarted has forgotten its connections: outside a transaction the next statement makes a new one.
    """

    def __init__(self, url: str) -> None:
        self.tracked = _Tracked()
        super().__init__(url, prefer_psycopg3=True)

    def _connect(self) -> Any:
        return self.tracked.add(super()._connect())  # type: ignore[misc]

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run one statement; see peewee."""
        return self._again_when_lost(partial(super().execute_sql, sql, params))

    def begin(self, isolation_level: Any = None) -> None:
        """Begin a transaction; see peewee."""
        self._again_when_lost(partial(super().begin, isolation_level))

    def _again_when_lost(self, ask: Callable[[], Any]) -> Any:
        """Ask once more on a fresh connection when the old one is lost and no transaction was begun on it."""
        try:
            return ask()
        except (peewee.OperationalError, peewee.InterfaceError):
            if self.in_transaction() or not self.connection().closed:  # type: ignore[no-untyped-call]
                raise
        self.close()
        return ask()


Database = SqliteFile | PostgresDatabase


def open_database(url: str, home: Path, vfs: str | None = None, name: str = FILE_NAME) -> Database:
    """The database at `url`, or the file `name` in `home` when `url` is empty.

    Raises DatabaseUnreachable when it cannot be opened at all.
    """
    if url and peewee.psycopg is None:  # type: ignore[attr-defined]
        raise DatabaseUnreachable(
            "The part that speaks with PostgreSQL is not installed. Nothing was changed; say:"
            " pip install 'mangrove-hub[region]'"
        )
    database: Database = PostgresDatabase(url) if url else SqliteFile(home / name, vfs)
    try:
        database.connect()
        database.execute_sql("SELECT 1")
    except (peewee.PeeweeException, apsw.Error) as mistake:
        close_database(database)
        where = url.rsplit("@", 1)[-1] if url else str(home / name)
        raise DatabaseUnreachable(
            f"The database at {where} cannot be opened ({_first_line(mistake)}). Nothing was changed;"
            " check that it is there and try again."
        ) from None
    return database


def _first_line(mistake: Exception) -> str:
    return str(mistake).strip().split("\n", 1)[0]


def close_database(database: Database) -> None:
    """Close every thread's connection."""
    database.close()
    database.tracked.close()


def is_sqlite(database: peewee.Database) -> bool:
    """Whether the database is a SQLite file."""
    return isinstance(database, peewee.SqliteDatabase)
