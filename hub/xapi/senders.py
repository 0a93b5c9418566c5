"""Who speaks at the door, and what they may do there: a tool with its key, or content with its ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hub import keys
from hub.errors import KeyWrong, NotAllowed
from hub.node import Node
from hub.tables import run
from hub.tables.lookup import numbers
from hub.vocabulary import KEYS, LAUNCHES, VERBS, VOIDED, agent_key
from hub.xapi.begun import last_begun
from hub.xapi.find import Bounds
from hub.xapi.reading import read

LAUNCH = "launch"
"""The user name that goes with a ticket."""
LAUNCH_DATA, PREFERENCES = "LMS.LaunchData", "cmi5LearnerPreferences"
"""What the hub writes for a part of a cmi5 course: a state of its opening, and a profile of its learner."""
ALL, ALL_READ = "all", "all/read"
STATE, PROFILE = "state", "profile"
MAY_WRITE = frozenset({ALL, "statements/write"})
MAY_READ = frozenset({ALL, ALL_READ, "statements/read"})
MINE = "statements/read/mine"
WROTE_MAX = 10_000
"""Whoever looks at a key wants to know whether it writes, not how much exactly."""
OVER = "This was opened anew since, and goes on there. What was sent before is safe; nothing was changed now."
REFUSED = "This key may not do that here. Nothing was changed; ask whoever runs the hub for a key that may."


@dataclass(frozen=True)
class Sender:
    """Somebody who proved who they are.

    `subject` names the key or the ticket for counting; `bounds` is which statements they may read, None for none. With
    a ticket, `scopes` is empty and the ticket alone decides.
    """

    subject: str
    authority: dict[str, Any]
    may_write: bool
    bounds: Bounds | None
    scopes: frozenset[str] = frozenset()
    ticket: keys.Ticket | None = None


def recognise(node: Node, *, name: str, secret: str) -> Sender:
    """The sender behind a name and secret. Raises KeyWrong."""
    if name == LAUNCH:
        return _launched(node, keys.read_ticket(node, secret))
    key = keys.check(node, key=name, secret=secret)
    authority = key_authority(key)
    scopes = frozenset(key.scopes)
    bounds = Bounds() if scopes & MAY_READ else Bounds(authority=agent_key(authority)) if MINE in scopes else None
    return Sender(f"key:{key.id}", authority, bool(scopes & MAY_WRITE), bounds, scopes)


def key_authority(key: keys.KeyShown) -> dict[str, Any]:
    """The agent that vouches for what a tool writes with its key."""
    return {"objectType": "Agent", "name": key.name, "account": {"homePage": KEYS, "name": key.id}}


def wrote(node: Node, key: keys.KeyShown) -> int:
    """How many statements that are here a tool wrote with its key; from WROTE_MAX on it is not counted further."""
    asked = (
        "SELECT count(*) FROM"
        " (SELECT 1 FROM statement_row WHERE authority = ? AND authority > 0 AND is_voided < 2 LIMIT ?) AS few"
    )
    return int(run(node.tables, asked, *numbers(node.tables, agent_key(key_authority(key))), WROTE_MAX).fetchone()[0])


def allow_writing(sender: Sender, statements: Sequence[bytes]) -> None:
    """Raise NotAllowed unless the sender may write all of these; StatementWrong when they cannot be read."""
    if not sender.may_write:
        raise NotAllowed(REFUSED)
    if sender.ticket is not None:
        for raw in statements:
            _fits_ticket(sender.ticket, read(raw))


def voids_any(sender: Sender) -> bool:
    """Whether the sender may void also what somebody else recorded; a tool with `statements/write` only its own."""
    return ALL in sender.scopes


def allow_reading(sender: Sender) -> Bounds:
    """What the sender may read of statements. Raises NotAllowed."""
    if sender.bounds is None:
        raise NotAllowed(REFUSED)
    return sender.bounds


def allow_state(sender: Sender, *, activity: str, agent: str, registration: str, name: str = "", writing: bool) -> None:
    """Raise NotAllowed unless the sender may read, or with `writing` change, these state documents.

    `agent` is an `agent_key`, `registration` "" where the request names none: what was kept without one belongs to no
    sitting, and is the learner's own all the same. Content has the state of its own activity and what is below it, of
    its learner, in its sitting (xAPI 1.0.3, part 3, 4.2: the activities and actors that belong to the token). A part
    of a cmi5 course names its sitting always, and changes nothing of what the hub told it (cmi5, 10.2.1).
    """
    ticket = sender.ticket
    if ticket is None:
        _need(sender, {ALL, STATE} if writing else {ALL, ALL_READ, STATE})
        return
    is_own = is_below(ticket, activity) and agent == ticket.person and _is_sitting(ticket, registration)
    is_led = bool(ticket.session)
    if not is_own or (is_led and not registration) or (is_led and writing and name in ("", LAUNCH_DATA)):
        raise NotAllowed(REFUSED)


def allow_profile(sender: Sender, *, activity: str = "", agent: str = "", name: str = "", writing: bool) -> None:
    """Raise NotAllowed unless the sender may read, or with `writing` change, the profile documents of an activity.

    Without `activity` they are an agent's. Content reads those of its own activity and what is below it; what it wrote
    there would be every learner's, so it writes none, and it has nothing to do with an agent's. A part of a cmi5 course
    reads what its learner prefers, and does not change it: that is the learner's own page (cmi5, 11).
    """
    ticket = sender.ticket
    if ticket is not None and ticket.session and not writing and (agent, name) == (ticket.person, PREFERENCES):
        return
    if ticket is None:
        _need(sender, {ALL, PROFILE} if writing else {ALL, ALL_READ, PROFILE})
    elif writing or not activity or not is_below(ticket, activity):
        raise NotAllowed(REFUSED)


def allow_activity(sender: Sender, *, activity: str) -> None:
    """Raise NotAllowed unless the sender may ask what an activity is: with any scope that reads, or of its own."""
    if sender.ticket is None:
        _need(sender, {*MAY_READ, MINE, STATE, PROFILE})
    elif not is_below(sender.ticket, activity):
        raise NotAllowed(REFUSED)


def allow_agent(sender: Sender, *, agent: str) -> Bounds:
    """The statements from which the sender may learn how an agent (an `agent_key`) is called. Raises NotAllowed.

    Content asks of its own learner alone.
    """
    if sender.ticket is not None and agent != sender.ticket.person:
        raise NotAllowed(REFUSED)
    return allow_reading(sender)


def is_below(ticket: keys.Ticket, activity: str) -> bool:
    """Whether an activity is the one that was launched, or a part of it."""
    return activity == ticket.activity or activity.startswith(tuple(f"{ticket.activity}{mark}" for mark in ":/#?"))


def _need(sender: Sender, one_of: set[str]) -> None:
    if not sender.scopes & one_of:
        raise NotAllowed(REFUSED)


def _is_sitting(ticket: keys.Ticket, registration: str) -> bool:
    return registration.lower() in ("", ticket.registration)


def _launched(node: Node, ticket: keys.Ticket) -> Sender:
    """Content in its sitting. That is over once another of its learner's has begun with it: what is reported after the
    end that it told, and while its page is left, still belongs to it. Sessions of cmi5 know their own end."""
    if ticket.session.startswith(keys.TO_FETCH):
        raise KeyWrong(keys.WRONG)
    begun = None if ticket.session else last_begun(node, person=ticket.person, activity=ticket.activity)
    if begun is not None and begun[0] != ticket.registration:
        raise KeyWrong(OVER)
    authority = {"objectType": "Agent", "account": {"homePage": LAUNCHES, "name": ticket.activity}}
    bounds = Bounds(authority=agent_key(authority), actor=ticket.person, registration=ticket.registration)
    subject = f"ticket:{ticket.person}:{ticket.activity}"
    return Sender(subject, authority, may_write=True, bounds=bounds, ticket=ticket)


def _fits_ticket(ticket: keys.Ticket, statement: Any) -> None:
    """Content speaks only of its learner alone, of itself or what is below it, and of this sitting; it voids nothing,
    and gives nobody a badge. A group may bear the learner's name and have others in it."""
    try:
        who, what = agent_key(statement["actor"]), str(statement["object"]["id"])
        is_many = statement["actor"].get("objectType", "Agent") != "Agent"
        sitting = str(statement["context"]["registration"]).lower()
        is_for_people = statement["verb"]["id"] in (VOIDED, VERBS["earned"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise NotAllowed(REFUSED) from None
    is_its_own = who == ticket.person and sitting == ticket.registration and is_below(ticket, what)
    if is_for_people or is_many or not is_its_own:
        raise NotAllowed(REFUSED)
