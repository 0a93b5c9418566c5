"""Folds commute: in whatever order entries arrive, and however often tables are rebuilt, they end the same."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import projections
from hub.node import Node
from hub.people import roster
from hub.projections.records import KINDS
from sync.journal import Placed
from tests.fixtures.cast import Cast
from tests.fixtures.entries import entries

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


def test_every_kind_that_is_folded_is_among_them() -> None:
    """A new kind of record is drawn by the property above, or this fails."""
    assert set(projections.FOLDS) == {*KINDS, "statement"}


def test_tables_rebuilt_from_the_journal_are_the_same(node: Node, cast: Cast) -> None:
    """Byte for byte, after people came, changed and rested."""
    kofi = cast.person("neighbour").id
    roster.change_person(node, person=kofi, name="Kofi A.")
    roster.set_active(node, person=kofi, is_active=False)
    before = projections.fingerprint(node.tables)
    node.write(lambda: projections.rebuild(node.tables, node.journal.replay()))
    assert projections.fingerprint(node.tables) == before
