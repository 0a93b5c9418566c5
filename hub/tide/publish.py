"""Copy from what happened here into what an audience may have, by the rules of `hub.tide.policy`.

The copy and the mark how far it went are one transaction, so that a power cut copies nothing twice. An audience's
stream is filled only when some hub is to have it: until a hub has joined a region, nothing is even prepared.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from hub import own_keys
from hub.consent.purposes import ELSEWHERE
from hub.consent.withheld import Withheld, withheld
from hub.node import LOCAL, Node
from hub.tables import put
from hub.tide import policy
from sync import shared
from sync.journal import Placed
from sync.store import Line

STEP_ENTRIES = 200
"""Entries looked at in one transaction; a learner who answers meanwhile waits for one step at most."""


LOOKED_AT = 2000
"""Entries a page looks at for what waits: a hub that has joined nobody has its whole journal before it."""


@dataclass(frozen=True)
class Copy:
    """One thing that leaves or would leave: when it happened (to the hour, for learning), its kind and its bytes."""

    kind: str
    at_ms: int
    payload: bytes


@dataclass(frozen=True)
class Preview:
    """The first things that wait; `is_all` is False when there is more that was not looked at."""

    copies: tuple[Copy, ...]
    is_all: bool


def publish(node: Node, audiences: Iterable[str]) -> int:
    """Bring the audiences' streams up to date; returns how many entries were copied. Safe to repeat and to cut."""
    key = own_keys.pseudonyms(node.home)
    copied = 0
    for audience in sorted(set(audiences) & set(policy.AUDIENCES)):
        for stream in _own_local(node):
            more = True
            while more:
                count, more = node.write(partial(_step, node, key, audience, stream))
                copied += count
    return copied


def waiting(node: Node, audience: str) -> Iterator[Copy]:
    """What the next tide would add to an audience's stream, oldest first; nothing is written."""
    for copies in _looking(node, audience):
        yield from copies


def preview(node: Node, audience: str, *, most: int) -> Preview:
    """The first `most` things of `waiting`, out of the first LOOKED_AT entries: as much as a page has time for."""
    found: list[Copy] = []
    for number, copies in enumerate(_looking(node, audience)):
        if len(found) >= most or number >= LOOKED_AT:
            return Preview(tuple(found[:most]), is_all=False)
        found += copies
    return Preview(tuple(found[:most]), is_all=len(found) <= most)


def left(node: Node, audience: str, *, newest_first: bool = False) -> Iterator[Copy]:
    """What stands in the audience's streams: all that has left or is ready to."""
    found = lines(node, (audience,))
    for line in reversed(found) if newest_first else found:
        starts = range(line.base, line.seq, STEP_ENTRIES)
        for start in reversed(starts) if newest_first else starts:
            entries = node.journal.read(line.stream, after=start, limit=STEP_ENTRIES)
            kept = [placed for placed in entries if placed.entry.kind in policy.KINDS]
            for placed in reversed(kept) if newest_first else kept:
                yield Copy(placed.entry.kind, placed.entry.at_ms, placed.entry.payload)


def forget_positions(node: Node, audience: str) -> None:
    """Copy from the beginning again, by the rules as they are now; a copy made twice counts once. Inside `write`."""
    names = [_mark(audience, stream) for stream in _own_local(node)]
    node.tables.Note.delete().where(node.tables.Note.name.in_(names)).execute()


def count(node: Node, audiences: Iterable[str]) -> int:
    """How many records stand in the audiences' streams, but for those that this hub has left behind.

    Each stream begins with an entry that is no record.
    """
    return sum(line.seq - max(line.base, 1) for line in shared.standing(lines(node, audiences)))


def _looking(node: Node, audience: str) -> Iterator[list[Copy]]:
    """What each entry becomes that the audience's stream has not been filled from yet; most become nothing."""
    leave, stays = policy.transform(own_keys.pseudonyms(node.home), audience), withheld(node, (ELSEWHERE,))
    for stream in _own_local(node):
        position = _position(node, audience, stream)
        while entries := node.journal.read(stream, after=position, limit=STEP_ENTRIES):
            position = entries[-1].seq
            for placed in entries:
                yield [Copy(kind, at_ms, payload) for kind, payload, at_ms in _leaving(leave, stays, placed)]


def _step(node: Node, key: bytes, audience: str, stream: str) -> tuple[int, bool]:
    """Copy from at most STEP_ENTRIES entries; returns how many copies were made, and whether there may be more.

    Who said no is asked in the same transaction: a no that came before the copy is known to it.
    """
    leave, stays = policy.transform(key, audience), withheld(node, (ELSEWHERE,))
    entries = node.journal.read(stream, after=_position(node, audience, stream), limit=STEP_ENTRIES)
    copied = 0
    for placed in entries:
        for kind, payload, at_ms in _leaving(leave, stays, placed):
            node.journal.append(audience, kind, payload, at_ms=at_ms, depth=placed.entry.depth)
            copied += 1
    if entries:
        put(node.tables.Note, name=_mark(audience, stream), value=json.dumps(entries[-1].seq))
    return copied, len(entries) == STEP_ENTRIES


def _leaving(leave: policy.Transform, stays: Withheld, placed: Placed) -> list[policy.Leaving]:
    """What an entry becomes for the audience; what somebody said no to, and what cannot be read, stays here."""
    try:
        return [] if stays.keeps(placed) else leave(placed)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []


def _own_local(node: Node) -> list[str]:
    return [line.stream for line in lines(node, (LOCAL,))]


def lines(node: Node, audiences: Iterable[str]) -> list[Line]:
    """This hub's streams for the audiences, in the order of their incarnations."""
    found = [
        line
        for name in sorted(set(audiences))
        for line in node.journal.streams(hub=node.identity.hub_id, audience=name)
    ]
    return sorted(found, key=lambda line: (line.audience, line.incarnation, line.base))


def _position(node: Node, audience: str, stream: str) -> int:
    row = node.tables.Note.get_or_none(node.tables.Note.name == _mark(audience, stream))
    return 0 if row is None else int(json.loads(row.value))


def _mark(audience: str, stream: str) -> str:
    return f"published {audience} {stream}"
