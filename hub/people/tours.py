"""How far somebody is with each look round the hub: one note of this node for each person, and nothing of it leaves."""

import json

from hub.node import Node
from hub.tables import put

NAME = "tours:"
"""The note's name begins so; the person's id follows."""


def reached(node: Node, person: str) -> dict[str, int]:
    """Tour → the step somebody came to; a tour that was not begun is not in it."""
    row = node.tables.Note.get_or_none(node.tables.Note.name == NAME + person)
    found: dict[str, int] = json.loads(row.value) if row is not None else {}
    return found


def note(node: Node, *, person: str, tour: str, step: int) -> None:
    """Note that somebody came to a step of a tour. Going back does not undo it; safe to repeat."""
    if reached(node, person).get(tour, 0) >= step:
        return

    def work() -> None:
        known = reached(node, person)
        known[tour] = max(step, known.get(tour, 0))
        put(node.tables.Note, name=NAME + person, value=json.dumps(known))

    node.write(work)
