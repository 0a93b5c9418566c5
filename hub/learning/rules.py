"""The rules by which answers become words: right, passed, what a person can do, who needs help.

They are few and simple on purpose, so that a learner or facilitator can be told them and question them;
docs/learner.md says them in plain words.
"""

from collections.abc import Sequence

from content.exercise import Question
from hub.tables.recognition import ALONE, NOT_YET, TEACHES, WITH_HELP

TRIES_WITH_HINT, TRIES = 2, 1
"""A question with a hint may be tried once more after it."""
HELPED = 0.5
"""A right answer after a hint counts half in the score of a sitting."""
PASS_SCORE = 0.8
"""Eight in ten pass a quiz."""

RIGHT = 1000
LOOKED_AT = 5
"""First answers to one competency that are looked at: the latest ones."""
ENOUGH = 3
"""Below this many first answers nothing is said but that it has begun."""
KNOWS = 4
"""Right ones among the latest five that show a competency."""
STRUGGLES = 3
"""Wrong ones among the latest five that ask for help."""
LASTING_MS = 3 * 86_400_000
"""Right answers this far apart show that it stayed."""
AWAY_MS = 14 * 86_400_000
"""Not seen for this long asks for a visit."""

SEED, SPROUT, PLANT, FLOWER = "seed", "sprout", "plant", "flower"
STATES = (SEED, SPROUT, PLANT, FLOWER)
"""Begun; on the way; can do it; still can days later."""
SEEN = {NOT_YET: SEED, WITH_HELP: SPROUT, ALONE: PLANT, TEACHES: FLOWER}
"""How well a facilitator saw it done → what is said of it."""
HOLDS = 3
"""So many first answers given after it, enough to say something, and what was seen no longer decides."""


def tries_allowed(question: Question) -> int:
    """How often a question may be answered in one sitting."""
    return TRIES_WITH_HINT if question.hint else TRIES


def is_closed(question: Question, scores: Sequence[float]) -> bool:
    """Whether the answers so far, each from 0 to 1 in their order, leave nothing more to try."""
    return 1 in scores or len(scores) >= tries_allowed(question)


def worth(scores: Sequence[float]) -> float:
    """What the answers to one question count in a sitting, 0 to 1: the first fully, a second one half."""
    if not scores:
        return 0.0
    return max(scores[0], *(HELPED * score for score in scores[1:]), 0.0)


def state(recent: Sequence[int], *, right_first_ms: int | None, right_last_ms: int | None) -> str:
    """What a person can do by the scores (thousandths) of the latest first answers, newest first."""
    latest = recent[:LOOKED_AT]
    right = sum(score == RIGHT for score in latest)
    if right >= KNOWS:
        apart = (right_last_ms or 0) - (right_first_ms or 0)
        return FLOWER if apart >= LASTING_MS else PLANT
    return SPROUT if len(latest) >= ENOUGH and right * 2 >= len(latest) else SEED


def seen_holds(newer: int) -> bool:
    """Whether what was seen decides still, after so many first answers that came later. People go before machines."""
    return newer < HOLDS


def needs_help(recent: Sequence[int]) -> bool:
    """Whether the latest first answers ask for help: three or more of the last five were wrong."""
    return sum(score < RIGHT for score in recent[:LOOKED_AT]) >= STRUGGLES
