"""Who has what: lending a copy, giving it back, keeping it longer; and who waits for a thing.

A loan is a record of its own, so that two hubs that lent the same copy both keep theirs, and giving one back leaves
the other. Nothing here leaves the hub. There are no fines; what is past its day is something to ask about.
"""

from dataclasses import dataclass
from typing import Any

from hub import typed
from hub.errors import InputWrong, NotFound
from hub.learning.sittings import derived
from hub.lending.things import OUT_OF_USE, check_lends, thing
from hub.node import Node
from hub.people import circles, households, roster
from hub.people.roster import Person
from hub.people.settle import settle
from hub.tables.lending import DAMAGED, LOST, MENDED, WHOLE

PERSON, CIRCLE, HOUSEHOLD = "person", "circle", "household"
DAYS_MAX, DAYS = 365, 14
DAY_MS = 86_400_000
NOTE_MAX = 200
WISHES_MAX = 20
"""Things that one person can wait for at a time."""
OUTCOMES = (WHOLE, DAMAGED, LOST)


@dataclass(frozen=True)
class Asked:
    """To whom a copy shall go: `to` is `kind:id`, `copy` its name or "" for any that is here, `form` the form's id."""

    to: str
    copy: str
    days: int
    form: str


@dataclass(frozen=True)
class Borrower:
    """A person, circle or household; `name` is "" where the hub knows it no longer."""

    kind: str
    id: str
    name: str
    picture: str


@dataclass(frozen=True)
class Loan:
    """A copy that somebody has, or had and brought back damaged or not at all."""

    id: str
    thing: str
    name: str
    copy: str
    borrower: Borrower
    lent_ms: int
    due_ms: int
    outcome: str
    note: str


def lend(node: Node, *, actor: Person, thing_id: str, asked: Asked) -> str:
    """Lend a copy as it is asked; returns the loan. Sent twice, it is lent once.

    Raises NotAllowed, NotFound or InputWrong; then nothing was written.
    """
    check_lends(actor)
    kind, _, name = asked.to.partition(":")
    _check_borrower(node, kind, name)
    if not 0 < asked.days <= DAYS_MAX:
        raise InputWrong("A thing is lent for 1 to %(most)s days. Nothing was changed.", most=DAYS_MAX)
    loan = derived("loan", thing_id, asked.form)

    def work() -> None:
        if node.tables.Loan.get_or_none(node.tables.Loan.id == loan) is not None:
            return
        found = thing(node, thing_id)
        chosen = asked.copy or next(iter(found.here), "")
        if chosen not in found.here:
            raise InputWrong("That copy is not here now. Nothing was lent; choose another one.")
        now, fields = node.clock.now_ms(), {"thing": thing_id, "copy": chosen, "borrower_kind": kind, "borrower": name}
        settle(node, "loan", loan, **fields, lent_ms=now, due_ms=now + asked.days * DAY_MS, back_ms=0)
        if kind == PERSON:
            _close_wish(node, thing_id, name)

    node.write(work)
    return loan


def give_back(node: Node, *, actor: Person, loan: str, outcome: str = WHOLE, note: str = "") -> bool:
    """A copy is back, whole or damaged, or known to be lost. Safe to repeat.

    Raises NotAllowed, NotFound or InputWrong.
    """
    check_lends(actor)
    if outcome not in OUTCOMES:
        raise InputWrong("Say whether it is whole, damaged or lost. Nothing was changed.")
    words = typed.text(note, NOTE_MAX) if note.strip() else ""
    row = _row(node, loan)
    if row.back_ms:
        return False
    return node.write(lambda: settle(node, "loan", loan, back_ms=node.clock.now_ms(), outcome=outcome, note=words))


def longer(node: Node, *, actor: Person, loan: str, days: int) -> bool:
    """Let somebody keep it so many days more, from today where its day has passed. Raises like `give_back`."""
    check_lends(actor)
    row = _row(node, loan)
    if row.back_ms or not 0 < days <= DAYS_MAX:
        raise InputWrong("A thing is lent for 1 to %(most)s days. Nothing was changed.", most=DAYS_MAX)
    due = max(row.due_ms, node.clock.now_ms()) + days * DAY_MS
    if due > node.clock.now_ms() + DAYS_MAX * DAY_MS:
        raise InputWrong("A thing is lent for 1 to %(most)s days. Nothing was changed.", most=DAYS_MAX)
    return node.write(lambda: settle(node, "loan", loan, due_ms=due))


def mend(node: Node, *, actor: Person, thing_id: str, copy: str) -> int:
    """A copy that was damaged or lost can be lent again; how many notes that settled."""
    check_lends(actor)
    table = node.tables.Loan

    def work() -> int:
        rows = table.select().where((table.thing == thing_id) & (table.copy == copy) & table.outcome.in_(OUT_OF_USE))
        return sum(settle(node, "loan", row.id, outcome=MENDED) for row in list(rows))

    return node.write(work)


def out(node: Node, thing_id: str = "") -> list[Loan]:
    """What is lent out, of one thing or of all, the day that comes first first."""
    table = node.tables.Loan
    condition = table.back_ms == 0
    return _loans(node, condition & (table.thing == thing_id) if thing_id else condition)


def out_of_use(node: Node, thing_id: str) -> list[Loan]:
    """The notes of copies that came back damaged, or not at all."""
    table = node.tables.Loan
    return _loans(node, (table.thing == thing_id) & table.outcome.in_(OUT_OF_USE))


def of_person(node: Node, person: str) -> list[Loan]:
    """What somebody has under the own name."""
    table = node.tables.Loan
    return _loans(node, (table.borrower == person) & (table.borrower_kind == PERSON) & (table.back_ms == 0))


def ask(node: Node, *, actor: Person, thing_id: str) -> bool:
    """Wait for a thing; True when that is new. Raises NotFound, or InputWrong for too many."""
    thing(node, thing_id)
    table = node.tables.Wish

    def work() -> bool:
        mine = {row.thing for row in table.select().where((table.person == actor.id) & (table.is_open == 1))}
        if thing_id in mine:
            return False
        if len(mine) >= WISHES_MAX:
            raise InputWrong("You have asked for %(most)s things already. Nothing was changed.", most=WISHES_MAX)
        said = {"thing": thing_id, "person": actor.id, "asked_ms": node.clock.now_ms(), "is_open": 1}
        return settle(node, "loan.wish", f"{thing_id}/{actor.id}", **said)

    return node.write(work)


def no_longer(node: Node, *, actor: Person, thing_id: str) -> bool:
    """Wait no longer; True when somebody did."""
    return node.write(lambda: _close_wish(node, thing_id, actor.id))


def waiting(node: Node, thing_id: str) -> list[Person]:
    """Who waits for a thing, who asked first first."""
    table = node.tables.Wish
    rows = table.select().where((table.thing == thing_id) & (table.is_open == 1))
    order = {row.person: (row.asked_ms, row.id) for row in rows}
    return sorted(roster.chosen(node, set(order)), key=lambda each: order[each.id])


def _close_wish(node: Node, thing_id: str, person: str) -> bool:
    table, subject = node.tables.Wish, f"{thing_id}/{person}"
    known = table.get_or_none(table.id == subject) is not None
    return known and settle(node, "loan.wish", subject, is_open=0)


def _check_borrower(node: Node, kind: str, name: str) -> None:
    if kind == PERSON:
        roster.person(node, name)
    elif kind == CIRCLE:
        circles.circle(node, name)
    elif kind == HOUSEHOLD:
        households.household(node, name)
    else:
        raise InputWrong("Nobody is chosen yet. Nothing was lent; choose who takes it along.")


def _row(node: Node, loan: str) -> Any:
    row = node.tables.Loan.get_or_none(node.tables.Loan.id == loan)
    if row is None:
        raise NotFound("This was not lent here. Nothing was changed; look in the list of what is lent.")
    return row


def _loans(node: Node, condition: Any) -> list[Loan]:
    table, names = node.tables.Loan, {row.id: row.name for row in node.tables.Thing.select()}
    rows = list(table.select().where(condition).order_by(table.due_ms, table.id))
    known = _borrowers(node, rows)
    return [
        Loan(
            id=row.id,
            thing=row.thing,
            name=names.get(row.thing, ""),
            copy=row.copy,
            borrower=known.get((row.borrower_kind, row.borrower), Borrower(row.borrower_kind, row.borrower, "", "")),
            lent_ms=row.lent_ms,
            due_ms=row.due_ms,
            outcome=row.outcome,
            note=row.note,
        )
        for row in rows
    ]


def _borrowers(node: Node, rows: list[Any]) -> dict[tuple[str, str], Borrower]:
    """Names and pictures of those who have something."""
    tables, found = node.tables, {}
    for kind, table in ((PERSON, tables.Person), (CIRCLE, tables.Circle), (HOUSEHOLD, tables.Household)):
        wanted = {row.borrower for row in rows if row.borrower_kind == kind}
        for each in table.select().where(table.id.in_(wanted)) if wanted else ():
            found[kind, each.id] = Borrower(kind, each.id, each.name, each.picture)
    return found
