"""Before each exchange: call back what was copied for others and may not go any more, and let go what may go now.

A stream cannot lose an entry: its numbers have no holes. So after a no, or when a policy lets less go than before, the
whole stream is left behind, which nobody is given any more, and a new one is filled by the rules as they are now. That
sends again what had gone already; the other side counts it once. It is done only when some hub lacks a part of the
stream, and at most once for each no and each policy. What had left by a wider policy is erased wherever it went
(`hub.tide.taken`), before any of it goes again in a narrower form. What a policy lets go that an earlier one kept is
copied by a job, in steps.
"""

import json
from functools import partial

from hub import jobs
from hub.consent.purposes import COUNTED, ELSEWHERE, NAMED
from hub.node import Node
from hub.sharing import rows
from hub.sharing.rows import Policy
from hub.sharing.standing import in_force
from hub.tables import put
from hub.tables.consents import GIVEN
from hub.tide import filled, gone, peers, policy, publish, report, stands, taken

REASON, NARROWED = "consent taken back", "policy narrowed"


def recall(node: Node) -> bool:
    """Leave behind or take back what may not go any more, before each exchange; True when that was needed.

    Safe to repeat and to cut.
    """
    ours = {line.audience for line in node.journal.streams(hub=node.identity.hub_id)}
    audiences = sorted(name for name in ours | peers.audiences(node) if rows.AUDIENCE.fullmatch(name))
    is_left = any([node.write(partial(_recall, node, audience)) for audience in audiences])
    for audience in audiences:
        taken.go_on(node, audience)
    if publish.is_unfinished(node):
        jobs.add(node, publish.JOB, arguments={})
    return is_left


def why(node: Node, audience: str) -> str:
    """Why the stream for an audience will be filled anew before the next exchange; "" when it goes on as it is."""
    held, filler = in_force(node), filled.by(node, audience)
    if not node.journal.streams(hub=node.identity.hub_id, audience=audience):
        return ""
    if rows.narrowed(filler, held, audience):
        return NARROWED
    is_refused = _nos(node, _ended_by(filler, held, audience)) > _known(node, audience)
    return REASON if is_refused and not _is_there(node, audience) else ""


def _recall(node: Node, audience: str) -> bool:
    """Do it for one audience, in one transaction with the marks of what is known."""
    held, reason = in_force(node), why(node, audience)
    nos = _nos(node, _ended_by(filled.by(node, audience), held, audience))
    if reason:
        is_there = _is_there(node, audience)
        if reason == NARROWED:
            taken.note(node, audience)
        if not is_there:
            for peer in peers.peers(node):
                gone.note(node, stands.standing(node, peer.hub).positions or ())
            gone.close(node, audience)
            node.journal.leave_behind(audience, reason)
        publish.forget_positions(node, audience)
        filled.start(node, audience, held)
        _note(node, _held(audience), rows.packed(held))
        _note(node, _mark(audience), nos)
        return True
    _follow(node, audience, held)
    if not node.journal.streams(hub=node.identity.hub_id, audience=audience):
        filled.start(node, audience, held)
        _note(node, _mark(audience), nos)
    return False


def _follow(node: Node, audience: str, held: Policy) -> None:
    """Remember from where on a kind is passed over, and have copied what is passed over no more."""
    row = node.tables.Note.get_or_none(node.tables.Note.name == _held(audience))
    before = rows.DEFAULT if row is None else rows.unpacked(json.loads(row.value))
    were, are = ({row.kind for row in policy.copied(each, audience)} for each in (before, held))
    publish.stop(node, audience, were - are)
    publish.begin_again(node, audience, are - were)
    _note(node, _held(audience), rows.packed(held))


def _is_there(node: Node, audience: str) -> bool:
    """Whether every hub that is to have the stream has all of it: then nothing of it can go any more."""
    takers = [peer for peer in peers.peers(node) if audience in peer.gets]
    return all(_has_all(node, peer) for peer in takers)


def _has_all(node: Node, peer: peers.Peer) -> bool:
    last = next(iter(report.tides(node, hub=peer.hub, limit=1)), None)
    return last is not None and last.agreed and last.total == publish.count(node, peer.gets)


def _ended_by(filler: Policy, held: Policy, audience: str) -> list[str]:
    """The purposes a no to which ends something that left for an audience, or leaves."""
    forms = {row.how for row in (*filler.towards(audience), *held.towards(audience))}
    asked = {rows.UNDER_A_PSEUDONYM: [ELSEWHERE], rows.COUNTS: [ELSEWHERE, COUNTED], rows.BY_NAME: [ELSEWHERE, NAMED]}
    return sorted({purpose for form in forms for purpose in asked.get(form, [])})


def _nos(node: Node, purposes: list[str]) -> int:
    """How many times somebody has said no to one of these purposes."""
    table = node.tables.ConsentAnswer
    return int(table.select().where(table.purpose.in_(purposes) & (table.answer != GIVEN)).count()) if purposes else 0


def _known(node: Node, audience: str) -> int:
    """How many of them the standing stream for an audience was begun after."""
    row = node.tables.Note.get_or_none(node.tables.Note.name == _mark(audience))
    return 0 if row is None else int(json.loads(row.value))


def _note(node: Node, name: str, value: object) -> None:
    """Write a mark down where it differs: a tide without news costs no write."""
    text = json.dumps(value)
    row = node.tables.Note.get_or_none(node.tables.Note.name == name)
    if row is None or row.value != text:
        put(node.tables.Note, name=name, value=text)


def _held(audience: str) -> str:
    return f"held for {audience}"


def _mark(audience: str) -> str:
    return f"nos before {audience}"
