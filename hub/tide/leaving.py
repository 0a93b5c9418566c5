"""A hub leaves its region and takes its records along: one last tide, then the region forgets all that came from it.

The hub has every record of its own, and what it had lost the last tide brings back. The region keeps that the hub was
there, and counts that name nobody; the hub keeps everything and may join again with a new code.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from functools import partial

from content.errors import N_
from hub.errors import HubError, InputWrong, PeerRefused, ServerAway
from hub.node import Node
from hub.projections import forgetting
from hub.sentences import Sentence, counted
from hub.tables import put
from hub.tide import certificates, clones, peers, region, run, stands, swept
from hub.tide.link import Link
from sync import protocol
from sync.errors import MessageWrong, SyncError
from sync.journal import READ_STEP, Placed
from sync.store import Line

JOB = "leave"
"""The kind of work that leaves a region."""
NAME = "leave"
"""The message's name in the address of the door."""
AGAIN = b"again"
"""Says that only the answer is asked for once more: the hub cannot tell whether all of its own is back there."""
_NOT_LEFT = N_(
    "The last tide with the region was not whole, so this hub has not left. Nothing was changed here, and it can be"
    " said again. %(why)s"
)
NOTE = "left "
"""The front of the name of a note about a hub that left."""


@dataclass(frozen=True)
class Left:
    """What a region keeps of a hub that left: how many records there were, and counts of ten people and more.

    `people` and `steps` are None where they would speak of too few.
    """

    name: str
    records: int
    people: int | None
    steps: int | None
    left_ms: int


def leave(node: Node, *, hub: str = "", pause: Callable[[float], None] = time.sleep) -> Left:
    """Leave the region (the one of this id, or the only one) after a last tide with it; what it said it keeps.

    Raises InputWrong when there is none, or not all of this hub's own records are here; PeerRefused, or what a link
    raises. Nothing was changed then, and it can be said again.
    """
    peer = _region(node, hub)
    last = run.exchange_with(node, peer, pause=pause)
    is_whole = last.agreed
    with closing(Link(peer.url, randomness=node.randomness, pause=pause)) as link:
        proof = certificates.proof(node, issuer=peer.hub, hub=node.identity.hub_id) if is_whole else AGAIN
        asked = protocol.request(node.identity, peer.hub, NAME, proof)
        try:
            said = protocol.open_answer(peer.hub, NAME, asked, link(NAME, asked))
        except (HubError, SyncError):
            if is_whole:
                raise
            raise InputWrong(_NOT_LEFT, why=last.problem) from None
    left = _read(said)
    peers.end(node, peer.hub)
    return left


def by_itself(node: Node, hub: str) -> Sentence:
    """The same for the background worker; what came of it in words."""
    return counted(
        "This hub has left. The region forgot %(num)d record of it and keeps only counts that name nobody. Everything"
        " is here.",
        "This hub has left. The region forgot %(num)d records of it and keeps only counts that name nobody. Everything"
        " is here.",
        leave(node, hub=hub).records,
    )


def regions(node: Node) -> list[peers.Peer]:
    """The regions that this hub has joined, and may leave."""
    return [peer for peer in peers.upstream(node) if "region" in peer.sends]


def answer(node: Node, body: bytes) -> bytes:
    """Forget what came from the hub that asks, and say what is kept. Raises SyncError; then nothing was changed."""
    sender, said = protocol.open_request(node.identity, NAME, body)
    peer = peers.peer(node, sender)
    if peer is not None:
        certificates.check(node, sender)
        if not said or said != certificates.proof(node, issuer=node.identity.hub_id, hub=sender):
            raise MessageWrong("There is nothing to leave, or not all of it has come yet. Nothing was changed.")
        node.write(partial(_forget, node, sender))
        with suppress(ServerAway):
            swept.sweep(node)
    kept = node.tables.Note.get_or_none(node.tables.Note.name == NOTE + sender)
    if kept is None:
        raise MessageWrong("There is nothing to leave: this hub does not exchange with that one. Nothing was changed.")
    return protocol.answer(node.identity, NAME, body, kept.value.encode())


def gone(node: Node) -> list[Left]:
    """The hubs that have left this region, the latest first."""
    table = node.tables.Note
    found = [_read(row.value.encode()) for row in table.select().where(table.name.startswith(NOTE))]
    return sorted(found, key=lambda left: -left.left_ms)


def _forget(node: Node, hub: str) -> None:
    shown = next(each for each in region.region(node).hubs if each.hub == hub)
    left = Left(shown.name, shown.records, shown.people, shown.steps, node.clock.now_ms())
    put(node.tables.Note, name=NOTE + hub, value=json.dumps(asdict(left)))
    swept.note(node, hub)
    clones.keep(node, hub)
    certificates.note_left(node, hub=hub)
    found = node.journal.streams(hub=hub)
    forgetting.forget(node.tables, hub, [line.stream for line in found], _entries(node, found))
    node.tables.Offer.delete().where(node.tables.Offer.peer == hub).execute()
    stands.forget(node, hub)
    node.journal.store.leave_out(found)
    peers.end(node, hub)


def _entries(node: Node, found: Iterable[Line]) -> Iterator[Placed]:
    for line in found:
        for start in range(line.base, line.seq, READ_STEP):
            yield from node.journal.read(line.stream, after=start, limit=READ_STEP)


def _region(node: Node, hub: str) -> peers.Peer:
    joined = regions(node)
    if not joined:
        raise InputWrong("This hub has not joined a region, so there is none to leave. Nothing was changed.")
    found = [peer for peer in joined if hub in ("", peer.hub)]
    if len(found) != 1:
        raise InputWrong("Say which region this hub is to leave; mangrove sync status lists them. Nothing was changed.")
    return found[0]


def _read(said: bytes) -> Left:
    try:
        found = json.loads(said)
        return Left(**{name: found[name] for name in Left.__dataclass_fields__})
    except (ValueError, TypeError, KeyError, RecursionError):
        raise PeerRefused("The region's answer cannot be read; it may have forgotten this hub already.") from None
