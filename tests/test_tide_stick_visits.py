"""A hub that only others go to hears from them where they stand: its sticks for them bring what is new alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hub.node import Node
from hub.tide import peers, run, stands, stick_in, stick_out
from hub.tide.stick_out import Plan
from sync import exchange
from tests.fixtures import tide
from tests.fixtures.mules import coast, meet, named, village

__all__ = ["coast", "village"]


def _plan(node: Node, other: Node) -> Plan:
    return stick_out.plan(node, peers.find(node, other.identity.hub_id))


@pytest.fixture
def writes(coast: Node, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where the region notes that a hub stands, each time."""
    found = list[str]()
    real = stands._keep
    monkeypatch.setattr(stands, "_keep", lambda node, name, value: (found.append(name), real(node, name, value)))
    return found


def test_who_is_visited_knows_what_the_other_has(village: Node, coast: Node, tmp_path: Path) -> None:
    """After a tide in which the visitor brought all that was new nothing is left for a stick; then only what is new."""
    for number in range(3):
        tide.learn(village, first=1 + number, count=1)
        meet(village, coast)
    assert (_plan(coast, village).is_known, _plan(coast, village).records) == (True, 0)
    coast.write(lambda: coast.change("hub", coast.identity.hub_id, name="The wide coast"))
    assert _plan(coast, village).records == 1
    made = stick_out.export(coast, hub=village.identity.hub_id, to=tmp_path)
    assert made.records == 1 and stick_in.take_in(village, made.files[0]).problems == []


def test_what_the_visitor_took_is_known_at_its_next_tide(
    village: Node, coast: Node, make_node: Callable[..., Node]
) -> None:
    """That one brings no news: both say the same."""
    third = named(make_node("third"), "Third")
    tide.joined(third, coast, "http://127.0.0.1:9")
    meet(third, coast)
    meet(village, coast)
    meet(village, coast)
    assert (_plan(coast, village).is_known, _plan(coast, village).records) == (True, 0)


def test_no_news_costs_no_write(village: Node, coast: Node, writes: list[str]) -> None:
    """However often somebody comes; with news it is one."""
    meet(village, coast)
    writes.clear()
    for _ in range(3):
        meet(village, coast)
    assert [name for name in writes if name.startswith(stands.STANDS)] == []
    tide.learn(village, first=1, count=900)
    meet(village, coast)
    found = [name for name in writes if name == f"{stands.STANDS} {village.identity.hub_id}"]
    assert len(found) == 1


def test_a_visit_that_was_cut_says_nothing_more(village: Node, coast: Node) -> None:
    """What did not come is not believed to be there."""
    meet(village, coast)
    before = stands.standing(coast, village.identity.hub_id)
    tide.learn(village, first=1, count=900)
    run.prepare(village)
    left = iter(range(3))

    def line(name: str, body: bytes) -> bytes:
        next(left)
        return run.answer(coast, name, body)

    peering = peers.peering(village, peers.find(village, coast.identity.hub_id))
    with pytest.raises(StopIteration):
        exchange.run(village.journal, village.identity, peering, line)
    assert stands.standing(coast, village.identity.hub_id) == before
