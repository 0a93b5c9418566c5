"""Upgrading: homes whose journal kept every entry as a row of its own are packed once; nothing else is different."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hub import migrations, projections
from hub.care import chain, records
from hub.database import close_database, open_database
from hub.node import Node, open_node
from sync import runs, schema
from sync.store import ON_LINES
from tests.fixtures.care import fill
from tests.fixtures.former import to_first_tables
from tests.fixtures.fused import Cut
from tests.fixtures.properties import check_whole, facts
from tests.fixtures.sync_hub import BareHub, MakeHub, befriend

RUN = runs.LENGTH


def append(hub: BareHub, count: int, audience: str) -> None:
    """Append so many entries, each with the hub's name in it."""
    texts = (f"{hub.name} {number}" for number in range(count))
    hub.write(lambda: hub.journal.append_many(audience, "note", [(text.encode(), None) for text in texts]))


@pytest.fixture
def region(make_hub: MakeHub) -> BareHub:
    """A region with a stream of its own of several blocks, one of another hub, and a branch of that."""
    hub, region = make_hub("hub"), make_hub("region")
    befriend(hub, region)
    append(hub, 3, "region")
    twin = hub.copy("twin")
    append(hub, RUN, "region")
    append(twin, 2 * RUN, "region")
    append(region, 300, "local")
    for each in (hub, twin):
        assert each.sync(region).agreed
    return region


def upgrade(hub: BareHub) -> None:
    """Do the steps, as the next start of a newer program does."""
    for step in schema.STEPS[1:]:
        hub.write(lambda step=step: step(hub.database, lambda: None))
    hub.open()


def rows(hub: BareHub) -> list[tuple[int, int, bool]]:
    """Line, number and whether it is packed, of every row of entries; the step before numbered lines of all hubs."""
    found = hub.database.execute_sql("SELECT line, seq, raw FROM journal_entry ORDER BY line, seq").fetchall()
    return [(line, seq, runs.is_packed(bytes(raw))) for line, seq, raw in found]


def test_everything_is_there_and_packed(region: BareHub) -> None:
    """Every line, entry, hash, seed and seal is as before; whole runs are one row each."""
    said, known, lines = region.placed(), facts(region), region.journal.streams()
    seals = [region.journal.store.seals(line, 0, 1000) for line in lines]
    to_first_tables(region.database)
    upgrade(region)
    assert (region.placed(), facts(region)) == (said, known)
    upgraded = region.journal.streams()
    assert [replace(line, number=0) for line in upgraded] == [replace(line, number=0) for line in lines]
    assert sorted(line.number for line in upgraded) == list(range(1, len(lines) + 1))
    assert [region.journal.store.seals(line, 0, 1000) for line in upgraded] == seals
    check_whole(region)
    for line in upgraded:
        packed = [seq for number, seq, is_packed in rows(region) if number == line.number and is_packed]
        first = 0 if not line.base else RUN
        assert packed == list(range(first + RUN, line.seq + 1, RUN))
    assert any(line.base for line in upgraded), "there is a branch"


def test_it_goes_on_after_the_step(region: BareHub) -> None:
    """The next entries complete the run that the step left open."""
    to_first_tables(region.database)
    upgrade(region)
    (line,) = region.journal.streams(hub=region.identity.hub_id)
    append(region, RUN, "local")
    assert sum(number == line.number and is_packed for number, _, is_packed in rows(region)) == (line.seq + RUN) // RUN
    check_whole(region)


@pytest.mark.parametrize("is_there", [True, False], ids=["changed", "missing"])
def test_what_was_damaged_is_moved_as_it_is(region: BareHub, is_there: bool) -> None:
    """Its run stays single, so that the doctor names the same entry as before; the others are packed."""
    to_first_tables(region.database)
    own = region.identity.hub_id
    mark, values = region.database.param, (b"note 1 0 0 0 - 0\nof nobody", own)
    change = f"UPDATE journal_entry SET raw = {mark} WHERE seq = 70 AND hub = {mark}"
    region.database.execute_sql(change, values)
    if not is_there:
        region.database.execute_sql(f"DELETE FROM journal_entry WHERE seq = 70 AND hub = {mark}", values[1:])
    upgrade(region)
    (line,) = region.journal.streams(hub=own)
    single = [seq for number, seq, is_packed in rows(region) if number == line.number and not is_packed and seq <= 256]
    assert single == [seq for seq in range(RUN + 1, 2 * RUN + 1) if is_there or seq != 70]


def test_without_its_seed_a_run_is_moved_as_it_is(region: BareHub) -> None:
    """Nothing is packed that could not be proven afterwards."""
    to_first_tables(region.database)
    region.database.execute_sql("DELETE FROM journal_seed WHERE block = 0")
    upgrade(region)
    assert all(seq > 256 for _, seq, is_packed in rows(region) if is_packed)


def test_a_power_cut_in_the_step_leaves_the_first_tables(region: BareHub) -> None:
    """Whatever statement is the last, the next start finds all of it to do, or all of it done."""
    said = region.placed()
    to_first_tables(region.database)
    fuse, is_cut = 0, True
    while is_cut:
        region.database.fuse = fuse
        try:
            region.write(lambda: schema.STEPS[1](region.database, lambda: None))
            is_cut = False
        except Cut:
            fuse += 5
            region.database.fuse = None
            assert "number" not in {column.name for column in region.database.get_columns("journal_stream")}
    assert fuse > 50
    region.database.fuse = None
    region.write(lambda: schema.STEPS[2](region.database, lambda: None))
    region.open()
    assert region.placed() == said


def test_a_power_cut_leaves_the_hub_in_no_key_or_in_all(region: BareHub) -> None:
    """Whatever statement is the last, the next start finds all of it to do, or all of it done."""
    said, known = region.placed(), facts(region)
    to_first_tables(region.database)
    region.write(lambda: schema.STEPS[1](region.database, lambda: None))
    fuse, is_cut = 0, True
    while is_cut:
        region.database.fuse = fuse
        try:
            region.write(lambda: schema.STEPS[2](region.database, lambda: None))
            is_cut = False
        except Cut:
            fuse += 1
            region.database.fuse = None
            assert "hub" not in {column.name for table in ON_LINES for column in region.database.get_columns(table)}
    assert fuse > 15
    region.open()
    assert (region.placed(), facts(region)) == (said, known)
    check_whole(region)


def _as_before(node: Node) -> None:
    node.write(lambda: to_first_tables(node.database))
    node.write(lambda: node.database.execute_sql("UPDATE version SET done = '1' WHERE name = 'journal'"))


def _filled(node: Node) -> str:
    fill(node)
    node.write(lambda: [node.record("note", b"%d" % number) for number in range(2 * RUN)])
    return projections.fingerprint(node.tables)


def test_a_home_made_before_opens(node: Node) -> None:
    """The next start does the step: tables, journal and what the doctor says are the same."""
    before = _filled(node)
    _as_before(node)
    node.close()
    again = open_node(node.home, node.settings)
    assert projections.fingerprint(again.tables) == before
    assert list(chain.problems(again)) == []
    packed = [bytes(raw) for (raw,) in again.database.execute_sql("SELECT raw FROM journal_entry").fetchall()]
    assert sum(map(runs.is_packed, packed)) == 2
    migrations.check_ready(again.database)
    again.close()


def test_whoever_waits_hears_that_the_step_goes_on(node: Node) -> None:
    """A million entries take a small device longer than systemd waits for a start that says nothing."""
    node.write(lambda: [node.record("note", b"x") for _ in range(schema.AT_ONCE + 1)])
    _as_before(node)
    node.close()
    heard: list[int] = []
    open_node(node.home, node.settings, still=lambda: heard.append(1)).close()
    assert len(heard) > 2


def test_a_backup_made_before_is_brought_up_to_date(node: Node, make_node: Callable[..., Node], tmp_path: Path) -> None:
    """Its records come into a hub of this version, packed."""
    before, path = _filled(node), tmp_path / "records.db"
    records.snapshot(node.database, path)
    copy = open_database("", tmp_path, name=path.name)
    to_first_tables(copy)
    copy.execute_sql("UPDATE version SET done = '1' WHERE name = 'journal'")
    close_database(copy)
    records.bring_up_to_date(path)
    assert records.entries(path) == 2 * RUN + 5
    other = make_node("other")
    records.load(path, other.database, other.home)
    assert migrations.fit_projections(other.tables, other.writer, other.journal)
    assert (projections.fingerprint(other.tables), list(chain.problems(other))) == (before, [])


def test_a_table_is_parted_by_the_hub() -> None:
    """What PostgreSQL is told: each part for one remainder, with the key, and the whole without one."""
    whole, *parts = schema.parted("journal_seal", 3)
    assert whole.endswith("PARTITION BY HASH (hub)") and "KEY" not in whole
    assert [part.split()[2] for part in parts] == ["journal_seal_00", "journal_seal_01", "journal_seal_02"]
    for number, part in enumerate(parts):
        assert "(PRIMARY KEY (hub, line, seq))" in part
        assert part.endswith(f"(MODULUS 3, REMAINDER {number})")
    (one,) = schema.parted("journal_seal", 0)
    assert "PRIMARY KEY" in one and "PARTITION" not in one
