"""Whether this place is open to guests: by what is settled together, within what the settings of the hub allow."""

from hub.governance import matters
from hub.node import Node


def welcomes_guests(node: Node) -> bool:
    """Whether somebody may learn here without a name."""
    return node.settings.guests and matters.value(node, matters.GUESTS) == "yes"
