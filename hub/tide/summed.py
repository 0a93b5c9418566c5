"""What an audience gets that is made from all that stands here: counts of many, and what is shared by name.

Such a record is told once and again when it has changed; a mark beside it says what was told last. Counts are of whole
periods of four weeks that are over, as everything that is counted here, so that no two of them overlap; small ones are
hidden (`hub.suppression`), and a period that was told is never told anew: the difference would speak of few. Who is
shared by name said yes to that; when that ends, the record is told empty, under a stand-in that says nothing.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from hub import outcomes, own_keys
from hub.consent import standing
from hub.consent.purposes import ELSEWHERE, NAMED
from hub.node import Node
from hub.people import circles, roster
from hub.projections.registers import DEPTHS
from hub.sharing import rows
from hub.sharing.rows import Policy
from hub.sharing.standing import in_force
from hub.tables import put
from hub.tables.consents import GIVEN
from hub.tide import filled, policy
from hub.tide.policy import COUNTED, NAMED_CIRCLE, NAMED_PERSON, Leaving, Stand

DIGEST_CHARS = 16
EMPTY: dict[str, Any] = {"is_here": 0, "name": "", "picture": ""}
"""What is told of something that is shared no more."""


@dataclass
class _Told:
    """What an audience was told: periods that were counted, and records by id with a digest and a depth."""

    periods: list[int]
    records: dict[str, list[Any]]


@dataclass(frozen=True)
class _News:
    """One record to tell."""

    kind: str
    id: str
    fields: dict[str, Any]
    at_ms: int

    @property
    def digest(self) -> str:
        """Equal for equal records."""
        return hashlib.sha256(policy.packed(self.fields)).hexdigest()[:DIGEST_CHARS]

    @property
    def leaving(self) -> Leaving:
        """The record as it leaves."""
        return self.kind, policy.packed({"id": self.id, "set": self.fields}), self.at_ms


def news(node: Node, key: bytes, audience: str, *, afresh: bool = False) -> list[Leaving]:
    """What an audience is to be told now, or would be after `forget`; nothing is written."""
    told = _forgotten(_read(node, audience)) if afresh else _read(node, audience)
    return [each.leaving for each in _news(node, key, audience, told)]


def publish(node: Node, key: bytes, audience: str) -> int:
    """Append what an audience is to be told to its stream; returns how many records. Inside `write`."""
    told = _read(node, audience)
    found = list(_news(node, key, audience, told))
    for each in found:
        before = told.records.get(each.id, ["", 0])[1]
        depth = 1 + max(before, (node.journal.incarnation(audience) - 1) * DEPTHS)
        kind, payload, at_ms = each.leaving
        node.journal.append(audience, kind, payload, at_ms=at_ms, depth=depth)
        if each.kind == COUNTED:
            told.periods = sorted({*told.periods, each.at_ms})
        else:
            told.records[each.id] = [each.digest, depth]
    if found:
        filled.note(node, audience, in_force(node))
        _keep(node, audience, told)
    return len(found)


def forget(node: Node, audience: str) -> None:
    """Tell it all again, as it stands then. Inside `write`."""
    _keep(node, audience, _forgotten(_read(node, audience)))


def _forgotten(told: _Told) -> _Told:
    return _Told([], {name: ["", depth] for name, (_, depth) in told.records.items()})


def name_of(node: Node, audience: str, person: str) -> str:
    """The name of the record in which somebody is, or would be, named to an audience."""
    return _id(node, Stand(own_keys.pseudonyms(node.home), audience), "person", person)


def let_go(node: Node, audience: str, name: str) -> None:
    """Remember no more that a record was told: it is erased, and is not told empty either. Inside `write`."""
    told = _read(node, audience)
    if told.records.pop(name, None):
        _keep(node, audience, told)


def _news(node: Node, key: bytes, audience: str, told: _Told) -> Iterator[_News]:
    held, stand = in_force(node), Stand(key, audience)
    if held.row(rows.LEARNING, audience).how == rows.COUNTS:
        yield from _counts(node, told.periods)
    if not rows.hub_of(audience):
        return
    named = {each.id: each for each in (*_circles(node, stand, held, audience), *_people(node, stand, held, audience))}
    yield from (each for each in named.values() if told.records.get(each.id, [""])[0] != each.digest)
    for name in sorted(set(told.records) - set(named)):
        kind = NAMED_PERSON if name.split(":")[1] == "person" else NAMED_CIRCLE
        gone = _News(kind, name, _gone(kind), policy.coarse(node.clock.now_ms(), rows.DAY))
        if told.records[name][0] != gone.digest:
            yield gone


def _gone(kind: str) -> dict[str, Any]:
    return {**EMPTY, "person": "", "circles": ""} if kind == NAMED_PERSON else EMPTY


def _counts(node: Node, told: Iterable[int]) -> Iterator[_News]:
    """The counts of whole periods that are over and were not told yet, the oldest first."""
    hub, done = node.identity.hub_id, set(told)
    for period in reversed(outcomes.leaving(node)):
        for each in period.counts if period.until_ms not in done else ():
            name = hashlib.sha256(f"{period.since_ms} {each.sort} {each.key}".encode()).hexdigest()[:DIGEST_CHARS]
            fields = {"hub": hub, "since_ms": period.since_ms, "until_ms": period.until_ms, "sort": each.sort}
            fields |= {"name": each.key, "title": each.title, "count": each.count}
            yield _News(COUNTED, f"{hub}:{name}", fields, period.until_ms)


def _people(node: Node, stand: Stand, held: Policy, audience: str) -> Iterator[_News]:
    """Everybody who said yes to being named, with the groups that are shared, by name."""
    if held.row(rows.PERSON, audience).how != rows.BY_NAME:
        return
    said, hub, at_ms = standing.of_all(node), node.identity.hub_id, policy.coarse(node.clock.now_ms(), rows.DAY)
    with_circles = held.row(rows.CIRCLE, audience).how == rows.AS_IT_IS
    for person in roster.people(node):
        words = said.get(person.id, {})
        if words.get(NAMED) != GIVEN or standing.is_no(words.get(ELSEWHERE, "")):
            continue
        groups = [_id(node, stand, "circle", each.id) for each in circles.circles_of(node, person.id)]
        fields: dict[str, Any] = {"hub": hub, "person": person.id, "name": person.name, "picture": person.picture}
        fields |= {"circles": " ".join(sorted(groups)) if with_circles else "", "is_here": 1}
        yield _News(NAMED_PERSON, _id(node, stand, "person", person.id), fields, at_ms)


def _circles(node: Node, stand: Stand, held: Policy, audience: str) -> Iterator[_News]:
    if held.row(rows.CIRCLE, audience).how != rows.AS_IT_IS:
        return
    hub, at_ms = node.identity.hub_id, policy.coarse(node.clock.now_ms(), rows.DAY)
    for each in circles.circles(node):
        fields = {"hub": hub, "name": each.name, "picture": each.picture, "is_here": 1}
        yield _News(NAMED_CIRCLE, _id(node, stand, "circle", each.id), fields, at_ms)


def _id(node: Node, stand: Stand, sort: str, name: str) -> str:
    """The name of a record for this audience: it says nothing of whom it is about once the record is empty."""
    return f"{node.identity.hub_id}:{sort}:{stand.of(f'shared {sort}', name)}"


def _read(node: Node, audience: str) -> _Told:
    row = node.tables.Note.get_or_none(node.tables.Note.name == _mark(audience))
    return _Told([], {}) if row is None else _Told(*json.loads(row.value))


def _keep(node: Node, audience: str, told: _Told) -> None:
    put(node.tables.Note, name=_mark(audience), value=json.dumps([told.periods, told.records]))


def _mark(audience: str) -> str:
    return f"told {audience}"
