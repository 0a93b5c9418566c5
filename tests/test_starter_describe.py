"""The descriptions of the starter packages: what a librarian and a learner read first."""

import re

import pytest

from content.starter import Starter
from tests.fixtures.starter import description, lessons, quizzes, starter_id, starters, words, works

SDG = {
    "safe-water": ["6.1", "3.3"],
    "numbers": ["4.1", "4.6"],
    "read-with-me": ["4.1", "4.6"],
    "fix-a-phone": ["4.4", "8.6", "12.5"],
}
COMPETENCY_WORDS_MAX = 12
LESSON_WORDS_MAX = 250
MINUTES_MAX = 30


@pytest.mark.parametrize("starter", starters(), ids=starter_id)
def test_description_says_whose_work_it_is(starter: Starter):
    """Id, work, language, licence and SDG targets are those of the folder and of the plan."""
    fields = description(starter)
    assert (fields["id"], fields["work"], fields["language"]) == (starter.id, starter.work, starter.language)
    assert fields["licence"] == "CC-BY-SA-4.0"
    assert fields["sdg"] == SDG[starter.work]


@pytest.mark.parametrize("starter", starters(), ids=starter_id)
def test_competencies_are_short_claims_that_items_build(starter: Starter):
    """Each is an "I can …" of at most twelve words, and some item and some question teach or ask it."""
    fields = description(starter)
    for each in fields["competency"]:
        assert re.match(r"I can |Je (sais|peux) ", each["statement"])
        assert len(each["statement"].split()) <= COMPETENCY_WORDS_MAX
    taught = {name for item in fields["item"] for name in item["competencies"]}
    assert taught == {each["id"] for each in fields["competency"]}


@pytest.mark.parametrize("starter", starters(), ids=starter_id)
def test_items_say_honest_minutes(starter: Starter):
    """No item is announced as longer than half an hour, and none as nothing."""
    assert all(1 <= item["minutes"] <= MINUTES_MAX for item in description(starter)["item"])


@pytest.mark.parametrize("starter", starters(), ids=starter_id)
def test_lessons_are_short_and_carry_their_title(starter: Starter):
    """At most 250 words, stories excepted; the first heading is the item's title."""
    titles = {item["id"]: item["title"] for item in description(starter)["item"]}
    for name, text in lessons(starter).items():
        assert text.startswith(f"# {titles[name]}\n")
        assert name.startswith("story-") or words(text) <= LESSON_WORDS_MAX, name


@pytest.mark.parametrize("work", works())
def test_first_item_needs_no_reading(work: str):
    """The first thing a child meets is a quiz whose every question is answered by pictures."""
    for starter in (each for each in starters() if each.work == work):
        first = description(starter)["item"][0]
        questions = quizzes(starter)[first["id"]].questions
        options = [each.options or each.left + each.right for each in questions]
        assert all(option.picture for each in options for option in each)


@pytest.mark.parametrize("work", works())
def test_languages_are_parallel(work: str):
    """Both languages hold the same items, questions, answers and competencies, under the same ids."""
    english, french = [each for each in starters() if each.work == work]
    assert _skeleton(english) == _skeleton(french)


def _skeleton(starter: Starter):
    """All of a package that must not change with the language."""
    fields = description(starter)
    whole = [_wordless(fields, ("id", "language", "reviewed_by", "item", "competency"))]
    parts = [_wordless(part) for part in fields["item"] + fields["competency"]]
    asked = {name: [_bones(each) for each in quiz.questions] for name, quiz in quizzes(starter).items()}
    return whole + parts, asked


def _wordless(table, also=()):
    return {name: value for name, value in table.items() if name not in ("title", "summary", "statement", *also)}


def _bones(question):
    """A question without its words; the accepted spellings of a text are words too."""
    same = ("id", "kind", "picture", "tolerance", "competencies", "difficulty")
    sides = (question.options, question.left, question.right)
    answer = () if question.kind == "text" else question.answer
    shown = [[(each.id, each.picture) for each in side] for side in sides]
    return [getattr(question, name) for name in same], answer, shown
