"""On PostgreSQL the record is parted by hub from the first day, in 64 parts, with the hub in every key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hub.config import load
from hub.node import Node, make_home, open_node
from hub.postgresql import PostgresDatabase
from sync import schema
from sync.store import ON_LINES
from tests.fixtures.former import to_first_tables

ALL = 64


@pytest.fixture
def whole(
    engine: str, tmp_path: Path, database_url: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Node]:
    """A function that opens one region as everybody gets it, with every part."""
    monkeypatch.setattr(schema, "PARTS", ALL)
    url = database_url()
    make_home(tmp_path / "region")
    return lambda: open_node(tmp_path / "region", load(tmp_path / "region", {"database": url, "role": "region"}, {}))


def parts(node: Node, table: str) -> list[str]:
    """The names of a table's parts."""
    asked = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass ORDER BY 1"
    return [name for (name,) in node.database.execute_sql(asked, (table,)).fetchall()]


def says(node: Node, count: int) -> None:
    """Write so many entries of the region's own."""
    node.write(lambda: [node.record("note", b"%d" % number) for number in range(count)])


def entries(node: Node) -> list[bytes]:
    """All entries, as they are replayed."""
    return [placed.entry.payload for placed in node.journal.replay()]


def test_the_record_is_parted_by_hub(whole: Callable[[], Node], engine: str) -> None:
    """64 parts of each table whose rows hang on a hub's lines; SQLite has the same columns and keys in one piece."""
    node = whole()
    for table in ON_LINES:
        one = table if engine == "sqlite" else schema.part_name(table, ALL - 1)
        assert node.database.get_primary_keys(one)[:2] == ["hub", "line"]
        if engine == "postgresql":
            assert parts(node, table) == [schema.part_name(table, number) for number in range(ALL)]
        assert table in node.database.get_tables()
    assert not [name for name in node.database.get_tables() if name.endswith("_00")]
    says(node, 70)
    assert len(entries(node)) == 71
    node.database.shrink()
    assert node.database.size_bytes() > 0
    node.close()


def test_only_the_part_of_a_hub_is_asked(whole: Callable[[], Node]) -> None:
    """Whoever knows the hub touches one part of 64, so that another server that is away keeps nobody else waiting."""
    node = whole()
    says(node, 3)
    if isinstance(node.database, PostgresDatabase):
        asked = "EXPLAIN SELECT seq FROM journal_entry WHERE hub = %s AND line = 1 AND seq > 2"
        plan = "\n".join(row[0] for row in node.database.execute_sql(asked, (node.identity.hub_id,)))
        assert plan.count("journal_entry_") == plan.count("_pkey") + 1 == 2, plan
    node.close()


def test_a_database_that_was_in_one_piece_is_parted(whole: Callable[[], Node]) -> None:
    """The next start does it; every entry is there as before."""
    node = whole()
    says(node, 200)
    before = entries(node)
    node.write(lambda: to_first_tables(node.database))
    node.write(lambda: node.database.execute_sql("UPDATE version SET done = '1' WHERE name = 'journal'"))
    node.close()
    again = whole()
    assert entries(again) == before
    if isinstance(again.database, PostgresDatabase):
        assert len(parts(again, "journal_entry")) == ALL
    again.close()
