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


PHONE = {starter.language: starter for starter in starters() if starter.work == "fix-a-phone"}
BATTERY = {
    "en": [
        "**Do not charge it. Do not use it.**",
        "Do not pierce it to let the gas out",
        "**If it is glued or stuck, leave it in the phone.**",
        "**lid not closed tight**",
        "Never into the rubbish, a fire or a river",
        "**Leave it. Everybody out.** The smoke is poisonous",
        "plenty of **water** cools a burning phone",
    ],
    "fr": [
        "**Ne la chargez plus. Ne l’utilisez plus.**",
        "Ne la percez pas pour sortir le gaz",
        "**Si elle est collée ou coincée, laissez-la dans le téléphone.**",
        "**couvercle non serré**",
        "Jamais à la poubelle, au feu ou à la rivière",
        "**Laissez-la. Tout le monde dehors.** La fumée est toxique",
        "beaucoup d’**eau** refroidit un téléphone qui brûle",
    ],
}
WET = {
    "en": [
        "**Do not charge it.**",
        "at least **24 hours**",
        "**Rice does not help.**",
        "Not in the sun, not by a fire",
    ],
    "fr": ["**Ne le chargez pas.**", "au moins **24 heures**", "**Le riz n’aide pas.**", "Ni soleil, ni feu"],
}
OPENING = {"en": "**Let the charge fall below 25 %.**", "fr": "**Laisser la charge descendre sous 25 %.**"}
NO_REPAIRER_YET = {"en": "not yet reviewed by a repairer", "fr": "pas encore relu par un réparateur"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_swollen_battery_is_left_alone(language: str):
    """No charging, no piercing, no prising out, no sealed tin, no rubbish; in smoke people come first."""
    text = _plain(lessons(PHONE[language])["swollen-battery"])
    assert [fact for fact in BATTERY[language] if fact not in text] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_wet_phone_is_not_charged_heated_or_put_in_rice(language: str):
    """Off, no charging, a day of moving air, no heat, no rice."""
    text = _plain(lessons(PHONE[language])["fell-into-water"])
    assert [fact for fact in WET[language] if fact not in text] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_phone_is_opened_with_little_charge(language: str):
    """The lesson says below 25 %, and the quiz asks for the same number."""
    answers = {question.id: question.answer for question in quizzes(PHONE[language])["check-yourself"].questions}
    assert OPENING[language] in _plain(lessons(PHONE[language])["before-you-start"])
    assert answers["q3"] == ("25",)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_repair_pages_say_that_nobody_reviewed_them(language: str):
    """The package is honest about who has read it."""
    assert description(PHONE[language])["reviewed_by"] == NO_REPAIRER_YET[language]
