"""What was read from the records, remembered until anybody changes them: this process, another one, or the command.

Every page says who can be asked, which words were mended here and what has a sound. Asking the records that anew for
each page took half of its time. SQLite tells in microseconds whether a file has changed since a connection last looked;
where the database cannot tell that (PostgreSQL), everything is read again each time. What is remembered must hang on
the records alone, and nobody may change it.
"""

from collections.abc import Callable, Hashable
from threading import Lock, local
from typing import Any, TypeVar, cast

from hub.database import Database

T = TypeVar("T")

KEPT_MAX = 1_000
"""Things remembered at once; with more of them all are forgotten."""


class Remembered:
    """What one process remembers of one database. Safe to use from many threads."""

    def __init__(self, database: Database) -> None:
        self._database, self._lock = database, Lock()
        self._seen = local()
        self._turn = 0
        self._kept: dict[Hashable, Any] = {}

    def __len__(self) -> int:
        """How many things are remembered now."""
        return len(self._kept)

    def of(self, name: Hashable, read: Callable[[], T]) -> T:
        """What was read under this name since the last change of the records, else what `read` reads now."""
        turn = self.turn()
        if turn is None:
            return read()
        kept = self._kept
        if name in kept:
            return cast(T, kept[name])
        found = read()
        with self._lock:
            if turn == self._turn:
                if len(self._kept) >= KEPT_MAX:
                    self._kept = {}
                self._kept[name] = found
        return found

    def turn(self) -> int | None:
        """The number of the changes that were noticed so far; None where none can be, and inside a transaction.

        Each thread has a connection of its own, which knows only what it saw itself: so a change counts once for each
        of them. What was read under a number is never older than the change that made the number.
        """
        version = self._database.version()
        if version is None:
            return None
        with self._lock:
            if getattr(self._seen, "version", None) != version:
                self._seen.version = version
                self._turn += 1
                self._kept = {}
            return self._turn
