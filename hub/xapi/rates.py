"""How often somebody may ask: a token bucket for each, in the memory of one process.

A bucket holds as much as may be asked in a minute and fills up evenly, so that a tool which comes once a day with all
it has is let through, and one that never stops is slowed to the rate. Counts are not shared between processes: with
several workers a key may ask that often in each (docs/decisions/0039-keys-and-limits.md).
"""

import threading
from collections import OrderedDict
from collections.abc import Callable

MINUTE_MS = 60_000
SUBJECTS_MAX = 10_000
"""Senders that are counted at once; of more, whoever was quiet longest is forgotten, and so has a full bucket again."""


class Rates:
    """The buckets of one process; `monotonic_ms` is its clock."""

    def __init__(self, monotonic_ms: Callable[[], int]) -> None:
        self._now_ms = monotonic_ms
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def take(self, subject: str, a_minute: int) -> float:
        """Take one asking out of a subject's bucket: 0 when it is let through, else the seconds to wait.

        Who is told to wait has taken nothing. `a_minute` 0 is no limit.
        """
        if not a_minute:
            return 0.0
        with self._lock:
            now_ms = self._now_ms()
            left, seen_ms = self._buckets.pop(subject, (float(a_minute), now_ms))
            left = min(float(a_minute), left + max(0, now_ms - seen_ms) * a_minute / MINUTE_MS)
            is_let = left >= 1
            self._buckets[subject] = (left - 1 if is_let else left, now_ms)
            if len(self._buckets) > SUBJECTS_MAX:
                self._buckets.popitem(last=False)
            return 0.0 if is_let else (1 - left) * MINUTE_MS / a_minute / 1000
