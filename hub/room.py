"""How much room there is for what is new: what is free, and what letting go of things that lie aside would free."""

from contextlib import suppress

from content import aside
from content.errors import ShelfBusy
from hub.node import Node


def free_bytes(node: Node) -> int:
    """What is free on the disk of the shelf, with what lies aside counted, since it goes when room is needed."""
    return node.shelf.free_bytes() + aside.frees(node.shelf)


def make(node: Node, *, needed: int) -> None:
    """Let go of what lies aside, the oldest first, until so many bytes find room beside the reserve.

    Where all of it would not be enough nothing is let go, and nothing while somebody else changes the shelf.
    """
    goal = needed + node.settings.free_reserve
    if not needed or node.shelf.free_bytes() >= goal or free_bytes(node) < goal:
        return
    for each in reversed(aside.aside(node.shelf)):
        with suppress(ShelfBusy):
            aside.forget(node.shelf, each.key)
        if node.shelf.free_bytes() >= goal:
            return
