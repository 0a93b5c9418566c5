"""The fold of roles: where one was given and taken back by people who did not know of each other, it is taken back.

A giving names in `knows` the takings-back it knew of; one it did not know outlives it. Of a former program's words,
which name none, the deeper one knew of those less deep.
"""

import json
from typing import Any

from hub.projections.registers import is_text
from hub.tables import Tables, put
from sync.journal import Placed

KIND = "role"
KNOWS_CHARS_MAX = 64 * 40
"""Takings-back that one giving can name: 64."""


def take(tables: Tables, placed: Placed, subject: str, said: dict[str, Any]) -> dict[str, int]:
    """Keep the word about a role; as a field whether it is held now, none where nothing was said of that yet."""
    if "is_held" in said:
        place = {"depth": placed.entry.depth, "stream": placed.stream, "seq": placed.seq}
        held, knows = int(bool(said["is_held"])), said.get("knows")
        put(tables.RoleWord, id=placed.id, subject=subject, is_held=held, knows=knows, **place)
    words = list(tables.RoleWord.select().where(tables.RoleWord.subject == subject))
    return {"is_held": int(is_held(words))} if words else {}


def checked(payload: bytes) -> dict[str, Any]:
    """What an entry sets of a role. Raises ValueError when the takings-back are in no right shape."""
    said: dict[str, Any] = json.loads(payload)["set"]
    knows = said.get("knows", "")
    if not isinstance(knows, str) or len(knows) > KNOWS_CHARS_MAX or not is_text(knows):
        raise ValueError("not a list of words")
    return said


def is_held(words: list[Any]) -> bool:
    """Whether a role is held, by all that was said of it, in any order."""
    taken = [each for each in words if not each.is_held]
    return any(all(_knew(given, each) for each in taken) for given in words if given.is_held)


def taken_back(tables: Tables, subject: str) -> str:
    """The takings-back of a role that are known here, as a giving names them."""
    table = tables.RoleWord
    found = table.select().where((table.subject == subject) & (table.is_held == 0)).order_by(table.id)
    return " ".join(each.id for each in found)


def _knew(given: Any, taken: Any) -> bool:
    if given.stream == taken.stream:
        return bool(given.seq > taken.seq)
    return taken.depth < given.depth if given.knows is None else taken.id in given.knows.split()
