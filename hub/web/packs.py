"""What a pack shows, on paper and in a file alike: its lessons, its questions, and the pairs of its codes."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from content.exercise import Option, Question
from content.numerals import readings
from content.package import Item, Manifest
from content.search import plain_words
from hub import learning
from hub.learning import Opened
from hub.node import Node
from hub.takehome.asked import TICKED, Sheet, items_of
from hub.takehome.copies import Copy, Pack

LETTERS = "ABCDEFGHIJKLMNOPQRST"
"""What stands before the partners of a question that matches; none has more than twenty."""

Render = Callable[[Item], str]
"""From a lesson to its HTML."""
Say = Callable[[str], str]
"""Gives a text of the package back."""


@dataclass(frozen=True)
class Row:
    """One thing to answer; `question` is None for a lesson that is read. `pairs` are those of its choices in order."""

    number: int
    name: str
    title: str
    question: Question | None
    pairs: tuple[str, ...]

    @property
    def is_ticked(self) -> bool:
        """Whether its options are ticked; otherwise the learner says how it went."""
        return self.question is not None and self.question.kind == TICKED


@dataclass(frozen=True)
class Page:
    """One sheet of a copy: `boxes` are its five places, with the pair where it stands there already, else ""."""

    number: int
    rows: tuple[Row, ...]
    boxes: tuple[str, ...]

    @property
    def below(self) -> list[Row]:
        """The rows whose answer stands under the fold."""
        return [row for row in self.rows if row.question is not None and not row.is_ticked]


@dataclass(frozen=True)
class Part:
    """Lessons, and the quiz that follows them; `quiz` is None where only reading is asked for."""

    lessons: tuple[tuple[Item, str], ...]
    quiz: Item | None
    pages: tuple[int, ...]


@dataclass(frozen=True)
class Bound:
    """A pack as it is shown: the parts are the same in every copy, the pages are not."""

    manifest: Manifest
    parts: tuple[Part, ...]
    questions: Mapping[tuple[str, str], Question]
    titles: Mapping[str, str]

    def pages(self, copy: Copy) -> list[Page]:
        """The sheets of one copy."""
        return [self._page(copy, number, sheet) for number, sheet in enumerate(copy.pack.asked.sheets)]

    def _page(self, copy: Copy, number: int, sheet: Sheet) -> Page:
        places = list(copy.places(number))
        rows = tuple(
            Row(at + 1, slot.question, self.titles.get(slot.question, ""), self._question(sheet, slot.question), pairs)
            for at, (slot, pairs) in enumerate(zip(sheet.slots, places, strict=False))
        )
        ends = [pairs[0] for pairs in places[len(rows) :]]
        return Page(number, rows, tuple([""] * len(rows) + ends))

    def _question(self, sheet: Sheet, name: str) -> Question | None:
        return self.questions.get((sheet.quiz, name))


def bind(node: Node, manifest: Manifest, pack: Pack, render: Render) -> Bound:
    """The pack of this manifest, with its lessons as `render` makes them."""
    items = items_of(manifest, pack.item)
    quizzes = [each for each in items if each.kind == "quiz"]
    read = {each.id: learning.on_paper(node, Opened(manifest, each)) for each in quizzes}
    questions = {(name, question.id): question for name, quiz in read.items() for question in quiz.questions}
    titles = {each.id: each.title for each in items}
    return Bound(manifest, tuple(_parts(items, pack.asked.sheets, render)), questions, titles)


def _parts(items: Sequence[Item], sheets: Sequence[Sheet], render: Render) -> list[Part]:
    parts, lessons = [], []
    for item in items:
        if item.kind == "lesson":
            lessons.append((item, render(item)))
            continue
        numbers = tuple(number for number, sheet in enumerate(sheets) if sheet.quiz == item.id)
        parts.append(Part(tuple(lessons), item, numbers))
        lessons = []
    if lessons:
        parts.append(Part(tuple(lessons), None, tuple(at for at, sheet in enumerate(sheets) if not sheet.quiz)))
    return parts


def answer_of(question: Question) -> list[tuple[Option, Option | None]]:
    """The right answer as people read it: options, or pairs of them; of several accepted spellings the first."""
    sides = {option.id: option for option in (*question.options, *question.left, *question.right)}
    if question.kind in ("number", "text"):
        return [(Option("", question.answer[0]), None)]
    if question.kind == "match":
        return [(sides[left], sides[right]) for left, right in (_halves(each) for each in question.answer)]
    return [(sides[each], None) for each in question.answer]


def _halves(pair: str) -> tuple[str, str]:
    left, _, right = pair.partition("=")
    return left.strip(), right.strip()


def told(pages: Sequence[Page], say: Say = lambda text: text) -> str:
    """What the script of a file needs to mark by itself and to make the codes, as JSON; `say` hears what it shows."""
    return json.dumps(
        [{"boxes": page.boxes, "rows": [_told(row, say) for row in page.rows]} for page in pages],
        ensure_ascii=False,
        separators=(",", ":"),
    ).replace("<", "\\u003c")


def _told(row: Row, say: Say) -> dict[str, Any]:
    question = row.question
    if question is None:
        return {"id": row.name, "kind": "read", "pairs": row.pairs}
    made: dict[str, Any] = {
        "id": question.id,
        "kind": question.kind,
        "answer": question.answer,
        "pairs": row.pairs,
        "options": [option.id for option in question.options],
        "hint": say(question.hint),
        "explanation": say(question.explanation),
    }
    if question.kind == "number":
        made["answer"] = [_ratio(value) for text in question.answer for value in sorted(readings(text))]
        made["tolerance"] = _ratio(Fraction(str(question.tolerance)))
    if question.kind == "text":
        made["answer"] = [plain_words(text) for text in question.answer]
    return made


def _ratio(value: Fraction) -> list[str]:
    return [str(value.numerator), str(value.denominator)]
