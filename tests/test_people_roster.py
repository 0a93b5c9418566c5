"""The roster: people, their facts and their roles."""

import pytest

from hub.errors import InputWrong, NotAllowed, NotFound
from hub.node import Node
from hub.people import circles, credentials, households, roster

WRONG_FACTS = [
    ({"name": ""}, "1 to 60 letters"),
    ({"name": " \t "}, "1 to 60 letters"),
    ({"name": "x" * 61}, "1 to 60 letters"),
    ({"name": "Ami\x00na"}, "cannot be shown"),
    ({"name": "Ami\u202ena"}, "cannot be shown"),
    ({"picture": "dragon"}, "not among ours"),
    ({"picture": ""}, "not among ours"),
    ({"birth_year": 1066}, "number like 2016"),
    ({"birth_year": "2016"}, "number like 2016"),
    ({"language": "English"}, "short code"),
    ({"language": "../en"}, "short code"),
    ({"sourced_id": "x" * 256}, "at most 255"),
]


def _entries(node: Node) -> int:
    """How many entries the journal holds."""
    return sum(head.seq for head in node.journal.streams())


def _somebody(node: Node, **facts: object) -> roster.Person:
    return roster.add_person(node, **{"name": "Amina", "picture": "butterfly", **facts})


def test_somebody_new_is_known_with_all_facts(node: Node) -> None:
    """What was said of a person comes back."""
    made = _somebody(node, roles=("learner", "guardian"), birth_year=2016, language="sw")
    assert roster.person(node, made.id) == made
    assert (made.name, made.birth_year, made.language, made.is_active) == ("Amina", 2016, "sw", True)
    assert made.roles == {"learner", "guardian"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  Mama   Zawadi ", "Mama Zawadi"),
        ("Lucı́a", "Lucı́a"),
        ("Ine\u0301s", "Inés"),
        ("نور", "نور"),
        ("क्\u200dष", "क्\u200dष"),
    ],
)
def test_a_name_is_kept_tidy_in_any_script(given: str, kept: str) -> None:
    """Spaces are single, letters composed, joiners stay."""
    assert roster.check_name(given) == kept


@pytest.mark.parametrize(("facts", "sentence"), WRONG_FACTS)
def test_a_wrong_fact_is_refused(facts: dict[str, object], sentence: str) -> None:
    """With a sentence for each."""
    with pytest.raises(InputWrong, match=sentence):
        roster.checked(facts)


def test_nobody_is_made_of_a_wrong_fact(node: Node) -> None:
    """Everything is checked before anything is written."""
    for facts in ({"name": ""}, {"picture": "dragon"}, {"roles": ("learner", "king")}):
        with pytest.raises(InputWrong, match="Nothing was changed"):
            _somebody(node, **facts)
    assert (roster.people(node, is_active=None), _entries(node)) == ([], 0)


def test_people_are_found_by_role_and_by_letters(node: Node) -> None:
    """A list is narrowed by role and by part of the name, whatever the case."""
    amina, lucia = _somebody(node), _somebody(node, name="Lucía", roles=("librarian",))
    assert roster.people(node) == [amina, lucia]
    assert roster.people(node, role="librarian") == [lucia]
    assert roster.people(node, words="LUCÍ") == [lucia]
    assert roster.people(node, words="xyz") == []


def test_the_same_change_twice_is_one_entry(node: Node) -> None:
    """A form sent twice leaves the journal as the first left it."""
    amina = _somebody(node)
    assert roster.change_person(node, person=amina.id, name="Amina B.")
    before = _entries(node)
    assert not roster.change_person(node, person=amina.id, name="Amina  B.")
    assert (_entries(node), roster.person(node, amina.id).name) == (before, "Amina B.")


def test_nobody_is_changed_who_is_not_here(node: Node) -> None:
    """An unknown id is not found, for every service."""
    for act in (
        lambda: roster.person(node, "x"),
        lambda: roster.change_person(node, person="x", name="A"),
        lambda: roster.set_active(node, person="x", is_active=False),
        lambda: roster.give_role(node, person="x", role="learner"),
        lambda: roster.take_role(node, person="x", role="learner"),
        lambda: circles.circle(node, "x"),
        lambda: circles.join(node, circle="x", person="y"),
        lambda: households.household(node, "x"),
        lambda: households.link(node, household="x", person="y", relation="child"),
        lambda: credentials.set_secret(node, person="x", secret="246813"),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_role_is_given_and_taken(node: Node) -> None:
    """Roles come and go; repeating is harmless."""
    amina = _somebody(node)
    assert roster.give_role(node, person=amina.id, role="partner")
    assert not roster.give_role(node, person=amina.id, role="partner")
    assert roster.person(node, amina.id).roles == {"learner", "partner"}
    assert roster.take_role(node, person=amina.id, role="partner")
    assert not roster.take_role(node, person=amina.id, role="steward")
    assert roster.person(node, amina.id).roles == {"learner"}


@pytest.mark.parametrize("role", ["librarian", "steward"])
def test_the_last_keeper_stays(node: Node, role: str) -> None:
    """Nobody takes the last librarian's or steward's role, nor lets them rest; with a second one it goes."""
    first = _somebody(node, roles=(role,))
    with pytest.raises(NotAllowed, match=f"the last {role}"):
        roster.take_role(node, person=first.id, role=role)
    with pytest.raises(NotAllowed, match=f"the last {role}"):
        roster.set_active(node, person=first.id, is_active=False)
    _somebody(node, name="Lucía", roles=(role,))
    assert roster.take_role(node, person=first.id, role=role)


def test_a_region_keeps_its_coordinator(make_node: object) -> None:
    """On a regional hub the last coordinator stays too; elsewhere that role is like any other."""
    region = make_node("region", role="region")
    ruth = _somebody(region, roles=("region",))
    with pytest.raises(NotAllowed, match="the last coordinator"):
        roster.take_role(region, person=ruth.id, role="region")


def test_a_resting_keeper_does_not_count(node: Node) -> None:
    """Who is not active cannot look after the hub."""
    first, second = (_somebody(node, name=name, roles=("librarian",)) for name in ("Ana", "Ben"))
    roster.set_active(node, person=first.id, is_active=False)
    with pytest.raises(NotAllowed, match="Ben is the last librarian"):
        roster.set_active(node, person=second.id, is_active=False)


def test_a_role_that_opens_records_ends_the_three_pictures(node: Node) -> None:
    """Three of twelve is enough for one's own pages, not for other people's."""
    amina = _somebody(node)
    credentials.set_secret(node, person=amina.id, secret=("star", "key", "leaf"))
    roster.give_role(node, person=amina.id, role="librarian")
    assert credentials.kind_of(node, amina.id) == ""
    with pytest.raises(InputWrong, match="needs a PIN"):
        credentials.set_secret(node, person=amina.id, secret=("star", "key", "leaf"))


def test_who_rests_is_still_in_the_records(node: Node) -> None:
    """A resting person is off the lists, keeps circle and roles, and comes back whole."""
    amina = _somebody(node)
    circle = circles.add_circle(node, name="Number friends", picture="market")
    circles.join(node, circle=circle.id, person=amina.id)
    roster.set_active(node, person=amina.id, is_active=False)
    assert (roster.people(node), circles.members(node, circle.id)) == ([], [])
    assert roster.people(node, is_active=False) == [roster.person(node, amina.id)]
    roster.set_active(node, person=amina.id, is_active=True)
    assert circles.members(node, circle.id) == [amina]
