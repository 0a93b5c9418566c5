"""Folds commute: in whatever order entries arrive, and however often tables are rebuilt, they end the same."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import projections
from hub.node import Node
from hub.people import roster
from hub.projections.records import KINDS
from sync.entry import Entry
from sync.erasing import ERASE
from sync.journal import Placed
from tests.fixtures.cast import Cast
from tests.fixtures.clock import START_MS
from tests.fixtures.entries import AGAIN, LOCAL, entries, placed

LENIENT = settings(
    deadline=None,
    derandomize=True,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _folded(node: Node, arriving: list[Placed]) -> str:
    """The fingerprint of the tables after these entries, in this order."""

    def work() -> str:
        projections.rebuild(node.tables, arriving)
        return projections.fingerprint(node.tables)

    return node.write(work)


@LENIENT
@given(data=st.data())
def test_the_order_of_arrival_does_not_matter(node: Node, data: st.DataObject) -> None:
    """Entries of every kind, of our own and of another hub's streams, right and wrong ones, in two orders."""
    first = data.draw(entries())
    second = data.draw(st.permutations(first))
    assert _folded(node, first) == _folded(node, second)


STAMPS = {
    "a greater depth": ((1, AGAIN, 9), (2, LOCAL, 1)),
    "then a later stream": ((1, LOCAL, 9), (1, AGAIN, 1)),
    "then a greater number": ((1, LOCAL, 9), (1, LOCAL, 10)),
}
"""What decides, and two stamps (depth, stream, number) of which the second is the greater by it."""


@pytest.mark.parametrize("deciding", STAMPS)
@pytest.mark.parametrize("turn", [1, -1], ids=["in order", "the other way round"])
def test_of_two_values_of_a_field_the_greater_stamp_stands(node: Node, deciding: str, turn: int) -> None:
    """Whichever arrives first; a field that only one of them sets stays as that one says."""
    said = ({"name": "Old", "picture": "goat"}, {"name": "New"})
    arriving = []
    for (depth, place, seq), fields in zip(STAMPS[deciding], said, strict=True):
        payload = json.dumps({"id": "kofi", "set": fields}).encode()
        entry = Entry(kind="person", payload=payload, at_ms=START_MS, depth=depth)
        arriving.append(placed(place, entry, seq))
    _folded(node, arriving[::turn])
    person = node.tables.Person.get_by_id("kofi")
    assert (person.name, person.picture) == ("New", "goat")


def test_every_kind_that_is_folded_is_among_them() -> None:
    """A new kind of record is drawn by the property above, or this fails.

    What erases others is not: the journal refuses what it names, and `test_sync_erase` and `test_people_forget_roads`
    let it come before, after and beside that.
    """
    assert set(projections.FOLDS) - {ERASE} == {*KINDS, "statement", "consent.visit", "clock.fix", "joint"}


def test_tables_rebuilt_from_the_journal_are_the_same(node: Node, cast: Cast) -> None:
    """Byte for byte, after people came, changed and rested."""
    kofi = cast.person("neighbour").id
    roster.change_person(node, person=kofi, name="Kofi A.")
    roster.set_active(node, person=kofi, is_active=False)
    before = projections.fingerprint(node.tables)
    node.write(lambda: projections.rebuild(node.tables, node.journal.replay()))
    assert projections.fingerprint(node.tables) == before
