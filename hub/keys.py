"""Keys of outside tools, and launch tickets for content that runs on the second origin.

A key's secret is 256 random bits, so a fast hash of it is enough (docs/decisions/0012-keys.md). A ticket is not kept
anywhere: it is sealed with this hub's own key, and good for one person, one activity, one sitting and a few hours.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from hub.errors import InputWrong, KeyWrong, NotFound, StorageFull, StorageSlow
from hub.moments import moment_ms, moment_text
from hub.node import Node
from hub.people import sessions
from hub.tables import put, run
from sync.clock import NONE

SCOPES = ("all", "all/read", "statements/write", "statements/read", "statements/read/mine", "state", "profile")
"""Scopes as xAPI names them (1.0.3, part 3, 4.2); `define` is not among them: definitions come with statements."""
NAME_CHARS_MAX = 80
KEY_BYTES, SECRET_BYTES = 9, 32
SECRET_CHARS_MAX = 2_000
"""Far above any secret or ticket; what is longer is not looked at."""
SEAL_BYTES = 32
TICKET_MS = 4 * 3_600_000
"""How long a ticket is good: longer than any sitting, shorter than a day on a shared phone."""

TO_FETCH = "?"

KEYS_MAX = 200
"""Keys that are good at once; a hub has a handful."""
USE_NOTED_MS = 3_600_000
"""How old the note of a key's last use may be."""
NAME = re.compile(r"[A-Za-z0-9_-]{12}", re.ASCII)
"""What `new_name` makes: KEY_BYTES as base64 for addresses."""
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
DAY_MS = 86_400_000
COLUMNS = "id, name, scopes, made_ms, is_revoked, maker, until_ms, used_ms"

WRONG = "This key or its secret is not one of this hub's, or was taken back. Nothing was changed; ask for a new one."
ENDED = "This key was good until a day that is over. What it sent before is safe; ask for a new one."


@dataclass(frozen=True)
class KeyShown:
    """A key as it may be shown: everything but its secret.

    `maker` is the person who made it, "" for the command; `until_ms` is when it ends by itself, 0 for never; `used_ms`
    is when it last opened something, to the hour, 0 for never.
    """

    id: str
    name: str
    scopes: tuple[str, ...]
    made_ms: int
    is_revoked: bool
    maker: str = ""
    until_ms: int = 0
    used_ms: int = 0

    def is_good(self, now_ms: int) -> bool:
        """Whether it opens anything at that moment."""
        return not self.is_revoked and not self.has_ended(now_ms)

    def has_ended(self, now_ms: int) -> bool:
        """Whether its time is over."""
        return 0 < self.until_ms <= now_ms

    @property
    def last_day(self) -> str:
        """The last day on which it opens something, as YYYY-MM-DD; "" for no end."""
        return moment_text(self.until_ms - 1)[:10] if self.until_ms else ""


@dataclass(frozen=True)
class Ticket:
    """What a launched piece of content may speak of; `visit` is the sign-in with which it ends, "" for none.

    `session` names the opening of a part of a cmi5 course; one that begins with TO_FETCH only fetches the real ticket.
    """

    person: str
    activity: str
    registration: str
    until_ms: int
    visit: str = ""
    session: str = ""


def add(
    node: Node, *, name: str, scopes: Iterable[str], until: str = "", maker: str = "", key: str = ""
) -> tuple[KeyShown, str]:
    """Make a key; returns it and its secret, which is told this once.

    `until` is the last day on which it is good (YYYY-MM-DD, in UTC), "" for no end; `maker` the person who makes it, ""
    for the command; `key` is what `new_name` gave, so that a form that is sent twice makes one. Raises InputWrong.
    """
    plain, wanted = " ".join(name.split(" ")).strip(), tuple(dict.fromkeys(scopes))
    if not plain or len(plain) > NAME_CHARS_MAX or not plain.isprintable():
        raise InputWrong("A key needs a name of 1 to %(most)s letters; nothing was made.", most=NAME_CHARS_MAX)
    if not wanted or not set(wanted) <= set(SCOPES):
        raise InputWrong(
            "A key needs to be for something; nothing was made. It can be for: %(scopes)s.", scopes=", ".join(SCOPES)
        )
    key, secret = key or new_name(node), _random_word(node, SECRET_BYTES)
    if not NAME.fullmatch(key):
        raise InputWrong("This form was changed on its way; nothing was made. Open it again.")
    shown = KeyShown(
        key, plain, wanted, node.clock.now_ms(), is_revoked=False, maker=maker, until_ms=_end_of(node, until)
    )
    row = {**asdict(shown), "scopes": " ".join(wanted), "is_revoked": 0}

    def keep() -> None:
        _refuse_many(node)
        if _row(node, key) is not None:
            raise InputWrong("This key is made already, and its secret was shown then. Nothing more was made.")
        put(node.tables.Key, secret=_hashed(key, secret), **row)

    node.write(keep)
    return shown, secret


def new_name(node: Node) -> str:
    """What a key will be called."""
    return _random_word(node, KEY_BYTES)


def keys(node: Node) -> list[KeyShown]:
    """All keys, oldest first, those taken back included."""
    return [_shown(row) for row in run(node.tables, f"SELECT {COLUMNS} FROM key ORDER BY made_ms, id")]  # noqa: S608


def find(node: Node, key: str) -> KeyShown:
    """The key of that id. Raises NotFound."""
    row = _row(node, key)
    if row is None:
        raise NotFound("There is no key %(key)s; nothing was changed. See: mangrove key list", key=key[:NAME_CHARS_MAX])
    return _shown(row)


def revoke(node: Node, key: str) -> KeyShown:
    """Take a key back for good; safe to repeat. Raises NotFound."""
    find(node, key)
    node.write(lambda: run(node.tables, "UPDATE key SET is_revoked = 1 WHERE id = ?", key))
    return find(node, key)


def check(node: Node, *, key: str, secret: str) -> KeyShown:
    """The key that this secret belongs to, as it is now in the records: what was taken back opens nothing from then on.

    Notes now and then that it was used. No key ends by a clock that nobody keeps. Raises KeyWrong.
    """
    row = _row(node, key) if len(secret) <= SECRET_CHARS_MAX else None
    if row is None or not hmac.compare_digest(row[-1], _hashed(key, secret)) or row[4]:
        raise KeyWrong(WRONG)
    shown, now_ms = _shown(row), node.clock.now_ms()
    if node.clock.quality > NONE and shown.has_ended(now_ms):
        raise KeyWrong(ENDED)
    if abs(now_ms - shown.used_ms) >= USE_NOTED_MS:
        _note_use(node, key, now_ms)
    return shown


def write_ticket(
    node: Node, *, person: str, activity: str, registration: str, visit: str = "", session: str = ""
) -> str:
    """A ticket that lets content report about one activity in one sitting of one person.

    It ends with `visit`, the sign-in (`sessions.visit_of`) in which the content was opened, and after TICKET_MS, which
    no clock that is set meanwhile makes shorter or longer.
    """
    ticket = Ticket(person, activity, registration, node.clock.steady_ms() + TICKET_MS, visit, session)
    packed = json.dumps(asdict(ticket), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_seal(node, packed) + packed).decode().rstrip("=")


def read_ticket(node: Node, word: str) -> Ticket:
    """The ticket behind a word. Raises KeyWrong when it is not ours, has run out, or its learner signed out."""
    try:
        raw = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)) if len(word) <= SECRET_CHARS_MAX else b""
    except (binascii.Error, ValueError):
        raw = b""
    if not hmac.compare_digest(raw[:SEAL_BYTES], _seal(node, raw[SEAL_BYTES:])):
        raise KeyWrong(WRONG)
    ticket = Ticket(**json.loads(raw[SEAL_BYTES:]))
    is_over = ticket.until_ms < node.clock.steady_ms()
    if is_over or (ticket.visit and not sessions.stands(node, visit=ticket.visit, person=ticket.person)):
        raise KeyWrong(
            "This was open for a long while, or its reader left. What was sent before is safe; open it again."
        )
    return ticket


def _refuse_many(node: Node) -> None:
    """Only inside `write`."""
    count = run(node.tables, "SELECT count(*) FROM key WHERE is_revoked = 0").fetchone()[0]
    if count >= KEYS_MAX:
        raise InputWrong(
            "%(count)s keys are good here already; nothing was made. Take one back that nobody uses.", count=count
        )


def _end_of(node: Node, day: str) -> int:
    """The moment at which a day ends (UTC, milliseconds), 0 for no day. Raises InputWrong."""
    if not day:
        return 0
    start_ms = moment_ms(f"{day}T00:00Z") if DAY.fullmatch(day) else None
    if start_ms is None:
        raise InputWrong("A day is written like 2027-01-31; nothing was made.")
    if start_ms + DAY_MS <= node.clock.now_ms():
        raise InputWrong("That day is over; nothing was made. Choose a later one, or none.")
    return start_ms + DAY_MS


def _note_use(node: Node, key: str, now_ms: int) -> None:
    """To the hour: an asking is no writing. A disk that takes nothing more keeps nobody from reading."""
    with suppress(StorageFull, StorageSlow):
        node.write(lambda: run(node.tables, "UPDATE key SET used_ms = ? WHERE id = ?", now_ms, key))


def _row(node: Node, key: str) -> Any:
    """The row of a key with its hashed secret at the end, or None; one question by the primary key."""
    if len(key) > SECRET_CHARS_MAX or not key.isascii() or not key.isprintable():
        return None
    return run(node.tables, f"SELECT {COLUMNS}, secret FROM key WHERE id = ?", key).fetchone()  # noqa: S608 - our words


def _random_word(node: Node, count: int) -> str:
    """A word of so many random bytes. None begins with a hyphen, which commands would take for an option."""
    word = "-"
    while word.startswith("-"):
        word = base64.urlsafe_b64encode(node.randomness(count)).decode().rstrip("=")
    return word


def _hashed(key: str, secret: str) -> str:
    return hashlib.sha256(f"mangrove key {key} {secret}".encode(errors="replace")).hexdigest()


def _seal(node: Node, packed: bytes) -> bytes:
    return hmac.new(node.cookie_key, b"ticket\0" + packed, hashlib.sha256).digest()


def _shown(row: Any) -> KeyShown:
    key, name, scopes, made_ms, is_revoked, maker, until_ms, used_ms = row[:8]
    return KeyShown(key, name, tuple(scopes.split()), made_ms, bool(is_revoked), maker, until_ms, used_ms)
