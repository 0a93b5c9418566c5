"""When a hub goes to the tide by itself: at a place of its own in the interval, so that hubs do not all come at once.

After a tide that failed it tries again sooner, and rests twice as long after each further failure. A clock that jumps
makes a tide come early or late, never not at all.
"""

import hashlib
import json
from typing import Any

from hub.node import Node

RETRY_MS = 600_000
"""The first rest after a tide that failed."""
DOUBLINGS_MAX = 6


def is_due(node: Node) -> bool:
    """Whether it is time for a tide. Never, while this hub has joined nobody or the setting says never."""
    due_ms = next_ms(node)
    return bool(due_ms) and not _is_ahead(node, due_ms)


def next_ms(node: Node) -> int:
    """When the next tide is due, in milliseconds since 1970, which may be past; 0 for never."""
    tables, every_ms = node.tables, node.settings.sync_every * 1000
    if not every_ms or not tables.Peer.select().where(tables.Peer.url != "").exists():
        return 0
    rows = list(tables.Tide.select().order_by(tables.Tide.ended_ms.desc()).limit(DOUBLINGS_MAX))
    if not rows:
        return node.clock.now_ms()
    last_ms, failures = rows[0].ended_ms, _failures(rows)
    if failures:
        rest_ms = RETRY_MS * 2 ** (failures - 1)
        return int(last_ms + min(every_ms, rest_ms + _own_place(node, rest_ms)))
    place = _own_place(node, every_ms)
    return int(((last_ms - place) // every_ms + 1) * every_ms + place)


def _is_ahead(node: Node, due_ms: int) -> bool:
    """Whether a moment is still to come; one further off than an interval comes from a clock that was wrong."""
    ahead_ms = due_ms - node.clock.now_ms()
    return 0 < ahead_ms <= node.settings.sync_every * 1000


def _failures(rows: list[Any]) -> int:
    """How many of the latest exchanges, up to the newest, failed one after another."""
    count = 0
    for row in rows:
        if not json.loads(row.report)["problem"]:
            break
        count += 1
    return count


def _own_place(node: Node, span_ms: int) -> int:
    """This hub's own place in a span of time."""
    number = hashlib.sha256(node.identity.hub_id.encode()).digest()[:8]
    return int.from_bytes(number, "big") % span_ms
