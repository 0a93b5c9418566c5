"""Where somebody was forgotten: here, and at every hub that gets what is erased; who has shown that it did so too.

A hub that stands at our positions has taken the erasure, for it is numbered like any entry. That is known at the end of
an exchange that agreed, when a hub greets with the very digest of what is here, or by a receipt that came on a stick.
"""

from collections.abc import Collection
from dataclasses import dataclass

from hub.node import Node
from hub.tide import peers
from sync import bundle
from sync.protocol import Peering, Position

CLEAN, BEGUN = "clean", "begun"
"""Whether what was forgotten is off this machine's disk too."""


@dataclass(frozen=True)
class Lacking:
    """A hub that has not shown yet that it erased, and since when it is asked to (milliseconds since 1970)."""

    hub: str
    name: str
    since_ms: int


@dataclass(frozen=True)
class Erasure:
    """Somebody who was forgotten, without a name. `wish` says who wanted it; `entries` is how many went.

    `is_clean` says whether it is off this machine's disk; `places` counts this hub, and `done` those that have erased.
    """

    id: str
    made_ms: int
    wish: str
    entries: int
    is_clean: bool
    places: int
    lacking: tuple[Lacking, ...]

    @property
    def done(self) -> int:
        """At how many places it is erased."""
        return self.places - len(self.lacking) - (not self.is_clean)


def erasures(node: Node) -> list[Erasure]:
    """Everybody who was forgotten, the latest first."""
    tables = node.tables
    names = {each.hub: each.name for each in peers.peers(node)}
    places: dict[str, list[tuple[str, int]]] = {}
    for row in tables.ErasurePlace.select().order_by(tables.ErasurePlace.hub):
        places.setdefault(row.erasure, []).append((row.hub, row.proved_ms))
    return [
        Erasure(
            id=row.id,
            made_ms=row.made_ms,
            wish=row.wish,
            entries=row.entries,
            is_clean=row.state == CLEAN,
            places=1 + len(places.get(row.id, ())),
            lacking=tuple(
                Lacking(hub, names.get(hub, hub[:8]), row.made_ms)
                for hub, proved_ms in places.get(row.id, ())
                if not proved_ms
            ),
        )
        for row in tables.Erasure.select().order_by(tables.Erasure.made_ms.desc(), tables.Erasure.id)
    ]


def ask(node: Node, *, wish: str, entries: int, audiences: Collection[str]) -> str:
    """Note that somebody was forgotten, and which hubs are to erase the same. Only inside `node.write`."""
    made, tables = node.new_id(), node.tables
    tables.Erasure.insert(id=made, made_ms=node.clock.now_ms(), wish=wish, entries=entries, state=BEGUN).execute()
    for peer in peers.peers(node):
        if set(peer.gets) & set(audiences):
            tables.ErasurePlace.insert(id=f"{made}/{peer.hub}", erasure=made, hub=peer.hub, proved_ms=0).execute()
    return made


def clean(node: Node) -> None:
    """Note that what was forgotten so far is off the disk."""
    table = node.tables.Erasure
    node.write(table.update(state=CLEAN).where(table.state == BEGUN).execute)


def awaited(node: Node, hub: str) -> list[str]:
    """What a hub has not shown yet that it erased: to be asked before both are compared."""
    table = node.tables.ErasurePlace
    return [row.id for row in table.select(table.id).where((table.hub == hub) & (table.proved_ms == 0))]


def stands_past(node: Node, peering: Peering, positions: frozenset[Position]) -> bool:
    """Whether a hub that stands there has taken every erasure of ours that is for it."""
    store, own = node.journal.store, node.identity.hub_id
    lacking = bundle.lacks(node.journal, peering, positions)
    return not any(store.erasures.wishes(own, line.stream, after) for line, after in lacking if line.hub == own)


def prove(node: Node, proved: Collection[str]) -> None:
    """Note that a hub stands past these erasures."""
    table = node.tables.ErasurePlace
    if proved:
        node.write(table.update(proved_ms=node.clock.now_ms()).where(table.id.in_(list(proved))).execute)
