"""The hubs this one exchanges with, and what each gives and takes.

A peering is made by a join code (`hub.tide.join`) and ends when somebody here ends it. It belongs to this machine
and is not in the journal.
"""

from dataclasses import dataclass
from typing import Any

from hub.errors import InputWrong, NotFound
from hub.node import Node
from hub.sharing import rows
from hub.tables import put
from hub.tide import broken, quota
from sync.protocol import Peering

SEEN_STEP_MS = 60_000
"""A visit is noted at most once a minute, so that a tide without news costs no write to the card."""
FRONT_LETTERS = 6
"""Of a hub's id, what is enough to mean it."""


@dataclass(frozen=True)
class Peer:
    """A hub we exchange with; `url` is where we knock, "" when only the other one comes to us."""

    hub: str
    name: str
    url: str
    sends: tuple[str, ...]
    takes: tuple[str, ...]
    joined_ms: int
    seen_ms: int

    @property
    def gets(self) -> tuple[str, ...]:
        """The audiences whose streams are for this hub: those that were agreed, and the one that is this hub alone."""
        return (*self.sends, rows.pair(self.hub))


def peering(node: Node, peer: Peer) -> Peering:
    """What goes between the two, as `sync` has it.

    What is for one hub alone may always go there: it is the publisher that puts something in, or nothing.
    """
    return Peering(
        peer.hub,
        peer.gets,
        (*peer.takes, rows.pair(node.identity.hub_id)),
        passed_over=broken.Places(node, peer.hub),
        room=quota.Quota(node, peer.hub),
    )


def peers(node: Node) -> list[Peer]:
    """All of them, in the order they joined."""
    table = node.tables.Peer
    return [_peer(row) for row in table.select().order_by(table.joined_ms, table.id)]


def peer(node: Node, hub: str) -> Peer | None:
    """One of them, or None."""
    row = node.tables.Peer.get_or_none(node.tables.Peer.id == hub)
    return None if row is None else _peer(row)


def called(node: Node, hub: str) -> str:
    """What a hub calls itself, else what it was called when it joined, else the front of its id."""
    row, joined = node.tables.Hub.get_or_none(node.tables.Hub.id == hub), peer(node, hub)
    return str(row.name) if row is not None and row.name else joined.name if joined else hub[:8]


def find(node: Node, wanted: str) -> Peer:
    """The hub that is meant by its id, the front of it, or its name. Raises InputWrong when none or several are."""
    word = wanted.strip()
    listed = peers(node)
    found = [each for each in listed if each.hub == word]
    found = found or [
        each for each in listed if word.casefold() in (called(node, each.hub).casefold(), each.name.casefold())
    ]
    found = found or [each for each in listed if len(word) >= FRONT_LETTERS and each.hub.startswith(word)]
    if len(found) != 1:
        raise InputWrong(
            "This hub exchanges with no hub that is called “%(name)s”, or with several. Nothing was written; join it"
            " first, or say its id.",
            name=word,
        )
    return found[0]


def upstream(node: Node) -> list[Peer]:
    """Those where we knock: the region, and neighbours whose code we typed."""
    return [peer for peer in peers(node) if peer.url]


def audiences(node: Node) -> frozenset[str]:
    """The audiences that some other hub gets from us."""
    return frozenset(audience for peer in peers(node) for audience in peer.gets)


def keep(node: Node, peer: Peer) -> None:
    """Remember a peering; one with the same hub is replaced."""
    node.write(
        lambda: put(
            node.tables.Peer,
            id=peer.hub,
            name=peer.name,
            url=peer.url,
            sends=" ".join(peer.sends),
            takes=" ".join(peer.takes),
            joined_ms=peer.joined_ms,
            seen_ms=peer.seen_ms,
        )
    )


def end(node: Node, hub: str) -> None:
    """End a peering; what was exchanged stays on both sides. Raises NotFound."""
    table = node.tables.Peer
    if not node.write(lambda: table.delete().where(table.id == hub).execute()):
        raise NotFound("This hub exchanges with no hub of that name. Nothing was changed.")


def note_visit(node: Node, hub: str) -> None:
    """Note that a hub spoke with us just now."""
    table, now_ms = node.tables.Peer, node.clock.now_ms()
    row = table.get_or_none(table.id == hub)
    if row is not None and abs(now_ms - row.seen_ms) >= SEEN_STEP_MS:
        node.write(lambda: table.update(seen_ms=now_ms).where(table.id == hub).execute())


def _peer(row: Any) -> Peer:
    return Peer(
        hub=row.id,
        name=row.name,
        url=row.url,
        sends=tuple(row.sends.split()),
        takes=tuple(row.takes.split()),
        joined_ms=row.joined_ms,
        seen_ms=row.seen_ms,
    )
