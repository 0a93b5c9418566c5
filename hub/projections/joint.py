"""The fold of what hubs hold together: a union of facts, each taken once under its author and id.

An entry carries `{"id", "sort", "subject", "field", "value", "replaces": [ids], "depth", "stream"}`, and `by` where the
hub with which the record began tells what another hub said of it. The order of arrival does not matter: rows are only
added, and of two that claim one id the lesser by its content stands.
"""

import hashlib
import json
from collections.abc import Collection
from typing import Any

from hub.projections import twins
from hub.projections.erased import is_any_erased, mark_of
from hub.projections.fold import Fold
from hub.projections.registers import is_name, is_text
from hub.projections.twins import Said
from hub.tables import Tables, put
from hub.tables.joint import SORTS
from sync.journal import Placed

KIND = "joint"
REPLACES_MAX = 64
DEPTH_MAX = 2**53
VALUE_CHARS_MAX = 200
SUBJECTS = ("person", "circle")
_TEXTS = ("id", "sort", "subject", "field", "value", "stream")


def fold(tables: Tables, placed: Placed) -> None:
    """Take one fact in. Raises ValueError when its shape is wrong."""
    said = json.loads(placed.entry.payload)
    row = _row(said, said.get("by", placed.hub))
    if _is_forgotten(tables, row):
        return
    known = tables.JointFact.get_or_none(tables.JointFact.id == row["id"])
    if known is not None and known.digest != row["digest"]:
        mine = Said(row["digest"], row["hub"], "", 0)
        twins.met(tables, f"{KIND} {row['id']}", [mine, Said(known.digest, known.hub, "", 0)])
    if known is None or row["digest"] < known.digest:
        put(tables.JointFact, **row)


def forget(tables: Tables, hub: str, marks: Collection[bytes]) -> None:
    """Take out the facts about people whom their hub has forgotten, whoever said them."""
    for row in tables.JointFact.select().where(tables.JointFact.subject.startswith(f"{hub}:")):
        if any(mark_of(hub, name) in marks for name in _people(hub, row.subject, row.value)):
            take_out(tables, row.hub, row.fact)


def take_out(tables: Tables, hub: str, fact: str) -> None:
    """Take one fact out, as if it had never come."""
    tables.JointFact.delete().where(tables.JointFact.id == f"{hub} {fact}").execute()
    tables.Twin.delete().where(tables.Twin.name == f"{KIND} {hub} {fact}").execute()


def name_of(placed: Placed) -> tuple[str, str]:
    """The hub and the id under which an entry's fact stands. Raises ValueError, KeyError or TypeError."""
    said = json.loads(placed.entry.payload)
    return str(said.get("by", placed.hub)), str(said["id"])


def _is_forgotten(tables: Tables, row: dict[str, Any]) -> bool:
    """Whether a fact is about somebody whom their hub has forgotten."""
    hubs = {origin(row["subject"]), origin(row["value"])}
    return any(is_any_erased(tables, hub, _people(hub, row["subject"], row["value"])) for hub in hubs)


def _people(hub: str, *about: str) -> list[str]:
    """The ids of a hub's people among some names of records."""
    front = f"{hub}:person:"
    return [each.removeprefix(front) for each in about if each.startswith(front)]


def author(payload: dict[str, Any], hub: str) -> str:
    """Who said it, by a payload that a hub told. Raises ValueError when that hub may not tell it of another."""
    by = payload.get("by", hub)
    if by != hub and origin(str(payload["subject"])) != hub:
        raise ValueError("only the hub where a record began may tell what others said of it")
    return str(by)


def origin(subject: str) -> str:
    """The hub where a record began."""
    return subject.partition(":")[0]


def _row(said: dict[str, Any], hub: str) -> dict[str, Any]:
    texts = {name: said.get(name, "") for name in _TEXTS}
    replaces, depth = said.get("replaces", []), said["depth"]
    if not all(isinstance(each, str) and len(each) <= VALUE_CHARS_MAX and is_text(each) for each in texts.values()):
        raise ValueError("no text, or too long")
    if texts["sort"] not in SORTS or not is_name(texts["id"]) or " " in texts["id"] or not is_name(hub):
        raise ValueError("not a fact")
    parts = texts["subject"].split(":")
    if len(parts) != 3 or parts[1] not in SUBJECTS or not all(parts):  # noqa: PLR2004 - hub, sort and id
        raise ValueError("about nothing")
    if not isinstance(replaces, list) or len(replaces) > REPLACES_MAX or not all(map(is_name, replaces)):
        raise ValueError("not a list of facts, or too many")
    if type(depth) is not int or not 0 <= depth <= DEPTH_MAX:
        raise ValueError("no depth")
    row = {**texts, "hub": hub, "depth": depth, "replaces": " ".join(sorted(set(replaces)))}
    digest = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:32]
    fact = row.pop("id")
    return {"id": f"{hub} {fact}", "fact": fact, "digest": digest, **row}


FOLDS: dict[str, Fold] = {KIND: Fold(fold)}
