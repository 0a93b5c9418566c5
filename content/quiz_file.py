"""Reading a quiz file (TOML) into a quiz, with a plain sentence for each mistake.

Everything is checked here, once, so that marking and pages can trust what they get.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping

from content.errors import QuizWrong
from content.fields import Fields
from content.numerals import readings
from content.question import KINDS, Draw, Option, Question, Quiz

OPTIONS_MAX = 20
"""Options of one question: more do not fit on a phone, nor into a head."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_QUESTION_FIELDS = (
    *("id", "kind", "prompt", "picture", "audio", "options", "answer", "tolerance", "left", "right"),
    *("difficulty", "competencies", "hint", "explanation", "pool"),
)


def load(data: bytes, where: str = "The quiz") -> Quiz:
    """Read a quiz from the bytes of its file; `where` names it in sentences. Raises QuizWrong."""
    try:
        values = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise QuizWrong(where=where, why="it is not text in UTF-8") from problem
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise QuizWrong(where=where, why=f"it is not readable TOML ({problem})") from problem
    fields = Fields(values, where, QuizWrong)
    fields.only("title", "question", "draw")
    questions = tuple(_question(each) for each in fields.tables("question"))
    if not questions:
        fields.refuse("it holds no question")
    _unique(fields, [each.id for each in questions])
    draws = _draws(fields, Counter(each.pool for each in questions if each.pool))
    return Quiz(title=fields.text("title", limit=200), questions=questions, draws=draws)


def media(question: Question) -> list[str]:
    """Every path to a picture or sound that a question speaks of."""
    options = question.options + question.left + question.right
    paths = [question.picture, question.audio, *(option.picture for option in options)]
    return [path for path in dict.fromkeys(paths) if path]


def _draws(fields: Fields, pools: Mapping[str, int]) -> tuple[Draw, ...]:
    """How many of each pool are asked; `pools` says how many questions each holds."""
    found = []
    for table in fields.tables("draw"):
        table.only("pool", "count")
        draw = Draw(_id(table, "pool"), table.whole("count", 1, low=1, high=max(pools.values(), default=1)))
        if not draw.count <= pools.get(draw.pool, 0):
            table.refuse('"count" must be at most as many as the questions of its "pool"')
        found.append(draw)
    if Counter(each.pool for each in found) != Counter(dict.fromkeys(pools, 1)):
        fields.refuse('each "pool" of questions must have one "draw"')
    return tuple(found)


def _question(fields: Fields) -> Question:
    fields.only(*_QUESTION_FIELDS)
    kind = fields.text("kind")
    if kind not in KINDS:
        fields.refuse(f'"kind" must be one of {", ".join(KINDS)}')
    question = Question(
        id=_id(fields),
        kind=kind,
        prompt=fields.text("prompt"),
        answer=fields.texts("answer"),
        picture=fields.text("picture", ""),
        audio=fields.text("audio", ""),
        options=_options(fields, "options"),
        left=_options(fields, "left"),
        right=_options(fields, "right"),
        tolerance=fields.number("tolerance", 0.0, low=0.0, high=1e9),
        difficulty=fields.whole("difficulty", 3, low=1, high=5),
        competencies=fields.texts("competencies"),
        hint=fields.text("hint", ""),
        explanation=fields.text("explanation", ""),
        pool=_id(fields, "pool") if fields.text("pool", "") else "",
    )
    _check_parts(fields, question)
    _CHECKS[kind](fields, question)
    return question


def _options(fields: Fields, name: str) -> tuple[Option, ...]:
    tables = fields.tables(name, called={"options": "option"}.get(name, name))
    if len(tables) > OPTIONS_MAX:
        fields.refuse(f'"{name}" holds more than {OPTIONS_MAX}')
    for table in tables:
        table.only("id", "text", "picture")
    options = tuple(
        Option(id=_id(table), text=table.text("text", limit=500), picture=table.text("picture", "")) for table in tables
    )
    _unique(fields, [option.id for option in options])
    return options


def _id(fields: Fields, name: str = "id") -> str:
    found = fields.text(name)
    if not _ID.fullmatch(found):
        fields.refuse(f'"{name}" must be letters, digits, dots and dashes, at most 40')
    return found


def _unique(fields: Fields, ids: list[str]) -> None:
    for each, count in Counter(ids).items():
        if count > 1:
            fields.refuse(f'the id "{each}" is used twice')


def _check_parts(fields: Fields, question: Question) -> None:
    """Each kind has its own parts; one that does not belong would silently change the question."""
    wants_options = question.kind in ("choice", "several", "order")
    if wants_options != bool(question.options) or (wants_options and len(question.options) < 2):
        fields.refuse('"options" must hold two or more for choice, several and order, and none elsewhere')
    if (question.kind == "match") != bool(question.left and question.right):
        fields.refuse('"left" and "right" belong to match, and only there')
    if question.tolerance and question.kind != "number":
        fields.refuse('"tolerance" belongs to number')
    if not question.answer:
        fields.refuse('"answer" is missing')


def _check_choice(fields: Fields, question: Question) -> None:
    if len(question.answer) != 1 or question.answer[0] not in _ids(question.options):
        fields.refuse('"answer" must be the id of one option')


def _check_several(fields: Fields, question: Question) -> None:
    if not set(question.answer) <= set(_ids(question.options)):
        fields.refuse('"answer" must be ids of options')


def _check_order(fields: Fields, question: Question) -> None:
    if sorted(question.answer) != sorted(_ids(question.options)):
        fields.refuse('"answer" must name each option once, in the right order')


def _check_number(fields: Fields, question: Question) -> None:
    for text in question.answer:
        if len(readings(text)) != 1:
            fields.refuse(f'"{text}" in "answer" must be one plain number, such as 12 or 1.5')


def _check_text(fields: Fields, question: Question) -> None:
    for text in question.answer:
        if not any(letter.isalnum() for letter in text):
            fields.refuse(f'"{text}" in "answer" holds no letter')


def _check_match(fields: Fields, question: Question) -> None:
    pairs = [tuple(part.strip() for part in text.split("=")) for text in question.answer]
    if any(len(pair) != 2 for pair in pairs):
        fields.refuse('"answer" must be pairs such as "left=right"')
    if sorted(pair[0] for pair in pairs) != sorted(_ids(question.left)):
        fields.refuse('"answer" must name each left once')
    if not {pair[1] for pair in pairs} <= set(_ids(question.right)):
        fields.refuse('"answer" must pair with ids of right')


def _ids(options: tuple[Option, ...]) -> list[str]:
    return [option.id for option in options]


_CHECKS = {
    "choice": _check_choice,
    "several": _check_several,
    "order": _check_order,
    "number": _check_number,
    "text": _check_text,
    "match": _check_match,
}
