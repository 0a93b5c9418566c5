"""Drawing: a few of many questions are asked at each sitting, the same few to its end."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import authored
from content.errors import QuizWrong
from content.exercise import Draw, Question, Quiz, load


def asked(name: str, pool: str = "") -> Question:
    """A sum."""
    return Question(id=name, kind="number", prompt=f"{name}?", answer=("1",), pool=pool)


QUIZ = Quiz(
    "Sums",
    (asked("first"), *(asked(f"a{at}", "easy") for at in range(8)), *(asked(f"b{at}", "hard") for at in range(3))),
    (Draw("easy", 3), Draw("hard", 2)),
)


def names(quiz: Quiz) -> list[str]:
    """The ids of its questions."""
    return [each.id for each in quiz.questions]


@given(st.text(max_size=20))
def test_a_sitting_asks_so_many_of_each_pool(seed: str) -> None:
    """And all that are in none; in the order of the file, and always the same."""
    found = QUIZ.drawn(seed)
    assert [each.pool for each in found.questions] == ["", *["easy"] * 3, *["hard"] * 2]
    assert names(found) == [each for each in names(QUIZ) if each in names(found)]
    assert (QUIZ.drawn(seed), found.drawn("else")) == (found, found)


def test_every_question_has_its_turn() -> None:
    """Over many sittings none is forgotten, and two sittings are seldom alike."""
    sittings = [names(QUIZ.drawn(str(number))) for number in range(60)]
    assert {name for each in sittings for name in each} == set(names(QUIZ))
    assert len({tuple(each) for each in sittings}) > 30


@given(st.text(max_size=20), st.sets(st.sampled_from([f"a{at}" for at in range(8)]), max_size=3))
def test_what_was_answered_stays_in_its_sitting(seed: str, answered: set[str]) -> None:
    """Also when the pool grew or shrank since."""
    grown = replace(QUIZ, questions=(*QUIZ.questions, asked("c", "easy"), asked("d", "easy")))
    assert answered <= set(names(QUIZ.drawn(seed, answered=answered)))
    assert answered <= set(names(grown.drawn(seed, answered=answered)))
    assert len(names(grown.drawn(seed, answered=answered))) == len(names(QUIZ.drawn(seed)))


def test_a_quiz_without_draws_is_asked_whole() -> None:
    """As ever."""
    plain = Quiz("Sums", (asked("a"), asked("b")))
    assert plain.drawn("x") is plain


def test_draws_are_written_and_read() -> None:
    """As the same quiz."""
    assert load(authored.quiz(QUIZ)) == QUIZ


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('[[draw]]\npool = "hard"\ncount = 2\n', "", 'each "pool" of questions must have one "draw"'),
        ("count = 2", "count = 4", "at most as many"),
        ("count = 2", "count = 0", "whole number from 1"),
        ('pool = "hard"\ncount', 'pool = "none"\ncount', "at most as many"),
        ('[[draw]]\npool = "hard"', '[[draw]]\npool = "easy"', 'each "pool" of questions must have one "draw"'),
        ('pool = "hard"', 'pool = "so hard"', "letters, digits, dots and dashes"),
    ],
)
def test_a_slip_is_said(old: str, new: str, why: str) -> None:
    """One sentence that names the place."""
    text = authored.quiz(QUIZ).decode()
    assert old in text
    with pytest.raises(QuizWrong, match=why):
        load(text.replace(old, new, 1).encode())
