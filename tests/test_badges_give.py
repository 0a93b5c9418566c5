"""Badges: who defines one, who gives it to whom, what is written of it, and taking it back."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from hub import badges, projections
from hub.errors import InputWrong, NotAllowed, NotFound
from hub.learning import Opened
from hub.node import Node
from hub.vocabulary import BADGE_TYPE, FEEDBACK, VERBS, competency, person_actor
from hub.vocabulary import badge as badge_name
from hub.xapi.store import whole
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.recognition import HELPING, PAY, badge, give

Market = Callable[[str], Opened]
OTHERS = [role for role in ROLES if role not in ("facilitator", "steward", "outsider")]


def _kept(node: Node, verb: str) -> list[dict]:
    table = node.tables.Statement
    rows = table.select().where(table.verb == VERBS[verb])
    return [whole(node.journal.get(row.stream, row.seq)) for row in rows]


def _has(node: Node, cast: Cast, role: str = "learner") -> list[str]:
    return [each.badge.name for each in badges.of_person(node, cast.person(role).id)]


@pytest.mark.parametrize("role", ["facilitator", "steward"])
def test_a_community_defines_what_it_recognises(node: Node, cast: Cast, role: str) -> None:
    """In its own words and with a picture of ours; what is defined is a record like others."""
    made = badge(node, cast, by=role)
    assert (made.name, made.means, made.picture, made.is_given) == (HELPING.name, HELPING.means, "bee", True)
    assert made.definer == cast.person(role).id
    assert badges.badges(node) == [made] == [badges.find(node, made.id)]


def test_giving_is_a_record_of_whoever_gets_it(node: Node, cast: Cast, market: Market) -> None:
    """Earned, the badge with its words, what it stands for, and who gave it; the sentence goes with it."""
    made = badge(node, cast, replace(HELPING, competencies=(PAY,)))
    assert give(node, cast, made, sentence="For the afternoon with Issa.") == 1
    (kept,) = _kept(node, "earned")
    assert kept["actor"] == person_actor(cast.person("learner").id)
    assert kept["object"]["id"] == badge_name(made.id)
    assert kept["object"]["definition"] == {
        "type": BADGE_TYPE,
        "name": {"en": HELPING.name},
        "description": {"en": HELPING.means},
    }
    assert kept["result"] == {"extensions": {FEEDBACK: "For the afternoon with Issa."}}
    assert [each["id"] for each in kept["context"]["contextActivities"]["other"]] == [competency(PAY)]
    assert kept["context"]["instructor"]["account"]["name"] == cast.person("steward").id
    (award,) = badges.of_person(node, cast.person("learner").id)
    assert (award.badge, award.sentence, award.giver) == (
        made,
        "For the afternoon with Issa.",
        cast.person("steward").id,
    )


def test_a_badge_is_had_once(node: Node, cast: Cast) -> None:
    """Given twice, by two forms or by one sent twice, it stands once."""
    made, form = badge(node, cast), node.new_id()
    assert [give(node, cast, made, form=form), give(node, cast, made, form=form), give(node, cast, made)] == [1, 0, 0]
    assert len(_kept(node, "earned")) == 1


def test_taking_back_voids_and_it_can_be_given_again(node: Node, cast: Cast) -> None:
    """Twice is once; a late copy of the first form gives nothing back."""
    made, form = badge(node, cast), node.new_id()
    give(node, cast, made, form=form)
    (award,) = badges.of_person(node, cast.person("learner").id)
    for _ in range(2):
        badges.take_back(node, actor=cast.person("steward"), statement=award.statement)
    assert (_has(node, cast), len(_kept(node, "voided"))) == ([], 1)
    assert give(node, cast, made, form=form) == 0
    assert (give(node, cast, made), _has(node, cast)) == (1, [HELPING.name])


def test_a_facilitator_gives_to_the_own_learners_alone(node: Node, cast: Cast) -> None:
    """A steward to anybody; with one wrong name nobody gets it."""
    made, form = badge(node, cast), node.new_id()
    both = [cast.person(role).id for role in ("learner", "neighbour")]
    assert [each.name for each in badges.receivers(node, cast.person("facilitator"))] == ["Amina"]
    with pytest.raises(NotAllowed, match="Nothing was given"):
        badges.give(node, actor=cast.person("facilitator"), badge_id=made.id, people=both, sentence="", form=form)
    assert _has(node, cast) == _has(node, cast, "neighbour") == []
    assert badges.give(node, actor=cast.person("steward"), badge_id=made.id, people=both, sentence="", form=form) == 2


def test_nobody_gives_a_badge_to_themselves(node: Node, cast: Cast) -> None:
    """A steward neither."""
    made = badge(node, cast)
    with pytest.raises(NotAllowed):
        give(node, cast, made, role="steward")
    assert _has(node, cast, "steward") == []


@pytest.mark.parametrize("role", OTHERS)
def test_others_neither_define_nor_give_nor_take_back(node: Node, cast: Cast, role: str) -> None:
    """A learner, a guardian, a librarian, a partner, the region."""
    made = badge(node, cast)
    give(node, cast, made)
    (award,) = badges.of_person(node, cast.person("learner").id)
    before = projections.fingerprint(node.tables)
    for refused in (
        lambda: badge(node, cast, replace(HELPING, name="Mine"), by=role),
        lambda: give(node, cast, made, role="neighbour", by=role),
        lambda: badges.take_back(node, actor=cast.person(role), statement=award.statement),
        lambda: badges.set_given(node, actor=cast.person(role), badge_id=made.id, is_given=False),
    ):
        with pytest.raises(NotAllowed, match="Nothing was"):
            refused()
    assert projections.fingerprint(node.tables) == before


def test_who_leads_the_learner_takes_back_what_a_steward_gave(node: Node, cast: Cast) -> None:
    """But not from somebody of another circle."""
    made = badge(node, cast)
    for role in ("learner", "neighbour"):
        give(node, cast, made, role=role)
    (own,), (other,) = (badges.of_person(node, cast.person(role).id) for role in ("learner", "neighbour"))
    badges.take_back(node, actor=cast.person("facilitator"), statement=own.statement)
    with pytest.raises(NotAllowed):
        badges.take_back(node, actor=cast.person("facilitator"), statement=other.statement)
    assert (_has(node, cast), _has(node, cast, "neighbour")) == ([], [HELPING.name])


def test_a_badge_that_is_given_no_longer_stays_with_who_has_it(node: Node, cast: Cast) -> None:
    """It can be given again later; what it says never changes."""
    made = badge(node, cast)
    give(node, cast, made)
    badges.set_given(node, actor=cast.person("steward"), badge_id=made.id, is_given=False)
    with pytest.raises(InputWrong, match="no longer given"):
        give(node, cast, made, role="neighbour")
    assert _has(node, cast) == [HELPING.name]
    badges.set_given(node, actor=cast.person("steward"), badge_id=made.id, is_given=True)
    assert give(node, cast, made, role="neighbour") == 1


WRONG = {
    "no name": {"name": " "},
    "a name without end": {"name": "a" * (badges.NAME_MAX + 1)},
    "no words": {"means": ""},
    "words without end": {"means": "a" * (badges.MEANS_MAX + 1)},
    "a picture that is none of ours": {"picture": "../x"},
    "what is not on the shelf": {"competencies": ("market/fly",)},
    "the same again": {},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_a_badge_is_refused(node: Node, cast: Cast, wrong: dict) -> None:
    """In a sentence, and nothing is changed."""
    badge(node, cast)
    before = projections.fingerprint(node.tables)
    with pytest.raises(InputWrong, match="Nothing was changed"):
        badge(node, cast, replace(HELPING, **wrong))
    assert projections.fingerprint(node.tables) == before


def test_there_is_an_end_to_badges(node: Node, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a community can mean are refused; letting go of one makes room."""
    monkeypatch.setattr(badges, "BADGES_MAX", 1)
    first, other = badge(node, cast), replace(HELPING, name="Storyteller")
    with pytest.raises(InputWrong, match="too many badges"):
        badge(node, cast, other)
    badges.set_given(node, actor=cast.person("steward"), badge_id=first.id, is_given=False)
    assert badge(node, cast, other).name == "Storyteller"


def test_what_is_not_there_is_not_given(node: Node, cast: Cast) -> None:
    """No badge, nobody, a form of nobody, a record that is none."""
    made = badge(node, cast)
    with pytest.raises(NotFound):
        give(node, cast, replace(made, id=node.new_id()))
    for people, form in (([], node.new_id()), ([cast.person("learner").id], "x")):
        with pytest.raises(InputWrong):
            badges.give(node, actor=cast.person("steward"), badge_id=made.id, people=people, sentence="", form=form)
    with pytest.raises(NotFound):
        badges.take_back(node, actor=cast.person("steward"), statement=node.new_id())


def test_the_tables_are_made_again_from_the_journal(node: Node, cast: Cast) -> None:
    """In whatever order."""
    made = badge(node, cast)
    for role in ("learner", "neighbour"):
        give(node, cast, made, role=role)
    (award,) = badges.of_person(node, cast.person("learner").id)
    badges.take_back(node, actor=cast.person("steward"), statement=award.statement)
    before, entries = projections.fingerprint(node.tables), list(node.journal.replay())
    for order in (entries, entries[::-1]):
        node.write(lambda order=order: projections.rebuild(node.tables, order))
        assert projections.fingerprint(node.tables) == before


def test_a_tool_gives_no_badge(node: Node, cast: Cast, tool) -> None:
    """Whatever its key may do: only what this hub's own pages wrote is shown."""
    made = badge(node, cast)
    give(node, cast, made)
    (kept,) = _kept(node, "earned")
    said = {part: kept[part] for part in ("verb", "object", "context")}
    tool.send({**said, "actor": person_actor(cast.person("neighbour").id)})
    assert _has(node, cast, "neighbour") == []
