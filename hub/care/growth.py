"""How the hub fills: learning records week by week, and what takes up the disk."""

from dataclasses import dataclass

from hub.care.health import Health
from hub.node import Node
from hub.tables import run
from hub.tables.compact import first_rank
from hub.xapi import attached

WEEK_MS = 7 * 86_400_000
FIRST_MONDAY_MS = 4 * 86_400_000
"""The first Monday after 1970 began, where weeks are counted from."""
WEEKS = 12


@dataclass(frozen=True)
class Week:
    """How many learning records came to be kept in the week that began at `since_ms` (UTC)."""

    since_ms: int
    records: int


@dataclass(frozen=True)
class Use:
    """What lies on the disk, in bytes; `other` is all that is not the hub's.

    Data attached to statements counts to `records`; `elsewhere` are records that a database on another machine keeps:
    they are no part of this disk.
    """

    shelf: int
    records: int
    other: int
    free: int
    elsewhere: int = 0

    @property
    def total(self) -> int:
        """The whole disk."""
        return self.shelf + self.records + self.other + self.free


def weeks(node: Node) -> list[Week]:
    """The last whole weeks, the oldest first, from the first in which there was a record; [] where there are none."""
    now = node.clock.now_ms()
    until = now - (now - FIRST_MONDAY_MS) % WEEK_MS
    since = until - WEEKS * WEEK_MS
    asked = "SELECT (stored_ms - ?) / ?, COUNT(*) FROM statement WHERE rank >= ? AND rank < ? GROUP BY 1 ORDER BY 1"
    found = {
        int(row[0]): row[1] for row in run(node.tables, asked, since, WEEK_MS, first_rank(since), first_rank(until))
    }
    first = min(found, default=WEEKS)
    return [Week(since + number * WEEK_MS, found.get(number, 0)) for number in range(first, WEEKS)]


def use(node: Node, facts: Health) -> Use:
    """What takes up the disk, as far as the hub knows without walking through every file."""
    used = facts.disk.total - facts.disk.free
    elsewhere = facts.database_bytes if facts.database_is_elsewhere else 0
    records = min(facts.database_bytes - elsewhere + attached.total_bytes(node), used)
    shelf = min(sum(row.size_bytes for row in node.catalogue.list()), used - records)
    other = used - records - shelf
    return Use(shelf=shelf, records=records, other=other, free=facts.disk.free, elsewhere=elsewhere)
