"""Call back what was copied for others about somebody who said no meanwhile, and has not gone yet.

A stream cannot lose an entry: its numbers have no holes. So the whole stream is left behind, which nobody is given any
more, and a new one is filled by the rules as they are now. That sends again what had gone already; the other side
counts it once. It is done only when some hub lacks a part of the stream, and at most once for each no.
"""

import json
from functools import partial

from hub.consent.purposes import ELSEWHERE
from hub.node import Node
from hub.tables import put
from hub.tables.consents import GIVEN
from hub.tide import peers, policy, publish, report

AUDIENCES = tuple(sorted({rule.audience for rule in policy.RULES if rule.how == policy.UNDER_A_PSEUDONYM}))
"""Audiences whose streams speak of people."""
REASON = "consent taken back"


def recall(node: Node) -> bool:
    """Leave behind what must not go any more, before each exchange; True when that was needed. Safe to repeat."""
    return any([node.write(partial(_recall, node, audience)) for audience in AUDIENCES])


def _recall(node: Node, audience: str) -> bool:
    nos, known = _nos(node), _known(node, audience)
    has_stream = bool(node.journal.streams(hub=node.identity.hub_id, audience=audience))
    if nos <= known or (has_stream and _is_there(node, audience)):
        return False
    if has_stream:
        node.journal.leave_behind(audience, REASON)
        publish.forget_positions(node, audience)
    put(node.tables.Note, name=_mark(audience), value=json.dumps(nos))
    return has_stream


def _is_there(node: Node, audience: str) -> bool:
    """Whether every hub that is to have the stream has all of it: then nothing of it can go any more."""
    takers = [peer for peer in peers.peers(node) if audience in peer.sends]
    return all(_has_all(node, peer) for peer in takers)


def _has_all(node: Node, peer: peers.Peer) -> bool:
    last = next(iter(report.tides(node, hub=peer.hub, limit=1)), None)
    return last is not None and last.agreed and last.total == publish.count(node, peer.sends)


def _nos(node: Node) -> int:
    """How many times somebody has said no to letting learning go elsewhere."""
    table = node.tables.ConsentAnswer
    return int(table.select().where((table.purpose == ELSEWHERE) & (table.answer != GIVEN)).count())


def _known(node: Node, audience: str) -> int:
    """How many of them the standing stream for an audience was begun after."""
    row = node.tables.Note.get_or_none(node.tables.Note.name == _mark(audience))
    return 0 if row is None else int(json.loads(row.value))


def _mark(audience: str) -> str:
    return f"nos before {audience}"
