"""Adopting, and looking at what was adopted again on its day."""

from datetime import UTC, datetime

import pytest

from hub.errors import InputWrong, NotAllowed
from hub.governance import adopting, proposals, standing
from hub.governance.adopting import Look
from hub.governance.proposals import Words
from hub.governance.standing import ADOPTED, ENDED, REPLACED, Proposal
from hub.tables.governance import CLARIFYING, CONSENT
from tests.fixtures.clock import HandClock
from tests.fixtures.deciding import AMENDED, Deciding

CHANGED = Words("Open on Mondays", "We open on Mondays instead.", "market", "en")
HALF_A_YEAR_S = 190 * 86_400


def _adopted(deciding: Deciding) -> Proposal:
    return deciding.adopt(deciding.consent(deciding.opened(), deciding.joseph))


def test_what_nobody_objects_to_is_adopted(deciding: Deciding) -> None:
    """With a day six months on; adopted twice it is adopted once."""
    found = _adopted(deciding)
    assert (found.state, found.is_open, len(deciding.adopt(found, 1).adoptions)) == (ADOPTED, False, 1)
    day = datetime.fromtimestamp(found.review_ms / 1000, UTC)
    assert (day.date().isoformat(), day.hour) == ("2026-05-24", 0)


def test_an_open_objection_stops_it(deciding: Deciding) -> None:
    """Also beside many consents; answered by an amendment it does no more, once somebody consents to that."""
    found = deciding.object(deciding.consent(deciding.opened(), deciding.grace), deciding.joseph)
    with pytest.raises(InputWrong, match="Somebody objects"):
        deciding.adopt(found)
    found = deciding.amend(found)
    with pytest.raises(InputWrong, match="Nobody has consented"):
        deciding.adopt(found)
    assert deciding.adopt(deciding.consent(found, deciding.joseph)).version.text == AMENDED


def test_only_a_steward_closes_a_round_and_only_the_last(deciding: Deciding) -> None:
    """Not while questions are asked, and not over a text that has changed."""
    found = deciding.consent(deciding.opened(), deciding.joseph)
    facts = {"proposal": found.id, "version": found.version.id, "months": 6}
    with pytest.raises(NotAllowed):
        adopting.adopt(deciding.node, actor=deciding.joseph, **facts)
    with pytest.raises(InputWrong, match="after some months"):
        adopting.adopt(deciding.node, actor=deciding.steward, **{**facts, "months": 5})
    deciding.amend(found)
    with pytest.raises(InputWrong, match="changed meanwhile"):
        deciding.adopt(found)
    other = deciding.opened(step=CLARIFYING)
    with pytest.raises(InputWrong):
        deciding.adopt(other)
    assert {each.state for each in standing.read(deciding.node)} == {CONSENT, CLARIFYING}


def test_its_day_comes_by_itself(deciding: Deciding, clock: HandClock) -> None:
    """Not before; kept, it comes again; and what was said of the reason stands there."""
    found = _adopted(deciding)
    assert not found.is_due(clock.now_ms())
    clock.advance(HALF_A_YEAR_S)
    assert found.is_due(clock.now_ms())
    kept = adopting.keep(deciding.node, Look(deciding.steward, found.id, 0, "It goes well."), months=12)
    assert (kept.state, kept.is_due(clock.now_ms()), kept.reviewed.note) == (ADOPTED, False, "It goes well.")
    assert kept.review_ms > found.review_ms


def test_two_who_review_at_once_are_one_review(deciding: Deciding) -> None:
    """The second is told that somebody did."""
    found = _adopted(deciding)
    adopting.keep(deciding.node, Look(deciding.steward, found.id, 0), months=3)
    with pytest.raises(InputWrong, match="meanwhile"):
        adopting.end(deciding.node, Look(deciding.steward, found.id, 0))
    with pytest.raises(NotAllowed):
        adopting.end(deciding.node, Look(deciding.joseph, found.id, 1))


def test_what_is_ended_holds_no_more(deciding: Deciding) -> None:
    """And is looked at no more."""
    found = _adopted(deciding)
    ended = adopting.end(deciding.node, Look(deciding.steward, found.id, 0))
    assert (ended.state, ended.review_ms) == (ENDED, 0)
    with pytest.raises(InputWrong, match="no decision in force"):
        adopting.end(deciding.node, Look(deciding.steward, found.id, 1))


def test_a_change_is_a_proposal_and_the_decision_holds_until_then(deciding: Deciding, clock: HandClock) -> None:
    """Withdrawn, its day is back; adopted, it takes the decision's place."""
    found = _adopted(deciding)
    clock.advance(HALF_A_YEAR_S)
    new = adopting.change(deciding.node, Look(deciding.steward, found.id, 0), words=CHANGED)
    found = deciding.read(found)
    assert (new.parent, new.state, found.state, found.is_changing) == (found.id, CLARIFYING, ADOPTED, True)
    assert not found.is_due(clock.now_ms())
    proposals.withdraw(deciding.node, actor=deciding.steward, proposal=new.id)
    assert deciding.read(found).is_due(clock.now_ms())
    again = adopting.change(deciding.node, Look(deciding.steward, found.id, 1), words=CHANGED)
    proposals.move(deciding.node, actor=deciding.steward, proposal=again.id, step=CONSENT)
    deciding.adopt(deciding.consent(deciding.read(again), deciding.grace))
    assert deciding.read(found).state == REPLACED


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [("2026-01-31", 1, "2026-02-28"), ("2026-12-15", 1, "2027-01-15"), ("2027-08-31", 6, "2028-02-29")],
)
def test_months_end_where_months_end(day: str, months: int, wanted: str) -> None:
    """The same day of the month, or its last."""
    now_ms = datetime.fromisoformat(f"{day}T15:00:00+00:00").timestamp() * 1000
    then = datetime.fromtimestamp(adopting.later(round(now_ms), months) / 1000, UTC)
    assert then.isoformat() == f"{wanted}T00:00:00+00:00"
