"""How statements become rows of `hub.tables.compact`: names that get numbers, ranks in the order of storing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from hub.projections.clocks import PREFIX
from hub.projections.told import Told
from hub.tables import Tables, among_pairs, insert, run
from hub.tables.compact import GAVE_WAY, KINDS, NO_TRACK, TIES_BITS, VOIDED, first_rank, packed, unpacked
from hub.tables.lookup import among_ids, known
from hub.vocabulary import ACTIVITY, activity, place
from hub.vocabulary import VOIDED as VERB_VOIDED

_NAME = "statement_name (no, text, package, item, question)"
_ROW = (
    "statement_row (rank, id, stream, seq, hub, ago_ms, actor, verb, activity, registration, authority,"
    " state, score, is_voided, tries, competencies, response, clock)"
)
_MENTION = "statement_mention (what, rank)"
_REF = "statement_ref (rank, target)"
_LAST = (
    "WITH span (low, high) AS (VALUES {})"
    " SELECT low, (SELECT MAX(rank) FROM statement_row WHERE rank >= low AND rank < high) FROM span"
)
_BITS = {kind: bits for bits, kind in enumerate(KINDS)}
_SPAN = 1 << TIES_BITS


def add(tables: Tables, found: Sequence[Told], voided: Set[str]) -> Mapping[str, int]:
    """Write the rows of statements, none of whose ids stands yet; those whose id is in `voided` are voided already.

    Returns the numbers of all names in them, also of those that what follows needs.
    """
    no = numbers(tables, (name for told in found for name in _names(told)))
    ranks = list(_ranks(tables, [told.stored_ms for told in found]))
    both = list(zip(ranks, found, strict=True))
    insert(tables, _ROW, [_row(tables, rank, told, no, told.id in voided) for rank, told in both])
    whats = [(no[name] << 2 | _BITS[kind], rank) for rank, told in both for kind, name in told.mentions]
    insert(tables, _MENTION, sorted(set(whats)))
    targets = [(rank, packed(tables.database, told.target)) for rank, told in both if told.target]
    insert(tables, _REF, targets)
    return no


def standing(tables: Tables, ids: Iterable[str]) -> dict[str, int]:
    """Which of these statements stand in the index, and their ranks."""
    asked = "SELECT id, rank FROM statement_row WHERE id IN ({})"
    return {unpacked(row[0]): row[1] for row in among_ids(tables, asked, ids)}


def give_way(tables: Tables, rank: int) -> None:
    """Take a row out for another of its id. It keeps its rank, so that what mentions it mentions nothing else."""
    run(tables, "UPDATE statement_row SET id = NULL, is_voided = ? WHERE rank = ?", GAVE_WAY, rank)
    run(tables, "DELETE FROM statement_ref WHERE rank = ?", rank)


def voided(tables: Tables, found: Iterable[Told]) -> frozenset[str]:
    """The ids of those that a statement voids that is here already. What voids cannot be voided."""
    hubs = {told.id: told.hub for told in found if told.verb != VERB_VOIDED}
    if not hubs or run(tables, "SELECT 1 FROM statement_ref LIMIT 1").fetchone() is None:
        return frozenset()
    asked = (
        "SELECT p.target, h.text FROM statement_ref p JOIN statement_row r ON r.rank = p.rank"
        " JOIN statement_name v ON v.no = r.verb JOIN statement_name h ON h.no = r.hub"
        " WHERE v.text = ? AND p.target IN ({})"
    )
    rows = among_ids(tables, asked, hubs, VERB_VOIDED)
    return frozenset(unpacked(row[0]) for row in rows if hubs[unpacked(row[0])] == row[1])


def mark(tables: Tables, hub: str, target: str, *, is_voided: bool) -> int | None:
    """Mark a statement of a hub as voided, or as standing again: its rank, or None when there is none that could be."""
    asked = (
        "SELECT r.rank FROM statement_row r JOIN statement_name v ON v.no = r.verb"
        " JOIN statement_name h ON h.no = r.hub WHERE r.id = ? AND h.text = ? AND v.text <> ?"
    )
    row = run(tables, asked, packed(tables.database, target), hub, VERB_VOIDED).fetchone()
    if row is None:
        return None
    run(tables, "UPDATE statement_row SET is_voided = ? WHERE rank = ?", VOIDED * is_voided, row[0])
    return int(row[0])


def clock_names(tables: Tables, marks: str) -> list[tuple[int, str]]:
    """The numbers of the marks of clocks that are like `marks`, and the marks."""
    found = run(tables, "SELECT no, text FROM statement_name WHERE text LIKE ?", PREFIX + marks).fetchall()
    return [(int(no), text.removeprefix(PREFIX)) for no, text in found]


def move(tables: Tables, clock: int, moved_ms: int) -> None:
    """Move the moments of the statements under a mark; when they were stored stays as it was told."""
    run(tables, "UPDATE statement_row SET ago_ms = ago_ms - ? WHERE clock = ?", moved_ms, clock)


def numbers(tables: Tables, names: Iterable[str]) -> Mapping[str, int]:
    """The number of each name; those that have none get the next ones."""
    wanted = dict.fromkeys(names)
    found = known(tables, sorted(wanted))
    fresh = [name for name in wanted if name not in found]
    if fresh:
        last = run(tables, "SELECT MAX(no) FROM statement_name").fetchone()[0]
        found.update(zip(fresh, range(last + 1, last + 1 + len(fresh)), strict=True))
        insert(tables, _NAME, [(found[name], name, *_parts(name)) for name in fresh])
    return found


def _parts(name: str) -> tuple[str | None, str | None, str | None]:
    """Package, item and question of an activity of ours; nothing of any other name."""
    where = place(name) if name.startswith(ACTIVITY) else None
    return (where.package, where.item, where.question) if where else (None, None, None)


def _names(told: Told) -> Iterator[str]:
    yield from (told.stream, told.hub, told.actor, told.verb, told.activity, told.registration, told.authority)
    yield _competencies(told)
    yield _clock(told)
    for _, name in told.mentions:
        yield name
    if told.place:
        yield activity(told.place.package, told.place.item)
        yield from told.competencies


def _competencies(told: Told) -> str:
    """The competencies of an answer, parted by spaces, with a space at both ends."""
    return f" {' '.join(told.competencies)} " if told.competencies and told.answer_score >= 0 else ""


def _clock(told: Told) -> str:
    """The name of the mark of a statement's clock, "" for none."""
    return PREFIX + told.clock if told.clock else ""


def _row(tables: Tables, rank: int, told: Told, no: Mapping[str, int], is_voided: bool) -> tuple[object, ...]:
    is_answer = told.answer_score >= 0
    return (
        rank,
        packed(tables.database, told.id),
        no[told.stream],
        told.seq,
        no[told.hub],
        (rank >> TIES_BITS) - told.at_ms,
        no[told.actor],
        no[told.verb],
        no[told.activity],
        no[told.registration],
        no[told.authority],
        told.state if told.place else NO_TRACK,
        told.answer_score if is_answer else told.score,
        int(is_voided),
        told.tries if is_answer else 0,
        no[_competencies(told)],
        told.response if is_answer else "",
        no[_clock(told)],
    )


def _ranks(tables: Tables, moments: Sequence[int]) -> Iterator[int]:
    """The next free rank at each moment, in this order."""
    firsts = list(map(first_rank, moments))
    free = _free(tables, firsts)
    for first in firsts:
        yield _next(tables, free, first)


def _free(tables: Tables, firsts: Iterable[int]) -> dict[int, int]:
    """The next free rank of each millisecond, which may lie behind its end."""
    rows = among_pairs(tables, _LAST, ((first, first + _SPAN) for first in firsts))
    return {first: first if last is None else last + 1 for first, last in rows}


def _next(tables: Tables, free: dict[int, int], first: int) -> int:
    """A rank in the millisecond that begins at `first`, or in the next one that has room."""
    while free[first] >= first + _SPAN:
        first += _SPAN
        if first not in free:
            free |= _free(tables, [first])
    free[first] += 1
    return free[first] - 1
