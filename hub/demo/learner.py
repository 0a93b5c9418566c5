"""One learner of the demo, who goes through the starter library at their own pace and gets things wrong as people do.

What they do is written as the same learning records as anybody's (`hub.learning.records`), with the times of the past.
Everything follows from the actor, the library and one seed.
"""

import random
import uuid
from dataclasses import replace
from typing import Any

from content.exercise import Question, mark
from hub.demo import slips
from hub.demo.cast import Actor
from hub.learning import items, records, rules, sittings
from hub.learning.items import Opened
from hub.learning.records import Act
from hub.learning.sittings import GivenBefore, Sitting
from hub.node import Node

MINUTE_MS = 60_000
FIRST_LOOK_MS = 4_000
"""Between opening a quiz and the first question."""
THINKING_MS = (9_000, 48_000)
READING = (0.6, 1.5)
"""How long reading takes, as a part of the minutes that the item says."""
QUIZ_TRIES = 3
"""After so many sittings a learner leaves a quiz and goes on."""
LEFT_OVER = 1
"""Nobody comes to the end in ninety days: something is always left to go on with."""
REVISIT = 0.45
"""The chance that somebody does again what they have done before, instead of going on."""
GROWTH = 0.14
"""How much surer somebody is at the end of the ninety days."""
PRACTICE = 0.1
"""How much surer in each further sitting with the same quiz."""
STEEPNESS = 0.05
"""How much less sure for each step of difficulty above the second."""
BENT = 0.14
"""How much better or worse one competency may suit a learner."""
HINT = 0.25
"""How much a hint helps."""
SURE = (0.05, 0.97)

Records = list[dict[str, Any]]


class Learner:
    """An actor on the way through the packages they lean to; `act` is one item, opened and done."""

    def __init__(self, node: Node, actor: Actor, person: str, seed: str) -> None:
        self._node, self._actor, self._person = node, actor, person
        self.chance = random.Random(f"{seed} {actor.name}")  # noqa: S311 - a story, not a secret
        self._way = _way(node, actor)
        self._place = 0
        self._sittings: dict[str, Sitting] = {}
        self._sat: dict[str, int] = {}
        self._bents: dict[str, float] = {}

    def act(self, at_ms: int, grown: float) -> tuple[Records, int]:
        """Do the next item; returns its records and when it ended. `grown` goes from 0 to 1 over the ninety days."""
        if not self._way:
            return [], at_ms
        opened = self._revisited() if self.chance.random() < REVISIT else self._next()
        made, sitting = self._open(opened, at_ms)
        if opened.item.kind == "quiz":
            return self._answer_all(opened, sitting, made, grown)
        spent = opened.item.minutes * MINUTE_MS * self.chance.uniform(*READING)
        act = Act(self._person, opened, sitting.registration, at_ms + round(spent))
        made.append(records.ended(act, sitting, score=None, questions=0, is_passed=False))
        self._go_on(opened, is_done=True)
        return made, act.at_ms

    def begin(self, at_ms: int) -> Records:
        """Open the first item never opened before, and leave it there: somebody called."""
        opened = next((each for each in self._way if each.activity not in self._sittings), None)
        return self._open(opened, at_ms)[0] if opened else []

    def _next(self) -> Opened:
        """The next item on the way; near its end, one of before."""
        return self._way[self._place] if self._place < len(self._way) - LEFT_OVER else self._revisited()

    def _revisited(self) -> Opened:
        """Something of before, the latest most likely; at the very beginning, the first item."""
        back = min(self._place, 1 + int(self.chance.expovariate(0.4)))
        return self._way[self._place - back] if self._place else self._way[0]

    def _open(self, opened: Opened, at_ms: int) -> tuple[Records, Sitting]:
        before = self._sittings.get(opened.activity)
        registration = sittings.registration_after(self._node, self._person, opened.activity, before)
        sitting = Sitting(registration, at_ms, is_finished=False, answers=())
        self._sittings[opened.activity] = sitting
        act = Act(self._person, opened, registration, at_ms)
        statement = sittings.derived(registration, "begin")
        return [records.about_item(act, "initialized", statement=statement)], sitting

    def _answer_all(self, opened: Opened, sitting: Sitting, made: Records, grown: float) -> tuple[Records, int]:
        paper = sitting.asked(items.quiz(self._node, opened))
        at_ms = sitting.begun_ms + FIRST_LOOK_MS
        while (question := sitting.next_question(paper)) is not None:
            spent = self.chance.randint(*THINKING_MS)
            at_ms += spent
            act = Act(self._person, opened, sitting.registration, at_ms)
            record, given = self._answer(act, question, sitting, grown, spent)
            made.append(record)
            sitting = replace(sitting, answers=(*sitting.answers, given))
        score = sitting.score(paper)
        is_passed = score >= rules.PASS_SCORE
        ended = Act(self._person, opened, sitting.registration, at_ms)
        made.append(records.ended(ended, sitting, score=score, questions=len(paper.questions), is_passed=is_passed))
        self._go_on(opened, is_done=is_passed)
        return made, at_ms

    def _answer(
        self, act: Act, question: Question, sitting: Sitting, grown: float, spent: int
    ) -> tuple[dict[str, Any], GivenBefore]:
        scores = sitting.scores(question.id)
        sure = self._sureness(act.opened, question, grown) + (HINT if scores else 0)
        is_right = self.chance.random() < min(max(sure, SURE[0]), SURE[1])
        given = slips.right(question) if is_right else slips.wrong(question, self.chance)
        marked = mark(question, given)
        statement = str(uuid.UUID(bytes=self.chance.randbytes(16), version=4))
        beside = records.tries(1 + len(scores), spent)
        record = records.answered(act, question, given, mark=marked, result=beside, statement=statement)
        return record, GivenBefore(statement, question.id, marked.score, "")

    def _sureness(self, opened: Opened, question: Question, grown: float) -> float:
        """The chance of a right first answer."""
        sat = self._sat.get(opened.activity, 0)
        bents = [self._bent(each) for each in question.competencies]
        bent = sum(bents) / max(1, len(bents))
        return self._actor.skill + GROWTH * grown + PRACTICE * sat + bent - STEEPNESS * (question.difficulty - 2)

    def _bent(self, competency: str) -> float:
        return self._bents.setdefault(competency, self.chance.uniform(-BENT, BENT))

    def _go_on(self, opened: Opened, *, is_done: bool) -> None:
        """Step to the next item when this one is done, or has been tried often enough."""
        self._sat[opened.activity] = sat = self._sat.get(opened.activity, 0) + 1
        is_here = self._place < len(self._way) and self._way[self._place].activity == opened.activity
        if is_here and (is_done or sat >= QUIZ_TRIES):
            self._place += 1


def _way(node: Node, actor: Actor) -> list[Opened]:
    """Every item of the packages that an actor leans to, in their language where there is one, in order."""
    way = []
    for work in actor.leans:
        found = (node.shelf.standing(f"{work}.{language}") for language in (actor.language, "en"))
        manifest = next((each for each in found if each is not None), None)
        way += [Opened(manifest, item) for item in manifest.items] if manifest else []
    return way
