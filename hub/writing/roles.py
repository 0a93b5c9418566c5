"""Who may do what with a draft: one table, by who somebody is to it and with whom it is.

Keepers of the shelf share the drafts that they begin. A facilitator's is their own until they hand it in; then the
keepers look, mend, publish, or send it back with a sentence. Nobody else has to do with any.
"""

from collections.abc import Mapping
from typing import Final

from hub import typed
from hub.errors import InputWrong
from hub.governance import matters
from hub.node import Node
from hub.people.roster import Person
from hub.writing import checks, drafts
from hub.writing.banks import Bank
from hub.writing.drafts import Draft

KEEPERS = frozenset({"librarian", "steward"})
WRITERS = KEEPERS | {"facilitator"}
"""Who may begin a draft."""

SHARED, OWN, HANDED = "", "own", "handed"
"""With whom a draft is: with all keepers who began it, with its writer, with the keepers to whom it was handed in."""
ON_SHELF = "on the shelf"
"""A writer's own again, after it was published."""

LOOK, WRITE, PUBLISH, DELETE, HAND_IN, TAKE_BACK, SEND_BACK = (
    *("look", "write", "publish", "delete", "hand in", "take back", "send back"),
)
_KEEPS = frozenset({LOOK, WRITE, PUBLISH, DELETE})
MAY: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("keeper", SHARED): _KEEPS,
    ("keeper", OWN): frozenset(),
    ("keeper", HANDED): _KEEPS | {SEND_BACK},
    ("keeper", ON_SHELF): _KEEPS,
    ("writer", SHARED): frozenset({LOOK}),
    ("writer", OWN): frozenset({LOOK, WRITE, DELETE, HAND_IN}),
    ("writer", HANDED): frozenset({LOOK, TAKE_BACK}),
    ("writer", ON_SHELF): frozenset({LOOK, WRITE, HAND_IN}),
}
"""Who somebody is to a draft, with whom it is → what they may do; everybody else may do nothing."""


def may(node: Node, person: Person, draft: Draft) -> frozenset[str]:
    """Everything that somebody may do with a draft; to publish it may be settled to be the stewards' alone."""
    found = _may(person, draft)
    is_theirs = "steward" in person.roles or matters.value(node, matters.PUBLISHING) == "keepers"
    return found if is_theirs else found - {PUBLISH}


def _may(person: Person, draft: Draft) -> frozenset[str]:
    roles = frozenset(person.roles)
    where = ON_SHELF if draft.stage == OWN and draft.version else draft.stage
    ways = [("keeper", bool(roles & KEEPERS)), ("writer", bool(roles & WRITERS) and draft.person == person.id)]
    return frozenset().union(*(MAY[way, where] for way, is_so in ways if is_so))


def may_change_bank(person: Person, bank: Bank) -> bool:
    """Whether somebody may change a bank of questions: keepers of the shelf, and whoever began it as a writer."""
    roles = frozenset(person.roles)
    return bool(roles & KEEPERS) or (bool(roles & WRITERS) and bank.person == person.id)


def first_stage(person: Person) -> str:
    """With whom a draft is that somebody begins."""
    return SHARED if frozenset(person.roles) & KEEPERS else OWN


def seen(node: Node, person: Person) -> list[Draft]:
    """The drafts that somebody may look at: those handed in first for keepers, then their own, the latest first."""
    found = [each for each in drafts.drafts(node, person=person.id) if LOOK in _may(person, each)]
    return sorted(found, key=lambda each: not waits(person, each))


def waits(person: Person, draft: Draft) -> bool:
    """Whether it waits for this person: a draft that was handed in, for whoever keeps the shelf."""
    return draft.stage == HANDED and SEND_BACK in _may(person, draft)


def waiting(node: Node) -> int:
    """How many drafts wait for whoever keeps the shelf."""
    table = node.tables.Draft
    return table.select().where(table.stage == HANDED).count()


def came_back(node: Node, *, person: str) -> int:
    """How many drafts of somebody were sent back, and wait for their writer."""
    table = node.tables.Draft
    return table.select().where((table.person == person) & (table.stage == OWN) & (table.note != "")).count()


def hand_in(node: Node, draft_id: str) -> Draft:
    """Give a draft to whoever keeps the shelf. Safe to repeat. Raises NotFound, or InputWrong when it is empty."""
    if not drafts.draft(node, draft_id).body.parts:
        raise InputWrong("There is nothing in it yet. Nothing was changed; write a text or a question first.")
    return drafts.pass_on(node, draft_id, stage=HANDED, note="")


def take_back(node: Node, draft_id: str) -> Draft:
    """Go on writing a draft that was handed in. Safe to repeat. Raises NotFound."""
    return drafts.pass_on(node, draft_id, stage=OWN, note="")


def send_back(node: Node, draft_id: str, *, note: str) -> Draft:
    """Give a draft back to its writer with a sentence. Safe to repeat. Raises NotFound or InputWrong."""
    return drafts.pass_on(node, draft_id, stage=OWN, note=typed.text(note, checks.LINE_MAX))
