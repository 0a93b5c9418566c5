"""Reports: what somebody who is afraid or hurt, or saw what is not right, tells by one drawing, and more by voice.

Only its readers (`hub.protection.named`) see one, and none whom it is about. It leaves this place in no form, stands in
no search and no minutes, and is no part of what others take along.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hub import typed
from hub.errors import InputWrong, NotAllowed, NotFound
from hub.node import Node
from hub.people import attempts
from hub.people.roster import Person
from hub.people.settle import settle
from hub.protection import named, voices
from hub.tables.protection import LOOKED, PASSED_ON, SETTLED, TALKED

SORTS = ("afraid", "hurt", "secret", "page", "other")
"""What can be told by one press; "other" for what fits none."""
STEPS = (LOOKED, TALKED, PASSED_ON, SETTLED)
ADDRESS_CHARS_MAX = 500


@dataclass(frozen=True)
class Step:
    """What a reader did, and when."""

    person: str
    did: str
    said_ms: int


@dataclass(frozen=True)
class Report:
    """A report with what was done about it, by time."""

    id: str
    sort: str
    page: str
    address: str
    person: str
    about: frozenset[str]
    words: str
    sound: str
    said_ms: int
    steps: tuple[Step, ...]

    @property
    def is_settled(self) -> bool:
        """Whether a reader said that it is."""
        return any(each.did == SETTLED for each in self.steps)


@dataclass(frozen=True)
class Told:
    """What is reported: its sort, the view and the person (each "" where it is not known or not said).

    `about` are readers it is about; `ticket` is the form's, so that a form sent twice reports once.
    """

    sort: str
    page: str = ""
    person: str = ""
    about: Collection[str] = ()
    ticket: str = ""


@dataclass(frozen=True)
class More:
    """What is added to a report; each may be left out. `address` is the page itself, `about` readers it is about."""

    words: str = ""
    sound: bytes = b""
    address: str = ""
    about: Collection[str] = ()


def report(node: Node, *, told: Told, source: str, mine: str = "") -> str:
    """Keep a report from a phone at `source`; return its id. Raises InputWrong or TooMany, and keeps none then.

    A form that says the same once more is no second report where that phone holds the first, whose id is `mine`; to
    know the name of a report that is kept gives nobody a hand in it.
    """
    if told.sort not in SORTS:
        raise InputWrong("One drawing tells what it is. Nothing was sent; press one.")
    about = sorted({each.id for each in named.readers(node)} & set(told.about))
    facts = {"sort": told.sort, "page": told.page, "person": told.person, "about": " ".join(about)}
    name = _ticket(node, told.ticket)
    row = node.tables.Report.get_or_none(node.tables.Report.id == name)
    if row is not None and name == mine and _is_same(row, facts):
        return name
    fresh = name if row is None else node.new_id()
    attempts.take_report(node, address=source)
    node.write(lambda: settle(node, "report", fresh, **facts, said_ms=node.clock.now_ms()))
    return fresh


def say_more(node: Node, *, report: str, more: More, source: str) -> None:
    """Add to a report of one's own; what was said before stays where nothing is given.

    Raises NotFound, InputWrong, TooMany or StorageFull.
    """
    row = node.tables.Report.get_or_none(node.tables.Report.id == report)
    if row is None:
        raise NotFound("This report is not here. Nothing was changed; begin again with the raised hand.")
    attempts.take_report(node, address=source)
    told = {each.id for each in named.readers(node, row.about.split())} & set(more.about)
    facts = {"words": typed.text(more.words)} if more.words.strip() else {}
    facts |= {"sound": voices.keep(node, more.sound)} if more.sound else {}
    facts |= {"address": more.address[:ADDRESS_CHARS_MAX]} if more.address else {}
    facts |= {"about": " ".join(sorted({*row.about.split(), *told}))} if told else {}
    if facts:
        node.write(lambda: settle(node, "report", report, **facts))


def read(node: Node, reader: Person) -> list[Report]:
    """The reports that somebody may read, those that are not settled first, then the latest first; [] for others."""
    steps = _steps(node)
    found = [_report(row, steps.get(row.id, [])) for row in node.tables.Report.select()]
    readers = {about: {each.id for each in named.readers(node, about)} for about in {each.about for each in found}}
    mine = [each for each in found if reader.id in readers[each.about]]
    return sorted(mine, key=lambda each: (each.is_settled, -each.said_ms, each.id))


def one(node: Node, *, reader: Person, report: str) -> Report:
    """One of them. Raises NotFound, also for who may not read it."""
    found = next((each for each in read(node, reader) if each.id == report), None)
    if found is None:
        raise NotFound("There is no such report here. Nothing was changed.")
    return found


def waiting(node: Node, reader: Person) -> int:
    """How many reports wait for somebody."""
    name = ("reports that wait", reader.id)
    return node.remembered.of(name, lambda: sum(not each.is_settled for each in read(node, reader)))


def may_read(node: Node, person: Person | None) -> bool:
    """Whether somebody reads reports: as one of the readers, or because one is about those."""
    if person is None:
        return False
    return person.id in {each.id for each in named.readers(node)} or bool(read(node, person))


def step(node: Node, *, actor: Person, report: str, did: str) -> Report:
    """Write down what a reader did about a report; the same twice is kept once.

    Raises NotFound, NotAllowed or InputWrong before anything is written.
    """
    if did not in STEPS:
        raise InputWrong("One of four things was done. Nothing was changed; press one.")
    found = one(node, reader=actor, report=report)
    if found.person == actor.id and did == SETTLED:
        raise NotAllowed("Somebody else settles what you reported. Nothing was changed; ask the other one.")
    if (actor.id, did) not in {(each.person, each.did) for each in found.steps}:
        facts = {"report": report, "person": actor.id, "did": did, "said_ms": node.clock.now_ms()}
        node.write(lambda: settle(node, "report.step", node.new_id(), **facts))
    return one(node, reader=actor, report=report)


def _is_same(row: Any, facts: dict[str, str]) -> bool:
    """Whether a report says this, and what was said about it since."""
    about = set(facts["about"].split()) <= set(row.about.split())
    return about and all(getattr(row, name) == facts[name] for name in ("sort", "page", "person"))


def _ticket(node: Node, ticket: str) -> str:
    """The id that a form brought, a fresh one where it brought none."""
    try:
        return str(UUID(ticket))
    except ValueError:
        return node.new_id()


def _steps(node: Node) -> dict[str, list[Step]]:
    table, found = node.tables.ReportStep, dict[str, list[Step]]()
    for row in table.select().order_by(table.said_ms, table.id):
        found.setdefault(row.report, []).append(Step(row.person, row.did, row.said_ms))
    return found


def _report(row: Any, steps: list[Step]) -> Report:
    names = ("id", "sort", "page", "address", "person", "words", "sound", "said_ms")
    facts = {name: getattr(row, name) for name in names}
    return Report(**facts, about=frozenset(row.about.split()), steps=tuple(steps))
