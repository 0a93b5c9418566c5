"""A class: who was here, who needs help with what, who is ready, who was not seen."""

from collections.abc import Callable

import pytest

from hub import learning
from hub.errors import NotAllowed, NotFound
from hub.learning import Given, Opened, classes
from hub.node import Node
from hub.people import circles
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.clock import HandClock

Market = Callable[[str], Opened]
RIGHT, WRONG = ("2", "3", "4", "5", "6"), ("0",) * 5


def _sums(node: Node, person: str, opened: Opened, answers: tuple[str, ...]) -> None:
    learning.begin_again(node, person=person, opened=opened)
    for number, answer in enumerate(answers, 1):
        learning.take_answer(node, person=person, opened=opened, given=Given(f"q{number}", (answer,), node.new_id()))


def test_nobody_has_begun(node: Node, cast: Cast, market: Market) -> None:
    """The learner is there with nothing done, and was not missed either; the facilitator is no learner."""
    table = classes.class_table(node, circle=cast.circle.id)
    assert [(each.person.name, each.last_ms, each.is_away) for each in table.learners] == [("Amina", None, False)]
    assert (table.strands, table.seen_this_week, table.away) == ((), 0, ())
    assert [each.name for each in table.not_begun] == ["Amina"]


def test_three_wrong_of_five_asks_for_help(node: Node, cast: Cast, market: Market) -> None:
    """With that competency, by its sentence."""
    _sums(node, cast.person("learner").id, market("five"), WRONG)
    (strand,) = classes.class_table(node, circle=cast.circle.id).strands
    assert (strand.statement, [each.name for each in strand.help]) == ("I can pay the right sum.", ["Amina"])


def test_who_can_do_what_comes_before_is_ready(node: Node, cast: Cast, market: Market) -> None:
    """Counting comes before paying in the package; whoever can count and has not begun to pay is ready."""
    opened = market("quiz")
    for _ in range(4):
        learning.begin_again(node, person=cast.person("learner").id, opened=opened)
        for question, answer in (("one", ("mango",)), ("many", ("a",)), ("sum", ("1",)), ("word", ("x",))):
            given = Given(question, answer, node.new_id())
            learning.take_answer(node, person=cast.person("learner").id, opened=opened, given=given)
        for question in ("row", "pair"):
            given = Given(question, ("x",), node.new_id())
            learning.take_answer(node, person=cast.person("learner").id, opened=opened, given=given)
    strands = {strand.competency: strand for strand in classes.class_table(node, circle=cast.circle.id).strands}
    assert [each.name for each in strands["market/count"].can] == ["Amina"]
    assert [each.name for each in strands["market/pay"].ready] == ["Amina"]


def test_two_weeks_without_a_sign_is_away(node: Node, cast: Cast, market: Market, clock: HandClock) -> None:
    """Seen this week, then not, then missed."""
    _sums(node, cast.person("learner").id, market("five"), RIGHT)
    seen = []
    for _ in range(3):
        (amina,) = classes.class_table(node, circle=cast.circle.id).learners
        seen.append((amina.is_this_week, amina.is_away))
        clock.advance(8 * 86_400)
    assert seen == [(True, False), (False, False), (False, True)]


def test_whoever_only_opened_something_was_not_seen(node: Node, cast: Cast, market: Market) -> None:
    """The back button of a phone from another hand opens too; only what was done counts."""
    amina = cast.person("learner").id
    learning.open_item(node, person=amina, opened=market("five"))
    table = classes.class_table(node, circle=cast.circle.id)
    assert (table.learners[0].last_ms, table.seen_this_week) == (None, 0)
    assert classes.history(node, person=amina) == []
    _sums(node, amina, market("five"), ("2",))
    assert classes.class_table(node, circle=cast.circle.id).seen_this_week == 1


def test_a_class_of_sixty_counts_everybody_once(node: Node, cast: Cast, market: Market) -> None:
    """Nobody of another circle is in it."""
    _sums(node, cast.person("neighbour").id, market("five"), WRONG)
    table = classes.class_table(node, circle=cast.circle.id)
    assert [each.person.name for each in table.learners] == ["Amina"]
    assert table.strands == ()


def test_only_who_leads_the_circle_sees_it(node: Node, cast: Cast) -> None:
    """Whatever roles somebody holds."""
    classes.allow(node, circle=cast.circle.id, person=cast.person("facilitator"))
    for role in set(ROLES) - {"facilitator", OUTSIDER}:
        with pytest.raises(NotAllowed, match="leads this circle"):
            classes.allow(node, circle=cast.circle.id, person=cast.person(role))


def test_who_left_the_circle_is_seen_no_more(node: Node, cast: Cast, market: Market) -> None:
    """Neither in the table nor in its sentences."""
    _sums(node, cast.person("learner").id, market("five"), WRONG)
    circles.leave(node, circle=cast.circle.id, person=cast.person("learner").id)
    table = classes.class_table(node, circle=cast.circle.id)
    assert (table.learners, table.strands) == ((), ())


def test_a_circle_that_is_none_has_no_table(node: Node) -> None:
    """One sentence."""
    with pytest.raises(NotFound):
        classes.class_table(node, circle="nowhere")


def test_a_learner_s_history_names_what_was_done(node: Node, cast: Cast, market: Market) -> None:
    """The latest first, with state and best score; a title where the shelf still has it."""
    learning.finish(node, person=cast.person("learner").id, opened=market("look"))
    node.clock.machine.advance(60)  # type: ignore[attr-defined]
    _sums(node, cast.person("learner").id, market("five"), WRONG)
    done = classes.history(node, person=cast.person("learner").id)
    assert [(each.title, each.state, each.score) for each in done] == [("Five sums", 2, 0.0), ("Look around", 2, None)]
