"""Entries with the moments that they really had, for whoever reads the journal itself: what leaves is made from it."""

from collections.abc import Sequence
from dataclasses import replace

from hub.parsed import value_of
from hub.projections import clocks, told
from hub.tables import Tables
from sync.journal import Placed


def mended(tables: Tables, entries: Sequence[Placed]) -> Sequence[Placed]:
    """The same entries, in each the time as it became known since; one that no clock of ours dated stays."""
    if not tables.ClockFix.select().exists():
        return entries
    marks = [_mark(placed) for placed in entries]
    shifts = clocks.shifts(tables, marks)
    return [_moved(placed, shifts[mark]) for placed, mark in zip(entries, marks, strict=True)]


def _moved(placed: Placed, shift_ms: int) -> Placed:
    return replace(placed, entry=replace(placed.entry, at_ms=placed.entry.at_ms + shift_ms)) if shift_ms else placed


def _mark(placed: Placed) -> str:
    """The mark of the clock that gave an entry its moment."""
    if placed.entry.kind != "statement":
        return clocks.mark(placed, placed.entry.at_ms)
    try:
        payload = value_of(placed.entry.payload)
        return told.clock_of(placed, payload, payload["raw"])
    except (ValueError, TypeError, LookupError, AttributeError):
        return ""
