"""The writer: many changes to a transaction, each answered after its commit."""

import fcntl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from hub.database import Database, close_database, open_database
from hub.errors import StorageFull, WriterClosed
from hub.writer import LOCK_NAME, Writer
from tests.fixtures import engines
from tests.fixtures.disks import PowerCut, SlowSync

WRITERS = 60
EACH = 5


@pytest.fixture
def database(tmp_path: Path, database_url: Callable[[], str]) -> Iterator[Database]:
    """A database with one table."""
    opened = open_database(database_url(), tmp_path)
    opened.execute_sql("CREATE TABLE word (text TEXT)")
    yield opened
    close_database(opened)


@pytest.fixture
def writer(database: Database, tmp_path: Path) -> Iterator[Writer]:
    """A writer over it."""
    made = Writer(database, tmp_path)
    yield made
    made.close()


def _add(database: Database, text: str) -> None:
    database.execute_sql(f"INSERT INTO word VALUES ({database.param})", (text,))


def _words(database: Database) -> int:
    return int(database.execute_sql("SELECT count(*) FROM word").fetchone()[0])


def test_a_change_is_answered_with_its_result(database: Database, writer: Writer) -> None:
    """What the work returns comes back to the thread that asked."""
    assert writer.write(lambda: 6 * 7) == 42


def test_a_mistake_in_one_change_leaves_its_neighbours(database: Database, writer: Writer) -> None:
    """A change that raises keeps nothing of itself and nothing from others."""

    def half() -> None:
        _add(database, "half")
        raise ValueError("on purpose")

    writer.write(lambda: _add(database, "before"))
    with pytest.raises(ValueError, match="on purpose"):
        writer.write(half)
    writer.write(lambda: _add(database, "after"))
    assert _words(database) == 2


@pytest.mark.sqlite(engines.POWER)
def test_who_comes_while_another_process_writes_shares_the_next_sync(tmp_path: Path) -> None:
    """The first waits for the lock that the other holds; all that came meanwhile go to the disk with it."""
    disk = SlowSync(f"shared-{tmp_path.name}", wait_s=0)
    database = open_database("", tmp_path, f"shared-{tmp_path.name}")
    database.execute_sql("CREATE TABLE word (text TEXT)")
    writer = Writer(database, tmp_path)
    threads = [threading.Thread(target=writer.write, args=(lambda: _add(database, "word"),)) for _ in range(WRITERS)]
    with (tmp_path / LOCK_NAME).open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        threads[0].start()
        while not writer._queue.empty():
            time.sleep(0.001)
        for thread in threads[1:]:
            thread.start()
        while writer._queue.qsize() < WRITERS - 1:
            time.sleep(0.001)
        before = disk.syncs
    for thread in threads:
        thread.join()
    assert (_words(database), disk.syncs - before) == (WRITERS, 1)
    writer.close()
    close_database(database)


def test_a_change_inside_a_change_is_part_of_it(database: Database, writer: Writer) -> None:
    """Writing from inside a change runs in the same transaction."""

    def outer() -> None:
        writer.write(lambda: _add(database, "inner"))
        raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        writer.write(outer)
    assert _words(database) == 0


@pytest.mark.sqlite(engines.POWER)
def test_sixty_writers_share_a_slow_card(tmp_path: Path) -> None:
    """With an fsync of 10 ms, sixty writers need far fewer syncs than writes, and nobody hears of a lock."""
    disk = SlowSync(f"slow-{tmp_path.name}", wait_s=0.01)
    database = open_database("", tmp_path, vfs=f"slow-{tmp_path.name}")
    database.execute_sql("CREATE TABLE word (text TEXT)")
    writer, mistakes = Writer(database, tmp_path), []
    disk.syncs = 0

    def go() -> None:
        for number in range(EACH):
            try:
                writer.write(lambda number=number: _add(database, str(number)))
            except Exception as mistake:  # noqa: BLE001 - counted below
                mistakes.append(mistake)

    threads = [threading.Thread(target=go) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    count = _words(database)
    writer.close()
    close_database(database)
    assert (mistakes, count) == ([], WRITERS * EACH)
    assert disk.syncs < WRITERS * EACH / 5


@pytest.mark.sqlite(engines.POWER)
def test_what_was_answered_survives_a_power_cut(tmp_path: Path) -> None:
    """Everything acknowledged is among the bytes that were synced."""
    disk = PowerCut(f"cut-{tmp_path.name}")
    home, after = tmp_path / "before", tmp_path / "after"
    home.mkdir()
    after.mkdir()
    database = open_database("", home, vfs=f"cut-{tmp_path.name}")
    database.execute_sql("CREATE TABLE word (text TEXT)")
    writer = Writer(database, home)
    for number in range(100):
        writer.write(lambda number=number: _add(database, str(number)))
    left = disk.survivors()
    for path, kept in left.items():
        (after / Path(path).name).write_bytes(kept)
    writer.close()
    close_database(database)
    again = apsw.Connection(str(after / "mangrove.db"))
    assert again.execute("SELECT count(*) FROM word").fetchone() == (100,)
    assert again.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    again.close()


@pytest.mark.sqlite(engines.POWER)
def test_a_full_disk_is_said_and_keeps_what_was(database: Database, writer: Writer) -> None:
    """The change that does not fit is refused by name; others go on."""
    database.execute_sql("PRAGMA max_page_count = 40")
    writer.write(lambda: database.execute_sql("PRAGMA max_page_count = 40"))
    with pytest.raises(StorageFull, match="disk is full"):
        writer.write(lambda: _add(database, "x" * 400_000))
    writer.write(lambda: _add(database, "small"))
    assert _words(database) == 1


def test_a_stopping_writer_takes_nothing_more(database: Database, tmp_path: Path) -> None:
    """After close, a change is refused with a sentence."""
    writer = Writer(database, tmp_path)
    writer.close()
    with pytest.raises(WriterClosed, match="stopping"):
        writer.write(lambda: None)
