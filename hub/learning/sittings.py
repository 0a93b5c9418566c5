"""Sittings: one person meets one item, from opening it to its end; a registration in learning records."""

import hashlib
import hmac
import uuid
from dataclasses import dataclass, replace

from content.exercise import Question, Quiz
from hub.learning import rules
from hub.learning.items import Opened
from hub.node import Node
from hub.tables import run
from hub.tables.compact import unpacked
from hub.tables.lookup import numbers
from hub.vocabulary import PLAYING, POSITION, TERMINAL, TIME, TIME_TO, VERBS
from hub.xapi.begun import last_begun
from hub.xapi.store import original

SECOND_MS = 1000
PLACE_MAX = 100_000_000
"""Seconds into a film, chapters into a book, or pages of an encyclopaedia."""


@dataclass(frozen=True)
class GivenBefore:
    """One answer of a sitting; `response` as in the record, `score` 0 to 1."""

    statement: str
    question: str
    score: float
    response: str


@dataclass(frozen=True)
class Sitting:
    """A sitting as it stands; `answers` in the order they were given."""

    registration: str
    begun_ms: int
    is_finished: bool
    answers: tuple[GivenBefore, ...]

    def scores(self, question: str) -> tuple[float, ...]:
        """The scores of the answers to one question, in their order."""
        return tuple(each.score for each in self.answers if each.question == question)

    def asked(self, quiz: Quiz) -> Quiz:
        """The quiz as this sitting asks it: where a few of many questions are drawn, the same few to its end."""
        return quiz.drawn(self.registration, answered={each.question for each in self.answers})

    def next_question(self, quiz: Quiz) -> Question | None:
        """The first question that is still open, or None."""
        return next(
            (each for each in self.asked(quiz).questions if not rules.is_closed(each, self.scores(each.id))), None
        )

    def score(self, quiz: Quiz) -> float:
        """What the answers so far are worth, 0 to 1."""
        worth = [rules.worth(self.scores(each.id)) for each in self.asked(quiz).questions]
        return sum(worth) / len(worth)

    def with_answer(self, given: GivenBefore) -> "Sitting":
        """The sitting after one more answer."""
        return replace(self, answers=(*self.answers, given))

    def answer(self, statement: str) -> GivenBefore | None:
        """The answer of that id, or None."""
        return next((each for each in self.answers if each.statement == statement.lower()), None)


def latest(node: Node, *, person: str, opened: Opened) -> Sitting | None:
    """The last sitting of a person with an item, open or finished; None before the first."""
    begun = last_begun(node, person=person, activity=opened.activity)
    if begun is None:
        return None
    return of(node, person=person, opened=opened, registration=begun[0], begun_ms=begun[1])


def of(node: Node, *, person: str, opened: Opened, registration: str, begun_ms: int) -> Sitting:
    """The sitting of that registration, of which it is known when it began.

    One whose end was voided is over all the same: what is done again is done in a new one.
    """
    ended = (
        "SELECT 1 FROM statement_row WHERE registration = ? AND +actor = ? AND +activity = ? AND is_voided < 2"
        " AND +verb IN (?, ?, ?) LIMIT 1"
    )
    values = numbers(node.tables, registration, person, opened.activity, *TERMINAL)
    is_finished = run(node.tables, ended, *values).fetchone() is not None
    return Sitting(registration, begun_ms, is_finished, _answers(node, person, opened, registration))


def last_place(node: Node, *, person: str, opened: Opened, sitting: Sitting) -> int:
    """Where in a film, sound or book a person was last: a second or a chapter, 0 when nothing is known."""
    asked = (
        "SELECT s.text, r.seq FROM statement_row r JOIN statement_name s ON s.no = r.stream WHERE r.registration = ?"
        " AND +r.actor = ? AND +r.activity = ? AND +r.verb IN (?, ?, ?, ?) AND r.is_voided = 0"
        " ORDER BY r.rank DESC LIMIT 1"
    )
    values = numbers(node.tables, sitting.registration, person, opened.activity, VERBS["progressed"], *PLAYING)
    row = run(node.tables, asked, *values).fetchone()
    placed = node.journal.get(*row) if row else None
    told = original(placed).get("result", {}).get("extensions", {}) if placed else {}
    place = next((told[name] for name in (POSITION, TIME, TIME_TO) if name in told), 0)
    return int(place) if isinstance(place, int | float) and 0 < place <= PLACE_MAX else 0


def registration_after(node: Node, person: str, activity: str, before: Sitting | None) -> str:
    """The name of the next sitting: two taps on one door open one sitting.

    The ids of what the hub will record in it come from this name. So it cannot be reckoned outside the hub: a tool or
    a piece of content could otherwise take those ids, or void what stands under them without reading it.
    """
    parts = (person, activity, before.registration if before else "")
    return derived(hmac.new(node.cookie_key, "\x1f".join(("sitting", *parts)).encode(), hashlib.sha256).hexdigest())


def derived(*parts: str) -> str:
    """A UUID that is always the same for the same parts."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "urn:mangrove:sitting:" + "\x1f".join(parts)))


def _answers(node: Node, person: str, opened: Opened, registration: str) -> tuple[GivenBefore, ...]:
    asked = (
        "SELECT r.id, a.question, r.score, r.response FROM statement_row r JOIN statement_name a ON a.no = r.activity"
        " WHERE r.registration = ? AND +r.actor = ? AND a.package = ? AND a.item = ? AND r.tries > 0"
        " AND r.is_voided = 0 ORDER BY r.rank"
    )
    values = numbers(node.tables, registration, person)
    rows = run(node.tables, asked, *values, opened.manifest.id, opened.item.id)
    return tuple(GivenBefore(unpacked(row[0]), row[1], row[2] / 1000, row[3]) for row in rows)
