"""Households: who lives together, who looks after whom, and to whom a phone may go without a secret."""

import pytest

from hub.errors import InputWrong
from hub.node import Node
from hub.people import households, roster
from hub.people.households import Household
from hub.people.roster import Person


def _home(node: Node, *, is_trusting: bool) -> tuple[Household, Person, Person, Person]:
    """A household with Amina, her brother Juma and their mother Fatou."""
    amina, juma = (roster.add_person(node, name=name, picture="goat") for name in ("Amina", "Juma"))
    fatou = roster.add_person(node, name="Fatou", picture="mango", roles=("guardian", "learner"))
    home = households.add_household(node, name="Amina's home", picture="well", is_trusting=is_trusting)
    for person, relation in ((amina, "child"), (juma, "child"), (fatou, "guardian")):
        households.link(node, household=home.id, person=person.id, relation=relation)
    return home, amina, juma, fatou


def test_a_guardian_has_children_and_a_child_has_none(node: Node) -> None:
    """The relation goes one way."""
    _, amina, juma, fatou = _home(node, is_trusting=False)
    assert households.children_of(node, fatou.id) == [amina, juma]
    assert households.children_of(node, amina.id) == []


def test_companions_are_everybody_else_at_home(node: Node) -> None:
    """Oneself is not among them, nor who left."""
    home, amina, juma, fatou = _home(node, is_trusting=False)
    assert households.companions(node, amina.id) == [fatou, juma]
    households.unlink(node, household=home.id, person=juma.id)
    assert households.companions(node, amina.id) == [fatou]


def test_a_phone_changes_hands_only_among_learners_of_a_trusting_home(node: Node) -> None:
    """Never to somebody with a further role, and in another household to nobody."""
    home, amina, juma, fatou = _home(node, is_trusting=False)
    assert households.trusted(node, amina.id) == []
    households.change_household(node, household=home.id, name=home.name, picture="well", is_trusting=True)
    assert households.trusted(node, amina.id) == [juma]
    assert households.trusted(node, fatou.id) == [amina, juma]


def test_kin_are_listed_guardians_first(node: Node) -> None:
    """With the relation of each."""
    home, *_ = _home(node, is_trusting=False)
    found = [(kin.person.name, kin.relation) for kin in households.kin(node, home.id)]
    assert found == [("Fatou", "guardian"), ("Amina", "child"), ("Juma", "child")]


def test_linking_twice_is_once(node: Node) -> None:
    """Repeated forms change nothing."""
    home, amina, *_ = _home(node, is_trusting=False)
    assert not households.link(node, household=home.id, person=amina.id, relation="child")
    assert [households.unlink(node, household=home.id, person=amina.id) for _ in range(2)] == [True, False]


def test_a_relation_is_one_of_three(node: Node) -> None:
    """Any other is refused."""
    home, amina, *_ = _home(node, is_trusting=False)
    with pytest.raises(InputWrong, match="In a household one is"):
        households.link(node, household=home.id, person=amina.id, relation="king")
