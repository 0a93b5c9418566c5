"""Opening the database: safe pragmas, sentences for what cannot be opened, and a lost server found again."""

import sys
from collections.abc import Callable
from pathlib import Path

import peewee
import pytest

from hub.database import close_database, open_database
from hub.errors import DatabaseDamaged, DatabaseUnreachable
from hub.node import Node
from hub.postgresql import PostgresDatabase
from tests.fixtures import engines

FULL = 2


@pytest.mark.sqlite(engines.FILE)
def test_a_file_keeps_what_was_answered(tmp_path: Path) -> None:
    """Write-ahead log, synchronous FULL: only this setting lost nothing in power cuts."""
    database = open_database("", tmp_path)
    found = [database.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    close_database(database)
    assert found == ["wal", FULL]


@pytest.mark.sqlite(engines.FILE)
@pytest.mark.parametrize("body", [b"not a database" * 100, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_file_that_is_no_database_is_said(tmp_path: Path, body: bytes) -> None:
    """One sentence that names the file; the file stays as it is."""
    (tmp_path / "mangrove.db").write_bytes(body)
    with pytest.raises(DatabaseDamaged, match="mangrove.db is damaged"):
        open_database("", tmp_path)
    assert (tmp_path / "mangrove.db").read_bytes() == body


@pytest.mark.sqlite(engines.FILE)
def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    """Not a trace from the library below."""
    (tmp_path / "mangrove.db").mkdir()
    with pytest.raises(DatabaseUnreachable, match="Nothing was changed"):
        open_database("", tmp_path)


def test_without_the_part_for_postgresql_its_name_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a device that was installed without it, the sentence says what to install."""
    monkeypatch.setattr(peewee, "psycopg", None)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DatabaseUnreachable, match=r"mangrove-hub\[region\]"):
        open_database("postgresql://hub@127.0.0.1/none", tmp_path)


def test_a_password_is_not_printed(tmp_path: Path) -> None:
    """The sentence names the server, never the secret in its address."""
    with pytest.raises(DatabaseUnreachable) as caught:
        open_database("postgresql://hub:geheim@127.0.0.1:9/none", tmp_path)
    assert "127.0.0.1:9/none" in str(caught.value)
    assert "geheim" not in str(caught.value)


@pytest.fixture
def lost(node: Node) -> Callable[[], None]:
    """A function that ends every connection of the hub on the server's side, as a restart does."""
    if not isinstance(node.database, PostgresDatabase):
        return lambda: None
    url = node.settings.database

    def end() -> None:
        other = PostgresDatabase(url)
        other.execute_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
        close_database(other)

    return end


def test_a_lost_connection_is_made_again(node: Node, lost: Callable[[], None]) -> None:
    """After a restart of the server the next page reads and the next answer is kept, without starting the hub again."""
    node.write(lambda: node.change("person", "p1", name="Amina"))
    lost()
    assert node.tables.Person.select().count() == 1
    lost()
    node.write(lambda: node.change("person", "p2", name="Kofi"))
    assert node.tables.Person.select().count() == 2
