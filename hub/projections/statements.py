"""The fold of learning records: the index of statements, what they mention, and what voids what.

An entry of our own carries `{"id", "stored", "authority", …, "raw"}`; one that another hub published carries `raw`
alone, whose id is that hub's stand-in, the same for a copy that comes twice. Of two entries with one id the lesser
(stream, seq) stands. A statement voids only one of its own hub, and never one that voids.
"""

from hub.projections import learning, recognition
from hub.projections.fold import Fold
from hub.projections.told import Told, read
from hub.tables import Tables, run, sets
from hub.vocabulary import VOIDED
from sync.journal import Placed

_COLUMNS = (
    *("id", "stream", "seq", "hub", "stored_ms", "at_ms", "actor", "verb", "activity", "target"),
    *("registration", "authority", "track", "state", "score", "is_voided"),
)
_INDEX = (
    f"INSERT INTO statement ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 - our names
    " ON CONFLICT DO NOTHING"
)
_ATTACHED = "INSERT INTO attached (id, statement, sha2, size) VALUES (?, ?, ?, ?)"
_MENTION = "INSERT INTO mention (id, statement, kind, name) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


def fold(tables: Tables, placed: Placed) -> None:
    """Take one statement into the index and into what follows from it. Raises ValueError when it cannot be read."""
    told = read(placed)
    is_voided = _is_voided(tables, told)
    values = [getattr(told, name) for name in _COLUMNS[:-1]]
    while not sets(tables, _INDEX, *values, int(is_voided)):
        if not _make_way(tables, told):
            return
        is_voided = _is_voided(tables, told)
    for kind, name in told.mentions:
        run(tables, _MENTION, f"{told.id} {kind} {name}", told.id, kind, name)
    for sha2, size in told.attached:
        run(tables, _ATTACHED, f"{told.id} {sha2}", told.id, sha2, size)
    if told.verb == VOIDED:
        _void(tables, told)
    learning.add(tables, told, is_voided=is_voided)
    recognition.add(tables, placed, told, is_voided=is_voided)


def _is_voided(tables: Tables, told: Told) -> bool:
    """Whether a statement that voids this one is here already."""
    found = run(tables, "SELECT 1 FROM voiding WHERE target = ? AND hub = ? LIMIT 1", told.id, told.hub).fetchone()
    return found is not None and told.verb != VOIDED


def _void(tables: Tables, told: Told) -> None:
    """Note what this statement voids, and take it out of what was learned if it is here."""
    run(tables, "INSERT INTO voiding (id, hub, target) VALUES (?, ?, ?)", told.id, told.hub, told.target)
    _mark(tables, told.hub, told.target, is_voided=True)


def _mark(tables: Tables, hub: str, target: str, *, is_voided: bool) -> None:
    changed = sets(
        tables,
        "UPDATE statement SET is_voided = ? WHERE id = ? AND hub = ? AND verb <> ?",
        *(int(is_voided), target, hub, VOIDED),
    )
    if changed:
        learning.recount(tables, target, is_voided=is_voided)
        recognition.mark(tables, target, is_voided=is_voided)


def _make_way(tables: Tables, told: Told) -> bool:
    """Take the standing statement of the same id out when the new one goes before it; False when it stays."""
    standing = tables.Statement.get_by_id(told.id)
    if (standing.stream, standing.seq) <= (told.stream, told.seq):
        return False
    for name, column in (("statement", "id"), ("mention", "statement"), ("attached", "statement"), ("voiding", "id")):
        run(tables, f"DELETE FROM {name} WHERE {column} = ?", told.id)  # noqa: S608 - our names
    learning.drop(tables, standing)
    recognition.drop(tables, told.id)
    others = tables.Voiding.select().where(
        (tables.Voiding.target == standing.target) & (tables.Voiding.hub == standing.hub)
    )
    if standing.verb == VOIDED and not others.exists():
        _mark(tables, standing.hub, standing.target, is_voided=False)
    return True


FOLDS: dict[str, Fold] = {"statement": Fold(fold)}
