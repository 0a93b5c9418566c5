"""What a neighbour is told of the records that hubs hold together: facts, each once, as the policy and people allow.

The hub where a record began tells everybody who holds it what it and the others said; a hub tells its own words to the
one where the record began. A no, or a narrower policy, ends the sharing with a fact that names nothing.
"""

import json
from collections.abc import Collection, Iterator
from typing import Any

from hub.node import Node
from hub.projections.joint import KIND, origin
from hub.sharing import rows
from hub.tables import put
from hub.tables.joint import ADD, HOLD, HOME, PROPOSAL, RELEASE, REMOVE, WRITE
from hub.together import acting, held
from hub.together.held import MEMBERS
from hub.together.merge import Fact

Saying = tuple[str, bytes, int]
"""Kind, payload and depth of one fact that goes."""
RELAYED = frozenset({WRITE, PROPOSAL, HOME})
"""What is handed on of others' words."""
ENDS = frozenset({RELEASE, REMOVE})
ONCE = "once "
"""Before the name of a fact that was told in a stream which was left behind."""


def news(node: Node, audience: str, *, afresh: bool = False) -> list[Saying]:
    """The facts that an audience is to be told now, or would be after `forget`; nothing is written."""
    told = _told(node, audience)
    return [_saying(node, each) for each in _news(node, audience, _once(told) if afresh else told)]


def publish(node: Node, audience: str) -> int:
    """Append them to its stream; returns how many. Inside `node.write`."""
    told = _told(node, audience)
    for each in list(_ended(node, rows.hub_of(audience), told)):
        held.say(node, RELEASE if each.sort == HOLD else REMOVE, each.subject, **_of(each))
    found = _news(node, audience, _told(node, audience))
    for each in found:
        kind, payload, depth = _saying(node, each)
        node.journal.append(audience, kind, payload, depth=depth)
    if found:
        put(node.tables.Note, name=_mark(audience), value=json.dumps(sorted({*told, *map(_key, found)})))
    return len(found)


def is_due(node: Node, audience: str) -> bool:
    """Whether `publish` would do anything."""
    told = _told(node, audience)
    return bool(_news(node, audience, told)) or any(_ended(node, rows.hub_of(audience), told))


def forget(node: Node, audience: str) -> None:
    """Tell it all again, as it stands then; that it was told once is remembered. Inside `node.write`."""
    once = sorted(_once(_told(node, audience)))
    if once:
        put(node.tables.Note, name=_mark(audience), value=json.dumps(once))


def _once(told: Collection[str]) -> set[str]:
    """What is left of what was told, once it is told again."""
    return {key if key.startswith(ONCE) else ONCE + key for key in told}


def _news(node: Node, audience: str, told: Collection[str]) -> list[Fact]:
    hub = rows.hub_of(audience)
    if not hub or not node.tables.JointFact.select().exists():
        return []
    return [each for each in _facts(node, hub, told) if _key(each) not in told]


def _facts(node: Node, hub: str, told: Collection[str]) -> Iterator[Fact]:
    """All facts that a hub may have, each after those that it replaces."""
    own = node.identity.hub_id
    for about, found in sorted(held.facts(node).items()):
        stands = held.reckon(node, about, found)
        is_open = stands.origin == hub if stands.origin != own else hub in stands.partners
        for each in sorted(found, key=lambda each: (each.depth, each.id)):
            if each.hub == hub or (each.hub != own and stands.origin != own):
                continue
            if _ends_what_was_told(each, hub, told, found) if each.sort in ENDS else is_open and _may(node, each, hub):
                yield each


def _may(node: Node, fact: Fact, hub: str) -> bool:
    """Whether the policy and the person let a fact go to a hub with which its record is held together."""
    own = node.identity.hub_id
    if origin(fact.subject) == own and not acting.may_tell(node, fact.subject, hub):
        return False
    if fact.sort == HOLD:
        return fact.value == hub
    if fact.sort == ADD:
        is_ours = fact.hub == own and origin(fact.value) == own and fact.field == MEMBERS
        return is_ours and acting.may_tell(node, fact.value, hub)
    return fact.sort in RELAYED


def _ends_what_was_told(fact: Fact, hub: str, told: Collection[str], found: Collection[Fact]) -> bool:
    """Whether a fact ends a sharing, or takes out of a set, of which the hub was told: it names nothing new."""
    ended = [each for each in found if each.sort == HOLD and each.value == hub == fact.value]
    keys = [_key(each) for each in ended] + [_key(each) for each in found if each.id in fact.replaces]
    return any(key in told or ONCE + key in told for key in keys)


def _ended(node: Node, hub: str, told: Collection[str]) -> Iterator[Fact]:
    """What a hub was told of ours that it may be told no more: a sharing, or somebody in a group."""
    if not hub or not told:
        return
    own = node.identity.hub_id
    for about, found in held.facts(node).items():
        stands = held.reckon(node, about, found)
        is_shared = hub in stands.partners and stands.origin == own
        for each in found:
            was = each.hub == own and (_key(each) in told or ONCE + _key(each) in told)
            is_hold = each.sort == HOLD and each.value == hub and is_shared
            is_member = each.sort == ADD and each.value in stands.members
            if was and (is_hold or is_member) and not acting.may_tell(node, about if is_hold else each.value, hub):
                yield each


def _of(fact: Fact) -> dict[str, Any]:
    """What the fact that ends one says."""
    if fact.sort == HOLD:
        return {"value": fact.value}
    return {"field": fact.field, "value": fact.value, "replaces": [fact]}


def _saying(node: Node, fact: Fact) -> Saying:
    payload = held.payload(fact, by=node.identity.hub_id)
    return KIND, json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode(), fact.depth


def _key(fact: Fact) -> str:
    return f"{fact.hub[:8]} {fact.id}"


def _told(node: Node, audience: str) -> frozenset[str]:
    row = node.tables.Note.get_or_none(node.tables.Note.name == _mark(audience))
    return frozenset() if row is None else frozenset(json.loads(row.value))


def _mark(audience: str) -> str:
    return f"told together {audience}"
