"""Find statements: one by its id, or a page of them by filters, in the order of storing.

Within one millisecond the order of taking decides, so that a page goes on exactly where the last one ended, whatever
has come meanwhile. `hub.xapi.seek` finds what fits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hub.node import Node
from hub.tables import among, run
from hub.tables.compact import VOIDED, packed, unpacked
from hub.tables.lookup import among_ids
from hub.xapi import seek
from hub.xapi.described import Known
from hub.xapi.formats import shaped
from hub.xapi.query import Query, Single, token
from hub.xapi.seek import Bounds as Bounds
from hub.xapi.store import whole
from sync.journal import Placed

PAGE_BYTES_MAX = 2 * 1024 * 1024
"""A page ends early when its statements are long."""
READ_AT_ONCE = 50
"""Statements read in one question to the journal."""

Row = tuple[int, str, int]
"""Where a statement stands: its rank in the order of storing, its entry's stream and number."""


@dataclass(frozen=True)
class Page:
    """Statements as they are given out, and the word behind which the next page lies, "" at the end."""

    statements: tuple[dict[str, Any], ...]
    more: str


def single(
    node: Node, asked: Single, *, bounds: Bounds | None = None, languages: Sequence[str] = ()
) -> dict[str, Any] | None:
    """One statement, or None when it is not here, is in the other state or lies outside the bounds."""
    bounded, values = seek.inside(node.tables, bounds or Bounds())
    sql = (
        "SELECT s.text, r.seq FROM statement_row r JOIN statement_name s ON s.no = r.stream"  # noqa: S608 - our words
        f" WHERE r.id = ? AND r.is_voided = ?{bounded}"
    )
    row = run(node.tables, sql, packed(node.database, asked.id), int(asked.is_voided), *values).fetchone()
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
    more = token(node.cookie_key, replace(query, after=last[0])) if last and is_cut else ""
    return Page(tuple(found), more)


def _read(node: Node, rows: Sequence[Row]) -> Iterator[tuple[Row, Placed]]:
    """The rows with their entries, some at a time: a page may end early, and should not have read all."""
    for start in range(0, len(rows), READ_AT_ONCE):
        some = rows[start : start + READ_AT_ONCE]
        found = node.journal.gather([(stream, seq) for _, stream, seq in some])
        yield from ((row, found[row[1:]]) for row in some if row[1:] in found)


def voided_among(node: Node, ids: Sequence[str]) -> frozenset[str]:
    """Those of these statements that are voided."""
    asked = f"SELECT id FROM statement_row WHERE is_voided = {VOIDED} AND id IN ({{}})"  # noqa: S608 - our number
    return frozenset(unpacked(row[0]) for row in among_ids(node.tables, asked, ids))


def consistent_through(node: Node) -> int:
    """A moment (ms) up to which every statement stored on this hub can be found.

    It waits for what is being written, so that a sender who asks from there misses nothing.
    """
    return node.write(node.clock.now_ms) - 1


def _rows(node: Node, query: Query, bounds: Bounds) -> list[Row]:
    """Where what fits stands: one more than asked for, to know whether there is more."""
    ranks = seek.ranks(node, query, bounds, most=query.limit + 1)
    asked = (
        "SELECT r.rank, s.text, r.seq FROM statement_row r JOIN statement_name s ON s.no = r.stream"
        " WHERE r.rank IN ({})"
    )
    found = {row[0]: (row[0], row[1], row[2]) for row in among(node.tables, asked, ranks)}
    return [found[rank] for rank in ranks if rank in found]
