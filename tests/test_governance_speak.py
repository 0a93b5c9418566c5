"""What is said in the rounds: questions, answers, reactions, consents, objections, and hands counted in a room."""

import pytest

from hub.errors import InputWrong, NotAllowed, NotFound
from hub.governance import rounds
from hub.governance.rounds import Speech
from hub.people import roster
from hub.tables.governance import ANSWER, CLARIFYING, QUESTION, REACTION
from tests.fixtures.deciding import Deciding


def _say(deciding: Deciding, found: object, sort: str, text: str, about: str = "") -> object:
    speech = Speech(deciding.joseph, deciding.joseph.id, text, "en")
    return rounds.remark(deciding.node, proposal=found.id, sort=sort, speech=speech, about=about)


def test_a_question_finds_its_answer(deciding: Deciding) -> None:
    """Asked, answered, and asked again in the same words it stands once."""
    found = deciding.opened(step=CLARIFYING)
    for _ in range(2):
        asked = _say(deciding, found, QUESTION, "Who pays for light?")
    found = _say(deciding, found, ANSWER, "The co-op.", asked.remarks[0].id)
    said = {(each.sort, each.text, each.about) for each in found.remarks}
    assert said == {(QUESTION, "Who pays for light?", ""), (ANSWER, "The co-op.", asked.remarks[0].id)}
    with pytest.raises(NotFound):
        _say(deciding, found, ANSWER, "To what?", "nowhere")


def test_each_thing_has_its_round(deciding: Deciding) -> None:
    """No reaction while questions are asked, no voice before the consent round; nothing of it is kept."""
    found = deciding.opened(step=CLARIFYING)
    for early in (
        lambda: _say(deciding, found, REACTION, "Good!"),
        lambda: deciding.consent(found, deciding.joseph),
        lambda: deciding.object(found, deciding.joseph),
    ):
        with pytest.raises(InputWrong, match="not time for that yet"):
            early()
    assert deciding.read(found) == found


def test_only_so_much_is_said_of_one_proposal(deciding: Deciding, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than anybody can read is refused."""
    monkeypatch.setattr(rounds, "REMARKS_MAX", 1)
    monkeypatch.setattr(rounds, "OBJECTIONS_MAX", 1)
    found = deciding.opened()
    _say(deciding, found, REACTION, "Good.")
    deciding.object(found, deciding.grace)
    with pytest.raises(InputWrong, match="nobody can read more"):
        _say(deciding, found, REACTION, "Very good.")
    with pytest.raises(InputWrong, match="nobody can read more"):
        deciding.object(found, deciding.joseph)


def test_everybody_has_one_voice_and_the_later_replaces(deciding: Deciding) -> None:
    """Consent, then objection, then consent with a concern: one voice at each moment."""
    found = deciding.consent(deciding.opened(), deciding.joseph)
    assert [each.person for each in found.consenting] == [deciding.joseph.id]
    found = deciding.object(found, deciding.joseph, "It is dark then.")
    found = deciding.object(found, deciding.joseph, "It is dark and wet then.")
    assert (found.consenting, [each.reason for each in found.open_objections]) == ((), ["It is dark and wet then."])
    found = deciding.consent(found, deciding.joseph, "Bring lamps.")
    assert ([each.concern for each in found.consenting], found.open_objections) == (["Bring lamps."], ())


def test_a_consent_that_was_said_before_an_objection_is_not_back_when_that_goes(deciding: Deciding) -> None:
    """Whoever took an objection back is asked again."""
    found = deciding.object(deciding.consent(deciding.opened(), deciding.joseph), deciding.joseph)
    objection = found.open_objections[0]
    found = rounds.withdraw_objection(deciding.node, actor=deciding.joseph, proposal=found.id, objection=objection.id)
    assert (found.open_objections, found.consenting) == ((), ())


def test_only_whoever_objected_takes_it_back(deciding: Deciding) -> None:
    """No steward can; but what was typed in for somebody in the room is taken back the same way, and that is shown."""
    found = deciding.object(deciding.opened(), deciding.joseph)
    take = {"actor": deciding.steward, "proposal": found.id}
    with pytest.raises(NotAllowed, match="Only whoever objected"):
        rounds.withdraw_objection(deciding.node, objection=found.open_objections[0].id, **take)
    typed = Speech(deciding.steward, deciding.grace.id, "Too late.", "en")
    found = rounds.object_to(deciding.node, proposal=found.id, version=found.version.id, speech=typed)
    hers = next(each for each in found.open_objections if each.person == deciding.grace.id)
    assert hers.typist == deciding.steward.id
    found = rounds.withdraw_objection(deciding.node, objection=hers.id, **take)
    assert [each.person for each in found.open_objections] == [deciding.joseph.id]
    assert [each.closer for each in found.objections if each.id == hers.id] == [deciding.steward.id]


def test_nobody_speaks_for_another(deciding: Deciding) -> None:
    """But a steward, for somebody who has a voice."""
    found = deciding.opened()
    with pytest.raises(NotAllowed, match="speak for yourself"):
        rounds.consent(
            deciding.node,
            proposal=found.id,
            version=found.version.id,
            speech=Speech(deciding.joseph, deciding.grace.id),
        )


def test_a_child_listens_and_an_elder_who_learns_is_heard(deciding: Deciding) -> None:
    """Under sixteen by birth year, and no role but to learn; without a birth year one is heard."""
    found = deciding.opened()
    child = roster.add_person(deciding.node, name="Amina", picture="butterfly", birth_year=2016)
    unknown = roster.add_person(deciding.node, name="Rosa", picture="orange")
    with pytest.raises(NotAllowed):
        deciding.consent(found, child)
    assert len(deciding.consent(found, unknown).consenting) == 1


def test_a_voice_is_for_the_text_that_was_read(deciding: Deciding) -> None:
    """Amended meanwhile: the person is told to read it again."""
    first = deciding.opened()
    deciding.amend(first)
    for speak in (deciding.consent, deciding.object):
        with pytest.raises(InputWrong, match="changed meanwhile"):
            speak(first, deciding.joseph)


def test_hands_are_counted_before_two_witnesses(deciding: Deciding) -> None:
    """Counted again it replaces the first count; the same count twice is one."""
    found, saw = deciding.opened(), [deciding.joseph.id, deciding.grace.id]
    for hands in (1, 2, 2):
        found = rounds.count_hands(
            deciding.node,
            actor=deciding.steward,
            proposal=found.id,
            version=found.version.id,
            hands=hands,
            witnesses=saw,
        )
    assert [(each.hands, set(each.witnesses)) for each in found.counted] == [(2, set(saw))]
    assert len(found.hands) == 2


@pytest.mark.parametrize(
    ("hands", "who", "sentence"),
    [
        (3, ("joseph", "joseph"), "Two others"),
        (3, ("joseph", "steward"), "Two others"),
        (-1, ("joseph", "grace"), "Hands are a number"),
        (4, ("joseph", "grace"), "Hands are a number"),
    ],
)
def test_a_count_that_cannot_be_is_refused(deciding: Deciding, hands: int, who: tuple[str, str], sentence: str) -> None:
    """One's own witness, one witness twice, or a number that no room holds."""
    found, saw = deciding.opened(), [getattr(deciding, each).id for each in who]
    counted = {"proposal": found.id, "version": found.version.id, "hands": hands, "witnesses": saw}
    with pytest.raises(InputWrong, match=sentence):
        rounds.count_hands(deciding.node, actor=deciding.steward, **counted)
    assert deciding.read(found).hands == ()
