"""Keep our own tables and what hubs hold together in step: what changed here is told, what was decided is applied.

Beside each field of ours stands, on this machine, the value at which both were last in step. So a change that
somebody makes on the ordinary pages is told as a fact, and a choice that came from elsewhere changes our tables, also
where this hub's records go on in two machines.
"""

import json
from contextlib import suppress
from functools import partial

from hub.errors import InputWrong
from hub.node import LOCAL, Node
from hub.people import circles, roster
from hub.projections.joint import KIND, author, origin
from hub.sharing import rows
from hub.tables import put
from hub.tables.joint import PROPOSAL, WRITE
from hub.together import held
from hub.together.held import FIELDS, PERSON
from sync.store import Line

READ_STEP = 500
MAX_SEQ = 2**62


def prepare(node: Node) -> None:
    """Before each exchange and after it; safe to cut anywhere and to repeat."""
    for line in node.journal.streams(hub=node.identity.hub_id):
        if rows.hub_of(line.audience):
            _hear(node, line)
    if held.is_any(node):
        for each in held.all_held(node):
            if each.origin == node.identity.hub_id and each.partners:
                node.write(partial(keep, node, each.subject))


def keep(node: Node, about: str) -> None:
    """Bring one record of ours in step. Only inside `node.write`."""
    values = local_values(node, about)
    for field, local in (values or {}).items():
        mark = _mark(about, field)
        before, stands = _noted(node, mark), held.one(node, about).field(field)
        if local != before:
            _tell(node, about, field, local, before)
            _note(node, mark, local)
        elif stands.word and stands.value != local and not stands.rivals:
            apply(node, about, field, stands.value)


def apply(node: Node, about: str, field: str, value: str) -> None:
    """Set a field of our own record to what was decided; one that another stands in the way of stays as it is.

    Only inside `node.write`.
    """
    sort, record = held.record_of(about)
    if local_values(node, about) is None:
        return
    try:
        if sort == PERSON:
            circles.change_person(node, person=record, **_facts(field, value))
        else:
            is_open = circles.circle(node, record).is_open
            circles.change_circle(node, circle=record, is_open=is_open, **{field: value})
    except InputWrong:
        return
    _note(node, _mark(about, field), value)


def local_values(node: Node, about: str) -> dict[str, str] | None:
    """What our own tables say of a record; None when it is not ours, or is here no more."""
    sort, record = held.record_of(about)
    if origin(about) != node.identity.hub_id:
        return None
    table = node.tables.Person if sort == PERSON else node.tables.Circle
    row = table.get_or_none((table.id == record) & (table.is_active == 1))
    return None if row is None else {field: getattr(row, field) for field in FIELDS}


def _facts(field: str, value: str) -> roster.Facts:
    return {"name": value} if field == "name" else {"picture": value}


def _tell(node: Node, about: str, field: str, local: str, before: str | None) -> None:
    """What somebody changed on our ordinary pages: a word of ours where we decide, else a proposal.

    It takes the place of the value that stood on that page; what stands beside it stays to be chosen from.
    """
    found = held.one(node, about)
    stands = found.field(field)
    if stands.word and stands.value == local and not stands.rivals:
        return
    rivals = {each.id for each in stands.rivals}
    seen = {each.id for each in stands.rivals if each.value == before}
    if stands.value == before:
        seen = set(stands.heads - rivals)
    sort = WRITE if found.is_ours else PROPOSAL
    mine = {each.id for each in stands.proposals if each.hub == node.identity.hub_id}
    held.say(node, sort, about, field=field, value=local, replaces=(seen or stands.heads) | mine)


def _hear(node: Node, line: Line) -> None:
    """Take in facts of our own that came back from a neighbour: after a restore, or from a second machine."""
    name = f"heard {line.stream}"
    after = int(_noted(node, name) or line.base)
    while after < line.seq:
        after = node.write(partial(_hear_some, node, line.stream, after, name))


def _hear_some(node: Node, stream: str, after: int, name: str) -> int:
    """Do it for some entries of a line after a number; returns up to where. Only inside `node.write`."""
    entries = node.journal.read(stream, after=after, limit=READ_STEP)
    for placed in entries:
        _take(node, placed.entry.kind, placed.entry.payload, placed.entry.depth)
    until = entries[-1].seq if entries else MAX_SEQ
    _note(node, name, str(until))
    return until


def _take(node: Node, kind: str, payload: bytes, depth: int) -> None:
    """Keep one fact among our own records, unless it is there or is none. Only inside `node.write`."""
    if kind != KIND:
        return
    own, table = node.identity.hub_id, node.tables.JointFact
    with suppress(ValueError, LookupError, TypeError, AttributeError):
        said = json.loads(payload)
        if author(said, own) == own and table.get_or_none(table.id == f"{own} {said['id']}") is None:
            node.journal.append(LOCAL, KIND, payload, depth=depth)


def _noted(node: Node, name: str) -> str | None:
    row = node.tables.Note.get_or_none(node.tables.Note.name == name)
    return None if row is None else str(json.loads(row.value))


def _note(node: Node, name: str, value: str) -> None:
    put(node.tables.Note, name=name, value=json.dumps(value))


def _mark(about: str, field: str) -> str:
    return f"in step {field} {about}"
