"""Marking is pure: the same question and answer give the same mark, and nothing typed breaks it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.errors import QuizWrong
from content.exercise import KINDS, Question, load, mark
from content.numerals import readings
from tests.fixtures.packages import QUIZ

TEXT = """title = "All kinds"
[[question]]
id = "choice"
kind = "choice"
prompt = "Which?"
options = [{ id = "a", text = "A" }, { id = "b", text = "B" }]
answer = ["a"]
[[question]]
id = "several"
kind = "several"
prompt = "Which ones?"
options = [{ id = "a", text = "A" }, { id = "b", text = "B" }, { id = "c", text = "C" }, { id = "d", text = "D" }]
answer = ["a", "b"]
[[question]]
id = "number"
kind = "number"
prompt = "How much?"
answer = ["1.5"]
tolerance = 0.1
[[question]]
id = "text"
kind = "text"
prompt = "Say it."
answer = ["école", "the school"]
[[question]]
id = "order"
kind = "order"
prompt = "In order."
options = [{ id = "a", text = "A" }, { id = "b", text = "B" }, { id = "c", text = "C" }]
answer = ["a", "b", "c"]
[[question]]
id = "match"
kind = "match"
prompt = "Pairs."
left = [{ id = "a", text = "A" }, { id = "b", text = "B" }]
right = [{ id = "x", text = "X" }, { id = "y", text = "Y" }]
answer = ["a=x", "b=y"]
"""
ALL = {question.id: question for question in load(TEXT.encode()).questions}
MARKS = [
    ("choice", ["a"], 1),
    ("choice", ["b"], 0),
    ("choice", ["a", "b"], 0),
    ("several", ["b", "a"], 1),
    ("several", ["a"], 0.5),
    ("several", ["a", "b", "c"], 0.5),
    ("several", ["a", "b", "c", "d"], 0),
    ("number", ["1,5"], 1),
    ("number", ["3/2"], 1),
    ("number", ["١٫٥"], 1),
    ("number", ["1.58"], 1),
    ("number", ["1.7"], 0),
    ("number", ["one"], 0),
    ("number", ["1,234.567,8"], 0),
    ("text", ["ECOLE!"], 1),
    ("text", [" The  school. "], 1),
    ("text", ["scool"], 0),
    ("text", ["!"], 0),
    ("order", ["a", "b", "c"], 1),
    ("order", ["b", "a", "c"], 0.3333),
    ("order", ["c", "b", "a"], 0),
    ("order", ["a", "a", "c"], 0),
    ("match", ["b=y", "a=x"], 1),
    ("match", ["a=x", "b=x"], 0.5),
    ("match", ["a=x", "a=y"], 0),
]
SLIPS = [
    ('answer = ["lid"]', 'answer = ["no"]', "the id of one option"),
    ('answer = ["lid"]', "", '"answer" is missing'),
    ('kind = "choice"', 'kind = "guess"', '"kind" must be one of'),
    ('{ id = "rope", text = "A rope" }', '{ id = "lid", text = "A rope" }', "used twice"),
    (', { id = "rope", text = "A rope" }', "", "two or more"),
    ('id = "lid"\nkind', 'id = "l d"\nkind', "letters, digits, dots and dashes"),
    ("prompt", "promt", 'the field "promt" is not known'),
    ('title = "Try it"', "title = 7", "must be a text in quotes"),
    ("[[question]]", "[question]", '"question" must be a list'),
    ('answer = ["lid"]', 'answer = ["lid"]\ntolerance = 1', '"tolerance" belongs to number'),
]


@pytest.mark.parametrize(("kind", "answer", "score"), MARKS)
def test_each_kind_is_marked_by_its_rule(kind: str, answer: list[str], score: float) -> None:
    """Right, partly right and wrong answers of every kind; right means nothing missing, nothing too much."""
    marked = mark(ALL[kind], tuple(answer))
    assert marked.score == score
    assert marked.is_right == (score == 1)


@given(st.sampled_from(KINDS), st.lists(st.text(max_size=12) | st.sampled_from("abxy="), max_size=6))
@settings(max_examples=200, deadline=None)
def test_whatever_is_sent_gets_a_mark(kind: str, answer: list[str]) -> None:
    """Between 0 and 1, the same each time, and 1 exactly when right."""
    marked = mark(ALL[kind], tuple(answer))
    assert 0 <= marked.score <= 1
    assert marked == mark(ALL[kind], tuple(answer))
    assert marked.is_right == (marked.score == 1)


@pytest.mark.parametrize("question", ALL.values(), ids=list(ALL))
def test_the_answer_in_the_file_is_right(question: Question) -> None:
    """What the author wrote earns everything; of several spellings each does."""
    for answer in [(each,) for each in question.answer] if question.kind == "text" else [question.answer]:
        assert mark(question, answer).is_right


def test_a_flood_is_wrong_and_quick() -> None:
    """An answer beyond the limits is not looked at."""
    assert mark(ALL["order"], ("a",) * 101).score == 0
    assert mark(ALL["text"], ("école" * 1000,)).score == 0


@pytest.mark.parametrize(("old", "new", "sentence"), SLIPS)
def test_a_slip_in_a_quiz_is_said(old: str, new: str, sentence: str) -> None:
    """One sentence that names the place."""
    assert old in QUIZ
    with pytest.raises(QuizWrong, match=sentence):
        load(QUIZ.replace(old, new, 1).encode(), where="try.toml")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("12", {12}),
        ("1,500", {1.5, 1500}),
        ("1.234,5", {1234.5}),
        ("1 000", {1000}),
        ("२५", {25}),
        ("−3", {-3}),
        ("٠٫٥", {0.5}),
        ("\u061c-٣\u200f", {-3}),
        ("1/0", set()),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, values: set[float]) -> None:
    """Every script's digits, both decimal signs, and both readings where there are two."""
    assert {float(value) for value in readings(text)} == values
