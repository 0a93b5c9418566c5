"""Whatever order batches come in, cut and repeated as it may be: the same journal, without a hole at any moment."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as some

from sync import batch as batches
from sync import give
from sync.errors import DoesNotFit
from tests.fixtures.simulator import check_folded, check_whole
from tests.fixtures.sync_hub import MemoryHub, make_hub

ENTRIES = 12


def _owner() -> MemoryHub:
    """A hub whose card was copied at its sixth entry: the batches of both devices' streams."""
    hub = make_hub("owner")
    hub.say("region", *(f"one {number}" for number in range(5)))
    return hub


OWNER = _owner()
TWIN = OWNER.copy("twin")
OWNER.say("region", *(f"here {number}" for number in range(6)))
TWIN.say("region", *(f"there {number}" for number in range(6)))
PIECES = some.tuples(some.sampled_from([OWNER, TWIN]), some.integers(0, ENTRIES - 1), some.integers(1, ENTRIES))
Piece = tuple[MemoryHub, int, int]


def _batch(piece: Piece) -> batches.Batch:
    hub, after, count = piece
    (line,) = hub.journal.streams(audience="region")
    return batches.read(give.make(hub.journal, line, after, count)[0])


@settings(max_examples=60)
@given(some.lists(PIECES, max_size=15))
def test_batches_in_any_order_end_the_same(pieces: list[Piece]) -> None:
    """What does not fit yet is refused, everything else is taken once; at the end all is there."""
    taker = make_hub("taker")
    seen = 0
    for piece in pieces:
        with suppress(DoesNotFit):
            taker.journal.apply(_batch(piece))
        check_whole(taker)
        assert len(taker.folded) >= seen, "what was taken stays"
        seen = len(taker.folded)
    for hub in (OWNER, TWIN):
        taker.journal.apply(_batch((hub, 0, ENTRIES)))
    check_whole(taker)
    check_folded(taker)
    assert {each.id for each in taker.folded} == {each.id for hub in (OWNER, TWIN) for each in hub.placed("region")}


@settings(max_examples=40)
@given(some.permutations([(OWNER, 0, 6), (OWNER, 6, 6), (TWIN, 0, 6), (TWIN, 6, 6)]))
def test_two_tails_in_any_order_are_the_same_tree(pieces: list[Piece]) -> None:
    """Which tail was first decides only how lines are called here, not where they end."""
    taker = make_hub("taker")
    waiting = list(pieces)
    while waiting:
        piece = waiting.pop(0)
        try:
            taker.journal.apply(_batch(piece))
        except DoesNotFit:
            waiting.append(piece)
    assert sorted((line.seq, line.head) for line in taker.journal.streams()) == sorted(
        (line.seq, line.head) for hub in (OWNER, TWIN) for line in hub.journal.streams(audience="region")
    )
