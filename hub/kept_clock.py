"""The hub's own clock: the machine's where something keeps it, else what it was told, over the time since the start.

The hub never sets the machine's clock; it may not. It keeps how far the milliseconds since the machine's start are
from those since 1970, beside the database, for all its processes. While nobody has told the time in this start, its
clock goes on from the last moment that it knew: it does not go back to 1970 each morning, and never jumps by itself.
"""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sync.clock import MACHINE, NONE, REGION, Clock

FILE_NAME = "clock.json"
MINUTE_MS = 60_000
LOOK_MS = 5_000
"""How soon a process sees what another one was told."""
SAVE_MS = 600_000
"""How often the time is noted; a power cut takes at most so much of it."""
LATEST_MS = 4_102_444_800_000
"""The year 2100; no clock of ours says more."""


@dataclass(frozen=True)
class Kept:
    """What is kept of one start of the machine, in milliseconds.

    `line_ms` makes the hub's own time of the milliseconds since the start while nobody tells it; `offset_ms` does so
    by what was told, with its `quality` (0: nothing yet). `last_ms` is the hub's time when it was noted last, and
    `known_ms` the last one that a battery clock, a time server or the region vouched for; 0 for never. `is_blind` when
    nothing told the machine the time as the hub first opened in this start.
    """

    boot: str
    line_ms: int
    offset_ms: int = 0
    quality: int = NONE
    last_ms: int = 0
    known_ms: int = 0
    is_blind: bool = False


class KeptClock:
    """Implements `sync.clock.Clock` over the machine's clock, with what is kept in a home folder."""

    def __init__(self, machine: Clock, home: Path) -> None:
        self.machine = machine
        self._file = home / FILE_NAME
        self._looked_ms = machine.monotonic_ms()
        self._kept = self._begun(_read(self._file))

    @property
    def boot_id(self) -> str:
        """Names this start of the machine."""
        return self.machine.boot_id

    @property
    def quality(self) -> int:
        """How far the time can be trusted: that of the machine, or of whoever told it, whichever is better."""
        return max(self.machine.quality, self.kept.quality)

    @property
    def kept(self) -> Kept:
        """What is kept of this start, looked at again now and then: another process may have been told the time."""
        now = self.machine.monotonic_ms()
        if not 0 <= now - self._looked_ms < LOOK_MS:
            self._looked_ms = now
            found = _read(self._file)
            if found is not None and found.boot and found.boot == self.boot_id:
                self._kept = found
        return self._kept

    def now_ms(self) -> int:
        """Milliseconds since 1970, UTC, as well as this hub knows."""
        kept, quality = self.kept, self.machine.quality
        if kept.quality > quality:
            return self.monotonic_ms() + kept.offset_ms
        return self.machine.now_ms() if quality else self.monotonic_ms() + kept.line_ms

    def monotonic_ms(self) -> int:
        """Milliseconds since the machine started."""
        return self.machine.monotonic_ms()

    def steady_ms(self) -> int:
        """A time that never jumps while the machine runs, for what lasts hours: as if nobody had told the time."""
        return self.monotonic_ms() + self.kept.line_ms

    def tell(self, offset_ms: int, quality: int) -> None:
        """From now on add this to the milliseconds since the start; for all processes over this home."""
        self._save(replace(self.kept, offset_ms=offset_ms, quality=quality))
        self.note()

    def is_note_due(self) -> bool:
        """Whether the time was not noted for a while; a clock that was set back is noted at once."""
        return not 0 <= self.now_ms() - self.kept.last_ms < SAVE_MS

    def note(self) -> None:
        """Keep what time it is, so that the next start goes on from here."""
        now = self.now_ms()
        known = now if self.quality >= MACHINE else self.kept.known_ms
        self._save(replace(self.kept, last_ms=now, known_ms=known))

    def _begun(self, found: Kept | None) -> Kept:
        """What is kept of this start: what stands, or a line that goes on from the last time that was noted."""
        if found is not None and found.boot and found.boot == self.boot_id:
            return found
        last, known = (found.last_ms, found.known_ms) if found is not None else (0, 0)
        is_blind = self.machine.quality == NONE
        here = self.machine.now_ms() if is_blind else 0
        line = (max(last, here) or self.machine.now_ms()) - self.machine.monotonic_ms()
        return Kept(self.boot_id, -(-line // MINUTE_MS) * MINUTE_MS, last_ms=last, known_ms=known, is_blind=is_blind)

    def _save(self, kept: Kept) -> None:
        """Keep it in memory, and beside the database; a disk that takes nothing more is asked again later."""
        self._kept = kept
        with suppress(OSError):
            draft = self._file.with_suffix(".new")
            draft.write_text(json.dumps(asdict(kept)), encoding="utf-8")
            draft.replace(self._file)


def _read(file: Path) -> Kept | None:
    """What is kept, or None where that is nothing that can be believed."""
    try:
        found = Kept(**json.loads(file.read_text(encoding="utf-8")))
        times = (found.offset_ms, found.last_ms, found.known_ms)
        if isinstance(found.boot, str) and all(0 <= each <= LATEST_MS for each in times):
            return found if NONE <= found.quality <= REGION and abs(found.line_ms) <= LATEST_MS else None
    except (OSError, ValueError, TypeError):
        pass
    return None
