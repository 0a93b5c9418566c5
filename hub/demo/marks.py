"""Whether this hub is a demo, and who plays which role in it: one note of this node, gone when the demo is cleared."""

import json

from hub.demo.cast import LOOK_AS
from hub.node import Node
from hub.people import roster
from hub.people.roster import Person
from hub.tables import put

NAME = "demo"
"""The note's name."""


def keep(node: Node, players: dict[str, str]) -> None:
    """Note that this hub is a demo, and which person plays each role. Only inside `node.write`."""
    put(node.tables.Note, name=NAME, value=json.dumps(players))


def is_demo(node: Node) -> bool:
    """Whether this hub is a demo."""
    return node.tables.Note.get_or_none(node.tables.Note.name == NAME) is not None


def players(node: Node) -> dict[str, Person]:
    """Role → who plays it, in the order of the cast; whoever was let rest meanwhile is left out. {} in a real hub."""
    row = node.tables.Note.get_or_none(node.tables.Note.name == NAME)
    noted = json.loads(row.value) if row is not None else {}
    active = {person.id: person for person in roster.chosen(node, list(noted.values()))}
    return {role: active[noted[role]] for role in LOOK_AS if noted.get(role) in active}
