"""Entries that come many at once end in the same rows as one by one, on either database, whatever their texts hold."""

import json
from typing import Any

import pytest

from bench.community import Community
from hub import projections
from hub.database import is_sqlite
from hub.node import Node
from hub.projections import learning
from hub.tables import among, among_pairs, run
from hub.tables.lookup import among_ids
from sync.entry import Entry
from sync.journal import Placed
from tests.fixtures.clock import START_MS
from tests.fixtures.entries import LOCAL, placed

COUNT = 300
ODD = ("tab\there", "line\nbreak", "back\\slash \\N \\.", '"quoted"', "سلام", "a\rb", "100 %s ?")
"""What a driver that writes rows as text has to put down as it is."""


@pytest.fixture
def arriving() -> list[Placed]:
    """What a community wrote, with odd responses; some of it is voided, and many answers are of one person and item."""
    made = [json.loads(each) for _, some in Community(COUNT).batches(100) for each in some]
    for number, each in enumerate(made):
        if "result" in each:
            each["result"]["response"] = ODD[number % len(ODD)]
    payloads = ({"id": each["id"], "stored": each["timestamp"], "raw": each} for each in made)
    return [
        placed(LOCAL, Entry("statement", json.dumps(payload).encode(), START_MS), seq)
        for seq, payload in enumerate(payloads, 1)
    ]


def test_a_crowd_ends_as_one_by_one(node: Node, arriving: list[Placed]) -> None:
    """Rows that are copied in one stroke are those that single statements write."""

    def at_once() -> str:
        projections.rebuild(node.tables, arriving)
        return projections.fingerprint(node.tables)

    def one_by_one() -> str:
        projections.empty(node.tables)
        for each in arriving:
            projections.project(node.tables, each)
        return projections.fingerprint(node.tables)

    crowd = node.write(at_once)
    responses = {row.response for row in node.tables.Answer.select()}
    assert responses >= set(ODD)
    assert crowd == node.write(one_by_one)


def test_what_stands_is_put_over_by_a_crowd(node: Node, arriving: list[Placed]) -> None:
    """Progress and competence that are there already go on from where they were."""

    def in_two() -> str:
        projections.empty(node.tables)
        projections.project_all(node.tables, arriving[: COUNT // 2])
        projections.project_all(node.tables, arriving[COUNT // 2 :])
        return projections.fingerprint(node.tables)

    def whole() -> str:
        projections.rebuild(node.tables, arriving)
        return projections.fingerprint(node.tables)

    assert node.write(in_two) == node.write(whole)


def test_many_values_are_found_as_few_are(node: Node, arriving: list[Placed]) -> None:
    """A question of hundreds of names, ids or pairs goes another way than one of a few."""
    node.write(lambda: projections.rebuild(node.tables, arriving))
    ids = [row.id for row in node.tables.Statement.select()]
    asked = "SELECT id FROM statement_row WHERE id IN ({})"
    assert len(list(among_ids(node.tables, asked, ids))) == len(ids) > 200
    assert sorted(map(str, among_ids(node.tables, asked, ids[:3]))) == sorted(
        str(row) for each in ids[:3] for row in among_ids(node.tables, asked, [each])
    )
    names = [row[0] for row in run(node.tables, "SELECT text FROM statement_name").fetchall()]
    found = among(node.tables, "SELECT text FROM statement_name WHERE text IN ({})", [*names, "nobody's"])
    assert sorted(row[0] for row in found) == sorted(names)
    keys = run(node.tables, "SELECT person, item FROM statement_progress").fetchall()
    pairs = "SELECT person, item FROM statement_progress WHERE (person, item) IN (VALUES {})"
    assert sorted(among_pairs(node.tables, pairs, map(tuple, keys))) == sorted(map(tuple, keys))


def test_progress_is_put_together_as_the_database_does(node: Node) -> None:
    """Rows of one person and item come to the same in one stroke as each put over the one before."""
    acts = [(0, -1, 50, 50), (1, 300, 20, 20), (0, -1, 90, 90), (3, 200, 40, 40), (1, 900, 30, 30)]
    acts = [(1, 2, 3, *act) for act in acts]

    def keep(upto: list[tuple[int, ...]]) -> list[Any]:
        run(node.tables, "DELETE FROM statement_progress")
        for rows in (acts[:2], acts[2:]) if not upto else [[each] for each in upto]:
            learning.insert(node.tables, learning._PROGRESS, learning._furthest(rows), learning._FURTHER)
        return [tuple(row) for row in run(node.tables, "SELECT * FROM statement_progress").fetchall()]

    assert node.write(lambda: keep([])) == node.write(lambda: keep(acts)) == [(1, 2, 3, 3, 900, 20, 40)]


def test_a_crowd_is_few_statements_for_postgresql(node: Node, arriving: list[Placed], monkeypatch: Any) -> None:
    """One round trip for each of hundreds of rows was what a region's processor was spent on."""
    if is_sqlite(node.database):
        return
    told: list[str] = []
    database: Any = type(node.database)
    one, many = database.execute_sql, database.execute_many

    def count(self: Any, sql: str, params: Any = None) -> Any:
        told.append(sql)
        return one(self, sql, params)

    def count_many(self: Any, sql: str, rows: Any) -> None:
        told.extend([sql] * len(rows))
        many(self, sql, rows)

    plain = [each for each in arriving if b"StatementRef" not in each.entry.payload]
    monkeypatch.setattr(database, "execute_sql", count)
    monkeypatch.setattr(database, "execute_many", count_many)
    node.write(lambda: projections.project_all(node.tables, plain))
    assert len(told) < len(plain) / 5, len(told)
