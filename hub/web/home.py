"""`/`: home for whoever looks. A guest finds the way in; everybody else finds what their first role needs today.

Who holds several roles sees the first one's home, and the others one press away under `/home/<role>/`.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from hub.governance.belonging import welcomes_guests
from hub.node import Node
from hub.people import circles, households
from hub.people.roster import Person
from hub.protection import reports
from hub.web import today, tours
from hub.web.guards import signed_in
from hub.web.here import node, viewer
from hub.web.names import ROLE_NAMES
from hub.web.pages import page

blueprint = Blueprint("home", __name__)

ORDER = ("region", "facilitator", "librarian", "steward", "partner", "guardian", "learner")
"""Which of several roles a person's home is for: the one that others wait for comes first."""
HOMES: dict[str, Callable[[Node, Person], dict[str, Any]]] = {
    "region": today.of_region,
    "facilitator": today.of_facilitator,
    "librarian": today.of_librarian,
    "steward": today.of_steward,
    "partner": today.of_partner,
    "guardian": today.of_guardian,
    "learner": today.of_learner,
}


@blueprint.get("/")
def show() -> Response:
    """Home."""
    person = viewer()
    if person is None:
        return page(
            "home/guest.html",
            circles=circles.circles(node()),
            guests=welcomes_guests(node()),
            tour=tours.offer(tours.GUEST),
        )
    return _home_of(person, roles(person)[0])


@blueprint.get("/home/<role>/")
@signed_in
def show_as(role: str) -> Response:
    """The home of another role that the person holds."""
    person = viewer()
    assert person is not None
    if role not in roles(person):
        abort(403 if role in ORDER else 404)
    return _home_of(person, role)


def roles(person: Person) -> list[str]:
    """A person's roles, the first one first; who holds none learns."""
    return [role for role in ORDER if role in person.roles] or ["learner"]


def _home_of(person: Person, role: str) -> Response:
    here, held = node(), roles(person)
    return page(
        f"home/{role}.html",
        role=role,
        roles=[(each, ROLE_NAMES[each], "/" if each == held[0] else f"/home/{each}/") for each in held],
        tour=tours.offer(tours.fitting(person, role)),
        companions=households.companions(here, person.id),
        reports_wait=reports.waiting(here, person),
        **HOMES[role](here, person),
    )
