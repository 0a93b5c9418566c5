"""How old somebody is, as far as the hub knows."""

from datetime import UTC, datetime

from hub.node import Node
from hub.people import circles, credentials
from hub.people.roster import Person

GROWN_UP_YEARS = 15
"""From this age on somebody is offered what is for grown-ups."""
OF_AGE_YEARS = 18
BY_PICTURES = ("picture", "new")
"""How children sign in, and newcomers before they have chosen their pictures (`credentials.kind_of`)."""
GROWN_UPS_KIND = "team"
"""The kind of circle in which grown-ups learn."""


def years(node: Node, person: Person) -> int:
    """How old somebody is, or becomes this year. Where no birth year is known, grown-ups are of age, children 0."""
    if person.birth_year is not None:
        return datetime.fromtimestamp(node.clock.now_ms() / 1000, UTC).year - person.birth_year
    return 0 if is_child(node, person) else OF_AGE_YEARS


def is_child(node: Node, person: Person) -> bool:
    """Whether the person's birth year says so. Where none is known, who signs in by pictures counts as a child,
    unless they are in a team: those are grown-ups."""
    if person.birth_year is not None:
        return years(node, person) < GROWN_UP_YEARS
    if credentials.kind_of(node, person.id) not in BY_PICTURES:
        return False
    return all(circle.kind != GROWN_UPS_KIND for circle in circles.circles_of(node, person.id))
