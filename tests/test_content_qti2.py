"""Items in QTI 2 and 3: every kind, rules written out, what is left out, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.errors import ContentError, PackageUnfit
from content.exercise import mark
from content.formats import describe, qti2
from content.question import Question
from tests.fixtures import qti2 as made
from tests.fixtures.qti2 import (
    CHOICE,
    HEAD,
    KINDS,
    MAPPED,
    asking,
    bank,
    choices,
    item,
    mapping,
    newer,
    response,
)
from tests.fixtures.quizzes import chosen, left_out, paired, questions, quizzes, written

YES_NO = choices({"a": "yes", "b": "no"})


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """A package of items."""
    return lambda *items: bank(tmp_path / "bank.zip", *items)


def rights(found: list[Question]) -> list[tuple[Question, tuple[str, ...], tuple[str, ...]]]:
    """Each kind with a right and a wrong answer."""
    sign, made_of, word, litres, order, boils, says, heap, gaps, clouds, wrong = found
    steps = chosen(order, "Draw water", "Boil it", "Let it cool")
    pairs = {"lid": "pot", "bucket": "rope"}
    return [
        (sign, chosen(sign, "Keep the lid on."), chosen(sign, "Take the lid home.")),
        (made_of, chosen(made_of, "hydrogen", "oxygen"), chosen(made_of, "oxygen", "chlorine")),
        (word, ("Tank",), ("pot",)),
        (litres, ("95.5",), ("95.6",)),
        (order, steps, steps[::-1]),
        (boils, chosen(boils, "100 degrees"), chosen(boils, "50 degrees")),
        (says, paired(says, {"cow": "moo", "dog": "woof"}), paired(says, {"cow": "moo", "dog": "quack"})),
        (heap, paired(heap, pairs), paired(heap, {"lid": "rope", "bucket": "pot"})),
        (gaps, paired(gaps, {"(1)": "rain", "(2)": "sun"}), paired(gaps, {"(1)": "sun", "(2)": "rain"})),
        (clouds, chosen(clouds, "rain"), chosen(clouds, "sun")),
        (wrong, chosen(wrong, "runs"), chosen(wrong, "deep")),
    ]


@pytest.mark.parametrize("version", [str, newer], ids=["2", "3"])
def test_every_kind_becomes_a_question_of_ours(make: Callable[..., Path], version: Callable[[str], str]) -> None:
    """In both spellings; each is once right and once wrong."""
    source = make(*map(version, KINDS))
    found = list(questions(source).values())
    assert [(mark(each, yes).is_right, mark(each, no).is_right) for each, yes, no in rights(found)] == [
        (True, False)
    ] * len(KINDS)
    assert [each.kind for each in found] == [
        *("choice", "several", "text", "number", "order", "choice", "match", "match", "match", "choice", "choice")
    ]
    assert found[0].prompt == "Look at the sign by the well.\nWhat does it say?"
    assert found[2].prompt == "Rain fills _____ by the door."
    assert found[8].prompt == "Fill the gaps.\nAfter (1) _____ comes (2) _____."
    assert found[10].prompt == "Which word is wrong?\nWells runs deep."
    assert left_out(source) == (
        "of texts only the words stay, without links, tables and emphasis (3); "
        "answers that are partly right count as wrong (3); pairs out of one heap are laid in two rows (8)"
    )


def test_one_item_is_a_quiz(tmp_path: Path) -> None:
    """With the title that it says."""
    source = written(tmp_path / "one.fr.xml", newer(CHOICE).replace('title="Item"', 'title="The well"'))
    assert list(quizzes(source)) == ["The well"]


def condition(expression: str, score: str = "1", more: str = "") -> str:
    """A rule written out."""
    return (
        f"<responseProcessing><responseCondition><responseIf>{expression}{outcome('SCORE', score)}{more}</responseIf>"
        f"<responseElse>{outcome('SCORE', '0')}{outcome('FB', 'no', 'identifier')}</responseElse>"
        "</responseCondition></responseProcessing>"
    )


def outcome(name: str, value: str, base: str = "float") -> str:
    """Something that a rule sets."""
    return f'<setOutcomeValue identifier="{name}"><baseValue baseType="{base}">{value}</baseValue></setOutcomeValue>'


GIVEN, RIGHT = '<variable identifier="RESPONSE"/>', '<correct identifier="RESPONSE"/>'
A = '<baseValue baseType="identifier">a</baseValue>'
WAYS = {
    "correct": condition(f"<match>{GIVEN}{RIGHT}</match>"),
    "named": condition(f"<match>{GIVEN}{A}</match>"),
    "member": condition(f"<member>{GIVEN}<multiple>{A}</multiple></member>"),
    "and": condition(f"<and><not><isNull>{GIVEN}</isNull></not><match>{GIVEN}{A}</match></and>"),
    "or": condition(f"<or><match>{GIVEN}{A}</match><isNull>{RIGHT}</isNull></or>", "5"),
    "index": condition(f"<match><index n='1'>{GIVEN}</index>{A}</match>"),
    "mapped": "<responseProcessing><setOutcomeValue identifier='SCORE'><sum><mapResponse identifier='RESPONSE'/></sum>"
    "</setOutcomeValue></responseProcessing>",
    "none": "",
    "map_response": MAPPED,
    "CC2_match_basic": "CC2_match_basic",
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_right_is_found_however_rules_say_it(make: Callable[..., Path], way: str) -> None:
    """Held against one answer after another."""
    declared = response("a", more=mapping({"a": "2", "b": "0"}))
    source = make(item(asking("choiceInteraction", "Is it?", YES_NO), declared, WAYS[way]))
    assert left_out(source) == ""
    (question,) = questions(source).values()
    assert question.answer == chosen(question, "yes")


def test_what_is_said_to_the_right_answer_explains(make: Callable[..., Path]) -> None:
    """As are hints; of what is said to others it is said that it is left out."""
    rules = condition(f"<match>{GIVEN}{RIGHT}</match>", more=outcome("FB", "yes", "identifier"))
    feedback = "".join(
        f'<modalFeedback outcomeIdentifier="FB" identifier="{ident}" showHide="show">{words}</modalFeedback>'
        for ident, words in {"yes": "So it is.", "no": "It is not."}.items()
    )
    body = asking("choiceInteraction", "Is it?", YES_NO) + "<infoControl><p>Look again.</p></infoControl>"
    source = make(item(body, response("a"), rules, feedback))
    (question,) = questions(source).values()
    assert (question.explanation, question.hint) == ("So it is.", "Look again.")
    assert left_out(source) == "what is said to single answers is left out (1)"


def typed(declared: str, rules: str = made.MATCH) -> str:
    """An item for a word."""
    return item('<p>What? <textEntryInteraction responseIdentifier="RESPONSE"/></p>', declared, rules)


CASES = {
    "relative": ('<equal toleranceMode="relative" tolerance="10">', ("90", "110"), ("89", "111")),
    "uneven": ('<equal toleranceMode="absolute" tolerance="0 5">', ("100", "105"), ("99", "106")),
    "rounded": ('<equalRounded roundingMode="decimalPlaces" figures="1">', ("100.04",), ("100.06",)),
    "exact": ('<equal toleranceMode="exact">', ("100",), ("100.1",)),
}


@pytest.mark.parametrize("case", CASES)
def test_numbers_keep_how_near_is_near_enough(make: Callable[..., Path], case: str) -> None:
    """In every way that rules may say it."""
    opening, inside, outside = CASES[case]
    name = opening[1:].split()[0]
    rules = condition(f"{opening}{GIVEN}{RIGHT}</{name}>")
    (question,) = questions(make(typed(response("100", base="float"), rules))).values()
    assert [mark(question, (each,)).is_right for each in (*inside, *outside)] == (
        [True] * len(inside) + [False] * len(outside)
    )


def test_formulas_stand_in_one_line(make: Callable[..., Path]) -> None:
    """Fractions and roots are said to; a small number has a letter of its own."""
    power = "<math><msup><mi>x</mi><mn>2</mn></msup></math>"
    half = "<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac></math>"
    for formula, line, said in (
        (power, "x²", ""),
        (half, "(a + b)/2", "formulas stand in one line of plain signs (1)"),
    ):
        source = make(item(f"<p>{formula}?</p>{asking('choiceInteraction', '', YES_NO)}", response("a")))
        assert (list(questions(source)), left_out(source)) == ([f"{line}?"], said)


OTHER = asking("choiceInteraction", "Is it?", YES_NO)
LOSING = {
    **{
        item(asking(kind, "Do it.", ""), response("a")): said
        for kind, said in {
            "extendedTextInteraction": "questions with a long answer in one's own words are left out",
            "hotspotInteraction": "questions that are answered on a picture are left out",
            "graphicOrderInteraction": "questions that are answered on a picture are left out",
            "uploadInteraction": "questions that are answered with a drawing, a recording or a file are left out",
            "drawingInteraction": "questions that are answered with a drawing, a recording or a file are left out",
            "sliderInteraction": "questions of a kind that the library does not have are left out",
            "customInteraction": "questions of a kind that the library does not have are left out",
            "mediaInteraction": "questions of a kind that the library does not have are left out",
        }.items()
    },
    item(f"<p>Tell <b>all</b>.</p>{asking('extendedTextInteraction', '', '')}", response("a")): (
        "questions with a long answer in one's own words are left out"
    ),
    item("<p>Read.</p>", ""): "texts that ask nothing are left out",
    item(OTHER + OTHER, response("a")): "questions that ask several things at once are left out",
    item("<p><textEntryInteraction/> and <textEntryInteraction/></p>", ""): (
        "questions with several gaps in one text are left out"
    ),
    item(OTHER, response("a"), more=' adaptive="true"').replace('adaptive="false" ', ""): (
        "questions that change with each try are left out"
    ),
    item(OTHER, "<templateDeclaration/>"): "questions that calculate with ever new numbers are left out",
    item(OTHER, ""): "questions that are not written as their format asks are left out",
    item(OTHER, response()): "questions without an answer that is wholly right are left out",
    item(OTHER, response("a"), "own_rules"): "questions whose answers are judged by rules of their own are left out",
    item(OTHER, response("a"), condition("<customOperator/>")): (
        "questions whose answers are judged by rules of their own are left out"
    ),
    item(OTHER, response("a"), condition(f"<and>{'<isNull/>' * 600}</and>")): (
        "questions whose answers are judged by rules of their own are left out"
    ),
    item(OTHER, response("a", "b"), condition(f"<not><isNull>{GIVEN}</isNull></not>")): (
        "questions to choose any one of several right options are left out"
    ),
    item(asking("choiceInteraction", "Which?", choices(dict.fromkeys(map(str, range(30)), "x"))), response("1")): (
        "questions with more options than the library shows are left out"
    ),
    item(asking("orderInteraction", "Order.", YES_NO), response("a", cardinality="ordered")): (
        "questions without an answer that is wholly right are left out"
    ),
    made.PAIRED.replace("<value>d w</value>", "<value>c w</value><value>d m</value>").replace("mapKey", "x"): (
        "questions where one thing belongs to several or to none are left out"
    ),
    made.HEAP.replace("b r", "l r"): "questions where one thing belongs to several or to none are left out",
    made.GAPS.replace("s G2", "s G1"): "questions where one thing belongs to several or to none are left out",
    item(OTHER, f"{response('a')}<assessmentStimulusRef href='gone.xml'/>"): (
        "questions are left out whose file is not in the package"
    ),
    made.SEVERAL.replace('"h" mappedValue="1"', '"h" mappedValue="3"'): (
        "each right option counts the same, whatever its weight was"
    ),
    item(
        asking("choiceInteraction", "Which?", choices({"a": "x", "b": "y", "c": "z"})),
        response(cardinality="multiple"),
        "".join(
            f"<responseCondition><responseIf><match>{GIVEN}<multiple>{both}</multiple></match>{outcome('SCORE', '1')}"
            "</responseIf></responseCondition>"
            for both in (A, A.replace(">a<", ">b<"))
        ).join(("<responseProcessing>", "</responseProcessing>")),
    ): "questions to choose any one of several right options are left out",
    typed(response("Mali", base="string")): "small and capital letters count the same",
    typed(response(base="string"), condition(f"<stringMatch substring='true'>{GIVEN}"
          "<baseValue baseType='string'>mali</baseValue></stringMatch>")): (
        "an answer that was enough within more words has to stand alone"
    ),
    item(f"<p><img src='gone.png' alt='x'/></p>{OTHER}", response("a")): (
        "pictures are left out that are too large, not in the file, or more than one to a text"
    ),
    item(f"<p><audio src='a.mp3'/></p>{OTHER}", response("a")): "sounds, films and other files are left out",
    item(f"<p>Is <b>it</b>?</p>{OTHER}", response("a")): (
        "of texts only the words stay, without links, tables and emphasis"
    ),
}  # fmt: skip


@pytest.mark.parametrize("number", range(len(LOSING)))
def test_what_is_lost_is_said(make: Callable[..., Path], number: int) -> None:
    """In words, with the number of the question; the others are taken."""
    lossy, said = list(LOSING.items())[number]
    source = make(CHOICE, lossy)
    assert left_out(source) == f"{said} (2)"
    assert "Look at the sign by the well.\nWhat does it say?" in questions(source)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (CHOICE[:700], "its XML cannot be read"),
        (f"<!DOCTYPE q [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>{CHOICE[len(HEAD) :]}", "its XML cannot be read"),
        (f"{HEAD}<!--<assessmentItem >--><other/>", "its XML holds no quiz"),
        (f"{HEAD}<assessmentItem >{'<p>' * 90_000}", "the depth of its XML is 33 or more"),
        (f"{HEAD}<assessmentItem />", "no question that this library can ask"),
    ],
)
def test_a_broken_or_hostile_item_is_refused(tmp_path: Path, words: str, sentence: str) -> None:
    """Cut short, with entities, too deep, endless, empty."""
    with pytest.raises(ContentError, match=sentence):
        describe(written(tmp_path / "made.xml", words))


def test_only_an_item_is_taken_for_one(tmp_path: Path) -> None:
    """In any namespace, with a prefix as well."""
    assert qti2.recognise(written(tmp_path / "a.XML", CHOICE))
    assert qti2.recognise(written(tmp_path / "b.xml", "<q:qti-assessment-item xmlns:q='x'/>"))
    assert not qti2.recognise(written(tmp_path / "c.xml", "<assessmentItems/>"))
    assert not qti2.recognise(written(tmp_path / "c.txt", CHOICE))
    with pytest.raises(PackageUnfit):
        describe(tmp_path / "b.xml")


BODIES = [
    *(
        OTHER,
        asking("orderInteraction", "", YES_NO),
        asking("associateInteraction", "?", YES_NO),
        "<p>a</p>",
        "<math/>",
    ),
    asking("gapMatchInteraction", "x", choices({"a": "b"}, "gapText") + '<gap identifier="a"/>'),
    asking("matchInteraction", "y", "<simpleMatchSet/>" * 2),
    *('<p><textEntryInteraction responseIdentifier="RESPONSE"/></p>', "<math><mfrac/></math>", "<img/>", "<object/>"),
]
DECLARED = [
    *(response("a"), response("a", "b", cardinality="multiple"), response("a a", base="pair"), response()),
    *(response("1e99", base="float"), response("x", base="integer"), response(more=mapping({"a": "nan"}))),
    *(response("a b", cardinality="ordered"), "<responseDeclaration/>", "<templateDeclaration/>"),
]
JUDGING = [*WAYS.values(), "other", condition("<equal/>"), condition(f"<equal tolerance='x'>{GIVEN}{A}</equal>")]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(BODIES), max_size=3),
    st.lists(st.sampled_from(DECLARED), max_size=2),
    st.sampled_from(JUDGING),
)
def test_whatever_stands_in_it_ends_with_a_draft_or_a_sentence(
    tmp_path: Path, bodies: list[str], declared: list[str], rules: str
) -> None:
    """And a draft is one that the shelf takes."""
    try:
        quizzes(written(tmp_path / "made.xml", item("".join(bodies), "".join(declared), rules)))
    except ContentError:
        return
