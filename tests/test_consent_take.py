"""Taking a consent: who says it, for whom, before whom, by which card; and what is refused."""

import json

import pytest

from hub.consent import standing, visits, whose
from hub.consent.purposes import COUNTED, ELSEWHERE
from hub.consent.visits import SOMEBODY_ELSE, Evidence, Said
from hub.errors import InputWrong, NotAllowed
from hub.node import Node
from hub.people import circles, roster
from tests.fixtures import consents
from tests.fixtures.cast import Cast

YES, BOTH = Said(said="yes"), Said(said="yes", assent="yes")


def test_the_evidence_is_kept(node: Node, cast: Cast) -> None:
    """Who, how, before whom and by which words stands beside the answer."""
    card = visits.keep_card(node, language="sw", words=["Je, inaweza?"])
    child, guardian, librarian = (cast.person(role) for role in ("learner", "guardian", "librarian"))
    evidence = Evidence(giver=guardian.id, how="paper", card=card)
    assert visits.take(node, actor=librarian, person=child, said={ELSEWHERE: BOTH}, evidence=evidence)
    (act,) = standing.told(node, child.id)
    assert (act.answer, act.said, act.assent, act.giver) == ("given", "yes", "yes", guardian.id)
    assert (act.how, act.witness, act.card, act.at_ms) == ("paper", librarian.id, card, node.clock.now_ms())
    kept = node.tables.ConsentCard.get_by_id(card)
    assert (kept.language, json.loads(kept.words)) == ("sw", ["Je, inaweza?"])


def test_a_card_with_other_words_is_another_version(node: Node) -> None:
    """The same words in the same language are one version, kept once."""
    asked = [("en", ["May it?"]), ("en", ["May it?"]), ("en", ["Might it?"]), ("fr", ["May it?"])]
    made = [visits.keep_card(node, language=language, words=words) for language, words in asked]
    assert (made[0] == made[1], len(set(made)), node.tables.ConsentCard.select().count()) == (True, 3, 3)


def test_purposes_are_apart(node: Node, cast: Cast) -> None:
    """A yes to one says nothing of the other."""
    consents.amina_says(node, cast, "yes", purpose=COUNTED)
    assert standing.of_person(node, cast.person("learner").id) == {ELSEWHERE: "", COUNTED: "given"}


def test_a_childs_no_is_a_no(node: Node, cast: Cast) -> None:
    """Fatou says yes, Amina does not: refused."""
    said = {ELSEWHERE: Said(said="yes", assent="no")}
    evidence = Evidence(giver=cast.person("guardian").id)
    visits.take(node, actor=cast.person("librarian"), person=cast.person("learner"), said=said, evidence=evidence)
    assert standing.of_person(node, cast.person("learner").id)[ELSEWHERE] == "refused"


def test_a_child_is_asked_too(node: Node, cast: Cast) -> None:
    """A guardian's yes without the child's is not taken, and nothing is written."""
    evidence = Evidence(giver=cast.person("guardian").id)
    with pytest.raises(InputWrong, match="was not asked"):
        visits.take(
            node,
            actor=cast.person("librarian"),
            person=cast.person("learner"),
            said={ELSEWHERE: YES},
            evidence=evidence,
        )
    assert standing.acts(node) == []


def test_a_form_sent_twice_is_one_visit(node: Node, cast: Cast) -> None:
    """The same words with the same evidence change nothing; other evidence is a new visit."""
    assert consents.amina_says(node, cast, "yes")
    assert not consents.amina_says(node, cast, "yes")
    assert len(standing.acts(node)) == 1


def test_a_guardian_without_a_picture_has_a_name(node: Node, cast: Cast) -> None:
    """An aunt who is in no list is written down by her name; without one nothing is."""
    child, librarian = cast.person("learner"), cast.person("librarian")
    aunt = Evidence(giver=SOMEBODY_ELSE, giver_name="  Aunt   Nuru ")
    visits.take(node, actor=librarian, person=child, said={ELSEWHERE: BOTH}, evidence=aunt)
    assert standing.told(node, child.id)[0].giver_name == "Aunt Nuru"
    for nobody in (Evidence(giver=SOMEBODY_ELSE), Evidence(giver=""), Evidence(giver=librarian.id, how="dream")):
        with pytest.raises((InputWrong, NotAllowed)):
            visits.take(node, actor=librarian, person=child, said={ELSEWHERE: BOTH}, evidence=nobody)


def test_nothing_chosen_is_said(node: Node, cast: Cast) -> None:
    """An empty form, or a purpose that there is not, is refused in words."""
    evidence = Evidence(giver=cast.person("guardian").id)
    for said in ({}, {ELSEWHERE: Said()}, {"fame": BOTH}):
        with pytest.raises(InputWrong, match="Nothing was chosen"):
            visits.take(
                node, actor=cast.person("librarian"), person=cast.person("learner"), said=said, evidence=evidence
            )


@pytest.mark.parametrize("role", ["learner", "neighbour", "partner", "region"])
def test_others_take_no_consent(node: Node, cast: Cast, role: str) -> None:
    """A child, another child, a partner and the region write down nothing about Amina."""
    evidence = Evidence(giver=cast.person("guardian").id)
    with pytest.raises(NotAllowed):
        visits.take(
            node, actor=cast.person(role), person=cast.person("learner"), said={ELSEWHERE: BOTH}, evidence=evidence
        )
    assert standing.acts(node) == []


@pytest.mark.parametrize(("role", "how"), [("guardian", "phone"), ("facilitator", "screen"), ("steward", "screen")])
def test_these_take_it(node: Node, cast: Cast, role: str, how: str) -> None:
    """The guardian on the own phone, the facilitator of the circle and a keeper; a guardian speaks as nobody else."""
    evidence = Evidence(giver=cast.person("guardian").id)
    visits.take(node, actor=cast.person(role), person=cast.person("learner"), said={ELSEWHERE: BOTH}, evidence=evidence)
    (act,) = standing.acts(node)
    assert (act.answer, act.giver, act.how) == ("given", cast.person("guardian").id, how)


def test_a_facilitator_of_another_circle_takes_none(node: Node, cast: Cast) -> None:
    """Only of those who learn in a circle that they lead."""
    other = roster.add_person(node, name="Miss Adu", picture="sun", roles=("facilitator",))
    circles.join(
        node, circle=circles.add_circle(node, name="Far", picture="well").id, person=other.id, part="facilitator"
    )
    with pytest.raises(NotAllowed):
        whose.check_asks(node, actor=other, person=cast.person("learner"))


def test_a_grown_up_speaks_for_oneself(node: Node, cast: Cast) -> None:
    """On the own phone, with nobody else to ask; and for nobody else."""
    joseph = consents.grown_up(node)
    visits.take(node, actor=joseph, person=joseph, said={ELSEWHERE: YES}, evidence=Evidence(giver=joseph.id))
    assert standing.told(node, joseph.id)[0].how == "phone"
    with pytest.raises(NotAllowed):
        whose.check_asks(node, actor=joseph, person=cast.person("learner"))


def test_who_is_a_child(node: Node, cast: Cast) -> None:
    """By the year of birth, without one by how they sign in; who holds a role for others is grown up."""
    unknown = roster.add_person(node, name="Issa", picture="fish")
    assert whose.is_child(node, cast.person("learner"))
    assert not whose.is_child(node, consents.grown_up(node))
    assert not whose.is_child(node, cast.person("guardian"))
    assert whose.is_child(node, unknown)


ALONE = {
    "a smile": (Said(assent="yes"), "guardian", "The guardian of Amina was not asked"),
    "no smile": (YES, "guardian", "was not asked"),
    "by itself": (BOTH, "learner", "together with a guardian"),
}


@pytest.mark.parametrize("case", ALONE)
def test_half_a_yes_for_a_child_is_none(node: Node, cast: Cast, case: str) -> None:
    """A smile without a guardian, a guardian without a smile, a child as its own guardian: the no before it stands."""
    said, giver, sentence = ALONE[case]
    consents.amina_says(node, cast, "no")
    child, evidence = cast.person("learner"), Evidence(giver=cast.person(giver).id)
    for role in ("librarian", "guardian"):
        with pytest.raises(InputWrong, match=sentence):
            visits.take(node, actor=cast.person(role), person=child, said={ELSEWHERE: said}, evidence=evidence)
    assert standing.of_person(node, child.id)[ELSEWHERE] == "refused"


def test_a_grown_up_is_asked_once(node: Node) -> None:
    """A face that is pressed beside a grown-up says nothing, neither alone nor against the word."""
    keeper, joseph = consents.keeper(node), consents.grown_up(node)
    evidence = Evidence(giver=joseph.id)
    with pytest.raises(InputWrong, match="Nothing was chosen"):
        visits.take(node, actor=keeper, person=joseph, said={ELSEWHERE: Said(assent="yes")}, evidence=evidence)
    visits.take(node, actor=keeper, person=joseph, said={ELSEWHERE: Said("no", "yes")}, evidence=evidence)
    (act,) = standing.told(node, joseph.id)
    assert (act.answer, act.said, act.assent) == ("refused", "no", "")


@pytest.mark.parametrize("word", ["yes", "no"])
def test_nobody_else_speaks_for_a_grown_up(node: Node, word: str) -> None:
    """A neighbour's name beside Joseph's yes, or his no, is refused."""
    keeper, joseph = consents.keeper(node), consents.grown_up(node)
    neighbour = Evidence(giver=SOMEBODY_ELSE, giver_name="Kwame")
    with pytest.raises(InputWrong, match="Only Joseph says it"):
        visits.take(node, actor=keeper, person=joseph, said={ELSEWHERE: Said(word)}, evidence=neighbour)
    assert standing.acts(node) == []
