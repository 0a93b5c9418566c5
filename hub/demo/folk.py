"""The people of the demo come in: circles, households, roles and secrets, through the same services as real ones."""

from collections.abc import Iterable

from hub.demo.cast import ACTORS, CIRCLES, HOUSEHOLDS, PIN, SECRET, Actor
from hub.node import Node
from hub.people import circles, credentials, households, roster
from hub.people.credentials import Hashed

GROWN_UP_BEFORE = 2009
"""Whoever was born before this year has a PIN; the others have three pictures."""


def move_in(node: Node) -> dict[str, str]:
    """Make everybody of the cast; returns name → person id. Only inside `node.write`."""
    people = {actor.name: _person(node, actor) for actor in ACTORS}
    _gather(node, people)
    _house(node, people)
    _hand_secrets(node, people)
    return people


def is_grown_up(actor: Actor) -> bool:
    """Whether an actor signs in with a PIN."""
    return actor.birth_year < GROWN_UP_BEFORE


def _person(node: Node, actor: Actor) -> str:
    made = roster.add_person(
        node,
        name=actor.name,
        picture=actor.picture,
        roles=actor.roles,
        birth_year=actor.birth_year,
        language=actor.language,
    )
    return made.id


def _gather(node: Node, people: dict[str, str]) -> None:
    """The circles and who is in them; who facilitates leads."""
    made = {
        each.key: circles.add_circle(node, name=each.name, picture=each.picture, kind=each.kind).id for each in CIRCLES
    }
    for actor in ACTORS:
        leads = "facilitator" in actor.roles
        for key in _circles_of(actor, made):
            part = "facilitator" if leads else "learner"
            circles.join(node, circle=made[key], person=people[actor.name], part=part)


def _circles_of(actor: Actor, keys: Iterable[str]) -> list[str]:
    if actor.circle:
        return [actor.circle]
    return list(keys) if "facilitator" in actor.roles else []


def _house(node: Node, people: dict[str, str]) -> None:
    for key, (name, picture) in HOUSEHOLDS.items():
        made = households.add_household(node, name=name, picture=picture, is_trusting=True)
        for actor in (each for each in ACTORS if each.household == key):
            households.link(node, household=made.id, person=people[actor.name], relation=actor.relation)


def _hand_secrets(node: Node, people: dict[str, str]) -> None:
    """One hash for all grown-ups and one for all children: the demo page shows both secrets to everybody."""
    pin, pictures = credentials.hashed(PIN), credentials.hashed(SECRET)
    for actor in ACTORS:
        fitting: Hashed = pin if is_grown_up(actor) else pictures
        credentials.keep(node, person=people[actor.name], hashed=fitting)
