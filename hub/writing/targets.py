"""Where links and draws of a draft lead: to works and banks, which may go while somebody still writes."""

from hub.node import Node
from hub.writing import banks
from hub.writing.parts import DRAW, Body, Part


def is_there(node: Node, link: Part, *, package: str) -> bool:
    """Whether what a link leads to stands on the shelf, and is not `package`, what the draft itself is called there."""
    name, _, item = link.target.partition("/")
    found = node.shelf.standing(name)
    return found is not None and name != package and (not item or found.item(item) is not None)


def gone(node: Node, body: Body, *, package: str) -> frozenset[str]:
    """The ids of the links that lead nowhere any more: learners would see their words alone."""
    links = (each for each in body.lesson if each.kind == "link")
    return frozenset(each.id for each in links if not is_there(node, each, package=package))


def empty(node: Node, body: Body) -> frozenset[str]:
    """The ids of the draws whose bank is gone or empty: nothing is put on the shelf with them."""
    return frozenset(each.id for each in banks.filled(node, body).questions if each.kind == DRAW and not each.pool)
