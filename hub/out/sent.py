"""What went to a destination: one row for each statement that went or may have gone, by its id here."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from hub.node import Node
from hub.out import consented, destinations
from hub.tables import put, run
from hub.xapi import find

GOING, SENT, KNOWN, REFUSED, VOIDED, KEPT = "going", "sent", "known", "refused", "voided", "kept"
"""Perhaps there; there; there with other words under its id; not taken; taken back there; could not be taken back."""
SHOWN = 20
"""The last statements that are kept as they were sent, and rows of what was refused that are shown."""


@dataclass(frozen=True)
class Going:
    """A statement on its way: its id here, whose it is, what is sent, and its place in our journal (stream, number).

    One that voids has the id of what it voids, and no place.
    """

    statement: str
    person: str
    body: dict[str, Any]
    place: tuple[str, int] | None
    is_voiding: bool = False


@dataclass(frozen=True)
class Went:
    """A statement that went or may have gone."""

    statement: str
    person: str
    state: str
    why: str
    at_ms: int


@dataclass(frozen=True)
class Told:
    """What one destination got of one person: records that are there, from `first_ms` to `last_ms`, and taken back."""

    name: str
    records: int
    first_ms: int
    last_ms: int
    voided: int


def note_going(node: Node, destination: str, batch: Iterable[Going]) -> None:
    """Note what is about to be sent. Only inside `write`."""
    for each in batch:
        if not each.is_voiding:
            _put(node, destination, each, GOING, "")


def note(node: Node, destination: str, batch: Iterable[Going], state: str, why: str) -> None:
    """Note what came of it. Only inside `write`."""
    for each in batch:
        _put(node, destination, each, state, why)


def state_of(node: Node, destination: str, statement: str) -> Went | None:
    """How a statement stands there; None when it never went."""
    row = node.tables.Forwarded.get_or_none(node.tables.Forwarded.id == f"{destination}:{statement}")
    return None if row is None else _went(row)


def of_people(node: Node, destination: str, people: Collection[str], most: int) -> Iterator[list[Went]]:
    """What is, or may be, there of these people, so many at a time; each look sees what was noted since the last."""
    table = node.tables.Forwarded
    for person in sorted(people):
        query = table.select().where(
            (table.person == person) & (table.destination == destination) & table.state.in_((GOING, SENT))
        )
        while rows := [_went(row) for row in query.order_by(table.id).limit(most)]:
            yield rows


def counts(node: Node, destination: str) -> dict[str, int]:
    """How many statements there are in each state."""
    asked = "SELECT state, COUNT(*) FROM forwarded WHERE destination = ? GROUP BY state"
    rows = {row[0]: int(row[1]) for row in run(node.tables, asked, destination)}
    return {**dict.fromkeys((GOING, SENT, KNOWN, REFUSED, VOIDED, KEPT), 0), **rows}


def refused(node: Node, destination: str) -> list[Went]:
    """The last statements that were not taken, or could not be taken back, with the other side's words."""
    table = node.tables.Forwarded
    rows = table.select().where((table.destination == destination) & table.state.in_((REFUSED, KNOWN, KEPT)))
    return [_went(row) for row in rows.order_by(table.at_ms.desc(), table.id).limit(SHOWN)]


def told_of(node: Node, person: str) -> list[Told]:
    """What has gone of one person to each destination that got anything, those removed since among them.

    What is on its way counts once the other side has answered.
    """
    found = []
    asked = (
        "SELECT state, COUNT(*), MIN(at_ms), MAX(at_ms) FROM forwarded WHERE person = ? AND destination = ?"
        " GROUP BY state"
    )
    for each in destinations.destinations(node, with_removed=True):
        rows = {row[0]: row[1:] for row in run(node.tables, asked, person, each.id)}
        there = [rows[state] for state in (SENT, KEPT) if state in rows]
        voided = rows.get(VOIDED, (0, 0, 0))
        if there or voided[0]:
            spans = [*there, *([voided] if voided[0] else [])]
            first, last = min(row[1] for row in spans), max(row[2] for row in spans)
            found.append(Told(each.name, sum(row[0] for row in there), first, last, voided[0]))
    return found


def is_voided(node: Node, statement: str) -> bool:
    """Whether a statement counts as voided here."""
    return bool(find.voided_among(node, [statement]))


def is_behind(node: Node, destination: str) -> bool:
    """Whether there is something that a destination was not looked at for: an entry of ours, or a yes or no."""
    row = node.tables.Note.get_or_none(node.tables.Note.name == _words_mark(destination))
    if consented.words(node) != (0 if row is None else int(json.loads(row.value))):
        return True
    ends = {line.stream: line.seq for line in node.journal.streams(hub=node.identity.hub_id)}
    ours = consented.own_streams(node)
    return any(destinations.position(node, destination, stream) < ends[stream] for stream in ours)


def note_words(node: Node, destination: str, words: int) -> None:
    """Note how many words of consent were looked at. Only inside `write`."""
    put(node.tables.Note, name=_words_mark(destination), value=json.dumps(words))


def _words_mark(destination: str) -> str:
    return f"words before {destination}"


def _put(node: Node, destination: str, each: Going, state: str, why: str) -> None:
    values = {"destination": destination, "statement": each.statement, "person": each.person}
    moment = {"state": state, "why": why, "at_ms": node.clock.now_ms()}
    put(node.tables.Forwarded, id=f"{destination}:{each.statement}", **values, **moment)


def _went(row: Any) -> Went:
    return Went(row.statement, row.person, row.state, row.why, row.at_ms)
