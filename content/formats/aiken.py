"""A quiz in Aiken: a question, its options at letters, and the letter of the right one.

Follows what Moodle's documentation calls the Aiken format. A file that breaks its few rules is refused with the line.
"""

import re
from pathlib import Path

from content.draft import Draft, head
from content.errors import N_, QuizWrong
from content.formats import asked
from content.formats.asked import RIGHT, Answer
from content.formats.quizzes import HEAD_BYTES, Taken, beginning, draft, text_of
from content.limits import Limits
from content.question import Question

ENDING = ".txt"
_OPTION = re.compile(r"\s*([A-Z])[.)]\s+(\S.*)")
_ANSWER = re.compile(r"\s*ANSWER\s*:\s*([A-Z])\s*")
_SHAPE = re.compile(r"^[ \t]*[A-Z][.)][ \t]+\S.*\n(?:[ \t]*\n)*[ \t]*ANSWER[ \t]*:[ \t]*[A-Z][ \t]*$", re.MULTILINE)
"""An option, and the answer on the next line that says something."""


def recognise(source: Path) -> bool:
    """Whether `source` is a quiz in Aiken: its ending says text, and an answer follows an option."""
    return source.suffix.lower() == ENDING and source.is_file() and is_aiken(head(source, HEAD_BYTES))


def is_aiken(start: bytes) -> bool:
    """Whether a text begins as Aiken does."""
    return _SHAPE.search(beginning(start)) is not None


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a quiz in Aiken. Raises QuizWrong with the line, PackageTooLarge and kin."""
    taken = Taken(source)
    prompt: list[str] = []
    options: dict[str, str] = {}
    line, number = "", 0
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text_of(source, limits)), start=1):
        if answer := _ANSWER.fullmatch(line):
            _check(source, number, answer[1] in options, N_("the answer is none of the options before it"))
            _take(taken, "\n".join(prompt), options, answer[1])
            prompt, options = [], {}
        elif prompt and (option := _OPTION.fullmatch(line)):
            _check(source, number, option[1] not in options, N_("a letter stands before two options"))
            options[option[1]] = option[2].strip()
        elif line.strip():
            _check(source, number, not options, N_("an option or ANSWER: with a letter is wanted here"))
            prompt.append(line.strip())
    _check(source, number, not prompt, N_("the last question has no answer"))
    return draft(taken, "aiken")


def _take(taken: Taken, prompt: str, options: dict[str, str], right: str) -> None:
    answers = [Answer(text, RIGHT if letter == right else 0.0) for letter, text in options.items()]

    def make(_number: int) -> Question:
        return asked.choose(taken.asked(prompt), answers, is_single=True, is_mixed=False)

    taken.take(make)


def _check(source: Path, line: int, is_so: bool, why: str) -> None:  # noqa: FBT001 - what must be so
    if not is_so:
        raise QuizWrong(where=f"{source.name}:{line}", why=why)
