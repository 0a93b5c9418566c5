"""A carrier that meets the recipient over a line hands over what it carries, and takes the sealed receipt along."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hub.node import Node
from hub.tables import run as sql
from hub.tide import carried, hand, handed, peers, run, stick_in, stick_out
from sync import protocol
from sync.errors import NotForUs, PeerUnknown
from tests.fixtures import tide
from tests.fixtures.mules import coast, meet, named, village
from tests.fixtures.web import Served

__all__ = ["coast", "village"]


@pytest.fixture
def mule(make_node: Callable[..., Node], village: Node, coast: Node, tmp_path: Path) -> Node:
    """A hub that exchanges with both, and carries a bundle of the village for the coast."""
    made = named(make_node("mule"), "River bend")
    for other in (coast, village):
        tide.joined(made, other, "http://127.0.0.1:9")
        meet(made, other)
    meet(village, coast)
    tide.learn(village, first=1, count=9)
    stick_out.export(village, hub="Coast", to=tmp_path / "a.tide")
    assert stick_in.take_in(made, tmp_path / "a.tide").carried == 1
    return made


def test_it_is_handed_over_with_the_tide(
    mule: Node, village: Node, coast: Node, serve_node: Callable[[Node], Served]
) -> None:
    """Over real HTTP: the region has it, the mule forgets it and brings the receipt back, sealed."""
    served = serve_node(coast)
    peer = peers.find(mule, coast.identity.hub_id)
    went = run.exchange_with(mule, peer, url=served.url)
    assert went.problem == ""
    assert sql(coast.tables, "SELECT count(*) FROM statement").fetchone()[0] == 9
    assert [each.hub for each in carried.carried(mule)] == [village.identity.hub_id]
    assert stick_out.plan(village, peers.find(village, "Coast")).records > 0
    said: list[bytes] = list(carried.parts_for(mule, village.identity.hub_id))
    place = mule.home / "back.tide"
    place.write_bytes(b"".join(said))
    assert stick_in.take_in(village, place).receipts == 1
    assert stick_out.plan(village, peers.find(village, "Coast")).records == 0


def test_who_does_not_exchange_hands_nothing_over(
    mule: Node, coast: Node, make_node: Callable[..., Node], tmp_path: Path
) -> None:
    """And what is for somebody else is refused; nothing of either is kept."""
    stranger = make_node("stranger")
    data = (tmp_path / "a.tide").read_bytes()
    asked = protocol.request(stranger.identity, coast.identity.hub_id, hand.NAME, data)
    with pytest.raises(PeerUnknown):
        handed.answer(coast, hand.NAME, asked)
    peers.keep(stranger, peers.peers(coast)[0])
    turned = protocol.request(mule.identity, stranger.identity.hub_id, hand.NAME, data)
    stranger_peer = peers.Peer(mule.identity.hub_id, "River bend", "", ("public",), ("public",), 1, 1)
    peers.keep(stranger, stranger_peer)
    with pytest.raises(NotForUs):
        handed.answer(stranger, hand.NAME, turned)


def test_a_strange_receipt_is_let_go(mule: Node, coast: Node) -> None:
    """Whatever a recipient answers, nothing but a sealed part is taken along."""
    (before,) = carried.carried(mule)
    hand._take_along(mule, b"no part")
    assert carried.carried(mule) == [before]
