"""Keeping: single entries become runs as a line grows, and everything reads them as if they had not."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import lines, runs, stream
from sync.errors import JournalDamaged
from sync.journal import Placed
from sync.stream import Row
from tests.fixtures.fused import Cut, FusedDatabase
from tests.fixtures.properties import check_whole
from tests.fixtures.sync_hub import BareHub, MakeHub, befriend, making_hubs

RUN = runs.LENGTH
LARGE = 5_000


@pytest.fixture(scope="module")
def make_hub(request: pytest.FixtureRequest, engine: str) -> Iterator[MakeHub]:
    """A function that makes hubs for all examples of this file."""
    with making_hubs(request, engine) as make:
        yield make


@pytest.fixture
def hub(make_hub: MakeHub) -> BareHub:
    """A hub with an empty journal."""
    return make_hub("hub")


def append(hub: BareHub, count: int, audience: str = "local", size: int = 1) -> list[Placed]:
    """Append so many entries at once, each with the hub's name and a number so many times over."""
    texts = (f"{hub.name} {number} " * size for number in range(count))
    payloads: list[tuple[bytes, int | None]] = [(text.encode(), None) for text in texts]
    placed: list[Placed] = hub.write(lambda: hub.journal.append_many(audience, "note", payloads))
    return placed


def kept(hub: BareHub) -> list[tuple[int, bool]]:
    """The rows of the only line: the last number of each, and whether it is packed."""
    rows = hub.database.execute_sql("SELECT seq, raw FROM journal_entry ORDER BY seq").fetchall()
    return [(seq, runs.is_packed(bytes(raw))) for seq, raw in rows]


def spoil(database: FusedDatabase, seq: int, kept: bytes) -> None:
    """Write over what a row keeps."""
    mark = database.param
    database.execute_sql(f"UPDATE journal_entry SET raw = {mark} WHERE seq = {mark}", (kept, seq))


def test_a_run_is_packed_when_its_last_entry_comes(hub: BareHub) -> None:
    """Before, each entry is a row of its own; then they are one, and the next ones are single again."""
    append(hub, RUN - 2)
    assert kept(hub) == [(seq, False) for seq in range(1, RUN)]
    hub.say("local", "the last of the run", "the first of the next")
    assert kept(hub) == [(RUN, True), (RUN + 1, False)]
    check_whole(hub)


def test_whole_runs_of_a_batch_are_never_single(hub: BareHub) -> None:
    """A batch over several ends of runs packs each, with what was there before, and leaves the rest."""
    hub.say("local", "before")
    append(hub, 3 * RUN)
    assert kept(hub) == [(RUN, True), (2 * RUN, True), (3 * RUN, True), (3 * RUN + 1, False), (3 * RUN + 2, False)]
    check_whole(hub)


def test_a_run_of_large_entries_lies_in_several_rows(hub: BareHub) -> None:
    """None of them unpacks to more than the bound, and every entry is found in its row."""
    placed = append(hub, RUN - 1, size=LARGE)
    assert len(kept(hub)) > 5 * LARGE * RUN // runs.PIECE_BYTES and all(is_packed for _, is_packed in kept(hub))
    places = [(each.stream, each.seq) for each in placed]
    assert hub.journal.gather(places) == dict(zip(places, placed, strict=True))
    check_whole(hub)


@settings(max_examples=15, deadline=None)
@given(sizes=st.lists(st.integers(1, 2 * RUN + 3), min_size=1, max_size=4), seed=st.integers(0, 2**32))
def test_whatever_came_in_whatever_batches_is_read_the_same(make_hub: MakeHub, sizes: list[int], seed: int) -> None:
    """One by one, from any number on, gathered anywhere, folded again, by its hash, and given to others."""
    chance, hub = random.Random(seed), make_hub(f"hub {seed}")
    for size in sizes:
        payloads = [(chance.randbytes(chance.choice((0, 9, 900))), None) for _ in range(size)]
        hub.write(lambda payloads=payloads: hub.journal.append_many("local", "note", payloads))
    said = list(hub.folded)
    (line,) = hub.journal.streams()
    assert list(hub.journal.replay()) == said and [each.seq for each in said] == list(range(1, line.seq + 1))
    assert [each.id for each in hub.journal.replay()] == [each.id for each in said]
    after, limit = chance.randrange(line.seq + 2), chance.randint(1, line.seq + 9)
    assert hub.journal.read(line.stream, after=after, limit=limit) == said[after:][:limit]
    some = chance.choices(said, k=20)
    gathered = hub.journal.gather([(each.stream, each.seq) for each in some])
    assert gathered == {(each.stream, each.seq): each for each in some}
    assert [gathered[each.stream, each.seq].id for each in some] == [each.id for each in some]
    one = chance.choice(said)
    assert hub.journal.get(line.stream, one.seq) == one
    rows = lines.rows_after(hub.journal.store, line, 0, line.seq)
    assert all(lines.hash_at(hub.journal.store, line, seq) == running for seq, running, _ in chance.choices(rows, k=9))
    check_whole(hub)


def test_a_power_cut_at_any_statement_of_packing_leaves_before_or_after(hub: BareHub) -> None:
    """Whatever statement is the last: all entries that were confirmed are there, each once, packed or single."""
    append(hub, RUN - 2)
    fuse, is_cut = 0, True
    while is_cut:
        hub.database.fuse = fuse
        try:
            append(hub, 1)
            is_cut = False
        except Cut:
            fuse += 1
        hub.open()
        check_whole(hub)
        assert [seq for seq, _ in kept(hub)] == (list(range(1, RUN)) if is_cut else [RUN])
    assert fuse >= 6, "reading, deleting and writing are statements of their own"


def test_what_others_sent_is_packed_too_and_given_on(make_hub: MakeHub) -> None:
    """A region packs what it takes, whatever the batches were, and gives its hub the lost tail back bit for bit."""
    hub, region = make_hub("hub"), make_hub("region")
    befriend(hub, region)
    before = hub.database.twin()
    append(hub, 3 * RUN + 5, "region")
    assert hub.sync(region).agreed
    check_whole(region)
    assert sum(is_packed for _, is_packed in kept(region)) == 3
    sent = hub.texts("region")
    hub.restore(before)
    assert hub.sync(region).agreed and hub.texts("region") == sent
    check_whole(hub)


def test_a_branch_packs_its_own_runs(make_hub: MakeHub) -> None:
    """Two cards with one key: the run in which the branch leaves stays single, the next ones are packed."""
    hub, region = make_hub("hub"), make_hub("region")
    befriend(hub, region)
    hub.say("region", "both")
    twin = hub.copy("twin")
    append(hub, 3, "region")
    append(twin, 3 * RUN, "region")
    for each in (hub, twin):
        assert each.sync(region).agreed
    (branch,) = [line for line in region.journal.streams() if line.parent]
    query = f"SELECT seq, raw FROM journal_entry WHERE line = {branch.number} ORDER BY seq"
    packed = [seq for seq, raw in region.database.execute_sql(query).fetchall() if runs.is_packed(bytes(raw))]
    assert packed == [2 * RUN, 3 * RUN]
    check_whole(region)
    seeds = region.journal.store.seeds(branch, branch.base + 1, branch.seq)
    assert sorted(seeds) == [stream.block_of(branch.base + 1)]


@pytest.mark.parametrize("wrong", [b"a note that nobody wrote", None], ids=["changed", "missing"])
def test_what_is_damaged_is_not_packed(hub: BareHub, wrong: bytes | None) -> None:
    """Entries go on being kept; the run stays as it lies, so that the doctor finds the place."""
    append(hub, RUN - 3)
    if wrong is None:
        hub.database.execute_sql("DELETE FROM journal_entry WHERE seq = 5")
    else:
        spoil(hub.database, 5, wrong)
    append(hub, RUN + 2)
    numbers = [seq for seq in range(1, RUN + 1) if wrong is not None or seq != 5]
    assert kept(hub) == [*((seq, False) for seq in numbers), (2 * RUN, True)]
    (line,) = hub.journal.streams()
    assert hub.journal.get(line.stream, 4) is not None
    assert hub.journal.store.hash_of(line, 5) is None or wrong


def test_without_its_seed_a_run_stays_single(hub: BareHub) -> None:
    """It could not be proven any more; nothing is lost."""
    append(hub, RUN - 2)
    (line,) = hub.journal.streams()
    seed = hub.journal.store.seeds(line, 1, 1)[0]
    hub.database.execute_sql("DELETE FROM journal_seed")
    rows = hub.journal.store.entries(line, 0, RUN)
    raw = b"note 1 0 0 0 - 0\n"
    hub.write(lambda: hub.journal.store.add_entries(line, [(RUN, stream.step(rows[-1][1], RUN, seed, raw), raw)]))
    assert kept(hub)[-1] == (RUN, False)


def _damages(packed: bytes) -> list[bytes]:
    """A packed row with a bit turned in the middle, and one that is cut off."""
    half = len(packed) // 2
    return [packed[:half] + bytes([packed[half] ^ 255]) + packed[half + 1 :], packed[:-1]]


@pytest.mark.parametrize("number", [0, 1], ids=["changed", "cut off"])
def test_a_damaged_run_is_named_whoever_reads_it(hub: BareHub, number: int) -> None:
    """No reader gets another entry, or none, in silence; what lies beside it can be read."""
    append(hub, 2 * RUN)
    (line,) = hub.journal.streams()
    (row,) = hub.database.execute_sql(f"SELECT raw FROM journal_entry WHERE seq = {RUN}").fetchall()
    spoil(hub.database, RUN, _damages(bytes(row[0]))[number])
    store = hub.journal.store
    for read in (
        lambda: hub.journal.get(line.stream, 7),
        lambda: hub.journal.gather([(line.stream, 7), (line.stream, RUN + 1)]),
        lambda: hub.journal.read(line.stream, after=3),
        lambda: list(hub.journal.replay()),
        lambda: store.hash_of(line, 7),
    ):
        with pytest.raises(JournalDamaged, match=rf"Entry {RUN} of the stream"):
            read()
    found = hub.journal.get(line.stream, RUN + 1)
    assert found is not None and found.id


def test_a_run_that_does_not_lead_to_its_hash_is_damage(hub: BareHub) -> None:
    """A row of another line in this place is whole in itself; reading in order notices it."""
    append(hub, RUN)
    before, seed = b"\3" * 32, b"\4" * 16
    rows: list[Row] = list(stream.chain(1, before, {0: seed}, [b"note 1 0 0 0 - 0\nother"] * RUN))
    ((_, _, packed),) = runs.pack(before, seed, rows)
    spoil(hub.database, RUN, packed)
    (line,) = hub.journal.streams()
    with pytest.raises(JournalDamaged):
        hub.journal.read(line.stream)


def test_an_id_that_cannot_be_found_any_more_says_so(hub: BareHub) -> None:
    """The id of a gathered entry is found when it is asked for; its row may be gone by then."""
    (placed,) = hub.say("local", "one")
    found = hub.journal.gather([(placed.stream, placed.seq)])[placed.stream, placed.seq]
    hub.database.execute_sql("DELETE FROM journal_entry")
    with pytest.raises(JournalDamaged):
        assert found.id
