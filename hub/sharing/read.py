"""The policy as people read it: what, to whom, in which of few ways, and by which decision since when."""

from collections.abc import Iterable
from dataclasses import dataclass

from hub.node import Node
from hub.sharing import rows, standing
from hub.sharing.rows import Row
from hub.sharing.standing import Edition

OPEN, NAMED, MADE_UP, GROUPED, NEVER = "open", "named", "made-up", "grouped", "never"
"""The ways in which something leaves: as it is, since it is about nobody; and the four in which people do."""
_WAYS = {rows.BY_NAME: NAMED, rows.UNDER_A_PSEUDONYM: MADE_UP, rows.COUNTS: GROUPED, rows.NEVER: NEVER}


@dataclass(frozen=True)
class Line:
    """One row of the table; `since` is the decision by which it became so, None for the first version."""

    row: Row
    way: str
    since: Edition | None


def table(node: Node, audiences: Iterable[str]) -> list[Line]:
    """Every kind towards every one of these audiences that something can be chosen for, as it holds."""
    held, found = standing.in_force(node), standing.editions(node)
    asked = [held.row(*place) for audience in audiences for place in rows.towards(audience)]
    return [Line(row, way(row), since(row, found)) for row in asked]


def way(row: Row) -> str:
    """In which way a row lets something leave."""
    is_named = row.kind == rows.CIRCLE and row.how == rows.AS_IT_IS
    return NAMED if is_named else _WAYS.get(row.how, OPEN)


def since(row: Row, found: Iterable[Edition]) -> Edition | None:
    """The decision that last changed a row to what it is: the first of an unbroken line of those that say the same.

    Several that hold apart, or one that is open again, may each say it; the one that was adopted first is named.
    """
    known = {each.proposal.id: each for each in found}
    ends = [each for each in known.values() if each.holds or each.proposal.is_reopened]
    begun = [_first_of_line(each, row, known) for each in ends if _says(each, row)]
    if not begun or None in begun:
        return None
    return min((each for each in begun if each), key=_adopted)


def _first_of_line(end: Edition, row: Row, known: dict[str, Edition]) -> Edition | None:
    """Back over what it took the place of, while that said the same; None where the first version did too."""
    seen, here = {end.proposal.id}, end
    while True:
        before = [known[name] for name in here.replaces if name in known and name not in seen]
        if not here.replaces and rows.DEFAULT.row(row.kind, row.audience) == row:
            return None
        same = [each for each in before if _says(each, row)]
        if not same:
            return here
        here = min(same, key=_adopted)
        seen.add(here.proposal.id)


def _says(edition: Edition, row: Row) -> bool:
    return edition.value.row(row.kind, row.audience) == row


def _adopted(edition: Edition) -> tuple[int, str]:
    adoptions = edition.proposal.adoptions
    return min((each.said_ms for each in adoptions), default=edition.proposal.opened_ms), edition.proposal.id
