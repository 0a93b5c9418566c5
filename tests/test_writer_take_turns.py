"""Writers of several processes or machines take turns: nobody hears of a lock, nobody writes over what another wrote.

With SQLite they share a home, as a command beside the server does. With PostgreSQL each has a home of its own, as on
two machines: no file stands between them, only the database itself.
"""

import fcntl
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from hub.database import Database, close_database, is_sqlite, open_database
from hub.node import LOCAL, Node, open_node
from hub.writer import ADVISORY_LOCK, LOCK_NAME, Writer

THREADS = 4
EACH = 30
OPENING = 1
"""Entries with which a stream begins."""
Pair = list[tuple[Database, Writer]]


@pytest.fixture
def pair(tmp_path: Path, database_url: Callable[[], str]) -> Iterator[Pair]:
    """Two writers over one database with one table."""
    url, made = database_url(), []
    for name in ("one", "other"):
        home = tmp_path / (name if url else "both")
        home.mkdir(exist_ok=True)
        database = open_database(url, home)
        made.append((database, Writer(database, home)))
    made[0][0].execute_sql("CREATE TABLE word (number INTEGER PRIMARY KEY)")
    yield made
    for database, writer in made:
        writer.close()
        close_database(database)


def _add_next(database: Database) -> None:
    """Read, then write what follows, as an append to a stream does."""
    (last,) = database.execute_sql("SELECT COALESCE(MAX(number), 0) FROM word").fetchone()
    database.execute_sql(f"INSERT INTO word VALUES ({last + 1})")  # noqa: S608 - a number of ours


def _all_at_once(works: list[Callable[[], object]]) -> list[Exception]:
    """Do each so many times in several threads, all together; returns what went wrong."""
    mistakes: list[Exception] = []

    def go(work: Callable[[], object]) -> None:
        for _ in range(EACH):
            try:
                work()
            except Exception as mistake:  # noqa: BLE001 - counted by the test
                mistakes.append(mistake)

    threads = [threading.Thread(target=go, args=(work,)) for work in works * THREADS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return mistakes


def _could_begin(database: Database) -> bool:
    """Whether another process could begin to write now, without waiting."""
    if not is_sqlite(database):
        with database.atomic():
            return bool(database.execute_sql(f"SELECT pg_try_advisory_xact_lock({ADVISORY_LOCK})").fetchone()[0])  # noqa: S608
    other = apsw.Connection(database.database)
    try:
        other.execute("BEGIN IMMEDIATE")
    except apsw.BusyError:
        return False
    finally:
        other.close()
    return True


def _is_locked(home: Path) -> bool:
    with (home / LOCK_NAME).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_nobody_hears_of_a_lock_or_writes_over_another(pair: Pair) -> None:
    """Each change reads before it writes, and what it read still stands then."""
    works = [lambda d=database, w=writer: w.write(lambda: _add_next(d)) for database, writer in pair]
    assert _all_at_once(works) == []
    count, last = pair[0][0].execute_sql("SELECT COUNT(*), MAX(number) FROM word").fetchone()
    assert count == last == len(pair) * THREADS * EACH


def test_a_change_holds_the_database_from_its_first_moment(pair: Pair) -> None:
    """Also while it only reads: another process waits before it begins, and never finds itself too late."""
    (_, writer), (other, _) = pair
    assert _could_begin(other)
    assert not writer.write(lambda: _could_begin(other))
    assert _could_begin(other)


def test_a_change_holds_the_lock_of_its_home(node: Node) -> None:
    """So processes of one home get their turns in order; it is free again as soon as the change is kept."""
    assert not _is_locked(node.home)
    assert node.write(lambda: _is_locked(node.home))
    assert not _is_locked(node.home)


def test_two_processes_of_one_hub_share_its_stream(node: Node, tmp_path: Path, engine: str) -> None:
    """Every entry gets a number of its own, without holes, and is in the tables."""
    home = node.home
    if engine == "postgresql":
        home = Path(shutil.copytree(node.home, tmp_path / "elsewhere"))
    other = open_node(home, node.settings)

    def say(at: Node) -> None:
        at.write(lambda: at.change("person", at.new_id(), name="Kofi", picture="goat"))

    mistakes = _all_at_once([lambda: say(node), lambda: say(other)])
    other.close()
    (line,) = node.journal.streams(audience=LOCAL)
    assert mistakes == []
    assert line.seq - OPENING == node.tables.Person.select().count() == 2 * THREADS * EACH
