"""Acts: who did what in an office, to whom, by which decision and why. Those it is about can read it.

An act is an entry of the journal like any other, written in the transaction of what it tells: its number cannot be
given to another one, and whoever changes it breaks the chain that `mangrove doctor` checks. It never leaves this place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hub.node import Node
from hub.tables import among

ROLE_GIVEN, ROLE_TAKEN = "role.given", "role.taken"
SECRET, ERASED, MATTER = "secret", "erased", "matter"
READER = "reader"
"""What is done; `what` names the role, the kind of secret, who wished the erasing, the setting with its value, or
whether somebody is named to read reports (NAMED) or no more."""
NAMED = "named"
COMMAND = "command"
"""The actor of what was typed at the machine itself."""
LINES_MAX = 200
"""Acts on one page; older ones stay in the journal."""


@dataclass(frozen=True)
class By:
    """In whose name something is done: the id of a person or COMMAND, the decision it follows, and why."""

    actor: str
    decision: str = ""
    why: str = ""


@dataclass(frozen=True)
class Act:
    """One act; `number` is the one it has in this hub's book."""

    id: str
    actor: str
    about: str
    sort: str
    what: str
    decision: str
    why: str
    done_ms: int
    number: int


def note(node: Node, by: By, *, sort: str, about: str = "", what: str = "") -> None:
    """Write down what is being done. Only inside `node.write`, with the deed itself."""
    said = {"actor": by.actor, "about": about, "what": what, "decision": by.decision, "why": by.why}
    facts: dict[str, Any] = {name: value for name, value in said.items() if value}
    node.change("act", node.new_id(), sort=sort, done_ms=node.clock.now_ms(), **facts)


def about(node: Node, person: str) -> list[Act]:
    """What was done to somebody, the latest first."""
    return _read(node, node.tables.Act.about == person)


def by_themselves(node: Node, sorts: Sequence[str]) -> list[Act]:
    """What was done without a decision, of these sorts, the latest first."""
    table = node.tables.Act
    return _read(node, table.sort.in_(list(sorts)) & (table.decision == ""))


def _read(node: Node, condition: Any) -> list[Act]:
    table: Any = node.tables.Act
    rows = list(table.select().where(condition).order_by(table.done_ms.desc(), table.id).limit(LINES_MAX).dicts())
    asked = "SELECT subject, seq FROM register WHERE kind = 'act' AND field = 'sort' AND subject IN ({})"
    numbers: dict[str, int] = dict(among(node.tables, asked, [row["id"] for row in rows]))
    return [Act(**row, number=numbers.get(row["id"], 0)) for row in rows]
