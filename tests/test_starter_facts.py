"""Facts in the starter library that must stay exact: health first of all."""

import re

import pytest

from tests.fixtures.starter import description, lessons, quizzes, starters

WATER = {starter.language: starter for starter in starters() if starter.work == "safe-water"}
ASK = {"en": "**Ask your health worker**", "fr": "**Demandez à votre agent de santé**"}
NOT_YET = {"en": "not yet reviewed by a health worker", "fr": "pas encore relu par un agent de santé"}
BOIL = {
    "en": ["rolling boil for **1 minute**", "**above 2,000 metres** (6,500 feet), keep it for **3 minutes**"],
    "fr": ["gros bouillons **1 minute**", "**au-dessus de 2 000 mètres**, gardez-les **3 minutes**"],
}
TREAT = {
    "en": [
        "| 5–6 % | about 2 drops | 8 drops |",
        "| 8.25 % | about 2 drops | 6 drops |",
        "**wait 30 minutes**",
        "it must be **plain**",
    ],
    "fr": [
        "| 5–6 % | environ 2 gouttes | 8 gouttes |",
        "| 8,25 % | environ 2 gouttes | 6 gouttes |",
        "**attendez 30 minutes**",
        "elle doit être **simple**",
    ],
}
CHEMICALS = {"en": "chemicals", "fr": "produits chimiques"}


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_health_cards_send_to_the_health_worker(language: str):
    """Each card says whom to ask, and the package says honestly that nobody has reviewed it yet."""
    assert all(ASK[language] in text for text in lessons(WATER[language]).values())
    assert description(WATER[language])["reviewed_by"] == NOT_YET[language]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_boiling_takes_one_minute_and_three_in_the_mountains(language: str):
    """A rolling boil of 1 minute; 3 minutes above 2,000 metres."""
    text = _plain(lessons(WATER[language])["boil"])
    assert all(fact in text for fact in BOIL[language])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_bleach_is_measured_by_its_strength(language: str):
    """5–6 %: 8 drops a US gallon, about 2 a litre; 8.25 %: 6 drops; 30 minutes; plain bleach only."""
    text = _plain(lessons(WATER[language])["treat"])
    assert all(fact in text for fact in TREAT[language])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_neither_fire_nor_chlorine_removes_chemicals(language: str):
    """The cards on clear water, boiling and treating all say so."""
    cards = lessons(WATER[language])
    assert all(CHEMICALS[language] in _plain(cards[name]) for name in ("clear-is-not-safe", "boil", "treat"))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_quiz_knows_the_same_facts(language: str):
    """The quiz asks for the minutes and drops that the cards teach."""
    quiz = quizzes(WATER[language])["check-yourself"]
    answers = {question.id: question.answer for question in quiz.questions}
    assert (answers["q6"], answers["q10"]) == (("1",), ("20",))
    assert answers["q9"] == ("valley=one", "mountain=three", "bleach=thirty")


SUM = re.compile(r"(?<![−÷×+] )(?<!\d)(\d+) ([−÷×+]) (\d+) = (\d+)")
RULES = {
    "−": lambda a, b: a - b,
    "÷": lambda a, b: a / b,
    "×": lambda a, b: a * b,
    "+": lambda a, b: a + b,
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_sum_in_the_number_steps_is_right(language: str):
    """Each "a − b = c" that a lesson, a question or an explanation writes out holds."""
    found = []
    for starter in (each for each in starters() if (each.work, each.language) == ("numbers", language)):
        texts = [*lessons(starter).values()]
        for question in (each for quiz in quizzes(starter).values() for each in quiz.questions):
            answer = question.prompt.replace("?", question.answer[0]) if question.kind == "number" else ""
            texts += [question.explanation, _plain(answer), *(option.text for option in question.options)]
        found = [sums for text in texts for sums in SUM.findall(text)]
    assert len(found) > 40
    assert [sums for sums in found if RULES[sums[1]](int(sums[0]), int(sums[2])) != int(sums[3])] == []
