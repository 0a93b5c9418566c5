"""When and how fast packages may be fetched: the night, the day's budget, the share of the line, and who else waits."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hub.node import Node
from hub.sentences import Sentence, sentence
from hub.tables import put
from sync.clock import NONE

NOTE = "fetching"
LOOK_S = 5.0
"""How often it is looked, while bytes come, whether to go on."""
BATCH_S = 8.0
"""What is asked for at once takes about so long."""
BATCH_BYTES_MIN, BATCH_BYTES_MAX = 32 * 1024, 512 * 1024
MEASURED_S = 0.5
"""A shorter stretch says nothing about the speed of a line."""
OF_DAY = sentence("The bytes of this day are used up. It goes on tomorrow.")

Sleep = Callable[[float], None]
Ticks = Callable[[], float]


class Halted(Exception):
    """Fetching stops here in good order; the sentence says why, and what came is kept."""

    def __init__(self, why: Sentence) -> None:
        self.why = why
        super().__init__(why)


class Pace:
    """One stretch of fetching: told of all bytes, it waits where that is due, and stops where it must."""

    def __init__(
        self,
        node: Node,
        look: Callable[[], None],
        *,
        sleep: Sleep = time.sleep,
        ticks: Ticks = time.monotonic,
    ) -> None:
        self._node, self._look, self._sleep, self._ticks = node, look, sleep, ticks
        self._begun = self._looked = self._ticks()
        self.bytes = 0
        self._kept = 0

    def passed(self, count: int) -> None:
        """So many bytes came or went. Raises Halted, or what the look raises."""
        self.bytes += count
        rate = self._node.settings.fetch_rate
        ahead = self.bytes / rate - (self._ticks() - self._begun) if rate else 0.0
        if ahead > 0:
            self._sleep(ahead)
        if self._ticks() - self._looked >= LOOK_S:
            self.look()
        elif self._is_over():
            raise Halted(OF_DAY)

    def look(self) -> None:
        """Whether to go on. Raises Halted, or what the look raises."""
        self._looked = self._ticks()
        self.keep()
        if self._is_over():
            raise Halted(OF_DAY)
        self._look()

    @property
    def batch_bytes(self) -> int:
        """How much to ask for at once on this line."""
        return max(BATCH_BYTES_MIN, min(BATCH_BYTES_MAX, int(speed(self._node) * BATCH_S) or BATCH_BYTES_MAX))

    def keep(self) -> None:
        """Write down what was fetched today, and how fast it went."""
        fresh, passed_s = self.bytes - self._kept, self._ticks() - self._begun
        if not fresh:
            return
        self._kept = self.bytes
        known = _note(self._node)
        today = day(self._node)
        spent = known.get("bytes", 0) if known.get("day") == today else 0
        measured = int(self.bytes / passed_s) if passed_s >= MEASURED_S else known.get("speed", 0)
        value = json.dumps({"day": today, "bytes": spent + fresh, "speed": measured})
        self._node.write(lambda: put(self._node.tables.Note, name=NOTE, value=value))

    def _is_over(self) -> bool:
        most = self._node.settings.fetch_daily
        return bool(most) and spent_today(self._node) + self.bytes - self._kept >= most


def speed(node: Node) -> int:
    """Bytes a second, as they came the last time; 0 when nothing ever did."""
    return int(_note(node).get("speed", 0))


def spent_today(node: Node) -> int:
    """How many bytes were fetched on this day."""
    known = _note(node)
    return int(known.get("bytes", 0)) if known.get("day") == day(node) else 0


def is_spent(node: Node) -> bool:
    """Whether this day's bytes are used up."""
    return bool(node.settings.fetch_daily) and spent_today(node) >= node.settings.fetch_daily


def day(node: Node) -> str:
    """The day in the community's time."""
    return _here(node).date().isoformat()


def is_night(node: Node) -> bool:
    """Whether it is night in the community's time; never while the clock cannot be trusted."""
    first, last, hour = node.settings.night_from, node.settings.night_until, _here(node).hour
    if not is_clock_trusted(node):
        return False
    return first <= hour < last if first < last else hour >= first or hour < last


def is_clock_trusted(node: Node) -> bool:
    """Whether anything keeps the time here."""
    return node.clock.quality > NONE


def _here(node: Node) -> datetime:
    ahead = timedelta(minutes=node.settings.utc_ahead)
    return datetime.fromtimestamp(node.clock.now_ms() / 1000, UTC) + ahead


def _note(node: Node) -> dict[str, Any]:
    row = node.tables.Note.get_or_none(node.tables.Note.name == NOTE)
    found: dict[str, Any] = json.loads(row.value) if row is not None else {}
    return found
