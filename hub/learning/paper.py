"""Work on paper in a class: the marks that a facilitator types in rows, a learner each, become learning records.

A row has one sign for each question of a quiz: 1 for right, 0 for not. All rows of a form are written down, or none.
The statements have names made of the form and the learner, so that the same form sent twice adds nothing; who typed
is the instructor, and the time is that of typing. No sitting is opened by it: whoever is in the middle of the same
quiz at the hub goes on there.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from content.exercise import Mark, Question, Quiz
from content.package import Item, Manifest
from hub import reading
from hub.errors import InputWrong
from hub.learning import records, rules
from hub.learning.acts import ATTEMPT
from hub.learning.items import Opened, on_paper
from hub.learning.records import Act
from hub.learning.sittings import GivenBefore, Sitting, derived
from hub.node import Node
from hub.people import circles
from hub.people.roster import Person
from hub.tables import run
from hub.tables.compact import unpacked
from hub.tables.lookup import among_ids
from hub.vocabulary import MARKED, person_actor
from hub.xapi import store

SIGNS = {0: False, 1: True}
BETWEEN = frozenset(" -–.,/|")
"""What may stand between the signs of a row, for the eye."""
TYPED_MAX = 200
"""Letters in one row; more is no row of marks."""
QUESTIONS_MAX = 60
"""Questions of a quiz whose marks fit a row; a longer one is answered at the hub, or in parts on paper."""
MARKS_MAX = 3_000
"""Marks in one form: fifty learners and sixty questions, a few seconds of a small computer's work."""
QUIZZES_MAX = 30
"""Quizzes to choose from on one page; a word finds the others."""


@dataclass(frozen=True)
class Row:
    """What was typed for one learner: `marks` by question, () where nothing was; `mistake` where it cannot be read."""

    person: Person
    typed: str = ""
    marks: tuple[bool, ...] = ()
    mistake: InputWrong | None = None

    @property
    def right(self) -> int:
        """How many answers were right."""
        return sum(self.marks)


@dataclass(frozen=True)
class Kept:
    """What came of a form: `fresh` rows were written down now. Where learners stand from the same form with other
    marks nothing was, and `again` are the rows to look at: those with their mistake, and those that are new."""

    fresh: int = 0
    again: tuple[Row, ...] = ()


def quizzes(node: Node, *, circle: str, word: str = "", languages: Sequence[str] = ()) -> list[Opened]:
    """The quizzes on the shelf whose title, or whose package's, holds `word`: of what the circle has met before, then
    in the nearest of `languages`. At most QUIZZES_MAX."""
    met, wanted, sought = _met(node, circle), (*languages, node.settings.language), word.casefold().strip()

    def nearest(manifest: Manifest) -> tuple[bool, int, str, str]:
        far = reading.distance(manifest.language, wanted)
        return manifest.id not in met, far, manifest.title.casefold(), manifest.id

    found = (
        Opened(manifest, item)
        for manifest in sorted(node.shelf.list(), key=nearest)
        for item in manifest.items
        if item.kind == "quiz" and _is_sought(manifest, item, sought)
    )
    return [opened for opened, _ in zip(found, range(QUIZZES_MAX), strict=False)]


def sheet(node: Node, opened: Opened) -> Quiz:
    """The quiz whose marks are typed. Raises InputWrong for what is none, or is too long; ContentError."""
    if opened.item.kind != "quiz":
        raise InputWrong("Only a quiz has marks. Nothing was changed; choose one from the list.")
    found = on_paper(node, opened)
    if len(found.questions) > QUESTIONS_MAX:
        raise InputWrong(
            "This quiz has more than %(most)s questions, too many for one row. Nothing was changed; choose another.",
            most=QUESTIONS_MAX,
        )
    return found


def read(node: Node, *, circle: str, typed: Mapping[str, str], questions: int) -> list[Row]:
    """The rows of a form, by the learners of the circle; `typed` is by their ids. Nothing is written."""
    people = sorted(circles.members(node, circle, "learner"), key=lambda each: (each.name.casefold(), each.id))
    return [_row(person, typed.get(person.id, ""), questions) for person in people]


def keep(node: Node, *, actor: str, opened: Opened, form: str, rows: Sequence[Row]) -> Kept:
    """Write down all rows in one piece; those that came before with the same marks stand once.

    `form` is the UUID that the form was made with. Raises InputWrong, and keeps nothing, when a row cannot be read,
    when no row has marks, or when they are too many.
    """
    paper, filled = sheet(node, opened), [row for row in rows if row.marks]
    if not ATTEMPT.fullmatch(form):
        raise InputWrong("This form is none of ours. Nothing was written down; open it again.")
    if any(row.mistake for row in rows):
        raise InputWrong("Nothing is written down yet: look again at the rows that are marked below.")
    if not filled:
        raise InputWrong("No row has marks yet. Nothing was written down; type 1 and 0 for at least one learner.")
    if len(filled) * len(paper.questions) > MARKS_MAX:
        raise InputWrong("So many marks are too much at once. Nothing was written down; send some rows, then the rest.")

    def work() -> Kept:
        sent = [(row, _statements(node, opened, paper, row, (form, actor))) for row in filled]
        fresh = [(row, made) for row, made in sent if not all(store.is_kept(node, each["id"]) for each in made)]
        if any(_stands_otherwise(node, made) for _, made in sent):
            return Kept(again=tuple(_again(node, row, made) for row, made in sent))
        if fresh:
            store.keep_own(node, [each for _, made in fresh for each in made])
        return Kept(len(fresh))

    return node.write(work)


def _again(node: Node, row: Row, made: Sequence[dict[str, Any]]) -> Row:
    """A row to look at again: empty where it stands as it was typed, so that it does not count twice."""
    if _stands_otherwise(node, made):
        came = InputWrong("Other marks of %(name)s came before. Look again at these.", name=row.person.name)
        return replace(row, mistake=came)
    return Row(row.person) if store.is_kept(node, made[0]["id"]) else row


def _stands_otherwise(node: Node, made: Sequence[dict[str, Any]]) -> bool:
    """Whether an answer of these statements was kept before with another mark."""
    asked = "SELECT id, score FROM statement_row WHERE tries > 0 AND id IN ({})"
    scores = {unpacked(row[0]): row[1] for row in among_ids(node.tables, asked, [each["id"] for each in made])}
    kept = ((scores.get(each["id"]), each["result"].get("success")) for each in made)
    return any(score is not None and bool(score) is not is_right for score, is_right in kept)


def _row(person: Person, typed: str, questions: int) -> Row:
    typed = typed.strip()
    if not typed:
        return Row(person)
    try:
        return Row(person, typed[:TYPED_MAX], _marks(typed, questions))
    except InputWrong as mistake:
        return Row(person, typed[:TYPED_MAX], mistake=mistake)


def _marks(typed: str, questions: int) -> tuple[bool, ...]:
    """The marks of a row, in any script's digits."""
    signs = [unicodedata.digit(letter, -1) for letter in typed[:TYPED_MAX] if letter not in BETWEEN]
    if not set(signs) <= set(SIGNS):
        raise InputWrong("Only 1 (right) and 0 (not right) are read here.")
    if len(signs) != questions:
        raise InputWrong(
            "One sign for each question, please: %(wanted)s, not %(count)s.", wanted=questions, count=len(signs)
        )
    return tuple(SIGNS[sign] for sign in signs)


def _statements(node: Node, opened: Opened, paper: Quiz, row: Row, by: tuple[str, str]) -> list[dict[str, Any]]:
    """An answer to each question, and how the quiz went."""
    form, actor = by
    act = Act(row.person.id, opened, derived("marks", form, row.person.id, opened.activity), node.clock.now_ms())
    pairs = list(zip(paper.questions, row.marks, strict=True))
    made = [_answered(act, question, is_right=is_right) for question, is_right in pairs]
    given = tuple(GivenBefore("", question.id, float(is_right), "") for question, is_right in pairs)
    sitting = Sitting(act.registration, act.at_ms, is_finished=False, answers=given)
    score = sitting.score(paper)
    passed = score >= rules.PASS_SCORE
    made.append(records.ended(act, sitting, score=score, questions=len(pairs), is_passed=passed))
    for each in made:
        each["context"]["extensions"] = {MARKED: "paper"}
        each["result"].pop("duration", None)
        if actor != row.person.id:
            each["context"]["instructor"] = {"objectType": "Agent", **person_actor(actor)}
    return made


def _answered(act: Act, question: Question, *, is_right: bool) -> dict[str, Any]:
    """What was written on the paper is known only where it was right; of several right spellings nobody knows which."""
    is_known = is_right and question.kind not in ("number", "text")
    return records.answered(
        act,
        question,
        question.answer if is_known else (),
        mark=Mark(score=float(is_right), is_right=is_right),
        result={},
        statement=derived(act.registration, "answer", question.id),
    )


def _met(node: Node, circle: str) -> set[str]:
    """The packages in which learners of the circle did something."""
    asked = (
        "SELECT DISTINCT package FROM progress WHERE state > 0 AND person IN"
        " (SELECT person FROM membership WHERE circle = ? AND part = 'learner' AND is_member = 1)"
    )
    return {row[0] for row in run(node.tables, asked, circle)}


def _is_sought(manifest: Manifest, item: Item, sought: str) -> bool:
    return sought in f"{item.title} {manifest.title}".casefold()
