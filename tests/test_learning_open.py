"""Opening an item: one sitting until it is finished, then another; two taps open one."""

import threading
from collections.abc import Callable

import pytest

from hub import learning
from hub.errors import NotFound
from hub.learning import Given, Opened, sittings
from hub.node import Node
from hub.vocabulary import VERBS, activity
from tests.fixtures.learning import PACKAGE, RIGHT

AMINA = "11111111-1111-4111-8111-111111111111"
KOFI = "22222222-2222-4222-8222-222222222222"

Market = Callable[[str], Opened]


def _answer_all(node: Node, opened: Opened) -> None:
    for question, answer in RIGHT.items():
        learning.take_answer(node, person=AMINA, opened=opened, given=Given(question, answer, node.new_id()))


def test_opening_is_recorded_once(node: Node, market: Market) -> None:
    """Looking again goes on with the same sitting and writes nothing."""
    first, second = (learning.open_item(node, person=AMINA, opened=market("look")) for _ in range(2))
    assert first == second
    (row,) = node.tables.Statement.select()
    assert (row.verb, row.registration, row.actor) == (VERBS["initialized"], first.registration, AMINA)


def test_two_taps_at_once_open_one_sitting(node: Node, market: Market) -> None:
    """Eight threads, one statement."""
    seen = {"person": AMINA, "opened": market("quiz")}
    threads = [threading.Thread(target=learning.open_item, args=(node,), kwargs=seen) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert node.tables.Statement.select().count() == 1


def test_two_people_have_two_sittings(node: Node, market: Market) -> None:
    """Siblings on one phone never share one."""
    sittings = {learning.open_item(node, person=each, opened=market("quiz")).registration for each in (AMINA, KOFI)}
    assert len(sittings) == 2


def test_nobody_outside_knows_what_a_sitting_will_be_called(make_node: Callable[..., Node]) -> None:
    """Person and activity are no secret, and whoever knew the ids to come could take them before the learner does."""
    nodes = [make_node(name) for name in ("one", "two")]
    names = {sittings.registration_after(each, AMINA, activity(PACKAGE, "quiz"), None) for each in nodes}
    assert len(names) == 2


def test_a_lesson_read_again_is_a_new_sitting(node: Node, market: Market) -> None:
    """So a class sees that it was read twice."""
    first = learning.finish(node, person=AMINA, opened=market("look"))
    second = learning.open_item(node, person=AMINA, opened=market("look"))
    assert (first.is_finished, second.is_finished) == (True, False)
    assert first.registration != second.registration


def test_a_finished_quiz_stays_finished_until_begun_again(node: Node, market: Market) -> None:
    """Opening shows how it went; beginning again is a decision, and safe to repeat."""
    opened = market("quiz")
    _answer_all(node, opened)
    assert learning.open_item(node, person=AMINA, opened=opened).is_finished
    again = {learning.begin_again(node, person=AMINA, opened=opened).registration for _ in range(2)}
    assert len(again) == 1
    assert not learning.open_item(node, person=AMINA, opened=opened).answers


@pytest.mark.parametrize(("package", "item"), [(PACKAGE, "nothing"), ("nothing.en", "quiz"), ("../etc", "x"), ("", "")])
def test_what_is_not_on_the_shelf_cannot_be_opened(node: Node, market: Market, package: str, item: str) -> None:
    """One sentence."""
    with pytest.raises(NotFound, match="not on the shelf"):
        learning.find(node, package=package, item=item)
