"""The collections of the demo: what stands on the shelf, gathered by what it is about, and offered to other hubs."""

from hub.collections import own
from hub.demo.written import LESSON
from hub.node import Node

SHELVES = (
    ("Water and health", "Clean water, clean hands, and why.", ("safe-water",), ("make-a-tippy-tap-" + LESSON[:6],)),
    ("Letters and numbers", "For the first years, and for whoever begins later.", ("read-with-me", "numbers"), ()),
)
"""Title, what it says of itself, works in every language that stands here, further packages."""


def keep(node: Node) -> None:
    """Make the collections of what stands on the shelf, and publish them; of nothing there is none."""
    for title, summary, works, more in SHELVES:
        there = sorted(
            (row for row in node.catalogue.list() if row.work in works), key=lambda row: works.index(row.work)
        )
        packages = [*(row.id for row in there), *(each for each in more if node.shelf.standing(each))]
        if packages:
            made = own.make(node, title=title, summary=summary, packages=packages)
            own.publish(node, made.id)
