"""Finishing what is read, seen or heard, and going on where one was in it."""

from collections.abc import Callable

import pytest

from hub import learning
from hub.errors import InputWrong
from hub.learning import Given, Opened
from hub.node import Node
from hub.vocabulary import VERBS, VOIDED
from hub.xapi import store
from tests.fixtures.clock import HandClock
from tests.fixtures.learning import RIGHT, statement

AMINA = "11111111-1111-4111-8111-111111111111"

Market = Callable[[str], Opened]


def _count(node: Node, verb: str) -> int:
    return int(node.tables.Statement.select().where(node.tables.Statement.verb == VERBS[verb]).count())


def _place(node: Node, opened: Opened) -> int:
    sitting = learning.open_item(node, person=AMINA, opened=opened)
    return learning.last_place(node, person=AMINA, opened=opened, sitting=sitting)


def _do(node: Node, opened: Opened) -> None:
    if opened.item.kind != "quiz":
        learning.finish(node, person=AMINA, opened=opened)
        return
    for question, answer in RIGHT.items():
        learning.take_answer(node, person=AMINA, opened=opened, given=Given(question, answer, node.new_id()))


def test_finishing_twice_is_finishing_once(node: Node, market: Market) -> None:
    """A second tap, or an old form, writes nothing."""
    for _ in range(3):
        learning.finish(node, person=AMINA, opened=market("look"))
    assert _count(node, "completed") == _count(node, "initialized") == 1
    assert node.tables.Progress.get().state == 2


def test_a_quiz_is_not_finished_by_saying_so(node: Node, market: Market) -> None:
    """Only its last answer does."""
    learning.finish(node, person=AMINA, opened=market("quiz"))
    assert _count(node, "completed") == 0


@pytest.mark.parametrize("item", ["look", "quiz"])
def test_what_was_voided_can_be_done_again(node: Node, market: Market, item: str) -> None:
    """An end that was taken back is over and counts nothing; the learner is not locked out of the item."""
    opened = market(item)
    _do(node, opened)
    ended = node.tables.Statement.get(node.tables.Statement.verb << [VERBS["completed"], VERBS["passed"]])
    voiding = {"objectType": "StatementRef", "id": ended.id}
    store.keep_own(node, [statement(verb={"id": VOIDED}, object=voiding)])
    sitting = learning.begin_again(node, person=AMINA, opened=opened)
    assert (sitting.is_finished, sitting.answers) == (False, ())
    _do(node, opened)
    assert learning.open_item(node, person=AMINA, opened=opened).is_finished is (item == "quiz")
    assert node.tables.Progress.get().state >= 2


def test_a_film_goes_on_where_it_was_left(node: Node, market: Market, clock: HandClock) -> None:
    """At the last second that was told, in this sitting."""
    assert _place(node, market("film")) == 0
    for second in (30, 95, 60):
        clock.advance(1)
        learning.note_place(node, person=AMINA, opened=market("film"), place=second)
    assert _place(node, market("film")) == 60


def test_a_film_left_after_its_end_opens_no_new_sitting(node: Node, market: Market) -> None:
    """The page says where it was left as it goes, after the form said finished."""
    learning.open_item(node, person=AMINA, opened=market("film"))
    learning.finish(node, person=AMINA, opened=market("film"))
    learning.note_place(node, person=AMINA, opened=market("film"), place=99)
    assert (_count(node, "initialized"), _count(node, "progressed")) == (1, 0)


@pytest.mark.parametrize("place", [-1, learning.PLACE_MAX + 1])
def test_a_place_that_cannot_be_is_refused(node: Node, market: Market, place: int) -> None:
    """Nothing is kept."""
    with pytest.raises(InputWrong, match="Nothing was changed"):
        learning.note_place(node, person=AMINA, opened=market("film"), place=place)
