"""Who reads reports: a steward names two adults; all see who they are, and that it is the steward's own word."""

from html import unescape

import pytest

from hub import acts
from hub.errors import InputWrong, NotAllowed
from hub.node import Node
from hub.people import roster
from hub.people.roster import Person
from hub.protection import named
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

PAGE = "/safe/named/"


def _grown_up(node: Node, name: str, *roles: str) -> Person:
    return roster.add_person(node, name=name, picture="fish", birth_year=1980, roles=roles)


@pytest.fixture
def adults(node: Node, cast: Cast) -> list[Person]:
    """Three who can be named."""
    return [_grown_up(node, name, "facilitator") for name in ("Awa", "Baako", "Chidi")]


def test_only_a_steward_names(node: Node, cast: Cast, adults: list[Person]) -> None:
    """Everybody else is refused or led to sign in, and the service refuses too."""
    chosen = {"person": [each.id for each in adults[:2]]}
    others = sorted(set(ROLES) - {"steward"})
    assert {cast.client(role).get(PAGE).status_code for role in others} == {303, 403}
    assert {cast.client(role).post(PAGE, data=chosen).status_code for role in others} == {403}
    with pytest.raises(NotAllowed):
        named.name(node, actor=cast.person("librarian"), chosen=chosen["person"])
    assert named.people(node) == []
    assert cast.client("steward").post(PAGE, data=chosen).status_code == 303
    assert named.people(node) == adults[:2]


def test_all_see_who_they_are_before_they_press(node: Node, cast: Cast, adults: list[Person]) -> None:
    """Guests too; the steward reads by whom and that it is no decision of all."""
    named.name(node, actor=cast.person("steward"), chosen=[each.id for each in adults[:2]])
    pages = {role: cast.client(role).get("/safe/").text for role in ROLES}
    assert all(each.name in text for text in pages.values() for each in adults[:2])
    assert not any(adults[2].name in text for text in pages.values())
    told = unescape(cast.client("steward").get(PAGE).text)
    assert "Awa was named by Mama Zawadi" in told and "not a decision of all" in told


def test_while_nobody_is_named_the_stewards_read(node: Node, cast: Cast, adults: list[Person]) -> None:
    """And beside one who is left alone."""
    steward = cast.person("steward")
    assert named.readers(node) == [steward]
    named.name(node, actor=steward, chosen=[each.id for each in adults[:2]])
    assert named.readers(node) == adults[:2]
    node.write(lambda: node.change("person", adults[0].id, is_active=0))
    assert named.readers(node) == [adults[1], steward]


def test_a_word_takes_the_place_of_the_former(node: Node, cast: Cast, adults: list[Person]) -> None:
    """Who is named no more reads no more; said twice it is written once."""
    steward = cast.person("steward")
    assert named.name(node, actor=steward, chosen=[each.id for each in adults[:2]])
    assert not named.name(node, actor=steward, chosen=[each.id for each in adults[:2]])
    assert named.name(node, actor=steward, chosen=[each.id for each in adults[1:]])
    assert named.people(node) == adults[1:]


def test_it_is_written_down_as_the_stewards_own(node: Node, cast: Cast, adults: list[Person]) -> None:
    """In the log of whom it is about, and in the register among what was done without a decision."""
    steward = cast.person("steward")
    for chosen in (adults[:2], adults[1:], adults[1:]):
        named.name(node, actor=steward, chosen=[each.id for each in chosen])
    told = [[(act.actor, act.what) for act in acts.about(node, each.id)] for each in adults]
    assert sorted(told[0]) == [(steward.id, ""), (steward.id, acts.NAMED)]
    assert told[1:] == [[(steward.id, acts.NAMED)]] * 2
    register = unescape(cast.client("learner").get("/community/decisions/register/").text)
    assert register.count("Named to read reports.") == 3 and "Named no more to read reports." in register


def test_two_copies_that_name_apart_leave_all_of_them(node: Node, cast: Cast, adults: list[Person]) -> None:
    """What restricts nobody's way to help: more may read, none is lost."""
    steward = cast.person("steward")
    named.name(node, actor=steward, chosen=[each.id for each in adults[:2]])
    said = {"is_named": 1, "actor": steward.id, "said_ms": node.clock.now_ms()}
    node.write(lambda: node.change("protection.named", adults[2].id, **said))
    assert named.people(node) == adults


WRONG = {
    "one": lambda adults, _cast: [adults[0].id],
    "the same twice": lambda adults, _cast: [adults[0].id, adults[0].id],
    "three": lambda adults, _cast: [each.id for each in adults],
    "a learner": lambda adults, cast: [adults[0].id, cast.person("learner").id],
    "nobody who is here": lambda adults, _cast: [adults[0].id, "nobody"],
}


@pytest.mark.parametrize("case", WRONG)
def test_two_adults_and_nobody_else(node: Node, cast: Cast, adults: list[Person], case: str) -> None:
    """The form comes back with a sentence, and nobody is named."""
    chosen = WRONG[case](adults, cast)
    with pytest.raises(InputWrong):
        named.name(node, actor=cast.person("steward"), chosen=chosen)
    answer = cast.client("steward").post(PAGE, data={"person": chosen})
    assert (answer.status_code, "Nothing was changed" in answer.text) == (400, True)
    assert named.people(node) == []


def test_children_and_who_is_only_of_the_region_cannot_be_named(node: Node, cast: Cast) -> None:
    """A young helper with a role, a learner, the region's coordinator."""
    young = roster.add_person(node, name="Kito", picture="drum", birth_year=2015, roles=("facilitator",))
    far = _grown_up(node, "Ruth B", "region")
    plain = _grown_up(node, "Joseph")
    assert not {young.id, far.id, plain.id} & {each.id for each in named.choosable(node)}


def test_an_outsider_learns_of_nobody_else(node: Node, cast: Cast, adults: list[Person]) -> None:
    """On the page of the hand stand the readers and no other name."""
    named.name(node, actor=cast.person("steward"), chosen=[each.id for each in adults[:2]])
    text = cast.client(OUTSIDER).get("/safe/").text
    assert not [role for role in set(ROLES) - {OUTSIDER, "librarian"} if cast.person(role).name in text]
