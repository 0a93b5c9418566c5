"""A region certifies its hubs, takes a certificate back with a fence, and every hub hears of it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hub.cli import main
from hub.collections import offers
from hub.config import keep
from hub.errors import InputWrong, JoinRefused, NotAllowed, NotFound
from hub.node import Node
from hub.tide import certificates, hand, handed, outbox, peers, publish, run, stick_in, stick_out
from hub.tide.certificates import LEFT, MEMBER, REVOKED
from hub.tide.peers import Peer
from hub.tide.policy import CERTIFICATE
from sync import exchange, protocol
from sync.errors import PeerUnknown, ShutOut
from sync.protocol import Peering
from tests.fixtures import tide
from tests.fixtures.clock import HandClock
from tests.fixtures.deciding import gather
from tests.fixtures.mules import bring, coast, village
from tests.fixtures.sharing import NOTHING, decide

__all__ = ["coast", "village"]

URL = "http://127.0.0.1:1"
WITH_REGION = ("public", "region")


@pytest.fixture
def alder(make_node: Callable[..., Node], region: Node) -> Node:
    """A hub that has joined the region."""
    return _joined(make_node("alder"), region)


@pytest.fixture
def birch(make_node: Callable[..., Node], region: Node) -> Node:
    """Another one."""
    return _joined(make_node("birch"), region)


def _joined(hub: Node, region: Node) -> Node:
    hub.write(lambda: hub.change("hub", hub.identity.hub_id, name=hub.settings.name))
    tide.joined(hub, region, URL)
    return hub


def go(hub: Node, other: Node, *, sends: tuple[str, ...] = WITH_REGION) -> exchange.Report:
    """To the tide with another hub, over no line."""
    certificates.check(hub, other.identity.hub_id)
    publish.publish(hub, sends)
    there, done = Peer(other.identity.hub_id, other.name, "", sends, ("public",), 1, 1), exchange.Report()
    run.reconcile(hub, there, lambda name, body: run.answer(other, name, body), done)
    return done


def rename(hub: Node, name: str) -> None:
    """Say something in the public stream."""
    hub.write(lambda: hub.change("hub", hub.identity.hub_id, name=name))


def known_as(hub: Node, other: Node) -> str:
    """What a hub calls another one."""
    row = hub.tables.Hub.get_or_none(hub.tables.Hub.id == other.identity.hub_id)
    return str(row.name) if row else ""


def test_a_join_code_brings_a_certificate(region: Node, alder: Node, birch: Node) -> None:
    """Numbered, dated and signed over its own words; each hub has its own and the others' after a tide."""
    go(alder, region)
    for where in (region, alder):
        one, two = certificates.certificates(where)
        assert (one.hub, one.name, one.number, one.state) == (alder.identity.hub_id, "Alder", 1, MEMBER)
        assert (two.hub, two.number, two.issuer) == (birch.identity.hub_id, 2, region.identity.hub_id)
        assert one.is_right and two.is_right and one.since_ms > 0
    assert go(alder, region).agreed
    tide.joined(alder, region, URL)
    assert [each.number for each in certificates.certificates(region)] == [1, 2], "joining again gives no other number"


def test_a_changed_certificate_is_told(region: Node, alder: Node) -> None:
    """Another name under the same signature is not right."""
    table = region.tables.Certificate
    region.write(lambda: table.update(name="Somebody else").execute())
    (found,) = certificates.certificates(region)
    assert not found.is_right
    region.write(lambda: table.update(signature="not hex").execute())
    assert not certificates.certificates(region)[0].is_right


def test_what_came_until_the_fence_counts_and_nothing_after(region: Node, alder: Node, birch: Node) -> None:
    """The shut out hub gets one sentence; a third hub takes its public stream up to the fence from nobody past it."""
    go(alder, region)
    go(birch, region)
    assert known_as(birch, alder) == "Alder"
    tide.learn(alder, first=1, count=5)
    go(alder, region)
    certificates.revoke(region, hub=alder.identity.hub_id)
    rename(alder, "After the fence")
    tide.learn(alder, first=10, count=5)
    with pytest.raises(PeerUnknown, match="has taken back this hub's certificate"):
        go(alder, region)
    assert region.tables.Statement.select().count() == 5, "what came before counts and stays"
    assert go(birch, region).agreed
    (found, _) = certificates.certificates(birch)
    assert (found.state, found.is_right) == (REVOKED, True)
    _befriend(alder, birch)
    with pytest.raises(PeerUnknown, match="has taken back"):
        go(alder, birch, sends=("public",))
    assert known_as(birch, alder) == known_as(region, alder) == "Alder"


def _befriend(one: Node, two: Node) -> None:
    for here, there in ((one, two), (two, one)):
        peers.keep(here, Peer(there.identity.hub_id, there.name, "", ("public",), ("public",), 1, 1))


def test_who_carries_on_what_lies_past_the_fence_is_not_followed(
    region: Node, alder: Node, birch: Node, make_node: Callable[..., Node]
) -> None:
    """A hub that had taken more before it heard goes on with the others; its later entries of that hub go nowhere."""
    go(alder, region)
    cedar = _joined(make_node("cedar"), region)
    go(cedar, region)
    _befriend(alder, birch)
    certificates.revoke(region, hub=alder.identity.hub_id)
    rename(alder, "After the fence")
    go(alder, birch, sends=("public",))
    assert known_as(birch, alder) == "After the fence", "birch has not heard yet"
    went = go(birch, region)
    assert went.agreed and known_as(region, alder) == "Alder"
    assert go(birch, region).requests == 1, "both call it the same"
    go(cedar, region)
    _befriend(birch, cedar)
    assert go(birch, cedar, sends=("public",)).agreed
    assert go(cedar, birch, sends=("public",)).agreed
    assert known_as(cedar, alder) == "Alder"


def test_a_hub_that_has_not_heard_is_told_no_more_than_counts(region: Node, alder: Node, birch: Node) -> None:
    """Its knock is answered, what it brings past the fence is left, and nothing else is held up by it."""
    go(alder, region)
    go(birch, region)
    _befriend(alder, birch)
    rename(alder, "After the fence")
    go(alder, birch, sends=("public",))
    fence = region.tables.Certificate
    certificates.revoke(region, hub=alder.identity.hub_id)
    rename(birch, "Birch ford")
    tide.learn(birch, first=1, count=3)
    old = replace(_peering(region), fences={})
    publish.publish(birch, WITH_REGION)
    exchange.run(birch.journal, birch.identity, old, lambda name, body: run.answer(region, name, body))
    assert known_as(region, alder) == "Alder" and known_as(region, birch) == "Birch ford"
    assert fence.select().count() == 2


def _peering(region: Node) -> Peering:
    return Peering(region.identity.hub_id, WITH_REGION, ("public",))


def test_a_certificate_can_be_given_back(region: Node, alder: Node) -> None:
    """The streams go on where they stood, and nothing is missing or doubled."""
    tide.learn(alder, first=1, count=5)
    go(alder, region)
    certificates.revoke(region, hub=alder.identity.hub_id)
    with pytest.raises(JoinRefused, match="no code lets it join"):
        tide.joined(alder, region, URL)
    tide.learn(alder, first=10, count=5)
    assert certificates.restore(region, hub=alder.identity.hub_id).state == MEMBER
    assert go(alder, region).agreed
    assert region.tables.Statement.select().count() == 10


@pytest.mark.parametrize("years", [1, 50])
def test_no_clock_ends_a_certificate(region: Node, alder: Node, clock: HandClock, years: int) -> None:
    """However wrong the time is, who belongs belongs and who was shut out is."""
    clock.advance(years * 365 * 86_400)
    assert go(alder, region).agreed
    certificates.revoke(region, hub=alder.identity.hub_id)
    clock.advance(-years * 365 * 86_400)
    with pytest.raises(PeerUnknown):
        go(alder, region)


def test_only_a_region_certifies_and_only_whom_it_knows(region: Node, alder: Node, birch: Node) -> None:
    """A community can take back nothing, and what it says of others counts nowhere."""
    with pytest.raises(NotAllowed):
        certificates.revoke(alder, hub=birch.identity.hub_id)
    with pytest.raises(NotFound):
        certificates.revoke(region, hub="b" * 51 + "a")
    own, other = alder.identity.hub_id, birch.identity.hub_id
    said = {"issuer": own, "member": other, "name": "Birch", "state": LEFT, "fence": ""}
    alder.write(lambda: alder.change(CERTIFICATE, f"{own}:{other}", **said))
    assert go(alder, region).agreed
    assert certificates.fences(region) == certificates.fences(alder) == {}
    forged = {**said, "issuer": region.identity.hub_id}
    alder.write(lambda: alder.change(CERTIFICATE, f"{region.identity.hub_id}:{other}", **forged))
    go(alder, region)
    assert go(birch, region).agreed and certificates.fences(birch) == {}


@pytest.mark.parametrize("fence", ["", "[]", "{", '{"a": 1}', '{"a": ["x", "zz"]}', "[" * 5000])
def test_a_fence_that_cannot_be_read_lets_nothing_count(fence: str) -> None:
    """Restriction wins."""
    assert certificates._read(fence) == {}


def test_a_stick_brings_nothing_of_who_was_shut_out(village: Node, coast: Node, tmp_path: Path) -> None:
    """One sentence says so, what had come stays, and nothing is written for that hub or handed over by it."""
    tide.learn(village, first=1, count=3)
    assert bring(village, coast, tmp_path).records > 0
    certificates.revoke(coast, hub=village.identity.hub_id)
    tide.learn(village, first=10, count=3)
    came = bring(village, coast, tmp_path, "after.tide")
    assert came.records == 0 and "does not belong to the region any more" in str(stick_in.told(came))
    assert coast.tables.Statement.select().count() == 3
    with pytest.raises(InputWrong, match="taken back"):
        stick_out.export(coast, hub=village.identity.hub_id, to=tmp_path / "for.tide")
    data = protocol.request(village.identity, coast.identity.hub_id, hand.NAME, (tmp_path / "after.tide").read_bytes())
    with pytest.raises(ShutOut):
        handed.answer(coast, hand.NAME, data)
    with pytest.raises(ShutOut):
        offers.check_known(coast, village.identity.hub_id)


def test_who_joined_before_there_were_certificates_gets_one(region: Node, make_node: Callable[..., Node]) -> None:
    """At the next tide, once."""
    hub = make_node("elder")
    peers.keep(region, Peer(hub.identity.hub_id, "Elder", "", ("public",), WITH_REGION, 1, 1))
    assert certificates.certificates(region) == []
    run.prepare(region)
    run.prepare(region)
    assert [(each.name, each.number, each.is_right) for each in certificates.certificates(region)] == [
        ("Elder", 1, True)
    ]


def test_the_list_leaves_whatever_the_policy_lets_go(region: Node, alder: Node) -> None:
    """A policy that lets nothing go keeps back what a hub says of itself, and not who was shut out."""

    decide(gather(region), NOTHING)
    certificates.revoke(region, hub=alder.identity.hub_id)
    run.prepare(region)
    copies = list(outbox.going(region, "public"))
    assert {each.copy.kind for each in copies} == {CERTIFICATE}
    assert [each.says for each in copies][-1] == "A hub does not belong to the region any more."
    assert "list of hubs that belong to this region" in outbox.rules(region, "public")[0]


def test_who_would_carry_something_there_reads_whose_it_is(region: Node, alder: Node, birch: Node) -> None:
    """It is the other hub's certificate that was taken back, and not that of the one who reads it."""
    certificates.revoke(region, hub="Birch")
    assert go(alder, region).agreed
    said = str(certificates.why_nothing_for(alder, birch.identity.hub_id))
    assert said.startswith("The region has taken back the certificate of “Birch”")
    assert certificates.why_nothing_for(alder, region.identity.hub_id) is None


def test_the_commands_list_and_take_back(region: Node, alder: Node) -> None:
    """In words for people and as JSON for programs."""
    if region.settings.database:
        keep(region.home, {"database": region.settings.database, "role": "region"})
    else:
        keep(region.home, {"role": "region"})

    def says(*words: str) -> Result:
        return CliRunner().invoke(main, ["sync", *words, "--home", str(region.home)])

    assert "   1  member" in says("hubs").stdout and "Alder" in says("hubs").stdout
    assert json.loads(says("hubs", "--json").stdout)[0]["is_right"] is True
    assert "shut out" in says("revoke", "alder").stdout
    assert "or several" in says("revoke", "Birch").output
    found: dict[str, Any] = json.loads(says("revoke", alder.identity.hub_id[:8], "--undo", "--json").stdout)
    assert found["state"] == MEMBER
