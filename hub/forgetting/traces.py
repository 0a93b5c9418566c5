"""Where a person stands in the journal: what is theirs and goes, and what is others' and goes on without them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hub import own_keys
from hub.node import LOCAL, Node
from hub.projections import consents, records
from hub.projections.erased import mark_of
from hub.tables import run
from hub.tide import policy, summed
from hub.vocabulary import agent_key
from sync.journal import Placed

THEIRS = {
    "membership": "person",
    "role": "person",
    "act": "about",
    "household.link": "person",
    "copy": "person",
    "loan": "borrower",
    "loan.wish": "person",
    "sound.recording": "person",
    "proposal.remark": "person",
    "proposal.objection": "person",
    "proposal.consent": "person",
    "report": "person",
    "proposal.ballot": "person",
}
"""Kind of record → the field that says whose it is: such a record goes whole. Of others only the name goes."""
REPORT, STEP = "report", "report.step"
"""What readers did about a report goes with it: it would tell that somebody had reported."""
PERSON, STATEMENT, HOUSEHOLD = "person", "statement", "household"
REFERENCE = b"StatementRef"
Place = tuple[str, int]
Record = tuple[str, str]
"""Kind and subject."""


@dataclass
class Traces:
    """What was found of one person. `places` go, by audience; `known` are marks of ids that must not come back.

    `shared` are records of others that name the person, `statements` and `visits` such entries: all of them are erased
    too, and written down again without the name.
    """

    person: str
    places: dict[str, list[Place]] = field(default_factory=dict)
    known: dict[str, list[bytes]] = field(default_factory=dict)
    shared: set[Record] = field(default_factory=set)
    statements: list[Placed] = field(default_factory=list)
    visits: list[Placed] = field(default_factory=list)
    records: int = 0
    """Learning records of their own."""

    @property
    def total(self) -> int:
        """How many entries go."""
        return sum(map(len, self.places.values()))

    def take(self, placed: Placed) -> None:
        """Let an entry go."""
        self.places.setdefault(placed.audience, []).append((placed.stream, placed.seq))


def find(node: Node, person: str) -> Traces:
    """Go through all that this hub has written: its own journal, and what it copied for others."""
    found = _Finder(node, person)
    for placed in _own(node, LOCAL):
        found.look(placed)
    found.settle()
    for audience in audiences(node):
        _find_copies(node, found, audience)
    return found.traces


def audiences(node: Node) -> list[str]:
    """Whom this hub has copied something for: all hubs, the region, single neighbours."""
    return sorted({line.audience for line in node.journal.streams(hub=node.identity.hub_id)} - {LOCAL})


def letters_of(node: Node, audience: str, person: str) -> bytes:
    """What a person is called in the streams for an audience."""
    return policy.pseudonym(own_keys.pseudonyms(node.home), audience, person).encode()


def _own(node: Node, audience: str) -> Iterator[Placed]:
    for line in node.journal.streams(hub=node.identity.hub_id, audience=audience):
        after = line.base
        while some := node.journal.read(line.stream, after=after):
            after = some[-1].seq
            yield from some


class _Finder:
    """Looks at one entry after the other, and decides when all were seen."""

    def __init__(self, node: Node, person: str) -> None:
        self._node, self._letters = node, person.encode()
        self.traces = Traces(person, known={LOCAL: [mark_of(node.identity.hub_id, person)]})
        self.ids: set[str] = set()
        self._of_record: dict[Record, list[Placed]] = {}
        self._named: set[Record] = set()
        self._visits: dict[str, list[Placed]] = {}
        self._voiding: list[tuple[str, Placed]] = []

    def look(self, placed: Placed) -> None:
        """Remember an entry where it may matter."""
        kind, is_named = placed.entry.kind, self._letters in placed.entry.payload
        if kind in records.KINDS:
            self._look_at_record(placed, is_named=is_named)
        elif kind == STATEMENT:
            self._look_at_statement(placed, is_named=is_named)
        elif kind == consents.KIND:
            self._visits.setdefault(json.loads(placed.entry.payload)["person"], []).append(placed)
        elif is_named:
            self.traces.take(placed)

    def settle(self) -> None:
        """Decide about records, visits, and what voids something that goes."""
        for record in self._named:
            if not is_theirs(self._node, record, self.traces.person):
                self.traces.shared.add(record)
            elif record[0] == REPORT:
                self._take_steps(record[1])
            self._take_all(self._of_record[record])
        for person, visits in self._visits.items():
            if any(self._letters in placed.entry.payload for placed in visits):
                self.traces.visits += visits if person != self.traces.person else ()
                self._take_all(visits)
        self._take_all(placed for target, placed in self._voiding if target in self.ids)

    def _take_steps(self, report: str) -> None:
        for record, some in self._of_record.items():
            if record[0] == STEP and standing(self._node, record).get("report") == report:
                self.traces.shared.discard(record)
                self._take_all(some)

    def _take_all(self, some: Iterable[Placed]) -> None:
        for placed in some:
            self.traces.take(placed)

    def _look_at_record(self, placed: Placed, *, is_named: bool) -> None:
        record = records.subject_of(placed)
        self._of_record.setdefault(record, []).append(placed)
        if is_named or (record[0] == HOUSEHOLD and _is_alone(self._node, record[1], self.traces.person)):
            self._named.add(record)

    def _look_at_statement(self, placed: Placed, *, is_named: bool) -> None:
        if not is_named and REFERENCE not in placed.entry.payload:
            return
        payload = json.loads(placed.entry.payload)
        if not is_named:
            self._voiding.append((str(payload["raw"]["object"].get("id", "")).lower(), placed))
            return
        self.traces.take(placed)
        if agent_key(payload["raw"]["actor"]) == self.traces.person:
            self.traces.records += 1
            self.ids.add(str(payload["id"]).lower())
            self.traces.known[LOCAL].append(mark_of(self._node.identity.hub_id, str(payload["id"]).lower()))
        else:
            self.traces.statements.append(placed)


def is_theirs(node: Node, record: Record, person: str) -> bool:
    """Whether a record is a person's own, as it stands."""
    kind, subject = record
    if kind == HOUSEHOLD:
        return _is_alone(node, subject, person)
    if kind == PERSON or person in subject:
        return True
    return standing(node, record).get(THEIRS.get(kind, "")) == person


def standing(node: Node, record: Record) -> dict[str, Any]:
    """The standing values of a record's fields."""
    rows = run(node.tables, "SELECT field, value FROM register WHERE kind = ? AND subject = ?", *record).fetchall()
    return {name: json.loads(value) for name, value in rows}


def _is_alone(node: Node, household: str, person: str) -> bool:
    """Whether a household is nobody else's: its name may be theirs."""
    table = node.tables.HouseholdLink
    rows = table.select(table.person).where((table.household == household) & (table.is_member == 1))
    return {row.person for row in rows} == {person}


def _find_copies(node: Node, found: _Finder, audience: str) -> None:
    """What was copied for an audience, by name or under the made-up one, and what voids it there."""
    traces, hub = found.traces, node.identity.hub_id
    names = (traces.person.encode(), letters_of(node, audience, traces.person))
    named = summed.name_of(node, audience, traces.person).encode()
    stand = policy.Stand(own_keys.pseudonyms(node.home), audience)
    copies = {stand.statement(each) for each in found.ids}
    traces.known[audience] = [mark_of(hub, traces.person), *(mark_of(hub, each) for each in sorted(copies))]
    for placed in _own(node, audience):
        payload = placed.entry.payload
        if any(name in payload for name in (*names, named)) or _voids(payload, copies):
            traces.take(placed)


def _voids(payload: bytes, copies: set[str]) -> bool:
    return REFERENCE in payload and str(json.loads(payload)["raw"]["object"].get("id", "")) in copies
