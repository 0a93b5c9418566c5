"""Migrations: in order, once, and never over records of a newer program."""

from collections.abc import Callable

import pytest

from hub import migrations, projections
from hub.errors import DatabaseNewer
from hub.node import Node, open_node
from hub.tables import local, people
from tests.fixtures.care import fill


def _again(node: Node) -> Node:
    node.close()
    return open_node(node.home, node.settings)


def test_an_open_database_is_opened_again_unchanged(node: Node) -> None:
    """The second start does no step and rebuilds nothing."""
    fill(node)
    before = projections.fingerprint(node.tables)
    again = _again(node)
    assert projections.fingerprint(again.tables) == before
    assert not migrations.fit_projections(again.tables, again.writer, again.journal)
    again.close()


def test_a_new_step_is_done_once(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step at the end of the list is done at the next start, and not at the one after."""
    monkeypatch.setattr(local, "STEPS", (*local.STEPS, ("CREATE TABLE extra (id TEXT PRIMARY KEY)",)))
    for _ in range(2):
        node = _again(node)
        assert "extra" in node.database.get_tables()
    node.close()


def test_a_step_that_fails_leaves_the_database_as_it_was(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a step is none: the statement before the wrong one is not kept."""
    broken = ("CREATE TABLE half (id TEXT PRIMARY KEY)", "CREATE NONSENSE")
    monkeypatch.setattr(local, "STEPS", (*local.STEPS, broken))
    with pytest.raises(Exception, match=r"(?i)syntax|nonsense"):
        _again(node)
    monkeypatch.undo()
    again = open_node(node.home, node.settings)
    assert "half" not in again.database.get_tables()
    again.close()


def test_a_newer_database_is_left_alone(node: Node) -> None:
    """An older program says so and changes nothing."""
    fill(node)
    node.write(lambda: node.database.execute_sql("UPDATE version SET done = '99' WHERE name = 'local'"))
    with pytest.raises(DatabaseNewer, match="Nothing was changed"):
        _again(node)


def test_tables_of_another_meaning_are_made_again(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a fold changes, its version does, and the tables are made from the journal at the next start."""
    fill(node)
    before = projections.fingerprint(node.tables)
    node.write(node.tables.Person.delete().execute)
    monkeypatch.setattr(projections, "VERSION", projections.VERSION + 1)
    again = _again(node)
    assert projections.fingerprint(again.tables) == before
    again.close()


def _indexes(node: Node) -> list[list[str]]:
    return [index.columns for index in node.database.get_indexes("person")]


def test_a_new_index_comes_with_the_next_start(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that only gained an index is another shape too: the hub that is upgraded gets it."""
    fill(node)
    before, fields = projections.fingerprint(node.tables), people.Person._meta.fields
    monkeypatch.setattr(fields["birth_year"], "index", True)
    again = _again(node)
    assert (["birth_year"] in _indexes(again), projections.fingerprint(again.tables)) == (True, before)
    again.close()


def test_whoever_waits_hears_that_a_rebuild_goes_on(node: Node) -> None:
    """Once at the beginning and after each so many entries; never when there is nothing to do."""
    node.write(lambda: [node.record("note", b"x") for _ in range(migrations.STILL_ENTRIES + 1)])
    heard: list[int] = []
    for _ in range(2):
        migrations.fit_projections(node.tables, node.writer, node.journal, lambda: heard.append(1))
    assert heard == []
    node.write(lambda: node.database.execute_sql("UPDATE version SET done = 'older' WHERE name = 'projections'"))
    migrations.fit_projections(node.tables, node.writer, node.journal, lambda: heard.append(1))
    assert heard == [1, 1]


def test_two_hubs_in_one_process_keep_their_rows_apart(make_node: Callable[..., Node]) -> None:
    """Tables are bound to their node, whoever was opened last."""
    first, second = make_node("one"), make_node("two")
    fill(first)
    assert (first.tables.Person.select().count(), second.tables.Person.select().count()) == (1, 0)
