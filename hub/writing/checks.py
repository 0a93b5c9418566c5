"""What a draft may hold: every limit, and one sentence for what cannot be taken. Checked once, before it is kept."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from content.numerals import readings
from content.package import is_language
from content.shapes import LEVELS
from hub.errors import InputWrong
from hub.writing.parts import COURSE, DRAW, About, Body, Part

TITLE_MAX = 120
LINE_MAX = 300
"""Letters of a heading, of what there is to see, of something to choose: two lines on a phone."""
LICENCE_MAX = 200
TEXT_MAX = 3_900
"""Letters of one text: two screens of a phone; a longer one is easier to change in parts."""
ASKED_MAX = 1_000
PARTS_MAX = 100
CHOICES_MAX = 6
ANSWERS_MAX = 8
ALL_TEXT_MAX = 200_000
"""Letters of a whole draft: a small book, and a tenth of a second to keep."""
TOLERANCE_MAX = 1e9
BANKS_MAX = 100
BANK_QUESTIONS_MAX = 300
"""Questions of a bank: one page to look through, and more than a subject of a year asks."""
BANK_TEXT_MAX = 400_000
DRAW_MAX = 50
"""Questions that are drawn at one sitting: longer than anybody sits at a quiz."""
QUIZ_FILE_BYTES_MAX = 4_000_000
"""A quiz file that questions are taken from: one that is larger comes onto the shelf as a package."""
UNSEEN: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))
"""Signs that nobody types and no file should hold; tab and the ends of lines stay."""


def about(given: About) -> About:
    """A description as it is kept. Raises InputWrong."""
    made = About(**{name: _plain(value) for name, value in vars(given).items()})
    if not 1 <= len(made.title) <= TITLE_MAX:
        raise InputWrong("A title has 1 to %(most)s letters. Nothing was changed; write another one.", most=TITLE_MAX)
    if not is_language(made.language):
        raise InputWrong("A language has a short code, such as en or pt-BR. Nothing was changed; choose one.")
    if made.shape not in ("", COURSE):
        raise InputWrong("That is neither a lesson nor a course. Nothing was changed; begin it from the list again.")
    if made.level not in LEVELS:
        raise InputWrong("That is not one of the levels. Nothing was changed; choose one of the list.")
    _length(made.summary, ASKED_MAX)
    _length(made.quiz, TITLE_MAX)
    for line in (made.author, made.able):
        _length(line, LINE_MAX)
    _length(made.licence, LICENCE_MAX)
    return made


def part(given: Part) -> Part:
    """A part as it is kept. Raises InputWrong."""
    made = replace(
        given,
        text=_text(given.text) if given.kind == "text" else _plain(given.text),
        hint=_plain(given.hint),
        explanation=_plain(given.explanation),
        choices=tuple(replace(each, text=_plain(each.text)) for each in given.choices),
        answers=tuple(dict.fromkeys(filled for each in given.answers if (filled := _plain(each)))),
    )
    if not made.text and made.kind != DRAW:
        raise InputWrong("There are no words yet. Nothing was changed; write them, so that everybody can follow.")
    _length(made.text, TEXT_MAX if made.kind == "text" else ASKED_MAX if made.is_question else LINE_MAX)
    for line in (made.hint, made.explanation):
        _length(line, ASKED_MAX)
    _CHECKS.get(made.kind, _anything)(made)
    return made


def room(body: Body) -> Body:
    """A body that may be kept. Raises InputWrong when it holds too much."""
    if len(body.parts) > PARTS_MAX or sum(_size(each) for each in body.parts) > ALL_TEXT_MAX:
        raise InputWrong("This lesson is as long as one can be. Nothing was changed; begin a second one.")
    return body


def bank_title(typed: str) -> str:
    """What a bank is called. Raises InputWrong."""
    made = _plain(typed)
    if not 1 <= len(made) <= TITLE_MAX:
        raise InputWrong("A name has 1 to %(most)s letters. Nothing was changed; write another one.", most=TITLE_MAX)
    return made


def bank_room(questions: Sequence[Part]) -> None:
    """Refuse questions that are too many for one bank. Raises InputWrong."""
    if len(questions) > BANK_QUESTIONS_MAX or sum(_size(each) for each in questions) > BANK_TEXT_MAX:
        raise InputWrong(
            "One bank holds at most %(most)s questions. Nothing was changed; take fewer, or begin another bank.",
            most=BANK_QUESTIONS_MAX,
        )


def _anything(_part: Part) -> None:
    """Nothing more is asked of it."""


def _has_file(made: Part) -> None:
    if not made.file:
        raise InputWrong("No file was chosen. Nothing was changed; take or choose one, and send it again.")


def _has_target(made: Part) -> None:
    if not made.target:
        raise InputWrong("Nothing was chosen that it leads to. Nothing was changed; choose something of the shelf.")


def _has_draw(made: Part) -> None:
    if not made.target:
        raise InputWrong("No bank was chosen. Nothing was changed; choose one, or begin one first.")
    if not 1 <= made.count <= DRAW_MAX:
        raise InputWrong(
            "From 1 to %(most)s questions can be drawn. Nothing was changed; write a number of these.", most=DRAW_MAX
        )


def _has_choices(made: Part) -> None:
    """Two or more things to choose, one or more of them right, no two alike."""
    words = [each.text for each in made.choices]
    if len(words) < 2 or len(set(words)) < len(words) or len(words) > CHOICES_MAX or not all(words):
        raise InputWrong(
            "A question needs 2 to %(most)s answers to choose from, each with words of its own. Nothing was changed;"
            " write them.",
            most=CHOICES_MAX,
        )
    for word in words:
        _length(word, LINE_MAX)
    if not any(each.is_right for each in made.choices):
        raise InputWrong("No answer is marked as right. Nothing was changed; tick the right one.")


def _has_numbers(made: Part) -> None:
    if not made.answers or any(len(readings(each)) != 1 for each in made.answers):
        raise InputWrong(
            "The right answer must be a plain number, such as 12 or 1.5. Nothing was changed; write it so."
        )
    _few(made)
    if not 0 <= made.tolerance <= TOLERANCE_MAX:
        raise InputWrong("How far off is still right must be a number from 0 up. Nothing was changed; write it so.")


def _has_words(made: Part) -> None:
    if not made.answers or any(not any(sign.isalnum() for sign in each) for each in made.answers):
        raise InputWrong("The right answer is missing. Nothing was changed; write it, each spelling on its own line.")
    _few(made)


def _few(made: Part) -> None:
    if len(made.answers) > ANSWERS_MAX:
        raise InputWrong(
            "A question takes at most %(most)s right answers. Nothing was changed; keep the likeliest.",
            most=ANSWERS_MAX,
        )
    for each in made.answers:
        _length(each, LINE_MAX)


_CHECKS = {
    "picture": _has_file,
    "sound": _has_file,
    "link": _has_target,
    "choose": _has_choices,
    "number": _has_numbers,
    "words": _has_words,
    DRAW: _has_draw,
}
"""Kind of part → what more is asked of it."""


def _length(text: str, most: int) -> None:
    if len(text) > most:
        raise InputWrong(
            "That is %(found)s letters long, and at most %(most)s fit here. Nothing was changed; shorten it, or make"
            " two of it.",
            found=len(text),
            most=most,
        )


def _size(made: Part) -> int:
    words = (made.text, made.hint, made.explanation, *made.answers, *(each.text for each in made.choices))
    return sum(len(each) for each in words)


def _plain(text: str) -> str:
    """One line without signs that nobody sees."""
    return " ".join(text.translate(UNSEEN).split())


def _text(text: str) -> str:
    """Lines without signs that nobody sees and without space at their ends."""
    lines = text.translate(UNSEEN).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()
