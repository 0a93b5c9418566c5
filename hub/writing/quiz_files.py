"""Questions out of a file of another tool, or of a package: what a bank can hold of them, and in words what it cannot.

The library reads the file as it reads what comes onto the shelf; nothing of it gets there. A question's id is made of
its words, so that the same file read twice brings nothing twice.
"""

import hashlib
import json
import re
import tempfile
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from content import formats
from content.draft import Draft, LeftOut
from content.errors import N_, ContentError
from content.limits import MIB, Limits
from content.question import Question
from content.quiz_file import load
from hub import photos
from hub.errors import InputWrong, StorageFull
from hub.node import Node
from hub.sentences import Sentence, left_out
from hub.writing import checks, media
from hub.writing.banks import ID_CHARS
from hub.writing.parts import Choice, Part

STAGED = "writing-"
"""How folders in the home begin in which a file is read; the worker clears away what a cut left."""
LIMITS = Limits(files=2_000, file_bytes=32 * MIB, total_bytes=64 * MIB, manifest_bytes=4 * MIB, directory_bytes=MIB)
"""A form waits for this: a file of questions is read in a second or two, and a course is none."""
SHOWN_CHARS = 40
"""Letters of a question by which it is named where it is left out."""
QUIZZES_MAX = 50

OTHER_KINDS = N_("questions to put in order or to match are left out, since a bank holds those to choose and to write")
NOT_FITTING = N_("questions that are longer than the form of a question takes are left out")
SOUNDS = N_("the sounds of questions are left out")
PICTURES = N_("pictures that cannot be kept here are left out")
KINDS = {"choice": "choose", "several": "choose", "number": "number", "text": "words"}
"""Kind of question in a file → the form that it has here."""
_UNSAFE = re.compile(r"[^\w.()-]+")


@dataclass(frozen=True)
class Read:
    """The questions of a file, and in sentences what of it is left out."""

    questions: tuple[Part, ...]
    left_out: tuple[Sentence, ...]


def read(node: Node, *, name: str, data: bytes) -> Read:
    """Read a file by the name it came with. Its pictures are kept with those of drafts.

    Raises the ContentError that says what is wrong with it, InputWrong when it holds no questions, StorageFull.
    """
    if len(data) > checks.QUIZ_FILE_BYTES_MAX:
        raise InputWrong(
            "The file has more than %(most)s MB. Nothing was changed; put it on the shelf instead, or send a smaller"
            " one.",
            most=checks.QUIZ_FILE_BYTES_MAX // 1_000_000,
        )
    try:
        with tempfile.TemporaryDirectory(prefix=STAGED, dir=node.home) as folder:
            place = Path(folder) / _named(name)
            place.write_bytes(data)
            with closing(formats.describe(place, LIMITS)) as found:
                return _taken(node, found)
    except OSError as mistake:
        raise StorageFull(
            "The disk did not take the file (%(why)s). Nothing was changed; free some space and send it again.",
            why=mistake.strerror,
        ) from None


def _taken(node: Node, found: Draft) -> Read:
    quizzes = [each for each in found.manifest.items if each.kind == "quiz"][:QUIZZES_MAX]
    asked = [
        question
        for each in quizzes
        for question in load(found.read(each.path, limit=LIMITS.text_bytes), each.title).questions
    ]
    if not asked:
        raise InputWrong("This file holds no questions. Nothing was changed; choose a quiz in GIFT, Aiken, XML or QTI.")
    taking = _Taking(node, found)
    made = [part for each in asked if (part := taking.part(each))]
    notes = [LeftOut(what, places=tuple(places)) for what, places in taking.notes.items()]
    return Read(tuple(made[: checks.BANK_QUESTIONS_MAX]), tuple(left_out([*found.left_out, *notes])))


class _Taking:
    """Makes parts of the questions of one file, and notes what is lost."""

    def __init__(self, node: Node, found: Draft) -> None:
        self._node, self._found = node, found
        self.notes: dict[str, list[str]] = {}

    def part(self, question: Question) -> Part | None:
        """The question as a bank has it; None where it cannot be."""
        kind = KINDS.get(question.kind)
        if kind is None:
            self._note(OTHER_KINDS, question)
            return None
        made = self._made(kind, question)
        if made is not None and question.audio:
            self._note(SOUNDS, question)
        return None if made is None else replace(made, id=_id(made))

    def _made(self, kind: str, question: Question) -> Part | None:
        bare = Part(
            id="",
            kind=kind,
            text=question.prompt,
            choices=tuple(Choice(each.id, each.text, is_right=each.id in question.answer) for each in question.options),
            answers=() if question.options else question.answer,
            tolerance=question.tolerance,
            hint=question.hint,
            explanation=question.explanation,
        )
        try:
            checked = checks.part(bare)
        except InputWrong:
            self._note(NOT_FITTING, question)
            return None
        shown = {each.id: self._picture(each.picture, question) for each in question.options}
        choices = tuple(replace(each, picture=shown[each.id]) for each in checked.choices)
        return replace(checked, file=self._picture(question.picture, question), choices=choices)

    def _picture(self, path: str, question: Question) -> str:
        if not path:
            return ""
        try:
            data = self._found.read(path, limit=photos.BYTES_MAX)
            return media.keep_picture(self._node, data)
        except (ContentError, InputWrong):
            self._note(PICTURES, question)
            return ""

    def _note(self, what: str, question: Question) -> None:
        places = self.notes.setdefault(what, [])
        shown = question.prompt[:SHOWN_CHARS].strip()
        if shown not in places:
            places.append(shown)


def _id(made: Part) -> str:
    return hashlib.sha256(json.dumps(asdict(made), sort_keys=True).encode()).hexdigest()[:ID_CHARS]


def _named(name: str) -> str:
    """The name of a file as it can be one here, its ending kept."""
    plain = _UNSAFE.sub("-", Path(name.replace("\\", "/")).name).lstrip(".-")
    return plain[-SHOWN_CHARS:] or "quiz"
