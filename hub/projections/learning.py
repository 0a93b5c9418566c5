"""What statements add up to: answers, progress with each item, and what a person can do.

Everything here follows from the statements that stand and are not voided, whatever order they came in. Adding is
quick, since it happens at every answer; taking away counts again from the rows, since it is rare.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from hub.projections.rows import numbers
from hub.projections.told import Told
from hub.tables import Tables, among_pairs, insert, run
from hub.tables.compact import TIES_BITS
from hub.vocabulary import Place, activity, place

RECENT_MAX = 8
"""Answers that are remembered for each person and competency; rules look at five."""
RIGHT = 1000
ID_LETTERS = 8
"""Letters of a statement's id that put two answers of one moment in order."""

_PROGRESS = "statement_progress (person, item, hub, state, score, first_ms, last_ms)"
_STANDS = "ON CONFLICT (person, item) DO UPDATE SET"
_FURTHER = (
    f"{_STANDS} state = CASE WHEN excluded.state > p.state THEN excluded.state ELSE p.state END,"
    " score = CASE WHEN excluded.score > p.score THEN excluded.score ELSE p.score END,"
    " first_ms = CASE WHEN excluded.first_ms < p.first_ms THEN excluded.first_ms ELSE p.first_ms END,"
    " last_ms = CASE WHEN excluded.state > 0 AND p.state = 0 THEN excluded.last_ms"
    " WHEN excluded.state = 0 AND p.state > 0 THEN p.last_ms"
    " WHEN excluded.last_ms > p.last_ms THEN excluded.last_ms ELSE p.last_ms END"
).replace("p.", "statement_progress.")
_ANEW = (
    f"INSERT INTO {_PROGRESS} VALUES (?, ?, ?, ?, ?, ?, ?) {_STANDS} hub = excluded.hub,"  # noqa: S608 - our words
    " state = excluded.state, score = excluded.score, first_ms = excluded.first_ms, last_ms = excluded.last_ms"
)
_COMPETENCE = "statement_competence (person, competency, recent, right_first_ms, right_last_ms)"
_LATEST = (
    "ON CONFLICT (person, competency) DO UPDATE SET recent = excluded.recent,"
    " right_first_ms = excluded.right_first_ms, right_last_ms = excluded.right_last_ms"
)
_AT = f"(r.rank >> {TIES_BITS}) - r.ago_ms"
_STATE_OF = (
    f"SELECT MAX(r.state), MAX(CASE WHEN r.tries > 0 THEN -1 ELSE r.score END), MIN({_AT}),"  # noqa: S608 - our words
    f" COALESCE(MAX(CASE WHEN r.state > 0 THEN {_AT} END), MAX({_AT})) FROM statement_row r"
    " JOIN statement_name p ON p.no = r.actor JOIN statement_name a ON a.no = r.activity"
    " WHERE p.text = ? AND a.package = ? AND a.item = ? AND r.state >= 0 AND r.is_voided = 0"
)

_MET = (
    "SELECT DISTINCT p.text, a.text, h.text FROM statement_row r JOIN statement_name p ON p.no = r.actor"
    " JOIN statement_name a ON a.no = r.activity JOIN statement_name h ON h.no = r.hub"
    " WHERE r.clock = ? AND r.state >= 0 AND r.is_voided = 0"
)
_PRACTISED = (
    "SELECT DISTINCT p.text, c.text FROM statement_row r JOIN statement_name p ON p.no = r.actor"
    " JOIN statement_name c ON c.no = r.competencies WHERE r.clock = ? AND r.tries = 1 AND r.is_voided = 0"
)

Progress = tuple[int, int, int, int, int, int, int]
"""A row of progress: person, item and hub by number, state, score, and the moments (ms) of its first and last act."""
Given = tuple[int, str, int]
"""One answer as a competence remembers it: (at_ms, the first letters of the statement's id, score)."""
Known = tuple[Sequence[Sequence[Any]], int | None, int | None]
"""What a competence remembers: the latest answers, and the first and last moment of a right one."""


class Met(NamedTuple):
    """Somebody and an activity that they met, at a hub."""

    actor: str
    activity: str
    hub: str


class Practised(NamedTuple):
    """Somebody and the competencies of an answer, as their columns have them."""

    person: str
    competencies: str


def add(tables: Tables, found: Sequence[Told], no: Mapping[str, int]) -> None:
    """Add what statements tell that have just come into the index and are not voided; `no` are their names' numbers."""
    met = [(told, told.place) for told in found if told.place]
    rows = [
        (no[told.actor], no[_item(where)], no[told.hub], told.state, told.score, told.at_ms, told.at_ms)
        for told, where in met
    ]
    insert(tables, _PROGRESS, _furthest(rows), _FURTHER)
    firsts = [told for told, _ in met if told.answer_score >= 0 and told.tries == 1]
    given = [
        (told.actor, name, _given(told.at_ms, told.id, told.answer_score))
        for told in firsts
        for name in told.competencies
    ]
    _remember(tables, given, no)


def _furthest(rows: Iterable[Progress]) -> list[Progress]:
    """What rows come to for each person and item, as `_FURTHER` puts one over the other."""
    found: dict[tuple[int, int], Progress] = {}
    for row in rows:
        key = row[:2]
        found[key] = _further(found[key], row) if key in found else row
    return list(found.values())


def _further(stands: Progress, comes: Progress) -> Progress:
    person, item, hub, state, score, first_ms, last_ms = stands
    _, _, _, next_state, next_score, next_first_ms, next_last_ms = comes
    if (next_state > 0) == (state > 0):
        last_ms = max(last_ms, next_last_ms)
    elif next_state > 0:
        last_ms = next_last_ms
    return person, item, hub, max(state, next_state), max(score, next_score), min(first_ms, next_first_ms), last_ms


def _item(where: Place) -> str:
    """The name of the item as a whole."""
    return activity(where.package, where.item)


def _given(at_ms: int, statement: str, score: int) -> Given:
    return at_ms, statement[:ID_LETTERS], score


def rows_of(tables: Tables, rank: int) -> tuple[Any, Any]:
    """A statement's row in the index, and that of its answer or None."""
    answer = tables.Answer.get_or_none(tables.Answer.rank == rank)
    return tables.Statement.get(tables.Statement.rank == rank), answer


def recount(tables: Tables, rank: int) -> None:
    """Count again what a statement was part of, after it was voided or is so no longer.

    Only what that needs is asked for: PostgreSQL takes longer to plan all names of a statement than to find them.
    """
    said, given = tables.Statement, tables.Answer
    row = said.select(said.actor, said.activity, said.hub).where(said.rank == rank).get()
    answer = given.select(given.person, given.competencies).where(given.rank == rank).first()
    count_again(tables, row, answer)


def count_again(tables: Tables, row: Any, answer: Any) -> None:
    """Count again what a statement was part of, which may have gone from the index since its rows were read."""
    _count_progress(tables, row)
    _count_competence(tables, answer)


def count_moved(tables: Tables, clock: int) -> None:
    """Count again what the statements under a mark of a clock were part of, after their moments were moved."""
    for actor, name, hub in run(tables, _MET, clock).fetchall():
        _count_progress(tables, Met(actor, name, hub))
    for actor, competencies in run(tables, _PRACTISED, clock).fetchall():
        _count_competence(tables, Practised(actor, competencies))


def _count_progress(tables: Tables, row: Any) -> None:
    where = place(row.activity)
    if where is None or not where.item:
        return
    state, score, first_ms, last_ms = run(tables, _STATE_OF, row.actor, where.package, where.item).fetchone()
    no = numbers(tables, (row.actor, _item(where), row.hub))
    key = (no[row.actor], no[_item(where)])
    if state is None:
        run(tables, "DELETE FROM statement_progress WHERE person = ? AND item = ?", *key)
        return
    run(tables, _ANEW, *key, no[row.hub], state, score, first_ms, last_ms)


def _count_competence(tables: Tables, answer: Any) -> None:
    if answer is None:
        return
    for name in answer.competencies.split():
        no = numbers(tables, (answer.person, name))
        gone = "DELETE FROM statement_competence WHERE person = ? AND competency = ?"
        run(tables, gone, no[answer.person], no[name])
        rows = tables.Answer.select().where(
            (tables.Answer.person == answer.person)
            & (tables.Answer.tries == 1)
            & (tables.Answer.is_voided == 0)
            & tables.Answer.competencies.contains(f" {name} ")
        )
        fitting = [row for row in rows if name in row.competencies.split()]
        given = [(row.person, name, _given(row.at_ms, row.statement, row.score)) for row in fitting]
        _remember(tables, given, no)


def _remember(tables: Tables, found: Iterable[tuple[str, str, Given]], no: Mapping[str, int]) -> None:
    """Put first answers among the latest ones of their person and competency."""
    gathered: dict[tuple[str, str], list[Given]] = {}
    for person, competency, given in found:
        gathered.setdefault((person, competency), []).append(given)
    if not gathered:
        return
    asked = (
        "SELECT person, competency, recent, right_first_ms, right_last_ms FROM statement_competence"
        " WHERE (person, competency) IN (VALUES {})"
    )
    keys = {(no[person], no[competency]): given for (person, competency), given in gathered.items()}
    known = {(row[0], row[1]): (json.loads(row[2]), row[3], row[4]) for row in among_pairs(tables, asked, keys)}
    rows = []
    for key, all_given in keys.items():
        recent, first_ms, last_ms = _with(known.get(key, ([], None, None)), all_given)
        rows.append((*key, json.dumps(recent, separators=(",", ":")), first_ms, last_ms))
    insert(tables, _COMPETENCE, rows, _LATEST)


def _with(known: Known, given: Sequence[Given]) -> Known:
    """What is known of a competence, and more first answers."""
    recent = sorted([*map(list, known[0]), *map(list, given)], reverse=True)[:RECENT_MAX]
    right = [at_ms for at_ms, _, score in given if score == RIGHT]
    first_ms = min([*right, *([] if known[1] is None else [known[1]])], default=None)
    last_ms = max([*right, *([] if known[2] is None else [known[2]])], default=None)
    return recent, first_ms, last_ms
