"""Two copies of a hub vote on the same at once and meet again: one result, no ballot lost, nobody twice."""

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.errors import HubError, InputWrong
from hub.governance import proposals
from hub.governance.standing import CONSENT
from hub.governance.tally import AS_IT_IS, LOTTERY, MAJORITY, RESISTANCE, draws, of_version, tally
from tests.fixtures.deciding import Deciding
from tests.fixtures.voting import FULL, count_room, opened_by, throw, vote_of
from tests.test_governance_order import Copy, _meet, copies

__all__ = ["copies"]
FEW = settings(
    deadline=None,
    derandomize=True,
    max_examples=16,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

ACTS = st.lists(
    st.one_of(
        st.just(("meet", 0, 0, 0)),
        st.tuples(
            st.sampled_from(["vote", "count", "draw", "adopt", "amend"]),
            st.integers(0, 1),
            st.integers(0, 2),
            st.integers(0, 2),
        ),
    ),
    max_size=12,
)


@FEW
@pytest.mark.parametrize("method", FULL)
@given(steps=ACTS)
def test_two_copies_end_the_same_and_nobody_votes_twice(
    copies: tuple[Deciding, Deciding], method: str, steps: list[tuple[str, int, int, int]]
) -> None:
    """Ballots, counts, draws, amendments and closings in any interleaving: one result, no ballot lost, none twice."""
    both = [Copy(each) for each in copies]
    first = copies[0]
    made = opened_by(first, method, title=f"Vote {first.node.tables.Proposal.select().count()}")
    _meet(*both)
    for act, where, who, what in steps:
        if act == "meet":
            _meet(*both)
        else:
            _act(both[where].deciding, made.id, act, who, what)
    _meet(*both)
    found = [proposals.proposal(each.node, made.id) for each in copies]
    assert found[0] == found[1] and tally(found[0]) == tally(found[1])
    told = [json_id for copy in both for json_id in _ids(copy, "proposal.ballot", made.id)]
    assert {each.id for each in found[0].ballots} == set(told) and len(told) == len(set(told))
    now, heads = tally(found[0]), of_version(found[0].ballots, found[0])
    counted = sum(each.people for each in found[0].counts if each.is_counted and each.version == found[0].version.id)
    if method != LOTTERY:
        assert now.heard == len({each.person for each in heads} - set(now.doubtful)) + counted
    if found[0].is_adopted:
        assert found[0].known <= found[0].adoption.seen  # type: ignore[union-attr]


def _ids(copy: Copy, kind: str, proposal: str) -> list[str]:
    said = [json.loads(each.entry.payload) for each in copy.told if each.entry.kind == kind]
    return [each["id"] for each in said if each["set"].get("proposal") == proposal]


def _act(deciding: Deciding, proposal: str, act: str, who: int, what: int) -> None:
    """Do it if it is allowed just now."""
    found = deciding.read(proposals.proposal(deciding.node, proposal))
    person = (deciding.steward, deciding.joseph, deciding.grace)[who]
    with suppress(HubError):
        if act == "vote":
            vote_of(deciding, found, person, FULL[found.method][what])
        elif act == "count":
            count_room(deciding, found, 1, {0: 0, 1: what % 2, 2: 0})
        elif act == "draw":
            throw(deciding, found, f"12345{what + 1}")
        elif act == "amend":
            deciding.amend(found, f"Another text by {who}, the {found.version.number + 1}th.")
        else:
            deciding.adopt(found)


def test_who_said_two_things_in_two_places_is_asked_once_more(copies: tuple[Deciding, Deciding]) -> None:
    """Neither counts; of resistance the higher of each does. Said again, that knows of both and stands."""
    both = [Copy(each) for each in copies]
    one, other = copies
    found = {method: opened_by(one, method, title=method) for method in (MAJORITY, RESISTANCE)}
    _meet(*both)
    for method, made in found.items():
        vote_of(one, made, one.joseph, FULL[method][0])
        vote_of(other, made, other.joseph, FULL[method][1])
        vote_of(one, made, one.grace, FULL[method][0])
    _meet(*both)
    majority, resistance = (one.read(each) for each in found.values())
    assert (tally(majority).doubtful, tally(majority).heard) == ((one.joseph.id,), 1)
    with pytest.raises(InputWrong, match="two things in two places: Joseph"):
        one.adopt(majority)
    assert tally(resistance).points == {0: 20, 1: 8, 2: 10} and tally(resistance).doubtful == ()
    settled = vote_of(other, other.read(majority), other.joseph, {2: 1})
    assert (tally(settled).doubtful, tally(settled).heard) == ((), 2)


def test_a_ballot_that_the_closed_round_had_not_seen_opens_it_again(copies: tuple[Deciding, Deciding]) -> None:
    """And two rooms that were counted apart are counted once more."""
    both = [Copy(each) for each in copies]
    one, other = copies
    made = opened_by(one, MAJORITY)
    _meet(*both)
    one.adopt(vote_of(one, made, one.grace, {1: 1}))
    vote_of(other, made, other.joseph, {2: 1})
    count_room(other, made, 1, {0: 0, 1: 0, 2: 1})
    _meet(*both)
    found = one.read(made)
    assert (found.state, found.is_reopened) == (CONSENT, True)
    count_room(one, found, 1, {0: 0, 1: 1, 2: 0})
    assert one.adopt(one.read(made)).adoption.chosen == ("1",)  # type: ignore[union-attr]


def test_two_draws_apart_draw_nobody(copies: tuple[Deciding, Deciding]) -> None:
    """It is thrown once more, with the knowledge of both."""
    both = [Copy(each) for each in copies]
    one, other = copies
    made = opened_by(one, LOTTERY)
    for person in (one.joseph, one.grace):
        vote_of(one, made, person, {AS_IT_IS: 1})
    _meet(*both)
    throw(one, made, "11111")
    throw(other, made, "22222")
    _meet(*both)
    assert (len(draws(one.read(made))), tally(one.read(made)).chosen) == (2, ())
    assert len(tally(throw(other, other.read(made), "33333")).chosen) == 1
