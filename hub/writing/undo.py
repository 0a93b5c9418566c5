"""The last changes of each draft, kept on the hub: everybody takes back their own, step by step, and again forward.

Whose change it was decides, not whose came last: what another person did is never taken back with one's own. The same
rows tell that a form was sent twice.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hub.errors import InputWrong
from hub.node import Node
from hub.writing import steps
from hub.writing.parts import Body
from hub.writing.steps import Step

STEPS_MAX = 50
"""Changes of one draft that are kept: more than anybody remembers, and less than a megabyte."""


@dataclass(frozen=True)
class Hand:
    """Who changes a draft, and what tells the form apart that it comes by; each may be "". Of nobody's change no step
    is kept."""

    person: str = ""
    form: str = ""


NOBODY = Hand()


@dataclass(frozen=True)
class Kept:
    """A step with its name in the rows."""

    id: str
    step: Step


@dataclass(frozen=True)
class Ways:
    """What a person can take back next, and what they can do again; None for nothing."""

    back: Kept | None
    again: Kept | None


def ways(node: Node, draft_id: str, *, person: str, body: Body) -> Ways:
    """Where somebody can go from here in a draft that stands so; what others changed since is passed over."""
    table = node.tables.DraftStep
    rows = list(table.select().where((table.draft == draft_id) & (table.person == person)).order_by(table.number))
    done = (each for each in reversed(rows) if not each.is_undone)
    gone = (each for each in rows if each.is_undone)
    return Ways(_first(done, body, steps.undone), _first(gone, body, steps.redone))


def keep(node: Node, draft_id: str, *, by: Hand, sent: str, step: Step) -> None:
    """Keep a step that was just done; what its maker took back before cannot be done again. Only inside `write`."""
    table, own = node.tables.DraftStep, node.tables.DraftStep.draft == draft_id
    if not by.person:
        return
    table.delete().where(own & (table.person == by.person) & (table.is_undone == 1)).execute()
    last = table.select().where(own).order_by(table.number.desc()).first()
    number = last.number + 1 if last is not None else 1
    row = {"id": node.new_id(), "draft": draft_id, "person": by.person, "number": number, "sent": sent}
    table.insert(**row, body=steps.dump(step), is_undone=0, at_ms=node.clock.now_ms()).execute()
    table.delete().where(own & (table.number <= number - STEPS_MAX)).execute()


def was_sent(node: Node, draft_id: str, *, sent: str) -> bool:
    """Whether what tells a form apart was seen with this draft, and stands; "" never was."""
    table = node.tables.DraftStep
    known = (table.draft == draft_id) & (table.sent == sent) & (table.is_undone == 0)
    return bool(sent) and table.select().where(known).exists()


def taken_back(node: Node, draft_id: str, *, person: str, step: str) -> Callable[[Body], Body]:
    """The change that takes a step back and notes it; nothing, when it was taken back before. Only inside `write`."""
    return lambda body: _turned(node, body, _row(node, draft_id, person, step), is_undone=True)


def done_again(node: Node, draft_id: str, *, person: str, step: str) -> Callable[[Body], Body]:
    """The change that does a step once more and notes it; nothing, when it stands. Only inside `write`."""
    return lambda body: _turned(node, body, _row(node, draft_id, person, step), is_undone=False)


def forget(node: Node, draft_id: str) -> None:
    """Forget all steps of a draft. Only inside `write`."""
    table = node.tables.DraftStep
    table.delete().where(table.draft == draft_id).execute()


def _turned(node: Node, body: Body, row: Any, *, is_undone: bool) -> Body:
    table, state = node.tables.DraftStep, int(is_undone)
    if row.is_undone == state:
        return body
    turned = (steps.undone if is_undone else steps.redone)(body, steps.load(row.body))
    found = ways(node, row.draft, person=row.person, body=body)
    if row.id != getattr(found.back if is_undone else found.again, "id", ""):
        raise InputWrong("You changed something else since. Nothing was changed; look at the draft again.")
    table.update(is_undone=state).where(table.id == row.id).execute()
    return turned


def _row(node: Node, draft_id: str, person: str, step: str) -> Any:
    table = node.tables.DraftStep
    row = table.get_or_none((table.id == step) & (table.draft == draft_id) & (table.person == person))
    if row is None:
        raise InputWrong("This change is too old to be taken back. Nothing was changed; change it by hand.")
    return row


def _first(rows: Iterable[Any], body: Body, turn: Callable[[Body, Step], Body]) -> Kept | None:
    """The first of some rows whose step can be turned as the draft stands, or None."""
    for row in rows:
        found = steps.load(row.body)
        try:
            turn(body, found)
        except InputWrong:
            continue
        return Kept(row.id, found)
    return None
