"""The fold of `clock.fix`: what the time was in one start of the machine, as it became known later.

An entry carries `{"boot", "offset_ms", "quality", "was": [minutes, …]}`: what to add to the milliseconds since that
start, and by which distances the hub's clock had gone in it; only what such a clock gave is moved. It may come before
or after what it mends; rows end the same. A better quality stands before a worse one, and of equal ones the later: the
greatest (quality, depth, stream, seq).
"""

import json
from typing import Any

from hub.projections import clocks, learning, recognition, records, rows
from hub.projections.clocks import Fix
from hub.projections.fold import Fold
from hub.tables import Tables, put, run, sets
from sync.clock import NONE, REGION
from sync.entry import TIME_MAX_MS
from sync.journal import Placed

KIND = "clock.fix"
BOOT_CHARS_MAX = 32
WAS_MAX = 64
"""Distances by which a clock went in one start; it has a few."""
_CONSENTS = "SELECT DISTINCT clock FROM consentanswer WHERE clock LIKE ?"
_RECORDS = "SELECT DISTINCT kind, subject FROM register WHERE clock LIKE ?"


def fold(tables: Tables, placed: Placed) -> None:
    """Take one fix in and move what was written in that start. Raises ValueError when its shape is wrong."""
    boot, fix = _read(placed.entry.payload)
    stamp = (fix.quality, placed.entry.depth, placed.stream, placed.seq)
    row = tables.ClockFix.get_or_none(tables.ClockFix.id == boot)
    if row is not None and (row.quality, row.depth, row.stream, row.seq) >= stamp:
        return
    before = None if row is None else known(row)
    place = {"depth": placed.entry.depth, "stream": placed.stream, "seq": placed.seq}
    was = clocks.written(fix.was)
    put(tables.ClockFix, id=boot, offset_ms=fix.offset_ms, quality=fix.quality, was=was, **place)
    _move_statements(tables, boot, before, fix)
    _move_consents(tables, boot, before, fix)
    for kind, subject in run(tables, _RECORDS, clocks.of_start(boot)).fetchall():
        records.write_again(tables, kind, subject)


def marks(tables: Tables) -> set[str]:
    """The marks of all clocks that gave moments in the tables."""
    asked = "SELECT DISTINCT clock FROM register UNION SELECT DISTINCT clock FROM consentanswer"
    told = {each for _, each in rows.clock_names(tables, "%")}
    return told | {mark for (mark,) in run(tables, asked).fetchall() if mark}


def _read(payload: bytes) -> tuple[str, Fix]:
    said = json.loads(payload)
    boot, offset_ms, quality = said["boot"], said["offset_ms"], said["quality"]
    if not isinstance(boot, str) or not 0 < len(boot) <= BOOT_CHARS_MAX or not (boot.isascii() and boot.isalnum()):
        raise ValueError("no start of a machine")
    if not all(isinstance(each, int) and not isinstance(each, bool) for each in (offset_ms, quality)):
        raise ValueError("no numbers")
    if not NONE <= quality <= REGION or not 0 <= offset_ms <= TIME_MAX_MS:
        raise ValueError("no quality, or no time")
    was = said["was"]
    if not isinstance(was, list) or len(was) > WAS_MAX or not all(type(each) is int for each in was):
        raise ValueError("no clocks, or too many")
    return boot, Fix(offset_ms, quality, tuple(was))


def known(row: Any) -> Fix:
    """What a row of `ClockFix` says."""
    return Fix(row.offset_ms, row.quality, clocks.read(row.was))


def _move_statements(tables: Tables, boot: str, before: Fix | None, fix: Fix) -> None:
    """Move the statements whose moment this machine's clock gave, and count again what they were part of."""
    for no, mark in rows.clock_names(tables, clocks.of_start(boot)):
        moved = clocks.shift_ms(mark, fix) - clocks.shift_ms(mark, before)
        if moved:
            rows.move(tables, no, moved)
            recognition.move(tables, no, moved)
            learning.count_moved(tables, no)


def _move_consents(tables: Tables, boot: str, before: Fix | None, fix: Fix) -> None:
    for (mark,) in run(tables, _CONSENTS, clocks.of_start(boot)).fetchall():
        moved = clocks.shift_ms(mark, fix) - clocks.shift_ms(mark, before)
        if moved:
            sets(tables, "UPDATE consentanswer SET at_ms = at_ms + ? WHERE clock = ?", moved, mark)


FOLDS: dict[str, Fold] = {KIND: Fold(fold)}
