"""What a tide, a stick or a visitor may have brought that is to be done here, whichever way it came.

Somebody whom the region remembers as forgotten is forgotten again, and receipts of people who moved are opened.
"""

from hub.forgetting import people as forgetting
from hub.moving import posted
from hub.node import Node
from hub.sentences import Sentence, sentence

JOB = "settle"


def settle(node: Node) -> None:
    """Do it. Safe to repeat; without news it costs a look at the list of people and at the receipts."""
    forgetting.again(node)
    posted.hear(node)


def is_due(node: Node) -> bool:
    """Whether something has come that was not done yet, as through the door, where nobody waits for it."""
    return bool(forgetting.back(node)) or bool(posted.fresh(node))


def by_itself(node: Node) -> Sentence:
    """The same for the background worker."""
    settle(node)
    return sentence("What the tide brought is done.")
