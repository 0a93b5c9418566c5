"""What lies beyond the head of a line: a server kept more than we did when the power went. It is as if it were not."""

import random
from typing import Any

import pytest

from sync import lines, runs
from sync.store import ON_LINES, Line
from tests.fixtures.properties import check_whole
from tests.fixtures.sync_hub import BareHub, MakeHub, befriend

RUN = runs.LENGTH


@pytest.fixture
def pair(make_hub: MakeHub) -> tuple[BareHub, BareHub]:
    """A hub and its region, which takes what was learned."""
    hub, region = make_hub("hub"), make_hub("region")
    befriend(hub, region)
    return hub, region


def append(hub: BareHub, count: int) -> None:
    """Append so many entries for the region."""
    hub.write(lambda: hub.journal.append_many("region", "note", [(b"%d" % number, None) for number in range(count)]))


def streams(region: BareHub, hub: BareHub) -> list[Line]:
    """The lines of a hub that the region has."""
    return region.journal.streams(hub=hub.identity.hub_id)


def heads(region: BareHub) -> list[Any]:
    """Every row that says how far a line goes."""
    return region.database.execute_sql("SELECT * FROM journal_stream").fetchall()


def put_back(region: BareHub, rows: list[Any]) -> None:
    """Let the heads be what they were: what the power leaves when another server has kept the entries already."""
    region.database.execute_sql("DELETE FROM journal_stream")
    for row in rows:
        marks = ", ".join([region.database.param] * len(row))
        region.database.execute_sql(f"INSERT INTO journal_stream VALUES ({marks})", row)
    region.open()


@pytest.mark.parametrize(("before", "more"), [(0, 5), (3, 5), (40, RUN), (RUN - 1, 3), (255, 4), (256, 80)])
def test_what_lies_beyond_the_head_is_not_read(pair: tuple[BareHub, BareHub], before: int, more: int) -> None:
    """Neither as an entry nor as a hash; the exchange brings it again, once, and nothing differs from elsewhere."""
    hub, region = pair
    append(hub, before)
    assert hub.sync(region).agreed
    rows, said = heads(region), region.placed()
    append(hub, more)
    assert hub.sync(region).agreed
    put_back(region, rows)
    assert region.placed() == said == region.folded
    assert all(lines.hash_at(region.journal.store, line, line.seq + 1) is None for line in streams(region, hub))
    assert hub.sync(region).agreed
    assert region.placed("region") == hub.placed("region")
    assert region.folded == region.placed()
    check_whole(region)


@pytest.mark.parametrize("before", [3, RUN + 3])
def test_another_end_may_come_in_its_place(pair: tuple[BareHub, BareHub], before: int) -> None:
    """What was told to nobody binds nobody: seeds, seals and entries of a twin stand where others were kept."""
    hub, region = pair
    append(hub, before)
    assert hub.sync(region).agreed
    rows, twin = heads(region), hub.copy("twin")
    twin.randomness = random.Random("another").randbytes
    append(hub, 300)
    assert hub.sync(region).agreed
    put_back(region, rows)
    append(twin, 290)
    assert twin.sync(region).agreed
    assert region.placed("region") == twin.placed("region")
    check_whole(region)
    assert hub.sync(region).pushed
    check_whole(region)


def test_a_first_batch_makes_its_line_again(pair: tuple[BareHub, BareHub]) -> None:
    """A line that was begun and is not known gets the same number, and what it had makes way."""
    hub, region = pair
    rows = heads(region)
    append(hub, 300)
    assert hub.sync(region).agreed
    before = {table: region.database.execute_sql(f"SELECT * FROM {table}").fetchall() for table in ON_LINES}
    put_back(region, rows)
    assert region.placed() == []
    assert hub.sync(region).agreed
    for table, kept in before.items():
        assert sorted(map(repr, region.database.execute_sql(f"SELECT * FROM {table}").fetchall())) == sorted(
            map(repr, kept)
        )


def test_lines_of_two_hubs_may_have_one_number(make_hub: MakeHub) -> None:
    """Numbers are counted for each hub, so that no server has to ask another for the next."""
    one, two, region = make_hub("one"), make_hub("two"), make_hub("region")
    for hub in (one, two):
        befriend(hub, region)
        append(hub, 3)
        assert hub.sync(region).agreed
    found = [line for hub in (one, two) for line in streams(region, hub)]
    assert [line.number for line in found] == [1, 1]
    places = [(line.stream, seq) for line in found for seq in (1, 3)]
    got = region.journal.gather(places)
    assert {place: each.hub for place, each in got.items()} == {
        (line.stream, seq): line.hub for line in found for seq in (1, 3)
    }
    region.write(lambda: region.journal.store.forget(streams(region, one)))
    assert region.placed("region") == two.placed("region")
