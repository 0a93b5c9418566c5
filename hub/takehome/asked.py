"""What a pack asks: its lessons and quizzes in order, and the sheets of at most five questions, one code each.

What is needed to mark an answer is kept with the pack, so that a code counts also when the package has changed since,
or has left the shelf. Questions that cannot be ticked from a list are marked by the learner: had it, or not yet.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile, takewhile

from content.exercise import Option, Question, Quiz
from content.package import Item, Manifest
from hub.errors import InputWrong, NotFound
from hub.learning import Opened, on_paper
from hub.node import Node
from hub.takehome import codes

TICKED = "choice"
"""The kind of question whose options are ticked."""
READ = "read"
"""The kind of what is asked about a lesson that no quiz follows: whether it was read."""
HAD_IT, NOT_YET = "had", "not"
SHEETS_MAX = 24
"""Sheets of one pack: more codes than anybody types."""
SHEET_CODES_MAX = 1024
"""Right codes of one sheet: five questions with four options each. More would make guessing easier."""
ASKED_BYTES_MAX = 48 * 1024
"""What a pack asks lies in one entry of the journal, which takes 64 KiB."""
CARRIED = ("lesson", "quiz")
"""Kinds of items that can be taken home; films, pictures, books and activities stay at the hub."""


@dataclass(frozen=True)
class Slot:
    """One thing to answer: a question, or a lesson (`kind` is READ, and `question` the lesson's id)."""

    question: str
    kind: str
    options: tuple[str, ...]
    answer: tuple[str, ...]
    competencies: tuple[str, ...]

    @property
    def choices(self) -> tuple[str, ...]:
        """What can be ticked, in the order of the pairs."""
        return self.options if self.kind == TICKED else (HAD_IT, NOT_YET)


@dataclass(frozen=True)
class Sheet:
    """Up to five slots with one code; `lessons` are those before the quiz, which count with its first sheet."""

    quiz: str
    lessons: tuple[str, ...]
    slots: tuple[Slot, ...]

    @property
    def counts(self) -> tuple[int, ...]:
        """How many choices each slot has."""
        return tuple(len(slot.choices) for slot in self.slots)


@dataclass(frozen=True)
class Asked:
    """The items of a pack as (id, kind, title), and its sheets."""

    items: tuple[tuple[str, str, str], ...]
    sheets: tuple[Sheet, ...]

    @property
    def codes(self) -> int:
        """How many right codes one copy has."""
        return sum(codes.number_of(sheet.counts) for sheet in self.sheets)

    def paper(self, item: str) -> Quiz:
        """What is known of a quiz: enough to mark and to score it."""
        slots = [slot for sheet in self.sheets if sheet.quiz == item for slot in sheet.slots]
        return Quiz(title="", questions=tuple(_question(slot) for slot in slots))


def items_of(manifest: Manifest, item: str) -> tuple[Item, ...]:
    """What goes home with an item: a lesson with the quizzes right after it, a quiz alone; "" is the whole package.

    Raises NotFound when nothing of it can be carried.
    """
    carried = [each for each in manifest.items if each.kind in CARRIED]
    if item:
        carried = list(_with_its_quizzes(manifest.items, item))
    if not carried:
        raise NotFound("This cannot be taken home: films, books and activities stay at the hub. Nothing was changed.")
    return tuple(carried)


def _with_its_quizzes(items: Sequence[Item], wanted: str) -> Iterator[Item]:
    """The item wanted; when it is a lesson, also the quizzes right behind it."""
    behind = dropwhile(lambda each: each.id != wanted, items)
    first = next(behind, None)
    if first is not None and first.kind in CARRIED:
        yield first
    if first is not None and first.kind == "lesson":
        yield from takewhile(lambda each: each.kind == "quiz", behind)


def ask(node: Node, manifest: Manifest, item: str) -> Asked:
    """What a pack of an item, or of the whole package, asks. Raises NotFound, InputWrong or ContentError."""
    items = items_of(manifest, item)
    sheets: list[Sheet] = []
    unasked: list[Item] = []
    for each in items:
        if each.kind == "lesson":
            unasked.append(each)
            continue
        slots = [_slot(question) for question in on_paper(node, Opened(manifest, each)).questions]
        lessons = tuple(lesson.id for lesson in unasked)
        sheets += [Sheet(each.id, () if number else lessons, few) for number, few in enumerate(_dealt(slots))]
        unasked = []
    slots = [Slot(lesson.id, READ, (), (), lesson.competencies) for lesson in unasked]
    sheets += [Sheet("", (), few) for few in _dealt(slots)]
    asked = Asked(tuple((each.id, each.kind, each.title) for each in items), tuple(sheets))
    if len(sheets) > SHEETS_MAX or len(dump(asked).encode()) > ASKED_BYTES_MAX:
        raise InputWrong(
            "That would be %(sheets)s sheets, and one pack has at most %(most)s. Nothing was made;"
            " take single lessons.",
            sheets=len(sheets),
            most=SHEETS_MAX,
        )
    return asked


def dump(asked: Asked) -> str:
    """What a pack asks, as text for its record."""
    sheets = [
        [
            sheet.quiz,
            sheet.lessons,
            [[slot.question, slot.kind, slot.options, slot.answer, slot.competencies] for slot in sheet.slots],
        ]
        for sheet in asked.sheets
    ]
    return json.dumps([asked.items, sheets], ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=256)
def load(text: str) -> Asked:
    """What `dump` wrote."""
    items, sheets = json.loads(text)
    return Asked(
        tuple((str(name), str(kind), str(title)) for name, kind, title in items),
        tuple(
            Sheet(name, tuple(lessons), tuple(_read_slot(slot) for slot in slots)) for name, lessons, slots in sheets
        ),
    )


def _slot(question: Question) -> Slot:
    options = tuple(option.id for option in question.options) if question.kind == TICKED else ()
    return Slot(question.id, question.kind, options, question.answer, question.competencies)


def _read_slot(parts: list[list[str]]) -> Slot:
    question, kind, options, answer, competencies = parts
    return Slot(str(question), str(kind), tuple(options), tuple(answer), tuple(competencies))


def _question(slot: Slot) -> Question:
    options = tuple(Option(option, "") for option in slot.options)
    return Question(slot.question, slot.kind, "", slot.answer, options=options, competencies=slot.competencies)


def _dealt(slots: list[Slot]) -> list[tuple[Slot, ...]]:
    """The slots in sheets: at most five in one, and not too many right codes."""
    sheets: list[list[Slot]] = []
    for slot in slots:
        counts = [len(each.choices) for each in sheets[-1]] if sheets else []
        is_full = len(counts) == codes.PLACES or codes.number_of([*counts, len(slot.choices)]) > SHEET_CODES_MAX
        if not sheets or is_full:
            sheets.append([])
        sheets[-1].append(slot)
    return [tuple(sheet) for sheet in sheets]
