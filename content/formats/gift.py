"""A quiz in GIFT, Moodle's format of plain text: `What is 1 + 1? {=2 ~3}`.

Follows what Moodle's documentation shows of it. Questions stand apart by empty lines. One that is not written as GIFT
asks is left out and said, as are the kinds that the library does not have.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from content.draft import Draft, head
from content.formats import asked
from content.formats.aiken import is_aiken
from content.formats.asked import BLANK, RIGHT, Answer, Asked, NotTaken
from content.formats.quizzes import HEAD_BYTES, Taken, beginning, draft, text_of
from content.limits import Limits
from content.question import Question

ENDING, PLAIN_ENDING = ".gift", ".txt"
_CATEGORY = "$CATEGORY:"
_FORMS = r"(?:\[(html|moodle|plain|markdown)\])?"
_SHAPE = re.compile(
    r"(?<!\\)\{\s*(?:%-?[\d.]+%|[=~#]|(?:T|TRUE|F|FALSE)\s*(?=[}#]))[^{}]*\}|^::[^\n]+?::[^\n]*\{|^\$CATEGORY:",
    re.MULTILINE,
)
"""An answer in braces, a title before a question, or a category."""
_ESCAPED = re.compile(r"\\([\\:#={}~n])")
_HELD = {sign: chr(1 + place) for place, sign in enumerate("\\:#={}~n")}
_GIVEN_BACK = str.maketrans({held: "\n" if sign == "n" else sign for sign, held in _HELD.items()})
"""An escaped sign is held by one that no text has, so that the splitting does not see it."""
_HEAD = re.compile(rf"\s*(?:::(.*?)::)?\s*{_FORMS}(.*)", re.DOTALL)
_NEXT = re.compile(r"[ \t]*\n\s*(\S)")
"""An answer that ends its line, and what the next line begins with."""
_PIECE = re.compile(r"([=~]?)\s*(?:%([^%\n]*)%)?([^#]*)(?:#(.*))?", re.DOTALL)
_FORMED = re.compile(rf"{_FORMS}(.*)", re.DOTALL)
_TRUE, _FALSE = ("T", "TRUE"), ("F", "FALSE")


@dataclass(frozen=True)
class _Piece:
    """One answer as it is written: its mark, its worth ("" for none), its text and what is said to it."""

    mark: str
    worth: str
    text: str
    comment: str


def recognise(source: Path) -> bool:
    """Whether `source` is a quiz in GIFT: by its ending, or a plain text with answers in braces."""
    ending = source.suffix.lower()
    if ending not in (ENDING, PLAIN_ENDING) or not source.is_file():
        return False
    return ending == ENDING or is_gift(head(source, HEAD_BYTES))


def is_gift(start: bytes) -> bool:
    """Whether a text has the shape of GIFT, and not that of Aiken."""
    return not is_aiken(start) and _SHAPE.search(beginning(start)) is not None


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a quiz in GIFT. Raises QuizWrong, PackageUnfit, PackageTooLarge and kin."""
    taken = Taken(source)
    for block in _blocks(text_of(source, limits)):
        if block.startswith(_CATEGORY):
            taken.enter(block.removeprefix(_CATEGORY).strip())
        else:
            taken.take(partial(_question, taken, block))
    return draft(taken, "gift")


def _blocks(text: str) -> Iterator[str]:
    """Questions and categories, without comments; empty lines stand between questions."""
    lines: list[str] = []
    for line in [*re.split(r"\r\n|\r|\n", text), ""]:
        plain = line.strip()
        if plain.startswith("//"):
            continue
        is_category = plain.startswith(_CATEGORY)
        if (not plain or is_category) and lines:
            yield "\n".join(lines)
            lines = []
        if is_category:
            yield plain
        elif plain:
            lines.append(line)


def _question(taken: Taken, block: str, _number: int) -> Question:
    """One question out of its text. Raises NotTaken."""
    held = _ESCAPED.sub(lambda found: _HELD[found[1]], block)
    head_found = _HEAD.fullmatch(held)
    form, text = (head_found[2] or "", head_found[3]) if head_found else ("", held)
    before, opening, rest = text.partition("{")
    if not opening and "}" not in before:
        raise NotTaken(asked.DESCRIPTION)
    inside, closing, after = rest.partition("}")
    if not closing or "}" in before or "{" in inside:
        raise NotTaken(asked.UNREADABLE)
    if "{" in after or "}" in after:
        next_line = _NEXT.match(after)
        raise NotTaken(asked.RUN_TOGETHER if next_line and not next_line[1].islower() else asked.CLOZE)
    inside, _, general = inside.partition("####")
    spoken = f"{before}{BLANK}{after}" if after.strip() else before
    about = taken.asked(_said(taken, spoken, form), explanation=_said(taken, general, form))
    return _answered(taken, about, inside.strip(), form)


def _answered(taken: Taken, about: Asked, inside: str, form: str) -> Question:
    """The question by the kind that its answers show, in the order in which Moodle looks. Raises NotTaken."""
    if not inside:
        raise NotTaken(asked.ESSAY)
    if inside.startswith("#"):
        return _number(taken, about, inside.removeprefix("#").strip(), form)
    if "~" in inside:
        pieces = [each for each in _pieces(inside) if each.text.strip() or each.worth or each.comment]
        answers = [_answer(taken, each, form, whole=RIGHT if each.mark == "=" else 0.0) for each in pieces]
        return asked.choose(about, _with_words(answers), is_single="=" in inside)
    if "=" in inside and "->" in inside:
        return _match(taken, about, inside, form)
    truth, *comments = inside.split("#")
    if truth.strip() in _TRUE + _FALSE:
        wrong, right = (_said(taken, each, form) for each in (*comments, "", "")[:2])
        return asked.true_or_false(about, is_true=truth.strip() in _TRUE, comments=(right, wrong))
    return asked.words(about, _with_words([_answer(taken, each, form, whole=RIGHT) for each in _pieces(inside)]))


def _number(taken: Taken, about: Asked, inside: str, form: str) -> Question:
    answers = []
    for piece in _pieces(inside):
        found = _answer(taken, piece, form, whole=0.0 if piece.mark == "~" else RIGHT)
        low, is_range, high = found.text.partition("..")
        number, _, tolerance = found.text.partition(":")
        if is_range and found.worth > 0:
            number, tolerance = asked.between(low, high)
        answers.append(Answer(number, found.worth, found.comment, tolerance=tolerance))
    return asked.numbers(about, answers)


def _match(taken: Taken, about: Asked, inside: str, form: str) -> Question:
    pairs = []
    for piece in _pieces(inside):
        left, arrow, right = piece.text.partition("->")
        if not arrow or piece.worth:
            raise NotTaken(asked.UNREADABLE)
        if piece.comment:
            taken.notes.add(asked.COMMENTS, about.number)
        pairs.append((Answer(_said(taken, left, form)), _said(taken, right, form)))
    return asked.match(about, pairs)


def _pieces(inside: str) -> list[_Piece]:
    """The answers one by one. Raises NotTaken when words stand before the first of them."""
    first, *others = re.split(r"(?=[=~])", inside)
    written = [first, *others] if first.strip() and not others else others
    if first.strip() and others:
        raise NotTaken(asked.UNREADABLE)
    pieces = []
    for each in written:
        found = _PIECE.fullmatch(each)
        if found is None:
            raise NotTaken(asked.UNREADABLE)
        pieces.append(_Piece(found[1], found[2] or "", found[3].strip(), (found[4] or "").strip()))
    return pieces


def _answer(taken: Taken, piece: _Piece, form: str, *, whole: float) -> Answer:
    worth = asked.worth(piece.worth.strip()) if piece.worth else whole
    return Answer(_said(taken, piece.text, form), worth, _said(taken, piece.comment, form))


def _with_words(answers: list[Answer]) -> list[Answer]:
    if any(not each.text for each in answers):
        raise NotTaken(asked.UNREADABLE)
    return answers


def _said(taken: Taken, text: str, form: str) -> str:
    """The words of a part, which may begin with a format of its own."""
    found = _FORMED.fullmatch(text.strip())
    own, plain = (found[1], found[2]) if found else (None, text.strip())
    return taken.worded(plain.translate(_GIVEN_BACK).strip(), own or form)
