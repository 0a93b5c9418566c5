"""Forget what other hubs told, when one of them leaves: the tables are then as if it had never been here."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice

from hub.projections import records, told
from hub.projections.foreign import OF_ITS_OWN
from hub.tables import Tables, many, run
from sync.journal import Placed

AT_ONCE = 500
"""Entries that are read at once; bounds memory."""
_OF_HUB = "SELECT rank FROM statement_row WHERE hub = ?"
_BY_RANK = ("statement_mention", "statement_ref")


def forget(tables: Tables, hub: str, streams: Iterable[str], entries: Iterable[Placed]) -> None:
    """Delete every row that follows from the streams of another hub. Only inside a transaction of the caller's.

    `entries` are those of its streams; they are read only where other hubs have said what activities are.
    """
    _forget_statements(tables, hub)
    _forget_descriptions(tables, entries)
    for kind in OF_ITS_OWN:
        for table in ("register", getattr(tables, records.KINDS[kind])._meta.table_name):
            name, only = ("subject", "kind = ?") if table == "register" else ("id", "? <> ''")
            gone = f"DELETE FROM {table} WHERE {only} AND ({name} = ? OR {name} LIKE ?)"  # noqa: S608 - our own names
            run(tables, gone, kind, hub, f"{hub}:%")
    for model in (tables.JointFact, tables.Twin):
        model.delete().where(model.hub == hub).execute()
    for stream in streams:
        run(tables, "DELETE FROM rejected WHERE stream = ?", stream)
        run(tables, "DELETE FROM statement_name WHERE text = ?", stream)


def _forget_statements(tables: Tables, hub: str) -> None:
    """The index of statements, and what was learned."""
    no = run(tables, "SELECT no FROM statement_name WHERE text = ?", hub).fetchone()
    if no is not None:
        for table in _BY_RANK:
            run(tables, f"DELETE FROM {table} WHERE rank IN ({_OF_HUB})", no[0])  # noqa: S608 - our own names
        run(tables, "DELETE FROM statement_progress WHERE hub = ?", no[0])
        run(tables, "DELETE FROM statement_row WHERE hub = ?", no[0])
    of_its_people = "SELECT no FROM statement_name WHERE text LIKE ?"
    run(tables, f"DELETE FROM statement_competence WHERE person IN ({of_its_people})", f"%@{hub}")  # noqa: S608
    run(tables, "DELETE FROM statement_name WHERE text LIKE ? OR text = ?", f"%@{hub}", hub)


def _forget_descriptions(tables: Tables, entries: Iterable[Placed]) -> None:
    """What the hub said that activities are; by the rules of what leaves it says nothing of that."""
    if run(tables, "SELECT 1 FROM description WHERE place < 0 LIMIT 1").fetchone() is None:
        return
    rest = iter(entries)
    while some := list(islice(rest, AT_ONCE)):
        names = [(name,) for placed in some for name in _said(placed)]
        many(tables, "DELETE FROM description WHERE id = ? AND place < 0", names)


def _said(placed: Placed) -> Iterator[str]:
    with suppress(ValueError, TypeError, LookupError, AttributeError, RecursionError):
        yield from (each[0] for each in told.read(placed).said)
