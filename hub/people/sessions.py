"""Sign-ins: which browser is whose, for how long. The browser holds a random token, the hub only its hash."""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from hub.node import Node
from hub.people import roster
from hub.people.roster import Person
from hub.tables import run

DEVICES = ("shared", "personal")
TOKEN_BYTES = 32
LABEL_MAX = 80
FRESH_PART = 4
"""When somebody was last here is written at most this many times in the idle time: a page view is no write."""
RESTING_MAX_MS = 12 * 3600 * 1000
"""A shared phone asks 'still you?' until the day is over; the next morning nobody is signed in."""
KEPT_MAX = 20
"""Sign-ins of one person at once; the oldest ends with the next."""


@dataclass(frozen=True)
class Visit:
    """A sign-in that still counts; in a `is_resting` one the phone asks first whether it is still the same person."""

    person: Person
    device: str
    is_resting: bool


VISITED = "SELECT person, device, seen_ms FROM signin WHERE id = ?"


def begin(node: Node, *, person: str, device: str, label: str = "") -> str:
    """Sign somebody in and return the token for their browser."""
    token = urlsafe_b64encode(node.randomness(TOKEN_BYTES)).decode().rstrip("=")
    now_ms = node.clock.now_ms()

    def work() -> None:
        _sweep(node)
        _end_oldest(node, person)
        facts = {"person": person, "device": device, "label": _shown(label)}
        node.tables.SignIn.insert(id=_hash(token), **facts, begun_ms=now_ms, seen_ms=now_ms).execute()

    node.write(work)
    return token


def find(node: Node, token: str) -> Visit | None:
    """Whose browser holds this token, or None; notes now and then that they were here."""
    visit = _hash(token)
    row = run(node.tables, VISITED, visit).fetchone() if token else None
    person = roster.find(node, row[0]) if row else None
    if row is None or person is None or not person.is_active:
        return None
    _, device, seen_ms = row
    idle_ms, now_ms = _idle_ms(node, device), node.clock.now_ms()
    rested_ms = now_ms - seen_ms
    if rested_ms > idle_ms:
        asks = device == "shared" and rested_ms < RESTING_MAX_MS
        return Visit(person, device, is_resting=True) if asks else None
    if abs(rested_ms) > idle_ms // FRESH_PART:
        node.write(lambda: run(node.tables, "UPDATE signin SET seen_ms = ? WHERE id = ?", now_ms, visit))
    return Visit(person, device, is_resting=False)


def visit_of(token: str) -> str:
    """What a sign-in is called elsewhere: nobody can make its token from that."""
    return _hash(token)


def stands(node: Node, *, visit: str, person: str) -> bool:
    """Whether that sign-in has not ended and is of that person, who is still here; a phone that only rests counts."""
    found = run(node.tables, "SELECT 1 FROM signin WHERE id = ? AND person = ?", visit, person).fetchone()
    known = roster.find(node, person) if found else None
    return known is not None and known.is_active


def end(node: Node, *, token: str) -> None:
    """Sign this browser out. Safe to repeat."""
    table = node.tables.SignIn
    if token and table.get_or_none(table.id == _hash(token)) is not None:
        node.write(lambda: table.delete().where(table.id == _hash(token)).execute())


def end_all(node: Node, *, person: str) -> int:
    """Sign somebody out everywhere; returns from how many browsers."""
    table = node.tables.SignIn
    return int(node.write(lambda: table.delete().where(table.person == person).execute()))


def _sweep(node: Node) -> None:
    """Forget sign-ins that nobody can come back to."""
    table, now_ms = node.tables.SignIn, node.clock.now_ms()
    for device in DEVICES:
        gone_ms = now_ms - _idle_ms(node, device) - RESTING_MAX_MS
        table.delete().where((table.device == device) & (table.seen_ms < gone_ms)).execute()


def _end_oldest(node: Node, person: str) -> None:
    table = node.tables.SignIn
    rows = table.select(table.id).where(table.person == person).order_by(table.seen_ms.desc(), table.id)
    old = [row.id for row in rows.offset(KEPT_MAX - 1)]
    if old:
        table.delete().where(table.id.in_(old)).execute()


def _shown(label: str) -> str:
    """What a browser calls itself, cut short and fit to be kept."""
    return "".join(letter for letter in label if letter.isprintable())[:LABEL_MAX]


def _idle_ms(node: Node, device: str) -> int:
    idle_s = node.settings.personal_idle if device == "personal" else node.settings.shared_idle
    return idle_s * 1000


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
