"""What a quiz is made of: plain, frozen data. Reading it is in `quiz_file`, marking in `exercise`."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace

KINDS = ("choice", "several", "number", "text", "order", "match")


@dataclass(frozen=True)
class Option:
    """Something to choose, to put in order or to match: always a text, which also describes the picture."""

    id: str
    text: str
    picture: str = ""


@dataclass(frozen=True)
class Question:
    """One question. `answer` is spelled as in the quiz file and depends on `kind`:

    choice: one option id. several: the right option ids. number: accepted numbers. text: accepted spellings.
    order: all option ids in the right order. match: "left=right" pairs of ids, one for each left.
    `tolerance` is the distance from a right number that is still right. `difficulty` goes from 1 to 5. `pool` names the
    heap that it is drawn from; "" for a question that is always asked.
    """

    id: str
    kind: str
    prompt: str
    answer: tuple[str, ...]
    picture: str = ""
    audio: str = ""
    options: tuple[Option, ...] = ()
    left: tuple[Option, ...] = ()
    right: tuple[Option, ...] = ()
    tolerance: float = 0.0
    difficulty: int = 3
    competencies: tuple[str, ...] = ()
    hint: str = ""
    explanation: str = ""
    pool: str = ""


@dataclass(frozen=True)
class Draw:
    """At each sitting `count` questions of a pool are asked: 1 or more, and at most as many as are in it."""

    pool: str
    count: int


@dataclass(frozen=True)
class Quiz:
    """A title and at least one question; each pool has one draw."""

    title: str
    questions: tuple[Question, ...]
    draws: tuple[Draw, ...] = ()

    def question(self, question_id: str) -> Question | None:
        """The question of that id, or None."""
        return next((each for each in self.questions if each.id == question_id), None)

    def drawn(self, seed: str, *, answered: Collection[str] = ()) -> "Quiz":
        """The quiz as it is asked in the one sitting that `seed` names: always the same for the same seed.

        Questions stay in their order. The ids of those that were `answered` in the sitting are drawn first, so that a
        pool which grew meanwhile takes nothing away from it.
        """
        if not self.draws:
            return self
        chosen: set[str] = set()
        for draw in self.draws:
            names = [each.id for each in self.questions if each.pool == draw.pool]
            names.sort(key=lambda name: (name not in answered, hashlib.sha256(f"{seed}\x1f{name}".encode()).digest()))
            chosen.update(names[: draw.count])
        asked = tuple(each for each in self.questions if not each.pool or each.id in chosen)
        return replace(self, questions=asked, draws=())
