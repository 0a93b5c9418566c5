"""The forms in which things leave this place, by the rows of the policy that holds. Everything not named stays.

The first version (`hub.sharing.rows.DEFAULT`) lets nothing leave that names a person: learning leaves under a
pseudonym that only this hub can undo, without free text, with its time rounded down to the hour. What a row lets go is
made from one entry at a time here; counts and what is said by name are made from all that stands (`hub.tide.summed`).
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from content.errors import N_
from hub.sharing import rows
from hub.sharing.rows import AS_IT_IS, NEVER, UNDER_A_PSEUDONYM, Policy, Row
from hub.vocabulary import ACTIVITY, BADGE, COMPETENCY, HUBS, PLAYING, PSEUDONYMS, SEEN, TRIES, VERBS, agent_key, place
from sync.erasing import ERASE
from sync.identity import HUB_ID
from sync.journal import Placed

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PSEUDONYM_CHARS = 20
"""80 bits of an HMAC: no two people of a region share one."""
KNOWN_VERBS = frozenset(VERBS.values())
OTHER_VERB = "urn:mangrove:verb:other"
PUBLIC_FIELDS = {
    "hub": frozenset({"name", "role", "language", "software", "sealing"}),
    "hub.certificate": frozenset({"issuer", "member", "name", "number", "since_ms", "state", "fence", "signature"}),
    "hub.package": frozenset({"hub", "package", "title", "language", "digest", "size", "is_here"}),
}
"""Of a record that leaves as it is, the fields that do; one added later stays until it is named here."""

Leaving = tuple[str, bytes, int]
"""What is copied into an audience's stream: kind, payload, time in milliseconds."""
Transform = Callable[[Placed], list[Leaving]]

STAYS: tuple[str, ...] = (
    N_("Badges, and who has them, stay here."),
    N_("What a facilitator saw goes as the competency and how well it went; what was seen in own words stays here."),
    N_("That a film or a sound was finished goes; how somebody played and paused it stays here."),
)
"""Of what was learned, what has rules of its own; pages read it out."""


@dataclass(frozen=True)
class ByConsent:
    """What a word about a person makes of the rows in which people leave; `says` is "" while nobody was asked."""

    says: str
    how: str
    because: str


def by_consent(policy: Policy) -> tuple[ByConsent, ...]:
    """What each word makes of learning towards the region."""
    how = policy.row(rows.LEARNING, rows.REGION).how
    return (
        ByConsent("", how, N_("until they are asked, as it was before")),
        ByConsent("yes", how, N_("from the yes on; what was held back before stays here")),
        ByConsent("no", NEVER, N_("from the no on, also what waited to go; what had left cannot be called back")),
    )


AUDIENCES = (rows.PUBLIC, rows.REGION)
"""The audiences that every hub may have; those that are one neighbour come beside them."""
CERTIFICATE = "hub.certificate"
ALWAYS = (Row(CERTIFICATE, rows.PUBLIC, AS_IT_IS, rows.EXACT),)
"""What leaves whatever a policy says: who belongs to a region. Only a region writes any, nothing of people
is in it, and a policy that could keep it back would let in whom the region has shut out."""
ENTRY_KINDS = frozenset({rows.HUB, rows.SHELF, rows.LEARNING, CERTIFICATE})
"""Kinds that are copied entry by entry."""
COUNTED, NAMED_PERSON, NAMED_CIRCLE = "counts", "shared.person", "shared.circle"
"""Kinds that are made for an audience from all that stands."""
RECEIPT = "moving.receipt"
"""A sealed receipt for the hub that somebody has left, where they wished that it goes (`hub.moving.posted`)."""
JOINT = "joint"
"""What two hubs hold together: single facts (`hub.together.telling`)."""
KINDS = frozenset({*ENTRY_KINDS, COUNTED, NAMED_PERSON, NAMED_CIRCLE, RECEIPT, JOINT, ERASE})
"""Every kind that can stand in the stream of an audience."""
VERSIONS = frozenset({1})
"""Versions of these kinds that the rules below can read; what a newer program wrote stays until they can."""


def pseudonym(key: bytes, audience: str, person: str) -> str:
    """The name of a person towards one audience; two audiences cannot compare theirs."""
    return hmac.new(key, f"{audience}\x1f{person}".encode(), hashlib.sha256).hexdigest()[:PSEUDONYM_CHARS]


def transform(key: bytes, audience: str, policy: Policy = rows.DEFAULT) -> Transform:
    """The function that turns a local entry into what an audience may have of it: nothing, or one copy."""
    held = {row.kind: row for row in copied(policy, audience)}

    def leave(placed: Placed) -> list[Leaving]:
        row = held.get(placed.entry.kind) if placed.entry.version in VERSIONS else None
        if row is None or (row.kind == CERTIFICATE and not _is_certificate(placed)):
            return []
        if row.how == AS_IT_IS:
            return [_public(placed, row.time)]
        payload = json.loads(placed.entry.payload)
        return [] if _stays(payload) else [_shared(payload, placed, Stand(key, audience), row.time)]

    return leave


def always(audience: str, *, role: str) -> tuple[Row, ...]:
    """What leaves for an audience whatever a policy says, from a hub of this role."""
    return tuple(row for row in ALWAYS if row.audience == audience and role == "region")


def copied(policy: Policy, audience: str) -> list[Row]:
    """The rows towards an audience whose kind is copied entry by entry in its form."""
    some = (*policy.towards(audience), *(row for row in ALWAYS if row.audience == audience))
    return [row for row in some if row.kind in ENTRY_KINDS and row.how in (AS_IT_IS, UNDER_A_PSEUDONYM)]


def coarse(at_ms: int, time: str) -> int:
    """A moment rounded down to its hour, day, week (from Monday) or month, all of UTC; exact stays as it is."""
    if time == rows.EXACT:
        return at_ms
    if time == rows.HOUR:
        return at_ms - at_ms % HOUR_MS
    day = EPOCH + timedelta(milliseconds=at_ms - at_ms % DAY_MS)
    if time == rows.WEEK:
        day -= timedelta(days=day.weekday())
    elif time == rows.MONTH:
        day = day.replace(day=1)
    return (day - EPOCH) // timedelta(milliseconds=1)


class Stand:
    """Stand-ins towards one audience: equal for equal things, and only this hub can tell what they stand for."""

    def __init__(self, key: bytes, audience: str) -> None:
        self._key, self._audience = key, audience

    def of(self, kind: str, text: str) -> str:
        """What stands for a text of some kind; "" is the kind of people."""
        return pseudonym(self._key, self._audience, f"{kind}\x1f{text}" if kind else text)

    def statement(self, statement_id: str) -> str:
        """The id of a statement's copy: the same each time, so that a copy made twice counts once."""
        mark = self.of("statement", statement_id.lower())
        return f"{mark[:8]}-{mark[8:12]}-8{mark[12:15]}-8{mark[15:18]}-{mark[18:20]}0000000000"


def _is_certificate(placed: Placed) -> bool:
    """Whether a record's name is that of a certificate of ours for another hub: a name could hold a word."""
    issuer, _, member = str(json.loads(placed.entry.payload)["id"]).partition(":")
    return issuer == placed.hub and HUB_ID.fullmatch(member) is not None


def _public(placed: Placed, time: str) -> Leaving:
    """A record about the hub itself, with the fields that are meant for everybody and no other."""
    payload = json.loads(placed.entry.payload)
    kept = {name: value for name, value in payload["set"].items() if name in PUBLIC_FIELDS[placed.entry.kind]}
    return placed.entry.kind, packed({"id": payload["id"], "set": kept}), coarse(placed.entry.at_ms, time)


def _stays(payload: dict[str, Any]) -> bool:
    """Whether our own pages wrote something that is for this place alone: a badge, what was seen in own words, or each
    press of a player. What somebody brought along is told by the hub that it happened at."""
    return bool(payload.get("from")) or is_private(payload["raw"], is_ours=is_ours_by(payload.get("authority")))


def is_private(statement: dict[str, Any], *, is_ours: bool) -> bool:
    """The same of a statement, which our own pages wrote or did not."""
    is_pressed = statement["verb"]["id"] in PLAYING
    return is_ours and (is_pressed or str(statement["object"].get("id", "")).startswith((BADGE, SEEN)))


def _shared(payload: dict[str, Any], placed: Placed, stand: Stand, time: str) -> Leaving:
    """A statement without its person, its free text and its exact time."""
    statement = payload["raw"]
    alias = {"homePage": PSEUDONYMS, "name": stand.of("", agent_key(statement["actor"]))}
    is_ours = is_ours_by(payload.get("authority"))
    shared = {
        "id": stand.statement(payload["id"]),
        "actor": {"account": alias},
        "verb": {"id": verb_of(statement["verb"]["id"])},
        "object": object_of(statement, is_ours=is_ours, stand=stand),
        "result": numbers(statement.get("result") or {}),
        "context": competencies(statement.get("context") or {}) if is_ours else {},
    }
    kept = {part: value for part, value in shared.items() if value}
    return "statement", packed({"raw": kept}), coarse(placed.entry.at_ms, time)


def verb_of(verb: str) -> str:
    """A verb of the public registries; a verb that a tool made up could hold a word."""
    return verb if verb in KNOWN_VERBS else OTHER_VERB


def is_ours_by(authority: Any) -> bool:
    """Whether the hub's own pages wrote the statement: only they are known to put no words into names."""
    return isinstance(authority, dict) and (authority.get("account") or {}).get("homePage") == HUBS


def object_of(statement: dict[str, Any], *, is_ours: bool, stand: Stand) -> dict[str, Any]:
    """What was learned: the lesson's own name when our pages named it, else a stand-in that says nothing."""
    thing = statement["object"]
    if thing.get("objectType") == "StatementRef":
        return {"objectType": "StatementRef", "id": stand.statement(thing["id"])}
    name = thing.get("id") if thing.get("objectType", "Activity") == "Activity" else None
    if is_ours and isinstance(name, str) and (place(name) is not None or name.startswith(COMPETENCY)):
        return {"id": name}
    return {"id": ACTIVITY + "~" + stand.of("object", json.dumps(name or thing, sort_keys=True))}


def competencies(context: dict[str, Any]) -> dict[str, Any]:
    """Of the context only which competencies were practised; their names come with a package, not from a person."""
    others = (context.get("contextActivities") or {}).get("other") or []
    rows = others if isinstance(others, list) else [others]
    names = [{"id": row["id"]} for row in rows if str(row.get("id", "")).startswith(COMPETENCY)]
    return {"contextActivities": {"other": names}} if names else {}


def numbers(result: dict[str, Any]) -> dict[str, Any]:
    """Of a result only what cannot hold a word: success, completion, which try, and the score in thousandths."""
    kept: dict[str, Any] = {
        name: result[name] for name in ("success", "completion") if isinstance(result.get(name), bool)
    }
    tries = (result.get("extensions") or {}).get(TRIES)
    if isinstance(tries, int) and tries > 1:
        kept["extensions"] = {TRIES: tries}
    scaled = result.get("score", {}).get("scaled") if isinstance(result.get("score"), dict) else None
    if isinstance(scaled, bool) or not isinstance(scaled, int | float):
        return kept
    return {**kept, "score": {"scaled": round(scaled, 3)}}


def packed(value: dict[str, Any]) -> bytes:
    """A payload's bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
