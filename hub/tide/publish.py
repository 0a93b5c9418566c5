"""Copy from what happened here into what an audience may have, by the rows of the policy that holds.

The copy and the mark how far it went are one transaction, so that a power cut copies nothing twice. An audience's
stream is filled only when some hub is to have it: until a hub has joined a region, nothing is even prepared.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from hub import own_keys
from hub.consent.purposes import ELSEWHERE
from hub.consent.withheld import Withheld, withheld
from hub.node import LOCAL, Node
from hub.projections.mended import mended
from hub.sentences import Sentence, counted
from hub.sharing import rows
from hub.sharing.standing import in_force
from hub.tables import put
from hub.tide import filled, policy, summed
from hub.together import telling
from sync import shared
from sync.journal import Placed
from sync.lines import last_known
from sync.protocol import Position
from sync.store import Line

JOB = "republish"
"""The kind of work that copies what an earlier policy kept back."""
STEP_ENTRIES = 200
"""Entries looked at in one transaction; a learner who answers meanwhile waits for one step at most."""
LOOKED_AT = 2000
"""Entries a page looks at for what waits: a hub that has joined nobody has its whole journal before it."""
AGAIN = "again"
"""Before the names of marks how far something was copied again."""


@dataclass(frozen=True)
class Copy:
    """One thing that leaves or would leave: when it happened (as exactly as that leaves), its kind and its bytes."""

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
    for audience in sorted(name for name in set(audiences) if rows.AUDIENCE.fullmatch(name)):
        for line in _own_local(node):
            more = not rows.hub_of(audience)
            while more:
                count, more = node.write(partial(_step, node, key, audience, line))
                copied += count
        if summed.news(node, key, audience):
            copied += node.write(partial(summed.publish, node, key, audience))
        if telling.is_due(node, audience):
            copied += node.write(partial(_tell, node, audience))
    return copied


def _tell(node: Node, audience: str) -> int:
    """Append what is held together with a neighbour to its stream. Inside `write`."""
    filled.note(node, audience, in_force(node))
    return telling.publish(node, audience)


def stop(node: Node, audience: str, kinds: Iterable[str]) -> None:
    """Remember up to where these kinds were copied: from there on they are passed over. Inside `write`."""
    for kind in kinds:
        for line in _own_local(node):
            _move(node, f"stopped {audience} {kind} {line.stream}", 0, _position(node, _mark(audience, line.stream)))


def begin_again(node: Node, audience: str, kinds: Iterable[str]) -> None:
    """Have what was passed over be copied too, by the rules as they are now. Inside `write`."""
    for kind in kinds:
        for line in _own_local(node):
            until = _position(node, _mark(audience, line.stream))
            after = _position(node, f"stopped {audience} {kind} {line.stream}")
            if until > after:
                put(node.tables.Note, name=f"{AGAIN} {audience} {kind} {line.stream}", value=json.dumps([after, until]))


def is_unfinished(node: Node) -> bool:
    """Whether something is yet to be copied again."""
    return bool(_marks_again(node))


def by_itself(node: Node) -> Sentence:
    """Copy again what is to be, step by step, each a transaction with its mark; safe to cut and to repeat."""
    key, copied = own_keys.pseudonyms(node.home), 0
    for name, _ in _marks_again(node):
        more = True
        while more:
            count, more = node.write(partial(_step_again, node, key, name))
            copied += count
    return counted(
        "%(num)d record that an earlier policy kept here is ready for the next tide.",
        "%(num)d records that an earlier policy kept here are ready for the next tide.",
        copied,
    )


def waiting(node: Node, audience: str, *, afresh: bool = False) -> Iterator[Copy]:
    """What the next tide would add to an audience's stream, oldest first; nothing is written.

    `afresh` says that all is copied again, as when the stream is left behind.
    """
    for copies in _looking(node, audience, afresh=afresh):
        yield from copies


def preview(node: Node, audience: str, *, most: int, afresh: bool = False) -> Preview:
    """The first `most` things of `waiting`, out of the first LOOKED_AT entries: as much as a page has time for.

    `afresh` looks at all that stands, as once `forget_positions` was called.
    """
    found: list[Copy] = []
    for number, copies in enumerate(_looking(node, audience, afresh=afresh)):
        if len(found) >= most or number >= LOOKED_AT:
            return Preview(tuple(found[:most]), is_all=False)
        found += copies
    return Preview(tuple(found[:most]), is_all=len(found) <= most)


def forget_positions(node: Node, audience: str) -> None:
    """Copy from the beginning again, by the rules as they are now; a copy made twice counts once. Inside `write`."""
    names = [_mark(audience, line.stream) for line in _own_local(node)]
    again = [name for name, _ in _marks_again(node, audience)]
    table = node.tables.Note
    table.delete().where(table.name.in_([*names, *again]) | table.name.startswith(f"stopped {audience} ")).execute()
    summed.forget(node, audience)
    telling.forget(node, audience)


def count(node: Node, audiences: Iterable[str]) -> int:
    """How many records stand in the audiences' streams, but for those that this hub has left behind.

    Each stream begins with an entry that is no record.
    """
    return sum(line.seq - max(line.base, 1) for line in shared.standing(lines(node, audiences)))


def count_held(node: Node, audiences: Iterable[str], known: Iterable[Position]) -> int:
    """How many of these records somebody has who stands there."""
    ours = shared.standing(lines(node, audiences))
    near = [position for position in known if position.root in {line.root for line in ours}]
    store = node.journal.store
    return sum(max(0, last_known(store, line, near) - max(line.base, 1)) for line in ours)


def is_waiting(node: Node, audiences: Iterable[str]) -> bool:
    """Whether the next step of publishing would copy anything for some audience."""
    return any(copies for audience in audiences for copies in _looking(node, audience))


def _looking(node: Node, audience: str, *, afresh: bool = False) -> Iterator[list[Copy]]:
    """What each entry becomes that the audience's stream has not been filled from yet; most become nothing."""
    key, held = own_keys.pseudonyms(node.home), in_force(node)
    leave, stays = policy.transform(key, audience, held), withheld(node, (ELSEWHERE,))
    for stream, position, until, kind in _unread(node, audience, held, afresh=afresh):
        while entries := node.journal.read(stream, after=position, limit=STEP_ENTRIES):
            position = entries[-1].seq
            for placed in mended(node.tables, entries):
                if placed.seq <= until and kind in ("", placed.entry.kind):
                    yield [Copy(*each) for each in _in_order(_leaving(leave, stays, placed))]
            if position >= until:
                break
    yield from ([Copy(*each)] for each in _in_order(summed.news(node, key, audience, afresh=afresh)))
    now_ms = node.clock.now_ms()
    yield from ([Copy(kind, now_ms, payload)] for kind, payload, _ in telling.news(node, audience, afresh=afresh))


def _in_order(found: Iterable[policy.Leaving]) -> Iterator[tuple[str, int, bytes]]:
    """Kind, time and bytes, as a copy has them."""
    return ((kind, at_ms, payload) for kind, payload, at_ms in found)


def _unread(node: Node, audience: str, held: rows.Policy, *, afresh: bool) -> Iterator[tuple[str, int, int, str]]:
    """What is yet to be read for an audience: the stream, after which number, up to which, and of which kind."""
    for name, (position, until) in [] if afresh else _marks_again(node, audience):
        *_, kind, stream = name.split(" ")
        yield stream, position, until, kind
    for line in _own_local(node) if policy.copied(held, audience) else []:
        yield line.stream, 0 if afresh else _position(node, _mark(audience, line.stream)), line.seq, ""


def _step(node: Node, key: bytes, audience: str, line: Line) -> tuple[int, bool]:
    """Copy from at most STEP_ENTRIES entries; returns how many copies were made, and whether there may be more.

    Which policy holds and who said no is asked in the same transaction: what came before the copy is known to it.
    """
    held, mark = in_force(node), _mark(audience, line.stream)
    after = _position(node, mark)
    if not policy.copied(held, audience):
        _move(node, mark, after, line.seq)
        return 0, False
    entries = node.journal.read(line.stream, after=after, limit=STEP_ENTRIES)
    copied = _copy(node, key, audience, held, entries)
    _move(node, mark, after, entries[-1].seq if entries else after)
    return copied, len(entries) == STEP_ENTRIES


def _step_again(node: Node, key: bytes, name: str) -> tuple[int, bool]:
    """The same for what is copied again, up to where the stream was filled to when that began."""
    row = node.tables.Note.get_or_none(node.tables.Note.name == name)
    if row is None:
        return 0, False
    _, audience, kind, stream = name.split(" ")
    after, until = json.loads(row.value)
    read = node.journal.read(stream, after=after, limit=STEP_ENTRIES)
    entries = [each for each in read if each.seq <= until]
    copied = _copy(node, key, audience, in_force(node), [each for each in entries if each.entry.kind == kind])
    if not entries or entries[-1].seq >= until:
        node.tables.Note.delete().where(node.tables.Note.name == name).execute()
        return copied, False
    put(node.tables.Note, name=name, value=json.dumps([entries[-1].seq, until]))
    return copied, True


def _copy(node: Node, key: bytes, audience: str, held: rows.Policy, entries: Sequence[Placed]) -> int:
    """Append to an audience's stream what these entries become for it, and return how many copies that were."""
    leave, stays = policy.transform(key, audience, held), withheld(node, (ELSEWHERE,))
    filled.note(node, audience, held)
    copies = [
        (placed.entry.depth, each) for placed in mended(node.tables, entries) for each in _leaving(leave, stays, placed)
    ]
    for (depth, kind), some in groupby(copies, lambda copy: (copy[0], copy[1][0])):
        payloads = [(payload, at_ms) for _, (_, payload, at_ms) in some]
        if not depth:  # learning, which comes in crowds, is no record that changes
            node.journal.append_many(audience, kind, payloads)
            continue
        for payload, at_ms in payloads:
            node.journal.append(audience, kind, payload, at_ms=at_ms, depth=depth)
    return len(copies)


def _leaving(leave: policy.Transform, stays: Withheld, placed: Placed) -> list[policy.Leaving]:
    """What an entry becomes for the audience; what somebody said no to, and what cannot be read, stays here."""
    try:
        return [] if stays.keeps(placed) else leave(placed)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []


def _own_local(node: Node) -> list[Line]:
    return lines(node, (LOCAL,))


def lines(node: Node, audiences: Iterable[str]) -> list[Line]:
    """This hub's streams for the audiences, in the order of their incarnations."""
    found = [
        line
        for name in sorted(set(audiences))
        for line in node.journal.streams(hub=node.identity.hub_id, audience=name)
    ]
    return sorted(found, key=lambda line: (line.audience, line.incarnation, line.base))


def _position(node: Node, mark: str) -> int:
    row = node.tables.Note.get_or_none(node.tables.Note.name == mark)
    return 0 if row is None else int(json.loads(row.value))


def _move(node: Node, mark: str, after: int, to: int) -> None:
    if to != after:
        put(node.tables.Note, name=mark, value=json.dumps(to))


def _mark(audience: str, stream: str) -> str:
    return f"published {audience} {stream}"


def _marks_again(node: Node, audience: str = "") -> list[tuple[str, tuple[int, int]]]:
    """The marks of what is copied again: name, and from where to where."""
    table = node.tables.Note
    found = table.select().where(table.name.startswith(f"{AGAIN} {audience} " if audience else f"{AGAIN} "))
    return [(row.name, tuple(json.loads(row.value))) for row in found.order_by(table.name)]
