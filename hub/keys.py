"""Keys of outside tools, and launch tickets for content that runs on the second origin.

A key's secret is 256 random bits, so a fast hash of it is enough (docs/decisions/0012-keys.md). A ticket is not kept
anywhere: it is sealed with this hub's own key, and good for one person, one activity, one sitting and a few hours.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from hub.errors import InputWrong, KeyWrong, NotFound
from hub.node import Node
from hub.tables import put

SCOPES = ("all", "all/read", "statements/write", "statements/read", "statements/read/mine", "state", "profile")
"""Scopes as xAPI names them (1.0.3, part 3, 4.2); `define` is not among them: definitions come with statements."""
NAME_CHARS_MAX = 80
KEY_BYTES, SECRET_BYTES = 9, 32
SECRET_CHARS_MAX = 2_000
"""Far above any secret or ticket; what is longer is not looked at."""
SEAL_BYTES = 32
TICKET_MS = 4 * 3_600_000
"""How long a ticket is good: longer than any sitting, shorter than a day on a shared phone."""

WRONG = "This key or its secret is not one of this hub's, or was taken back. Nothing was changed; ask for a new one."


@dataclass(frozen=True)
class KeyShown:
    """A key as it may be shown: everything but its secret."""

    id: str
    name: str
    scopes: tuple[str, ...]
    made_ms: int
    is_revoked: bool


@dataclass(frozen=True)
class Ticket:
    """What a launched piece of content may speak of."""

    person: str
    activity: str
    registration: str
    until_ms: int


def add(node: Node, *, name: str, scopes: Iterable[str]) -> tuple[KeyShown, str]:
    """Make a key; returns it and its secret, which is told this once. Raises InputWrong."""
    plain, wanted = name.strip(), tuple(dict.fromkeys(scopes))
    if not plain or len(plain) > NAME_CHARS_MAX or not plain.isprintable():
        raise InputWrong(f"A key needs a name of 1 to {NAME_CHARS_MAX} letters; nothing was made.")
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown or not wanted:
        raise InputWrong(f"A key needs a scope out of {', '.join(SCOPES)}; nothing was made.")
    key, secret = _random_word(node, KEY_BYTES), _random_word(node, SECRET_BYTES)
    shown = KeyShown(key, plain, wanted, node.clock.now_ms(), is_revoked=False)
    row = {"id": key, "name": plain, "scopes": " ".join(wanted), "made_ms": shown.made_ms, "is_revoked": 0}
    node.write(lambda: put(node.tables.Key, secret=_hashed(key, secret), **row))
    return shown, secret


def keys(node: Node) -> list[KeyShown]:
    """All keys, oldest first, those taken back included."""
    rows = node.tables.Key.select().order_by(node.tables.Key.made_ms, node.tables.Key.id)
    return [_shown(row) for row in rows]


def revoke(node: Node, key: str) -> KeyShown:
    """Take a key back for good; safe to repeat. Raises NotFound."""
    row = node.tables.Key.get_or_none(node.tables.Key.id == key) if key.isprintable() else None
    if row is None:
        raise NotFound(f"There is no key {key[:NAME_CHARS_MAX]}; nothing was changed. See: mangrove key list")
    node.write(lambda: node.tables.Key.update(is_revoked=1).where(node.tables.Key.id == key).execute())
    return _shown(node.tables.Key.get_by_id(key))


def check(node: Node, *, key: str, secret: str) -> KeyShown:
    """The key that this secret belongs to. Raises KeyWrong."""
    fits = len(key) <= SECRET_CHARS_MAX and len(secret) <= SECRET_CHARS_MAX and "\0" not in key
    row = node.tables.Key.get_or_none(node.tables.Key.id == key) if fits else None
    if row is None or row.is_revoked or not hmac.compare_digest(row.secret, _hashed(key, secret)):
        raise KeyWrong(WRONG)
    return _shown(row)


def write_ticket(node: Node, *, person: str, activity: str, registration: str) -> str:
    """A ticket that lets content report about one activity in one sitting of one person."""
    ticket = Ticket(person, activity, registration, node.clock.now_ms() + TICKET_MS)
    packed = json.dumps(asdict(ticket), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_seal(node, packed) + packed).decode().rstrip("=")


def read_ticket(node: Node, word: str) -> Ticket:
    """The ticket behind a word. Raises KeyWrong when it is not ours or has run out."""
    try:
        raw = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)) if len(word) <= SECRET_CHARS_MAX else b""
    except (binascii.Error, ValueError):
        raw = b""
    if not hmac.compare_digest(raw[:SEAL_BYTES], _seal(node, raw[SEAL_BYTES:])):
        raise KeyWrong(WRONG)
    ticket = Ticket(**json.loads(raw[SEAL_BYTES:]))
    if ticket.until_ms < node.clock.now_ms():
        raise KeyWrong("This was open for a long while. What was sent before is safe; open it again to go on.")
    return ticket


def _random_word(node: Node, count: int) -> str:
    return base64.urlsafe_b64encode(node.randomness(count)).decode().rstrip("=")


def _hashed(key: str, secret: str) -> str:
    return hashlib.sha256(f"mangrove key {key} {secret}".encode(errors="replace")).hexdigest()


def _seal(node: Node, packed: bytes) -> bytes:
    return hmac.new(node.cookie_key, b"ticket\0" + packed, hashlib.sha256).digest()


def _shown(row: Any) -> KeyShown:
    return KeyShown(row.id, row.name, tuple(row.scopes.split()), row.made_ms, bool(row.is_revoked))
