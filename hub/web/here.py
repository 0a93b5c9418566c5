"""What a view needs to know first: the node it serves and who is looking."""

from flask import current_app, g
from hub.people.roster import Person

from hub.node import Node


def node() -> Node:
    """The node that this application serves."""
    found: Node = current_app.extensions["node"]
    return found


def viewer() -> Person | None:
    """The person who is signed in, or None for a guest."""
    found: Person | None = g.get("viewer")
    return found
