"""What a hub that comes to us says of where it stands: noted as after an exchange of ours, so a stick brings the rest.

Whoever is visited remembers nothing between messages, and hears of positions only a digest. Where that is the digest of
what is here, the visitor stands where we do; it does so too once all that told the two apart was pushed. A process
keeps the last greeting of each hub in mind, so that a tide without news costs no write and mostly no comparison.
"""

from hub.node import Node
from hub.tide import stands
from sync.messages import Greeting, Hello, PushSaid
from sync.protocol import Peering


def hear(node: Node, peering: Peering, name: str, asked: bytes, answered: bytes) -> None:
    """Note what a message of a hub says of where it stands: `asked` is its body, `answered` what we say to it."""
    if name == "hello":
        digest = Hello.read(asked).digest
        is_met = Greeting.read(answered).is_same
        if node.greeted.get(peering.hub) != (digest, True):
            node.greeted[peering.hub] = (digest, False)
    elif name == "push":
        digest = node.greeted.get(peering.hub, (b"", True))[0]
        is_met = PushSaid.read(answered).digest == digest
    else:
        return
    if is_met and not node.greeted[peering.hub][1] and stands.note_agreed(node, peering, digest):
        node.greeted[peering.hub] = (digest, True)
