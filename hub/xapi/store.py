"""The one door for learning records: every statement, our own or a tool's, comes into the journal here.

What was sent is kept byte for byte; what the hub adds (id, stored, authority, timestamp, version) stands beside it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hub.errors import StatementConflict, StatementWrong
from hub.moments import moment_ms, moment_text
from hub.node import Node
from hub.projections.told import id_of
from hub.tables import run
from hub.vocabulary import HUBS
from hub.xapi import rules
from hub.xapi.reading import check_size, read
from hub.xapi.same import same
from sync.journal import Placed

KIND = "statement"
STEP_BACK_MS = 3_600_000
"""A clock that is set back by less than this does not turn the order of storing round."""
VERSIONS = {"1.0": "1.0.3", "2.0": "2.0.0"}
"""Line of the standard → the version this hub speaks in it."""
DEFAULT_VERSION = {"1.0": "1.0.0", "2.0": "2.0.0"}
"""Line of the standard → the version of a statement that names none."""


@dataclass(frozen=True)
class _Checked:
    """A statement that may come in."""

    id: str
    raw: bytes
    value: dict[str, Any]


def take(node: Node, statements: Sequence[bytes], *, authority: dict[str, Any], line: str = "2.0") -> list[str]:
    """Keep statements, all of them or none, and return their ids in order. Safe to repeat.

    `authority` is the agent that vouches for them, `line` the version the sender speaks ("1.0" or "2.0"). One that is
    here already and says the same changes nothing. Raises StatementWrong, StatementTooLarge, or StatementConflict
    when another statement stands under the id.
    """
    checked = [_check(node, raw, line) for raw in statements]
    ids = [each.id for each in checked]
    if len(set(ids)) != len(ids):
        raise StatementWrong("Two statements of one request have the same id; nothing was kept.")

    def keep() -> None:
        stored_ms = _stored_ms(node)
        for each in checked:
            if not _is_here(node, each, line):
                _record(node, each, authority, line, stored_ms)

    node.write(keep)
    return ids


def keep_own(node: Node, statements: Sequence[dict[str, Any]]) -> None:
    """Keep statements of the hub's own pages, all or none; the hub itself vouches for them. Safe to repeat."""
    raws = [json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode() for each in statements]
    take(node, raws, authority=own_authority(node))


def own_authority(node: Node) -> dict[str, Any]:
    """The agent that vouches for what the hub's own pages record."""
    return {"objectType": "Agent", "account": {"homePage": HUBS, "name": node.identity.hub_id}}


def is_kept(node: Node, statement: str) -> bool:
    """Whether a statement of that id is here."""
    return run(node.tables, "SELECT 1 FROM statement WHERE id = ?", statement.lower()).fetchone() is not None


def original(placed: Placed) -> dict[str, Any]:
    """The statement of an entry as it was sent."""
    raw: dict[str, Any] = json.loads(placed.entry.payload)["raw"]
    return raw


def whole(placed: Placed) -> dict[str, Any]:
    """The statement of an entry with what the hub added to it."""
    payload = json.loads(placed.entry.payload)
    moment = moment_text(placed.entry.at_ms)
    hub = {"objectType": "Agent", "account": {"homePage": HUBS, "name": placed.hub}}
    added = {"id": id_of(placed, payload), "stored": moment, "authority": hub}
    added |= {name: payload[name] for name in ("stored", "authority") if name in payload}
    filled = {"timestamp": moment, "version": payload.get("version", VERSIONS["2.0"])}
    return {**filled, **payload["raw"], **added}


def _check(node: Node, raw: bytes, line: str) -> _Checked:
    value = read(check_size(raw))
    rules.check(value, line=line)
    return _Checked(str(value.get("id") or node.new_id()).lower(), raw, value)


def _stored_ms(node: Node) -> int:
    """Now, or the latest moment of storing when the clock was set back a little."""
    now = node.clock.now_ms()
    asked = "SELECT stored_ms FROM statement WHERE stored_ms BETWEEN ? AND ? ORDER BY stored_ms DESC LIMIT 1"
    latest = run(node.tables, asked, now, now + STEP_BACK_MS).fetchone()
    return latest[0] if latest else now


def _is_here(node: Node, each: _Checked, line: str) -> bool:
    """Whether the statement came before. Raises StatementConflict when another one did."""
    row = run(node.tables, "SELECT stream, seq FROM statement WHERE id = ?", each.id).fetchone()
    if row is None:
        return False
    placed = node.journal.get(row[0], row[1])
    if placed is None or not same(original(placed), each.value, line=line):
        raise StatementConflict(
            f"Another statement stands under the id {each.id}. It stays as it is and nothing of this request was kept;"
            " send yours under a new id."
        )
    return True


def _record(node: Node, each: _Checked, authority: dict[str, Any], line: str, stored_ms: int) -> None:
    moment = moment_ms(each.value.get("timestamp", ""))
    beside = {
        "id": each.id,
        "stored": moment_text(stored_ms),
        "authority": authority,
        "version": each.value.get("version", DEFAULT_VERSION[line]),
    }
    head = json.dumps(beside, ensure_ascii=False, separators=(",", ":")).encode()
    payload = head[:-1] + b',"raw":' + each.raw + b"}"
    node.record(KIND, payload, at_ms=stored_ms if moment is None else moment)


def with_id(raw: bytes, statement: str) -> bytes:
    """The bytes of a statement that names the id it was sent under.

    One without an id gets it as its first property and is otherwise untouched. Raises StatementWrong when the two
    differ, or when this is no single statement.
    """
    value = read(raw)
    if not isinstance(value, dict):
        raise StatementWrong("One statement is wanted here, as a JSON object; nothing was kept.")
    own = value.get("id", statement)
    if not isinstance(own, str) or own.lower() != statement.lower():
        raise StatementWrong("statementId: differs from the id in the statement; nothing was kept.")
    if "id" in value:
        return raw
    named = b'{"id":' + json.dumps(statement).encode()
    return named + (b"," if value else b"") + raw.lstrip()[1:]
