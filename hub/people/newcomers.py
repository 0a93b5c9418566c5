"""Newcomers who come in by themselves: into an open circle, as learners, a few at a time from one phone."""

import uuid

from hub.errors import InputWrong, NotAllowed
from hub.node import Node
from hub.people import attempts, circles, roster
from hub.people.roster import Person


def welcome(node: Node, *, circle: str, name: str, picture: str, ticket: str, address: str) -> Person:  # noqa: PLR0913
    """Somebody new in an open circle. The ticket of the form makes a second press find the same person.

    Raises NotFound, NotAllowed for a circle that is not open, InputWrong, and TooMany from one address.
    """
    if not circles.circle(node, circle).is_open:
        raise NotAllowed("Into this circle a facilitator brings newcomers. Nothing was changed; ask there.")
    sourced_id = f"newcomer:{_checked(ticket)}"
    facts: roster.Facts = {"name": roster.check_name(name), "picture": picture, "sourced_id": sourced_id}
    roster.checked(facts)

    def work() -> Person:
        table = node.tables.Person
        standing = table.get_or_none(table.sourced_id == sourced_id)
        if standing is not None:
            return roster.person(node, standing.id)
        attempts.take_newcomer(node, address=address)
        return circles.take_in(node, facts, roles=("learner",), circle=circle)

    return node.write(work)


def _checked(ticket: str) -> str:
    try:
        return str(uuid.UUID(ticket))
    except ValueError:
        raise InputWrong("That form was not ours. Nothing was changed; open the page once more.") from None
