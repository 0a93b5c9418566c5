"""The time as this machine knows it, and how far that can be trusted. Time never decides an order."""

import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

NONE, CROWD, MACHINE, REGION = 0, 1, 2, 3
"""Quality: no source since boot; told by browsers; a battery clock or NTP; signed by the region."""

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
SOURCES = (Path("/sys/class/rtc/rtc0"), Path("/run/systemd/timesync/synchronized"))
"""Signs that something keeps this machine's time: a battery clock, or a time server that was heard."""
FIRST_POSSIBLE_MS = 1_750_000_000_000
"""June 2025, before this program was written: a clock that says less was never set."""


class Clock(Protocol):
    """What sync asks of a clock."""

    @property
    def boot_id(self) -> str:
        """Names this start of the machine; at most 32 letters and digits."""

    @property
    def quality(self) -> int:
        """How far the time can be trusted, 0 to 3."""

    def now_ms(self) -> int:
        """Milliseconds since 1970, UTC."""

    def monotonic_ms(self) -> int:
        """Milliseconds since the machine started; never goes back."""


@dataclass(frozen=True)
class SystemClock:
    """The clock of the machine."""

    boot_file: Path = BOOT_ID
    sources: tuple[Path, ...] = SOURCES

    @cached_property
    def boot_id(self) -> str:
        """The kernel's name for this start, read once, without its dashes; empty where the kernel gives none."""
        try:
            return self.boot_file.read_text(encoding="ascii").strip().replace("-", "")[:32]
        except OSError:
            return ""

    @property
    def quality(self) -> int:
        """MACHINE when something keeps the time and it is possible at all, else NONE."""
        is_kept = any(path.exists() for path in self.sources)
        return MACHINE if is_kept and self.now_ms() >= FIRST_POSSIBLE_MS else NONE

    def now_ms(self) -> int:
        """Milliseconds since 1970, UTC."""
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        """Milliseconds since the machine started."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
