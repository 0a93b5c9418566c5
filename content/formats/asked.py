"""Questions of other tools as questions of ours: what fits is made, what does not is noted in words.

Other tools give parts of a point, speak to each answer, and mix the order of options each time. Ours is right or wrong,
explains once, and keeps one order: so that is mixed here, the same way each time, since many people write the right
answer first.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from content import authored
from content.draft import LeftOut
from content.errors import N_, QuizWrong
from content.fields import TEXT_MAX
from content.numerals import readings
from content.question import Option, Question, Quiz
from content.quiz_file import OPTIONS_MAX, load

OPTION_CHARS_MAX = 500
"""Characters of an option, as in the quiz file."""
RIGHT = 100.0
"""What an answer that is wholly right is worth, of a hundred."""
UNEVEN = 0.01
"""Shares of a hundred nearer than this are the same: a third is written with five digits."""
BLANK = "_____"
"""What stands in a question for the word that is missing."""

ESSAY = N_("questions with a long answer in one's own words are left out")
DESCRIPTION = N_("texts that ask nothing are left out")
CLOZE = N_("questions with several gaps in one text are left out")
RUN_TOGETHER = N_("questions are left out that run into the next one, since no empty line stands between them")
CALCULATED = N_("questions that calculate with ever new numbers are left out")
DRAGGED = N_("questions that are answered by dragging are left out")
MIXED = N_("questions that ask several things at once are left out")
POINTED = N_("questions that are answered on a picture are left out")
SENT = N_("questions that are answered with a drawing, a recording or a file are left out")
OWN_RULES = N_("questions whose answers are judged by rules of their own are left out")
WORDLESS = N_("questions are left out whose pictures to choose from have no words")
MANY = N_("questions where one thing belongs to several or to none are left out")
ADAPTIVE = N_("questions that change with each try are left out")
GONE = N_("questions are left out whose file is not in the package")
UNKNOWN = N_("questions of a kind that the library does not have are left out")
UNREADABLE = N_("questions that are not written as their format asks are left out")
TOO_LONG = N_("questions that are too long for a page are left out")
TOO_MANY = N_("questions with more options than the library shows are left out")
NO_RIGHT = N_("questions without an answer that is wholly right are left out")
ONE_OF_SEVERAL = N_("questions to choose any one of several right options are left out")
TOLERANCES = N_("questions with several right numbers that differ in their tolerance are left out")
NUMBERS = N_("questions whose number the library cannot read are left out")
SIGNS = N_("questions whose answer has no letter or digit are left out")
ASTERISK = N_("answers with an asterisk for any letters are left out")
CONTAINED = N_("an answer that was enough within more words has to stand alone")
WHOLE_ROW = N_("all things of a row are put in order, where the other tool drew a few of them")
DRAWN = N_("all questions of a part are asked, where the other tool drew a few of them")
BRANCHED = N_("which question comes next does not hang on the answers before it")
INTRODUCED = N_("what is said before a whole part, not to a question, is left out")
TWO_ROWS = N_("pairs out of one heap are laid in two rows")
PARTS = N_("answers that are partly right count as wrong")
SHARES = N_("each right option counts the same, whatever its weight was")
POINTS = N_("each question counts the same, whatever its points were")
COMMENTS = N_("what is said to single answers is left out")
HINTS = N_("of several hints only the first stays")
CASE = N_("small and capital letters count the same")
UNITS = N_("units of numbers are not looked at")
FORM = N_("of texts only the words stay, without links, tables and emphasis")
FORMULA = N_("formulas are shown as they were typed")
IN_LINE = N_("formulas stand in one line of plain signs")
MEDIA = N_("sounds, films and other files are left out")
PICTURES = N_("pictures are left out that are too large, not in the file, or more than one to a text")
ALT = N_("what is said of a question's picture is left out")

TRUTH = {
    "en": ("True", "False"),
    "ar": ("صحيح", "خطأ"),
    "es": ("Verdadero", "Falso"),
    "fr": ("Vrai", "Faux"),
    "hi": ("सही", "गलत"),
    "pt": ("Verdadeiro", "Falso"),
    "sw": ("Kweli", "Si kweli"),
}
"""The two options of a question about what is true, in the language of the package."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,13}(?:[.,]\d{0,13})?|[.,]\d{1,13})(?:[eE][+-]?\d{1,2})?")
"""What stays exact when two are added and halved."""
_STAR = re.compile(r"(?<!\\)\*")
_THREE_BEHIND = re.compile(r"[+-]?\d{1,3}\.\d{3}")
TOLERANCE_MAX = Decimal(10) ** 9
_QUANTIZED_MAX = Decimal(10) ** 25

_Thing = TypeVar("_Thing")


class NotTaken(Exception):
    """A question that ours cannot ask; its text is the phrase that says why."""


class Notes:
    """What is left out or changed, and at which questions of the file, or in which pieces of a course."""

    def __init__(self) -> None:
        self._places: dict[str, dict[int | str, None]] = {}

    def add(self, what: str, place: int | str = 0) -> None:
        """Note a phrase at a question or a piece, or with 0 of the whole."""
        self._places.setdefault(what, {}).update({place: None} if place else {})

    def take(self, others: "Notes") -> None:
        """Note what others noted."""
        for what, places in others._places.items():
            self._places.setdefault(what, {}).update(places)

    def left_out(self) -> tuple[LeftOut, ...]:
        """Everything that was noted, in the order of its first place."""
        return tuple(LeftOut(what, tuple(places)) for what, places in self._places.items())


@dataclass(frozen=True)
class Answer:
    """An answer that the file knows: its words, what it is worth of a hundred, and what is said to it."""

    text: str
    worth: float = RIGHT
    comment: str = ""
    picture: str = ""
    tolerance: str = "0"


@dataclass(frozen=True)
class Asked:
    """What every question has, whatever its kind; `number` is its place in the file, from 1."""

    number: int
    prompt: str
    notes: Notes
    picture: str = ""
    audio: str = ""
    hint: str = ""
    explanation: str = ""
    language: str = "en"


def choose(asked: Asked, answers: Sequence[Answer], *, is_single: bool, is_mixed: bool = True) -> Question:
    """One option is right, or several are. Raises NotTaken."""
    if len(answers) > OPTIONS_MAX:
        raise NotTaken(TOO_MANY)
    right = [each for each in answers if (each.worth == RIGHT if is_single else each.worth > 0)]
    if not right:
        raise NotTaken(NO_RIGHT)
    if is_single and len(right) > 1:
        raise NotTaken(ONE_OF_SEVERAL)
    if is_single and any(0 < each.worth < RIGHT for each in answers):
        asked.notes.add(PARTS, asked.number)
    wrong = [each for each in answers if each not in right]
    if not is_single and (_is_uneven(right) or _is_uneven(wrong)):
        asked.notes.add(SHARES, asked.number)
    laid = _mixed(asked, answers, lambda each: each.text) if is_mixed else list(answers)
    options = tuple(Option(_letter(place), each.text, each.picture) for place, each in enumerate(laid))
    ids = tuple(option.id for option, each in zip(options, laid, strict=True) if each in right)
    return _made(_explained(asked, answers, right), "choice" if is_single else "several", ids, options=options)


def true_or_false(asked: Asked, *, is_true: bool, comments: tuple[str, str] = ("", "")) -> Question:
    """Whether something is so; `comments` are said to the right and to the wrong answer. Raises NotTaken."""
    words = TRUTH.get(asked.language.partition("-")[0], TRUTH["en"])
    answers = [
        Answer(word, RIGHT if of == is_true else 0.0, comments[of != is_true])
        for word, of in zip(words, (True, False), strict=True)
    ]
    return choose(asked, answers, is_single=True, is_mixed=False)


def words(asked: Asked, answers: Sequence[Answer]) -> Question:
    """A word or a few, typed. Raises NotTaken."""
    whole = _whole(asked, answers)
    right = [each for each in whole if not _STAR.search(each.text)]
    if len(right) < len(whole):
        asked.notes.add(ASTERISK, asked.number)
    if not right:
        raise NotTaken(NO_RIGHT)
    spelled = [each.text.replace("\\*", "*").strip() for each in right]
    accepted = [text for text in dict.fromkeys(spelled) if any(sign.isalnum() for sign in text)]
    if not accepted:
        raise NotTaken(SIGNS)
    return _made(_explained(asked, answers, right), "text", tuple(accepted))


def numbers(asked: Asked, answers: Sequence[Answer]) -> Question:
    """A number, with how far from it is still right. Raises NotTaken."""
    right = _whole(asked, answers)
    tolerances = {abs(value(each.tolerance or "0")) for each in right}
    if len(tolerances) > 1:
        raise NotTaken(TOLERANCES)
    tolerance = tolerances.pop()
    if tolerance > TOLERANCE_MAX:
        raise NotTaken(NUMBERS)
    accepted = tuple(dict.fromkeys(_plain(value(each.text)) for each in right))
    made = _explained(asked, answers, right)
    return _made(made, "number", accepted, tolerance=float(tolerance))


def match(asked: Asked, pairs: Iterable[tuple[Answer, str]]) -> Question:
    """What goes with what; a pair without a left only adds a right one. Raises NotTaken."""
    known = list(pairs)
    rights = list(dict.fromkeys(right for _left, right in known if right))
    lefts = [(left, right) for left, right in known if (left.text or left.picture) and right]
    if not lefts:
        raise NotTaken(UNREADABLE)
    if max(len(lefts), len(rights)) > OPTIONS_MAX:
        raise NotTaken(TOO_MANY)
    mixed = _mixed(asked, rights, lambda each: each)
    ids = {right: f"r{place}" for place, right in enumerate(mixed, start=1)}
    left = tuple(Option(f"l{place}", each.text, each.picture) for place, (each, _right) in enumerate(lefts, start=1))
    answer = tuple(f"{option.id}={ids[right]}" for option, (_left, right) in zip(left, lefts, strict=True))
    return _made(asked, "match", answer, left=left, right=tuple(Option(ids[each], each) for each in mixed))


def order(asked: Asked, answers: Sequence[Answer]) -> Question:
    """Things to put in order, given in the right one. Raises NotTaken."""
    if len(answers) > OPTIONS_MAX:
        raise NotTaken(TOO_MANY)
    laid = _mixed(asked, answers, lambda each: each.text)
    ids = {id(each): _letter(place) for place, each in enumerate(laid)}
    options = tuple(Option(ids[id(each)], each.text, each.picture) for each in laid)
    return _made(asked, "order", tuple(ids[id(each)] for each in answers), options=options)


def _whole(asked: Asked, answers: Sequence[Answer]) -> list[Answer]:
    """The answers that are wholly right; it is noted that partly right ones count as wrong. Raises NotTaken."""
    found = [each for each in answers if each.worth == RIGHT]
    if not found:
        raise NotTaken(NO_RIGHT)
    if any(0 < each.worth < RIGHT for each in answers):
        asked.notes.add(PARTS, asked.number)
    return found


def value(text: str) -> Decimal:
    """The number that a text spells as programs do. Raises NotTaken for anything else, and for endless ones."""
    plain = text.strip()
    if not plain.isascii() or not _NUMBER.fullmatch(plain):
        raise NotTaken(NUMBERS)
    return Decimal(plain.replace(",", "."))


def between(low: str, high: str) -> tuple[str, str]:
    """The number in the middle of a range, and how far its ends are from it. Raises NotTaken."""
    first, last = sorted((value(low), value(high)))
    return str((first + last) / 2), str((last - first) / 2)


def worth(text: str) -> float:
    """What an answer is worth of a hundred. Raises NotTaken."""
    if not text.isascii() or not re.fullmatch(r"[+-]?\d{1,3}(\.\d{0,20})?", text):
        raise NotTaken(UNREADABLE)
    return max(-RIGHT, min(RIGHT, float(text)))


def _plain(number: Decimal) -> str:
    """A number as the quiz file has it. Three digits behind the point could be thousands, so they become four."""
    if number == number.to_integral_value():
        text = format(number.quantize(Decimal(1)) if abs(number) < _QUANTIZED_MAX else number, "f")
    else:
        text = format(number.normalize(), "f")
    text = f"{text}0" if _THREE_BEHIND.fullmatch(text) else text
    if len(readings(text)) != 1:
        raise NotTaken(NUMBERS)
    return text


def _explained(asked: Asked, answers: Sequence[Answer], right: Sequence[Answer]) -> Asked:
    """With what is said to the right answer as explanation, where the file has no other."""
    said = [each.comment for each in right if each.comment]
    others = [each for each in answers if each.comment and each not in right]
    if others or len(said) > 1 or (said and asked.explanation):
        asked.notes.add(COMMENTS, asked.number)
    return asked if asked.explanation or len(said) != 1 else replace(asked, explanation=said[0])


def _made(asked: Asked, kind: str, answer: tuple[str, ...], **parts: object) -> Question:
    """The question, read once as it will be read from its file. Raises NotTaken."""
    long = max(len(asked.prompt), len(asked.hint), len(asked.explanation), *(len(each) for each in answer))
    if long > TEXT_MAX or any(len(each.text) > OPTION_CHARS_MAX for each in _options(parts)):
        raise NotTaken(TOO_LONG)
    named = ("prompt", "picture", "audio", "hint", "explanation")
    texts = {name: getattr(asked, name) for name in named}
    question = Question(id=f"q{asked.number}", kind=kind, answer=answer, **texts, **parts)  # type: ignore[arg-type]
    try:
        return load(authored.quiz(Quiz("-", (question,)))).questions[0]
    except QuizWrong as problem:
        raise NotTaken(UNREADABLE) from problem


def _options(parts: dict[str, object]) -> list[Option]:
    return [each for found in parts.values() if isinstance(found, tuple) for each in found if isinstance(each, Option)]


def _is_uneven(answers: Sequence[Answer]) -> bool:
    worths = [each.worth for each in answers]
    return bool(worths) and max(worths) - min(worths) > UNEVEN


def _mixed(asked: Asked, things: Sequence[_Thing], text: Callable[[_Thing], str]) -> list[_Thing]:
    """The same things in an order that hangs on the question alone, so that it is the same on every hub."""
    return sorted(things, key=lambda each: hashlib.sha256(f"{asked.prompt}\n{text(each)}".encode()).digest())


def _letter(place: int) -> str:
    return "abcdefghijklmnopqrst"[place]
