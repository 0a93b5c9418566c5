"""A receipt that rides in the tide: sealed to the hub that was left, for hubs that know each other by one region.

It stands in the public stream, where any hub carries it on and none but that one can read it. All are of one length, so
that it says nothing of whom it is about; who carries it sees from which hub it comes. It goes only when the person
wishes it, like the file.
"""

import base64
import json
from contextlib import suppress
from typing import Any

from hub.errors import HubError, InputWrong
from hub.moving import receipt
from hub.node import Node
from hub.tables import put
from hub.tide import peers, policy, sealing
from sync import seal
from sync.errors import SealWrong
from sync.keyring import hint_of
from sync.shared import PUBLIC

KIND = policy.RECEIPT
INFO = b"mangrove moved 1"
LETTERS = 2048
"""What is sealed has this many bytes, whatever it says."""
SEALED_LETTERS_MAX = 4096
LOOKED_MAX = 200
"""Receipts for us that are opened at once; the others follow."""
NOTE, NOTED_MAX = "receipts by the tide", 1000


def may_send(node: Node, data: bytes) -> bool:
    """Whether a receipt can go to the hub that it is for: we have a region, and that hub's key is known here."""
    has_region = any("region" in peer.sends for peer in peers.peers(node))
    return has_region and sealing.key_of(node, _left(data)) is not None and len(data) <= LETTERS


def send(node: Node, data: bytes) -> None:
    """Put a receipt of ours into the next tide; sent twice it counts once. Raises InputWrong when it cannot go."""
    left = _left(data)
    key = sealing.key_of(node, left)
    if key is None or not may_send(node, data):
        raise InputWrong(
            "The hub that was left is not known here by a region, so no tide goes there. Nothing was sent; save the"
            " receipt and take it along."
        )
    own = node.identity.hub_id
    sealed = seal.seal(data.ljust(LETTERS), key, info=INFO, aad=f"{own} {left}".encode())
    fields = {"hub": own, "hint": hint_of(key).hex(), "sealed": base64.b85encode(sealed).decode()}
    said = {"id": f"{own}:{node.new_id()}", "set": fields}
    at_ms = policy.coarse(node.clock.now_ms(), "day")
    node.write(lambda: node.journal.append(PUBLIC, KIND, policy.packed(said), at_ms=at_ms, depth=1))


def hear(node: Node) -> int:
    """Take in the receipts for us that came with the tide; returns how many. Safe to repeat; costs one look."""
    found, secrets = fresh(node), _secrets(node)
    taken = sum(_take(node, row, secrets[row.hint]) for row in found)
    if found:
        noted = [*_noted(node), *(row.id for row in found)][-NOTED_MAX:]
        node.write(lambda: put(node.tables.Note, name=NOTE, value=json.dumps(noted)))
    return taken


def fresh(node: Node) -> list[Any]:
    """The receipts for us that were not looked at yet."""
    table, known = node.tables.MovingReceipt, _noted(node)
    ours = table.hint.in_(list(_secrets(node))) & table.id.not_in(known)
    return list(table.select().where(ours).order_by(table.id).limit(LOOKED_MAX))


def _secrets(node: Node) -> dict[str, bytes]:
    """By their hints, the keys to which somebody may have sealed a receipt for us."""
    return {hint_of(key.public).hex(): key.secret for key in sealing.ring(node).keys}


def _take(node: Node, row: Any, secret: bytes) -> bool:
    """Open one, and take it in; one that is nothing for us is left."""
    with suppress(SealWrong, HubError, ValueError):
        if len(row.sealed) <= SEALED_LETTERS_MAX:
            aad = f"{row.hub} {node.identity.hub_id}".encode()
            data = seal.unseal(base64.b85decode(row.sealed), secret, info=INFO, aad=aad)
            receipt.take(node, data)
            return True
    return False


def _noted(node: Node) -> list[str]:
    row = node.tables.Note.get_or_none(node.tables.Note.name == NOTE)
    return [] if row is None else list(json.loads(row.value))


def _left(data: bytes) -> str:
    return str(json.loads(data)["left"])
