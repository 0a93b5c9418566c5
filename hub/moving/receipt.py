"""The receipt that the hub which was left may get: signed by the new one, with what stood in the sealed file.

Only whoever opened the file knows that, so nobody else can say of somebody that they moved. The person takes it there,
or does not.
"""

import json
from dataclasses import dataclass
from typing import Any

from hub.errors import InputWrong
from hub.moving import making
from hub.node import Node
from hub.people import roster
from hub.people.settle import settle
from sync import identity
from sync.errors import SyncError

WHAT = "mangrove moved 1"
BYTES_MAX = 4096
NAME_LETTERS_MAX = 60


@dataclass(frozen=True)
class Moved:
    """To which hub somebody has moved."""

    hub: str
    name: str
    at_ms: int


def made(node: Node, head: dict[str, Any]) -> str:
    """The receipt for a file that was opened here, as JSON."""
    said = {"what": WHAT, "person": head["person"]["id"], "left": head["hub"], "proof": head["proof"]}
    said |= {"hub": node.identity.hub_id, "name": node.name}
    return json.dumps({**said, "signature": node.identity.sign(_text(said)).hex()}, ensure_ascii=False)


def take(node: Node, data: bytes) -> roster.Person:
    """Note that somebody of ours has moved; returns who. Safe to repeat. Raises InputWrong."""
    try:
        said = json.loads(data[:BYTES_MAX])
        signature = bytes.fromhex(said.pop("signature"))
        identity.verify(str(said["hub"]), _text(said), signature)
        person, is_ours = str(said["person"]), said["left"] == node.identity.hub_id and said["what"] == WHAT
        if not is_ours or not making.is_of_ours(node, person, bytes.fromhex(said["proof"])):
            raise ValueError("not ours")
        name = str(said["name"])[:NAME_LETTERS_MAX]
    except (ValueError, TypeError, KeyError, AttributeError, SyncError):
        raise InputWrong(
            "That is no receipt for a file of this hub. Nothing was changed; look for the right one."
        ) from None
    found = roster.person(node, person)
    fields = {"person": person, "hub": str(said["hub"]), "name": name}

    def work() -> None:
        subject = f"{person}/{fields['hub'][:16]}"
        if node.tables.PersonMoved.get_or_none(node.tables.PersonMoved.id == subject) is None:
            settle(node, "person.moved", subject, **fields, moved_ms=node.clock.now_ms())

    node.write(work)
    return found


def moved(node: Node, person: str) -> list[Moved]:
    """Where somebody has moved to, the latest first."""
    table = node.tables.PersonMoved
    rows = table.select().where(table.person == person).order_by(table.moved_ms.desc(), table.id)
    return [Moved(row.hub, row.name, row.moved_ms) for row in rows]


def _text(said: dict[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, ensure_ascii=False).encode()
