"""Where a carrier meets the hub that a bundle is for over a line: it hands the sealed parts over, and gets the receipt.

The receipt is sealed to the bundle's sender; the carrier takes it along to that hub where it exchanges with it.
"""

from collections.abc import Callable

from hub.node import Node
from hub.tide import carried, peers
from sync import part, protocol
from sync.errors import SyncError
from sync.part import Handed

NAME = "hand"


def hand_over(node: Node, hub: str, link: Callable[[str, bytes], bytes]) -> int:
    """Hand everything over that is carried for a hub; returns how many parts went. Raises what the link raises.

    A part that the hub does not take stays, and is tried again the next time, until it is too old.
    """
    went = 0
    for data in carried.parts_for(node, hub):
        asked = protocol.request(node.identity, hub, NAME, data)
        said = Handed.read(protocol.open_answer(hub, NAME, asked, link(NAME, asked)))
        carried.forget(node, said.notes)
        if said.receipt:
            _take_along(node, said.receipt)
        went += 1
    return went


def _take_along(node: Node, receipt: bytes) -> None:
    """Carry a receipt to the hub that it is sealed to; one that is none, or for nobody whom we meet, is let go."""
    try:
        if peers.peer(node, part.look(receipt).recipient) is not None:
            carried.take(node, receipt)
    except SyncError:
        return
