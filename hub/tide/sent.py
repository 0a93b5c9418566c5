"""How many records went to other hubs, day by day, for the picture on the page of the tide."""

from collections import Counter
from dataclasses import dataclass

from hub.node import Node
from hub.tide import report

DAY_MS = 86_400_000
DAYS = 14
"""Days that are shown at most."""


@dataclass(frozen=True)
class Day:
    """How many records went on the day that began at `since_ms` (UTC)."""

    since_ms: int
    sent: int


def days(node: Node) -> list[Day]:
    """The last days, the oldest first, as far back as every exchange of a day is remembered; [] where none went."""
    went = report.tides(node, limit=report.KEPT)
    today = node.clock.now_ms() // DAY_MS
    sent = Counter[int]()
    for tide in went:
        sent[tide.ended_ms // DAY_MS] += tide.pushed
    whole = min(sent, default=today + 1) + (len(went) == report.KEPT)
    first = max(whole, today - DAYS + 1)
    return [Day(day * DAY_MS, sent[day]) for day in range(first, today + 1)]
