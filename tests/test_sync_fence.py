"""A hub that was shut out: what lies within its fence counts, and nothing past it is taken from anybody."""

from dataclasses import replace

import pytest

from sync import lines
from sync.errors import ShutOut
from sync.protocol import Fence
from tests.fixtures.bundles import Post
from tests.fixtures.sync_hub import BareHub, MakeHub, befriend, neighbours


@pytest.fixture
def hubs(make_hub: MakeHub) -> tuple[BareHub, BareHub, BareHub]:
    """A region, a hub that is going to be shut out, and another; the two are neighbours as well."""
    region, out, other = make_hub("region"), make_hub("out"), make_hub("other")
    befriend(out, region)
    befriend(other, region)
    neighbours(out, other)
    return region, out, other


def fence_of(here: BareHub, out: BareHub) -> Fence:
    """Where the streams of a hub end somewhere."""
    ends = [lines.end(line) for line in here.journal.streams(hub=out.identity.hub_id)]
    return {end.root: (end.seq, end.tip) for end in ends}


def shut(here: BareHub, out: BareHub, fence: Fence) -> None:
    """Let a hub hear of a fence."""
    name = out.identity.hub_id
    here.peerings = {hub: replace(each, fences={name: fence}) for hub, each in here.peerings.items()}


def test_within_the_fence_all_comes(hubs: tuple[BareHub, BareHub, BareHub]) -> None:
    """A third hub takes what counts from the region, and both then stand at the same place."""
    region, out, other = hubs
    out.say("public", "one", "two")
    out.sync(region)
    fence = fence_of(region, out)
    for each in (region, other):
        shut(each, out, fence)
    assert other.sync(region).agreed
    assert other.texts("public") == ["one", "two"]
    assert other.sync(region).requests == 1


def test_a_part_of_it_is_completed_from_who_has_it(hubs: tuple[BareHub, BareHub, BareHub]) -> None:
    """Somebody who stands before the fence goes on to it."""
    region, out, other = hubs
    out.say("public", "one")
    out.sync(region)
    other.sync(region)
    out.say("public", "two")
    out.sync(region)
    fence = fence_of(region, out)
    for each in (region, other):
        shut(each, out, fence)
    assert other.sync(region).agreed
    assert other.texts("public") == ["one", "two"]


def test_past_the_fence_nothing_is_taken_or_given(hubs: tuple[BareHub, BareHub, BareHub]) -> None:
    """Who has taken more before keeps it, and it goes nowhere; the others agree with him."""
    region, out, other = hubs
    out.say("public", "one")
    out.sync(region)
    fence = fence_of(region, out)
    out.say("public", "after")
    out.sync(other)
    shut(region, out, fence)
    went = other.sync(region)
    assert not went.agreed and went.pushed == 0, "he has not heard, and nothing is refused for it"
    assert region.texts("public") == ["one"]
    shut(other, out, fence)
    assert other.sync(region).agreed
    assert other.texts("public") == ["after", "one"]


def test_who_has_heard_follows_nobody_past_it(hubs: tuple[BareHub, BareHub, BareHub]) -> None:
    """From a hub that has not heard: neither a stream that is known here nor one that is not."""
    region, out, other = hubs
    out.say("public", "one")
    out.sync(region)
    fence = fence_of(region, out)
    out.say("public", "after")
    out.sync(region)
    shut(other, out, {})
    other.sync(region)
    assert other.texts("public") == []
    shut(other, out, fence)
    region.say("public", "hello")
    assert other.sync(region).pulled
    assert "after" not in other.texts("public")
    one_line = other.journal.streams(hub=out.identity.hub_id)
    assert all(line.seq <= fence[line.root][0] for line in one_line)


def test_another_end_than_that_of_the_fence_does_not_count(hubs: tuple[BareHub, BareHub, BareHub]) -> None:
    """A twin that says something else under the same number is past the fence as well."""
    region, out, other = hubs
    out.say("public", "one")
    out.sync(region)
    other.sync(region)
    twin = out.copy("twin")
    out.say("public", "two")
    out.sync(region)
    twin.say("public", "not two")
    fence = fence_of(region, out)
    twin.sync(other)
    for each in (region, other):
        shut(each, out, fence)
    went = other.sync(region)
    assert region.texts("public") == ["one", "two"]
    assert "not two" in other.texts("public") and went.pushed == 0


def test_the_hub_itself_is_not_followed_past_it(hubs: tuple[BareHub, BareHub, BareHub]) -> None:
    """What it pushes is not taken; its door says nothing else is wrong."""
    region, out, other = hubs
    out.say("public", "one")
    out.sync(region)
    shut(region, out, fence_of(region, out))
    out.say("public", "after")
    assert out.sync(region).pushed == 0
    assert region.texts("public") == ["one"]
    assert other.sync(region).agreed


def test_a_stream_that_is_known_is_not_asked_for_past_its_fence(hubs: tuple[BareHub, BareHub, BareHub]) -> None:
    """Who has heard asks for nothing of it, and everything else goes on."""
    region, out, other = hubs
    out.say("public", "one")
    out.sync(region)
    other.sync(region)
    shut(other, out, fence_of(region, out))
    out.say("public", "after")
    out.sync(region)
    region.say("public", "news")
    went = other.sync(region)
    assert (other.texts("public"), went.pulled, went.pushed) == (["news", "one"], 2, 0)


def test_who_has_more_gives_no_more_than_counts(hubs: tuple[BareHub, BareHub, BareHub], make_hub: MakeHub) -> None:
    """A neighbour that took more before it heard carries on what lies within the fence, as far as that was signed."""
    region, out, other = hubs
    out.say("public", "one")
    out.sync(other)
    out.say("public", "two")
    out.sync(region)
    fence = fence_of(region, out)
    out.say("public", "after")
    out.sync(other)
    late = make_hub("late")
    neighbours(late, other)
    for each in (other, late):
        shut(each, out, fence)
    late.sync(other)
    assert late.texts("public") == ["one"], "the neighbour was given the second together with what came after"
    again = make_hub("again")
    neighbours(other, again)
    for each in (other, again):
        shut(each, out, fence)
    other.sync(again)
    assert again.texts("public") == ["one"]
    befriend(late, region)
    for each in (region, late):
        shut(each, out, fence)
    assert late.sync(region).agreed
    assert late.texts("public") == ["one", "two"]


def carry(writer: BareHub, reader: BareHub) -> int:
    """Carry all that one hub may have from another, by a stick; how many entries were new."""
    one, other = Post(writer), Post(reader)
    return sum(came.fresh for came in other.take_all(one.write(other)))


def test_a_bundle_brings_what_counts_and_nothing_past_it(hubs: tuple[BareHub, BareHub, BareHub]) -> None:
    """Written by one who has heard it ends at the fence; of one who has not, the rest is taken and that is left."""
    region, out, other = hubs
    out.say("public", "one")
    out.sync(region)
    fence = fence_of(region, out)
    shut(other, out, fence)
    assert carry(region, other) == 2
    assert other.texts("public") == ["one"]
    out.say("public", "after")
    out.sync(region)
    region.say("public", "news")
    assert carry(region, other) == 2
    assert other.texts("public") == ["news", "one"]
    shut(region, out, fence)
    region.say("public", "more")
    assert carry(region, other) == 1
    assert other.texts("public") == ["more", "news", "one"]


def test_a_bundle_of_a_hub_that_was_shut_out_is_refused(hubs: tuple[BareHub, BareHub, BareHub]) -> None:
    """Whole, whatever it brings; one that waited for it waits no more."""
    region, out, other = hubs
    out.say("public", "one")
    out.sync(region)
    shut(other, out, fence_of(region, out))
    with pytest.raises(ShutOut):
        carry(out, other)
    assert other.texts("public") == []


def test_what_hung_on_streams_that_are_forgotten_goes_and_they_may_come_again(
    hubs: tuple[BareHub, BareHub, BareHub],
) -> None:
    """First the streams, then what hangs on them; when one comes back in between, nothing of it is taken away."""
    region, out, other = hubs
    for each in (out, other):
        each.say("public", each.name)
        each.sync(region)
    store, gone = region.journal.store, region.journal.streams(hub=out.identity.hub_id)
    region.write(lambda: store.leave_out(gone))
    assert region.texts("public") == ["other"] and _entries(region, out) == 2
    assert out.sync(region).pushed == 2
    region.write(lambda: store.sweep(out.identity.hub_id))
    assert region.texts("public") == ["other", "out"] and _entries(region, out) == 2
    region.write(lambda: store.leave_out(region.journal.streams(hub=out.identity.hub_id)))
    region.write(lambda: store.sweep(out.identity.hub_id))
    assert region.texts("public") == ["other"] and _entries(region, out) == 0


def _entries(here: BareHub, of: BareHub) -> int:
    asked = f"SELECT count(*) FROM journal_entry WHERE hub = {here.database.param}"
    return int(here.database.execute_sql(asked, (of.identity.hub_id,)).fetchone()[0])
