"""By which clock a row's moment was written, and how far that was from the time that became known later.

A moment stays in its entry as it was written, for ever. Beside its row in the tables stands a mark: the start of the
machine, the distance between its clock and the milliseconds since that start, in whole minutes, and the quality of the
clock. When `clock.fix` tells what the time was in that start, every row with such a mark is moved by the difference.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hub.tables import Tables, among
from sync.clock import REGION
from sync.journal import Placed
from sync.stream import LOCAL

MINUTE_MS = 60_000
UNSAID_MS = 90_000
"""A clock that was less than this wrong is left as it was: marks count in whole minutes."""
PREFIX = "clock:"
"""Before a mark among the names of `hub.tables.compact`."""


@dataclass(frozen=True)
class Fix:
    """What is known of a start: add `offset_ms` to the milliseconds since then; `was` are the minutes added before."""

    offset_ms: int
    quality: int
    was: tuple[int, ...]


def mark(placed: Placed, moment_ms: int) -> str:
    """The mark of a moment that our machine's clock gave when an entry was written; "" where nothing can mend it."""
    entry = placed.entry
    if placed.audience != LOCAL or not entry.boot_id or entry.quality >= REGION:
        return ""
    minutes = round((moment_ms - entry.mono_ms) / MINUTE_MS)
    return f"{entry.boot_id} {minutes} {entry.quality}"


def of_start(boot_id: str) -> str:
    """The marks of one start as LIKE has them; a start is named by letters and digits alone."""
    return f"{boot_id} %"


def written(was: Iterable[int]) -> str:
    """Minutes as a row of `ClockFix` has them."""
    return " ".join(map(str, sorted(set(was))))


def read(was: str) -> tuple[int, ...]:
    """The same back."""
    return tuple(map(int, was.split()))


def shift_ms(found: str, fix: Fix | None) -> int:
    """By how much a moment with this mark is to be moved."""
    if fix is None or not found:
        return 0
    _, minutes, quality = found.split(" ")
    if int(quality) > fix.quality or not any(abs(int(minutes) - each) <= 1 for each in fix.was):
        return 0
    moved = fix.offset_ms - int(minutes) * MINUTE_MS
    return moved if abs(moved) >= UNSAID_MS else 0


def shifts(tables: Tables, marks: Iterable[str]) -> Mapping[str, int]:
    """By how much moments with these marks are to be moved, as far as is known now; "" by nothing."""
    wanted = {each for each in marks if each}
    if not wanted:
        return {"": 0}
    asked = "SELECT id, offset_ms, quality, was FROM clockfix WHERE id IN ({})"
    rows = among(tables, asked, {each.partition(" ")[0] for each in wanted})
    fixes = {boot: Fix(offset_ms, quality, read(was)) for boot, offset_ms, quality, was in rows}
    return {"": 0} | {each: shift_ms(each, fixes.get(each.partition(" ")[0])) for each in wanted}
