"""What a draft is made of: plain, frozen data, and how it stands in a row."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

LESSON_KINDS = ("text", "picture", "heading", "sound", "link")
QUESTION_KINDS = ("choose", "number", "words")
DRAW = "draw"
"""A part that stands for a few questions of a bank, other ones at each sitting."""
KINDS = (*LESSON_KINDS, *QUESTION_KINDS, DRAW)
QUIZ_KINDS = frozenset((*QUESTION_KINDS, DRAW))
MARK_CHARS = 16
COURSE = "course"


@dataclass(frozen=True)
class Choice:
    """Something to choose in a question; its id stays the same however it is changed."""

    id: str
    text: str
    picture: str = ""
    is_right: bool = False


@dataclass(frozen=True)
class Part:
    """One part of a lesson, or one question; `kind` is one of KINDS and `id` stays the same for good.

    `text` is what is read: the words, the heading, what there is to see or hear, what is asked. `file` names a picture
    or a sound (`hub.writing.media`). `target` of a link is a package of the shelf, or a package and an item parted by
    "/"; of a draw it is a bank, `count` says how many of its questions are asked, and `pool` are those there were when
    it was published. `answers` are accepted numbers or spellings, `tolerance` the distance from a number that is still
    right.
    """

    id: str
    kind: str
    text: str = ""
    file: str = ""
    target: str = ""
    choices: tuple[Choice, ...] = ()
    answers: tuple[str, ...] = ()
    tolerance: float = 0.0
    hint: str = ""
    explanation: str = ""
    count: int = 0
    pool: tuple["Part", ...] = ()

    @property
    def is_question(self) -> bool:
        """Whether it belongs to the quiz."""
        return self.kind in QUIZ_KINDS

    @property
    def files(self) -> tuple[str, ...]:
        """The pictures and sounds it shows."""
        own = (self.file, *(each.picture for each in self.choices))
        return tuple(name for name in (*own, *(name for each in self.pool for name in each.files)) if name)


@dataclass(frozen=True)
class About:
    """What a draft says of itself; `able` is one sentence of what one can do afterwards, `quiz` what the questions are
    called, and each of them may be "". `shape` is COURSE where headings begin sections and links are their steps."""

    title: str
    language: str
    author: str = ""
    summary: str = ""
    level: str = ""
    licence: str = ""
    able: str = ""
    quiz: str = ""
    shape: str = ""

    @property
    def is_course(self) -> bool:
        """Whether it leads through other works."""
        return self.shape == COURSE


@dataclass(frozen=True)
class Removed:
    """A part that was taken out, and how many parts of its group stood before it."""

    part: Part
    place: int


@dataclass(frozen=True)
class Body:
    """All of a draft; `removed` are the parts taken out last, the newest last."""

    about: About
    parts: tuple[Part, ...] = ()
    removed: tuple[Removed, ...] = ()

    @property
    def lesson(self) -> tuple[Part, ...]:
        """The parts of the lesson, in order."""
        return tuple(each for each in self.parts if not each.is_question)

    @property
    def questions(self) -> tuple[Part, ...]:
        """The questions, in order."""
        return tuple(each for each in self.parts if each.is_question)

    @property
    def files(self) -> set[str]:
        """Every picture and sound it may still show."""
        held = (*self.parts, *(each.part for each in self.removed))
        return {name for part in held for name in part.files}

    def part(self, part_id: str) -> Part | None:
        """The part of that id, or None."""
        return next((each for each in self.parts if each.id == part_id), None)

    def taken_out(self, part_id: str) -> Part | None:
        """The part of that id among those that were taken out last, or None."""
        return next((each.part for each in self.removed if each.part.id == part_id), None)

    def with_group(self, part: Part, group: tuple[Part, ...]) -> "Body":
        """The same with another row of lesson parts, or of questions, as `part` is one or the other."""
        both = (self.lesson, group) if part.is_question else (group, self.questions)
        return replace(self, parts=(*both[0], *both[1]))

    def group(self, part: Part) -> tuple[Part, ...]:
        """The row that a part stands in, or would."""
        return self.questions if part.is_question else self.lesson


def mark(shown: Part | About) -> str:
    """Sixteen hex digits that tell a part, or what a draft says of itself, from what it was before a change."""
    return hashlib.sha256(json.dumps(asdict(shown), sort_keys=True).encode()).hexdigest()[:MARK_CHARS]


def dump(body: Body) -> str:
    """A body as it stands in a row."""
    return json.dumps(asdict(body), ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Body:
    """What `dump` wrote."""
    values = json.loads(text)
    return Body(
        about=About(**values["about"]),
        parts=tuple(part(each) for each in values["parts"]),
        removed=tuple(Removed(part(each["part"]), each["place"]) for each in values["removed"]),
    )


def part(values: Mapping[str, Any]) -> Part:
    """A part out of its plain values."""
    choices = tuple(Choice(**each) for each in values["choices"])
    pool = tuple(part(each) for each in values.get("pool", ()))
    return Part(**{**values, "choices": choices, "answers": tuple(values["answers"]), "pool": pool})
