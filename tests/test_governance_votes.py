"""Majority, dots, least resistance and lots: who votes, what is counted in a room, and what comes of it."""

from dataclasses import replace

import pytest

from hub.errors import InputWrong, NotAllowed
from hub.forgetting import people as forgetting
from hub.governance import adopting, ballots, proposals, rounds, standing
from hub.governance.ballots import Counted
from hub.governance.proposals import Way, Words
from hub.governance.standing import ADOPTED
from hub.governance.tally import AS_IT_IS, DOTS, LOTTERY, MAJORITY, RESISTANCE, of_version, tally
from hub.governance.typed_for import VOTED, typed_for
from hub.people import roster
from tests.fixtures.deciding import GROWN_UP, Deciding
from tests.fixtures.voting import DAYS, FULL, count_room, opened_by, throw, vote_of, words_of


def test_a_vote_has_its_options_and_that_all_stays_as_it_is(deciding: Deciding) -> None:
    """Each with a picture of its own; the same line twice is one."""
    found = deciding.opened(Words("Day", "Which?", way=Way(MAJORITY, (*DAYS, "Monday"))))
    assert [(each.number, each.text) for each in found.options] == [(1, "Monday"), (2, "Thursday")]
    assert len({each.picture for each in found.options}) == len(DAYS) and found.method == MAJORITY
    assert set(tally(found).points) == {AS_IT_IS, 1, 2} and tally(found).chosen == ()


WRONG = {
    "no method": Way("shouting", DAYS),
    "one option": Way(MAJORITY, ("Monday",)),
    "seven options": Way(DOTS, tuple("abcdefg")),
    "an empty option": Way(DOTS, ("Monday", " ")),
    "no place": Way(LOTTERY, (), 0),
    "too many places": Way(LOTTERY, (), 21),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_voted_on_is_not_opened(deciding: Deciding, case: str) -> None:
    """Nothing is written; the words of consent and lots have no options."""
    with pytest.raises(InputWrong):
        deciding.opened(Words("x", "y", way=WRONG[case]))
    assert standing.read(deciding.node) == []
    assert deciding.opened(Words("x", "y", way=Way("consent", DAYS))).options == ()


CAME = {
    "more than half": (MAJORITY, [{1: 1}, {1: 1}, {2: 1}], "1"),
    "no more than half": (MAJORITY, [{1: 1}, {2: 1}], "0"),
    "as it is": (MAJORITY, [{AS_IT_IS: 1}, {AS_IT_IS: 1}, {2: 1}], "0"),
    "most dots": (DOTS, [{1: 1, 2: 2}, {2: 3}, {1: 3}], "2"),
    "as many dots": (DOTS, [{1: 3}, {2: 3}], "0"),
    "least resistance": (RESISTANCE, [{0: 8, 1: 10, 2: 2}, {0: 5, 1: 0, 2: 2}], "2"),
    "as much resistance": (RESISTANCE, [{0: 10, 1: 2, 2: 2}], "0"),
}


@pytest.mark.parametrize("case", CAME)
def test_what_comes_of_a_vote(deciding: Deciding, case: str) -> None:
    """It is kept with the decision, and adopted only then."""
    method, said, chosen = CAME[case]
    found = opened_by(deciding, method)
    for person, choices in zip((deciding.joseph, deciding.grace, deciding.steward), said, strict=False):
        found = vote_of(deciding, found, person, choices)
    assert (tally(found).chosen, tally(found).heard) == ((chosen,), len(said))
    closed = deciding.adopt(found)
    assert (closed.state, closed.adoption and closed.adoption.chosen) == (ADOPTED, (chosen,))
    assert tally(closed) == tally(found)


@pytest.mark.parametrize("method", FULL)
def test_the_later_ballot_takes_the_place_of_the_former(deciding: Deciding, method: str) -> None:
    """One person, one ballot; every one is kept, and the same one sent twice is one."""
    found, (first, second, _) = opened_by(deciding, method), FULL[method]
    for choices in (first, first, second):
        found = vote_of(deciding, found, deciding.joseph, choices)
    heads = of_version(found.ballots, found)
    assert (len(found.ballots), [dict(each.choices) for each in heads]) == (2, [{n: p for n, p in second.items() if p}])


BAD = {
    MAJORITY: [{}, {1: 1, 2: 1}, {1: 2}, {7: 1}, {1: -1}],
    DOTS: [{}, {1: 4}, {1: 2, 2: 2}, {9: 1}, {1: 4, 2: -1}],
    RESISTANCE: [{1: 0}, {0: 11, 1: 0, 2: 0}, {0: 0, 1: 0, 2: 0, 3: 0}],
    LOTTERY: [{1: 1}, {0: 2}],
}


@pytest.mark.parametrize("method", BAD)
def test_a_ballot_that_the_method_does_not_know_is_refused(deciding: Deciding, method: str) -> None:
    """Nothing is written."""
    found = opened_by(deciding, method)
    for choices in BAD[method]:
        with pytest.raises(InputWrong):
            vote_of(deciding, found, deciding.joseph, choices)
    assert deciding.read(found) == found


def test_who_may_not_vote_and_when_it_is_not_time(deciding: Deciding) -> None:
    """A child, another's hand, before the round, over an old text, where it is decided by consent, and the reverse."""
    node, found = deciding.node, opened_by(deciding, MAJORITY)
    child = roster.add_person(node, name="Amina", picture="butterfly", birth_year=GROWN_UP + 40)
    with pytest.raises(NotAllowed):
        vote_of(deciding, found, child, {1: 1})
    with pytest.raises(NotAllowed):
        vote_of(deciding, found, deciding.grace, {1: 1}, by=deciding.joseph)
    early = proposals.open_proposal(node, actor=deciding.steward, words=words_of(MAJORITY, "Early"))
    with pytest.raises(InputWrong, match="not time"):
        vote_of(deciding, early, deciding.joseph, {1: 1})
    deciding.amend(found)
    with pytest.raises(InputWrong, match="changed meanwhile"):
        vote_of(deciding, found, deciding.joseph, {1: 1})
    with pytest.raises(InputWrong, match="decided by consent"):
        vote_of(deciding, deciding.opened(), deciding.joseph, {1: 1})
    now = deciding.read(found)
    for say in (deciding.consent, deciding.object):
        with pytest.raises(InputWrong, match="it is voted"):
            say(now, deciding.joseph)
    with pytest.raises(InputWrong, match="it is voted"):
        witnesses = [deciding.joseph.id, deciding.grace.id]
        sent = {"proposal": now.id, "version": now.version.id, "hands": 1, "witnesses": witnesses}
        rounds.count_hands(node, actor=deciding.steward, **sent)


def test_a_steward_types_for_the_room_and_never_over_a_hand(deciding: Deciding) -> None:
    """It is told whose hand it was, and they read it."""
    found = opened_by(deciding, MAJORITY)
    found = vote_of(deciding, found, deciding.joseph, {1: 1}, by=deciding.steward)
    assert [each.typist for each in found.ballots] == [deciding.steward.id]
    assert [each.sort for each in typed_for(deciding.node, deciding.joseph.id)] == [VOTED]
    vote_of(deciding, found, deciding.joseph, {2: 1})
    with pytest.raises(InputWrong, match="own hand"):
        vote_of(deciding, found, deciding.joseph, {1: 1}, by=deciding.steward)


def test_what_is_counted_in_a_room_needs_two_witnesses_and_fits(deciding: Deciding) -> None:
    """Never more than have a voice and have not voted; a later count takes the place of the former."""
    found = vote_of(deciding, opened_by(deciding, DOTS), deciding.steward, {1: 3})
    found = count_room(deciding, found, 2, {0: 0, 1: 2, 2: 4}, "beans")
    assert (tally(found).points, tally(found).heard) == ({0: 0, 1: 5, 2: 4}, 3)
    found = count_room(deciding, found, 1, {0: 0, 1: 0, 2: 3}, "cards")
    assert (tally(found).points, len(found.counts)) == ({0: 0, 1: 3, 2: 3}, 2)
    assert len(count_room(deciding, found, 1, {0: 0, 1: 0, 2: 3}, "cards").counts) == 2
    for people, numbers, sort in (
        (3, {0: 0, 1: 1, 2: 0}, "beans"),
        (1, {0: 0, 1: 4, 2: 0}, "beans"),
        (-1, {0: 0, 1: 0, 2: 0}, "beans"),
        (1, {0: 0, 1: -1, 2: 0}, "beans"),
        (1, {1: 1}, "beans"),
        (1, {0: 0, 1: 1, 2: 0}, "shouts"),
    ):
        with pytest.raises(InputWrong, match="count again"):
            count_room(deciding, found, people, numbers, sort)
    counted = Counted("hands", 1, {0: 0, 1: 1, 2: 0}, [deciding.joseph.id])
    sent = {"proposal": found.id, "version": found.version.id}
    with pytest.raises(InputWrong, match="Two others"):
        ballots.count(deciding.node, actor=deciding.steward, counted=counted, **sent)
    with pytest.raises(NotAllowed):
        ballots.count(deciding.node, actor=deciding.joseph, counted=counted, **sent)
    child = roster.add_person(deciding.node, name="Amina", picture="butterfly", birth_year=GROWN_UP + 40)
    with pytest.raises(InputWrong, match="name another"):
        with_child = replace(counted, witnesses=[deciding.joseph.id, child.id])
        ballots.count(deciding.node, actor=deciding.steward, counted=with_child, **sent)
    assert deciding.read(found) == found


def test_too_few_decide_nothing(deciding: Deciding) -> None:
    """One in three at least; nobody at all is not ripe either."""
    for number in range(4):
        roster.add_person(deciding.node, name=f"Neighbour {number}", picture="goat", birth_year=GROWN_UP)
    found = opened_by(deciding, MAJORITY)
    with pytest.raises(InputWrong, match="Nobody was heard"):
        deciding.adopt(found)
    found = vote_of(deciding, found, deciding.joseph, {1: 1})
    with pytest.raises(InputWrong, match="Too few"):
        deciding.adopt(found)
    for person in (deciding.grace, deciding.steward):
        found = vote_of(deciding, found, person, {1: 1})
    assert deciding.adopt(found).state == ADOPTED


def test_lots_are_drawn_once_by_dice_that_all_can_check(deciding: Deciding) -> None:
    """Among those who put their names in; nobody can after; a second throw changes nothing."""
    found = opened_by(deciding, LOTTERY, places=2)
    with pytest.raises(InputWrong, match="Nobody has put a name in"):
        throw(deciding, found)
    everybody = (deciding.joseph, deciding.grace, deciding.steward)
    for person in everybody:
        found = vote_of(deciding, found, person, {AS_IT_IS: 1})
    found = vote_of(deciding, found, deciding.steward, {})
    with pytest.raises(InputWrong, match="not drawn yet"):
        deciding.adopt(found)
    for dice in ("1234", "12347", "a2345", ""):
        with pytest.raises(InputWrong, match="five dice"):
            throw(deciding, found, dice)
    drawn = tally(throw(deciding, found)).chosen
    assert set(drawn) == {deciding.joseph.id, deciding.grace.id}
    assert tally(throw(deciding, found, "1 1 1 1 1")).chosen == drawn and len(deciding.read(found).draws) == 1
    with pytest.raises(InputWrong, match="drawn already"):
        vote_of(deciding, found, deciding.steward, {AS_IT_IS: 1})
    closed = deciding.adopt(deciding.read(found))
    assert closed.adoption is not None and closed.adoption.chosen == drawn


def test_few_who_wish_are_drawn_where_enough_were_heard(deciding: Deciding) -> None:
    """Who was asked and does not wish is heard as well; who has no voice any more is not."""
    people = [deciding.joseph, deciding.grace, deciding.steward]
    people += [
        roster.add_person(deciding.node, name=f"Neighbour {number}", picture="goat", birth_year=GROWN_UP)
        for number in range(4)
    ]
    found = opened_by(deciding, LOTTERY)
    for number, person in enumerate(people):
        found = vote_of(deciding, found, person, {AS_IT_IS: 1} if number == 0 else {})
    found = throw(deciding, found)
    ballots.check_ripe(deciding.node, found)
    assert ballots.said(deciding.node, found).chosen == (people[0].id,)
    roster.set_active(deciding.node, person=people[-1].id, is_active=False)
    assert ballots.said(deciding.node, found).heard == len(people) - 1


def test_each_of_many_is_drawn_at_times(deciding: Deciding) -> None:
    """The dice decide, not the order of names."""
    found = opened_by(deciding, LOTTERY)
    for person in (deciding.joseph, deciding.grace, deciding.steward):
        found = vote_of(deciding, found, person, {AS_IT_IS: 1})
    found = throw(deciding, found)
    seeds = [f"{number:05}" for number in range(40)]
    drawn = {tally(replace(found, draws=(replace(found.draws[0], seed=seed),))).chosen for seed in seeds}
    assert len(drawn) == 3


def test_who_is_forgotten_is_in_no_ballot(deciding: Deciding) -> None:
    """Theirs goes; what the others said stays, and so does what was decided."""
    found = vote_of(deciding, opened_by(deciding, MAJORITY), deciding.joseph, {1: 1})
    found = deciding.adopt(vote_of(deciding, found, deciding.grace, {1: 1}))
    forgetting.forget(deciding.node, person=deciding.joseph.id)
    again = deciding.read(found)
    assert [each.person for each in again.ballots] == [deciding.grace.id]
    assert (again.state, again.adoption and again.adoption.chosen) == (ADOPTED, ("1",))


def test_reviewing_a_vote_is_as_with_any_decision(deciding: Deciding) -> None:
    """It can be ended on its day."""
    found = vote_of(deciding, opened_by(deciding, MAJORITY), deciding.joseph, {1: 1})
    closed = deciding.adopt(found)
    ended = adopting.end(deciding.node, adopting.Look(deciding.steward, closed.id, 0))
    assert ended.state == "ended"
