"""Answering: marked, kept once, a hint before a second try, the sitting closed by its last answer."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hub import learning
from hub.config import load
from hub.errors import InputWrong
from hub.learning import Given, Opened, Taken
from hub.node import Node, make_home, open_node
from hub.vocabulary import PEOPLE, TRIES, VERBS, activity
from hub.xapi import store
from tests.fixtures import engines
from tests.fixtures.clock import HandClock
from tests.fixtures.disks import PowerCut
from tests.fixtures.learning import PACKAGE, RIGHT, lay

AMINA = "11111111-1111-4111-8111-111111111111"

Market = Callable[[str], Opened]


def _take(node: Node, opened: Opened, question: str, *answer: str, attempt: str = "", shown_ms: int = 0) -> Taken:
    given = Given(question, answer or RIGHT[question], attempt or node.new_id(), shown_ms)
    return learning.take_answer(node, person=AMINA, opened=opened, given=given)


def _records(node: Node, verb: str) -> list[dict[str, Any]]:
    table = node.tables.Statement
    rows = table.select().where(table.verb == VERBS[verb]).order_by(table.seq)
    return [store.whole(placed) for row in rows if (placed := node.journal.get(row.stream, row.seq))]


def test_an_answer_becomes_a_whole_record(node: Node, market: Market, clock: HandClock) -> None:
    """Who, what, how it was asked, what was said, how long it took, in which sitting, for which competency."""
    shown = clock.now_ms()
    clock.advance(7.5)
    taken = _take(node, market("quiz"), "one", shown_ms=shown)
    (said,) = _records(node, "answered")
    assert said["actor"] == {"account": {"homePage": PEOPLE, "name": AMINA}}
    assert said["object"]["id"] == activity(PACKAGE, "quiz", "one")
    assert said["object"]["definition"]["interactionType"] == "choice"
    assert said["result"] == {
        "score": {"scaled": 1.0},
        "success": True,
        "response": "mango",
        "duration": "PT7.50S",
    }
    assert said["context"]["registration"] == taken.sitting.registration
    (other,) = said["context"]["contextActivities"]["other"]
    assert other["id"] == "urn:mangrove:competency:market/count"


@pytest.mark.parametrize(
    ("question", "response", "pattern"),
    [
        ("many", "a[,]c", ["a[,]c"]),
        ("sum", "5", ["5"]),
        ("word", "thanks", ["thank you", "thanks"]),
        ("row", "ask[,]pay[,]go", ["ask[,]pay[,]go"]),
        ("pair", "fish[.]basket[,]milk[.]jug", ["fish[.]basket[,]milk[.]jug"]),
    ],
)
def test_each_kind_is_spelled_as_xapi_spells_it(
    node: Node, market: Market, question: str, response: str, pattern: list[str]
) -> None:
    """And read back to the same answer."""
    taken = _take(node, market("quiz"), question)
    (said,) = _records(node, "answered")
    assert (said["result"]["response"], said["object"]["definition"]["correctResponsesPattern"]) == (response, pattern)
    assert learning.records.given_in(taken.question.kind, response) == RIGHT[question]


def test_pressing_twice_changes_nothing(node: Node, market: Market) -> None:
    """The form carries the id of what it makes."""
    attempt = node.new_id()
    first, second = (_take(node, market("quiz"), "sum", "4", attempt=attempt) for _ in range(2))
    assert (first.is_new, second.is_new) == (True, False)
    assert node.tables.Answer.select().count() == 1


def test_a_first_try_sent_twice_is_one_try(node: Node, market: Market) -> None:
    """The question is open still, with its hint: the same form again does not spend the second try."""
    attempt = node.new_id()
    takes = [_take(node, market("quiz"), "one", answer, attempt=attempt) for answer in ("shoe", "shoe", "mango")]
    assert [taken.is_new for taken in takes] == [True, False, False]
    assert [len(taken.sitting.scores("one")) for taken in takes] == [1, 1, 1]
    assert [said["result"]["response"] for said in _records(node, "answered")] == ["shoe"]
    assert _take(node, market("quiz"), "one", "mango").is_new


def test_an_old_form_with_another_answer_changes_nothing(node: Node, market: Market) -> None:
    """What was answered first stands."""
    attempt = node.new_id()
    _take(node, market("quiz"), "sum", "4", attempt=attempt)
    assert not _take(node, market("quiz"), "sum", "5", attempt=attempt).is_new
    assert node.tables.Answer.get().response == "4"


def test_a_question_with_a_hint_may_be_tried_once_more(node: Node, market: Market) -> None:
    """The second answer says that it is one; a third is not taken."""
    takes = [_take(node, market("quiz"), "one", answer) for answer in ("shoe", "mango", "mango")]
    assert [taken.is_new for taken in takes] == [True, True, False]
    assert [said["result"].get("extensions") for said in _records(node, "answered")] == [None, {TRIES: 2}]


def test_a_question_without_a_hint_is_answered_once(node: Node, market: Market) -> None:
    """After the explanation it would be no answer."""
    _take(node, market("quiz"), "sum", "4")
    assert not _take(node, market("quiz"), "sum", "5").is_new


def test_only_the_first_answer_counts_for_what_somebody_can_do(node: Node, market: Market) -> None:
    """The one after the hint is for learning."""
    for answer in ("shoe", "mango"):
        _take(node, market("quiz"), "one", answer)
    assert node.tables.Competence.get().right_first_ms is None


def test_the_last_answer_closes_the_sitting(node: Node, market: Market) -> None:
    """One statement says how it went; a hint has cost half a question."""
    _take(node, market("quiz"), "one", "shoe")
    for question in RIGHT:
        taken = _take(node, market("quiz"), question)
    assert taken.sitting.is_finished
    (said,) = _records(node, "passed")
    assert said["result"]["score"] == {"scaled": 0.9167, "raw": 5.5, "min": 0, "max": 6}
    assert node.tables.Progress.get().state == 3


def test_a_quiz_below_eight_in_ten_is_finished_and_not_passed(node: Node, market: Market) -> None:
    """It may be taken again."""
    for question in RIGHT:
        answer = RIGHT[question] if question in ("sum", "word", "row", "pair") else ("b",)
        _take(node, market("quiz"), question, *answer)
        _take(node, market("quiz"), question, "shoe")
    assert len(_records(node, "failed")) == 1
    assert (node.tables.Progress.get().state, node.tables.Progress.get().score) == (2, 667)


def test_a_worse_sitting_takes_nothing_away(node: Node, market: Market) -> None:
    """Progress and best score never go back."""
    opened = market("five")
    for answers in (("2", "3", "4", "5", "6"), ("0",) * 5):
        learning.begin_again(node, person=AMINA, opened=opened)
        for number, answer in enumerate(answers, 1):
            _take(node, opened, f"q{number}", answer)
    (row,) = node.tables.Progress.select()
    assert (row.state, row.score) == (3, 1000)


def test_a_sitting_goes_on_where_it_stopped(node: Node, market: Market) -> None:
    """The first open question, after whatever pause."""
    _take(node, market("quiz"), "one")
    _take(node, market("quiz"), "many")
    sitting = learning.open_item(node, person=AMINA, opened=market("quiz"))
    question = sitting.next_question(learning.quiz(node, market("quiz")))
    assert question is not None
    assert question.id == "sum"


@pytest.mark.parametrize(
    ("question", "attempt"),
    [
        ("gone", "11111111-2222-4333-8444-555555555555"),
        ("sum", ""),
        ("sum", "11111111-2222-1333-8444-555555555555"),
        ("sum", "x" * 36),
        ("", "11111111-2222-4333-8444-555555555555"),
    ],
)
def test_a_form_that_is_none_of_ours_is_refused(node: Node, market: Market, question: str, attempt: str) -> None:
    """One sentence, nothing kept."""
    with pytest.raises(InputWrong, match="safe"):
        learning.take_answer(node, person=AMINA, opened=market("quiz"), given=Given(question, ("5",), attempt))
    assert node.tables.Statement.select().count() == 0


@pytest.mark.parametrize("answer", [("x" * 5000,), ("5",) * 200, ("\u202e5",), ("5'; DROP TABLE answer; --",), ("🥭",)])
def test_any_answer_at_all_is_marked_and_kept(node: Node, market: Market, answer: tuple[str, ...]) -> None:
    """Long, many, odd: wrong, and harmless."""
    _take(node, market("quiz"), "sum", *answer)
    assert node.tables.Answer.get().score == 0


@pytest.mark.sqlite(engines.POWER)
def test_a_power_cut_loses_no_answer_that_was_taken(tmp_path: Path, clock: HandClock) -> None:
    """Pulled after every answer: each one that came back is there, and the quiz goes on at the next."""
    disk = PowerCut(name := f"cut-{tmp_path.name}")
    make_home(home := tmp_path / "before")
    node = open_node(home, load(home, {}, {}), clock=clock, vfs=name)
    lay(node, tmp_path / "market")
    opened = learning.find(node, package=PACKAGE, item="quiz")
    for number, question in enumerate(list(RIGHT)[:4], 1):
        _take(node, opened, question)
        with closing(_after_the_cut(disk, home, tmp_path / f"after-{number}")) as left:
            sitting = learning.latest(left, person=AMINA, opened=opened)
            assert sitting is not None
            assert [each.question for each in sitting.answers] == list(RIGHT)[:number]
    node.close()


def _after_the_cut(disk: PowerCut, before: Path, home: Path) -> Node:
    """A hub that starts from what was on the disk."""
    shutil.copytree(before / "keys", home / "keys")
    for path, kept in disk.survivors().items():
        (home / Path(path).name).write_bytes(kept)
    make_home(home)
    return open_node(home, load(home, {}, {}))
