"""What another hub may tell us: the kinds of its audience, and only about itself.

Whoever has joined is believed about its own name, shelf and learning, and about its own people where we have agreed
that it names them; they stand beside ours and are never among them. It can never name a person of ours, give somebody
a role, or speak for a third hub.
"""

import json

from sync.journal import Placed
from sync.stream import LOCAL

KINDS = {
    "public": frozenset({"hub", "hub.package", "counts"}),
    "region": frozenset({"statement", "counts"}),
    "pair": frozenset({"shared.person", "shared.circle", "counts"}),
}
"""Sort of audience → the kinds that are folded from another hub's streams for it."""
ABOUT_ITSELF = frozenset({"hub", "hub.package", "shared.person", "shared.circle", "counts"})


def check(placed: Placed) -> None:
    """Raises ValueError when an entry from elsewhere speaks of what is not its hub's to tell; ours always may."""
    if placed.audience == LOCAL:
        return
    if placed.entry.kind not in KINDS.get(placed.audience.partition(":")[0], frozenset()):
        raise ValueError("another hub may not tell this")
    if placed.entry.kind in ABOUT_ITSELF and not _is_about(placed.hub, placed.entry.payload):
        raise ValueError("a hub may tell this only of itself")


def _is_about(hub: str, payload: bytes) -> bool:
    found = json.loads(payload)
    subject, fields = found["id"], found["set"]
    return bool(subject.split(":")[0] == hub and fields.get("hub", hub) == hub)
