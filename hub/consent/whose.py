"""Whose yes counts: a grown-up's own, a guardian's for a child; and who may write down what was said."""

from datetime import UTC, datetime

from hub.errors import NotAllowed
from hub.learning import progress
from hub.node import Node
from hub.people import circles, households, rights
from hub.people.roster import Person

CHILD_YEARS = 18
"""Until this age a guardian says yes or no, together with the child: the Convention on the Rights of the Child."""


def is_child(node: Node, person: Person) -> bool:
    """Whether a guardian is asked for somebody.

    Whoever holds a role that opens other people's records is grown up. Where no year of birth is known, children of a
    household are children, and so is who signs in as children do.
    """
    if not person.is_plain:
        return False
    if person.birth_year is not None:
        return datetime.fromtimestamp(node.clock.now_ms() / 1000, UTC).year - person.birth_year < CHILD_YEARS
    return bool(_homes(node, person, "child")) or progress.is_child(node, person)


def guardians(node: Node, person: Person) -> list[Person]:
    """The grown-ups who look after a child, each once; [] for a grown-up and where nobody is known."""
    if not is_child(node, person):
        return []
    found = {
        kin.person.id: kin.person
        for home in _homes(node, person, "child")
        for kin in households.kin(node, home)
        if kin.relation == "guardian" and kin.person.id != person.id
    }
    return sorted(found.values(), key=lambda each: (each.name.casefold(), each.id))


def givers(node: Node, person: Person) -> list[Person]:
    """Who can say yes for somebody: the guardians of a child, else the person."""
    return guardians(node, person) if is_child(node, person) else [person]


def speaks_for(node: Node, *, actor: Person, person: Person) -> bool:
    """Whether `actor` says yes or no for `person` on the own phone: a guardian, or a grown-up for oneself."""
    return actor.id in {each.id for each in givers(node, person)}


def writes_for(node: Node, *, actor: Person, person: Person) -> bool:
    """Whether `actor` may write down what somebody else said about `person`, face to face or on paper."""
    return rights.keeps(actor) or (
        "facilitator" in actor.roles and circles.leads(node, leader=actor.id, person=person.id)
    )


def check_asks(node: Node, *, actor: Person, person: Person) -> None:
    """Raises NotAllowed unless `actor` may see and take the consents about `person`."""
    if not speaks_for(node, actor=actor, person=person) and not writes_for(node, actor=actor, person=person):
        raise NotAllowed(
            "What a learner has agreed to is for them, their guardians and their facilitator. Nothing was changed."
        )


def check_sees(node: Node, *, actor: Person, person: Person) -> None:
    """Raises NotAllowed unless `actor` may read what is known about `person`; everybody may of themselves."""
    if actor.id != person.id:
        check_asks(node, actor=actor, person=person)


def _homes(node: Node, person: Person, relation: str) -> list[str]:
    """The households in which somebody is that."""
    return [
        home.id
        for home in households.households_of(node, person.id)
        if any(kin.person.id == person.id and kin.relation == relation for kin in households.kin(node, home.id))
    ]
