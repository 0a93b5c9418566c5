"""Quizzes in GIFT: every kind that Moodle's documentation shows, what is left out, and what is refused."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.errors import ContentError, PackageTooLarge, PackageUnfit, QuizWrong
from content.exercise import mark
from content.formats import describe, gift
from content.install import install
from content.limits import DEFAULT
from content.shelf import Shelf
from hub import library
from hub.node import Node
from tests.fixtures.cast import Cast
from tests.fixtures.quizzes import chosen, left_out, paired, play, questions, quizzes, written

SHOWN = r"""// true/false
::Q1:: 1+1=2 {T}

// multiple choice
::Q2:: What's between orange and green in the spectrum?
{ =yellow ~red ~blue }

// fill-in-the-blank
::Q3:: Two plus {=two =2} equals four.

// matching
::Q4:: Which animal eats which food? { =cat -> cat food =dog -> dog food =dog pup -> dog food = -> hay }

// math range question
::Q5:: What is a number from 1 to 5? {#3:2}

// math range specified with interval end points
::Q6:: What is a number from 1 to 5, again? {#1..5}

// multiple numeric answers without feedback
::Q7:: When was Ulysses S. Grant born? {#
=1822
=1823}

// missing word
::Q8:: Mahatma Gandhi's birthday is an Indian holiday on {~15th ~3rd =2nd} of October.

// several right
::Q9:: What two people are entombed in Grant's tomb? {
~%-100%No one
~%50%Grant
~%50%Grant's wife
~%-100%Grant's father }

::Q10:: Which answer equals 5? {
~ \= 2 + 2
= \= 2 + 3
~ \= \{4\} \# \~ \: \\
}
"""
RIGHT = {
    "What's between orange and green in the spectrum?": ["yellow"],
    "Mahatma Gandhi's birthday is an Indian holiday on _____ of October.": ["2nd"],
    "What two people are entombed in Grant's tomb?": ["Grant", "Grant's wife"],
    "Which answer equals 5?": ["= 2 + 3"],
    "1+1=2": ["True"],
}


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Path]:
    """A GIFT file with a text."""
    return lambda text: written(tmp_path / "made.gift", text)


def test_every_kind_becomes_a_question_of_ours(make: Callable[[str], Path]) -> None:
    """As Moodle's documentation writes them; nothing is lost on the way."""
    source = make(SHOWN)
    found = questions(source)
    kinds = ["choice", "choice", "text", "match", "number", "number", "number", "choice", "several", "choice"]
    assert [each.kind for each in found.values()] == kinds
    assert left_out(source) == ""


@pytest.mark.parametrize("prompt", RIGHT)
def test_options_are_right_and_wrong_as_they_were(make: Callable[[str], Path], prompt: str) -> None:
    """The right ones alone are right; each other one is wrong; escaped signs are themselves."""
    question = questions(make(SHOWN))[prompt]
    right = chosen(question, *RIGHT[prompt])
    assert mark(question, right).is_right
    assert not any(mark(question, (option.id,)).is_right for option in question.options if (option.id,) != right)


def test_typed_answers_are_right_and_wrong_as_they_were(make: Callable[[str], Path]) -> None:
    """Each spelling; the ends of a range and what lies behind them; each of several numbers."""
    found = questions(make(SHOWN))
    word, near = found["Two plus _____ equals four."], found["What is a number from 1 to 5?"]
    range_, year = found["What is a number from 1 to 5, again?"], found["When was Ulysses S. Grant born?"]
    right = [(word, "two"), (word, "2"), (near, "1"), (near, "5"), (range_, "1"), (range_, "5"), (year, "1823")]
    wrong = [(word, "three"), (near, "5.1"), (range_, "0.9"), (year, "1824")]
    assert [mark(question, (given,)).is_right for question, given in right + wrong] == [True] * 7 + [False] * 4


def test_pairs_are_right_and_wrong_as_they_were(make: Callable[[str], Path]) -> None:
    """Two lefts with one right; a right one that belongs to nobody; the rights are not in the order of the lefts."""
    question = questions(make(SHOWN))["Which animal eats which food?"]
    right = {"cat": "cat food", "dog": "dog food", "dog pup": "dog food"}
    assert mark(question, paired(question, right)).is_right
    assert not mark(question, paired(question, right | {"cat": "hay"})).is_right


def test_the_right_option_is_not_always_the_first(make: Callable[[str], Path]) -> None:
    """Many write it first; options are mixed, and the same way each time."""
    source = make("\n\n".join(f"Question {number}? {{=right ~wrong ~other}}" for number in range(30)))
    first = [each.options[0].text for each in questions(source).values()]
    assert 3 < first.count("right") < 20
    assert first == [each.options[0].text for each in questions(source).values()]


def test_three_digits_behind_the_point_are_no_thousands(make: Callable[[str], Path]) -> None:
    """1.234 is a little more than one."""
    (question,) = questions(make("How long? {#1.234:0.001}")).values()
    assert [mark(question, (text,)).is_right for text in ("1.234", "1.2345", "1235")] == [True, True, False]


def test_categories_become_quizzes(make: Callable[[str], Path]) -> None:
    """With what they are called below the top; two pieces of one category are one quiz; an empty one is none."""
    text = """$CATEGORY: $course$/top/Water/Wells // clean
One? {T}

$CATEGORY: Empty

$CATEGORY: top/Goats
Two? {T}
$CATEGORY: $course$/top/Water/Wells // clean

Three? {F}
"""
    found = quizzes(make(text))
    assert {title: len(quiz.questions) for title, quiz in found.items()} == {"Water / Wells / clean": 2, "Goats": 1}


def test_formats_comments_and_explanations(make: Callable[[str], Path]) -> None:
    """HTML and Markdown become words; general feedback explains, else what is said to the right answer."""
    text = r"""[html]<p>H<sub>2</sub>O &amp; salt?</p> {=yes ~no ####[html]Sea <i>water</i>.}

[markdown]Is it *so*? {
// a comment between answers
=yes#Indeed.
~no}

Line one\nline two? {T}

[plain]a <b> c? {T#No!#Right, it is.}
"""
    source = make(text)
    found = questions(source)
    assert list(found) == ["H₂O & salt?", "Is it so?", "Line one\nline two?", "a <b> c?"]
    assert [each.explanation for each in found.values()] == ["Sea water.", "Indeed.", "", "Right, it is."]
    assert left_out(source).startswith(
        "of texts only the words stay, without links, tables and emphasis (1, 2); what is"
    )


def test_true_and_false_are_said_in_the_language_of_the_file(tmp_path: Path) -> None:
    """Which its name tells; and a text from right to left stays as it is."""
    source = written(tmp_path / "maji.ar.gift", "الماء سائل؟ {T}\n\nكم عدد الأبواب؟ {=ثلاثة ~أربعة}")
    found = questions(source)
    assert [option.text for option in found["الماء سائل؟"].options] == ["صحيح", "خطأ"]
    assert mark(found["كم عدد الأبواب؟"], chosen(found["كم عدد الأبواب؟"], "ثلاثة")).is_right
    with closing(describe(source)) as draft:
        assert draft.manifest.language == "ar"


LOSING = {
    "Write. {}": "questions with a long answer in one's own words are left out (2)",
    "Only words.": "texts that ask nothing are left out (2)",
    "A {=a} and {=b}.": "questions with several gaps in one text are left out (2)",
    "A {=a}\nand {=b}.": "questions with several gaps in one text are left out (2)",
    "::One:: A? {=a}\n::Two:: B? {=b}": (
        "questions are left out that run into the next one, since no empty line stands between them (2)"
    ),
    "ما هذا؟ {=a}\nما ذلك؟ {=b}": (
        "questions are left out that run into the next one, since no empty line stands between them (2)"
    ),
    "Open {=a": "questions that are not written as their format asks are left out (2)",
    "Shut =a}": "questions that are not written as their format asks are left out (2)",
    "Which? {x =a ~b}": "questions that are not written as their format asks are left out (2)",
    "Which? {~%x%a =b}": "questions that are not written as their format asks are left out (2)",
    "Which? {=a ~%50%b ~c}": "answers that are partly right count as wrong (2)",
    "Which? {~%70%a ~%30%b ~c}": "each right option counts the same, whatever its weight was (2)",
    "Which? {=a =b ~c}": "questions to choose any one of several right options are left out (2)",
    "Which? {~a ~b}": "questions without an answer that is wholly right are left out (2)",
    "Which? {=a ~b#no ~c}": "what is said to single answers is left out (2)",
    "Which? {" + "~x" * 30 + "=y}": "questions with more options than the library shows are left out (2)",
    "Sign? {=+}": "questions whose answer has no letter or digit are left out (2)",
    "Word? {=a* =b}": "answers with an asterisk for any letters are left out (2)",
    "Word? {=b =%50%c}": "answers that are partly right count as wrong (2)",
    "Year? {#=1822:0 =1900:5}": "questions with several right numbers that differ in their tolerance are left out (2)",
    "Huge? {#" + "9" * 5000 + "}": "questions whose number the library cannot read are left out (2)",
    "Huge? {#1e99}": "questions whose number the library cannot read are left out (2)",
    "Wide? {#1:1e30}": "questions whose number the library cannot read are left out (2)",
    "None? {#abc}": "questions whose number the library cannot read are left out (2)",
    "Long " + "x" * 5000 + "? {T}": "questions that are too long for a page are left out (2)",
    r"What is \(x^2\)? {=a ~b}": "formulas are shown as they were typed (2)",
    '[html]<img src="a.png">What? {=a ~b}': (
        "pictures are left out that are too large, not in the file, or more than one to a text (2)"
    ),
    "[html]<video></video>What? {=a ~b}": "sounds, films and other files are left out (2)",
    "{T}": "questions that are not written as their format asks are left out (2)",
    "Pair? {=a -> b =c}": "questions that are not written as their format asks are left out (2)",
    "[html]<!-- What? {T}": "questions that are not written as their format asks are left out (2)",
}


@pytest.mark.parametrize("text", LOSING)
def test_what_is_lost_is_said(make: Callable[[str], Path], text: str) -> None:
    """In words, with the number of the question; the others are taken."""
    source = make(f"Fine? {{T}}\n\n{text}\n")
    assert left_out(source) == LOSING[text]
    assert "Fine?" in questions(source)


def test_a_file_of_which_nothing_fits_is_refused(make: Callable[[str], Path]) -> None:
    """With one sentence that says why; an empty one too."""
    with pytest.raises(
        PackageUnfit, match=r"no question that this library can ask; .*words are left out \(1, 2\)\. Nothing"
    ):
        describe(make("Write. {}\n\nWrite more. {}"))
    with pytest.raises(QuizWrong, match="it holds no question"):
        describe(make("// nothing\n\n"))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("Où? {T}".encode("latin-1"), "not text in UTF-8"),
        ("What? {T}".encode("utf-16"), "not text in UTF-8"),
        (b"What? {T}\xed\xa0\x80", "not text in UTF-8"),
        (b"What\0? {T}", "signs that no text has"),
        (b"", "it is empty"),
        (b"A? {T}\n\n" * 100_000, "its number of questions is 2001 or more"),
        (b"".join(b"$CATEGORY: %d\nA? {T}\n" % number for number in range(300)), "its number of categories"),
        (b"A? {T}\n" + b"x" * DEFAULT.text_bytes, "too large to open"),
    ],
)
def test_a_file_that_is_no_quiz_is_refused(tmp_path: Path, data: bytes, sentence: str) -> None:
    """Of another encoding, with signs of no text, empty, endless."""
    source = tmp_path / "x.gift"
    source.write_bytes(data)
    with pytest.raises(ContentError, match=sentence):
        describe(source)


@pytest.mark.parametrize(
    "text", ["{" * 100_000, "{=" * 90_000, "::" * 90_000 + "{T}", "~" * 90_000, "A{" + "=~" * 90_000 + "}"]
)
def test_hostile_braces_end_soon(make: Callable[[str], Path], text: str) -> None:
    """No text of a megabyte holds the machine."""
    with pytest.raises(ContentError):
        describe(make(text))


@pytest.mark.parametrize(
    ("text", "is_gift"),
    [
        ("What? {=a ~b}", True),
        ("::Title:: Text {\n=a\n~b\n}", True),
        ("$CATEGORY: x\n", True),
        ("True? {T}", True),
        ("A letter to all. Please {come}.", False),
        ('{"a": 1}', False),
        ("body { color: red }", False),
        ("What?\nA. x\nB. y {=z}\nANSWER: A\n", False),
        ("", False),
    ],
)
def test_only_a_quiz_is_taken_for_one(tmp_path: Path, text: str, is_gift: bool) -> None:  # noqa: FBT001
    """Plain texts end in .txt too."""
    assert gift.recognise(written(tmp_path / "x.txt", text)) is is_gift
    assert not gift.recognise(written(tmp_path / "x.doc", text))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from("{}=~#%:\\->TF 1.5a\n/[]htmlب<&$"), max_size=120))
def test_whatever_stands_in_it_ends_with_a_draft_or_a_sentence(make: Callable[[str], Path], text: str) -> None:
    """And a draft is one that the shelf takes."""
    source = make(text or "x")
    try:
        questions(source)
    except ContentError:
        return


def test_a_quiz_is_installed_played_and_passed(cast: Cast, node: Node, make: Callable[[str], Path]) -> None:
    """From the file to the record, through the learner's pages."""
    source = make(SHOWN)
    added = library.add(node, source=source)
    quiz = quizzes(source)["made"]
    assert play(node, cast.client("learner"), added.package, quiz)


def test_the_same_file_is_the_same_package(make: Callable[[str], Path], tmp_path: Path) -> None:
    """On every hub; another text of that name is another."""
    ids = [
        install(Shelf(tmp_path / name), make(text)).id for name, text in (("a", SHOWN), ("b", SHOWN), ("c", "A? {T}"))
    ]
    assert ids[0] == ids[1] != ids[2]


def test_too_many_questions_are_counted_in_the_sentence(make: Callable[[str], Path]) -> None:
    """So that somebody knows how to cut the file."""
    with pytest.raises(PackageTooLarge, match="the limit is 2000"):
        describe(make("A? {T}\n\n" * 2001))
