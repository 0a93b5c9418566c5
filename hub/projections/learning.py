"""What statements add up to: answers, progress with each item, and what a person can do.

Everything here follows from the statements that stand and are not voided, whatever order they came in. Adding is
quick, since it happens at every answer; taking away counts again from the rows, since it is rare.
"""

import json
from typing import Any

from hub.projections.told import Told
from hub.tables import Tables, put, run
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
_ANSWER = (
    "INSERT INTO answer (statement, person, package, item, question, score, response, tries, competencies, at_ms,"
    " stored_ms, attempt, is_voided) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_COMPETENCE = (
    "INSERT INTO competence (id, person, competency, recent, right_first_ms, right_last_ms) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET recent = excluded.recent, right_first_ms = excluded.right_first_ms,"
    " right_last_ms = excluded.right_last_ms"
)
_STATE_OF = (
    "SELECT MAX(state), MAX(score), MIN(at_ms), COALESCE(MAX(CASE WHEN state > 0 THEN at_ms END), MAX(at_ms))"
    " FROM statement WHERE actor = ? AND track = ? AND is_voided = 0"
)

Given = tuple[int, str, int]
"""One answer as a competence remembers it: (at_ms, statement, score)."""


def add(tables: Tables, told: Told, *, is_voided: bool) -> None:
    """Add a statement that has just come into the index; one that is voided already adds nothing but its answer."""
    where = told.place
    if where is None:
        return
    person, item = told.actor, (where.package, where.item)
    if not is_voided:
        run(tables, _PROGRESS, told.track, told.hub, person, *item, told.state, told.score, told.at_ms, told.at_ms)
    if told.answer_score < 0:
        return
    answer = (told.id, person, *item, where.question, told.answer_score, told.response, told.tries)
    names = " ".join(("", *told.competencies, "")) if told.competencies else ""
    run(tables, _ANSWER, *answer, names, told.at_ms, told.stored_ms, told.registration, int(is_voided))
    if told.tries == 1 and not is_voided:
        for name in told.competencies:
            _remember(tables, person, name, (told.at_ms, told.id, told.answer_score))


def recount(tables: Tables, statement: str, *, is_voided: bool) -> None:
    """Count again what a statement was part of, after it was voided or is so no longer."""
    run(tables, "UPDATE answer SET is_voided = ? WHERE statement = ?", int(is_voided), statement)
    row = tables.Statement.get_by_id(statement)
    _count_progress(tables, row)
    _count_competence(tables, tables.Answer.get_or_none(tables.Answer.statement == statement))


def drop(tables: Tables, row: Any) -> None:
    """Take away what a statement added; its row in the index is gone already."""
    answer = tables.Answer.get_or_none(tables.Answer.statement == row.id)
    run(tables, "DELETE FROM answer WHERE statement = ?", row.id)
    _count_progress(tables, row)
    _count_competence(tables, answer)


def _count_progress(tables: Tables, row: Any) -> None:
    where = place(row.activity)
    if not row.track or where is None:
        return
    state, score, first_ms, last_ms = run(tables, _STATE_OF, row.actor, row.track).fetchone()
    if state is None:
        run(tables, "DELETE FROM progress WHERE id = ?", row.track)
        return
    item = {"hub": row.hub, "person": row.actor, "package": where.package, "item": where.item}
    put(tables.Progress, id=row.track, **item, state=state, score=score, first_ms=first_ms, last_ms=last_ms)


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
        for row in rows:
            if name in row.competencies.split():
                _remember(tables, row.person, name, (row.at_ms, row.statement, row.score))


def _key(person: str, competency: str) -> str:
    return index_key(f"{person} {competency}")


def _remember(tables: Tables, person: str, competency: str, given: Given) -> None:
    """Put one first answer among the latest ones of a person and a competency."""
    key = _key(person, competency)
    asked = "SELECT recent, right_first_ms, right_last_ms FROM competence WHERE id = ?"
    recent, first_ms, last_ms = run(tables, asked, key).fetchone() or ("[]", None, None)
    kept = sorted([*json.loads(recent), list(given)], reverse=True)[:RECENT_MAX]
    if given[2] == RIGHT:
        first_ms = given[0] if first_ms is None else min(first_ms, given[0])
        last_ms = given[0] if last_ms is None else max(last_ms, given[0])
    run(tables, _COMPETENCE, key, person, competency, json.dumps(kept, separators=(",", ":")), first_ms, last_ms)
