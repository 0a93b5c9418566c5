"""Merge mutable records field by field, so that the order in which entries arrive does not matter.

An entry of such a kind carries `{"id": subject, "set": {field: value, …}}`. For every field the value with the
greatest stamp (depth, stream, seq) stands. Depth is one more than the greatest depth that its writer had seen.

A hub that was cleared or restored has forgotten depths that others still know. So each incarnation of its streams has
depths of its own, above all those before: what it says now stands against what it said then.
"""

import json
from collections.abc import Callable
from typing import Any

from hub.tables import Tables, run
from sync.journal import Placed

FIELDS_MAX = 64
"""Fields in one record; far above any of ours, so that a hostile entry stays small."""
NAME_CHARS_MAX = 200
"""Characters of a subject, of a field's name or of an indexed value: PostgreSQL's index takes 2,700 bytes a row."""
DEPTHS = 100_000
"""Depths of one incarnation: more changes than one record sees. An entry has room for thousands of incarnations."""

_STANDING = "SELECT field, value, depth, stream, seq FROM register WHERE kind = ? AND subject = ?"
_DEPTH = "SELECT MAX(depth) FROM register WHERE kind = ? AND subject = ?"
_KEEP = (
    "INSERT INTO register (id, kind, subject, field, value, depth, stream, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET value = excluded.value, depth = excluded.depth, stream = excluded.stream,"
    " seq = excluded.seq"
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
    stamps = {field: (depth, stream, seq) for field, _, depth, stream, seq in rows}
    fresh = {
        field: json.dumps(value, sort_keys=True)
        for field, value in changes.items()
        if field not in stamps or stamps[field] < stamp
    }
    _keep(tables, placed, subject, fresh)
    standing = {field: text for field, text, *_ in rows} | fresh
    return subject, {field: json.loads(text) for field, text in standing.items()}


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


def _keep(tables: Tables, placed: Placed, subject: str, fresh: dict[str, str]) -> None:
    """Write the fields of a record in which this entry has the greatest stamp.

    One by one: in a transaction as long as a rebuild, SQLite takes the longer for a statement of several rows the
    more it has written already.
    """
    kind, stamp = placed.entry.kind, (placed.entry.depth, placed.stream, placed.seq)
    for field, text in fresh.items():
        run(tables, _KEEP, f"{kind}\x1f{subject}\x1f{field}", kind, subject, field, text, *stamp)
