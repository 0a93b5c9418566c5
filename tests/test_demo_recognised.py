"""The demo shows what people see in each other: notes of the facilitator, and badges, on the pages where they stand."""

from hub import badges
from hub.demo import recognised
from hub.learning import observations, progress
from hub.people import roster
from tests.fixtures.demo import Demo


def test_the_facilitator_noted_what_he_saw_at_the_market(demo: Demo) -> None:
    """Each learner at the level seen, in what grows, with the sentence."""
    people = {each.name: each.id for each in roster.people(demo.node)}
    for name, level, sentence in recognised.AT_THE_MARKET:
        (seen,) = observations.of_person(demo.node, people[name])
        assert (seen.competency, seen.level, seen.sentence) == (recognised.CHANGE, level, sentence)
        assert recognised.CHANGE in {each.competency for each in progress.garden(demo.node, people[name])}
    (words,) = observations.of_person(demo.node, people["Mateo"])
    assert (words.competency, words.words) == ("", recognised.IN_THE_CIRCLE[0])


def test_badges_were_given_by_the_steward(demo: Demo) -> None:
    """To whom, and what for."""
    assert {each.name for each in badges.badges(demo.node)} == {each.name for each in recognised.BADGES}
    people = {each.id: each.name for each in roster.people(demo.node)}
    given = {
        (award.badge.name, people[award.person], award.sentence)
        for person in people
        for award in badges.of_person(demo.node, person)
    }
    assert given == {(each.name, *row) for each in recognised.BADGES for row in each.given}
