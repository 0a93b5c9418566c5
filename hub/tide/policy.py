"""What may leave this place, and in which form. Everything not named here stays.

The rules a hub starts with let nothing leave that names a person: learning leaves under a pseudonym that only this
hub can undo, without free text, with its time rounded down to the hour. Rules are data, so that a page can read
them out and a later decision of the community can replace them.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sync.journal import Placed

HOUR_MS = 3_600_000
PSEUDONYM_CHARS = 20
"""80 bits of an HMAC: no two people of a region share one."""
PEOPLE = "urn:mangrove:people"
PSEUDONYMS = "urn:mangrove:pseudonyms"

Leaving = tuple[str, bytes, int]
"""What is copied into an audience's stream: kind, payload, time in milliseconds."""


@dataclass(frozen=True)
class Rule:
    """One row of the policy: entries of `kind` go to `audience` in the form `how`."""

    kind: str
    audience: str
    how: str
    because: str


RULES: tuple[Rule, ...] = (
    Rule("hub", "public", "as it is", "so that others know this hub by its name"),
    Rule("hub.package", "public", "as it is", "so that others can ask for what stands on our shelf"),
    Rule("statement", "region", "under a pseudonym", "so that the region sees what is learned, and not by whom"),
)
AUDIENCES = ("public", "region")


def pseudonym_key(keys: Path) -> bytes:
    """The key of this hub's pseudonyms, made once. Without it a pseudonym leads to nobody."""
    path = keys / "pseudonyms"
    if not path.exists():
        draft = path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(32))
        draft.replace(path)
    return path.read_bytes()


def pseudonym(key: bytes, audience: str, person: str) -> str:
    """The name of a person towards one audience; two audiences cannot compare theirs."""
    return hmac.new(key, f"{audience}\x1f{person}".encode(), hashlib.sha256).hexdigest()[:PSEUDONYM_CHARS]


def transform(key: bytes, audience: str) -> Callable[[Placed], list[Leaving]]:
    """The function that turns a local entry into what an audience may have of it: nothing, or one copy."""
    hows = {rule.kind: rule.how for rule in RULES if rule.audience == audience}

    def leave(placed: Placed) -> list[Leaving]:
        how = hows.get(placed.entry.kind)
        if how == "as it is":
            return [(placed.entry.kind, placed.entry.payload, placed.entry.at_ms)]
        if how == "under a pseudonym":
            return _shared(placed, key, audience)
        return []

    return leave


def _shared(placed: Placed, key: bytes, audience: str) -> list[Leaving]:
    """A statement without its person, its free text and its minute; statements about unknown actors stay."""
    statement = json.loads(placed.entry.payload)["raw"]
    account = statement.get("actor", {}).get("account", {})
    if account.get("homePage") != PEOPLE or not str(statement["object"].get("id", "")).startswith("urn:mangrove:"):
        return []
    at_ms = placed.entry.at_ms - placed.entry.at_ms % HOUR_MS
    alias = {"homePage": PSEUDONYMS, "name": pseudonym(key, audience, str(account["name"]))}
    shared = {
        "actor": {"account": alias},
        "verb": {"id": statement["verb"]["id"]},
        "object": {"id": statement["object"]["id"]},
        "result": _numbers(statement.get("result", {})),
    }
    raw = {"raw": {part: value for part, value in shared.items() if value}}
    return [("statement", json.dumps(raw, separators=(",", ":")).encode(), at_ms)]


def _numbers(result: dict[str, Any]) -> dict[str, Any]:
    """Of a result only what cannot hold a word: success, completion and the scaled score."""
    kept = {name: result[name] for name in ("success", "completion") if isinstance(result.get(name), bool)}
    scaled = result.get("score", {}).get("scaled") if isinstance(result.get("score"), dict) else None
    return {**kept, "score": {"scaled": scaled}} if isinstance(scaled, int | float) else kept
