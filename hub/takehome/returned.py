"""Taking back: a code that somebody types becomes learning records, once and only once.

The statements have names made of the copy and the question, so that the same sheet typed twice, by whomever, adds
nothing. They say that it was done at home, and their time is that of typing: when somebody sat down, nobody knows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from content.exercise import Mark, Question, mark
from hub.errors import InputWrong, NotAllowed
from hub.learning import Opened, records, rules, sittings
from hub.learning.records import Act
from hub.learning.sittings import Sitting, derived
from hub.node import Node
from hub.people import attempts, rights
from hub.people.roster import Person
from hub.tables.takehome import CLOSED
from hub.takehome import codes, copies
from hub.takehome.asked import HAD_IT, READ, TICKED, Sheet, Slot
from hub.takehome.copies import Copy
from hub.vocabulary import HOME, person_actor
from hub.xapi import store

OTHERS_MAX = 5_000
"""Copies of other people that are looked through for a kinder refusal; a big hub has fewer out at once."""


@dataclass(frozen=True)
class Found:
    """What a code tells: a sheet (from 0) of a copy, and the choice at each of its slots."""

    copy: Copy
    number: int
    chosen: tuple[int, ...]

    @property
    def sheet(self) -> Sheet:
        """The sheet."""
        return self.copy.pack.asked.sheets[self.number]


@dataclass(frozen=True)
class Answered:
    """One slot as it was answered; the question is "" for a lesson that was read or not."""

    question: str
    given: tuple[str, ...]
    is_right: bool


@dataclass(frozen=True)
class Returned:
    """How a sheet came back; `is_new` is False when it had come before, and nothing was changed."""

    copy: Copy
    number: int
    person: str
    answers: tuple[Answered, ...]
    is_new: bool

    @property
    def right(self) -> int:
        """How many answers were right."""
        return sum(each.is_right for each in self.answers)


def recognise(node: Node, *, actor: Person, typed: str, address: str = "") -> Found:
    """Whose copy and which answers a typed code tells. Nothing is written down but that somebody tried.

    Raises InputWrong for what is no code here, NotAllowed for a copy that `actor` may not type for, TooMany after
    many wrong codes.
    """
    code = codes.tidy(typed)
    attempts.take_code(node, person=actor.id, address=address)
    served = [each.id for each in copies.serves(node, actor) if each.id != actor.id]
    known = [*copies.of_people(node, [actor.id, ""]), *copies.of_people(node, served)]
    found = _search(known, code)
    if found is None:
        raise _unknown(node, actor, code, known)
    attempts.forgive_codes(node, person=actor.id, address=address)
    if found.copy.state == CLOSED:
        raise InputWrong("This copy was closed some time ago. Nothing was written down; take a new one with you.")
    return found


def keep(node: Node, *, found: Found, actor: Person, person: str = "") -> Returned:
    """Write down what a sheet brought, and bind a copy without an owner to `person`. Safe to repeat.

    Raises NotAllowed when `actor` may not type for them, or the copy has become somebody else's meanwhile.
    """

    def work() -> Returned:
        standing = copies.copy(node, found.copy.id)
        whose = standing.person or person or actor.id
        if (person and person != whose) or whose not in {each.id for each in copies.serves(node, actor)}:
            raise _of_another()
        if not standing.person:
            node.change("copy", standing.id, person=whose)
        answers = tuple(_answered(slot, choice) for slot, choice in zip(found.sheet.slots, found.chosen, strict=False))
        is_new = found.number not in standing.back
        if is_new:
            _Writer(node, standing, whose, actor.id).write(found.sheet, answers)
            back = standing.back | {found.number}
            node.change("copy", standing.id, **copies.states_after(back, len(standing.pack.asked.sheets)))
        return Returned(standing, found.number, whose, answers, is_new)

    return node.write(work)


def result(node: Node, *, copy: Copy, number: int) -> tuple[Answered, ...]:
    """How one sheet that came back was answered, as it is written down. () for one that did not come."""
    if number not in copy.back:
        return ()
    sheet, manifest = copy.pack.asked.sheets[number], copy.pack.manifest()
    if not sheet.quiz:
        return ()
    opened = Opened(manifest, next(each for each in manifest.items if each.id == sheet.quiz))
    registration = derived("home", copy.id, sheet.quiz)
    sitting = sittings.of(node, person=copy.person, opened=opened, registration=registration, begun_ms=copy.given_ms)
    scores = {slot.question: sitting.scores(slot.question) for slot in sheet.slots}
    return tuple(Answered(name, (), 1 in found[:1]) for name, found in scores.items())


def _search(among: Iterable[Copy], code: str) -> Found | None:
    """The copy and sheet that a code belongs to."""
    for each in among:
        for number in range(len(each.pack.asked.sheets)):
            chosen = codes.read(each.places(number), code)
            if chosen is not None:
                return Found(each, number, chosen)
    return None


def _unknown(node: Node, actor: Person, code: str, known: list[Copy]) -> InputWrong | NotAllowed:
    """Why a code cannot be taken, as closely as it helps no guess; `known` are the copies that `actor` types for."""
    if not rights.keeps(actor):
        others = copies.of_others(node, [each.id for each in copies.serves(node, actor)])
        if _search(others[:OTHERS_MAX], code):
            return _of_another()
    for each in known:
        for number in range(len(each.pack.asked.sheets)):
            place = codes.doubtful(each.places(number), code)
            if place is not None:
                first = place * codes.PAIR + 1
                return InputWrong(
                    "Nearly: look again at characters %(first)s and %(second)s. Nothing was written down.",
                    first=first,
                    second=first + 1,
                )
    return InputWrong("We know no such code. Nothing was written down; look at the paper and type it once more.")


def _of_another() -> NotAllowed:
    return NotAllowed("This copy was given to somebody else. Nothing was written down; let them type its code.")


def _answered(slot: Slot, choice: int) -> Answered:
    """An answer in the spelling of `Question.answer`."""
    chosen = slot.choices[choice]
    if slot.kind == READ:
        return Answered("", (), chosen == HAD_IT)
    if slot.kind == TICKED:
        return Answered(slot.question, (chosen,), (chosen,) == slot.answer)
    if chosen != HAD_IT:
        return Answered(slot.question, (), is_right=False)
    return Answered(slot.question, slot.answer[:1] if slot.kind in ("number", "text") else slot.answer, is_right=True)


class _Writer:
    """Writes the statements of one sheet of a copy, all in one transaction of the caller's."""

    def __init__(self, node: Node, copy: Copy, person: str, actor: str) -> None:
        self._node, self._copy, self._person, self._actor = node, copy, person, actor
        self._now = node.clock.now_ms()
        self._manifest = copy.pack.manifest()

    def write(self, sheet: Sheet, answers: tuple[Answered, ...]) -> None:
        read = [
            slot.question
            for slot, each in zip(sheet.slots, answers, strict=True)
            if slot.kind == READ and each.is_right
        ]
        for lesson in (*sheet.lessons, *read):
            self._finish(lesson)
        if sheet.quiz:
            self._answer(sheet.quiz, answers)

    def _finish(self, lesson: str) -> None:
        """A lesson that was read."""
        act = self._act(lesson)
        sitting = Sitting(act.registration, self._now, is_finished=False, answers=())
        self._keep(self._begun(act), records.ended(act, sitting, score=None, questions=0, is_passed=False))

    def _answer(self, item: str, answers: tuple[Answered, ...]) -> None:
        """The answers of a sheet; with the last sheet of its quiz the sitting ends."""
        act, paper = self._act(item), self._copy.pack.asked.paper(item)
        before = self._sitting(act)
        asked = ((paper.question(each.question), each) for each in answers)
        fresh = [(question, each) for question, each in asked if question and not before.scores(question.id)]
        self._keep(self._begun(act), *(self._statement(act, question, each) for question, each in fresh))
        after = self._sitting(act)
        if not after.is_finished and after.next_question(paper) is None:
            score = after.score(paper)
            passed = score >= rules.PASS_SCORE
            self._keep(records.ended(act, after, score=score, questions=len(paper.questions), is_passed=passed))

    def _act(self, item: str) -> Act:
        opened = Opened(self._manifest, next(each for each in self._manifest.items if each.id == item))
        return Act(self._person, opened, derived("home", self._copy.id, item), self._now)

    def _sitting(self, act: Act) -> Sitting:
        return sittings.of(
            self._node, person=act.person, opened=act.opened, registration=act.registration, begun_ms=act.at_ms
        )

    def _begun(self, act: Act) -> dict[str, Any]:
        return records.about_item(act, "initialized", statement=derived(act.registration, "begin"))

    def _statement(self, act: Act, question: Question, each: Answered) -> dict[str, Any]:
        marked = mark(question, each.given) if each.given else Mark(score=0.0, is_right=False)
        statement = derived(act.registration, "answer", question.id)
        return records.answered(act, question, each.given, mark=marked, result={}, statement=statement)

    def _keep(self, *statements: dict[str, Any]) -> None:
        """Keep those that are not here yet, each with where it was done and who typed it."""
        fresh = [each for each in statements if not store.is_kept(self._node, each["id"])]
        for each in fresh:
            each["context"]["extensions"] = {HOME: self._copy.carrier}
            each.get("result", {}).pop("duration", None)
            if self._actor != self._person:
                each["context"]["instructor"] = {"objectType": "Agent", **person_actor(self._actor)}
        if fresh:
            store.keep_own(self._node, fresh)
