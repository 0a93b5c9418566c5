"""What the quiz files of other tools have in common: how they are read, and the package that is made of them.

The questions become a quiz file of ours, one for each category; nothing of the other tool's file is kept.
"""

import io
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from content import authored
from content.draft import Draft, Origin, listed, read_small, whole_file
from content.errors import N_, PackageTooLarge, PackageUnfit, QuizWrong
from content.formats import asked, markup
from content.formats.asked import Asked, Notes, NotTaken
from content.limits import MIB, Limits
from content.naming import UNKNOWN_LANGUAGE, language_of, slug, title_of
from content.package import Item, Manifest, is_language
from content.question import Question, Quiz
from content.quiz_file import media

QUESTIONS_MAX = 2_000
"""Questions of one file: as many as one quiz of ours may hold, and more than a year of school asks."""

CATEGORIES_MAX = 200
"""Quizzes that one file becomes: more than a page of parts can show."""

TITLE_CHARS_MAX = 200
MEDIA_BYTES_MAX = 32 * MIB
"""All pictures and sounds of one file of questions: they are held in memory until the package stands on the shelf."""
HEAD_BYTES = 64 * 1024
"""How much of a file is looked at to recognise it: a text with a long head, or a long question."""

_PLAIN_CONTROLS = "\t\n\r"


@dataclass
class Taken:
    """What has been read so far: questions by category, files by path, and what is left out."""

    source: Path
    questions: dict[str, list[Question]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)
    category: str = ""
    number: int = 0
    said_language: str = ""
    said_title: str = ""
    media_bytes: int = 0

    @property
    def language(self) -> str:
        """The language that the file's name tells, else the one that the file says."""
        told = language_of(self.source)
        is_said = told == UNKNOWN_LANGUAGE and is_language(self.said_language)
        return self.said_language if is_said else told

    @property
    def title(self) -> str:
        """The title that the file says, else its name."""
        return " ".join(self.said_title.split())[:TITLE_CHARS_MAX].strip() or title_of(self.source)

    def take(self, make: Callable[[int], Question]) -> None:
        """Make the next question of the file, or note why that cannot be, and then nothing else of it.

        Raises PackageTooLarge.
        """
        self.number += 1
        if self.number > QUESTIONS_MAX:
            self._refuse(N_("its number of questions"), f"{self.number} or more", QUESTIONS_MAX)
        before, self.notes = self.notes, Notes()
        try:
            self.questions.setdefault(self.category, []).append(make(self.number))
            before.take(self.notes)
        except NotTaken as problem:
            before.add(str(problem), self.number)
        except markup.Unreadable:
            before.add(asked.UNREADABLE, self.number)
        finally:
            self.notes = before

    def enter(self, path: str) -> None:
        """Go on in another category, named as Moodle names it: `$course$/top/Water/Wells`. Raises PackageTooLarge."""
        names = [name.strip() for name in path.replace("//", "\0").split("/")]
        kept = [name.replace("\0", "/") for name in names if name and name != "top" and not name.startswith("$")]
        self.begin(" / ".join(kept))

    def begin(self, title: str) -> None:
        """Go on in the category of a title as people read it; "" is the file itself. Raises PackageTooLarge."""
        self.category = " ".join(title.split())[:TITLE_CHARS_MAX].strip()
        if len(self.questions.keys() | {self.category}) > CATEGORIES_MAX:
            self._refuse(N_("its number of categories"), f"{CATEGORIES_MAX + 1} or more", CATEGORIES_MAX)
        self.questions.setdefault(self.category, [])

    def keep(self, path: str, data: bytes) -> None:
        """Keep a picture or a sound under its path. Raises PackageTooLarge when all are too much for the memory."""
        if path not in self.files:
            self.files[path] = data
            self.media_bytes += len(data)
        if self.media_bytes > MEDIA_BYTES_MAX:
            self._refuse(N_("the size of its pictures and sounds together"), str(self.media_bytes), MEDIA_BYTES_MAX)

    def worded(self, text: str, form: str) -> str:
        """The words of a text without pictures, with a note of what it loses. Raises NotTaken, Unreadable."""
        words = markup.worded(text, form)
        self.note(words)
        if words.pictures:
            self.notes.add(asked.PICTURES, self.number)
        return words.text

    def note(self, words: markup.Words) -> None:
        """Note what a text has that a question of ours has not."""
        noted = {
            asked.FORM: words.is_formed,
            asked.FORMULA: words.has_formula,
            asked.MEDIA: words.has_media or bool(words.sounds),
        }
        for what, is_so in noted.items():
            if is_so:
                self.notes.add(what, self.number)

    def asked(self, prompt: str, **parts: str) -> Asked:
        """What every kind of question has. Raises NotTaken when nothing is asked."""
        if not prompt:
            raise NotTaken(asked.UNREADABLE)
        return Asked(self.number, prompt, self.notes, language=self.language, **parts)

    def _refuse(self, what: str, found: str, limit: int) -> None:
        raise PackageTooLarge(package=self.source.name, what=what, found=found, limit=limit)


def beginning(start: bytes) -> str:
    """The first words of a file in whatever encoding, to recognise it by; of UTF-16 at least those in Latin letters."""
    text = start.replace(b"\0", b"").decode("utf-8-sig", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def text_of(source: Path, limits: Limits) -> str:
    """The text of a quiz file. Raises FileTooLarge, QuizWrong, PackageDamaged when it is empty, and kin."""
    data = read_small(whole_file(source), path=source.name, package=source.name, limit=limits.text_bytes)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise QuizWrong(where=source.name, why=N_("it is not text in UTF-8")) from problem
    if any(unicodedata.category(sign) == "Cc" and sign not in _PLAIN_CONTROLS for sign in text):
        raise QuizWrong(where=source.name, why=N_("it holds signs that no text has"))
    return text


def draft(taken: Taken, source_format: str) -> Draft:
    """The package of what was read. Raises PackageUnfit when that is nothing."""
    left_out = taken.notes.left_out()
    if not any(taken.questions.values()):
        if not left_out:
            raise QuizWrong(where=taken.source.name, why=N_("it holds no question"))
        raise PackageUnfit(package=taken.source.name, **listed(left_out))
    title, (items, files) = taken.title, parts(taken)
    manifest = Manifest(
        id=slug(title_of(taken.source)),
        work=slug(title_of(taken.source)),
        version=1,
        title=title,
        language=taken.language,
        items=items,
        files=MappingProxyType({}),
        source_format=source_format,
    )
    return Draft(manifest, MappingProxyType(origins(files)), named_by_content=True, left_out=left_out)


def parts(taken: Taken) -> tuple[tuple[Item, ...], dict[str, bytes]]:
    """The quizzes of what was read, and the files that they are made of, pictures included."""
    quizzes = {name: questions for name, questions in taken.questions.items() if questions}
    shown = {path for questions in quizzes.values() for question in questions for path in media(question)}
    items, files = [], {path: data for path, data in taken.files.items() if path in shown}
    for number, (name, questions) in enumerate(quizzes.items(), start=1):
        item = Item(id=f"quiz-{number}", kind="quiz", title=name or taken.title, path=f"quiz-{number}.toml")
        items.append(item)
        files[item.path] = authored.quiz(Quiz(item.title, tuple(questions)))
    return tuple(items), files


def origins(files: Mapping[str, bytes]) -> dict[str, Origin]:
    """Files that were made here, by path."""
    return {path: Origin(open=_opening(data), size=len(data)) for path, data in files.items()}


def _opening(data: bytes) -> Callable[[], io.BytesIO]:
    return lambda: io.BytesIO(data)
