"""What statements add up to: answers, progress with each item, and what a person can do.

Everything here follows from the statements that stand and are not voided, whatever order they came in. Adding is
quick, since it happens at every answer; taking away counts again from the rows, since it is rare.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from hub.projections.told import Told, track
from hub.tables import Tables, among, many, put, run
from hub.tables.compact import TIES_BITS
from hub.vocabulary import index_key, place

RECENT_MAX = 8
"""Answers that are remembered for each person and competency; rules look at five."""
RIGHT = 1000

_PROGRESS = (
    "INSERT INTO progress (id, hub, person, package, item, state, score, first_ms, last_ms)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET"
    " state = CASE WHEN excluded.state > progress.state THEN excluded.state ELSE progress.state END,"
    " score = CASE WHEN excluded.score > progress.score THEN excluded.score ELSE progress.score END,"
    " first_ms = CASE WHEN excluded.first_ms < progress.first_ms THEN excluded.first_ms ELSE progress.first_ms END,"
    " last_ms = CASE WHEN excluded.state > 0 AND progress.state = 0 THEN excluded.last_ms"
    " WHEN excluded.state = 0 AND progress.state > 0 THEN progress.last_ms"
    " WHEN excluded.last_ms > progress.last_ms THEN excluded.last_ms ELSE progress.last_ms END"
)
_COMPETENCE = (
    "INSERT INTO competence (id, person, competency, recent, right_first_ms, right_last_ms) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET recent = excluded.recent, right_first_ms = excluded.right_first_ms,"
    " right_last_ms = excluded.right_last_ms"
)
_AT = f"(r.rank >> {TIES_BITS}) - r.ago_ms"
_STATE_OF = (
    f"SELECT MAX(r.state), MAX(CASE WHEN r.tries > 0 THEN -1 ELSE r.score END), MIN({_AT}),"  # noqa: S608 - our words
    f" COALESCE(MAX(CASE WHEN r.state > 0 THEN {_AT} END), MAX({_AT})) FROM statement_row r"
    " JOIN statement_name p ON p.no = r.actor JOIN statement_name a ON a.no = r.activity"
    " WHERE p.text = ? AND a.package = ? AND a.item = ? AND r.state >= 0 AND r.is_voided = 0"
)

Given = tuple[int, str, int]
"""One answer as a competence remembers it: (at_ms, statement, score)."""
Known = tuple[Sequence[Sequence[Any]], int | None, int | None]
"""What a competence remembers: the latest answers, and the first and last moment of a right one."""


def add(tables: Tables, found: Sequence[Told]) -> None:
    """Add what statements tell that have just come into the index and are not voided."""
    met = [(told, told.place) for told in found if told.place]
    rows = [
        (told.track, told.hub, told.actor, where.package, where.item, told.state, told.score, told.at_ms, told.at_ms)
        for told, where in met
    ]
    many(tables, _PROGRESS, rows)
    firsts = [told for told, _ in met if told.answer_score >= 0 and told.tries == 1]
    given = [
        (told.actor, name, (told.at_ms, told.id, told.answer_score)) for told in firsts for name in told.competencies
    ]
    _remember(tables, given)


def rows_of(tables: Tables, rank: int) -> tuple[Any, Any]:
    """A statement's row in the index, and that of its answer or None."""
    answer = tables.Answer.get_or_none(tables.Answer.rank == rank)
    return tables.Statement.get(tables.Statement.rank == rank), answer


def recount(tables: Tables, rank: int) -> None:
    """Count again what a statement was part of, after it was voided or is so no longer."""
    count_again(tables, *rows_of(tables, rank))


def count_again(tables: Tables, row: Any, answer: Any) -> None:
    """Count again what a statement was part of, which may have gone from the index since its rows were read."""
    _count_progress(tables, row)
    _count_competence(tables, answer)


def _count_progress(tables: Tables, row: Any) -> None:
    where = place(row.activity)
    if where is None or not where.item:
        return
    key = track(row.actor, where)
    state, score, first_ms, last_ms = run(tables, _STATE_OF, row.actor, where.package, where.item).fetchone()
    if state is None:
        run(tables, "DELETE FROM progress WHERE id = ?", key)
        return
    item = {"hub": row.hub, "person": row.actor, "package": where.package, "item": where.item}
    put(tables.Progress, id=key, **item, state=state, score=score, first_ms=first_ms, last_ms=last_ms)


def _count_competence(tables: Tables, answer: Any) -> None:
    if answer is None:
        return
    for name in answer.competencies.split():
        run(tables, "DELETE FROM competence WHERE id = ?", _key(answer.person, name))
        rows = tables.Answer.select().where(
            (tables.Answer.person == answer.person)
            & (tables.Answer.tries == 1)
            & (tables.Answer.is_voided == 0)
            & tables.Answer.competencies.contains(f" {name} ")
        )
        fitting = [row for row in rows if name in row.competencies.split()]
        _remember(tables, [(row.person, name, (row.at_ms, row.statement, row.score)) for row in fitting])


def _key(person: str, competency: str) -> str:
    return index_key(f"{person} {competency}")


def _remember(tables: Tables, found: Iterable[tuple[str, str, Given]]) -> None:
    """Put first answers among the latest ones of their person and competency."""
    gathered: dict[tuple[str, str], list[Given]] = {}
    for person, competency, given in found:
        gathered.setdefault((person, competency), []).append(given)
    keys = {who: _key(*who) for who in gathered}
    asked = "SELECT id, recent, right_first_ms, right_last_ms FROM competence WHERE id IN ({})"
    known: dict[str, Known] = {
        row[0]: (json.loads(row[1]), row[2], row[3]) for row in among(tables, asked, keys.values())
    }
    rows = []
    for who, all_given in gathered.items():
        recent, first_ms, last_ms = _with(known.get(keys[who], ([], None, None)), all_given)
        rows.append((keys[who], *who, json.dumps(recent, separators=(",", ":")), first_ms, last_ms))
    many(tables, _COMPETENCE, rows)


def _with(known: Known, given: Sequence[Given]) -> Known:
    """What is known of a competence, and more first answers."""
    recent = sorted([*map(list, known[0]), *map(list, given)], reverse=True)[:RECENT_MAX]
    right = [at_ms for at_ms, _, score in given if score == RIGHT]
    first_ms = min([*right, *([] if known[1] is None else [known[1]])], default=None)
    last_ms = max([*right, *([] if known[2] is None else [known[2]])], default=None)
    return recent, first_ms, last_ms
