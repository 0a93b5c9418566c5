"""Take back what left by wider rows than those that hold now: the copies are erased, here and wherever they went.

Up to where a stream was shown to anybody is noted in the transaction in which the policy is found to be narrower; from
then on it is erased in steps, each a transaction with its mark, and before anything new is copied. So whoever takes the
new copies has let go of the old ones before.
"""

import json
from functools import partial

from hub.node import Node
from hub.tables import put
from hub.tide import policy
from sync.erasing import PLACES_MAX

TAKEN = (policy.ENTRY_KINDS - {policy.CERTIFICATE}) | {policy.COUNTED, policy.NAMED_PERSON, policy.NAMED_CIRCLE}
"""Kinds that are taken back. What is held together ends by words of its own; a certificate stands whatever leaves."""
_Span = tuple[str, int, int]
"""A stream, the number after which it goes on, and the last one."""


def note(node: Node, audience: str) -> None:
    """All that was shown of the streams for an audience is to be taken back. Inside `write`."""
    shown = node.journal.identity.marks()
    lines = node.journal.streams(hub=node.identity.hub_id, audience=audience)
    ends = {line.stream: shown.get(line.stream, 0 if line.is_current else line.seq) for line in lines}
    spans = [(line.stream, line.base, min(line.seq, ends[line.stream])) for line in lines]
    _keep(node, audience, [span for span in spans if span[1] < span[2]])


def go_on(node: Node, audience: str) -> None:
    """Do it, step by step; safe to cut and to repeat. Where nothing is to be taken back it costs one look."""
    while _read(node, audience):
        node.write(partial(_step, node, audience))


def _step(node: Node, audience: str) -> None:
    """As many entries as one that erases can name."""
    waiting = _read(node, audience)
    for stream, after, until in waiting[:1]:
        read = node.journal.read(stream, after=after, limit=PLACES_MAX)
        found = [each for each in read if each.seq <= until]
        node.journal.erase([(stream, each.seq) for each in found if each.entry.kind in TAKEN])
        _keep(node, audience, [(stream, found[-1].seq, until), *waiting[1:]] if found else waiting[1:])


def _read(node: Node, audience: str) -> list[_Span]:
    row = node.tables.Note.get_or_none(node.tables.Note.name == _mark(audience))
    return [] if row is None else [tuple(each) for each in json.loads(row.value)]


def _keep(node: Node, audience: str, waiting: list[_Span]) -> None:
    if waiting:
        put(node.tables.Note, name=_mark(audience), value=json.dumps(waiting))
    else:
        node.tables.Note.delete().where(node.tables.Note.name == _mark(audience)).execute()


def _mark(audience: str) -> str:
    return f"taking back {audience}"
