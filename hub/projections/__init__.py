"""Projections: pure folds from journal entries to table rows.

Folds commute: whatever order entries arrive in, the tables end the same, byte for byte. A kind that no fold knows is
kept in the journal and passed over; an entry that its fold cannot read, or of a version that it does not know, is
listed in `rejected` and the stream goes on. A program that reads more kinds or versions makes the tables again and
finds them there. Nothing here may read a clock, a setting or a table that is not a projection.
"""

import hashlib
import json
from collections.abc import Iterable

from hub.projections import consents, foreign, records, statements
from hub.projections.fold import Fold
from hub.tables import Tables, put
from sync.journal import Placed

VERSION = 3
"""Raise this when a fold changes its meaning: the next start rebuilds the tables."""

FOLDS: dict[str, Fold] = {**records.FOLDS, **statements.FOLDS, **consents.FOLDS}


def project(tables: Tables, placed: Placed) -> None:
    """Fold one entry into the tables, inside the caller's transaction."""
    fold = FOLDS.get(placed.entry.kind)
    if fold is None:
        return
    try:
        fold.check(placed)
        foreign.check(placed)
        fold.take(tables, placed)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as mistake:
        put(
            tables.Rejected,
            id=placed.id,
            stream=placed.stream,
            seq=placed.seq,
            kind=placed.entry.kind,
            reason=f"{type(mistake).__name__}: {mistake}"[:300],
        )


def rebuild(tables: Tables, entries: Iterable[Placed]) -> int:
    """Empty every projection table and fold all entries again; returns how many. One transaction of the caller's."""
    for model in tables.projections:
        model.delete().execute()
    count = 0
    for placed in entries:
        project(tables, placed)
        count += 1
    return count


def fingerprint(tables: Tables) -> str:
    """SHA-256 (hex) of all projection rows in key order: equal tables have equal fingerprints."""
    total = hashlib.sha256()
    for model in tables.projections:
        total.update(model.__name__.encode())
        for row in model.select().order_by(model._meta.primary_key).tuples().iterator():
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
    return hashlib.sha256(json.dumps([VERSION, columns, indexes, read]).encode()).hexdigest()
