"""Joining: a code of ten letters, for one hub, for a while; both sides prove that they know it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from hub.errors import HubError, InputWrong, JoinRefused, LineDropped, PeerBusy
from hub.node import Node
from hub.tide import join, peers
from hub.tide.link import Link
from sync.errors import SyncError
from tests.fixtures.clock import HandClock

URL = "http://region.example"
WRONG = "abcde-fghjk"
THREE_DAYS_S = 259_200
"""What docs/sync.md promises."""


def _to(node: Node) -> Callable[[str, bytes], bytes]:
    return lambda _name, body: join.answer(node, body)


def test_a_hub_joins_its_region(hub: Node, region: Node) -> None:
    """Afterwards each knows the other by its key, and what it gives and takes."""
    join.join_over(hub, _to(region), url=URL, code=join.invite(region).code)
    up, down = peers.upstream(hub)[0], peers.peers(region)[0]
    assert (up.hub, up.url, up.sends, up.takes) == (region.identity.hub_id, URL, ("public", "region"), ("public",))
    assert (down.hub, down.url, down.sends, down.takes) == (hub.identity.hub_id, "", ("public",), ("public", "region"))


def test_neighbours_give_each_other_what_is_public(make_node: Callable[..., Node], hub: Node) -> None:
    """Learning never goes to a neighbour, only to a region."""
    neighbour = make_node("neighbour")
    join.join_over(hub, _to(neighbour), url=URL, code=join.invite(neighbour).code)
    for one, other in ((hub, neighbour), (neighbour, hub)):
        assert peers.audiences(one) <= {"public", *(f"pair:{each.identity.hub_id}" for each in (one, other))}
        assert "public" in peers.audiences(one)


def test_a_code_may_be_typed_as_people_write_it(hub: Node, region: Node) -> None:
    """Capitals, spaces and a missing dash are no mistakes."""
    code = join.invite(region).code.upper().replace("-", " ")
    assert join.join_over(hub, _to(region), url=URL, code=join.checked_code(code)).hub == region.identity.hub_id


def test_a_lost_answer_is_repaired_by_joining_again(hub: Node, region: Node) -> None:
    """The same hub may repeat the same code; nothing is doubled."""
    code = join.invite(region).code
    for _ in range(2):
        join.join_over(hub, _to(region), url=URL, code=code)
    assert len(peers.peers(region)) == len(peers.peers(hub)) == 1


def test_a_code_is_good_for_one_hub(make_node: Callable[..., Node], hub: Node, region: Node) -> None:
    """A second hub with the same code is refused and not remembered."""
    code = join.invite(region).code
    join.join_over(hub, _to(region), url=URL, code=code)
    with pytest.raises(JoinRefused, match="not good, or is used up"):
        join.join_over(make_node("second"), _to(region), url=URL, code=code)
    assert [peer.hub for peer in peers.peers(region)] == [hub.identity.hub_id]


def test_a_wrong_code_changes_nothing(hub: Node, region: Node) -> None:
    """Neither side remembers the other."""
    join.invite(region)
    with pytest.raises(JoinRefused, match="ask for a new one"):
        join.join_over(hub, _to(region), url=URL, code=WRONG)
    assert peers.peers(hub) == peers.peers(region) == []


def test_a_code_ends_after_three_days(hub: Node, region: Node, clock: HandClock) -> None:
    """Until then it is good; later it is as good as wrong."""
    early, late = (join.invite(region) for _ in range(2))
    assert early.ends_ms == clock.now_ms() + THREE_DAYS_S * 1000
    clock.advance(THREE_DAYS_S - 1)
    join.join_over(hub, _to(region), url=URL, code=early.code)
    clock.advance(2)
    with pytest.raises(JoinRefused):
        join.join_over(hub, _to(region), url=URL, code=late.code)


def test_a_code_stands_a_few_wrong_proofs(hub: Node, region: Node) -> None:
    """Whoever listened and guesses on has a few tries; then the code is dead, for its owner too."""
    code = join.invite(region).code
    which = region.tables.Invite.select().first().id
    guess = {"hub": hub.identity.hub_id, "which": which, "proof": "00" * 32}
    for _ in range(join.TRIES):
        with pytest.raises(JoinRefused):
            join.answer(region, json.dumps(guess).encode())
    with pytest.raises(JoinRefused):
        join.join_over(hub, _to(region), url=URL, code=code)


def test_somebody_in_between_cannot_put_his_key_in(make_node: Callable[..., Node], hub: Node, region: Node) -> None:
    """One who stands in between and answers with his own id has no proof for it; the hub refuses him."""
    between, code = make_node("between"), join.invite(region).code

    def carry(_name: str, body: bytes) -> bytes:
        said: dict[str, Any] = json.loads(join.answer(region, b""))
        if body:
            said |= {"role": "region", "proof": "11" * 32}
        return json.dumps({**said, "hub": between.identity.hub_id}).encode()

    with pytest.raises(JoinRefused, match="stand in between"):
        join.join_over(hub, carry, url=URL, code=code)
    assert peers.peers(hub) == []


def test_a_hub_does_not_join_itself(region: Node) -> None:
    """Its own address is refused with a sentence."""
    with pytest.raises(JoinRefused, match="this hub itself"):
        join.join_over(region, _to(region), url=URL, code=join.invite(region).code)


def test_a_database_holds_no_code(region: Node) -> None:
    """What is kept is the key that a code stands for."""
    code = join.invite(region).code
    row = region.tables.Invite.select().dicts().first()
    assert code not in str(row) and code.replace("-", "") not in str(row)


@pytest.mark.parametrize("code", ["", "abcde", "abcde-fghjkm", "abcde-fghj0", "abcde-fghjl", "ä" * 10, "x" * 5000])
def test_what_cannot_be_a_code_is_refused_at_the_door(code: str) -> None:
    """Too few, too many or other letters: one sentence, before anything is asked of anybody."""
    with pytest.raises(InputWrong, match="ten letters"):
        join.checked_code(code)


ANSWERS = {
    "nothing": b"",
    "no JSON": b"<html>",
    "a list": b"[]",
    "no hub": b"{}",
    "a hub that is none": b'{"hub": "x"}',
    "far too long": b" " * 3000 + b"{}",
    "too deep": b"[" * 2000,
}


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_that_is_none_is_refused(hub: Node, case: str) -> None:
    """Whatever stands behind an address, it is a sentence and nothing is changed."""
    with pytest.raises((JoinRefused, SyncError)):
        join.join_over(hub, lambda _name, _body: ANSWERS[case], url=URL, code=WRONG)
    assert peers.peers(hub) == []


def test_not_more_codes_than_anybody_needs(region: Node) -> None:
    """Fifty unused codes are out: the next one is refused with a sentence."""
    row = {"used_by": "", "made_ms": region.clock.now_ms(), "tries": join.TRIES, "key": "00"}
    table = region.tables.Invite
    region.write(lambda: table.insert_many([{"id": str(number), **row} for number in range(join.OPEN_MAX)]).execute())
    with pytest.raises(InputWrong, match="wait three days"):
        join.invite(region)


@pytest.mark.parametrize(
    ("mistake", "said"),
    [(LineDropped, "could not be reached, so nothing was joined"), (PeerBusy, "is busy now, so nothing")],
)
def test_a_line_that_leads_nowhere_joins_nothing(
    hub: Node, monkeypatch: pytest.MonkeyPatch, mistake: type[HubError], said: str
) -> None:
    """Not reached, or too busy: no sentence of a next tide, since none goes there."""

    def no_line(_link: Link, _name: str, _body: bytes) -> bytes:
        raise mistake("Everything is safe here; it goes at the next tide.")

    monkeypatch.setattr(Link, "__call__", no_line)
    with pytest.raises(mistake, match=said) as caught:
        join.join(hub, url=URL, code=WRONG)
    assert URL in str(caught.value) and "next tide" not in str(caught.value)
    assert peers.peers(hub) == []
