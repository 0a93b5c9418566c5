"""What may leave this place, and in which form. Everything not named here stays.

The rules a hub starts with let nothing leave that names a person: learning leaves under a pseudonym that only this
hub can undo, without free text, with its time rounded down to the hour. Rules are data, so that a page can read
them out and a later decision of the community can replace them.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from content.errors import N_
from hub.vocabulary import ACTIVITY, BADGE, COMPETENCY, HUBS, PLAYING, PSEUDONYMS, SEEN, TRIES, VERBS, agent_key, place
from sync.journal import Placed

HOUR_MS = 3_600_000
PSEUDONYM_CHARS = 20
"""80 bits of an HMAC: no two people of a region share one."""
KNOWN_VERBS = frozenset(VERBS.values())
OTHER_VERB = "urn:mangrove:verb:other"
AS_IT_IS = "as it is"
UNDER_A_PSEUDONYM = "under a pseudonym"
PUBLIC_FIELDS = {
    "hub": frozenset({"name", "role", "language", "software", "sealing"}),
    "hub.package": frozenset({"hub", "package", "title", "language", "digest", "size", "is_here"}),
}
"""Of a record that leaves as it is, the fields that do; one added later stays until it is named here."""

Leaving = tuple[str, bytes, int]
"""What is copied into an audience's stream: kind, payload, time in milliseconds."""
Transform = Callable[[Placed], list[Leaving]]


@dataclass(frozen=True)
class Rule:
    """One row of the policy: entries of `kind` go to `audience` in the form `how`, for a reason that pages tell."""

    kind: str
    audience: str
    how: str
    because: str


RULES: tuple[Rule, ...] = (
    Rule("hub", "public", AS_IT_IS, N_("so that others know this hub by its name")),
    Rule("hub.package", "public", AS_IT_IS, N_("so that others can ask for what stands on our shelf")),
    Rule("statement", "region", UNDER_A_PSEUDONYM, N_("so that the region sees what is learned, and not by whom")),
)
NEVER = "never"
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


BY_CONSENT: tuple[ByConsent, ...] = (
    ByConsent("", UNDER_A_PSEUDONYM, N_("until they are asked, as it was before")),
    ByConsent("yes", UNDER_A_PSEUDONYM, N_("from the yes on; what was held back before stays here")),
    ByConsent("no", NEVER, N_("from the no on, also what waited to go; what had left cannot be called back")),
)
AUDIENCES = ("public", "region")
KINDS = frozenset(rule.kind for rule in RULES)
VERSIONS = frozenset({1})
"""Versions of these kinds that the rules below can read; what a newer program wrote stays until they can."""


def pseudonym(key: bytes, audience: str, person: str) -> str:
    """The name of a person towards one audience; two audiences cannot compare theirs."""
    return hmac.new(key, f"{audience}\x1f{person}".encode(), hashlib.sha256).hexdigest()[:PSEUDONYM_CHARS]


def transform(key: bytes, audience: str) -> Transform:
    """The function that turns a local entry into what an audience may have of it: nothing, or one copy."""
    hows = {rule.kind: rule.how for rule in RULES if rule.audience == audience}

    def leave(placed: Placed) -> list[Leaving]:
        how = hows.get(placed.entry.kind) if placed.entry.version in VERSIONS else None
        if how == AS_IT_IS:
            return [_public(placed)]
        if how == UNDER_A_PSEUDONYM and not stays(placed):
            return [_shared(placed, Stand(key, audience))]
        return []

    return leave


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


def _public(placed: Placed) -> Leaving:
    """A record about the hub itself, with the fields that are meant for everybody and no other."""
    payload = json.loads(placed.entry.payload)
    kept = {name: value for name, value in payload["set"].items() if name in PUBLIC_FIELDS[placed.entry.kind]}
    return placed.entry.kind, _packed({"id": payload["id"], "set": kept}), placed.entry.at_ms


def stays(placed: Placed) -> bool:
    """Whether our own pages wrote something that is for this place alone: a badge, what was seen in own words, or each
    press of a player."""
    payload = json.loads(placed.entry.payload)
    return is_private(payload["raw"], is_ours=is_ours_by(payload.get("authority")))


def is_private(statement: dict[str, Any], *, is_ours: bool) -> bool:
    """The same of a statement, which our own pages wrote or did not."""
    is_pressed = statement["verb"]["id"] in PLAYING
    return is_ours and (is_pressed or str(statement["object"].get("id", "")).startswith((BADGE, SEEN)))


def _shared(placed: Placed, stand: Stand) -> Leaving:
    """A statement without its person, its free text and its minute."""
    payload = json.loads(placed.entry.payload)
    statement = payload["raw"]
    at_ms = placed.entry.at_ms - placed.entry.at_ms % HOUR_MS
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
    return "statement", _packed({"raw": {part: value for part, value in shared.items() if value}}), at_ms


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


def _packed(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
