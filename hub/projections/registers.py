"""Merge mutable records field by field, so that the order in which entries arrive does not matter.

An entry of such a kind carries `{"id": subject, "set": {field: value, …}}`. For every field the value with the
greatest stamp (depth, stream, seq) stands. Depth is one more than the greatest depth that its writer had seen.

A hub that was cleared or restored has forgotten depths that others still know. So each incarnation of its streams has
depths of its own, above all those before: what it says now stands against what it said then.
"""

import json
from collections.abc import Callable
from typing import Any

from hub.projections import clocks
from hub.tables import Tables, run
from sync.journal import Placed

FIELDS_MAX = 64
"""Fields in one record; far above any of ours, so that a hostile entry stays small."""
NAME_CHARS_MAX = 200
"""Characters of a subject, of a field's name or of an indexed value: PostgreSQL's index takes 2,700 bytes a row."""
MOMENTS = "_ms"
"""How the name of a field ends that is a moment which our clock gave, in milliseconds since 1970."""
MOMENT_MAX = 2**53
"""No moment is moved beyond it, so that a hostile one fits its column still."""
DEPTHS = 100_000
"""Depths of one incarnation: more changes than one record sees. An entry has room for thousands of incarnations."""

_STANDING = "SELECT field, value, clock, depth, stream, seq FROM register WHERE kind = ? AND subject = ?"
_DEPTH = "SELECT MAX(depth) FROM register WHERE kind = ? AND subject = ?"
_KEEP = (
    "INSERT INTO register (id, kind, subject, field, value, depth, stream, seq, clock)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET value = excluded.value, depth = excluded.depth, stream = excluded.stream,"
    " seq = excluded.seq, clock = excluded.clock"
)

Check = Callable[[str, Any], object]
"""Raises ValueError when a field cannot have a value."""


def merge(tables: Tables, placed: Placed, check: Check) -> tuple[str, dict[str, Any]]:
    """Take an entry's fields in and return the subject and all its standing values.

    Unknown fields are kept too, for a later version that knows them. An entry is taken whole or not at all, by what
    it says alone: raises ValueError before anything is written when the payload has another shape or `check` does.
    """
    subject, changes = _read(placed)
    for field, value in changes.items():
        check(field, value)
    kind, stamp = placed.entry.kind, (placed.entry.depth, placed.stream, placed.seq)
    rows = run(tables, _STANDING, kind, subject).fetchall()
    stamps = {field: (depth, stream, seq) for field, _, _, depth, stream, seq in rows}
    fresh = {
        field: json.dumps(value, sort_keys=True)
        for field, value in changes.items()
        if field not in stamps or stamps[field] < stamp
    }
    now = _keep(tables, placed, subject, fresh)
    return subject, _values(tables, {field: (text, clock) for field, text, clock, *_ in rows} | now)


def standing(tables: Tables, kind: str, subject: str) -> dict[str, Any]:
    """All standing values of a record, its moments as the time became known."""
    rows = run(tables, _STANDING, kind, subject).fetchall()
    return _values(tables, {field: (text, clock) for field, text, clock, *_ in rows})


def _values(tables: Tables, kept: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """The values of fields, each kept as its text and the mark of the clock that gave it; 0 is no moment."""
    shifts = clocks.shifts(tables, {clock for _, clock in kept.values()})
    values = {field: json.loads(text) for field, (text, _) in kept.items()}
    for field, (_, clock) in kept.items():
        if shifts[clock] and values[field]:
            values[field] = min(max(values[field] + shifts[clock], 1), MOMENT_MAX)
    return values


def depth_above(tables: Tables, kind: str, subject: str, *, incarnation: int) -> int:
    """The depth for a new entry about a record: one more than the greatest seen, or the first of our incarnation."""
    seen = run(tables, _DEPTH, kind, subject).fetchone()[0] or 0
    return 1 + max(int(seen), (incarnation - 1) * DEPTHS)


def _read(placed: Placed) -> tuple[str, dict[str, Any]]:
    payload = json.loads(placed.entry.payload)
    if not isinstance(payload, dict) or not is_name(payload.get("id")):
        raise ValueError("no id")
    changes = payload.get("set")
    if not isinstance(changes, dict) or len(changes) > FIELDS_MAX or not all(map(is_name, changes)):
        raise ValueError("no fields, or too many")
    return payload["id"], changes


def is_name(value: object) -> bool:
    """Whether a value is a text that can stand in an index."""
    return isinstance(value, str) and 0 < len(value) <= NAME_CHARS_MAX and is_text(value)


def is_text(value: str) -> bool:
    """Whether both databases can keep a text: no NUL sign and no half of a character."""
    return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _keep(tables: Tables, placed: Placed, subject: str, fresh: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Write the fields of a record in which this entry has the greatest stamp; returns each with its clock's mark.

    One by one: in a transaction as long as a rebuild, SQLite takes the longer for a statement of several rows the
    more it has written already.
    """
    kind, stamp = placed.entry.kind, (placed.entry.depth, placed.stream, placed.seq)
    mark, kept = clocks.mark(placed, placed.entry.at_ms), {}
    for field, text in fresh.items():
        kept[field] = (text, mark if field.endswith(MOMENTS) and text.isdecimal() else "")
        run(tables, _KEEP, f"{kind}\x1f{subject}\x1f{field}", kind, subject, field, text, *stamp, kept[field][1])
    return kept
