"""What has left and what will leave, audience by audience, for the command and the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from hub.node import Node
from hub.sharing import rows
from hub.sharing.standing import in_force
from hub.tide import gone, peers, policy, publish, recall, spoken

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
    for copy in gone.left(node, audience):
        yield Going(audience, LEFT, copy, spoken.said(copy))
    state = WAITING if audience in peers.audiences(node) else WOULD_LEAVE
    is_anew = bool(recall.why(node, audience))
    comes = publish.waiting(node, audience, afresh=is_anew)
    for copy in comes if is_anew else chain(gone.ready(node, audience), comes):
        yield Going(audience, state, copy, spoken.said(copy))


def preview(node: Node, audience: str, *, most: int) -> publish.Preview:
    """The first `most` things that come next, as much as a page has time for."""
    if bool(recall.why(node, audience)):
        return publish.preview(node, audience, most=most, afresh=True)
    first = list(islice(gone.ready(node, audience), most + 1))
    if len(first) > most:
        return publish.Preview(tuple(first[:most]), is_all=False)
    rest = publish.preview(node, audience, most=most - len(first))
    return publish.Preview((*first, *rest.copies), is_all=rest.is_all)


def rules(node: Node, audience: str) -> list[str]:
    """What the policy that holds says of an audience, in sentences; one that says that nothing goes when that is so."""
    held = (*in_force(node).towards(audience), *policy.always(audience, role=node.settings.role))
    nothing = spoken.nothing(node, audience)
    return [spoken.row(node, row) for row in held] or [nothing]


def _is_region(peer: peers.Peer) -> bool:
    return rows.REGION in peer.sends
