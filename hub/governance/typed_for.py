"""What others typed for somebody in what is decided together: gathered where it is kept, for them to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hub.node import Node

PROPOSED, REMARKED, OBJECTED, CONSENTED, TOOK_BACK = "proposed", "remarked", "objected", "consented", "took back"
VOTED = "voted"


@dataclass(frozen=True)
class Typed:
    """Somebody typed something for somebody else; `sort` is what it was."""

    proposal: str
    sort: str
    typist: str
    said_ms: int


def typed_for(node: Node, person: str) -> list[Typed]:
    """All that others typed for this person, in no order."""
    return list(_found(node, person))


def _found(node: Node, person: str) -> Iterator[Typed]:
    tables: Any = node.tables
    for row in tables.Proposal.select().where((tables.Proposal.proposer == person) & (tables.Proposal.typist != "")):
        yield Typed(row.id, PROPOSED, row.typist, row.opened_ms)
    said = (
        (tables.Remark, REMARKED),
        (tables.Objection, OBJECTED),
        (tables.ProposalConsent, CONSENTED),
        (tables.Ballot, VOTED),
    )
    for table, sort in said:
        for row in table.select().where((table.person == person) & (table.typist != "")):
            yield Typed(row.proposal, sort, row.typist, row.said_ms)
    objections = tables.Objection
    closed = (objections.closer != "") & (objections.is_withdrawn == 1)
    for row in objections.select().where((objections.person == person) & closed):
        yield Typed(row.proposal, TOOK_BACK, row.closer, row.said_ms)
