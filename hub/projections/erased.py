"""What must not come back: statements whose ids their hub has erased, by whichever road a copy travels."""

import hashlib
from collections.abc import Sequence

from hub.parsed import value_of
from hub.projections import former
from hub.projections.told import Told
from hub.tables import Tables, among, run
from sync.journal import Placed
from sync.stream import LOCAL

Found = tuple[Placed, Told]


def mark_of(hub: str, name: str) -> bytes:
    """What names an id that a hub had erased and tells nobody which it was: 32 bytes."""
    return hashlib.sha256(f"{hub} {name}".encode()).digest()


def without(tables: Tables, found: Sequence[Found]) -> Sequence[Found]:
    """Of statements those whose id its hub has not erased. `journal_known` is a part of the journal."""
    if not are_any(tables):
        return found
    marks = [mark_of(placed.hub, _name(placed, told)) for placed, told in found]
    gone = _among(tables, marks)
    return [each for each, mark in zip(found, marks, strict=True) if mark not in gone]


def are_any(tables: Tables) -> bool:
    """Whether any hub has erased anything under an id."""
    return run(tables, "SELECT 1 FROM journal_known LIMIT 1").fetchone() is not None


def is_any_erased(tables: Tables, hub: str, names: Sequence[str]) -> bool:
    """Whether a hub has erased one of these ids, or did while it went under another key."""
    if not names or not are_any(tables):
        return False
    return bool(_among(tables, [mark_of(each, name) for each in (hub, *former.hubs(tables)) for name in names]))


def _among(tables: Tables, marks: Sequence[bytes]) -> set[bytes]:
    return {bytes(row[0]) for row in among(tables, "SELECT mark FROM journal_known WHERE mark IN ({})", marks)}


def _name(placed: Placed, told: Told) -> str:
    """The id that a statement has at home."""
    if placed.audience == LOCAL:
        return told.id
    raw = value_of(placed.entry.payload)["raw"]
    return str(raw.get("id", placed.id))
