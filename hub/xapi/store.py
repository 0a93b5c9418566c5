"""The one door for learning records: every statement, our own or a tool's, comes into the journal here.

What was sent is kept byte for byte; what the hub adds (id, stored, authority, timestamp, version) stands beside it.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import orjson

from hub.errors import HubError, NotAllowed, StatementConflict, StatementWrong, StorageFull
from hub.moments import moment_ms, moment_text
from hub.node import Node
from hub.parsed import Read, value_of
from hub.projections.erased import are_any, is_any_erased
from hub.projections.mentions import mentions
from hub.projections.told import id_of
from hub.tables import run
from hub.tables.compact import first_rank, moment_of
from hub.tables.lookup import places
from hub.vocabulary import HUBS, VOIDED, agent_key
from hub.xapi import attached, rules
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
NOT_YOURS = "This key takes back only what it wrote itself; nothing was kept. Ask whoever runs the hub for another one."


@dataclass(frozen=True)
class Taken:
    """The ids of statements that are kept, in order, and the moment (ms) up to which everything stored can be found."""

    ids: list[str]
    through_ms: int


@dataclass(frozen=True)
class _Checked:
    """A statement that may come in."""

    id: str
    raw: bytes
    value: dict[str, Any]
    attached: dict[str, int] = field(default_factory=dict)
    """The data that came with it: hash → size in bytes."""


def take(node: Node, statements: Sequence[bytes], *, authority: dict[str, Any], line: str = "2.0") -> list[str]:
    """Keep statements like `receive`, and return their ids in order."""
    return receive(node, statements, authority=authority, line=line).ids


def receive(
    node: Node,
    statements: Sequence[bytes],
    *,
    authority: dict[str, Any],
    line: str = "2.0",
    data: attached.Received | None = None,
    voids_any: bool = True,
) -> Taken:
    """Keep statements, all of them or none, with the data that came along. Safe to repeat.

    `authority` is the agent that vouches for them, `line` the version the sender speaks ("1.0" or "2.0"). One that is
    here already and says the same changes nothing. Raises StatementWrong, StatementTooLarge, StorageFull,
    StatementConflict when another statement stands under the id, or NotAllowed when one voids what somebody else
    vouches for and not `voids_any`.
    """
    data = data or attached.Received()
    checked = [_check(node, raw, line, data) for raw in statements]
    ids = [each.id for each in checked]
    if len(set(ids)) != len(ids):
        raise StatementWrong("Two statements of one request have the same id; nothing was kept.")
    _settle(node, checked, data, line)
    asked = _Asked(node, checked, authority, line, data, None if voids_any else authority)
    return Taken(ids, node.write_together(_keep, asked))


@dataclass(frozen=True)
class _Asked:
    """Statements of one request that wait to be kept; with `only_of` they void only what that agent vouches for."""

    node: Node
    checked: list[_Checked]
    authority: dict[str, Any]
    line: str
    data: attached.Received
    only_of: dict[str, Any] | None

    @property
    def voids(self) -> bool:
        """Whether one of them voids another, which may have come with the request just before."""
        return any(_is_voiding(each.value) for each in self.checked)


def _keep(requests: list[_Asked]) -> list[int | HubError]:
    """Keep the statements of requests one after the other, written down together; see `receive`.

    The answer to each is the moment (ms) up to which everything can be found, or why nothing of it was kept.
    """
    node, stored_ms = requests[0].node, _stored_ms(requests[0].node)
    here = places(node.tables, [each.id for asked in requests for each in asked.checked])
    stored, answers = moment_text(stored_ms), list[int | HubError]()
    waiting: list[tuple[Read, int]] = []
    coming: set[str] = set()
    for asked in requests:
        if asked.voids or not coming.isdisjoint(each.id for each in asked.checked):
            node.record_many(KIND, waiting)
            here |= places(node.tables, coming)
            waiting, coming = [], set()
        try:
            fresh = _fresh(asked, here)
        except (StatementConflict, StatementWrong, NotAllowed, StorageFull) as mistake:
            answers.append(mistake)
            continue
        head = _head(asked.authority, stored)
        waiting += [_packed(each, head, asked.line, stored_ms) for each in fresh]
        coming |= {each.id for each in fresh}
        answers.append(stored_ms - 1)
    node.record_many(KIND, waiting)
    return answers


def _fresh(asked: _Asked, here: Mapping[str, tuple[str, int]]) -> list[_Checked]:
    """Those of a request that are not `here` yet, where the others lie. Raises what `receive` raises."""
    node = asked.node
    attached.check_here(node, asked.data.files)
    for each in asked.checked:
        if each.id in here:
            _refuse_other(node, each, here[each.id], asked.line)
    fresh = [each for each in asked.checked if each.id not in here]
    _refuse_erased(node, fresh)
    _refuse_voiding(node, fresh, only_of=asked.only_of)
    return fresh


def _refuse_erased(node: Node, fresh: Collection[_Checked]) -> None:
    """Raises StatementConflict for an id that was erased here, or when one speaks of a person who was forgotten."""
    if not fresh or not are_any(node.tables):
        return
    if is_any_erased(node.tables, node.identity.hub_id, [each.id for each in fresh]):
        raise StatementConflict("A record of this id was erased here and is not taken again; nothing was kept.")
    people = {agent_key(each.value["actor"]) for each in fresh}
    people |= {name for each in fresh for kind, name in mentions(each.value) if kind.endswith("agent")}
    if is_any_erased(node.tables, node.identity.hub_id, sorted(people - {""})):
        raise StatementConflict("Somebody in this record was forgotten here; nothing was kept.")


def keep_own(node: Node, statements: Sequence[dict[str, Any]]) -> None:
    """Keep statements of the hub's own pages, all or none; the hub itself vouches for them. Safe to repeat."""
    raws = [json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode() for each in statements]
    take(node, raws, authority=own_authority(node))


def own_authority(node: Node) -> dict[str, Any]:
    """The agent that vouches for what the hub's own pages record."""
    return {"objectType": "Agent", "account": {"homePage": HUBS, "name": node.identity.hub_id}}


def is_kept(node: Node, statement: str) -> bool:
    """Whether a statement of that id is here."""
    return bool(places(node.tables, [statement.lower()]))


def original(placed: Placed) -> dict[str, Any]:
    """The statement of an entry as it was sent."""
    raw: dict[str, Any] = value_of(placed.entry.payload)["raw"]
    return raw


def whole(placed: Placed) -> dict[str, Any]:
    """The statement of an entry with what the hub added to it."""
    payload = value_of(placed.entry.payload)
    moment = moment_text(placed.entry.at_ms)
    hub = {"objectType": "Agent", "account": {"homePage": HUBS, "name": placed.hub}}
    added = {"id": id_of(placed, payload), "stored": moment, "authority": hub}
    added |= {name: payload[name] for name in ("stored", "authority") if name in payload}
    filled = {"timestamp": moment, "version": payload.get("version", VERSIONS["2.0"])}
    return {**filled, **payload["raw"], **added}


def _check(node: Node, raw: bytes, line: str, data: attached.Received) -> _Checked:
    value = read(check_size(raw))
    rules.check(value, line=line, attached=data.files)
    came = {sha2: data.files[sha2].size for sha2 in attached.hashes_in(value) if sha2 in data.files}
    return _Checked(str(value.get("id") or node.new_id()).lower(), raw, value, came)


def _settle(node: Node, checked: Collection[_Checked], data: attached.Received, line: str) -> None:
    """Verify what is signed, and give the data that came along its place. Raises StatementWrong or StorageFull."""
    if surplus := data.files.keys() - {sha2 for each in checked for sha2 in each.attached}:
        raise StatementWrong(f"Attached data: no statement names the hash {min(surplus)}; nothing was kept.")
    for each in checked:
        if attached.is_signed(each.value):
            # Loaded with the first signed statement: certificates and their algorithms take much room.
            import_module("hub.xapi.signature").check(each.value, data.read, line=line)
    attached.keep(node, data)


def _stored_ms(node: Node) -> int:
    """Now, or the latest moment of storing when the clock was set back a little."""
    now = node.clock.now_ms()
    asked = "SELECT MAX(rank) FROM statement_row WHERE rank >= ? AND rank < ?"
    latest = run(node.tables, asked, first_rank(now), first_rank(now + STEP_BACK_MS)).fetchone()[0]
    return now if latest is None else moment_of(latest)


def _refuse_other(node: Node, each: _Checked, where: tuple[str, int], line: str) -> None:
    """Raises StatementConflict unless what stands under the id says the same."""
    placed = node.journal.get(*where)
    if placed is None or not same(original(placed), each.value, line=line):
        raise StatementConflict(
            f"Another statement stands under the id {each.id}. It stays as it is and nothing of this request was kept;"
            " send yours under a new id."
        )


def _refuse_voiding(node: Node, fresh: Collection[_Checked], *, only_of: dict[str, Any] | None) -> None:
    """Raises StatementWrong when one of these voids what itself voids, here or among them (xAPI part 2, 2.3.2), and
    NotAllowed when it voids what is here and somebody else vouches for than `only_of`."""
    targets = {each.id: str(each.value["object"]["id"]).lower() for each in fresh if _is_voiding(each.value)}
    if not targets:
        return
    found = [node.journal.get(*where) for where in places(node.tables, sorted(set(targets.values()))).values()]
    here = [placed for placed in found if placed]
    if set(targets.values()) & targets.keys() or any(_is_voiding(original(placed)) for placed in here):
        raise StatementWrong("statement.object: speaks of a statement that voids, which cannot itself be voided.")
    if only_of and any(agent_key(whole(placed)["authority"]) != agent_key(only_of) for placed in here):
        raise NotAllowed(NOT_YOURS)


def _is_voiding(value: dict[str, Any]) -> bool:
    return bool(value["verb"]["id"] == VOIDED)


def _head(authority: dict[str, Any], stored: str) -> Read:
    """What the hub writes beside every statement of one request, as the middle of a JSON object."""
    beside = {"stored": stored, "authority": authority}
    return Read.of(orjson.dumps(beside)[1:-1], beside)


def _packed(each: _Checked, head: Read, line: str, stored_ms: int) -> tuple[Read, int]:
    """The payload of a statement's entry, and the time it claims (ms since 1970)."""
    moment = moment_ms(each.value.get("timestamp", ""))
    own: dict[str, Any] = {"version": each.value.get("version", DEFAULT_VERSION[line])}
    own |= {"attached": each.attached} if each.attached else {}
    words = orjson.dumps(own)[1:-1]
    payload = b'{"id":"%b",%b,%b,"raw":%b}' % (each.id.encode(), head, words, each.raw)
    value = {"id": each.id, **head.value, **own, "raw": each.value}
    return Read.of(payload, value), stored_ms if moment is None else moment


def with_id(raw: bytes, statement: str) -> Read:
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
        return Read.of(raw, value)
    named = b'{"id":' + json.dumps(statement).encode()
    return Read.of(named + (b"," if value else b"") + raw.lstrip()[1:], {"id": statement, **value})
