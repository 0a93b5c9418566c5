"""Quizzes in Aiken: four shapes of lines, and what breaks them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.errors import ContentError, QuizWrong
from content.exercise import mark
from content.formats import aiken, describe
from hub import library
from hub.node import Node
from tests.fixtures.cast import Cast
from tests.fixtures.quizzes import chosen, left_out, play, questions, quizzes, written

SHOWN = """Is this a Correct Answer?
A. Yes
B. No
ANSWER: A

Which LMS has the most quiz import formats?
A) Moodle
B) ATutor
C) Claroline
D) Blackboard
E) WebCT
F) Ilias
ANSWER: A
"""


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Path]:
    """An Aiken file with a text."""
    return lambda text: written(tmp_path / "made.txt", text)


def test_questions_are_right_and_wrong_as_they_were(make: Callable[[str], Path]) -> None:
    """As Moodle's documentation writes them, with a point or a bracket; the order of the letters stays."""
    source = make(SHOWN)
    found = questions(source)
    first, second = found.values()
    assert [option.text for option in second.options][:2] == ["Moodle", "ATutor"]
    assert mark(second, chosen(second, "Moodle")).is_right and not mark(second, chosen(second, "Ilias")).is_right
    assert mark(first, chosen(first, "Yes")).is_right and not mark(first, chosen(first, "No")).is_right
    assert left_out(source) == ""


def test_scripts_lines_and_ends_of_lines(make: Callable[[str], Path]) -> None:
    """Right to left, a question of two lines, Windows and its mark before the text, no empty line between."""
    text = "\ufeffما هذا؟\r\nانظر جيّدًا.\r\nA. بئر\r\nB. نهر\r\nANSWER: B\r\nDr. K. says?\nA. x\nB. y\nANSWER : A"
    found = questions(make(text))
    assert list(found) == ["ما هذا؟\nانظر جيّدًا.", "Dr. K. says?"]
    assert mark(found["ما هذا؟\nانظر جيّدًا."], chosen(found["ما هذا؟\nانظر جيّدًا."], "نهر")).is_right


def test_signs_of_other_formats_are_only_signs(make: Callable[[str], Path]) -> None:
    """Braces and tags stay what they are."""
    found = questions(make("What is {=x} in <b>?\nA. ~a\nB. =b\nANSWER: B\n"))
    assert [option.text for option in found["What is {=x} in <b>?"].options] == ["~a", "=b"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"{SHOWN}Cut?\nA. x\nB. y\n", r"made\.txt:17: the last question has no answer"),
        (f"{SHOWN}Cut?", "the last question has no answer"),
        (f"{SHOWN}What?\nA. x\nB. y\nANSWER: C\n", r"made\.txt:17: the answer is none of the options"),
        (f"{SHOWN}What?\nA. x\nA. y\nANSWER: A\n", "a letter stands before two options"),
        (f"{SHOWN}What?\nA. x\nB. y\nNext?\nANSWER: A\n", "an option or ANSWER: with a letter is wanted here"),
        (f"{SHOWN}ANSWER: A\n", "the answer is none of the options"),
        (f"{SHOWN}What\0?\n", "signs that no text has"),
        ("What?\nA. x\nB. y\nANSWER: A\n" * 5000, "its number of questions"),
        (f"{SHOWN}{'x' * 2_000_000}", "too large to open"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(make: Callable[[str], Path], text: str, sentence: str) -> None:
    """Cut short, without its right option, with signs of no text, endless."""
    with pytest.raises(ContentError, match=sentence):
        describe(make(text))


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_another_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    """With the sentence that names the right one."""
    source = tmp_path / "made.txt"
    source.write_bytes(SHOWN.replace("Yes", "Où").encode(encoding))
    with pytest.raises(QuizWrong, match="not text in UTF-8"):
        describe(source)


def test_what_is_lost_is_said(make: Callable[[str], Path]) -> None:
    """One option is no choice, and too long is too long."""
    source = make(f"{SHOWN}One?\nA. x\nANSWER: A\nLong {'x' * 5000}?\nA. x\nB. y\nANSWER: A\n")
    assert left_out(source) == (
        "questions that are not written as their format asks are left out (3); "
        "questions that are too long for a page are left out (4)"
    )
    assert len(questions(source)) == 2


@pytest.mark.parametrize(
    "text", ["\n" * 60_000, "A. x\n" * 10_000 + "\n" * 10_000, "A. x" + " " * 60_000, "A." * 30_000]
)
def test_a_text_that_is_no_quiz_is_soon_left_alone(make: Callable[[str], Path], text: str) -> None:
    """Plain texts end in .txt too."""
    assert not aiken.recognise(make(text))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(["A. x", "B) y", "ANSWER: A", "ANSWER: B", "", "What?", "{T}", "A.", "Z. \u200f"]), max_size=12
    )
)
def test_whatever_stands_in_it_ends_with_a_draft_or_a_sentence(make: Callable[[str], Path], lines: list[str]) -> None:
    """And a draft is one that the shelf takes."""
    try:
        questions(make("\n".join([*SHOWN.splitlines(), *lines])))
    except ContentError:
        return


def test_a_quiz_is_installed_played_and_passed(cast: Cast, node: Node, make: Callable[[str], Path]) -> None:
    """From the file to the record, through the learner's pages."""
    source = make(SHOWN)
    added = library.add(node, source=source)
    assert play(node, cast.client("learner"), added.package, quizzes(source)["made"])
