"""A class for its facilitator: who did what, when last, what each can do, and who needs help with what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from content.package import Manifest
from hub.errors import NotAllowed
from hub.learning import known as knowledge
from hub.learning import rules
from hub.learning.known import Known
from hub.learning.progress import competencies
from hub.node import Node
from hub.people import circles
from hub.people.circles import Circle
from hub.people.roster import Person
from hub.tables import run
from hub.tables.learning import FINISHED

WEEK_MS = 7 * 86_400_000
CAN = frozenset({rules.PLANT, rules.FLOWER})
LADDER = (rules.FLOWER, rules.PLANT, rules.SPROUT, rules.SEED)
"""How far somebody can be with a competency, the farthest first."""
HISTORY = 30
"""Acts of one learner that the facilitator's page lists."""


@dataclass(frozen=True)
class Learner:
    """One learner of a class. `states` holds what is known of each competency, `last_ms` None before the first act."""

    person: Person
    last_ms: int | None
    finished: int
    is_this_week: bool
    is_away: bool
    states: dict[str, str]
    struggles: tuple[str, ...]


@dataclass(frozen=True)
class Strand:
    """One competency in a class: who needs help with it, who is ready for it, who can do it."""

    competency: str
    statement: str
    language: str
    help: tuple[Person, ...]
    ready: tuple[Person, ...]
    can: tuple[Person, ...]
    grown: tuple[int, ...]
    """How many are how far, as `LADDER` names it; who has not begun is in none of them."""


@dataclass(frozen=True)
class ClassTable:
    """Everything about one class, learners by name and strands in the order of the packages."""

    circle: Circle
    learners: tuple[Learner, ...]
    strands: tuple[Strand, ...]

    @property
    def away(self) -> tuple[Person, ...]:
        """Who was here, and not for two weeks now."""
        return tuple(learner.person for learner in self.learners if learner.is_away)

    @property
    def not_begun(self) -> tuple[Person, ...]:
        """Who has not done anything yet, and was not seen to."""
        return tuple(each.person for each in self.learners if each.last_ms is None and not each.states)

    @property
    def seen_this_week(self) -> int:
        """How many did something in the last seven days."""
        return sum(learner.is_this_week for learner in self.learners)


@dataclass(frozen=True)
class Glance:
    """One circle in numbers: how many learn in it, and how many did something in the last seven days."""

    circle: Circle
    learners: int
    seen_this_week: int


@dataclass(frozen=True)
class Done:
    """One item that a learner began: its titles where it is on the shelf, its state and best score (0 to 1 or None)."""

    package: str
    item: str
    title: str
    package_title: str
    state: int
    score: float | None
    last_ms: int


def class_table(node: Node, *, circle: str, languages: Sequence[str] = ()) -> ClassTable:
    """The table of one circle, its sentences in the first of `languages` in which they are. Raises NotFound."""
    found = circles.circle(node, circle)
    people = sorted(circles.members(node, circle, "learner"), key=lambda person: (person.name.casefold(), person.id))
    now = node.clock.now_ms()
    progress = _by_person(node, "SELECT person, state, last_ms FROM progress WHERE state > 0", people)
    known = knowledge.of(node, [person.id for person in people])
    learners = tuple(_learner(person, progress.get(person.id, []), known.get(person.id, {}), now) for person in people)
    named = competencies(node, languages=languages)
    met = {name for learner in learners for name in learner.states}
    works = {name.partition("/")[0] for name in met}
    order = [name for name in named if name.partition("/")[0] in works]
    strands = [_strand(name, before, named[name], learners) for before, name in _pairs(order)]
    return ClassTable(found, learners, tuple(strand for strand in strands if strand.help or strand.ready or strand.can))


def glances(node: Node, found: Sequence[Circle]) -> list[Glance]:
    """Circles in numbers, as cheap for a hundred of them as for one."""
    asked = (
        "SELECT m.circle, COUNT(*), SUM(CASE WHEN m.person IN (SELECT person FROM progress WHERE last_ms > ?)"
        " THEN 1 ELSE 0 END) FROM membership m JOIN person p ON p.id = m.person"
        " WHERE m.part = 'learner' AND m.is_member = 1 AND p.is_active = 1 GROUP BY m.circle"
    )
    counts = {row[0]: (row[1], int(row[2])) for row in run(node.tables, asked, node.clock.now_ms() - WEEK_MS)}
    return [Glance(each, *counts.get(each.id, (0, 0))) for each in found]


def allow(node: Node, *, circle: str, person: Person) -> None:
    """Raise NotAllowed unless the person leads the circle."""
    if circle not in {led.id for led in circles.led_by(node, person.id)}:
        raise NotAllowed("Only who leads this circle sees its class. Nothing was changed.")


def history(node: Node, *, person: str) -> list[Done]:
    """What a learner did something in, the latest first."""
    asked = (
        "SELECT package, item, state, score, last_ms FROM progress WHERE person = ? AND state > 0"
        " ORDER BY last_ms DESC, id LIMIT ?"
    )
    return [_done(node, *row) for row in run(node.tables, asked, person, HISTORY)]


def _learner(person: Person, met: list[Any], known: dict[str, Known], now: int) -> Learner:
    last_ms = max((row[2] for row in met), default=None)
    done = [row for row in met if row[1] >= FINISHED]
    return Learner(
        person=person,
        last_ms=last_ms,
        finished=len(done),
        is_this_week=last_ms is not None and last_ms > now - WEEK_MS,
        is_away=last_ms is not None and last_ms < now - rules.AWAY_MS,
        states={name: each.state for name, each in known.items()},
        struggles=tuple(name for name, each in known.items() if each.needs_help),
    )


def _strand(name: str, before: str | None, named: tuple[Manifest, str, str], learners: tuple[Learner, ...]) -> Strand:
    """Ready is who can do what comes before it and has not begun with it."""
    manifest, statement, _ = named
    can = [each.person for each in learners if each.states.get(name) in CAN]
    help_with = [each.person for each in learners if name in each.struggles]
    ready = [
        each.person
        for each in learners
        if before is not None and each.states.get(before) in CAN and name not in each.states
    ]
    states = [each.states.get(name) for each in learners]
    grown = tuple(states.count(level) for level in LADDER)
    return Strand(name, statement, manifest.language, tuple(help_with), tuple(ready), tuple(can), grown)


def _pairs(order: list[str]) -> list[tuple[str | None, str]]:
    """Each competency with the one before it in the same work, None for the first."""
    befores: list[str | None] = [None, *order]
    return [
        (before if before and before.partition("/")[0] == name.partition("/")[0] else None, name)
        for before, name in zip(befores, order, strict=False)
    ]


def _by_person(node: Node, asked: str, people: list[Person]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    marks = ", ".join("?" * len(people)) or "NULL"
    for row in run(node.tables, f"{asked} AND person IN ({marks})", *(person.id for person in people)):
        found.setdefault(row[0], []).append(row)
    return found


def _done(node: Node, package: str, item: str, state: int, score: int, last_ms: int) -> Done:
    manifest = node.shelf.standing(package)
    found = manifest.item(item) if manifest else None
    return Done(
        package=package,
        item=item,
        title=found.title if found else item,
        package_title=manifest.title if manifest else package,
        state=state,
        score=score / 1000 if score >= 0 else None,
        last_ms=last_ms,
    )
