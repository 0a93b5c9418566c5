"""One thread that does all writing, many changes to a transaction.

A card's fsync takes ten milliseconds or more; requests that arrive while one runs share the next. Each caller is
answered only after its change is on the disk. A change must be repeatable: when the shared transaction cannot be
kept, every change of it is tried once more alone.
"""

import fcntl
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

import apsw
import peewee

from hub.database import Database, is_sqlite
from hub.errors import DatabaseDamaged, ServerAway, StorageFull, StorageSlow, WriterClosed

T = TypeVar("T")

CHANGES_MAX = 500
"""Changes in one transaction; bounds how long the first waits for the last."""
LOCK_NAME = "write.lock"
ADVISORY_LOCK = 7_305_804
"""The number of our PostgreSQL advisory lock: one writing transaction at a time over all processes."""

FULL_SIGNS = ("disk is full", "disk full", "no space left")
"""What SQLite, APSW and PostgreSQL say of a full disk."""
ANSWER_S = 3600.0
"""Nobody waits longer than this for the disk; a change that takes so long is a disk that does not answer."""

_STORAGE = (
    *(peewee.OperationalError, peewee.InternalError, peewee.InterfaceError, apsw.Error),
    *(DatabaseDamaged, ServerAway),
)


class _Change(Generic[T]):
    """One change asked for by one thread, with room for its answer."""

    def __init__(self, work: Callable[[], T]) -> None:
        self.work = work
        self.done = threading.Event()
        self.answer: T | None = None
        self.mistake: BaseException | None = None

    def result(self, within_s: float | None) -> T:
        if not self.done.wait(within_s):
            raise StorageSlow(
                "The disk has not answered in time. This may be kept or not; look at the disk and the power."
            )
        if self.mistake is not None:
            raise self.mistake
        return self.answer  # type: ignore[return-value]


Crowd = Callable[[list[Any]], list[Any]]
"""Does for many what each would do after the other: for each item its answer, or the mistake that it alone made. What
it does must be repeatable, and a mistake may leave nothing of its item."""


class _Member(_Change[Any]):
    """A change that can be done together with others of its crowd."""

    def __init__(self, crowd: Crowd, item: Any) -> None:
        super().__init__(self._alone)
        self.crowd, self.item = crowd, item

    def take(self, answer: Any) -> None:
        """Keep an answer, or the mistake that stands for one."""
        self.answer, self.mistake = (None, answer) if isinstance(answer, Exception) else (answer, None)

    def _alone(self) -> Any:
        (answer,) = self.crowd([self.item])
        if isinstance(answer, Exception):
            raise answer
        return answer


class Writer:
    """The queue and its thread. `home` holds the lock that other processes of the same home respect.

    Raises OSError when the lock cannot be opened: without it nobody would be answered.
    """

    def __init__(self, database: Database, home: Path) -> None:
        self._database = database
        self._lock_file = (home / LOCK_NAME).open("a")
        self._queue: queue.SimpleQueue[_Change[Any] | None] = queue.SimpleQueue()
        self._closed = False
        self._closing = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def write(self, work: Callable[[], T], *, within_s: float | None = ANSWER_S) -> T:
        """Run `work` in a durable transaction and return its answer after the commit, `within_s` or whenever (None).

        Called from inside a change it just runs `work`. Raises what `work` raises (nothing is kept then), StorageFull
        when the disk takes no more, StorageSlow when it has not answered in time, WriterClosed when the hub stops.
        """
        return self._ask(_Change(work), within_s)

    def write_together(self, crowd: Crowd, item: Any, *, within_s: float | None = ANSWER_S) -> Any:
        """Like `write` of a change that does `crowd` for `item`; those that wait for one crowd are done at once."""
        return self._ask(_Member(crowd, item), within_s)

    def _ask(self, change: _Change[T], within_s: float | None) -> T:
        if threading.current_thread() is self._thread:
            return change.work()
        with self._closing:
            if self._closed:
                raise WriterClosed("The hub is stopping; nothing was changed. Try again in a minute.")
            self._queue.put(change)
        return change.result(within_s)

    def close(self) -> None:
        """Finish what was asked for, then stop. Safe to repeat."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        with self._lock_file:
            going = True
            while going and (first := self._queue.get()) is not None:
                with self._alone():
                    changes, going = self._gather(first)
                    self._commit_together(changes)
                for change in changes:
                    change.done.set()
        self._database.close()

    def _gather(self, first: _Change[Any]) -> tuple[list[_Change[Any]], bool]:
        """A change and what else has come, also while another process held the lock; False when this was the last."""
        changes = [first]
        while len(changes) < CHANGES_MAX and not self._queue.empty():
            change = self._queue.get()
            if change is None:
                return changes, False
            changes.append(change)
        return changes, True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the home's write lock: the kernel queues other processes fairly, SQLite would let them starve."""
        fcntl.flock(self._lock_file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._lock_file, fcntl.LOCK_UN)

    def _commit_together(self, changes: list[_Change[Any]]) -> None:
        try:
            with self._transaction():
                for crowd, turn in _turns(changes):
                    self._run_some(crowd, turn)
        except Exception:  # noqa: BLE001 - whatever it was, each change gets its own answer
            for change in changes:
                self._commit_alone(change)

    def _commit_alone(self, change: _Change[Any]) -> None:
        change.answer, change.mistake = None, None
        try:
            with self._transaction():
                change.answer = change.work()
        except _STORAGE as mistake:
            change.mistake = _explained(mistake)
        except Exception as mistake:  # noqa: BLE001 - handed to the thread that asked
            change.mistake = mistake

    def _run_some(self, crowd: Crowd | None, turn: list[_Change[Any]]) -> None:
        """Run the changes of one crowd at once; one by one when they are not of one, or when that fails."""
        members = [change for change in turn if isinstance(change, _Member)]
        if crowd is None or len(members) == 1:
            for change in turn:
                self._run_one(change)
            return
        try:
            with self._database.savepoint():
                answers = crowd([member.item for member in members])
        except _STORAGE:
            raise
        except Exception:  # noqa: BLE001 - whoever made it hears of it alone
            for member in members:
                self._run_one(member)
            return
        for member, answer in zip(members, answers, strict=True):
            member.take(answer)

    def _run_one(self, change: _Change[Any]) -> None:
        """Run one change in a savepoint; its own mistake is its own, a storage mistake is everybody's."""
        try:
            with self._database.savepoint():
                change.answer = change.work()
        except _STORAGE:
            raise
        except Exception as mistake:  # noqa: BLE001 - handed to the thread that asked
            change.mistake = mistake

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if is_sqlite(self._database):
            with self._database.atomic("IMMEDIATE"):
                yield
        else:
            with self._database.atomic():
                self._database.execute_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")  # noqa: S608
                yield


def _turns(changes: Iterable[_Change[Any]]) -> list[tuple[Crowd | None, list[_Change[Any]]]]:
    """The changes by their crowds, each crowd at the place of its first; those of none each by itself."""
    turns: list[tuple[Crowd | None, list[_Change[Any]]]] = []
    crowds: dict[Crowd, list[_Change[Any]]] = {}
    for change in changes:
        crowd = change.crowd if isinstance(change, _Member) else None
        if crowd is not None and crowd in crowds:
            crowds[crowd].append(change)
            continue
        turns.append((crowd, [change]))
        if crowd is not None:
            crowds[crowd] = turns[-1][1]
    return turns


def _explained(mistake: BaseException) -> BaseException:
    """A full disk by its name; anything else as it is."""
    if any(sign in str(mistake).lower() for sign in FULL_SIGNS):
        return StorageFull(
            "The disk is full: this was not kept. What was saved before is safe. Free some space and try again."
        )
    return mistake
