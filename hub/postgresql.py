"""PostgreSQL by address, as the hub speaks with it; `hub.database` opens it."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import peewee
from peewee import __exception_wrapper__  # type: ignore[attr-defined]

from hub.connections import Tracked, is_another_machine
from hub.errors import InputWrong, ServerAway
from sync import strokes

AWAY = ("08", "57P")
"""How the names of PostgreSQL's mistakes begin when a server cannot be reached, is stopping or is just starting."""
COPIED_MIN = 8
"""Rows from which on COPY takes the least of both processors."""


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
        self.tracked = Tracked()
        super().__init__(url, prefer_psycopg3=True)

    def _connect(self) -> Any:
        return self.tracked.add(super()._connect())  # type: ignore[misc]

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run one statement; see peewee. Raises InputWrong for a value that no column takes, such as a NUL sign.

        Raises ServerAway when another server is needed for it, which has a part of the tables, and does not answer.
        """
        with _named_values(), self._named_parts():
            return self._again_when_lost(partial(super().execute_sql, sql, params))

    def execute_planned(self, sql: str, params: Sequence[Any]) -> Any:
        """Run one statement that is planned for these values and kept by nobody, else like `execute_sql`."""
        with _named_values(), self._named_parts():
            return self._again_when_lost(partial(self._execute_planned, sql, params))

    def _execute_planned(self, sql: str, params: Sequence[Any]) -> Any:
        with __exception_wrapper__:
            return self.cursor().execute(sql, params, prepare=False)  # type: ignore[no-untyped-call]

    def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one changing statement for every row of values. Raises InputWrong and ServerAway like `execute_sql`."""
        with _named_values(), self._named_parts(), __exception_wrapper__:
            self.cursor().executemany(sql, rows)  # type: ignore[no-untyped-call]

    def insert_many(self, into: str, rows: Sequence[Sequence[Any]], otherwise: str = "") -> None:
        """Write new rows; see `hub.tables.insert`. Raises InputWrong and ServerAway like `execute_sql`.

        Many go by COPY, which takes the least of both processors; where a row may stand already, many to a statement.
        """
        if not otherwise and len(rows) >= COPIED_MIN:
            self._copy(f"COPY {into} FROM STDIN", rows)
            return
        for statement, values in strokes.of(into, rows, self.param, otherwise):
            self.execute_sql(statement, values)

    def _copy(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        with _named_values(), self._named_parts(), __exception_wrapper__, self._copying(sql) as copy:
            for row in rows:
                copy.write_row(row)

    def _copying(self, sql: str) -> Any:
        return self.cursor().copy(sql)  # type: ignore[no-untyped-call]

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
