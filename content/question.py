"""What a quiz is made of: plain, frozen data. Reading it is in `quiz_file`, marking in `exercise`."""

from dataclasses import dataclass

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
    `tolerance` is the distance from a right number that is still right. `difficulty` goes from 1 to 5.
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


@dataclass(frozen=True)
class Quiz:
    """A title and at least one question."""

    title: str
    questions: tuple[Question, ...]

    def question(self, question_id: str) -> Question | None:
        """The question of that id, or None."""
        return next((each for each in self.questions if each.id == question_id), None)
