"""By which rows the standing stream of each audience was filled, noted in the transaction that fills it.

A stream that was filled by wider rows than those that hold now must not go any more (`hub.tide.recall`).
"""

import json

from hub.node import Node
from hub.sharing import rows
from hub.sharing.rows import Policy
from hub.tables import put


def by(node: Node, audience: str) -> Policy:
    """The widest of each row that the stream was filled by; the first version where a former program filled it."""
    row = node.tables.Note.get_or_none(node.tables.Note.name == _mark(audience))
    return rows.DEFAULT if row is None else rows.unpacked(json.loads(row.value))


def note(node: Node, audience: str, held: Policy) -> None:
    """The stream is about to be filled by the rows of `held` as well. Inside `write`."""
    before = by(node, audience)
    wider = rows.widened(before, held, audience)
    if wider:
        start(node, audience, rows.made((*before.rows, *wider)))


def start(node: Node, audience: str, held: Policy) -> None:
    """The stream is filled by these rows and by no other. Inside `write`."""
    text = json.dumps(rows.packed(Policy(held.towards(audience))))
    row = node.tables.Note.get_or_none(node.tables.Note.name == _mark(audience))
    if row is None or row.value != text:
        put(node.tables.Note, name=_mark(audience), value=text)


def _mark(audience: str) -> str:
    return f"filled by {audience}"
