"""Certificates of the hubs of a region: issued with a join code, listed, taken back with a fence. None ends by time.

A region says in its public streams who belongs to it: name, number and day, signed over these words alone as well, so
that a certificate can be shown without its stream. One that was taken back names, for each stream of that hub, the
last number and hash that count. Every hub of the region hears of it at its next tide, from whoever brings it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from content.errors import N_
from hub.errors import JoinRefused, NotAllowed, NotFound
from hub.node import Node
from hub.sentences import Sentence, fact, sentence
from hub.tide import peers
from hub.tide.policy import CERTIFICATE
from sync import identity, lines
from sync.errors import ShutOut, SignatureWrong
from sync.protocol import Fence, Peering

MEMBER, REVOKED, LEFT = "member", "revoked", "left"
REFUSED = N_(
    "The region has taken back this hub's certificate. Nothing is exchanged with it any more; what came before counts"
    " and stays. Speak with the people of the region."
)
GONE = N_("This hub has left the region. Nothing was taken; to come back, ask the region for a code and join again.")
THEIRS_REFUSED = N_(
    "The region has taken back the certificate of “%(name)s”. Nothing is exchanged with it any more; what came before"
    " counts and stays."
)
THEIRS_GONE = N_("“%(name)s” has left the region. Nothing is carried to it; it may join again.")
"""The same, told to somebody else."""


@dataclass(frozen=True)
class Certificate:
    """What the hub `issuer` says of the hub `hub`: the `number` it joined as, on `since_ms`, and how it stands.

    `is_right` tells whether the issuer's signature fits these words.
    """

    issuer: str
    hub: str
    name: str
    number: int
    since_ms: int
    state: str
    is_right: bool


def issue(node: Node, *, hub: str, name: str) -> None:
    """Certify that a hub belongs to this region; one that stands is left as it is. Raises JoinRefused when revoked."""
    row = _row(node, hub)
    if node.settings.role != "region" or (row is not None and row.state == MEMBER):
        return
    check_may_join(node, hub)
    table, own = node.tables.Certificate, node.identity.hub_id

    def work() -> None:
        number = row.number if row is not None else 1 + table.select().where(table.issuer == own).count()
        since_ms = node.clock.now_ms()
        signed = node.identity.sign(_text(own, hub, name, number, since_ms)).hex()
        facts: dict[str, Any] = {"issuer": own, "member": hub, "name": name, "number": number, "since_ms": since_ms}
        node.change(CERTIFICATE, f"{own}:{hub}", **facts, signature=signed, state=MEMBER, fence="")

    node.write(work)


def issue_missing(node: Node) -> None:
    """Certify the hubs that joined before a region gave certificates. Costs no write when there is none."""
    if node.settings.role == "region":
        table = node.tables.Certificate
        known = {row.member for row in table.select(table.member).where(table.issuer == node.identity.hub_id)}
        for peer in peers.peers(node):
            if not peer.url and peer.hub not in known:
                issue(node, hub=peer.hub, name=peers.called(node, peer.hub))


def check_may_join(node: Node, hub: str) -> None:
    """Raises JoinRefused for a hub whose certificate was taken back here."""
    row = _row(node, hub)
    if row is not None and row.state == REVOKED:
        raise JoinRefused(
            "The region has taken back this hub's certificate, so no code lets it join. Nothing was changed; speak with"
            " the people of the region."
        )


def revoke(node: Node, *, hub: str) -> Certificate:
    """Take back the certificate of a hub, meant by its id, the front of it, or its name: what came until now counts,
    and nothing after it. Raises NotAllowed or NotFound."""
    found = _meant(node, hub)
    return _put(node, found, REVOKED, _fence(node, found))


def restore(node: Node, *, hub: str) -> Certificate:
    """Give a certificate that was taken back again; the streams go on where they stood. Raises as `revoke`."""
    return _put(node, _meant(node, hub), MEMBER, "")


def note_left(node: Node, *, hub: str) -> None:
    """Say that a hub has left and took its records along: nothing of it is taken again, whoever brings it."""
    _put(node, hub, LEFT, "")


def proof(node: Node, *, issuer: str, hub: str) -> bytes:
    """The region's signature under the certificate by which a hub belongs to it now, another one each time it joins.

    Empty where there is none.
    """
    table = node.tables.Certificate
    row = table.get_or_none((table.issuer == issuer) & (table.member == hub) & (table.state == MEMBER))
    return b"" if row is None else bytes.fromhex(row.signature)


def certificates(node: Node) -> list[Certificate]:
    """All that were issued by this region, or by the regions that this hub belongs to, in the order of numbers."""
    table = node.tables.Certificate
    rows = table.select().where(table.issuer.in_(_issuers(node))).order_by(table.issuer, table.number)
    return [_certificate(row) for row in rows]


def fences(node: Node) -> Mapping[str, Fence]:
    """What still counts of the hubs that do not belong to the region any more: hub → stream → last number and hash."""
    own, found = node.identity.hub_id, dict[str, Fence]()
    table = node.tables.Certificate
    for row in table.select().where(table.issuer.in_(_issuers(node)) & (table.state != MEMBER)):
        if row.member != own:
            found[row.member] = _read(row.fence)
    return found


def peering(node: Node, peer: peers.Peer) -> Peering:
    """What goes between this hub and another; of hubs that were shut out only what counts."""
    return _fenced(node, peer, fences(node))


def peerings(node: Node) -> list[Peering]:
    """The same for all that this hub exchanges with."""
    shut_out = fences(node)
    return [_fenced(node, peer, shut_out) for peer in peers.peers(node)]


def check(node: Node, hub: str) -> None:
    """Raises ShutOut with the one sentence for a hub that does not belong to the region any more."""
    if (why := why_not(node, hub)) is not None:
        raise ShutOut(why)


def why_not(node: Node, hub: str) -> Sentence | None:
    """Why nothing is exchanged with a hub: it was shut out or has left; None for any other."""
    row = _shut_out(node, hub)
    return None if row is None else sentence(REFUSED if row.state == REVOKED else GONE)


def why_nothing_for(node: Node, hub: str) -> Sentence | None:
    """The same for whoever would carry something to that hub."""
    row = _shut_out(node, hub)
    said = "" if row is None else THEIRS_REFUSED if row.state == REVOKED else THEIRS_GONE
    return sentence(said, name=row.name) if said else None


def _shut_out(node: Node, hub: str) -> Any:
    table = node.tables.Certificate
    return table.get_or_none(table.issuer.in_(_issuers(node)) & (table.member == hub) & (table.state != MEMBER))


def is_shut_out(said: str) -> bool:
    """Whether a sentence, of this hub or of another that refused it, is what a hub hears that belongs no more."""
    return not {said, fact(said, "why")}.isdisjoint((REFUSED, GONE))


def _fenced(node: Node, peer: peers.Peer, shut_out: Mapping[str, Fence]) -> Peering:
    return replace(peers.peering(node, peer), fences=shut_out)


def _issuers(node: Node) -> list[str]:
    """Whose certificates count here: our own when this is a region, else those of the regions that we send to."""
    if node.settings.role == "region":
        return [node.identity.hub_id]
    return [peer.hub for peer in peers.peers(node) if "region" in peer.sends]


def _row(node: Node, hub: str) -> Any:
    """What this hub itself has certified of another, or None."""
    table = node.tables.Certificate
    return table.get_or_none((table.issuer == node.identity.hub_id) & (table.member == hub))


def _meant(node: Node, wanted: str) -> str:
    """The id of the one hub that is meant. Raises NotAllowed or NotFound."""
    if node.settings.role != "region":
        raise NotAllowed("Only a region gives certificates and takes them back. Nothing was changed.")
    word, listed = wanted.strip(), certificates(node)
    found = [each.hub for each in listed if each.hub == word]
    found = found or [each.hub for each in listed if each.name.casefold() == word.casefold()]
    found = found or [each.hub for each in listed if len(word) >= peers.FRONT_LETTERS and each.hub.startswith(word)]
    if len(found) != 1:
        raise NotFound(
            "This region has certified no hub of that name, or several. Nothing was changed; mangrove sync hubs lists"
            " them with their ids."
        )
    return found[0]


def _put(node: Node, hub: str, state: str, fence: str) -> Certificate:
    if _row(node, hub) is None:
        raise NotFound("This region has certified no hub of that name. Nothing was changed.")
    node.write(lambda: node.change(CERTIFICATE, f"{node.identity.hub_id}:{hub}", state=state, fence=fence))
    return _certificate(_row(node, hub))


def _fence(node: Node, hub: str) -> str:
    """Where the streams of a hub end here."""
    ends = [lines.end(line) for line in node.journal.streams(hub=hub) if not line.parent]
    return json.dumps({end.root: [end.seq, end.tip.hex()] for end in ends}, separators=(",", ":"))


def _read(fence: str) -> Fence:
    """A fence as it was written; whatever else stands there lets nothing count."""
    try:
        return {str(root): (int(seq), bytes.fromhex(tip)) for root, (seq, tip) in json.loads(fence).items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _certificate(row: Any) -> Certificate:
    try:
        said = _text(row.issuer, row.member, row.name, row.number, row.since_ms)
        identity.verify(row.issuer, said, bytes.fromhex(row.signature))
        is_right = True
    except (SignatureWrong, ValueError):
        is_right = False
    return Certificate(row.issuer, row.member, row.name, row.number, row.since_ms, row.state, is_right)


def _text(issuer: str, hub: str, name: str, number: int, since_ms: int) -> bytes:
    """What a region signs to certify a hub."""
    said = json.dumps([issuer, hub, name, number, since_ms], ensure_ascii=False, separators=(",", ":"))
    return b"mangrove certificate 1 " + said.encode()
