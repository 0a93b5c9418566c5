"""Bundles on a stick: in any order, any number of times, only some of them: nothing is lost, doubled or half there."""

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync import arrive, bundle, part
from sync.bundle import Letter, Written
from sync.errors import PartWrong, PeerUnknown
from sync.part import Part
from tests.fixtures.bundles import MemoryPark, Post, ends, learn, two
from tests.fixtures.fused import Cut
from tests.fixtures.properties import check_folded, check_whole
from tests.fixtures.sync_hub import MakeHub, befriend, neighbours

ALICE = "Alice answered a canary"
SMALL = 4 * 1024


def test_a_stick_brings_all_that_an_exchange_would(make_hub: MakeHub) -> None:
    """What is for the region, what is public, nothing local; afterwards an exchange finds nothing new."""
    hub, region = two(make_hub)
    hub.hub.say("local", ALICE)
    hub.hub.say("public", "our shelf")
    learn(hub, 30)
    (only,) = hub.write(region)
    came = region.take(only)
    assert (came.fresh, came.opened, came.part.cover.is_last) == (33, 2, True)
    assert len(region.hub.texts("region")) == 30 and region.hub.texts("public") == ["our shelf"]
    report = hub.hub.sync(region.hub)
    assert report.agreed and report.requests == 1


def test_nobody_who_carries_it_reads_a_word(make_hub: MakeHub) -> None:
    """Neither what is in it nor who wrote it."""
    hub, region = two(make_hub)
    hub.hub.say("region", ALICE)
    data = b"".join(hub.write(region))
    assert ALICE.encode() not in data and part.identity.public_key(hub.id) not in data
    assert part.identity.public_key(region.id) in data


def test_the_next_bundle_goes_on_where_the_receipt_says(make_hub: MakeHub) -> None:
    """The receipt rides in the other hub's bundle; until it comes everything goes again, which does no harm."""
    hub, region = two(make_hub)
    learn(hub, 20)
    assert region.take(hub.write(region)[0]).fresh == 21
    assert region.take(hub.write(region)[0]).fresh == 0
    hub.take_all(region.write(hub))
    learn(hub, 3, first=20)
    (third,) = hub.write(region)
    assert [each.after.seq - each.before.seq for each in region.take(third).part.batches] == [3]


def test_a_receipt_alone_is_a_bundle_without_records(make_hub: MakeHub) -> None:
    """A hub that has nothing to tell still says what it got."""
    hub, region = two(make_hub)
    learn(hub, 5)
    region.take_all(hub.write(region))
    (only,) = region.write(hub)
    assert hub.take(only).fresh == 0
    assert hub.write(region) and hub.take(region.write(hub)[0]).part.batches == ()


def test_a_bare_receipt_brings_nothing_else(make_hub: MakeHub) -> None:
    """It lies beside what it answers, although there would be news."""
    hub, region = two(make_hub)
    learn(hub, 5)
    said = bundle.receipt(hub.hub.journal, hub.hub.peerings[region.id], ())
    letter = Letter("0b" * 16, region.ring.public, receipt=said, is_receipt=True)
    (only,) = bundle.parts(hub.hub.journal, hub.hub.identity, hub.hub.peerings[region.id], letter)
    came = region.take(only)
    assert (came.fresh, came.part.batches) == (0, ()) and came.part.receipt == said


def test_many_parts_each_apply_alone(make_hub: MakeHub) -> None:
    """A part is small, the last says so, and after each one the region has a whole front of the streams."""
    hub, region = two(make_hub)
    learn(hub, 200, size=300)
    parts = hub.write(region, SMALL)
    assert len(parts) > 2
    assert [part.look(each).is_last for each in parts] == [False] * (len(parts) - 1) + [True]
    assert [part.look(each).number for each in parts] == list(range(1, len(parts) + 1))
    for each in parts:
        assert region.take(each).fresh > 0
        check_whole(region.hub)
    assert list(ends(region)) == list(ends(hub))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_order_any_repetition_is_the_same(make_hub: MakeHub, data: st.DataObject) -> None:
    """Of the parts of two bundles; a subset leaves a front of each stream, and the rest completes it."""
    hub, region = two(make_hub)
    learn(hub, 100, size=300)
    hub.hub.say("public", *map(str, range(3)))
    first = hub.write(region, SMALL)
    learn(hub, 40, first=100)
    parts = [*first, *hub.write(region, SMALL)]
    chosen = data.draw(st.lists(st.sampled_from(range(len(parts))), max_size=2 * len(parts)))
    region.take_all([parts[each] for each in chosen])
    check_whole(region.hub)
    region.take_all([parts[each] for each in data.draw(st.permutations(range(len(parts))))])
    assert list(ends(region)) == list(ends(hub))
    assert region.park.kept == {}
    check_folded(region.hub)


def test_a_part_that_comes_too_early_waits(make_hub: MakeHub) -> None:
    """It says from where it is needed, and is taken with the one before it; others wait on."""
    hub, region = two(make_hub)
    learn(hub, 79, size=300)
    first, second, third, fourth = hub.write(region, 1)
    early = region.take(second)
    assert (early.fresh, early.waits) == (0, True)
    assert early.need is not None and early.need.first == 1
    region.take(fourth)
    assert len(region.park.kept) == 2
    came = region.take(first)
    assert came.fresh == 40 and came.opened == 1 and len(region.park.kept) == 1
    assert region.take(third).fresh == 40 and region.park.kept == {}


def test_what_does_not_fit_the_park_is_refused_with_its_number(make_hub: MakeHub) -> None:
    """Nothing of it is kept, and it can come again."""
    hub, region = two(make_hub)
    learn(hub, 25, size=300)
    region.park = MemoryPark(most=10)
    first, second = hub.write(region, 1)
    early = region.take(second)
    assert early.need == arrive.Need(hub.hub.journal.streams()[0].root, 1) and not early.waits
    assert region.park.kept == {}
    region.take_all([first, second])
    assert list(ends(region)) == list(ends(hub))


def test_what_waited_in_vain_is_forgotten(make_hub: MakeHub) -> None:
    """Its sender exchanges with us no more; the others go on."""
    hub, region = two(make_hub)
    other = Post(make_hub("other"))
    befriend(other.hub, region.hub)
    learn(hub, 25, size=300)
    learn(other, 5)
    region.take(hub.write(region, 1)[1])
    del region.hub.peerings[hub.id]
    assert region.take(other.write(region)[0]).fresh == 6
    assert region.park.kept == {}


def test_an_unknown_sender_is_refused(make_hub: MakeHub) -> None:
    """With one sentence, and nothing of it is kept."""
    hub, region = two(make_hub)
    learn(hub, 1)
    del region.hub.peerings[hub.id]
    with pytest.raises(PeerUnknown, match="does not exchange with"):
        region.take(hub.write(region)[0])
    assert list(ends(region)) == []


def _again(post: Post, other: Post, found: Part, **changes: object) -> bytes:
    return part.write(post.hub.identity, replace(found, **changes), other.ring.public)  # type: ignore[arg-type]


def test_a_part_that_lies_about_its_records_is_refused(make_hub: MakeHub) -> None:
    """Although the records themselves are right."""
    hub, region = two(make_hub)
    learn(hub, 5)
    found = part.read(region.hub.identity, region.ring, hub.write(region)[0])
    (packed,) = found.batches
    lying = replace(packed, after=replace(packed.after, seq=packed.after.seq + 1))
    with pytest.raises(PartWrong, match="other things"):
        region.take(_again(hub, region, found, batches=(lying,)))
    assert list(ends(region)) == []


def test_a_part_in_a_strange_order_is_whole_or_nothing(make_hub: MakeHub) -> None:
    """Its second half first: all of it waits, and stays so."""
    hub, region = two(make_hub)
    learn(hub, 49)
    found = part.read(region.hub.identity, region.ring, hub.write(region, 2**18 - 1)[0])
    turned = _again(hub, region, found, batches=found.batches[::-1])
    came = region.take(turned)
    assert came.waits and list(ends(region)) == []
    assert region.take(_again(hub, region, found)).fresh == 50


@pytest.mark.parametrize("seed", range(6))
def test_a_power_cut_leaves_a_part_whole_or_away(make_hub: MakeHub, seed: int) -> None:
    """Between any two statements of its recipient."""
    hub, region = two(make_hub)
    learn(hub, 70)
    hub.hub.say("public", "a", "b")
    (only,) = hub.write(region)
    chance, before = random.Random(seed), list(ends(region))
    for fuse in sorted(chance.sample(range(80), 12)):
        region.hub.database.fuse = fuse
        try:
            region.take(only)
        except Cut:
            assert fuse < 80
        region.hub.open()
        assert list(ends(region)) in (before, list(ends(hub)))
        check_whole(region.hub)
    region.take(only)
    assert list(ends(region)) == list(ends(hub))
    check_folded(region.hub)


def test_a_restored_region_is_believed(make_hub: MakeHub) -> None:
    """It has less than it signed: it says so to the next bundle, and gets what it lost."""
    hub, region = two(make_hub)
    learn(hub, 5)
    region.take_all(hub.write(region))
    old = region.hub.database.twin()
    learn(hub, 50, first=5)
    hub.take_all(region.write(hub))
    region.take_all(hub.write(region))
    hub.take_all(region.write(hub))
    region.hub.restore(old)
    region.got = {}
    learn(hub, 1, first=55)
    (after,) = hub.write(region)
    came = region.take(after)
    assert came.need is not None and came.need.first == 7
    hub.take_all(region.write(hub))
    region.take_all(hub.write(region))
    assert list(ends(region)) == list(ends(hub)) and region.park.kept == {}


def test_a_restored_hub_gets_its_own_tail_back(make_hub: MakeHub) -> None:
    """The region knows more of it than it does; it keeps that, and goes on in a new incarnation."""
    hub, region = two(make_hub)
    learn(hub, 5)
    old = hub.hub.database.twin()
    learn(hub, 5, first=5)
    region.take_all(hub.write(region))
    hub.hub.restore(old, with_marks=True)
    for _ in range(2):
        hub.take_all(region.write(hub))
        region.take_all(hub.write(region))
    assert len(hub.hub.texts("region")) == 10
    learn(hub, 1, first=10)
    region.take_all(hub.write(region))
    assert len(region.hub.texts("region")) == 11


def test_public_streams_of_third_hubs_ride_along(make_hub: MakeHub) -> None:
    """A neighbour gets what the region told of others."""
    hub, region = two(make_hub)
    neighbour = Post(make_hub("neighbour"))
    neighbours(hub.hub, neighbour.hub)
    region.hub.say("public", "from the coast")
    hub.take_all(region.write(hub))
    learn(hub, 3)
    neighbour.take_all(hub.write(neighbour))
    assert neighbour.hub.texts("public") == ["from the coast"] and neighbour.hub.texts("region") == []


def test_nobody_gets_its_own_back_unasked(make_hub: MakeHub) -> None:
    """Only who has said where it stands in its own streams."""
    hub, region = two(make_hub)
    learn(hub, 5)
    region.take_all(hub.write(region))
    region.stands = {}
    assert hub.take(region.write(hub)[0]).part.batches == ()


def test_what_was_written_is_counted(make_hub: MakeHub) -> None:
    """Records without those entries that open a stream."""
    hub, region = two(make_hub)
    learn(hub, 45)
    written, letter = Written(), Letter("0b" * 16, region.ring.public, part_bytes=1, batch_entries=20)
    found = list(bundle.parts(hub.hub.journal, hub.hub.identity, hub.hub.peerings[region.id], letter, written))
    assert (written.parts, written.records, written.opened) == (3, 45, 1)
    assert written.size_bytes == sum(map(len, found))


def test_starting_over_is_told_first(make_hub: MakeHub) -> None:
    """What was left behind goes no more."""
    hub, region = two(make_hub)
    learn(hub, 5)
    region.take_all(hub.write(region))
    hub.hub.write(lambda: hub.hub.journal.leave_behind("region", "consent taken back"))
    learn(hub, 2, first=50)
    found = region.take(hub.write(region)[0])
    assert found.fresh == 3 and len(found.part.batches) == 1
