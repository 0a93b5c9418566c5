"""Erasing: the bytes go, here and wherever they went; numbers, hashes and all else stay."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from sync import batch as batches
from sync import erasing, exchange, give, stream
from sync.entry import decode
from sync.erasing import ERASED
from sync.errors import JournalDamaged
from sync.exchange import Limits
from tests.fixtures.erasing import CHILD, agree, has, holder, place, seeds, teller
from tests.fixtures.fused import Cut
from tests.fixtures.properties import check_folded, check_whole, facts
from tests.fixtures.sync_hub import BareHub, MakeHub, befriend


@pytest.fixture
def hub(make_hub: MakeHub) -> BareHub:
    """A hub that has said something about a child."""
    return teller(make_hub)


@pytest.fixture
def region(make_hub: MakeHub, hub: BareHub) -> BareHub:
    """The region of that hub."""
    return holder(make_hub, hub)


def test_the_bytes_go_and_the_number_stays(hub: BareHub) -> None:
    """Nothing opens it any more; its neighbours, its hash and the head are as they were."""
    at = place(hub)
    before, head = facts(hub), hub.journal.streams()[0].head
    hub.erase(at)
    assert not has(hub) and seeds(hub) == []
    assert before < facts(hub) and hub.journal.streams()[0].head != head
    gone = hub.journal.get(*at)
    assert gone is not None and gone.entry == ERASED
    assert hub.texts("region") == ["after", "before"]
    check_whole(hub)
    check_folded(hub)


def test_salts_of_what_is_gone_are_gone(hub: BareHub) -> None:
    """The leaf hash stays, and nobody can try payloads against it without the salt."""
    stream_name, seq = place(hub)
    ((_, _, seed),) = seeds(hub)
    hub.erase((stream_name, seq))
    kept = hub.store_bytes()
    assert repr(stream.salt_of(bytes(seed), seq)).encode() not in kept
    line = hub.journal.store.line(stream_name)
    assert line is not None
    assert hub.journal.store.marks(line, seq, seq)[seq] != stream.salt_of(bytes(seed), seq)


def test_who_has_it_erases_when_it_hears_of_it(hub: BareHub, region: BareHub) -> None:
    """The holder of the old form loses it with the very batch that brings the erasure."""
    agree(hub, region)
    assert has(region)
    assert CHILD in [each.entry.payload.decode() for each in region.folded]
    hub.erase(place(hub))
    agree(hub, region)
    assert not has(region)
    assert region.texts("region") == ["after", "before"]


def test_who_comes_later_gets_the_erased_form(hub: BareHub, region: BareHub, make_hub: MakeHub) -> None:
    """The bytes never go over the line again."""
    hub.erase(place(hub))
    hub.say("region", "afterwards")
    carried: list[bytes] = []

    def line(name: str, body: bytes) -> bytes:
        carried.append(body)
        return region.answer(name, body)

    hub.sync(region, link=line)
    agree(hub, region)
    assert not has(region) and not any(CHILD.encode() in data for data in carried)
    assert region.texts("region") == ["after", "afterwards", "before"]


def test_a_public_stream_is_carried_on_erased(make_hub: MakeHub) -> None:
    """A third hub takes it from the region: by the owner's own signature, not by the word of who carries it."""
    one, two, region = make_hub("one"), make_hub("two"), make_hub("region")
    befriend(one, region)
    befriend(two, region)
    one.say("public", "shelf", CHILD)
    one.sync(region)
    one.erase(place(one, audience="public"))
    one.sync(region)
    two.sync(region)
    assert not has(two) and two.texts("public") == ["shelf"]
    one.say("public", "more")
    agree(one, region)
    agree(two, region)
    assert two.texts("public") == ["more", "shelf"]


def test_the_stream_goes_on_over_many_blocks(hub: BareHub, region: BareHub) -> None:
    """The block that lost its seed is filled with salts drawn one by one; the next one has a seed again."""
    hub.erase(place(hub))
    hub.write(lambda: hub.journal.append_many("region", "note", [(f"n {n}".encode(), None) for n in range(600)]))
    assert len(seeds(hub)) == 2
    agree(hub, region)
    assert len(seeds(region)) == 2
    hub.erase(place(hub, "n 300"), place(hub, "n 40"))
    agree(hub, region)
    assert not has(region, "n 300'") and len(region.texts("region")) == 600


def test_a_holder_behind_goes_on_with_salts(hub: BareHub, region: BareHub) -> None:
    """It has the seed still when the first marked batch comes, which is about the same block."""
    hub.sync(region)
    hub.say("region", "later")
    hub.erase(place(hub, "later"))
    hub.say("region", "last")
    agree(hub, region)
    assert seeds(region) == [] and region.texts("region") == [CHILD, "after", "before", "last"]


def test_an_erasure_before_its_entry(hub: BareHub, region: BareHub) -> None:
    """The wish waits: what comes by another road later is emptied on arrival, and never folded."""
    old = list(hub.journal.streams(audience="region"))[0]
    data, _ = give.make(hub.journal, old, 0, 10)
    hub.write(lambda: hub.journal.begin_incarnation("restored"))
    hub.erase((old.stream, 3))
    new = next(each for each in hub.journal.streams(audience="region") if each.stream != old.stream)
    region.journal.apply(batches.read(give.make(hub.journal, new, 0, 10)[0]))
    assert region.journal.apply(batches.read(data)) == 4
    assert not has(region) and len(region.folded) == 5 and seeds(region)[0][1] == 0
    agree(hub, region)
    region.journal.apply(batches.read(data))
    assert not has(region)


def test_erasing_twice_is_erasing_once(hub: BareHub, region: BareHub) -> None:
    """Also said again, as after a restore."""
    said = hub.erase(place(hub))
    assert hub.erase(place(hub, "before"), ("nothing", 1)) != []
    agree(hub, region)
    before = hub.journal.store.erasures.between(hub.identity.hub_id, said[0][1].root, 1, 99)
    hub.write(lambda: hub.journal.erase_again(said))
    assert hub.erase(*((said[0][1].root, seq) for seq, _ in said[0][1].places)) == []
    assert hub.journal.store.erasures.between(hub.identity.hub_id, said[0][1].root, 1, 99) == before
    agree(hub, region)


def test_what_a_stream_needs_is_not_erased(hub: BareHub) -> None:
    """Its beginning and its erasures stay, and so does what is of others."""
    name, _ = place(hub)
    said = hub.erase((name, 1), (name, 3))
    assert [seq for seq, _ in said[0][1].places] == [3]
    assert hub.erase((name, 5), (name, 1)) == []


def test_ids_that_must_not_come_back_travel_along(hub: BareHub, region: BareHub) -> None:
    """Everybody who gets the erasure knows their hashes, and more than fit one entry go in several."""
    marks = [bytes([n % 256, n // 256]) * 16 for n in range(erasing.PLACES_MAX + 1)]
    said = hub.erase(place(hub), known=marks)
    assert len(said) == 3
    agree(hub, region)
    assert region.journal.store.erasures.known(hub.identity.hub_id) == set(marks)
    assert region.journal.store.erasures.known("another") == set()


def test_a_restored_hub_erases_again(hub: BareHub, region: BareHub) -> None:
    """The list beside the key is said again, so an older database does not bring it back."""
    old = hub.database.twin()
    hub.erase(place(hub))
    agree(hub, region)
    hub.restore(old)
    assert not has(hub)
    agree(hub, region)


def test_a_copied_card_erases_on_both_lines(hub: BareHub, region: BareHub) -> None:
    """The front that both share loses its seed on every line; each tail keeps its entries."""
    twin = hub.copy("twin")
    region.peerings[twin.identity.hub_id] = region.peerings[hub.identity.hub_id]
    hub.say("region", "of one")
    twin.say("region", "of the other")
    hub.sync(region)
    twin.sync(region)
    hub.sync(region)
    twin.erase(place(twin), place(twin, "of the other"))
    for _ in range(3):
        twin.sync(region)
        hub.sync(region)
    for each in (hub, twin, region):
        assert not has(each) and not has(each, "of the other")
        assert "of one" in each.texts("region")
        check_whole(each)
        check_folded(each)


def test_a_branch_comes_to_who_has_erased(hub: BareHub, region: BareHub) -> None:
    """A device that does not know yet sends its tail with the seed; the seed is not taken in again."""
    twin = hub.copy("twin")
    region.peerings[twin.identity.hub_id] = region.peerings[hub.identity.hub_id]
    hub.erase(place(hub))
    hub.sync(region)
    twin.say("region", "of the other")
    twin.sync(region)
    assert not has(region)
    shared = {line.number for line in region.journal.store.family(place(hub, "before")[0])}
    assert len(shared) == 2 and not shared & {line for line, _, _ in seeds(region)}
    twin.sync(region)
    check_whole(region)
    assert not has(twin)


def test_a_run_that_is_marked_and_damaged_is_told(hub: BareHub) -> None:
    """Like any other row of the journal."""
    name, seq = place(hub)
    hub.erase((name, seq))
    hub.database.execute_sql(f"UPDATE journal_entry SET raw = {hub.database.param} WHERE seq = 5", (b"\2\2no",))
    with pytest.raises(JournalDamaged):
        hub.journal.read(name)
    hub.write(lambda: hub.journal.append_many("region", "note", [(b"n", None) for _ in range(70)]))
    assert hub.database.execute_sql("SELECT count(*) FROM journal_entry WHERE seq < 64").fetchone()[0] > 50


@pytest.mark.parametrize("who", ["owner", "holder"])
def test_a_power_cut_leaves_before_or_after(make_hub: MakeHub, who: str) -> None:
    """Between any two statements; afterwards it is done by doing it again."""
    for fuse in range(1, 400, 7):
        hub, region = make_hub(f"village {who} {fuse}"), make_hub(f"region {who} {fuse}")
        befriend(hub, region)
        hub.say("region", *(f"n {n}" for n in range(70)), CHILD)
        hub.sync(region)
        fused = hub if who == "owner" else region
        if who == "holder":
            hub.erase(place(hub))
        fused.database.fuse = fuse
        try:
            hub.erase(place(hub)) if who == "owner" else hub.sync(region)
        except Cut:
            fused.open()
        else:
            fused.database.fuse = None
            assert not has(fused)
            return
        assert has(fused) or not any(seeds(fused))
        check_whole(fused)
        check_folded(fused)
    raise AssertionError("it never came to its end")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.integers(0, 2**32))
def test_the_order_does_not_matter(make_hub: MakeHub, drawn: int) -> None:
    """Whatever is erased, when, and in which portions it travels: both end with the same, and without it."""
    chance = random.Random(drawn)
    hub, region = make_hub(f"v {drawn}"), make_hub(f"r {drawn}")
    befriend(hub, region)
    said, erased = 0, set()
    for _ in range(chance.randint(3, 12)):
        more = range(said + 1, said + 1 + chance.choice((1, 5, 90)))
        said = more[-1]
        texts = [(f"text {n}.".encode(), None) for n in more]
        hub.write(lambda texts=texts: hub.journal.append_many("region", "note", texts))  # type: ignore[misc]
        if chance.random() < 0.6:
            wanted = chance.sample(range(1, said + 1), min(said, chance.randint(1, 4)))
            erased |= set(wanted)
            names = {f"text {n}.".encode() for n in wanted}
            hub.erase(*((each.stream, each.seq) for each in hub.placed("region") if each.entry.payload in names))
        if chance.random() < 0.2:
            hub.write(lambda: hub.journal.begin_incarnation("restored"))
        if chance.random() < 0.5:
            limits = Limits(entries=chance.choice((1, 7, 100)), entries_min=1, entries_max=100)
            exchange.run(hub.journal, hub.identity, hub.peerings[region.identity.hub_id], region.answer, limits=limits)
    agree(hub, region)
    kept = sorted(f"text {n}." for n in range(1, said + 1) if n not in erased)
    assert hub.texts("region") == kept == region.texts("region")
    assert not any(has(each, f"text {n}.") for each in (hub, region) for n in erased)


def test_a_decoded_erasure_reads_as_it_was_said(hub: BareHub) -> None:
    """What stands in the stream is what was returned."""
    ((_, said),) = hub.erase(place(hub))
    (line,) = hub.journal.streams(audience="region")
    ((_, _, raw),) = hub.journal.store.entries(line, line.seq - 1, 1)
    assert erasing.read(decode(raw).payload) == said


def test_what_lies_beyond_a_head_makes_way_with_its_marks(hub: BareHub) -> None:
    """A run that another server kept too much of is cut back; the salts of what stays are there still."""
    name, seq = place(hub)
    hub.erase((name, seq))
    line = hub.journal.store.line(name)
    assert line is not None
    running = hub.journal.store.hash_of(line, seq)
    mark = hub.database.param
    hub.database.execute_sql(
        f"UPDATE journal_stream SET seq = {mark}, head = {mark} WHERE stream = {mark}",
        (seq, running, name),
    )
    back = hub.journal.store.line(name)
    assert back is not None
    hub.journal.store.settle(back)
    assert [raw for _, _, raw in hub.journal.store.entries(back, 2, 9)] == [b""]
    check_whole(hub)


def test_a_stream_that_is_left_behind_leaves_its_erasures(hub: BareHub, region: BareHub) -> None:
    """Nobody is given the old one any more, so they are said again in the new one, each once."""
    agree(hub, region)
    hub.erase(place(hub), known=[b"h" * 32])
    for _ in range(2):
        hub.write(lambda: hub.journal.leave_behind("region", "consent taken back"))
    (line,) = [each for each in hub.journal.streams(audience="region") if each.is_current]
    assert line.seq == 3
    agree(hub, region)
    assert not has(region) and region.journal.store.erasures.known(hub.identity.hub_id) == {b"h" * 32}
