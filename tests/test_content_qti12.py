"""Quizzes in QTI 1.2: every kind, however its rules are written, what is left out, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.errors import ContentError, PackageUnfit
from content.exercise import mark
from content.formats import describe, qti12, quizzes
from content.formats.quizzes import Taken
from tests.fixtures import photos
from tests.fixtures.qti12 import (
    CHOICE,
    ESSAY,
    HEAD,
    KINDS,
    MATCH,
    NUMBER,
    PATTERN,
    RIGHTS,
    TRUTH,
    WORD,
    equal,
    feedback,
    fib,
    field,
    file,
    item,
    lid,
    rule,
    text,
)
from tests.fixtures.quizzes import chosen, left_out, paired, questions, written
from tests.fixtures.quizzes import quizzes as quizzes_of

FORMED = "of texts only the words stay, without links, tables and emphasis (1)"


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Path]:
    """A file of QTI 1.2 with a text."""
    return lambda words: written(tmp_path / "made.xml", words)


def test_every_kind_becomes_a_question_of_ours(make: Callable[[str], Path]) -> None:
    """In a quiz with the title of its assessment; hint and explanation have their places."""
    source = make(file(*KINDS))
    assert list(quizzes_of(source)) == ["Water"]
    mali, wet, even, lid_, half, pairs, order = questions(source).values()
    assert [each.kind for each in (mali, wet, even)] == ["choice", "choice", "several"]
    assert [each.kind for each in (lid_, half, pairs, order)] == ["text", "number", "match", "order"]
    assert (mali.hint, mali.explanation, wet.explanation) == (
        "It begins with B.",
        "Bamako lies on the Niger.",
        "It is.",
    )
    assert [option.text for option in mali.options] == ["Dakar", "Bamako"]
    assert lid_.prompt == "The lid keeps _____ out of the well."
    assert left_out(source) == FORMED


def test_answers_are_right_and_wrong_as_they_were(make: Callable[[str], Path]) -> None:
    """Each kind once right and once wrong."""
    mali, wet, even, word, half, pairs, order = questions(make(file(*KINDS))).values()
    right = {"cat": "animal", "rose": "plant"}
    both = [
        (mali, chosen(mali, "Bamako"), chosen(mali, "Dakar")),
        (wet, chosen(wet, "True"), chosen(wet, "False")),
        (even, chosen(even, "2", "4"), chosen(even, "2", "4", "5")),
        (word, ("Dead leaves",), ("birds",)),
        (half, ("22.5",), ("22.4",)),
        (pairs, paired(pairs, right), paired(pairs, right | {"cat": "stone"})),
        (order, chosen(order, *(steps := ["Draw water", "Boil it", "Let it cool"])), chosen(order, *reversed(steps))),
    ]
    assert [(mark(each, yes).is_right, mark(each, no).is_right) for each, yes, no in both] == [(True, False)] * 7


MULTIPLE = text("Which?") + lid({"a": "one", "b": "two", "c": "three"}, "Multiple")
WAYS = {
    "each adds": rule(equal("a"), "50", "Add", goes_on="Yes") + rule(equal("b"), "50", "Add", goes_on="Yes"),
    "wrong takes": rule(equal("a"), "60", "Add", goes_on="Yes")
    + rule(equal("b"), "40", "Add", goes_on="Yes")
    + rule(equal("c"), "50", "Subtract", goes_on="Yes"),
    "side by side": rule(equal("a") + equal("b")),
    "not first": rule(f"<not>{equal('c')}</not>{equal('b')}{equal('a')}"),
}


@pytest.mark.parametrize("way", WAYS)
def test_several_right_ones_are_found_however_rules_say_it(make: Callable[[str], Path], way: str) -> None:
    """By what the rules say to answers, not by how they are written."""
    (question,) = questions(make(file(item("", MULTIPLE, WAYS[way])))).values()
    assert set(question.answer) == set(chosen(question, "one", "two"))


def test_lines_that_nobody_filled_are_no_options(make: Callable[[str], Path]) -> None:
    """Canvas keeps them; nor is a row of a match one, and a list may lack what another has."""
    empty = {"a": "one", "b": "", "c": "three"}
    choice = item("", text("Which?") + lid(empty), rule(equal("a")))
    more = MATCH.replace(
        lid(RIGHTS, ident="r1", before=text("cat")), lid({"x": "animal"}, ident="r1", before=text("cat"))
    )
    more = more.replace("<presentation>", f"<presentation>{lid(RIGHTS, ident='r3', before=text(''))}")
    which, pairs = questions(make(file(choice, more))).values()
    assert [option.text for option in which.options] == ["one", "three"]
    assert sorted(option.text for option in pairs.right) == sorted(RIGHTS.values())
    assert mark(pairs, paired(pairs, {"cat": "animal", "rose": "plant"})).is_right


def test_a_named_document_type_does_no_harm(make: Callable[[str], Path]) -> None:
    """Older tools name one; it is not fetched, and entities stay refused."""
    named = '<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2p1.dtd">'
    source = make(file(TRUTH).replace("<questestinterop", f"{named}<questestinterop", 1))
    assert list(questions(source)) == ["Water is wet."]


SAID = item(
    "", text("Where?") + lid({"a": "here", "b": "there"}), rule(equal("a"), said="y") + rule("<other/>", "0", said="n"),
    feedback("y", "Yes!") + feedback("n", "No, there."),
)  # fmt: skip
LOSING = {
    ESSAY: "questions with a long answer in one's own words are left out",
    item("", text("Read this.")): "texts that ask nothing are left out",
    item("", text("a") + fib() + text("b") + fib()): "questions with several gaps in one text are left out",
    MATCH.replace("stone", "sand", 1): "questions with several gaps in one text are left out",
    item("", text("a") + fib() + lid({"a": "x"}, ident="q")): "questions that ask several things at once are left out",
    item("", '<response_xy ident="r"><render_hotspot/></response_xy>'): (
        "questions that are answered on a picture are left out"
    ),
    item("", '<response_grp ident="r"/>'): "questions that are answered by dragging are left out",
    item("", '<response_num ident="r"><render_slider/></response_num>'): (
        "questions of a kind that the library does not have are left out"
    ),
    item("", text("a") + fib(), more=field("question_type", "file_upload_question")): (
        "questions that are answered with a drawing, a recording or a file are left out"
    ),
    item("", text("a") + fib(), more=field("question_type", "calculated_question")): (
        "questions that calculate with ever new numbers are left out"
    ),
    item("", text("a") + lid({"a": "x", "b": "y"})): "questions without an answer that is wholly right are left out",
    item("", text("a") + lid({"a": "x", "b": "y"}), rule("<durlt>10</durlt>")): (
        "questions whose answers are judged by rules of their own are left out"
    ),
    item("", text("a") + lid({"a": "x", "b": "y"}), rule(equal("a"), "x")): (
        "questions that are not written as their format asks are left out"
    ),
    item("", text("a") + lid({"a": "x", "b": "y"}), rule(f"<or>{equal('a')}{equal('b')}</or>")): (
        "questions to choose any one of several right options are left out"
    ),
    item("", text("a") + lid({str(each): str(each) for each in range(30)}), rule(equal("1"))): (
        "questions with more options than the library shows are left out"
    ),
    item("", text("a") + fib(), rule(equal("b") * 600)): (
        "questions whose answers are judged by rules of their own are left out"
    ),
    "<item/>": "questions that are not written as their format asks are left out",
    PATTERN: "an answer that was enough within more words has to stand alone",
    item("", text("a") + fib(), rule(equal("B", more=' case="Yes"'))): "small and capital letters count the same",
    item("", text("a") + lid({"a": "x", "b": "y"}), rule(equal("a")) + rule(equal("b"), "50")): (
        "answers that are partly right count as wrong"
    ),
    WORD.replace("</qtimetadata>", f"{field('cc_weighting', '3')}</qtimetadata>"): (
        "each question counts the same, whatever its points were"
    ),
    SAID: "what is said to single answers is left out",
    item("", text("a") + "<material><mataudio uri='a.mp3'/></material>" + fib(), rule(equal("b"))): (
        "sounds, films and other files are left out"
    ),
    item("", text("a") + "<material><matimage uri='gone.png'/></material>" + fib(), rule(equal("b"))): (
        "pictures are left out that are too large, not in the file, or more than one to a text"
    ),
    f"<section><selection_ordering><selection><selection_number>1</selection_number></selection></selection_ordering>"
    f"{NUMBER}</section>": "all questions of a part are asked, where the other tool drew a few of them",
    f"<section><rubric>{text('Take your time.')}</rubric>{NUMBER}</section>": (
        "what is said before a whole part, not to a question, is left out"
    ),
}  # fmt: skip


@pytest.mark.parametrize("number", range(len(LOSING)))
def test_what_is_lost_is_said(make: Callable[[str], Path], number: int) -> None:
    """In words, with the number of the question; the others are taken."""
    lossy, said = list(LOSING.items())[number]
    source = make(file(TRUTH, lossy))
    assert left_out(source) == f"{said} (2)"
    assert "Water is wet." in questions(source)


def test_sections_with_titles_are_categories_and_their_words_stand_before(make: Callable[[str], Path]) -> None:
    """One section is the assessment itself; a bank of questions is one more."""
    told = f"<presentation_material>{text('Read of the well.')}</presentation_material>"
    parts = f'<section title="Lids">{told}{CHOICE}</section><section title="Ropes">{WORD}</section>'
    source = make(
        file(parts, TRUTH).replace("</assessment>", f'</assessment><objectbank title="Bank">{NUMBER}</objectbank>')
    )
    found = quizzes_of(source)
    assert {title: len(quiz.questions) for title, quiz in found.items()} == {
        "Water / Lids": 1, "Water / Ropes": 1, "Water": 1, "Bank": 1,
    }  # fmt: skip
    assert found["Water / Lids"].questions[0].prompt == "Read of the well.\nWhat is the capital of Mali?"


def test_a_cartridge_reads_its_assessments_one_by_one(tmp_path: Path) -> None:
    """Into one package: pictures come along without their notes, and numbers go on."""
    photo = photos.photo(64, 48)
    found = {"$IMS-CC-FILEBASE$/map.jpg": photo}
    shown = text('<p>Where?<img src="$IMS-CC-FILEBASE$/map.jpg"></p>', "text/html")
    image = '<material><matimage uri="$IMS-CC-FILEBASE$/map.jpg" label="A map"/></material>'
    choice = item("", shown + lid({"a": "x", "b": "y"}).replace(text("x"), image), rule(equal("a")))
    taken = Taken(tmp_path / "course.imscc")
    for each in (file(CHOICE, title="One"), file(choice, ESSAY, title="Two")):
        qti12.read(taken, each.encode(), lambda address: found.get(address, b""))
    items, files = quizzes.parts(taken)
    assert [(each.id, each.title, each.path) for each in items] == [
        ("quiz-1", "One", "quiz-1.toml"), ("quiz-2", "Two", "quiz-2.toml"),
    ]  # fmt: skip
    (question,) = taken.questions["Two"]
    assert question.options[0].text == "A map" and question.picture == question.options[0].picture in files
    assert photos.PLACE_WORDS not in files[question.picture]
    assert [str(each) for each in taken.notes.left_out()][-1].endswith("own words are left out (3)")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (file(CHOICE)[:900], "its XML cannot be read"),
        (
            f"<!DOCTYPE q [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>{file(CHOICE)[len(HEAD) :]}",
            "its XML cannot be read",
        ),
        (f"{HEAD}<!--<questestinterop--><other/>", "its XML holds no quiz"),
        (f"{HEAD}<questestinterop/>", "it holds no question"),
        (f"{HEAD}<questestinterop>{'<section>' * 90_000}", "the depth of its XML is 33 or more"),
        (f"{HEAD}<questestinterop>{'<item/>' * 2_001}</questestinterop>", "its number of questions is 2001 or more"),
        (f"{HEAD}<questestinterop>{'<a/>' * 200_001}</questestinterop>", "its number of XML elements"),
    ],
)
def test_a_broken_or_hostile_file_is_refused(make: Callable[[str], Path], words: str, sentence: str) -> None:
    """Cut short, with entities, without questions, too deep, endless."""
    with pytest.raises(ContentError, match=sentence):
        describe(make(words))


def test_a_file_of_which_nothing_fits_is_refused(make: Callable[[str], Path]) -> None:
    """With one sentence that says why."""
    with pytest.raises(PackageUnfit, match=r"no question that this library can ask; .* left out \(1\)"):
        describe(make(file(ESSAY)))


def test_only_a_bank_of_questions_is_taken_for_one(tmp_path: Path) -> None:
    """Other XML is not; the namespace may be whatever a tool wrote."""
    assert qti12.recognise(written(tmp_path / "a.XML", file(TRUTH)))
    assert not qti12.recognise(written(tmp_path / "b.xml", "<quiz/>"))
    assert not qti12.recognise(written(tmp_path / "b.txt", file(TRUTH)))
    strange = written(tmp_path / "c.xml", file(TRUTH).replace("ims_qtiasiv1p2", "something-else"))
    assert "Water is wet." in questions(strange)


PIECES = [
    *(text("a"), fib(), lid({"a": "x", "b": "y"}), lid(RIGHTS, "Multiple"), lid(RIGHTS, "Ordered", "q")),
    *("<response_lid/>", "<response_label/>", "<render_choice/>", "<material/>", "<flow>z</flow>"),
]
RULES = [
    *(rule(equal("a")), rule(equal("x", "q")), rule(equal("1"), "50", "Add", goes_on="Yes"), rule("<other/>", "nan")),
    *(rule("<and/>"), rule("<not/>"), rule("<vargte respident='r'>x</vargte>"), rule(equal("b"), "1", "Divide")),
    *(rule("<unanswered respident='r'/>", "3"), rule(equal("a", more=" index='1e9'")), "<respcondition/>"),
]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=5), st.lists(st.sampled_from(RULES), max_size=5))
def test_whatever_stands_in_it_ends_with_a_draft_or_a_sentence(
    make: Callable[[str], Path], pieces: list[str], rules: list[str]
) -> None:
    """And a draft is one that the shelf takes."""
    try:
        quizzes_of(make(file(item("cc.fib.v0p1", "".join(pieces), "".join(rules)))))
    except ContentError:
        return
