"""What a learner does: open an item, answer a question, finish, begin again.

Each act is one transaction, and harmless when repeated: a form carries the id of the statement it will make.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from content.exercise import Mark, Question, Quiz, mark
from hub.errors import InputWrong
from hub.learning import cmi5, records, rules, sittings
from hub.learning.items import Opened, quiz
from hub.learning.records import Act
from hub.learning.sittings import PLACE_MAX, GivenBefore, Sitting, derived, latest
from hub.node import Node
from hub.vocabulary import POSITION
from hub.xapi import store

ATTEMPT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
CLOSED_BY_ITSELF = ("quiz", "scorm")
"""Kinds of items whose end nobody says by a button."""
THINKING_MS_MAX = 3_600_000
"""A question that was open for longer than an hour was not thought about all the time."""


@dataclass(frozen=True)
class Given:
    """An answer as a form brings it: which question, the answer in the spelling of `Question.answer`, the id of the
    statement to be made (a UUID, version 4), and when the question was shown (ms since 1970; 0 when not known)."""

    question: str
    answer: tuple[str, ...]
    attempt: str
    shown_ms: int = 0


@dataclass(frozen=True)
class Taken:
    """How an answer went. `is_new` is False when nothing was changed, because it or its question was done before."""

    sitting: Sitting
    question: Question
    is_new: bool


def open_item(node: Node, *, person: str, opened: Opened) -> Sitting:
    """The sitting a person goes on with: the open one, the last one of a finished quiz, else a new one; with a part of
    a cmi5 course always the same."""
    if opened.item.kind == cmi5.KIND:
        return cmi5.sitting(node, person=person, opened=opened)
    found = latest(node, person=person, opened=opened)
    if found is not None and (not found.is_finished or opened.item.kind == "quiz"):
        return found
    return _begin(node, person, opened)


def begin_again(node: Node, *, person: str, opened: Opened) -> Sitting:
    """A new sitting, unless one is open still. Safe to repeat."""
    if opened.item.kind == cmi5.KIND:
        return cmi5.sitting(node, person=person, opened=opened)
    found = latest(node, person=person, opened=opened)
    return found if found is not None and not found.is_finished else _begin(node, person, opened)


def take_answer(node: Node, *, person: str, opened: Opened, given: Given) -> Taken:
    """Mark an answer and keep it, closing the sitting with its last one. Safe to repeat.

    Raises InputWrong when the form is none of ours, NotFound or ContentError when the quiz is not there.
    """
    whole = quiz(node, opened)

    def keep() -> Taken:
        sitting = open_item(node, person=person, opened=opened)
        paper = sitting.asked(whole)
        question = paper.question(given.question)
        if question is None or not ATTEMPT.fullmatch(given.attempt):
            raise InputWrong(
                "This question is not part of the quiz any more. What you answered is safe; open it again."
            )
        is_done = sitting.is_finished or rules.is_closed(question, sitting.scores(question.id))
        if is_done or store.is_kept(node, given.attempt):
            return Taken(sitting, question, is_new=False)
        act = Act(person, opened, sitting.registration, node.clock.now_ms())
        marked = mark(question, given.answer)
        said = records.response(question.kind, given.answer)
        after = sitting.with_answer(GivenBefore(given.attempt, question.id, marked.score, said))
        is_last = after.next_question(paper) is None
        closing = [_closing(act, after, paper)] if is_last else []
        store.keep_own(node, [_answered(act, sitting, question, given, marked), *closing])
        return Taken(replace(after, is_finished=is_last), question, is_new=True)

    return node.write(keep)


def try_out(node: Node, *, opened: Opened, question: str, answer: tuple[str, ...]) -> Mark:
    """How an answer of a guest would be marked; nothing is kept. Raises InputWrong."""
    found = quiz(node, opened).question(question)
    if found is None:
        raise InputWrong("This question is not part of the quiz any more. Open it again.")
    return mark(found, answer)


def finish(node: Node, *, person: str, opened: Opened) -> Sitting:
    """Finish what is read, heard or seen. Safe to repeat; a quiz ends with its last answer, and content that reports
    by itself when it says so."""
    if opened.item.kind == cmi5.KIND:
        return cmi5.sitting(node, person=person, opened=opened)

    def keep() -> Sitting:
        sitting = latest(node, person=person, opened=opened) or _begin(node, person, opened)
        if opened.item.kind not in CLOSED_BY_ITSELF and not sitting.is_finished:
            act = Act(person, opened, sitting.registration, node.clock.now_ms())
            store.keep_own(node, [records.ended(act, sitting, score=None, questions=0, is_passed=False)])
        return _known(node, person, opened)

    return node.write(keep)


def note_place(node: Node, *, person: str, opened: Opened, place: int) -> None:
    """Remember where in a film, a sound or a book a person is: a second, or a chapter. Safe to repeat.

    A film that is left after its end says where it was left too; that opens no new sitting.
    """
    if not 0 <= place <= PLACE_MAX:
        raise InputWrong("There is no such place in it. Nothing was changed.")

    def keep() -> None:
        sitting = latest(node, person=person, opened=opened)
        if sitting is not None and not sitting.is_finished:
            statement = derived(sitting.registration, "place", str(place))
            act = Act(person, opened, sitting.registration, node.clock.now_ms())
            result = {"extensions": {POSITION: place}}
            _once(node, statement, lambda: records.about_item(act, "progressed", statement=statement, result=result))

    node.write(keep)


def _begin(node: Node, person: str, opened: Opened) -> Sitting:
    def keep() -> Sitting:
        before = latest(node, person=person, opened=opened)
        if before is not None and not before.is_finished:
            return before
        registration = sittings.registration_after(node, person, opened.activity, before)
        statement = derived(registration, "begin")
        act = Act(person, opened, registration, node.clock.now_ms())
        _once(node, statement, lambda: records.about_item(act, "initialized", statement=statement))
        return _known(node, person, opened)

    return node.write(keep)


def _once(node: Node, statement: str, make: Callable[[], dict[str, Any]]) -> None:
    """Keep a statement unless one of its id is here."""
    if not store.is_kept(node, statement):
        store.keep_own(node, [make()])


def _answered(act: Act, sitting: Sitting, question: Question, given: Given, marked: Mark) -> dict[str, Any]:
    spent = act.at_ms - given.shown_ms if given.shown_ms else 0
    number = 1 + len(sitting.scores(question.id))
    beside = records.tries(number, spent if 0 < spent <= THINKING_MS_MAX else 0)
    return records.answered(act, question, given.answer, mark=marked, result=beside, statement=given.attempt)


def _closing(act: Act, sitting: Sitting, paper: Quiz) -> dict[str, Any]:
    """The statement that closes a quiz whose questions are all closed."""
    score, count = sitting.score(paper), len(paper.questions)
    return records.ended(act, sitting, score=score, questions=count, is_passed=score >= rules.PASS_SCORE)


def _known(node: Node, person: str, opened: Opened) -> Sitting:
    found = latest(node, person=person, opened=opened)
    assert found is not None
    return found
