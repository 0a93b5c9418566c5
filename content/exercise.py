"""Exercises: reading a quiz, and marking an answer.

Marking is pure: the same question and answer give the same mark on every hub, for ever. Who answered what,
and what follows from it, is no business of this package.
"""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from content.numerals import readings
from content.question import KINDS, Draw, Option, Question, Quiz
from content.quiz_file import load, media
from content.search import plain_words

__all__ = ["KINDS", "Draw", "Mark", "Option", "Question", "Quiz", "load", "mark", "media"]

ANSWERS_MAX = 100
"""Parts of one answer that are looked at; no question has as many options."""

ANSWER_CHARS_MAX = 2_000
"""Characters of one part that are looked at: a paragraph."""


@dataclass(frozen=True)
class Mark:
    """`score` from 0 to 1; `is_right` only when nothing is missing and nothing too much."""

    score: float
    is_right: bool


def mark(question: Question, answer: tuple[str, ...]) -> Mark:
    """Mark an answer, given in the spelling of `Question.answer`; anything at all may be handed in.

    choice, number, text: 1 or 0. The partial scores are explained at their functions.
    """
    if len(answer) > ANSWERS_MAX or any(len(part) > ANSWER_CHARS_MAX for part in answer):
        return Mark(score=0.0, is_right=False)
    score = _SCORES[question.kind](question, tuple(part.strip() for part in answer))
    return Mark(score=round(float(score), 4), is_right=score == 1)


def _score_choice(question: Question, answer: tuple[str, ...]) -> Fraction:
    return Fraction(answer == question.answer)


def _score_several(question: Question, answer: tuple[str, ...]) -> Fraction:
    """The share of right options chosen, less the share of wrong options chosen; never below 0.

    So choosing nothing and choosing everything both earn nothing, and one slip costs only its share.
    """
    right, chosen = set(question.answer), set(answer)
    wrong = {option.id for option in question.options} - right
    gained = Fraction(len(chosen & right), len(right))
    lost = Fraction(len(chosen - right), max(1, len(wrong)))
    return max(Fraction(0), gained - lost)


def _score_number(question: Question, answer: tuple[str, ...]) -> Fraction:
    """1 when any way to read the number lies within the tolerance of any accepted number."""
    if len(answer) != 1:
        return Fraction(0)
    wanted = {value for text in question.answer for value in readings(text)}
    tolerance = Fraction(str(question.tolerance))
    return Fraction(any(abs(given - right) <= tolerance for given in readings(answer[0]) for right in wanted))


def _score_text(question: Question, answer: tuple[str, ...]) -> Fraction:
    """1 when the words are those of an accepted spelling; case, accents, punctuation and spaces do not count.

    A phone's keyboard may lack the accents, and the exercise is about the word.
    """
    if len(answer) != 1 or not plain_words(answer[0]):
        return Fraction(0)
    return Fraction(plain_words(answer[0]) in {plain_words(text) for text in question.answer})


def _score_order(question: Question, answer: tuple[str, ...]) -> Fraction:
    """Kendall's tau, never below 0: pairs in the right order less pairs in the wrong order, over all pairs.

    One swap of neighbours costs little, the reverse order earns nothing, and so does guessing, on average.
    """
    if Counter(answer) != Counter(question.answer):
        return Fraction(0)
    place = {option: position for position, option in enumerate(question.answer)}
    pairs = [place[first] < place[second] for first, second in combinations(answer, 2)]
    return max(Fraction(0), Fraction(2 * sum(pairs) - len(pairs), len(pairs)))


def _score_match(question: Question, answer: tuple[str, ...]) -> Fraction:
    """The share of lefts that have their right partner; a left with two partners counts as wrong."""
    given = Counter(pair.partition("=")[0].strip() for pair in answer)
    pairs = {_pair(pair) for pair in answer if given[pair.partition("=")[0].strip()] == 1}
    right = {_pair(pair) for pair in question.answer}
    return Fraction(len(pairs & right), len(right))


def _pair(text: str) -> tuple[str, str]:
    left, _, right = text.partition("=")
    return left.strip(), right.strip()


_SCORES = {
    "choice": _score_choice,
    "several": _score_several,
    "number": _score_number,
    "text": _score_text,
    "order": _score_order,
    "match": _score_match,
}
