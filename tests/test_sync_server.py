"""The answering side: what it refuses, in one sentence each, and that nothing was taken then."""

import pytest

from sync import batch as batches
from sync import give, lines, protocol
from sync.errors import BatchWrong, MessageWrong, PeerUnknown, SignatureWrong, SyncError, VersionUnknown
from sync.messages import PullAsk, PullSaid, PushSaid
from sync.protocol import Peering, Position
from sync.stream import origin
from tests.fixtures.sync_hub import BareHub, MakeHub, befriend


@pytest.fixture
def region(make_hub: MakeHub) -> BareHub:
    """A region with something for everybody and something for nobody."""
    made = make_hub("region")
    made.say("public", "one", "two", "three")
    made.say("local", "here")
    return made


@pytest.fixture
def hub(region: BareHub, make_hub: MakeHub) -> BareHub:
    """A community that has joined it."""
    made = make_hub("hub")
    befriend(made, region)
    return made


def ask(hub: BareHub, region: BareHub, name: str, body: bytes) -> bytes:
    """What the region answers to a rightly signed message."""
    asked = protocol.request(hub.identity, region.identity.hub_id, name, body)
    return protocol.open_answer(region.identity.hub_id, name, asked, region.answer(name, asked))


def end_of(hub: BareHub, audience: str) -> Position:
    """Where a hub's stream for an audience ends."""
    return lines.end(hub.journal.streams(hub=hub.identity.hub_id, audience=audience)[0])


def batch_from(hub: BareHub, audience: str) -> bytes:
    """A batch of a hub's own."""
    line = hub.journal.streams(hub=hub.identity.hub_id, audience=audience)[0]
    return give.make(hub.journal, line, 0, 100)[0]


@pytest.mark.parametrize("name", sorted(protocol.MESSAGES))
def test_a_hub_that_did_not_join_is_refused(region: BareHub, name: str, make_hub: MakeHub) -> None:
    """Whatever it asks, however rightly it is signed."""
    with pytest.raises(PeerUnknown, match="Join it with a code first"):
        ask(make_hub("stranger"), region, name, b"")


@pytest.mark.parametrize("name", sorted(protocol.MESSAGES))
@pytest.mark.parametrize("body", [b"", b"x", b"\xff" * 120])
def test_a_body_that_is_none_is_refused(hub: BareHub, region: BareHub, name: str, body: bytes) -> None:
    """Signed nonsense is nonsense."""
    with pytest.raises((MessageWrong, BatchWrong, VersionUnknown)):
        ask(hub, region, name, body)


def test_a_batch_for_another_audience_is_refused(hub: BareHub, region: BareHub) -> None:
    """A hub cannot push what the region does not take, least of all what is local."""
    for audience in ("local", "person"):
        hub.say(audience, "here")
        with pytest.raises(PeerUnknown, match="may not bring it"):
            ask(hub, region, "push", batch_from(hub, audience))
    assert hub.identity.hub_id not in {line.hub for line in region.journal.streams()}


def test_a_third_hubs_batch_for_the_region_is_refused(hub: BareHub, region: BareHub, make_hub: MakeHub) -> None:
    """Only its owner brings it; what is public anybody may carry."""
    third = make_hub("third")
    third.say("region", "copy")
    third.say("public", "news")
    with pytest.raises(PeerUnknown, match="may not bring it"):
        ask(hub, region, "push", batch_from(third, "region"))
    assert PushSaid.read(ask(hub, region, "push", batch_from(third, "public"))).fresh == 2


def test_a_batch_that_goes_on_elsewhere_is_not_an_error(hub: BareHub, region: BareHub) -> None:
    """The answer says that it does not fit, and where both differ is asked again."""
    hub.say("region", "one", "two")
    (line,) = hub.journal.streams(hub=hub.identity.hub_id)
    said = PushSaid.read(ask(hub, region, "push", give.make(hub.journal, line, 1, 100)[0]))
    assert (said.is_taken, said.fresh) == (False, 0)


def test_a_batch_of_anybodys_making_is_refused(hub: BareHub, region: BareHub) -> None:
    """Entries that their owner did not sign are nobody's."""
    hub.say("region", "one")
    packed = bytearray(batch_from(hub, "region"))
    packed[90] ^= 1
    with pytest.raises(SignatureWrong):
        ask(hub, region, "push", bytes(packed))


@pytest.mark.parametrize("audience", ["local", "region"])
def test_what_is_not_for_the_hub_is_not_sent(hub: BareHub, region: BareHub, audience: str) -> None:
    """Even who knows the exact position gets nothing."""
    region.say(audience, "here")
    with pytest.raises(PeerUnknown, match="may have"):
        ask(hub, region, "pull", PullAsk(end_of(region, audience), 10, ()).packed())


def test_another_communitys_copies_are_not_sent(hub: BareHub, region: BareHub, make_hub: MakeHub) -> None:
    """What a community gave the region, the region gives nobody."""
    other = make_hub("other")
    befriend(other, region)
    other.say("region", "copy")
    other.sync(region)
    with pytest.raises(PeerUnknown, match="may have"):
        ask(hub, region, "pull", PullAsk(end_of(other, "region"), 10, ()).packed())


def test_what_is_public_is_not_sent_to_whom_it_is_not_for(hub: BareHub, region: BareHub) -> None:
    """A peering that only takes gives nothing."""
    region.peerings[hub.identity.hub_id] = Peering(hub.identity.hub_id, (), ("public",))
    with pytest.raises(PeerUnknown, match="may have"):
        ask(hub, region, "pull", PullAsk(end_of(region, "public"), 10, ()).packed())


def test_an_unknown_position_is_not_sent(hub: BareHub, region: BareHub) -> None:
    """A position that no line passes through."""
    unknown = Position(end_of(region, "public").root, 2, bytes(16))
    with pytest.raises(PeerUnknown, match="nothing was sent"):
        ask(hub, region, "pull", PullAsk(unknown, 10, ()).packed())


def test_a_pull_goes_on_from_the_best_point(hub: BareHub, region: BareHub) -> None:
    """The batch begins after the last entry that the asking hub has."""
    (line,) = region.journal.streams(audience="public")
    points = [lines.Position(line.root, seq, _tip(region, line.stream, seq)) for seq in (1, 3)]
    said = PullSaid.read(ask(hub, region, "pull", PullAsk(lines.end(line), 10, tuple(points)).packed()))
    assert said.batch is not None
    assert batches.read(said.batch).first == 4


@pytest.mark.parametrize("seq", [0, 2, 4])
def test_a_pull_from_nowhere_or_from_the_end_brings_nothing(hub: BareHub, region: BareHub, seq: int) -> None:
    """A point before the first entry, one that is not here, and one after which there is nothing."""
    (line,) = region.journal.streams(audience="public")
    tip = {0: origin(line.root), 2: bytes(32), 4: line.head}[seq][:16]
    ask_body = PullAsk(lines.end(line), 10, (Position(line.root, seq, tip),)).packed()
    assert PullSaid.read(ask(hub, region, "pull", ask_body)).batch is None


def test_a_message_that_comes_again_changes_nothing(hub: BareHub, region: BareHub) -> None:
    """A push that is repeated by whoever recorded it is answered, and counts once."""
    hub.say("region", "one")
    asked = protocol.request(hub.identity, region.identity.hub_id, "push", batch_from(hub, "region"))
    assert [region.answer("push", asked) != b"" for _ in range(2)] == [True, True]
    assert region.texts("region") == ["one"]


def test_every_refusal_is_one_kind_of_mistake() -> None:
    """Whoever carries the messages catches SyncError and nothing else."""
    assert all(issubclass(kind, SyncError) for kind in (BatchWrong, MessageWrong, PeerUnknown, SignatureWrong))


def _tip(hub: BareHub, stream: str, seq: int) -> bytes:
    line = hub.journal.store.line(stream)
    assert line is not None
    return (lines.hash_at(hub.journal.store, line, seq) or b"")[:16]
