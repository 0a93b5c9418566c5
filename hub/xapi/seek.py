"""Which statements fit a question, as ranks in the order of storing; see `hub.tables.compact`.

Each filter can be fulfilled in several ways: an agent may be the actor, or be mentioned. Every way has an index that is
in the order of storing, so the first page costs a few of its rows and no sorting. Of several filters the rarest leads
and the others look at what it finds. A statement that refers to another one also fits when that one fits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hub.node import Node
from hub.tables import Tables, run
from hub.tables.compact import GAVE_WAY, KINDS, MOMENT_END, VOIDED, first_rank
from hub.tables.lookup import NOBODY, known
from hub.tables.lookup import numbers as numbers_of
from hub.vocabulary import ACTIVITY, HUBS
from hub.xapi.query import Query

COUNT_MAX = 20_000
"""How far the rows of a filter are counted, to know which one is the rarest."""
BELOW_MAX = 300
"""Activities below one that are asked for one by one, so that nothing has to be sorted."""
REFERENCES_FEW = 2_000
"""Fewer references than this are gone through, whatever is asked."""
FEW = 1_000
"""Fits of so many statements are followed to those that refer to them; else the references are gone through."""
RANK_END = 2**63 - 1
OUTSIDE = " AND r.authority > 0"
"""What the index of authorities is cut to: what the hub's own pages wrote has none."""


@dataclass(frozen=True)
class Bounds:
    """What one sender may see at all: only what it wrote, or only one sitting of one person; "" for no bound."""

    authority: str = ""
    actor: str = ""
    registration: str = ""


@dataclass(frozen=True)
class _Way:
    """One way to fulfil a filter: the rows whose `column` holds a number; `also` names what a partial index needs."""

    column: str
    number: int
    also: str = ""
    rank = "r.rank"
    """What its index is in the order of."""

    @property
    def values(self) -> list[Any]:
        """What the marks of its conditions stand for."""
        return [self.number]

    @property
    def condition(self) -> str:
        """Whether a row `r` is one of these, found otherwise: the plus keeps a database from using this index."""
        return f"+r.{self.column} = ?"

    @property
    def index(self) -> str:
        """Its index entries."""
        return f"statement_row r WHERE r.{self.column} = ?{self.also}"

    @property
    def source(self) -> str:
        """The rows `r` that its index leads to."""
        return self.index


class _Mentioned(_Way):
    """The rows that mention somebody or something in one role; `number` tells both."""

    rank = "m.rank"

    @property
    def condition(self) -> str:
        """See `_Way`."""
        return "EXISTS (SELECT 1 FROM statement_mention x WHERE x.what = ? AND x.rank = r.rank)"

    @property
    def index(self) -> str:
        """See `_Way`."""
        return "statement_mention m WHERE m.what = ?"

    @property
    def source(self) -> str:
        """See `_Way`."""
        return "statement_mention m JOIN statement_row r ON r.rank = m.rank WHERE m.what = ?"


@dataclass(frozen=True)
class _Below(_Way):
    """The rows about any of very many activities, whose names lie below one."""

    name: str = ""

    @property
    def values(self) -> list[Any]:
        """See `_Way`."""
        return [f"{self.name}:", f"{self.name};"]

    @property
    def condition(self) -> str:
        """See `_Way`."""
        return "r.activity IN (SELECT no FROM statement_name WHERE text >= ? AND text < ?)"

    @property
    def index(self) -> str:
        """See `_Way`."""
        return f"statement_row r WHERE {self.condition}"


_Filter = tuple[_Way, ...]


@dataclass(frozen=True)
class _Span:
    """Ranks from `low` on and below `high`, up or down, at most so many; `states` are the rows that count."""

    low: int
    high: int
    is_ascending: bool
    most: int
    states: str

    def of(self, rank: str) -> str:
        """The condition on a column of ranks; takes `low` and `high`."""
        return f"{rank} >= ? AND {rank} < ?"

    def order(self, rank: str) -> str:
        """How rows are ordered and cut; takes `most`."""
        return f" ORDER BY {rank}{'' if self.is_ascending else ' DESC'} LIMIT ?"

    def cut(self, found: set[int]) -> list[int]:
        """The first ranks of those found."""
        return sorted(found, reverse=not self.is_ascending)[: self.most]

    def before(self, first: list[int]) -> "_Span":
        """Where what still counts lies when these are the `first` that were found."""
        if len(first) < self.most:
            return self
        return replace(self, high=first[-1]) if self.is_ascending else replace(self, low=first[-1] + 1)


def ranks(node: Node, query: Query, bounds: Bounds, *, most: int) -> list[int]:
    """The ranks of the first statements that fit, in the order asked for. Voided ones only where `query` says so."""
    tables, span = node.tables, _span(query, most)
    numbers = known(tables, (query.agent, query.activity, query.verb, query.registration, *vars(bounds).values()))
    wanted, inside = _wanted(node, query, numbers), _inside(bounds, numbers)
    found = set(_direct(tables, [*wanted, *inside], span))
    if wanted and run(tables, "SELECT 1 FROM statement_ref LIMIT 1").fetchone() is not None:
        found |= set(_referring(tables, wanted, inside, span))
    return span.cut(found)


def inside(tables: Tables, bounds: Bounds) -> tuple[str, list[Any]]:
    """The condition that a row `r` lies in the bounds, and its values."""
    return _conditions(_inside(bounds, known(tables, vars(bounds).values())))


def _span(query: Query, most: int) -> _Span:
    low = first_rank(query.since_ms + 1) if query.since_ms is not None else 0
    has_end = query.until_ms is not None and query.until_ms + 1 < MOMENT_END
    high = first_rank((query.until_ms or 0) + 1) if has_end else RANK_END
    if query.after is not None:
        low, high = (max(low, query.after + 1), high) if query.ascending else (low, min(high, query.after))
    states = f"r.is_voided < {GAVE_WAY if query.with_voided else VOIDED}"
    return _Span(low, high, query.ascending, most, states)


def _wanted(node: Node, query: Query, numbers: dict[str, int]) -> list[_Filter]:
    """The filters of a question, each the ways in which it can be fulfilled."""
    found: list[_Filter] = []
    if query.agent:
        found.append(_agent(node, query, numbers.get(query.agent, NOBODY)))
    if query.activity:
        found.append(_activity(node, query, numbers.get(query.activity, NOBODY)))
    for column, name in (("verb", query.verb), ("registration", query.registration)):
        if name:
            found.append((_Way(column, numbers.get(name, NOBODY)),))
    return found


def _agent(node: Node, query: Query, number: int) -> _Filter:
    ways = [_Way("actor", number), _mentioned("agent", number)]
    if query.related_agents:
        ways += [_mentioned("related agent", number), _Way("authority", number, OUTSIDE)]
        if query.agent == f"account:{HUBS}|{node.identity.hub_id}":
            ways.append(_Way("hub", numbers_of(node.tables, node.identity.hub_id)[0], " AND r.authority = 0"))
    return tuple(ways)


def _activity(node: Node, query: Query, number: int) -> _Filter:
    ways = [_Way("activity", number), _mentioned("activity", number)]
    if query.related_activities:
        ways += [_mentioned("related activity", number), *_below(node.tables, query.activity)]
    return tuple(ways)


def _below(tables: Tables, activity: str) -> list[_Way]:
    """The ways of the names below an activity of ours; below another's there is none."""
    if not activity.startswith(ACTIVITY):
        return []
    whole = _Below("activity", NOBODY, name=activity)
    asked = "SELECT no FROM statement_name WHERE text >= ? AND text < ? LIMIT ?"
    found = run(tables, asked, *whole.values, BELOW_MAX + 1).fetchall()
    return [whole] if len(found) > BELOW_MAX else [_Way("activity", row[0]) for row in found]


def _mentioned(kind: str, number: int) -> _Way:
    return _Mentioned("what", number << 2 | KINDS.index(kind))


def _inside(bounds: Bounds, numbers: dict[str, int]) -> list[_Filter]:
    set_bounds = [(column, name) for column, name in vars(bounds).items() if name]
    return [
        (_Way(column, numbers.get(name, NOBODY), OUTSIDE if column == "authority" else ""),)
        for column, name in set_bounds
    ]


def _direct(tables: Tables, filters: Sequence[_Filter], span: _Span) -> Iterator[int]:
    """The first ranks of the statements that fulfil all filters themselves."""
    if not filters:
        sql = f"SELECT r.rank FROM statement_row r WHERE {span.of('r.rank')} AND {span.states}{span.order('r.rank')}"  # noqa: S608
        yield from (row[0] for row in run(tables, sql, span.low, span.high, span.most))
        return
    lead = min(filters, key=lambda each: _count(tables, each, span)) if len(filters) > 1 else filters[0]
    condition, values = _conditions([each for each in filters if each is not lead])
    first: list[int] = []
    for way in lead:
        sql = (
            f"SELECT r.rank FROM {way.source} AND {span.of(way.rank)} AND {span.states}{condition}"  # noqa: S608
            f"{span.order(way.rank)}"
        )
        rows = run(tables, sql, *way.values, span.low, span.high, *values, span.most)
        first = span.cut({*first, *(row[0] for row in rows)})
        span = span.before(first)
    yield from first


def _count(tables: Tables, ways: _Filter, span: _Span) -> int:
    """How many rows a filter has in a span, counted no further than COUNT_MAX."""
    total = 0
    for way in ways:
        entries = f"SELECT 1 FROM {way.index} AND {span.of(way.rank)} LIMIT ?"  # noqa: S608 - our words
        asked = f"SELECT count(*) FROM ({entries}) AS few"  # noqa: S608 - our words
        total += run(tables, asked, *way.values, span.low, span.high, COUNT_MAX - total).fetchone()[0]
        if total >= COUNT_MAX:
            break
    return total


def _conditions(filters: Sequence[_Filter]) -> tuple[str, list[Any]]:
    """That a row `r` fulfils all filters, and the values of that."""
    parts = [" OR ".join(way.condition for way in ways) for ways in filters]
    values = [value for ways in filters for way in ways for value in way.values]
    return "".join(f" AND ({part})" for part in parts), values


def _referring(tables: Tables, wanted: Sequence[_Filter], inside: Sequence[_Filter], span: _Span) -> Iterator[int]:
    """The first ranks of statements that refer to one that fits, or to one that refers to such a one, and so on.

    Few references are gone through; of many, those of what fits are followed, while that is little.
    """
    counted = "SELECT count(*) FROM (SELECT 1 FROM statement_ref LIMIT ?) AS few"
    first: list[int] = []
    if is_many := run(tables, counted, REFERENCES_FEW).fetchone()[0] == REFERENCES_FEW:
        everything = _Span(0, RANK_END, span.is_ascending, FEW, f"r.is_voided < {GAVE_WAY}")
        first = list(_direct(tables, wanted, everything))
    if is_many and len(first) < FEW:
        base = f"SELECT rank FROM statement_row WHERE rank IN ({', '.join('?' * len(first)) or 'NULL'})"  # noqa: S608
        values: list[Any] = first
    else:
        fits, values = _conditions(wanted)
        base = f"SELECT r.rank FROM statement_ref p CROSS JOIN statement_row r WHERE r.id = p.target{fits}"  # noqa: S608
    bounded, bounds_values = _conditions(inside)
    # Written as CROSS JOIN, SQLite keeps this order; else it would go through all rows, which stand in order already.
    sql = (
        f"WITH RECURSIVE fit (rank) AS ({base} UNION SELECT q.rank FROM fit CROSS JOIN statement_row s"  # noqa: S608
        " CROSS JOIN statement_ref q WHERE s.rank = fit.rank AND q.target = s.id)"
        " SELECT r.rank FROM fit CROSS JOIN statement_ref p CROSS JOIN statement_row r"
        f" WHERE p.rank = fit.rank AND r.rank = p.rank AND {span.of('r.rank')} AND {span.states}{bounded}"
        f"{span.order('r.rank')}"
    )
    yield from (row[0] for row in run(tables, sql, *values, span.low, span.high, *bounds_values, span.most))
