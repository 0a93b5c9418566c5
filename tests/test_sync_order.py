"""Whatever order batches come in, cut and repeated as it may be: the same journal, without a hole at any moment."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from sync import batch as batches
from sync import give
from sync.errors import DoesNotFit
from tests.fixtures.properties import check_folded, check_whole
from tests.fixtures.sync_hub import BareHub, MakeHub, making_hubs

ENTRIES = 12
NAMES = ("owner", "twin")
"""A hub, and the second device with its card, which was copied at the sixth entry."""
PIECES = some.tuples(some.sampled_from(NAMES), some.integers(0, ENTRIES - 1), some.integers(1, ENTRIES))
Piece = tuple[str, int, int]
Givers = dict[str, BareHub]


@pytest.fixture(scope="module")
def make_hub(request: pytest.FixtureRequest, engine: str) -> Iterator[MakeHub]:
    """A function that makes hubs for all examples of this file."""
    with making_hubs(request, engine) as make:
        yield make


@pytest.fixture(scope="module")
def givers(make_hub: MakeHub) -> Givers:
    """Both devices, each with a tail of its own."""
    owner = make_hub("owner")
    owner.say("region", *(f"one {number}" for number in range(5)))
    twin = owner.copy("twin")
    owner.say("region", *(f"here {number}" for number in range(6)))
    twin.say("region", *(f"there {number}" for number in range(6)))
    return {"owner": owner, "twin": twin}


def _batch(givers: Givers, piece: Piece) -> batches.Batch:
    name, after, count = piece
    (line,) = givers[name].journal.streams(audience="region")
    return batches.read(give.make(givers[name].journal, line, after, count)[0])


@settings(max_examples=60)
@given(pieces=some.lists(PIECES, max_size=15))
def test_batches_in_any_order_end_the_same(make_hub: MakeHub, givers: Givers, pieces: list[Piece]) -> None:
    """What does not fit yet is refused, everything else is taken once; at the end all is there."""
    taker = make_hub("taker")
    seen = 0
    for piece in pieces:
        with suppress(DoesNotFit):
            taker.journal.apply(_batch(givers, piece))
        check_whole(taker)
        assert len(taker.folded) >= seen, "what was taken stays"
        seen = len(taker.folded)
    for name in NAMES:
        taker.journal.apply(_batch(givers, (name, 0, ENTRIES)))
    check_whole(taker)
    check_folded(taker)
    assert {each.id for each in taker.folded} == {each.id for hub in givers.values() for each in hub.placed("region")}


@settings(max_examples=40)
@given(pieces=some.permutations([("owner", 0, 6), ("owner", 6, 6), ("twin", 0, 6), ("twin", 6, 6)]))
def test_two_tails_in_any_order_are_the_same_tree(make_hub: MakeHub, givers: Givers, pieces: list[Piece]) -> None:
    """Which tail was first decides only how lines are called here, not where they end."""
    taker = make_hub("taker")
    waiting = list(pieces)
    while waiting:
        piece = waiting.pop(0)
        try:
            taker.journal.apply(_batch(givers, piece))
        except DoesNotFit:
            waiting.append(piece)
    assert sorted((line.seq, line.head) for line in taker.journal.streams()) == sorted(
        (line.seq, line.head) for hub in givers.values() for line in hub.journal.streams(audience="region")
    )
