"""What another hub may tell us: the kinds of its audience, and only about itself.

Whoever has joined is believed about its own name, shelf and learning, about whom it certifies, and about its own people
where we have agreed that it names them; they stand beside ours and are never among them. Of what we hold together it
tells its own word. It can never name a person of ours, give somebody a role, or speak for a third hub.
"""

import json

from hub.projections import joint
from sync.erasing import ERASE
from sync.journal import Placed
from sync.stream import LOCAL

KINDS = {
    "public": frozenset({"hub", "hub.package", "hub.certificate", "counts", "moving.receipt", ERASE}),
    "region": frozenset({"statement", "counts", ERASE}),
    "pair": frozenset({"shared.person", "shared.circle", "counts", "joint", ERASE}),
}
"""Sort of audience → the kinds that are folded from another hub's streams for it."""
OF_ITS_OWN = {
    "hub": "hub",
    "hub.package": "hub",
    "hub.certificate": "issuer",
    "shared.person": "hub",
    "shared.circle": "hub",
    "counts": "hub",
    "moving.receipt": "hub",
}
"""Kinds that a hub may tell only of itself, or as itself → the field that says so again."""


def check(placed: Placed) -> None:
    """Raises ValueError when an entry from elsewhere speaks of what is not its hub's to tell; ours always may."""
    if placed.audience == LOCAL:
        return
    if placed.entry.kind not in KINDS.get(placed.audience.partition(":")[0], frozenset()):
        raise ValueError("another hub may not tell this")
    own = OF_ITS_OWN.get(placed.entry.kind)
    if own is not None and not _is_about(placed.hub, placed.entry.payload, own):
        raise ValueError("a hub may tell this only of itself")
    if placed.entry.kind == joint.KIND:
        joint.author(json.loads(placed.entry.payload), placed.hub)


def _is_about(hub: str, payload: bytes, own: str) -> bool:
    found = json.loads(payload)
    subject, fields = found["id"], found["set"]
    return bool(subject.split(":")[0] == hub and fields.get(own, hub) == hub)
