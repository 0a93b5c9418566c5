"""What holds: of all that was said about a person and a purpose, what nobody has replaced, and of that the strictest.

An answer names those it replaces. Two people, or two hubs, who did not know of each other leave two answers standing;
then the more restrictive one holds, whoever came first. A yes that knew of the no stands again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hub.consent.purposes import ALWAYS, NAMES
from hub.node import Node
from hub.tables.consents import ANSWERS, GIVEN

NOT_ASKED = ""


@dataclass(frozen=True)
class Act:
    """One answer with its evidence; see `hub.tables.consents.ConsentAnswer`. `replaces` are ids of earlier ones."""

    id: str
    person: str
    purpose: str
    answer: str
    said: str
    assent: str
    giver: str
    giver_name: str
    how: str
    witness: str
    card: str
    at_ms: int
    stream: str
    seq: int
    replaces: frozenset[str] = frozenset()


def acts(node: Node, people: Collection[str] | None = None) -> list[Act]:
    """Everything that was said, about all people or some, in no order that means anything."""
    table = node.tables.ConsentAnswer
    query = table.select()
    rows: list[Any] = list(query if people is None else query.where(table.person.in_(list(people))))
    replaced = _replaced(node, None if people is None else [row.id for row in rows])
    return [
        Act(**{name: getattr(row, name) for name in _COLUMNS}, replaces=frozenset(replaced[row.id])) for row in rows
    ]


def holding(found: Iterable[Act]) -> str:
    """What holds of these answers about one person and one purpose: an answer, or NOT_ASKED."""
    standing = [each.answer for each in heads(found)]
    return max(standing, key=ANSWERS.index, default=NOT_ASKED)


def heads(found: Iterable[Act]) -> list[Act]:
    """Of these answers those that no other among them replaces, by their ids; all, should they replace each other."""
    known = sorted(found, key=lambda each: each.id)
    replaced = {earlier for each in known for earlier in each.replaces}
    return [each for each in known if each.id not in replaced] or known


def by_purpose(found: Iterable[Act]) -> dict[str, list[Act]]:
    """Answers about one person, for each purpose that there is."""
    parted: dict[str, list[Act]] = {name: [] for name in NAMES}
    for each in found:
        parted.setdefault(each.purpose, []).append(each)
    return parted


def of_person(node: Node, person: str) -> dict[str, str]:
    """Purpose → what holds for a person."""
    return _holding(by_purpose(acts(node, [person])))


def of_all(node: Node) -> dict[str, dict[str, str]]:
    """Person → purpose → what holds, for everybody about whom something was said."""
    parted: dict[str, list[Act]] = defaultdict(list)
    for each in acts(node):
        parted[each.person].append(each)
    return {person: _holding(by_purpose(found)) for person, found in parted.items()}


def _holding(found: dict[str, list[Act]]) -> dict[str, str]:
    """Purpose → what holds; one that is not asked about everywhere only where something was said to it."""
    return {name: holding(one) for name, one in found.items() if name in ALWAYS or (name in NAMES and one)}


def is_no(answer: str) -> bool:
    """Whether an answer stops something; who was not asked has stopped nothing."""
    return answer not in (NOT_ASKED, GIVEN)


def told(node: Node, person: str) -> list[Act]:
    """What was said about a person, the newest first as far as the clocks knew."""
    return sorted(acts(node, [person]), key=lambda each: (-each.at_ms, each.id))


_COLUMNS = (
    *("id", "person", "purpose", "answer", "said", "assent", "giver", "giver_name"),
    *("how", "witness", "card", "at_ms", "stream", "seq"),
)


def _replaced(node: Node, ids: Sequence[str] | None) -> dict[str, set[str]]:
    """Answer → those it replaces, of all answers or some."""
    table = node.tables.ConsentReplaced
    query = table.select(table.earlier, table.later)
    found: dict[str, set[str]] = defaultdict(set)
    for row in query if ids is None else query.where(table.later.in_(ids)):
        found[row.later].add(row.earlier)
    return found
