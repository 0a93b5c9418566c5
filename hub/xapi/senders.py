"""Who speaks at the door, and what they may do there: a tool with its key, or content with its ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hub import keys
from hub.errors import NotAllowed
from hub.node import Node
from hub.vocabulary import KEYS, LAUNCHES, VOIDED, agent_key
from hub.xapi.find import Bounds
from hub.xapi.reading import read

LAUNCH = "launch"
"""The user name that goes with a ticket."""
MAY_WRITE = frozenset({"all", "statements/write"})
MAY_READ = frozenset({"all", "all/read", "statements/read"})
MINE = "statements/read/mine"
REFUSED = "This key may not do that here. Nothing was changed; ask whoever runs the hub for a key that may."


@dataclass(frozen=True)
class Sender:
    """Somebody who proved who they are. `bounds` is what they may read, None for nothing."""

    authority: dict[str, Any]
    may_write: bool
    bounds: Bounds | None
    ticket: keys.Ticket | None = None


def recognise(node: Node, *, name: str, secret: str) -> Sender:
    """The sender behind a name and secret. Raises KeyWrong."""
    if name == LAUNCH:
        return _launched(keys.read_ticket(node, secret))
    key = keys.check(node, key=name, secret=secret)
    authority = {"objectType": "Agent", "name": key.name, "account": {"homePage": KEYS, "name": key.id}}
    scopes = set(key.scopes)
    bounds = Bounds() if scopes & MAY_READ else Bounds(authority=agent_key(authority)) if MINE in scopes else None
    return Sender(authority, bool(scopes & MAY_WRITE), bounds)


def allow_writing(sender: Sender, statements: Sequence[bytes]) -> None:
    """Raise NotAllowed unless the sender may write all of these; StatementWrong when they cannot be read."""
    if not sender.may_write:
        raise NotAllowed(REFUSED)
    if sender.ticket is not None:
        for raw in statements:
            _fits_ticket(sender.ticket, read(raw))


def allow_reading(sender: Sender) -> Bounds:
    """What the sender may read. Raises NotAllowed."""
    if sender.bounds is None:
        raise NotAllowed(REFUSED)
    return sender.bounds


def _launched(ticket: keys.Ticket) -> Sender:
    authority = {"objectType": "Agent", "account": {"homePage": LAUNCHES, "name": ticket.activity}}
    bounds = Bounds(authority=agent_key(authority), actor=ticket.person, registration=ticket.registration)
    return Sender(authority, may_write=True, bounds=bounds, ticket=ticket)


def _fits_ticket(ticket: keys.Ticket, statement: Any) -> None:
    """Content speaks only of its learner, of itself or what is below it, and of this sitting; it voids nothing."""
    try:
        who, what = agent_key(statement["actor"]), str(statement["object"]["id"])
        sitting = str(statement["context"]["registration"]).lower()
        is_voiding = statement["verb"]["id"] == VOIDED
    except (KeyError, TypeError, ValueError):
        raise NotAllowed(REFUSED) from None
    is_below = what == ticket.activity or what.startswith(tuple(f"{ticket.activity}{mark}" for mark in ":/#?"))
    if is_voiding or who != ticket.person or sitting != ticket.registration or not is_below:
        raise NotAllowed(REFUSED)
