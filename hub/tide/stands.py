"""What is remembered of bundles: where each hub stands by its last receipt, and which bundles of it have come.

It belongs to this machine; when it is lost, everything goes again once, which does no harm.
"""

import base64
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from hub.node import Node
from hub.tables import put
from hub.tide import gone
from sync import part, protocol, shared
from sync.errors import MessageWrong
from sync.part import NOTES_MAX, Cover
from sync.protocol import Peering, Position
from sync.standing import ANSWERS_MAX, Receipt, Standing

STANDS, CAME = "stands", "bundles of"
DELIVERED = "bundles delivered"
GONE, GONE_MAX = "bundles gone", 200


@dataclass
class Came:
    """A bundle of another hub as far as it has come: the parts that were taken, and the number of the last, 0 when
    that is not known yet."""

    parts: list[int] = field(default_factory=list)
    last: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether all of it was taken."""
        return bool(self.last) and set(range(1, self.last + 1)) <= set(self.parts)


def standing(node: Node, hub: str) -> Standing:
    """Where a hub stands by what it last signed."""
    text = _kept(node, f"{STANDS} {hub}")
    try:
        return Standing.read(base64.b64decode(text)) if text else Standing()
    except (ValueError, MessageWrong):
        return Standing()


def keep(node: Node, hub: str, found: Standing) -> None:
    """Remember where a hub stands."""
    gone.note(node, found.positions or ())
    if found != standing(node, hub):
        _keep(node, f"{STANDS} {hub}", base64.b64encode(found.packed()).decode())


def note_exchange(node: Node, peering: Peering) -> None:
    """After an exchange in which both sides agreed: the other hub stands where we do. Costs no write without news."""
    _note_ends(node, peering, shared.ends(shared.shared(node.journal, peering)))


def note_agreed(node: Node, peering: Peering, digest: bytes) -> bool:
    """The same for a hub that came and stands at the positions with this digest; False when we do not stand there."""
    ends = shared.ends(shared.shared(node.journal, peering))
    if protocol.digest(ends) != digest:
        return False
    _note_ends(node, peering, ends)
    return True


def _note_ends(node: Node, peering: Peering, ends: list[Position]) -> None:
    keep(node, peering.hub, standing(node, peering.hub).with_exchange(ends))


def note_told(node: Node, peering: Peering, told: frozenset[Position]) -> None:
    """After an exchange that did not come to its end: where the other hub stands in the streams of both, as it told.

    What was known of third hubs' streams stays.
    """
    near = (node.identity.hub_id, peering.hub)
    roots = {line.root for line in shared.shared(node.journal, peering) if line.hub in near}
    known = standing(node, peering.hub)
    far = (each for each in known.positions or () if each.root not in roots)
    keep(node, peering.hub, known.with_exchange({*told, *far}))


def note_receipt(node: Node, hub: str, receipt: Receipt) -> None:
    """Keep what a hub says of where it stands."""
    node.write(lambda: keep(node, hub, standing(node, hub).with_receipt(receipt)))


def note_part(node: Node, hub: str, cover: Cover, *, is_taken: bool) -> None:
    """Remember that a part of a bundle of a hub has come, and whether it was taken; a whole bundle is delivered."""
    node.write(lambda: _note_part(node, hub, cover, is_taken=is_taken))


def _note_part(node: Node, hub: str, cover: Cover, *, is_taken: bool) -> None:
    known = came(node, hub)
    row = known.pop(cover.bundle, Came())
    row.last = cover.number if cover.is_last else row.last
    if is_taken:
        row.parts = sorted({*row.parts, cover.number})
    known[cover.bundle] = row
    latest = dict(list(known.items())[-ANSWERS_MAX:])
    _keep(node, f"{CAME} {hub}", {name: asdict(each) for name, each in latest.items()})
    if row.is_whole:
        names = [name for name in delivered(node) if name != cover.bundle]
        _keep(node, DELIVERED, [*names, cover.bundle][-NOTES_MAX:])


def came(node: Node, hub: str) -> dict[str, Came]:
    """The latest bundles of a hub, the last one last."""
    return {name: Came(**told) for name, told in (_kept(node, f"{CAME} {hub}") or {}).items()}


def delivered(node: Node) -> list[str]:
    """The latest bundles that came whole, of anybody."""
    return list(_kept(node, DELIVERED) or [])


def arrived(node: Node) -> list[str]:
    """The latest bundles for other hubs of which those have signed that they came."""
    return list(_kept(node, GONE) or [])


def note_gone(node: Node, bundle: str) -> None:
    """Remember that a bundle for another hub has come there. Costs no write when that is known."""
    known = arrived(node)
    if bundle not in known:
        _keep(node, GONE, [*known, bundle][-GONE_MAX:])


def notes(node: Node) -> tuple[part.Note, ...]:
    """What tells carriers to forget them."""
    return tuple(part.note(node.identity, bundle) for bundle in delivered(node))


def forget(node: Node, hub: str) -> None:
    """Remember nothing of a hub that left. Inside `write`."""
    names = [f"{STANDS} {hub}", f"{CAME} {hub}"]
    node.tables.Note.delete().where(node.tables.Note.name.in_(names)).execute()


def _kept(node: Node, name: str) -> Any:
    row = node.tables.Note.get_or_none(node.tables.Note.name == name)
    return None if row is None else json.loads(row.value)


def _keep(node: Node, name: str, value: object) -> None:
    node.write(lambda: put(node.tables.Note, name=name, value=json.dumps(value)))
