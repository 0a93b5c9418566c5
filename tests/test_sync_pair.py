"""A stream for one named hub goes to that hub and to nobody else; what somebody takes along is in no exchange."""

import pytest

from sync import lines, protocol
from sync.errors import PeerUnknown
from sync.messages import PullAsk
from sync.protocol import Peering
from tests.fixtures.sync_hub import BareHub, MakeHub


def _meet(one: BareHub, two: BareHub, *audiences: str) -> None:
    """Let two hubs exchange, whatever each says that it gives and takes."""
    for this, that in ((one, two), (two, one)):
        this.peerings[that.identity.hub_id] = Peering(that.identity.hub_id, audiences, audiences)


@pytest.fixture
def three(make_hub: MakeHub) -> tuple[BareHub, BareHub, BareHub]:
    """A hub, the one it has an agreement with, and a third; each pair exchanges as widely as can be said."""
    hub, school, third = make_hub("hub"), make_hub("school"), make_hub("third")
    ids = [each.identity.hub_id for each in (hub, school, third)]
    wide = ("public", "region", "person", "local", *(f"pair:{each}" for each in ids))
    for one, two in ((hub, school), (hub, third), (school, third)):
        _meet(one, two, *wide)
    return hub, school, third


def test_a_stream_for_one_hub_reaches_that_hub_alone(three: tuple[BareHub, BareHub, BareHub]) -> None:
    """The school gets it, and hands it on to nobody; the third gets nothing of it by any road."""
    hub, school, third = three
    audience = f"pair:{school.identity.hub_id}"
    hub.say(audience, "for the school")
    for one, two in ((hub, third), (hub, school), (school, third), (third, school), (third, hub)):
        assert one.sync(two).agreed
    assert school.texts(audience) == ["for the school"]
    assert third.texts(audience) == []


def test_a_third_hub_that_asks_for_it_is_refused(three: tuple[BareHub, BareHub, BareHub]) -> None:
    """It knows the very position, and asks the owner, then the one who has it."""
    hub, school, third = three
    audience = f"pair:{school.identity.hub_id}"
    hub.say(audience, "for the school")
    hub.sync(school)
    (line,) = hub.journal.streams(audience=audience)
    ask = PullAsk(lines.end(line), 100, ())
    for owner in (hub, school):
        asked = protocol.request(third.identity, owner.identity.hub_id, "pull", ask.packed())
        with pytest.raises(PeerUnknown):
            owner.answer("pull", asked)


def test_a_hub_gets_its_own_lost_tail_back(three: tuple[BareHub, BareHub, BareHub]) -> None:
    """What the school has of it comes back to a hub that was restored from before."""
    hub, school, _ = three
    audience = f"pair:{school.identity.hub_id}"
    hub.say(audience, "first")
    older = hub.database.twin()
    hub.say(audience, "second")
    hub.sync(school)
    hub.restore(older)
    assert hub.sync(school).agreed
    assert hub.texts(audience) == ["first", "second"]


def test_what_a_person_takes_along_is_in_no_exchange(three: tuple[BareHub, BareHub, BareHub]) -> None:
    """Nobody is given it, whatever a peering says; nobody takes it either."""
    hub, school, _ = three
    hub.say("person", "mine")
    assert hub.sync(school).agreed and school.sync(hub).agreed
    assert school.texts("person") == []
