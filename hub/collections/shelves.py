"""Collections as shelves to look along: the catalogue is told which package stands in which.

A collection is a row of this hub, ours or taken from elsewhere; the catalogue can be made again at any time. So the
background worker compares the two now and then, and tells what differs: after a change, a power cut or a rebuild.
"""

from collections import defaultdict

from hub import jobs
from hub.collections import own, subscriptions
from hub.node import Node
from hub.sentences import Sentence, sentence

JOB = "shelves"


def titles(node: Node) -> dict[str, str]:
    """What each collection is called, ours and those taken from elsewhere, by its id."""
    taken = {each.id: each.collection.title for each in subscriptions.subscriptions(node)}
    return {**taken, **{each.id: each.title for each in own.lists(node)}}


def is_due(node: Node) -> bool:
    """Whether the catalogue knows it otherwise."""
    return node.catalogue.shelved() != _wanted(node)


def ask(node: Node) -> None:
    """Ask that the catalogue be told soon. Safe to repeat."""
    jobs.add(node, JOB, arguments={})


def tell(node: Node) -> int:
    """Tell the catalogue; how many packages changed shelves. One transaction for each: safe to cut and to repeat."""
    wanted, known = _wanted(node), node.catalogue.shelved()
    moved = [each for each in {**known, **wanted} if known.get(each) != wanted.get(each)]
    for package in moved:
        node.catalogue.shelve(package, wanted.get(package, ()))
    return len(moved)


def by_itself(node: Node) -> Sentence:
    """The same for the background worker."""
    return sentence("The catalogue knows the shelves of %(count)s packages anew.", count=tell(node))


def _wanted(node: Node) -> dict[str, tuple[str, ...]]:
    """Package → the collections that list it, in order."""
    found: dict[str, set[str]] = defaultdict(set)
    for ours in own.lists(node):
        for package in ours.packages:
            found[package].add(ours.id)
    for taken in subscriptions.subscriptions(node):
        for each in taken.collection.packages:
            found[each.id].add(taken.id)
    return {package: tuple(sorted(within)) for package, within in found.items()}
