"""The rules that turn answers into words, as docs/learner.md says them."""

import pytest

from content.exercise import Question
from hub.learning import rules

R, W, HALF = 1000, 0, 500
DAY_MS = 86_400_000


@pytest.mark.parametrize(
    ("recent", "days", "state"),
    [
        ([], 0, "seed"),
        ([R], 0, "seed"),
        ([R, R], 9, "seed"),
        ([W, W, W], 0, "seed"),
        ([R, W, W], 0, "seed"),
        ([R, R, W], 0, "sprout"),
        ([R, R, R], 9, "sprout"),
        ([R, W, R, W], 0, "sprout"),
        ([R, R, R, R], 0, "plant"),
        ([W, R, R, R, R], 2, "plant"),
        ([R, R, R, R, W], 3, "flower"),
        ([R, R, R, W, W, R, R, R], 9, "sprout"),
        ([HALF, HALF, R, R, R], 0, "sprout"),
    ],
)
def test_what_somebody_can_do(recent: list[int], days: int, state: str) -> None:
    """By the latest five first answers, newest first, and the days between right ones."""
    first = 1 if R in recent else None
    last = 1 + days * DAY_MS if R in recent else None
    assert rules.state(recent, right_first_ms=first, right_last_ms=last) == state


@pytest.mark.parametrize(
    ("recent", "needs"),
    [([], False), ([W, W], False), ([W, W, W], True), ([R, R, W, W, W], True), ([R, R, R, W, W, W, W], False)],
)
def test_who_needs_help(recent: list[int], needs: bool) -> None:
    """Three or more of the latest five were wrong."""
    assert rules.needs_help(recent) is needs


@pytest.mark.parametrize(
    ("scores", "worth"), [([], 0), ([1], 1), ([0], 0), ([0, 1], 0.5), ([0.5], 0.5), ([0.5, 0], 0.5), ([0.8, 1], 0.8)]
)
def test_what_the_answers_to_a_question_are_worth(scores: list[float], worth: float) -> None:
    """A hint costs half, and never more than was there before."""
    assert rules.worth(scores) == worth


@pytest.mark.parametrize(
    ("hint", "scores", "closed"),
    [("", [], False), ("", [0], True), ("x", [0], False), ("x", [1], True), ("x", [0, 0], True), ("x", [0.5], False)],
)
def test_when_a_question_is_closed(hint: str, scores: list[float], closed: bool) -> None:
    """Right, or no try left."""
    question = Question("q", "number", "?", ("1",), hint=hint)
    assert rules.is_closed(question, scores) is closed
