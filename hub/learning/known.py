"""What is known of people and competencies: their latest first answers, and what a facilitator saw last.

What was seen decides until enough answers have come after it (`rules.HOLDS`); then the answers say how far somebody
is, as before.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hub.learning import rules
from hub.node import Node
from hub.tables.recognition import NOT_YET


@dataclass(frozen=True)
class Seen:
    """One observation that stands; `level` is one of those in `hub.tables.recognition`, `observer` a person's id.

    `competency` is "" where it stands in `words`, which are in `language`. `at_ms` is the day, or the moment.
    """

    statement: str
    person: str
    competency: str
    words: str
    language: str
    level: int
    sentence: str
    observer: str
    at_ms: int


@dataclass(frozen=True)
class Known:
    """One person and one competency. `recent` holds (moment, score in thousandths), the newest first; `seen` is the
    latest observation, None where there is none or answers have gone over it."""

    competency: str
    recent: tuple[tuple[int, int], ...] = ()
    right_first_ms: int | None = None
    right_last_ms: int | None = None
    seen: Seen | None = None

    @property
    def state(self) -> str:
        """One of `rules.STATES`."""
        if self.seen is not None:
            return rules.SEEN[self.seen.level]
        return rules.state(self.scores, right_first_ms=self.right_first_ms, right_last_ms=self.right_last_ms)

    @property
    def needs_help(self) -> bool:
        """Whether the latest word on it asks for help."""
        return self.seen.level == NOT_YET if self.seen is not None else rules.needs_help(self.scores)

    @property
    def scores(self) -> list[int]:
        """The scores of the latest first answers, newest first, in thousandths."""
        return [score for _, score in self.recent]


def of(node: Node, people: Sequence[str]) -> dict[str, dict[str, Known]]:
    """What is known of each of these people: person → competency → what is known, competencies by their names."""
    table = node.tables.Competence
    answered = {(row.person, row.competency): row for row in table.select().where(table.person.in_(list(people)))}
    seen = _latest(node, people)
    found: dict[str, dict[str, Known]] = {}
    for person, competency in sorted({*answered, *seen}):
        known = _known(competency, answered.get((person, competency)), seen.get((person, competency)))
        found.setdefault(person, {})[competency] = known
    return found


def rows(found: Iterable[Any]) -> list[Seen]:
    """Rows of the table of observations as services give them."""
    return [
        Seen(
            row.statement,
            row.person,
            row.competency,
            row.words,
            row.language,
            row.level,
            row.sentence,
            row.observer,
            row.at_ms,
        )
        for row in found
    ]


def _known(competency: str, row: Any, seen: Seen | None) -> Known:
    if row is None:
        return Known(competency, seen=seen)
    recent = tuple((at_ms, score) for at_ms, _, score in json.loads(row.recent))
    newer = sum(at_ms > seen.at_ms for at_ms, _ in recent) if seen else 0
    holds = seen if rules.seen_holds(newer) else None
    return Known(competency, recent, row.right_first_ms, row.right_last_ms, holds)


def _latest(node: Node, people: Sequence[str]) -> dict[tuple[str, str], Seen]:
    """The latest observation of each person and competency of the shelf's kind."""
    table = node.tables.Observation
    standing = (table.person.in_(list(people))) & (table.is_voided == 0) & (table.competency != "")
    found = table.select().where(standing).order_by(table.at_ms, table.statement)
    return {(each.person, each.competency): each for each in rows(found)}
