"""The hubs that announce themselves on the local network, listened to in the background and kept for the page."""

import json
from dataclasses import asdict, dataclass

from hub import discovery
from hub.node import Node
from hub.sentences import Sentence, counted
from hub.tables import put

NOTE = "neighbours"
LISTEN_S = 4.0


@dataclass(frozen=True)
class Neighbour:
    """A hub that was heard: what it calls itself, what it is, and where it says its pages are."""

    hub: str
    name: str
    role: str
    url: str


@dataclass(frozen=True)
class Listened:
    """Who was heard the last time, and when that was."""

    at_ms: int
    hubs: tuple[Neighbour, ...]


def listen(node: Node, *, seconds: float = LISTEN_S) -> Sentence:
    """Listen, keep who was heard, and say how many."""
    found = [
        Neighbour(hub.hub_id, hub.name, hub.role, hub.url.rstrip("/"))
        for hub in discovery.heard(seconds)
        if hub.hub_id != node.identity.hub_id
    ]
    kept = json.dumps({"at_ms": node.clock.now_ms(), "hubs": [asdict(hub) for hub in found]})
    node.write(lambda: put(node.tables.Note, name=NOTE, value=kept))
    return counted("%(num)d other hub was heard.", "%(num)d other hubs were heard.", len(found))


def listened(node: Node) -> Listened | None:
    """Who was heard the last time; None when nobody has listened yet."""
    row = node.tables.Note.get_or_none(node.tables.Note.name == NOTE)
    if row is None:
        return None
    kept = json.loads(row.value)
    return Listened(kept["at_ms"], tuple(Neighbour(**hub) for hub in kept["hubs"]))
