"""How the index of statements is kept: what one takes on the disk, and that every filter finds its way by an index."""

import json
from typing import Any

import pytest

from bench.community import Community
from hub import projections
from hub.database import FILE_NAME
from hub.node import Node, open_node
from hub.projections import rows
from hub.tables import compact, run
from hub.xapi import find, query, store
from tests.fixtures.clock import HandClock
from tests.fixtures.learning import statement

KEPT = 3_000
BYTES_MOST = 900
"""Of so few statements; names and descriptions stand once, so that of a million each takes far less (`make bench`)."""
AGENT = '{"account":{"homePage":"urn:mangrove:people","name":"somebody"}}'
FILTERS = {
    "agent": {"agent": AGENT},
    "verb": {"verb": "http://adlnet.gov/expapi/verbs/answered"},
    "activity": {"activity": "urn:mangrove:activity:water.en"},
    "registration": {"registration": "11111111-2222-4333-8444-555555555555"},
    "since": {"since": "2026-01-01T00:00:00Z"},
    "until": {"until": "2026-01-01T00:00:00Z"},
    "nothing": {},
    "agent and verb": {"agent": AGENT, "verb": "http://adlnet.gov/expapi/verbs/answered"},
    "related agent": {"agent": AGENT, "related_agents": "true"},
    "related activity": {"activity": "urn:mangrove:activity:water.en", "related_activities": "true"},
}


def _fill(node: Node, clock: HandClock, count: int) -> None:
    own = store.own_authority(node)
    for moment, batch in Community(count).batches(100):
        clock.time_ms = moment
        store.take(node, batch, authority=own)


@pytest.mark.sqlite("the file and the plan of SQLite are looked at")
def test_a_statement_takes_few_bytes(node: Node, clock: HandClock) -> None:
    """Journal, index, descriptions and what was learned together."""
    _fill(node, clock, KEPT)
    run(node.tables, "PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert (node.home / FILE_NAME).stat().st_size / KEPT < BYTES_MOST


@pytest.mark.sqlite("the plan of SQLite is looked at")
@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("order", ["true", "false"])
def test_no_filter_goes_through_everything(
    node: Node, clock: HandClock, monkeypatch: pytest.MonkeyPatch, name: str, order: str
) -> None:
    """No question scans a table or sorts, whichever way the page goes."""
    _fill(node, clock, 300)
    asked: list[tuple[str, Any]] = []
    execute = node.database.execute_sql

    def listen(sql: str, params: Any = None) -> Any:
        asked.append((sql, params))
        return execute(sql, params)

    monkeypatch.setattr(node.database, "execute_sql", listen)
    found = query.asked({**FILTERS[name], "ascending": order})
    assert isinstance(found, query.Query)
    find.page(node, found)
    monkeypatch.undo()
    plans = [
        (sql, row[3])
        for sql, params in asked
        if sql.lstrip().startswith(("SELECT", "WITH")) and "statement_" in sql
        for row in execute(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()
    ]
    assert plans
    bad = [plan for plan in plans if "TEMP B-TREE" in plan[1] or (plan[1].startswith("SCAN") and not _is_small(plan))]
    assert bad == []


def _is_small(plan: tuple[str, str]) -> bool:
    """What may be gone through: the references up to the first, values that were given, and hits of the question."""
    sql, step = plan
    return "statement_ref LIMIT 1" in sql or step.startswith(("SCAN (", "SCAN fit", "SCAN few", "SCAN CONSTANT"))


def test_statements_of_one_millisecond_stand_in_the_order_of_taking(node: Node) -> None:
    """And when its places are taken, the next ones are the next millisecond's."""
    first = store.take(node, [_raw(number) for number in range(5)], authority=store.own_authority(node))
    found = list(node.tables.Statement.select().order_by(node.tables.Statement.rank))
    assert [row.id for row in found] == first
    assert len({row.stored_ms for row in found}) == 1


def test_a_full_millisecond_gives_way_to_the_next(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies of another hub carry the hour, and there may be any number of them."""
    monkeypatch.setattr(rows, "_SPAN", 2)
    kept = store.take(node, [_raw(number) for number in range(5)], authority=store.own_authority(node))
    found = list(node.tables.Statement.select().order_by(node.tables.Statement.rank))
    assert [row.id for row in found] == kept


def test_tables_of_an_earlier_program_are_made_anew(node: Node, clock: HandClock) -> None:
    """A home whose index was made of other tables is rebuilt at the start, and says the same."""
    store.take(node, [_raw(1)], authority=store.own_authority(node))
    before = projections.fingerprint(node.tables)

    def age() -> None:
        compact.drop(node.database)
        for table in compact.VIEWS:
            node.database.execute_sql(f"CREATE TABLE {table} (id TEXT PRIMARY KEY, hub TEXT)")
            node.database.execute_sql(f"INSERT INTO {table} VALUES ('a', 'b')")  # noqa: S608
        node.database.execute_sql("CREATE TABLE voiding (id TEXT PRIMARY KEY)")
        node.database.execute_sql("UPDATE version SET done = 'older' WHERE name = 'projections'")

    node.write(age)
    again = open_node(node.home, node.settings, clock=clock)
    found = projections.fingerprint(again.tables), again.database.table_exists("voiding")
    again.close()
    assert found == (before, False)


def _raw(number: int) -> bytes:
    return json.dumps(statement(id=f"{number:08d}-2222-4333-8444-555555555555")).encode()
