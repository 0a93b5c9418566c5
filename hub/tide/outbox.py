"""What has left and what will leave, audience by audience, for the command and the page."""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.node import Node
from hub.sharing import rows
from hub.sharing.standing import in_force
from hub.tide import peers, policy, publish, spoken

LEFT, WAITING, WOULD_LEAVE = "left", "waiting", "would leave"
"""How one record stands; the last while no hub was joined that gets it."""


@dataclass(frozen=True)
class Going:
    """One record with its audience, how it stands, and what it says in a sentence."""

    audience: str
    state: str
    copy: publish.Copy
    says: str


def audiences(node: Node) -> list[str]:
    """Everybody who may be given something: all hubs, the region, and each neighbour by itself."""
    near = [] if node.settings.role == "region" else [each.hub for each in peers.peers(node) if not _is_region(each)]
    agreed = [rows.hub_of(name) for name in in_force(node).audiences if rows.hub_of(name)]
    written = {line.audience for line in node.journal.streams(hub=node.identity.hub_id)}
    gone = [rows.hub_of(name) for name in written if rows.AUDIENCE.fullmatch(name) and rows.hub_of(name)]
    return [*policy.AUDIENCES, *(rows.pair(hub) for hub in dict.fromkeys([*near, *sorted({*agreed, *gone})]))]


def going(node: Node, audience: str) -> Iterator[Going]:
    """Everything that has left for an audience, then what comes next, record by record."""
    for copy in publish.left(node, audience):
        yield Going(audience, LEFT, copy, spoken.said(copy))
    state = WAITING if audience in peers.audiences(node) else WOULD_LEAVE
    for copy in publish.waiting(node, audience):
        yield Going(audience, state, copy, spoken.said(copy))


def rules(node: Node, audience: str) -> list[str]:
    """What the policy that holds says of an audience, in sentences; one that says that nothing goes when that is so."""
    held = (*in_force(node).towards(audience), *policy.always(audience, role=node.settings.role))
    nothing = spoken.nothing(node, audience)
    return [spoken.row(node, row) for row in held] or [nothing]


def _is_region(peer: peers.Peer) -> bool:
    return rows.REGION in peer.sends
