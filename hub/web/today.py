"""What each role needs to know today: gathered from the services, said in `templates/home/`."""

from typing import Any

from hub import jobs
from hub.care.health import health
from hub.node import Node
from hub.people import circles, households, roster
from hub.people.roster import Person

GROWN_UP_YEARS = 15
"""From this age on the home page is a grown-up's; somebody whose age is not known is grown up."""


def of_learner(node: Node, person: Person) -> dict[str, Any]:
    """The next step, or three to choose from, and what has grown."""
    return {"is_child": is_child(node, person)}


def of_guardian(node: Node, person: Person) -> dict[str, Any]:
    """A card for each child."""
    return {"cards": households.children_of(node, person.id)}


def of_facilitator(node: Node, person: Person) -> dict[str, Any]:
    """Each circle that the person leads: who needs what."""
    return {"classes": circles.led_by(node, person.id)}


def of_librarian(node: Node, _person: Person) -> dict[str, Any]:
    """How the hub is, and what waits."""
    return {"health": health(node), "jobs": [job for job in jobs.jobs(node) if job.is_open]}


def of_steward(node: Node, _person: Person) -> dict[str, Any]:
    """What leaves, and who is here."""
    return {"count": len(roster.people(node))}


def of_partner(node: Node, _person: Person) -> dict[str, Any]:
    """Who learns what, in numbers only."""
    return {}


def of_region(node: Node, _person: Person) -> dict[str, Any]:
    """The hubs by their last tide."""
    return {}


def is_child(node: Node, person: Person) -> bool:
    """Whether the person's birth year says so."""
    year = 1970 + node.clock.now_ms() // 31_556_952_000
    return person.birth_year is not None and year - person.birth_year < GROWN_UP_YEARS
