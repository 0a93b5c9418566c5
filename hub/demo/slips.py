"""Answers of people who do not exist: the right one, or a slip that a person could make."""

import random
from collections.abc import Callable

from content.exercise import Question, mark

Answer = tuple[str, ...]
FAR_OFF = "0"
"""A number and a word that are wrong in every quiz of ours, should a slip happen to be right."""


def right(question: Question) -> Answer:
    """The right answer; of several accepted ones the first."""
    return question.answer[:1] if question.kind in ("number", "text") else question.answer


def wrong(question: Question, chance: random.Random) -> Answer:
    """A wrong answer of the kind that fits the question."""
    slip = SLIPS[question.kind](question, chance)
    return slip if not mark(question, slip).is_right else (FAR_OFF,)


def _other_option(question: Question, chance: random.Random) -> Answer:
    others = [option.id for option in question.options if option.id not in question.answer]
    return (chance.choice(others),)


def _one_left_out(question: Question, chance: random.Random) -> Answer:
    """One right option forgotten."""
    left_out = chance.choice(question.answer)
    return tuple(each for each in question.answer if each != left_out)


def _near_number(question: Question, chance: random.Random) -> Answer:
    return (str(round(float(question.answer[0])) + chance.choice((-10, -1, 1, 10))),)


def _letters_turned(question: Question, _chance: random.Random) -> Answer:
    """The word with its first two letters turned round."""
    word = question.answer[0]
    return (word[1::-1] + word[2:],) if len(word) > 1 else (FAR_OFF,)


def _two_turned(question: Question, chance: random.Random) -> Answer:
    """Two neighbours in the wrong order."""
    order = list(question.answer)
    place = chance.randrange(len(order) - 1)
    order[place], order[place + 1] = order[place + 1], order[place]
    return tuple(order)


def _partners_mixed(question: Question, chance: random.Random) -> Answer:
    """Two lefts with each other's rights."""
    pairs = [tuple(pair.split("=")) for pair in question.answer]
    place = chance.randrange(len(pairs) - 1)
    rights = [pair[1] for pair in pairs]
    rights[place], rights[place + 1] = rights[place + 1], rights[place]
    return tuple(f"{pair[0]}={found}" for pair, found in zip(pairs, rights, strict=True))


SLIPS: dict[str, Callable[[Question, random.Random], Answer]] = {
    "choice": _other_option,
    "several": _one_left_out,
    "number": _near_number,
    "text": _letters_turned,
    "order": _two_turned,
    "match": _partners_mixed,
}
"""Kind of question → how it goes wrong."""
