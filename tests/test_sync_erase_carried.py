"""Erasing and bundles on a stick: what is erased is in none that is written, comes in by none, and waits in none."""

from sync import arrive, part
from sync import batch as batches
from tests.fixtures.bundles import Post, ends, learn, two
from tests.fixtures.erasing import CHILD, has, place
from tests.fixtures.properties import check_folded, check_whole
from tests.fixtures.sync_hub import MakeHub, befriend

SMALL = 4 * 1024


def opened(post: Post, data: bytes) -> list[bytes]:
    """The entries of a part that is for a hub."""
    several = [batches.read(each.data) for each in part.read(post.hub.identity, post.ring, data).batches]
    return [raw for batch in several for _, _, raw in batch.rows]


def test_a_stick_brings_an_erasure(make_hub: MakeHub) -> None:
    """To a hub that has the entry, and that never meets ours over a line; its receipt says that it stands past it."""
    hub, region = two(make_hub)
    hub.hub.say("region", "before", CHILD, "after")
    region.take_all(hub.write(region))
    assert has(region.hub)
    hub.take_all(region.write(hub))
    hub.hub.erase(place(hub.hub))
    came = region.take_all(hub.write(region))
    assert [each.fresh for each in came] == [1] and not has(region.hub)
    assert list(ends(region)) == list(ends(hub))
    hub.take_all(region.write(hub))
    assert hub.stands[region.id].positions >= {each.after for each in came[0].part.batches}
    check_whole(region.hub)
    check_folded(region.hub)


def test_what_is_written_afterwards_has_the_erased_form(make_hub: MakeHub) -> None:
    """Batches of the second version, in small parts and in any order; nothing in them opens what is gone."""
    hub, region = two(make_hub)
    learn(hub, 60, size=300)
    hub.hub.say("region", CHILD)
    learn(hub, 60, first=60, size=300)
    hub.hub.erase(place(hub.hub))
    parts = hub.write(region, SMALL)
    assert len(parts) > 2 and not any(CHILD.encode() in raw for each in parts for raw in opened(region, each))
    region.take_all(parts[::-1])
    assert list(ends(region)) == list(ends(hub)) and len(region.hub.texts("region")) == 120
    assert region.park.kept == {} and not has(region.hub)
    check_whole(region.hub)
    check_folded(region.hub)


def test_an_old_stick_brings_nobody_back(make_hub: MakeHub) -> None:
    """Written before, taken in after the erasure has come over a line: it says nothing that is not known."""
    hub, region = two(make_hub)
    hub.hub.say("region", CHILD, "after")
    old = hub.write(region)
    hub.hub.erase(place(hub.hub))
    assert hub.hub.sync(region.hub).agreed
    assert [each.fresh for each in region.take_all(old)] == [0] and not has(region.hub)
    check_whole(region.hub)


def test_a_part_that_waits_is_let_go(make_hub: MakeHub) -> None:
    """It may hold what was erased since; a part of somebody else waits on."""
    hub, region = two(make_hub)
    other = Post(make_hub("other"))
    befriend(other.hub, region.hub)
    learn(hub, 25, size=300)
    hub.hub.say("region", CHILD)
    learn(other, 25, size=300)
    late, theirs = hub.write(region, 1)[-1], other.write(region, 1)[1]
    assert any(CHILD.encode() in raw for raw in opened(region, late))
    assert region.take(late).waits and region.take(theirs).waits
    letting = (region.hub.journal, region.hub.identity, region.ring, region.park)
    assert arrive.let_go(*letting) == 0 and len(region.park.kept) == 2
    hub.hub.erase(place(hub.hub))
    assert hub.hub.sync(region.hub).agreed
    assert arrive.let_go(*letting) == 1
    assert list(region.park.kept.values()) == [theirs]
    region.park.add(theirs[:-1])
    assert arrive.let_go(*letting) == 1
    assert list(region.park.kept.values()) == [theirs]


def test_one_whose_ids_are_erased_waits_no_more_either(make_hub: MakeHub) -> None:
    """A copy under such an id could stand anywhere in what waits of that hub."""
    hub, region = two(make_hub)
    hub.hub.say("public", "shelf")
    learn(hub, 25, size=300)
    late = hub.write(region, 1)[1]
    assert region.take(late).waits
    hub.hub.erase(place(hub.hub, "shelf", "public"), known=[b"h" * 32])
    assert hub.hub.sync(region.hub).agreed
    assert arrive.let_go(region.hub.journal, region.hub.identity, region.ring, region.park) == 1
