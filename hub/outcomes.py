"""What was learned here in whole periods of four weeks, counted for all together and never for one.

The periods never overlap, so that two counts cannot be subtracted from each other to find what one person did between
them. A count is of steps: one person finishing one item in a period is one, however often. What a community sees of
itself hides counts of fewer than five people; what leaves it hides those of fewer than ten, and so does all that a
region shows: there other communities are looked at. `hub.suppression` says how. Who said no is not among those that
leave, also not for a period that is over.
"""

import csv
import io
import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub import handout, parquet, vocabulary
from hub.consent.purposes import COUNTED, ELSEWHERE
from hub.consent.withheld import Withheld, withheld
from hub.moments import moment_text
from hub.node import Node
from hub.parquet import TEXT, WHOLE, Column
from hub.projections.rows import standing
from hub.suppression import Cell, hidden
from hub.tables.compact import first_rank
from hub.tables.learning import FINISHED

INSIDE, LEAVING = 5, 10
"""The fewest people that a count shown inside a community, or one that leaves it, may be of."""
PERIOD_MS = 28 * 86_400_000
FIRST_MONDAY_MS = 4 * 86_400_000
"""The first Monday after 1970 began; every hub counts its periods from it."""
EARLIER = 6
"""Periods before the last one whose totals are shown."""
FINISHED_NAME = "urn:mangrove:finished"
NAMESPACE = uuid.UUID("6f9d1f0e-5a3c-4d0b-9c39-9a1f2b7f6f21")
"""Statements of the same count have the same id, so that taking an export in twice counts once."""

COLUMNS = (
    *(Column(name, TEXT) for name in ("list", "key", "title", "since", "until")),
    *(Column(name, WHOLE) for name in ("finished", "hidden_below_people")),
)
"""What a table of counts holds."""

Step = tuple[str, str, str]
"""Who, which item, of which hub."""


@dataclass(frozen=True)
class Row:
    """One count; `count` is None where it is hidden."""

    key: str
    title: str
    count: int | None


@dataclass(frozen=True)
class Outcomes:
    """The last whole period and the totals of those before. Times are milliseconds since 1970, UTC.

    `total` is None, and the lists are empty, when too few people learned something to show anything.
    """

    since_ms: int
    until_ms: int
    least: int
    total: int | None
    people: int | None
    packages: tuple[Row, ...]
    hubs: tuple[Row, ...]
    earlier: tuple[Row, ...]


@dataclass(frozen=True)
class Count:
    """One count that may leave: of all steps, of the people who took them, of a package's steps, or of those who
    practised a competency. `sort` says which, `key` and `title` name the package or the competency."""

    sort: str
    key: str
    title: str
    count: int


@dataclass(frozen=True)
class Period:
    """A whole period that is over, with what may leave of it; no counts when too few people learned something."""

    since_ms: int
    until_ms: int
    counts: tuple[Count, ...]


def leaving(node: Node) -> list[Period]:
    """What was learned at this hub in the last whole periods, as it may leave; the latest first."""
    until, stays = period_end(node.clock.now_ms()), withheld(node, (ELSEWHERE, COUNTED))
    return [_leaving(node, stays, until - n * PERIOD_MS) for n in range(EARLIER + 1)]


def outcomes(node: Node) -> Outcomes:
    """What all together finished in the last whole period, as it may be shown on this hub's own pages."""
    return _counted(node, LEAVING if node.settings.role == "region" else INSIDE)


def period_end(now_ms: int) -> int:
    """When the last whole period ended."""
    return now_ms - (now_ms - FIRST_MONDAY_MS) % PERIOD_MS


def export(node: Node, *, form: str, to: Path) -> int:
    """Write what may leave into the file `to`; returns how many counts. Raises InputWrong."""
    found = _counted(node, LEAVING)
    if form == "parquet":
        handout.stream(to, parquet.written(COLUMNS, _lines(found)))
    else:
        handout.write(to, {"csv": _as_csv, "xapi": _as_statements}[form](node, found))
    return sum(row.count is not None for row in _all_rows(found))


def _counted(node: Node, least: int) -> Outcomes:
    """The same with counts of fewer than `least` people hidden."""
    until, stays = period_end(node.clock.now_ms()), withheld(node, (ELSEWHERE, COUNTED) if least == LEAVING else ())
    steps = _steps(node, stays, until - PERIOD_MS, until)
    packages = _cells(steps, lambda step: _package(step[1]))
    hubs = _cells(steps, lambda step: step[2])
    safe = [hidden(cells, least) for cells in (packages, hubs)]
    is_shown = bool(steps) and None not in safe
    return Outcomes(
        since_ms=until - PERIOD_MS,
        until_ms=until,
        least=least,
        total=len(steps) if is_shown else None,
        people=len({step[0] for step in steps}) if is_shown else None,
        packages=_rows(packages, safe[0], _titles(node)) if is_shown else (),
        hubs=_rows(hubs, safe[1], _names(node)) if is_shown else (),
        earlier=tuple(_total(node, stays, until - n * PERIOD_MS, least) for n in range(1, EARLIER + 1)),
    )


def _leaving(node: Node, stays: Withheld, until: int) -> Period:
    since, ours = until - PERIOD_MS, node.identity.hub_id
    steps = frozenset(step for step in _steps(node, stays, since, until) if step[2] == ours)
    packages = _cells(steps, lambda step: _package(step[1]))
    safe = hidden(packages, LEAVING)
    if safe is None or not steps:
        return Period(since, until, ())
    whole = [Count("all", "", "", len(steps)), Count("people", "", "", len({step[0] for step in steps}))]
    shown = [("package", _rows(packages, safe, _titles(node)))]
    practised = _practised(node, stays, since, until)
    if (hide := hidden(practised, LEAVING)) is not None:
        shown.append(("competency", _rows(practised, hide, {})))
    parts = [
        Count(sort, row.key, row.title, row.count) for sort, rows in shown for row in rows if row.count is not None
    ]
    return Period(since, until, (*whole, *parts))


def _practised(node: Node, stays: Withheld, since_ms: int, until_ms: int) -> list[Cell]:
    """Who answered questions of a competency here; without anybody who has ever said no to one of the purposes."""
    table, groups = node.tables.Answer, defaultdict[str, set[str]](set)
    ours = {row.id for row in node.tables.Person.select(node.tables.Person.id)} - set(stays.openings)
    brought = _brought(node)
    rows = table.select(table.person, table.competencies, table.rank).where(
        (table.rank >= first_rank(since_ms))
        & (table.rank < first_rank(until_ms))
        & (table.is_voided == 0)
        & (table.competencies != "")
    )
    for row in rows:
        for name in row.competencies.split() if row.person in ours and row.rank not in brought else ():
            groups[name].add(row.person)
    return [Cell(name, len(people), frozenset(people)) for name, people in sorted(groups.items())]


def _steps(node: Node, stays: Withheld, since_ms: int, until_ms: int) -> frozenset[Step]:
    """Every step of the period, each once, but for those that stay."""
    table, brought = node.tables.Statement, _brought(node)
    rows = table.select(table.actor, table.activity, table.hub, table.stream, table.seq, table.rank).where(
        (table.rank >= first_rank(since_ms))
        & (table.rank < first_rank(until_ms))
        & (table.state >= FINISHED)
        & (table.is_voided == 0)
        & (table.actor != "")
    )
    found: Any = rows.tuples()
    return frozenset(
        (actor, activity, hub)
        for actor, activity, hub, stream, seq, rank in found
        if rank not in brought
        and vocabulary.place(activity) is not None
        and not stays.holds(actor, stream=stream, seq=seq)
    )


def _brought(node: Node) -> frozenset[int]:
    """The ranks of what people brought along when they moved here: it was counted where it happened."""
    return frozenset(standing(node.tables, [row.statement for row in node.tables.MovedStatement.select()]).values())


def _package(activity: str) -> str:
    place = vocabulary.place(activity)
    return place.package if place else ""


def _cells(steps: Iterable[Step], key: Callable[[Step], str]) -> list[Cell]:
    groups: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        groups[key(step)].append(step)
    return [Cell(name, len(group), frozenset(step[0] for step in group)) for name, group in sorted(groups.items())]


def _rows(cells: Iterable[Cell], hide: frozenset[str] | None, titles: dict[str, str]) -> tuple[Row, ...]:
    """The rows by title: an order by count would tell what is hidden."""
    keep = hide or frozenset()
    rows = [Row(cell.key, titles.get(cell.key, cell.key), None if cell.key in keep else cell.count) for cell in cells]
    return tuple(sorted(rows, key=lambda row: (row.title.casefold(), row.key)))


def _total(node: Node, stays: Withheld, until_ms: int, least: int) -> Row:
    steps = _steps(node, stays, until_ms - PERIOD_MS, until_ms)
    is_shown = len({step[0] for step in steps}) >= least or not steps
    return Row(str(until_ms - PERIOD_MS), moment_text(until_ms - PERIOD_MS)[:10], len(steps) if is_shown else None)


def _titles(node: Node) -> dict[str, str]:
    """Titles of packages: other hubs' first, so that our own shelf has the last word."""
    table = node.tables.HubPackage
    told: Any = table.select(table.package, table.title).tuples()
    return {**dict(told), **{row.id: row.title for row in node.catalogue.list()}}


def _names(node: Node) -> dict[str, str]:
    return {hub.id: hub.name for hub in node.tables.Hub.select()}


def _all_rows(found: Outcomes) -> list[Row]:
    return [*found.packages, *found.hubs, *found.earlier]


def _as_csv(_node: Node, found: Outcomes) -> str:
    """One line a count; a hidden one is empty."""
    page = io.StringIO()
    write = csv.writer(page, lineterminator="\r\n").writerow
    write([column.name for column in COLUMNS])
    for name, key, title, *numbers in _lines(found):
        write([name, _plain(key), _plain(title), *("" if each is None else each for each in numbers)])
    return page.getvalue()


def _lines(found: Outcomes) -> Iterator[tuple[Any, ...]]:
    """The counts as lines of a table with COLUMNS; a hidden one is None."""
    since, until = moment_text(found.since_ms)[:10], moment_text(found.until_ms)[:10]
    yield "all", "", "", since, until, found.total, found.least
    for name, rows in (("package", found.packages), ("hub", found.hubs)):
        for row in rows:
            yield name, row.key, row.title, since, until, row.count, found.least
    for row in found.earlier:
        end = moment_text(int(row.key) + PERIOD_MS)[:10]
        yield "period", row.title, "", row.title, end, row.count, found.least


def _plain(text: str) -> str:
    """A name that no spreadsheet takes for a formula: other hubs name packages too."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _as_statements(node: Node, found: Outcomes) -> str:
    """One statement of this hub for every package whose count may be shown."""
    shown = [_statement(node.identity.hub_id, found, row) for row in found.packages if row.count is not None]
    return json.dumps(shown, ensure_ascii=False, indent=1)


def _statement(hub: str, found: Outcomes, row: Row) -> dict[str, Any]:
    definition = {"type": vocabulary.PACKAGE_TYPE, "name": {"und": row.title}}
    return {
        "id": str(uuid.uuid5(NAMESPACE, f"{hub} {found.since_ms} {row.key}")),
        "actor": {"account": {"homePage": vocabulary.HUBS, "name": hub}},
        "verb": {"id": vocabulary.VERBS["completed"]},
        "object": {"id": vocabulary.activity(row.key), "definition": definition},
        "result": {"extensions": {FINISHED_NAME: row.count}},
        "timestamp": moment_text(found.until_ms),
    }
