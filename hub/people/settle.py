"""Write down only what differs: a form sent twice, or a list imported twice, leaves no second entry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.node import Node
from hub.projections.records import KINDS


@dataclass(frozen=True)
class Change:
    """Fields that a record shall have."""

    kind: str
    subject: str
    fields: dict[str, Any]


def settle(node: Node, kind: str, subject: str, /, **fields: Any) -> bool:
    """Set those fields of a record that stand otherwise; True when something was written. Only inside `node.write`."""
    return settle_all(node, [Change(kind, subject, fields)]) > 0


def settle_all(node: Node, changes: Sequence[Change]) -> int:
    """Like `settle` for many records, in their order; how many were written. Only inside `node.write`."""
    kinds = {change.kind for change in changes}
    standing = {
        kind: standing_rows(node, kind, [each.subject for each in changes if each.kind == kind]) for kind in kinds
    }
    written = 0
    for change in changes:
        rows = standing[change.kind]
        fields = differing(rows.get(change.subject), change.fields)
        if fields is not None:
            node.change(change.kind, change.subject, **fields)
            rows[change.subject] = {**rows.get(change.subject, {}), **fields}
            written += 1
    return written


def standing_rows(node: Node, kind: str, subjects: Iterable[str] | None = None) -> dict[str, dict[str, Any]]:
    """The rows of a kind of record by their id: all, or those of some records."""
    model: Any = getattr(node.tables, KINDS[kind])
    query = model.select()
    if subjects is not None:
        query = query.where(model.id.in_(list(subjects)))
    return {row["id"]: row for row in query.dicts()}


def differing(row: Mapping[str, Any] | None, fields: dict[str, Any]) -> dict[str, Any] | None:
    """Of the fields those that stand otherwise in a row, all where there is no row; None when nothing differs."""
    if row is None:
        return fields
    return {name: value for name, value in fields.items() if name not in row or row[name] != value} or None
