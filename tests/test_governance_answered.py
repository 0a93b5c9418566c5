"""An objection is answered when whoever made it says so; and no concern is lost under a new text."""

import pytest

from hub.errors import InputWrong
from hub.governance import adopting, rounds
from hub.governance.adopting import Look
from hub.governance.rounds import Speech
from hub.governance.standing import ADOPTED, Proposal
from hub.people import roster
from tests.fixtures.deciding import WORDS, Deciding


def _typed(deciding: Deciding, found: Proposal, text: str = "") -> dict[str, object]:
    speech = Speech(deciding.steward, deciding.joseph.id, text, "en")
    return {"proposal": found.id, "version": found.version.id, "speech": speech}


def test_a_steward_types_nothing_over_somebody_s_own_objection(deciding: Deciding) -> None:
    """Neither a consent nor another reason; one that was typed in can be typed over."""
    found = deciding.object(deciding.opened(), deciding.joseph)
    for speak, text in ((rounds.consent, ""), (rounds.consent, "Well."), (rounds.object_to, "A little.")):
        with pytest.raises(InputWrong, match="their own hand"):
            speak(deciding.node, **_typed(deciding, found, text))
    assert deciding.read(found) == found
    found = deciding.consent(found, deciding.joseph)
    found = rounds.object_to(deciding.node, **_typed(deciding, found, "Too late."))
    assert rounds.consent(deciding.node, **_typed(deciding, found)).open_objections == ()


def test_whoever_objected_says_first_whether_the_new_text_answers_it(deciding: Deciding) -> None:
    """A steward who amends, ticks and consents alone adopts nothing; nor with another's consent."""
    found = deciding.amend(deciding.object(deciding.opened(), deciding.joseph), WORDS.text.replace(".", "!"))
    found = deciding.consent(deciding.consent(found, deciding.steward), deciding.grace)
    assert [each.name for each in adopting.awaited(deciding.node, found)] == ["Joseph"]
    assert not adopting.is_ripe(deciding.node, found, deciding.steward)
    with pytest.raises(InputWrong, match="Not said yet.*Joseph"):
        deciding.adopt(found)
    assert deciding.adopt(deciding.consent(found, deciding.joseph)).state == ADOPTED


def test_an_answered_objection_may_also_be_taken_back(deciding: Deciding) -> None:
    """That is an answer too; and whoever rests now is not waited for."""
    found = deciding.object(deciding.object(deciding.opened(), deciding.joseph), deciding.grace)
    found = deciding.consent(deciding.amend(found), deciding.steward)
    his = next(each for each in found.objections if each.person == deciding.joseph.id)
    take = {"actor": deciding.joseph, "proposal": found.id, "objection": his.id}
    found = rounds.withdraw_objection(deciding.node, **take)
    assert [each.name for each in adopting.awaited(deciding.node, found)] == ["Grace"]
    roster.set_active(deciding.node, person=deciding.grace.id, is_active=False)
    assert adopting.awaited(deciding.node, found) == []


def test_nobody_decides_alone(deciding: Deciding) -> None:
    """The closer's own voice is not enough; hands beside it are, and so is it where nobody else has a voice."""
    found = deciding.consent(deciding.opened(), deciding.steward)
    with pytest.raises(InputWrong, match="Nobody but you"):
        deciding.adopt(found)
    saw = [deciding.joseph.id, deciding.grace.id]
    counted = {"proposal": found.id, "version": found.version.id, "hands": 2, "witnesses": saw}
    rounds.count_hands(deciding.node, actor=deciding.steward, **counted)
    assert deciding.adopt(found).state == ADOPTED


def test_where_nobody_else_has_a_voice_one_is_enough(deciding: Deciding) -> None:
    """A hub that has only just begun."""
    for each in (deciding.joseph, deciding.grace):
        roster.set_active(deciding.node, person=each.id, is_active=False)
    assert deciding.adopt(deciding.consent(deciding.opened(), deciding.steward)).state == ADOPTED


def test_a_concern_is_kept_under_a_new_text(deciding: Deciding) -> None:
    """Until whoever has it speaks of that text; the first version's number stands beside it."""
    found = deciding.consent(deciding.opened(), deciding.joseph, "Bring lamps.")
    found = deciding.consent(deciding.amend(found), deciding.grace)
    assert [(each.concern, found.numbers[each.version]) for each in found.former_concerns] == [("Bring lamps.", 1)]
    assert deciding.adopt(found).former_concerns == found.former_concerns
    other = deciding.amend(deciding.consent(deciding.opened(), deciding.joseph, "Lamps."), "Other.")
    assert deciding.consent(other, deciding.joseph).former_concerns == ()


def test_a_concern_that_became_an_objection_is_told_once(deciding: Deciding) -> None:
    """The later voice replaces the earlier, also under a text that answers it."""
    found = deciding.consent(deciding.opened(), deciding.joseph, "Bring lamps.")
    found = deciding.amend(deciding.object(found, deciding.joseph))
    assert found.former_concerns == ()


def test_a_review_sent_twice_is_one(deciding: Deciding) -> None:
    """Kept or ended by the same hand with the same words; anything else is told that somebody looked meanwhile."""
    found = deciding.adopt(deciding.consent(deciding.opened(), deciding.joseph))
    for number, do in ((0, lambda look: adopting.keep(deciding.node, look, months=3)), (1, _ending(deciding))):
        look = Look(deciding.steward, found.id, number, "It goes well.")
        assert do(look) == do(look)
    assert len(deciding.read(found).reviews) == 2


def _ending(deciding: Deciding) -> object:
    return lambda look: adopting.end(deciding.node, look)
