"""Closing a round, and looking at what was decided again on its day."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hub import typed
from hub.errors import InputWrong
from hub.governance import ballots, proposals, voices
from hub.governance.proposals import Words, check_current, check_open
from hub.governance.spoken import Adoption
from hub.governance.standing import ADOPTED, CHANGE, END, KEEP, Proposal
from hub.governance.tally import CONSENT_METHOD
from hub.node import Node
from hub.people.roster import Person
from hub.tables.governance import CONSENT

REVIEW_MONTHS = (1, 3, 6, 12)
"""After how many months a decision may be looked at again."""
REVIEW_DEFAULT = 6
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Look:
    """Somebody looks at a decision again; `number` is how many times that was done before."""

    actor: Person
    proposal: str
    number: int
    note: str = ""


def adopt(node: Node, *, actor: Person, proposal: str, version: str, months: int) -> Proposal:
    """Close the round over a version that others consented to and nobody objects to; safe to repeat.

    Raises NotAllowed, NotFound or InputWrong, also when the text has changed or an objection came meanwhile.
    """
    voices.check_keeps(actor)
    _check_months(months)

    def work() -> None:
        found = proposals.proposal(node, proposal)
        if found.is_adopted and found.version.id == version:
            return
        check_open(found)
        check_current(found, version)
        check_ripe(node, found, actor)
        now_ms = node.clock.now_ms()
        closed: dict[str, Any] = {"version": version, "seen": " ".join(sorted(found.known)), "closer": actor.id}
        closed |= {"chosen": " ".join(ballots.said(node, found).chosen)} if found.method != CONSENT_METHOD else {}
        closed |= {"said_ms": now_ms, "review_ms": later(now_ms, months)}
        node.change("proposal.adoption", node.new_id(), proposal=proposal, **closed)

    node.write(work)
    return proposals.proposal(node, proposal)


def is_ripe(node: Node, proposal: Proposal, actor: Person) -> bool:
    """Whether `actor` could close the round now."""
    try:
        check_ripe(node, proposal, actor)
    except InputWrong:
        return False
    return True


def awaited(node: Node, found: Proposal) -> list[Person]:
    """Those who objected and have not said yet whether the amended text answers it, by name; only who has a voice."""
    persons = {each.person for each in found.unheard}
    return [each for each in voices.voices(node, found.circle) if each.id in persons] if persons else []


def check_ripe(node: Node, found: Proposal, actor: Person) -> None:
    """Raises InputWrong, with the reason, unless `actor` could close the round now."""
    if found.method != CONSENT_METHOD:
        ballots.check_ripe(node, found)
        return
    if found.open_objections:
        raise InputWrong("Somebody objects. Nothing was changed; amend the proposal, or talk with them.")
    has_hands = any(each.hands for each in found.counted)
    if found.state != CONSENT or not (found.consenting or has_hands):
        raise InputWrong("Nobody has consented to this text yet. Nothing was changed; ask everybody first.")
    waiting = awaited(node, found)
    if waiting:
        raise InputWrong(
            "Not said yet whether the new text answers their objection: %(names)s. Nothing was changed; ask them"
            " first.",
            names=", ".join(each.name for each in waiting),
        )
    others = [each for each in voices.voices(node, found.circle) if each.id != actor.id]
    if others and not has_hands and all(each.person == actor.id for each in found.consenting):
        raise InputWrong("Nobody but you has consented yet. Nothing was changed; ask the others first.")


def keep(node: Node, look: Look, *, months: int) -> Proposal:
    """Let a decision hold for some more months; safe to repeat.

    Raises NotAllowed, NotFound or InputWrong, also when somebody reviewed it meanwhile.
    """
    _check_months(months)
    review_ms = later(node.clock.now_ms(), months)
    return _reviewed(node, look, lambda _found: {"outcome": KEEP, "review_ms": review_ms}, repeated=(KEEP, review_ms))


def end(node: Node, look: Look) -> Proposal:
    """Let a decision hold no more; safe to repeat. Raises like `keep`."""
    return _reviewed(node, look, lambda _found: {"outcome": END}, repeated=(END, 0))


def change(node: Node, look: Look, *, words: Words) -> Proposal:
    """Open a proposal that would change a decision, which holds until that is adopted; returns the new one.

    Raises like `keep` and `proposals.open_proposal`.
    """
    opened: list[str] = []

    def work(found: Proposal) -> dict[str, Any]:
        made = proposals.open_proposal(node, actor=look.actor, words=words, circle=found.circle, parent=found.id)
        opened[:] = [made.id]
        return {"outcome": CHANGE, "successor": made.id}

    _reviewed(node, look, work)
    return proposals.proposal(node, opened[0])


def later(now_ms: int, months: int) -> int:
    """Midnight UTC so many months on, on the same day of the month where there is one, in milliseconds since 1970."""
    now = EPOCH + timedelta(milliseconds=now_ms)
    year, month = divmod(now.year * 12 + now.month - 1 + months, 12)
    day = min(now.day, calendar.monthrange(year, month + 1)[1])
    return (datetime(year, month + 1, day, tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1)


def _reviewed(
    node: Node, look: Look, work: Callable[[Proposal], dict[str, Any]], repeated: tuple[str, int] = ("", 0)
) -> Proposal:
    """Write a review down; `repeated` are outcome and day of one that may be sent twice."""
    voices.check_keeps(look.actor)
    note = typed.text(look.note) if look.note.strip() else ""

    def whole() -> None:
        found = proposals.proposal(node, look.proposal)
        done = (look.number + 1, look.actor.id, note, *repeated)
        if any((each.number, each.reviewer, each.note, each.outcome, each.review_ms) == done for each in found.reviews):
            return
        adoption = _in_force(found, look)
        facts = {"successor": "", "review_ms": 0, **work(found), "note": note, "reviewer": look.actor.id}
        which: dict[str, Any] = {"proposal": found.id, "adoption": adoption.id, "number": look.number + 1}
        node.change("proposal.review", node.new_id(), **which, **facts, said_ms=node.clock.now_ms())

    node.write(whole)
    return proposals.proposal(node, look.proposal)


def _in_force(found: Proposal, look: Look) -> Adoption:
    """The closed round that is looked at again. Raises InputWrong when there is none, or somebody looked meanwhile."""
    if found.is_changing:
        raise InputWrong(
            "A change of it is proposed already. Nothing was changed; until it is adopted, this one holds."
        )
    if found.adoption is None or found.state != ADOPTED:
        raise InputWrong("There is no decision in force to look at. Nothing was changed; look in the list.")
    if found.reviews_done != look.number:
        raise InputWrong("Somebody has looked at it meanwhile. Nothing was changed; read what came of it.")
    return found.adoption


def _check_months(months: int) -> None:
    if months not in REVIEW_MONTHS:
        raise InputWrong("It is looked at again after some months. Nothing was changed; choose one from the page.")
