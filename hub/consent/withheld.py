"""What stays here because somebody said no: asked by whatever lets a record leave, or counts for others.

From a no on, nothing about that person leaves: what is recorded later, and what was recorded before and has not left.
After a yes only what is recorded from then on leaves. Before, after and from then on are places in this hub's own
journal, never hours of a clock. Nobody who was not asked is held back here; decision 0005 says in which form they go.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.consent import standing
from hub.consent.standing import Act
from hub.moments import moment_ms
from hub.node import LOCAL, Node
from hub.tables.consents import GIVEN
from hub.tables.lookup import places
from sync.journal import Placed

POINTED_MAX = 32
"""Statements that one points at, and those point at; what points further stays."""
KIND = "statement"

Place = tuple[int, int]
"""Where an entry stands among all that happened here: incarnation and number."""
NOWHERE: Place = (-1, -1)


@dataclass(frozen=True)
class Opening:
    """From where on a person's records may leave again.

    What a tool says happened before `since_ms` stays as well: it may be told late.
    """

    after: Place
    since_ms: int


@dataclass(frozen=True)
class Withheld:
    """Who has ever said no to some purposes, and from where on their records may leave; None for not at all."""

    node: Node
    openings: Mapping[str, Sequence[Opening | None]]
    incarnations: Mapping[str, int]

    def keeps(self, placed: Placed) -> bool:
        """Whether an entry stays here. Raises what reading it raises, when it is not as it should be."""
        return bool(self.openings) and placed.entry.kind == KIND and self._keeps(placed)

    def holds(self, person: str, *, stream: str, seq: int) -> bool:
        """Whether what one entry says of one person is not to be counted for others."""
        return self._is_closed(person, stream, seq, None)

    def _keeps(self, first: Placed) -> bool:
        """Whether the entry, or one that it points at, speaks of somebody whose records stay."""
        waiting, seen = [first], {first.id}
        while waiting:
            placed = waiting.pop()
            raw = json.loads(placed.entry.payload)["raw"]
            if self._speaks_of_closed(placed, raw):
                return True
            fresh = [each for each in self._pointed_at(raw) if each.id not in seen]
            seen |= {each.id for each in fresh}
            waiting += fresh
            if len(seen) > POINTED_MAX:
                return True
        return False

    def _speaks_of_closed(self, placed: Placed, raw: dict[str, Any]) -> bool:
        """Whether the entry names such a person anywhere: as actor, in a group, in the context, in an extension."""
        said = json.dumps(raw, ensure_ascii=False).casefold()
        told_ms = moment_ms(str(raw.get("timestamp", "")))
        named = [person for person in self.openings if person.casefold() in said]
        return any(self._is_closed(person, placed.stream, placed.seq, told_ms) for person in named)

    def _is_closed(self, person: str, stream: str, seq: int, told_ms: int | None) -> bool:
        place = (self.incarnations.get(stream, 0), seq)
        return any(
            opening is None or place <= opening.after or (told_ms is not None and told_ms < opening.since_ms)
            for opening in self.openings.get(person, ())
        )

    def _pointed_at(self, raw: object) -> list[Placed]:
        """The entries of the statements that one refers to, such as the one that it voids; those that are here."""
        ids = {name.lower() for name in _references(raw)}
        if not ids:
            return []
        found = places(self.node.tables, sorted(ids))
        return list(self.node.journal.gather(list(found.values())).values())


def withheld(node: Node, purposes: Iterable[str]) -> Withheld:
    """Whose records stay here for these purposes, as it stands now. Read it inside the transaction that copies."""
    lines = node.journal.streams(hub=node.identity.hub_id, audience=LOCAL)
    incarnations = {line.stream: line.incarnation for line in lines}
    wanted = frozenset(purposes)
    openings: dict[str, list[Opening | None]] = {}
    for (person, purpose), found in _of_those_who_said_no(node).items():
        if purpose in wanted:
            openings.setdefault(person, []).append(opening(found, incarnations))
    return Withheld(node, openings, incarnations)


def opening(found: Iterable[Act], incarnations: Mapping[str, int], *, is_open_unasked: bool = True) -> Opening | None:
    """From where on one person's records may leave for one purpose, by all that was said about it; None for nowhere.

    `is_open_unasked` says whether what was recorded before anybody was asked may leave as well.

    Answers of other hubs have no place in our journal. They count from the beginning, and only a yes that was said
    here opens what one of them closed.
    """
    ours = [each for each in found if each.stream in incarnations]
    known = [each for each in found if each.stream not in incarnations]
    after, since_ms = NOWHERE, 0
    is_open = all(each.answer == GIVEN for each in known) and (is_open_unasked or bool(known))
    for each in sorted(ours, key=lambda each: (incarnations[each.stream], each.seq)):
        known.append(each)
        is_given = standing.holding(known) == GIVEN
        if is_given and not is_open:
            after, since_ms = (incarnations[each.stream], each.seq), each.at_ms
        elif is_given:
            since_ms = min(since_ms, each.at_ms)
        is_open = is_given
    return Opening(after, since_ms) if is_open else None


def _of_those_who_said_no(node: Node) -> dict[tuple[str, str], list[Act]]:
    """(Person, purpose) → all answers, of those people of whom any is a no."""
    table = node.tables.ConsentAnswer
    people = [row.person for row in table.select(table.person).where(table.answer != GIVEN).distinct()]
    found: dict[tuple[str, str], list[Act]] = {}
    for each in standing.acts(node, people) if people else ():
        found.setdefault((each.person, each.purpose), []).append(each)
    return found


def _references(value: object) -> Iterator[str]:
    """The ids of the statements that a statement refers to, wherever in it."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if part.get("objectType") == "StatementRef":
                yield str(part.get("id", ""))
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
