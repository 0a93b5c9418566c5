"""Projections: pure folds from journal entries to table rows.

Folds commute: whatever order entries arrive in, the tables end the same, byte for byte. A kind that no fold knows is
kept in the journal and passed over; an entry that its fold cannot read, or of a version that it does not know, is
listed in `rejected` and the stream goes on. A program that reads more kinds or versions makes the tables again and
finds them there. Nothing here may read a clock, a setting or a table that is not a projection.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

from hub.projections import clock_fix, consents, foreign, joint, records, statements, told
from hub.projections.fold import Fold, Together
from hub.tables import Tables, compact, put
from sync.journal import Placed
from sync.stream import LOCAL

VERSION = 5
"""Raise this when a fold changes its meaning: the next start rebuilds the tables."""

AT_ONCE = 500
"""Entries of a rebuild that are folded at once; bounds memory."""

FOLDS: dict[str, Fold | Together] = {
    **records.FOLDS,
    **statements.FOLDS,
    **consents.FOLDS,
    **clock_fix.FOLDS,
    **joint.FOLDS,
}


def project(tables: Tables, placed: Placed) -> None:
    """Fold one entry into the tables, inside the caller's transaction."""
    project_all(tables, [placed])


def project_all(tables: Tables, entries: Iterable[Placed]) -> None:
    """Fold entries into the tables, inside the caller's transaction; those of a kind that comes in crowds at once."""
    crowds: dict[str, tuple[Together, list[tuple[Placed, Any]]]] = {}
    for placed in entries:
        fold = FOLDS.get(placed.entry.kind)
        if fold is None:
            continue
        try:
            fold.check(placed)
            foreign.check(placed)
            if isinstance(fold, Fold):
                fold.take(tables, placed)
            else:
                crowds.setdefault(placed.entry.kind, (fold, []))[1].append((placed, fold.read(placed)))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as mistake:
            _reject(tables, placed, mistake)
    for crowd, found in crowds.values():
        crowd.take(tables, found)


def take_out(tables: Tables, gone: Sequence[Placed], of_hub: Callable[[str], Iterable[Placed]]) -> None:
    """Take what was folded from entries of other hubs, which are erased now, out of the tables, as if they never came.

    `of_hub` gives the entries of a hub that stand. Of our own people everything is folded again by whoever erases
    (`hub.forgetting`), so that nothing is left in a count, a name or a definition.
    """
    subjects: dict[str, set[tuple[str, str]]] = {}
    for placed in gone:
        if placed.audience == LOCAL:
            continue
        tables.Rejected.delete().where(tables.Rejected.id == placed.id).execute()
        with suppress(ValueError, TypeError, LookupError, AttributeError, RecursionError):
            if placed.entry.kind in records.KINDS:
                subjects.setdefault(placed.hub, set()).add(records.subject_of(placed))
            elif placed.entry.kind == "statement":
                statements.drop(tables, placed.hub, told.read(placed).id)
            elif placed.entry.kind == joint.KIND:
                joint.take_out(tables, *joint.name_of(placed))
    for hub, about in subjects.items():
        records.forget(tables, about)
        project_all(tables, (placed for placed in of_hub(hub) if records.is_about(placed, about)))


def _reject(tables: Tables, placed: Placed, mistake: Exception) -> None:
    """List an entry that cannot be read."""
    put(
        tables.Rejected,
        id=placed.id,
        stream=placed.stream,
        seq=placed.seq,
        kind=placed.entry.kind,
        reason=f"{type(mistake).__name__}: {mistake}"[:300],
    )


def empty(tables: Tables) -> None:
    """Forget every row of every projection. Only inside a transaction of the caller's."""
    for model in tables.projections:
        model.delete().execute()
    compact.empty(tables.database)


def make(tables: Tables) -> None:
    """Make every projection table anew, whatever an earlier program had in their place."""
    compact.drop(tables.database)
    tables.database.drop_tables(tables.projections, safe=True)
    tables.database.create_tables(tables.projections)
    compact.create(tables.database)


def rebuild(tables: Tables, entries: Iterable[Placed]) -> int:
    """Empty every projection table and fold all entries again; returns how many. One transaction of the caller's."""
    empty(tables)
    count, rest = 0, iter(entries)
    while some := list(islice(rest, AT_ONCE)):
        project_all(tables, some)
        count += len(some)
    return count


def fingerprint(tables: Tables) -> str:
    """SHA-256 (hex) of all projection rows in key order: equal tables have equal fingerprints.

    Of the index of statements it is what the rows say that counts; their ranks tell when each came.
    """
    total = hashlib.sha256()
    for model in (*tables.projections, *tables.views):
        meta: Any = model._meta
        total.update(model.__name__.encode())
        columns = [field for field in meta.sorted_fields if field.name != "rank"]
        for row in model.select(*columns).order_by(meta.primary_key).tuples().iterator():
            total.update(json.dumps(row, ensure_ascii=False).encode())
    return total.hexdigest()


def shape(tables: Tables) -> str:
    """What the tables and their indexes look like and mean, and which kinds and versions they are made from, as text.

    When it changes, they are rebuilt.
    """
    columns = [
        (model.__name__, [(field.name, type(field).__name__) for field in model._meta.sorted_fields])
        for model in tables.projections
    ]
    indexes = [
        tables.database.get_sql_context().sql(index).query()[0]
        for model in tables.projections
        for index in model._meta.fields_to_index()
    ]
    read = [(kind, sorted(fold.versions)) for kind, fold in sorted(FOLDS.items())]
    made = compact.statements(tables.database)
    return hashlib.sha256(json.dumps([VERSION, columns, indexes, made, read]).encode()).hexdigest()
