"""How much about one person has left this place: counted by the made-up name that the copies carry."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hub import own_keys
from hub.node import Node
from hub.sharing import rows
from hub.tables import run
from hub.tide import gone, policy, spoken
from sync import entry
from sync.store import Line

READ_STEP = 2_000
AUDIENCES = (rows.REGION,)
"""Audiences that may be told of people under made-up names."""


@dataclass(frozen=True)
class Told:
    """What one audience has of one person: records under a name, from `first_ms` to `last_ms`."""

    audience: str
    name: str
    records: int
    first_ms: int
    last_ms: int


def told_of(node: Node, person: str) -> list[Told]:
    """What has left of one person, for each audience that was told anything. What left cannot be called back."""
    key = own_keys.pseudonyms(node.home)
    found = [_told(node, audience, policy.pseudonym(key, audience, person)) for audience in AUDIENCES]
    return [each for each in found if each.records]


def named_to(node: Node, person: str) -> list[str]:
    """To whom somebody was named: each as a sentence names them. What left cannot be called back."""
    letters = person.encode()
    names = {line.audience for line in node.journal.streams(hub=node.identity.hub_id) if rows.hub_of(line.audience)}
    streams = [each for name in names for each in gone.reached(node, name).items()]
    found = {line.audience for line, until in streams if any(letters in raw for raw in _raws(node, line, until))}
    return [spoken.whom(node, audience) for audience in sorted(found)]


def _raws(node: Node, line: Line, until: int) -> Iterator[bytes]:
    """The bytes of the entries of a line that have left."""
    after = line.base
    while rows_read := node.journal.store.entries(line, after, min(READ_STEP, until - after)) if after < until else ():
        after = rows_read[-1][0]
        yield from (raw for _, _, raw in rows_read)


def _told(node: Node, audience: str, name: str) -> Told:
    copies = {said["id"]: at_ms for at_ms, said in _copies(node, audience, name)}
    moments = sorted(copies.values())
    return Told(audience, name, len(copies), moments[0] if moments else 0, moments[-1] if moments else 0)


def _copies(node: Node, audience: str, name: str) -> Iterator[tuple[int, Any]]:
    """The hour and the statement of every copy under the name. Only entries that hold its letters are opened."""
    letters = name.encode()
    for line, until in gone.reached(node, audience).items():
        for raw in _raws(node, line, until):
            if letters in raw:
                copy = entry.decode(raw)
                yield copy.at_ms, json.loads(copy.payload)["raw"]


@dataclass(frozen=True)
class Kept:
    """What the hub itself keeps of one person: learning records, from `first_ms` to `last_ms`, and counts of the rest.

    `copies` were taken home, `voices` are sentences spoken, `phones` are signed in, `decisions` are words in what is
    decided together, `texts` are lessons and drafts, `words` are yes and no said or written down for somebody else.
    """

    records: int
    first_ms: int
    last_ms: int
    copies: int
    voices: int
    phones: int
    decisions: int
    texts: int
    words: int


def kept_of(node: Node, person: str) -> Kept:
    """How much is kept here under one person's name."""
    tables = node.tables
    asked = "SELECT COUNT(*), MIN(at_ms), MAX(at_ms) FROM statement WHERE actor = ?"
    records, first_ms, last_ms = run(tables, asked, person).fetchone()
    said, recorded = tables.ConsentAnswer, tables.Recording
    spoken = (
        tables.Remark.person,
        tables.Objection.person,
        tables.ProposalConsent.person,
        tables.Ballot.person,
        tables.ProposalVersion.author,
    )
    return Kept(
        records=records,
        first_ms=first_ms or 0,
        last_ms=last_ms or 0,
        copies=_count(tables.Copy.person == person),
        voices=_count((recorded.person == person) & (recorded.is_here == 1), recorded),
        phones=_count(tables.SignIn.person == person),
        decisions=sum(_count(field == person) for field in spoken),
        texts=_count(tables.Draft.person == person) + _count(tables.Edition.person == person),
        words=_count((said.person != person) & ((said.giver == person) | (said.witness == person)), said),
    )


def _count(condition: Any, model: Any = None) -> int:
    """How many rows a condition holds for, in the table of its column unless another is named."""
    return int((model or condition.lhs.model).select().where(condition).count())
