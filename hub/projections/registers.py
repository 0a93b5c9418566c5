"""Merge mutable records field by field, so that the order in which entries arrive does not matter.

An entry of such a kind carries `{"id": subject, "set": {field: value, …}}`. For every field the value with the
greatest stamp (depth, stream, seq) stands. Depth is one more than the greatest depth that its writer had seen.
"""

import json
from collections.abc import Callable
from typing import Any

from hub.tables import Tables, put
from sync.journal import Placed

FIELDS_MAX = 64
"""Fields in one record; far above any of ours, so that a hostile entry stays small."""
NAME_CHARS_MAX = 200
"""Characters of a subject, of a field's name or of an indexed value: PostgreSQL's index takes 2,700 bytes a row."""

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
    for field, value in changes.items():
        _keep_greater(tables, placed, subject, field, value)
    rows = tables.Register.select().where(
        (tables.Register.kind == placed.entry.kind) & (tables.Register.subject == subject)
    )
    return subject, {row.field: json.loads(row.value) for row in rows}


def depth_above(tables: Tables, kind: str, subject: str) -> int:
    """The depth for a new entry about a record: one more than the greatest seen, 1 for a new record."""
    rows = tables.Register.select(tables.Register.depth).where(
        (tables.Register.kind == kind) & (tables.Register.subject == subject)
    )
    return 1 + max((row.depth for row in rows), default=0)


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


def _keep_greater(tables: Tables, placed: Placed, subject: str, field: str, value: Any) -> None:
    """Write the field unless a greater stamp stands already."""
    key = f"{placed.entry.kind}\x1f{subject}\x1f{field}"
    standing = tables.Register.get_or_none(tables.Register.id == key)
    stamp = (placed.entry.depth, placed.stream, placed.seq)
    if standing is not None and (standing.depth, standing.stream, standing.seq) >= stamp:
        return
    put(
        tables.Register,
        id=key,
        kind=placed.entry.kind,
        subject=subject,
        field=field,
        value=json.dumps(value, sort_keys=True),
        depth=placed.entry.depth,
        stream=placed.stream,
        seq=placed.seq,
    )
