"""Which sitting of somebody with an activity began last, as the records tell."""

from hub.node import Node
from hub.tables import run
from hub.tables.compact import TIES_BITS
from hub.tables.lookup import numbers
from hub.vocabulary import VERBS


def last_begun(node: Node, *, person: str, activity: str) -> tuple[str, int] | None:
    """Its registration, and when it began in milliseconds; None before the first."""
    asked = (
        f"SELECT n.text, (r.rank >> {TIES_BITS}) - r.ago_ms FROM statement_row r"  # noqa: S608 - our number
        " JOIN statement_name n ON n.no = r.registration WHERE r.state = 0 AND r.actor = ? AND r.activity = ?"
        " AND +r.verb = ? AND r.registration > 0 AND r.is_voided < 2 ORDER BY r.rank DESC LIMIT 1"
    )
    found = run(node.tables, asked, *numbers(node.tables, person, activity, VERBS["initialized"])).fetchone()
    return (found[0], found[1]) if found else None
