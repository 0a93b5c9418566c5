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
from hub.xapi import find, query, seek, store
from tests.fixtures.clock import HandClock
from tests.fixtures.learning import statement

KEPT = 3_000
BYTES_MOST = 700
"""Beside an empty hub, of so few; what stands once makes each of a million take far less (`make bench`)."""
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


def _on_disk(node: Node) -> int:
    run(node.tables, "PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return (node.home / FILE_NAME).stat().st_size


@pytest.mark.sqlite("the file and the plan of SQLite are looked at")
def test_a_statement_takes_few_bytes(node: Node, clock: HandClock) -> None:
    """Journal, index, descriptions and what was learned together."""
    empty = _on_disk(node)
    _fill(node, clock, KEPT)
    assert (_on_disk(node) - empty) / KEPT < BYTES_MOST


@pytest.mark.sqlite("the plan of SQLite is looked at")
@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("order", ["true", "false"])
def test_no_filter_goes_through_everything(
    node: Node, clock: HandClock, monkeypatch: pytest.MonkeyPatch, name: str, order: str
) -> None:
    """No question scans a table or sorts, whichever way the page goes."""
    _fill(node, clock, 300)
    ref = {"objectType": "StatementRef", "id": node.tables.Statement.get().id}
    void = {"actor": json.loads(AGENT), "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}, "object": ref}
    store.keep_own(node, [void])
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
    through = [plan for plan in plans if "statement_ref" in plan[0] and plan[1].startswith("SEARCH r USING INTEGER")]
    assert all("(rowid=?" in step for _, step in through), "references are not found through all rows"
    bad = [
        plan
        for plan in plans
        if ("TEMP B-TREE" in plan[1] and "WITH" not in plan[0]) or (plan[1].startswith("SCAN") and not _is_small(plan))
    ]
    assert bad == []


def _is_small(plan: tuple[str, str]) -> bool:
    """What may be gone through: references, of which there are few here, values that were given, and what fits."""
    steps = ("SCAN (", "SCAN fit", "SCAN few", "SCAN CONSTANT", "SCAN statement_ref", "SCAN p")
    return plan[1].startswith(steps)


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


@pytest.mark.parametrize(("few", "followed"), [(2_000, 1_000), (1, 1_000), (1, 1)])
def test_references_are_found_whichever_way_is_gone(
    node: Node, monkeypatch: pytest.MonkeyPatch, few: int, followed: int
) -> None:
    """Few references are gone through; of many, those of what fits are followed while that is little."""
    monkeypatch.setattr(seek, "REFERENCES_FEW", few)
    monkeypatch.setattr(seek, "FEW", followed)
    first = store.take(node, [_raw(number) for number in range(3)], authority=store.own_authority(node))
    ref = {"objectType": "StatementRef", "id": first[1]}
    said = {"actor": json.loads(AGENT), "verb": {"id": "http://a.org/commented"}, "object": ref}
    store.keep_own(node, [said])
    found = query.asked({"activity": statement()["object"]["id"]})
    assert isinstance(found, query.Query)
    assert len(find.page(node, found).statements) == 4
