"""Find statements: one by its id, or a page of them by filters, in the order of storing.

Within one millisecond the journal's own order decides, so that a page goes on exactly where the last one ended,
whatever has come meanwhile.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hub.node import Node
from hub.tables import run
from hub.vocabulary import ACTIVITY, HUBS
from hub.xapi.described import Known
from hub.xapi.formats import shaped
from hub.xapi.query import Query, Single, token
from hub.xapi.store import whole
from sync.journal import Placed

PAGE_BYTES_MAX = 2 * 1024 * 1024
"""A page ends early when its statements are long."""
READ_AT_ONCE = 50
"""Statements read in one question to the journal."""

Row = tuple[int, str, int]
"""Where a statement stands: stored, stream, number."""


@dataclass(frozen=True)
class Bounds:
    """What one sender may see at all: only what it wrote, or only one sitting of one person; "" for no bound."""

    authority: str = ""
    actor: str = ""
    registration: str = ""


@dataclass(frozen=True)
class Page:
    """Statements as they are given out, and the word behind which the next page lies, "" at the end."""

    statements: tuple[dict[str, Any], ...]
    more: str


def single(
    node: Node, asked: Single, *, bounds: Bounds | None = None, languages: Sequence[str] = ()
) -> dict[str, Any] | None:
    """One statement, or None when it is not here, is in the other state or lies outside the bounds."""
    where, values = _bounded(bounds or Bounds())
    sql = f"SELECT stream, seq FROM statement s WHERE id = ? AND is_voided = ?{where}"  # noqa: S608 - our words
    row = run(node.tables, sql, asked.id, int(asked.is_voided), *values).fetchone()
    placed = node.journal.get(*row) if row else None
    known = Known(node).definition
    return None if placed is None else shaped(whole(placed), form=asked.form, languages=languages, known=known)


def page(node: Node, query: Query, *, bounds: Bounds | None = None, languages: Sequence[str] = ()) -> Page:
    """A page of the statements that fit, newest first unless `query` says otherwise. Voided ones are left out."""
    rows = _rows(node, query, bounds or Bounds())
    found: list[dict[str, Any]] = []
    size, last, known = 0, None, Known(node).definition
    for row, placed in _read(node, rows[: query.limit]):
        size += len(placed.entry.payload)
        if found and size > PAGE_BYTES_MAX:
            break
        found.append(shaped(whole(placed), form=query.form, languages=languages, known=known))
        last = row
    is_cut = last is not None and last != rows[-1]
    more = token(node.cookie_key, replace(query, after=(last[0], last[1], last[2]))) if last and is_cut else ""
    return Page(tuple(found), more)


def _read(node: Node, rows: Sequence[Row]) -> Iterator[tuple[Row, Placed]]:
    """The rows with their entries, some at a time: a page may end early, and should not have read all."""
    for start in range(0, len(rows), READ_AT_ONCE):
        some = rows[start : start + READ_AT_ONCE]
        found = node.journal.gather([(stream, seq) for _, stream, seq in some])
        yield from ((row, found[row[1:]]) for row in some if row[1:] in found)


def voided_among(node: Node, ids: Sequence[str]) -> frozenset[str]:
    """Those of these statements that are voided."""
    if not ids:
        return frozenset()
    sql = f"SELECT id FROM statement WHERE is_voided = 1 AND id IN ({', '.join('?' * len(ids))})"  # noqa: S608
    return frozenset(row[0] for row in run(node.tables, sql, *ids))


def consistent_through(node: Node) -> int:
    """A moment (ms) up to which every statement stored on this hub can be found.

    It waits for what is being written, so that a sender who asks from there misses nothing.
    """
    return node.write(node.clock.now_ms) - 1


def _rows(node: Node, query: Query, bounds: Bounds) -> list[Row]:
    """(stored, stream, number) of what fits: one more than asked for, to know whether there is more."""
    where, values = _fitting(node, query)
    if where and _has_references(node):
        where, prefix = "s.id IN (SELECT id FROM hit)", _recursive(where)
    else:
        prefix = ""
    bounded, bounds_values = _bounded(bounds)
    placed, placed_values = _in_order(query)
    order = "" if query.ascending else " DESC"
    sql = (
        f"{prefix}SELECT s.stored_ms, s.stream, s.seq FROM statement s WHERE s.is_voided"  # noqa: S608 - our words
        f" {'>=' if query.with_voided else '='} 0{' AND ' + where if where else ''}{bounded}{placed}"
        f" ORDER BY s.stored_ms{order}, s.stream{order}, s.seq{order} LIMIT ?"
    )
    return [
        (row[0], row[1], row[2])
        for row in run(node.tables, sql, *values, *bounds_values, *placed_values, query.limit + 1)
    ]


def _fitting(node: Node, query: Query) -> tuple[str, list[Any]]:
    """The condition for what a statement speaks of, "" for none."""
    parts: list[str] = []
    values: list[Any] = []
    if query.agent:
        own = f"account:{HUBS}|{node.identity.hub_id}"
        kinds = ("agent", "related agent") if query.related_agents else ("agent",)
        ours = " OR (s.authority = '' AND s.hub = ?) OR s.authority = ?" if query.related_agents else ""
        parts.append(f"(s.actor = ?{ours} OR {_mentioned(kinds)})")
        asked = [node.identity.hub_id if query.agent == own else "", query.agent] if query.related_agents else []
        values += [query.agent, *asked, query.agent]
    if query.activity:
        kinds = ("activity", "related activity") if query.related_activities else ("activity",)
        below = " OR substr(s.activity, 1, ?) = ?" if query.related_activities else ""
        parts.append(f"(s.activity = ?{below} OR {_mentioned(kinds)})")
        values += [query.activity, *(_below(query.activity) if below else ()), query.activity]
    for name in ("verb", "registration"):
        if value := getattr(query, name):
            parts.append(f"s.{name} = ?")
            values.append(value)
    return " AND ".join(parts), values


def _mentioned(kinds: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return f"s.id IN (SELECT statement FROM mention WHERE name = ? AND kind IN ({listed}))"  # noqa: S608 - our words


def _below(activity: str) -> tuple[int, str]:
    """How the names below an activity of ours begin; below another's there is none, and no name is that short."""
    return (len(activity) + 1, f"{activity}:") if activity.startswith(ACTIVITY) else (0, " ")


def _has_references(node: Node) -> bool:
    """Whether any statement speaks of another one; most hubs have none, and need no second look."""
    return run(node.tables, "SELECT 1 FROM statement WHERE target > '' LIMIT 1").fetchone() is not None


def _recursive(where: str) -> str:
    """A statement also fits when the one it refers to fits, and so on."""
    return (
        f"WITH RECURSIVE hit(id) AS (SELECT s.id FROM statement s WHERE {where}"  # noqa: S608 - our words
        " UNION SELECT t.id FROM statement t JOIN hit ON t.target = hit.id) "
    )


def _bounded(bounds: Bounds) -> tuple[str, list[str]]:
    fields = ("authority", "actor", "registration")
    set_fields = [(name, getattr(bounds, name)) for name in fields if getattr(bounds, name)]
    return "".join(f" AND s.{name} = ?" for name, _ in set_fields), [value for _, value in set_fields]


def _in_order(query: Query) -> tuple[str, list[Any]]:
    """The condition for since, until and the place where the last page ended."""
    where = ""
    values: list[Any] = []
    if query.since_ms is not None:
        where += " AND s.stored_ms > ?"
        values.append(query.since_ms)
    if query.until_ms is not None:
        where += " AND s.stored_ms <= ?"
        values.append(query.until_ms)
    if query.after:
        sign = ">" if query.ascending else "<"
        where += f" AND (s.stored_ms, s.stream, s.seq) {sign} (?, ?, ?)"
        values += query.after
    return where, values
