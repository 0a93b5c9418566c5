"""A line that is cut at any byte: the tide goes on where it was, nothing is lost and nothing comes twice."""

import random
from collections.abc import Callable, Iterator

import pytest

from hub.node import Node
from hub.tide import publish, report, run, stands
from tests.fixtures import tide
from tests.fixtures.proxy import Proxy
from tests.fixtures.web import Served

SEED = 20_261_124
ROUNDS = 25
FIRST_BYTES = 2_500
"""Cuts fall within the first bytes of a connection: inside heads, inside bodies, between messages."""


class BadLine:
    """A line to a server that is cut after a chosen number of bytes, until it is mended."""

    def __init__(self, url: str, chance: random.Random) -> None:
        self._chance, self._is_mended = chance, False
        self.proxy = Proxy(int(url.rpartition(":")[2]), self._after)

    def mend(self) -> None:
        """From now on nothing is cut."""
        self._is_mended = True

    def _after(self) -> int | None:
        return None if self._is_mended else self._chance.randrange(FIRST_BYTES)


@pytest.fixture
def line(hub: Node, region: Node, serve_node: Callable[[Node], Served]) -> Iterator[BadLine]:
    """The bad line from the hub to the region, which have joined."""
    url = serve_node(region).url
    tide.joined(hub, region, url)
    made = BadLine(url, random.Random(SEED))
    yield made
    made.proxy.close()


def test_a_line_cut_at_any_byte_loses_and_doubles_nothing(hub: Node, region: Node, line: BadLine) -> None:
    """Learning goes on while tides are cut again and again; in the end all is there once and both agree."""
    print(f"seed {SEED}")
    for number in range(ROUNDS):
        tide.learn(hub, first=1 + 20 * number, count=20)
        run.sync_with(hub, url=line.proxy.url, pause=lambda _s: None)
    line.mend()
    went = run.sync_with(hub, url=line.proxy.url)
    assert line.proxy.cuts > ROUNDS
    assert (went.agreed, went.safe) == (True, 20 * ROUNDS)
    assert region.tables.Statement.select().count() == 20 * ROUNDS


def test_what_was_confirmed_before_a_cut_counts(hub: Node, region: Node, line: BadLine) -> None:
    """After a tide that was cut the words say how much is safe, and that much is there."""
    tide.learn(hub, first=1, count=1500)
    for _ in range(5):
        run.sync_with(hub, url=line.proxy.url, pause=lambda _s: None)
        state = report.states(hub)[0]
        there = region.tables.Statement.select().count()
        assert state.safe <= there
        assert f"{state.safe} of 1500 records" in report.words(state) or state.safe == 1500
        known = stands.standing(hub, region.identity.hub_id).positions
        assert publish.count_held(hub, state.peer.gets, known or ()) == state.safe, "a stick would bring the rest alone"


def test_a_cut_wastes_at_most_one_batch(hub: Node, region: Node, line: BadLine) -> None:
    """What travels twice is no more than the message that was on the line, however often it is cut."""
    tide.learn(hub, first=1, count=400)
    for _ in range(8):
        run.sync_with(hub, url=line.proxy.url, pause=lambda _s: None)
    line.mend()
    run.sync_with(hub, url=line.proxy.url)
    carried, cuts = line.proxy.up, line.proxy.cuts
    assert carried <= 400 * 60 + (cuts + 1) * FIRST_BYTES
