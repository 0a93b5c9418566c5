"""Who may look at what is decided, who has a voice in it, and who keeps the rounds.

Everybody who is signed in here may look, except whoever is only of the region. In what concerns all, children look and
listen; in what concerns a circle everybody in it has a voice, children too, and nobody else. Stewards keep the rounds.
"""

from datetime import UTC, datetime

from hub.errors import NotAllowed
from hub.governance.standing import Proposal
from hub.node import Node
from hub.people import circles, roster
from hub.people.roster import PLAIN, Person

VOICE_YEARS = 16
"""Younger people who hold no role but to learn have no voice in what concerns everybody."""


def may_look(person: Person) -> bool:
    """Whether somebody may read what is decided, with the names of who said what."""
    return person.roles != {"region"}


def keeps(person: Person) -> bool:
    """Whether somebody opens, moves and closes rounds."""
    return "steward" in person.roles


def has_voice(node: Node, *, person: Person, circle: str) -> bool:
    """Whether somebody is heard in what concerns a circle, "" for all together."""
    if not person.is_active or not may_look(person):
        return False
    if circle:
        return any(each.id == circle for each in circles.circles_of(node, person.id))
    return not is_young(node, person)


def matters(node: Node, person: Person) -> set[str]:
    """The circles in whose matters somebody is heard; "" among them when they are in what concerns everybody."""
    if not person.is_active or not may_look(person):
        return set()
    own = {each.id for each in circles.circles_of(node, person.id)}
    return own if is_young(node, person) else own | {""}


def is_young(node: Node, person: Person) -> bool:
    """Whether a birth year says so of somebody who only learns; a clock before their birth says nothing."""
    if person.birth_year is None or not person.roles <= PLAIN:
        return False
    year = datetime.fromtimestamp(node.clock.now_ms() / 1000, UTC).year
    return 0 <= year - person.birth_year < VOICE_YEARS


def voices(node: Node, circle: str) -> list[Person]:
    """Everybody who has a voice in what concerns a circle, "" for all together, by name."""
    people = circles.members(node, circle) if circle else roster.people(node)
    return [each for each in people if may_look(each) and (circle or not is_young(node, each))]


def check_keeps(actor: Person) -> None:
    """Raises NotAllowed unless `actor` keeps the rounds."""
    if not keeps(actor):
        raise NotAllowed("Stewards do this. Nothing was changed; ask one of them.")


def check_changes(actor: Person, proposal: Proposal) -> None:
    """Raises NotAllowed unless `actor` may amend or withdraw a proposal: its proposer, or a steward."""
    if actor.id != proposal.proposer and not keeps(actor):
        raise NotAllowed("Whoever proposed it and the stewards do this. Nothing was changed; say your wish to them.")


def check_speaks(node: Node, *, actor: Person, person: str, circle: str) -> str:
    """Who types: "" when `actor` speaks for themselves, else the actor's id, who must be a steward.

    Raises NotAllowed when the actor may not type for `person`, or that person has no voice there; NotFound.
    """
    if actor.id != person and not keeps(actor):
        raise NotAllowed("You speak for yourself here. Nothing was changed; a steward types for who is in the room.")
    if not has_voice(node, person=roster.person(node, person), circle=circle):
        raise NotAllowed(
            "Only those whom it concerns have a voice in it. Nothing was changed; tell a steward about it."
        )
    return "" if actor.id == person else actor.id
