"""What a view needs to know first: the node it serves and who is looking."""

from flask import current_app, g

from hub.node import Node
from hub.people.roster import Person


def node() -> Node:
    """The node that this application serves."""
    found: Node = current_app.extensions["node"]
    return found


def viewer() -> Person | None:
    """The person who is signed in, or None for a guest."""
    found: Person | None = g.get("viewer")
    return found


def somebody() -> Person:
    """The person who is signed in, on a page that guests never reach."""
    found = viewer()
    assert found is not None, "the page has no guard"
    return found
