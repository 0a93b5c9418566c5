"""A broken stream is left where it stands, and all others of a part are taken; what is too much for a day waits."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from sync import arrive, give, lines, part
from sync import batch as batches
from sync.errors import EnoughForToday, PeerUnknown, SignatureWrong
from sync.part import Packed
from sync.protocol import Peering, Position
from sync.shared import Left
from tests.fixtures.bundles import Post, learn, two
from tests.fixtures.sync_hub import BareHub, MakeHub, befriend

SIGNATURE_AT = 2 + 32 + 16 + 32


def _opened(hub: Post, region: Post, data: bytes) -> part.Part:
    return part.read(region.hub.identity, region.ring, data)


def _sealed(hub: Post, region: Post, found: part.Part, packed: tuple[Packed, ...]) -> bytes:
    return part.write(hub.hub.identity, replace(found, batches=packed), region.ring.public)


def _spoilt(each: Packed) -> Packed:
    at = SIGNATURE_AT
    return replace(each, data=each.data[:at] + bytes((each.data[at] ^ 1,)) + each.data[at + 1 :])


def _spoil(hub: Post, region: Post, data: bytes, is_wrong: Callable[[Packed], bool]) -> bytes:
    found = _opened(hub, region, data)
    return _sealed(hub, region, found, tuple(_spoilt(each) if is_wrong(each) else each for each in found.batches))


def _stream(hub: Post, audience: str) -> str:
    (line,) = hub.hub.journal.streams(hub=hub.id, audience=audience)
    return line.root


def _pass_over(region: Post, hub: Post, *places: Position) -> None:
    region.hub.peerings[hub.id] = replace(region.hub.peerings[hub.id], passed_over=places)


def test_only_its_stream_is_left(make_hub: MakeHub) -> None:
    """Everything else of the part counts, and the same bundle brings the stream once it is right."""
    hub, region = two(make_hub)
    hub.hub.say("public", "our shelf")
    learn(hub, 10)
    (only,) = hub.write(region)
    root = _stream(hub, "region")
    came = region.take(_spoil(hub, region, only, lambda each: each.after.root == root))
    assert region.hub.texts("public") == ["our shelf"] and region.hub.texts("region") == []
    assert came.need is None and (came.fresh, came.opened, list(came.taken.left)) == (2, 1, [root])
    left = came.taken.left[root]
    assert left.kind == SignatureWrong.__name__ and left.towards.root == root and left.why
    assert {batches.root_of(each.data) for each in came.part.batches} == {root, _stream(hub, "public")}
    assert came.taken.brought == {_stream(hub, "public")}
    again = region.take(only)
    assert len(region.hub.texts("region")) == 10 and root in again.taken.brought and not again.taken.left


def test_what_follows_of_it_waits_for_nothing(make_hub: MakeHub) -> None:
    """Of a stream whose first batch is broken the next does not fit: that holds up no other stream."""
    hub, region = two(make_hub)
    learn(hub, 70)
    hub.hub.say("public", "our shelf")
    root, several = _stream(hub, "region"), hub.write(region, 1)
    found = [_opened(hub, region, each) for each in several]
    packed = sorted(
        (each for one in found for each in one.batches), key=lambda each: (each.after.root != root, each.after)
    )
    broken, after, *rest = packed
    left = region.take(_sealed(hub, region, found[0], (_spoilt(broken), after))).taken.left
    assert list(left) == [root] and left[root].towards == broken.after
    _pass_over(region, hub, left[root].towards)
    taken = [region.take(_sealed(hub, region, found[1], tuple(some))) for some in ((after, *rest), packed)]
    assert region.hub.texts("public") == ["our shelf"] and region.hub.texts("region") == []
    assert all(each.need is None for each in taken) and region.park.kept == {}
    _pass_over(region, hub)
    region.take_all(several)
    assert len(region.hub.texts("region")) == 70


def test_it_is_passed_over_until_it_goes_elsewhere(make_hub: MakeHub) -> None:
    """The same place is not looked at again; another one is."""
    hub, region = two(make_hub)
    learn(hub, 5)
    (only,) = hub.write(region)
    (packed,) = _opened(hub, region, only).batches
    _pass_over(region, hub, packed.after)
    assert region.take(only).fresh == 0 and region.hub.texts("region") == []
    learn(hub, 1, first=5)
    assert region.take(hub.write(region)[0]).fresh == 7


def test_an_exchange_does_not_ask_for_it_again(make_hub: MakeHub) -> None:
    """No request goes for a place at which it was broken; for the next one does."""
    hub, region = make_hub("hub"), make_hub("region")
    befriend(hub, region)
    region.say("public", "news")
    (line,) = region.journal.streams(audience="public")
    own, region_id = hub.peerings, region.identity.hub_id
    own[region_id] = replace(own[region_id], passed_over=[lines.end(line)])
    went = hub.sync(region)
    assert not went.agreed and (went.pulled, went.requests, went.brought) == (0, 1, set())
    region.say("public", "more")
    assert hub.sync(region).brought == {line.root} and hub.texts("public") == ["more", "news"]


@pytest.fixture
def strange(make_hub: MakeHub) -> tuple[Post, Post, list[Packed]]:
    """A hub, its region, and right batches of others' streams that the hub may not bring: each is for the region."""
    hub, region = two(make_hub)
    found = []
    for number in range(arrive.LEFT_MAX + 1):
        other = make_hub(f"other {number}")
        other.say("region", "for the region alone")
        found.append(_whole(other))
    return hub, region, found


def _whole(hub: BareHub) -> Packed:
    (line,) = hub.journal.streams(audience="region")
    data, seq = give.make(hub.journal, line, 0, 10)
    store = hub.journal.store
    return Packed(lines.point(store, line, 0), lines.point(store, line, seq), data)


def test_what_a_sender_may_not_bring_is_left(strange: tuple[Post, Post, list[Packed]]) -> None:
    """It shows only when it is applied: the transaction begins again without it."""
    hub, region, others = strange
    learn(hub, 3)
    found = _opened(hub, region, hub.write(region)[0])
    came = region.take(_sealed(hub, region, found, (others[0], *found.batches, others[1])))
    assert {each.kind for each in came.taken.left.values()} == {PeerUnknown.__name__}
    assert len(came.taken.left) == 2 and len(region.hub.texts("region")) == 3


def test_after_too_many_the_whole_part_is_refused(strange: tuple[Post, Post, list[Packed]]) -> None:
    """Each costs a try of all the others: somebody who makes them up gets so many, and nothing is taken then."""
    hub, region, others = strange
    learn(hub, 3)
    found = _opened(hub, region, hub.write(region)[0])
    with pytest.raises(PeerUnknown):
        region.take(_sealed(hub, region, found, (*found.batches, *others)))
    assert region.hub.texts("region") == []


@dataclass
class Little:
    """Room for so many entries; `bytes` and `entries` are what was brought."""

    most: int
    size_bytes: int = 0
    entries: int = 0

    def check(self) -> None:
        """Raises EnoughForToday."""
        if self.entries >= self.most:
            raise EnoughForToday("enough")

    def count(self, size_bytes: int, entries: int) -> None:
        """Count it."""
        self.size_bytes += size_bytes
        self.entries += entries


def _with_room(region: BareHub, hub: BareHub, most: int) -> Little:
    room, theirs = Little(most), hub.identity.hub_id
    region.peerings[theirs] = replace(region.peerings[theirs], room=room)
    return room


def test_over_a_line_no_more_comes_than_there_is_room_for(make_hub: MakeHub) -> None:
    """What came before counts, and the rest comes when there is room again."""
    hub, region = two(make_hub)
    learn(hub, 150)
    room = _with_room(region.hub, hub.hub, 60)
    with pytest.raises(EnoughForToday):
        hub.hub.sync(region.hub)
    assert len(region.hub.texts("region")) == 99 and room.entries == 100 and room.size_bytes > 100
    room.entries = 0
    assert hub.hub.sync(region.hub).agreed


def test_by_a_stick_it_is_the_same(make_hub: MakeHub) -> None:
    """A part that would be too much is refused whole; one that waits stays where it is."""
    hub, region = two(make_hub)
    learn(hub, 45)
    first, second, third = hub.write(region, 1)
    assert region.take(second).waits
    room = _with_room(region.hub, hub.hub, 15)
    assert region.take(first).fresh == 20 and len(region.park.kept) == 1
    with pytest.raises(EnoughForToday):
        region.take(third)
    room.entries = 0
    assert region.take(first).fresh == 0 and len(region.park.kept) == 1
    room.most = 1000
    assert region.take(second).fresh == 20 and region.take(third).fresh == 6
    assert len(region.hub.texts("region")) == 45
    assert region.hub.peerings[hub.id] == replace(region.hub.peerings[hub.id], room=Little(1))


def test_a_mistake_of_no_family_is_none_of_these() -> None:
    """What is left says of which family it is, by the first that fits."""
    assert Left.of(Position("ab" * 16, 1, bytes(16)), SignatureWrong("no")).kind == "SignatureWrong"
    boundless = Peering("x", (), ()).room
    boundless.count(1, 1)
    boundless.check()
