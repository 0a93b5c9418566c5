"""Where another hub stands: a late receipt changes nothing, a later one is believed also when it says less."""

import pytest

from sync.errors import MessageWrong
from sync.protocol import Position
from sync.standing import SENT_MAX, Receipt, Standing


def _at(*numbers: int) -> tuple[Position, ...]:
    return tuple(Position("ab" * 16, number, bytes(16)) for number in numbers)


NAMES = [f"{number:032x}" for number in range(SENT_MAX + 5)]
THREE = Standing().with_bundle(NAMES[0]).with_bundle(NAMES[1]).with_bundle(NAMES[2])


def test_a_receipt_moves_the_position() -> None:
    """Of a hub that had never told."""
    found = THREE.with_receipt(Receipt((NAMES[1],), _at(5)))
    assert (found.positions, found.said) == (frozenset(_at(5)), 2)


def test_a_late_receipt_moves_nothing_back() -> None:
    """One that answers an earlier bundle; one that answers the same adds to what is known."""
    known = THREE.with_receipt(Receipt((NAMES[0], NAMES[2]), _at(9)))
    assert known.with_receipt(Receipt((NAMES[1],), _at(3))) == known
    assert known.with_receipt(Receipt((), _at(3))) == known
    assert known.with_receipt(Receipt((NAMES[2],), _at(3))).positions == frozenset(_at(3, 9))


def test_a_later_receipt_tells_the_truth_of_a_restored_hub() -> None:
    """It has less than before, and that is where the next bundle begins."""
    known = THREE.with_receipt(Receipt((NAMES[1],), _at(9)))
    assert known.with_receipt(Receipt((NAMES[2],), _at(3))).positions == frozenset(_at(3))


def test_an_exchange_is_as_good_as_a_receipt_of_the_last_bundle() -> None:
    """What answers a bundle before it came late."""
    known = THREE.with_exchange(_at(7))
    assert known.positions == frozenset(_at(7))
    assert known.with_receipt(Receipt((NAMES[1],), _at(3))) == known


def test_bundles_are_remembered_up_to_a_number() -> None:
    """A receipt of one that is forgotten says nothing where something is known."""
    standing = Standing()
    for name in NAMES:
        standing = standing.with_bundle(name)
    assert (standing.count, len(standing.sent)) == (len(NAMES), SENT_MAX)
    assert standing.with_receipt(Receipt((NAMES[0],), _at(1))).said == 0
    assert standing.with_receipt(Receipt((NAMES[6],), _at(1))).said == 7


@pytest.mark.parametrize("standing", [Standing(), THREE, THREE.with_exchange(_at(1, 2)), THREE.with_exchange(())])
def test_it_is_kept_as_bytes(standing: Standing) -> None:
    """The same again."""
    assert Standing.read(standing.packed()) == standing


def test_a_receipt_is_read_as_it_was_written() -> None:
    """And nothing may follow it."""
    receipt = Receipt((NAMES[1],), _at(1, 2))
    assert Receipt.read(receipt.packed()) == receipt
    with pytest.raises(MessageWrong):
        Receipt.read(receipt.packed() + b"x")
