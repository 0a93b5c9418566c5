"""What the region sees of its hubs: the tide, and how much is learned; never a person, and no count of a few.

A count that would speak of fewer than ten people is not shown, and totals are made only of what is shown, so that
nothing hidden can be worked out from them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.node import Node
from hub.tables import run
from hub.tables.learning import FINISHED
from hub.tide import clones, others, peers

PEOPLE_MIN = 10


@dataclass(frozen=True)
class HubShown:
    """One hub that exchanges with us. `people` and `steps` are None when they would speak of too few people.

    `records` is all that came from it, `seen_ms` when it was last here, `counts` what it told as counts, in sentences.
    `machines` is how many go on under its key, 0 for one; `cloned_from` names the hub that it was cloned from.
    """

    hub: str
    name: str
    seen_ms: int
    records: int
    packages: int
    people: int | None
    steps: int | None
    counts: tuple[str, ...] = ()
    machines: int = 0
    cloned_from: str = ""


@dataclass(frozen=True)
class Region:
    """All hubs, those longest unseen first, with the totals of the counts that are shown; None where none is."""

    hubs: tuple[HubShown, ...]
    people: int | None
    steps: int | None
    hidden: int


def region(node: Node) -> Region:
    """The hubs that have joined this one, and what they have learned together."""
    learned = _learned(node)
    shown = [_shown(node, peer, *learned.get(peer.hub, (0, 0))) for peer in peers.peers(node) if not peer.url]
    return Region(
        hubs=tuple(sorted(shown, key=lambda hub: hub.seen_ms)),
        people=_total([hub.people for hub in shown]),
        steps=_total([hub.steps for hub in shown]),
        hidden=sum(1 for hub in shown if hub.people is None),
    )


def _total(counts: Sequence[int | None]) -> int | None:
    seen = [count for count in counts if count is not None]
    return sum(seen) if seen else None


def _shown(node: Node, peer: peers.Peer, people: int, steps: int) -> HubShown:
    tables, is_shown = node.tables, people >= PEOPLE_MIN
    profile = tables.Hub.get_or_none(tables.Hub.id == peer.hub)
    shelf = tables.HubPackage.select().where((tables.HubPackage.hub == peer.hub) & (tables.HubPackage.is_here == 1))
    return HubShown(
        hub=peer.hub,
        name=profile.name if profile is not None and profile.name else peer.name,
        seen_ms=peer.seen_ms,
        records=sum(line.seq - max(line.base, 1) for line in node.journal.streams(hub=peer.hub)),
        packages=shelf.count(),
        people=people if is_shown else None,
        steps=steps if is_shown else None,
        counts=others.counts_of(node, peer.hub),
        machines=len(clones.halves(node, peer.hub)),
        cloned_from=clones.origin(node, peer.hub),
    )


def _learned(node: Node) -> dict[str, tuple[int, int]]:
    """Hub → how many people learn there, and how many steps they finished.

    One row for each person and item, however often they come back to it: what is read does not grow with the records.
    """
    asked = (
        "SELECT h.text, COUNT(DISTINCT g.person), SUM(CASE WHEN g.state >= ? THEN 1 ELSE 0 END)"
        " FROM statement_progress g JOIN statement_name h ON h.no = g.hub GROUP BY h.text"
    )
    return {row[0]: (row[1], row[2]) for row in run(node.tables, asked, FINISHED)}
