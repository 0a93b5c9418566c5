"""The other side of `hub.tide.hand`: take a part that a carrier hands over, and answer with what has come."""

import tempfile
from pathlib import Path

from hub.node import Node
from hub.tide import certificates, peers, stands, stick_in, stick_out
from hub.tide.stick_in import Imported
from sync import protocol
from sync.errors import PeerUnknown
from sync.part import Handed


def answer(node: Node, name: str, body: bytes) -> bytes:
    """Answer the message of a carrier that exchanges with us. What came is durable before it is answered.

    Raises PeerUnknown for anybody else and for one that was shut out, MessageWrong, SignatureWrong or NotForUs; nothing
    was taken then.
    """
    carrier, data = protocol.open_request(node.identity, name, body)
    if peers.peer(node, carrier) is None:
        raise PeerUnknown("This hub does not exchange with that one; nothing was taken. Join it with a code first.")
    certificates.check(node, carrier)
    made = Imported()
    bundle = stick_in.take_part(node, data, made)
    receipt = _receipt(node, made) if bundle in stands.delivered(node) else b""
    return protocol.answer(node.identity, name, body, Handed(stands.notes(node), receipt).packed())


def _receipt(node: Node, made: Imported) -> bytes:
    """A receipt for the sender of a bundle that is whole now; empty where nothing can be sealed to it."""
    with tempfile.TemporaryDirectory(prefix="receipt-", dir=node.home) as folder:
        places = [stick_out.write_receipt(node, hub=hub, to=Path(folder) / "receipt") for hub in sorted(made.hubs)]
        return b"".join(place.read_bytes() for place in places if place)
