"""How much one hub may bring in a day, over a line and by sticks alike, counted in a table that a restart leaves.

A day is one of our clock. When that jumps, another day begins, so nobody is kept out for longer than a day.
"""

from dataclasses import dataclass

from content.errors import N_
from hub.node import Node
from hub.tables import put
from sync.errors import EnoughForToday

DAY_MS = 86_400_000
ENOUGH = N_(
    "A hub has brought as much today as one may. What came before counts; nothing more of it was taken, and the rest"
    " can come tomorrow."
)


@dataclass(frozen=True)
class Quota:
    """What one hub may still bring today; a limit of 0 is none."""

    node: Node
    hub: str

    def check(self) -> None:
        """Raises EnoughForToday when there is none: what came last may go beyond it by one batch or part."""
        size_bytes, records = self._today()
        settings = self.node.settings
        if _is_enough(settings.sync_daily_bytes, size_bytes) or _is_enough(settings.sync_daily_records, records):
            raise EnoughForToday(ENOUGH)

    def count(self, size_bytes: int, entries: int) -> None:
        """Add to what was brought today."""
        if self.node.settings.sync_daily_bytes or self.node.settings.sync_daily_records:
            self.node.write(lambda: self._add(size_bytes, entries))

    def _add(self, size_bytes: int, entries: int) -> None:
        has_bytes, has_records = self._today()
        facts = {"day": _day(self.node), "size_bytes": has_bytes + size_bytes, "records": has_records + entries}
        put(self.node.tables.Brought, id=self.hub, **facts)

    def _today(self) -> tuple[int, int]:
        """Bytes and records of today so far."""
        table = self.node.tables.Brought
        row = table.get_or_none(table.id == self.hub)
        return (row.size_bytes, row.records) if row is not None and row.day == _day(self.node) else (0, 0)


def wait_s(node: Node) -> int:
    """Seconds until the next day begins."""
    return (DAY_MS - node.clock.now_ms() % DAY_MS) // 1000 + 1


def _is_enough(most: int, has: int) -> bool:
    return bool(most) and has >= most


def _day(node: Node) -> int:
    return node.clock.now_ms() // DAY_MS
