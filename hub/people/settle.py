"""Write down only what differs: a form sent twice, or a list imported twice, leaves no second entry."""

from typing import Any

import peewee

from hub.node import Node
from hub.projections.records import KINDS


def settle(node: Node, kind: str, subject: str, /, **fields: Any) -> bool:
    """Set those fields of a record that stand otherwise; True when something was written. Only inside `node.write`."""
    model: type[peewee.Model] = getattr(node.tables, KINDS[kind])
    standing = model.get_or_none(model._meta.primary_key == subject)
    changes = (
        fields
        if standing is None
        else {name: value for name, value in fields.items() if getattr(standing, name) != value}
    )
    if standing is None or changes:
        node.change(kind, subject, **changes)
        return True
    return False
