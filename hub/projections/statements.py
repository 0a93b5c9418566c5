"""The fold of learning records: the index of statements, what they mention, and what voids what.

An entry of our own carries `{"id", "stored", "authority", …, "raw"}`; one that another hub published carries `raw`
alone, whose id is that hub's stand-in, the same for a copy that comes twice. Of two entries with one id the lesser
(stream, seq) stands; where they say different things, both are listed
(`twins`). A statement voids only one of its own hub, and never one that voids.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hub.projections import clocks, definitions, joint, learning, recognition, rows, twins
from hub.projections.erased import without
from hub.projections.fold import Together
from hub.projections.told import Told, read
from hub.projections.twins import Said
from hub.tables import Tables, insert, run
from hub.vocabulary import VOIDED
from sync import erasing
from sync.ids import cut_id
from sync.journal import Placed
from sync.stream import LOCAL

_ATTACHED = "attached (id, statement, sha2, size)"
_MOVED = "movedstatement (statement, hub)"

_SAID = ("hub", "actor", "verb", "activity", "registration", "authority", "state", "score")
"""What a row of the index says, beside when; with its target, whose view has dashes for none, and of an answer more."""

Found = tuple[Placed, Told]
"""An entry and what it tells."""


def fold(tables: Tables, found: Sequence[Found]) -> None:
    """Take statements that were read into the index, in their order; those without anything special in one stroke."""
    found = without(tables, found)
    definitions.add(tables, found)
    found = _moved(tables, found)
    seen = set(rows.standing(tables, [told.id for _, told in found]))
    plain: list[Found] = []
    for each in found:
        told = each[1]
        if told.id in seen or told.verb == VOIDED:
            _add(tables, plain)
            plain = []
            _add_special(tables, each)
        else:
            plain.append(each)
        seen.add(told.id)
    _add(tables, plain)


def _moved(tables: Tables, found: Sequence[Found]) -> Sequence[Found]:
    """The same with the moments that our clock gave moved to the time as it became known."""
    shifts = clocks.shifts(tables, {told.clock for _, told in found})
    if not any(shifts.values()):
        return found
    return [(placed, replace(told, at_ms=told.at_ms + shifts[told.clock])) for placed, told in found]


def _add_special(tables: Tables, found: Found) -> None:
    """A statement that voids, or whose id stands already."""
    told = found[1]
    rank = rows.standing(tables, [told.id]).get(told.id)
    if rank is not None:
        twins.met(tables, told.id, _both(tables, told, rank))
        if not _make_way(tables, told, rank):
            return
    _add(tables, [found])
    if told.verb == VOIDED:
        _mark(tables, told.hub, told.target, is_voided=True)


def _add(tables: Tables, found: Sequence[Found]) -> None:
    """Write statements whose ids do not stand, and what follows from them."""
    if not found:
        return
    all_told = [told for _, told in found]
    voided = rows.voided(tables, all_told)
    no = rows.add(tables, all_told, voided)
    insert(
        tables,
        _ATTACHED,
        [(f"{told.id} {sha2}", told.id, sha2, size) for told in all_told for sha2, size in told.attached],
    )
    insert(tables, _MOVED, [(told.id, told.brought_from) for told in all_told if told.brought_from])
    learning.add(tables, [told for told in all_told if told.id not in voided], no)
    for placed, told in found:
        recognition.add(tables, placed, told, is_voided=told.id in voided)


def _mark(tables: Tables, hub: str, target: str, *, is_voided: bool) -> None:
    """Mark a statement, if it is here, and count again what it was part of."""
    rank = rows.mark(tables, hub, target, is_voided=is_voided) if target else None
    if rank is not None:
        learning.recount(tables, rank)
        recognition.mark(tables, target, is_voided=is_voided)


def _make_way(tables: Tables, told: Told, rank: int) -> bool:
    """Take the standing statement of the same id out when the new one goes before it; False when it stays."""
    row, answer = learning.rows_of(tables, rank)
    if (row.stream, row.seq) <= (told.stream, told.seq):
        return False
    _take_out(tables, row, answer)
    return True


def drop(tables: Tables, hub: str, statement: str) -> None:
    """Take a statement that its hub has erased out of the index, if it is there, with all that followed from it."""
    rank = rows.standing(tables, [statement]).get(statement)
    if rank is None:
        return
    row, answer = learning.rows_of(tables, rank)
    if row.hub == hub:
        _take_out(tables, row, answer)
        run(tables, "DELETE FROM statement_mention WHERE rank = ?", rank)
        run(tables, "DELETE FROM statement_row WHERE rank = ?", rank)
        tables.Twin.delete().where(tables.Twin.name == statement).execute()


def _take_out(tables: Tables, row: Any, answer: Any) -> None:
    """Take a row out of the index, and what followed from it."""
    rows.give_way(tables, row.rank)
    run(tables, "DELETE FROM attached WHERE statement = ?", row.id)
    run(tables, "DELETE FROM movedstatement WHERE statement = ?", row.id)
    learning.count_again(tables, row, answer)
    recognition.drop(tables, row.id)
    if row.verb == VOIDED and not _is_voided_by_another(tables, row.hub, row.target):
        _mark(tables, row.hub, row.target, is_voided=False)


def _both(tables: Tables, told: Told, rank: int) -> list[Said]:
    """What the new statement and the standing one of its id say, without when: a copy may be told by another clock."""
    row, answer = learning.rows_of(tables, rank)
    if (row.stream, row.seq) == (told.stream, told.seq):
        return []
    given = (answer.score, answer.tries, answer.response, answer.competencies) if answer else ()
    stands = _digest([*(getattr(row, name) for name in _SAID), row.target.strip("-")], given)
    named = f" {' '.join(told.competencies)} " if told.competencies else ""
    given = (told.answer_score, told.tries, told.response, named) if told.answer_score >= 0 else ()
    comes = _digest([*(getattr(told, name) for name in _SAID), told.target], given)
    return [Said(stands, row.hub, row.stream, row.seq), Said(comes, told.hub, told.stream, told.seq)]


def _digest(facts: Sequence[object], given: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps([facts, given]).encode()).hexdigest()[:16]


def _is_voided_by_another(tables: Tables, hub: str, target: str) -> bool:
    """Whether a statement that stands voids this one of a hub."""
    table = tables.Statement
    others = table.select().where((table.verb == VOIDED) & (table.hub == hub) & (table.target == target))
    return bool(target) and others.exists()


def _known(placed: Placed) -> Sequence[bytes]:
    return erasing.read(placed.entry.payload).known


def _take_known(tables: Tables, found: Sequence[tuple[Placed, Sequence[bytes]]]) -> None:
    """Take out the copies of other hubs whose ids an erasure names. Of ours everything is folded again."""
    for placed, marks in found:
        if placed.audience != LOCAL and marks:
            joint.forget(tables, placed.hub, marks)
        for mark in marks if placed.audience != LOCAL else ():
            drop(tables, placed.hub, cut_id(mark))


FOLDS: dict[str, Together] = {
    "statement": Together(read=read, take=fold),
    erasing.ERASE: Together(read=_known, take=_take_known),
}
