"""Forget a person: all that carries them is erased in one transaction, and then taken off the disk.

What is done is known beside the key (`listed`), so that an older database, or our own records that a region brings
back, forget them again before anybody sees a page.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from hub import acts, clips, jobs, photos, projections
from hub.acts import By
from hub.errors import InputWrong, NotAllowed, StorageSlow
from hub.forgetting import listed, rewritten, rows, traces
from hub.giving import bundles
from hub.governance import matters
from hub.node import LOCAL, Node
from hub.people import circles, rights, roster
from hub.people.roster import Person
from hub.projections.erased import mark_of
from hub.protection import voices
from hub.sentences import Sentence, sentence
from hub.sound import recordings
from hub.tide import erased, parked, sealing, summed
from hub.writing import media
from hub.xapi import attached
from sync import arrive
from sync.erasing import Said

JOB = "forget.person"
PERSON, GUARDIAN, COMMUNITY = "person", "guardian", "community"
WISHES = (PERSON, GUARDIAN, COMMUNITY)
"""Who wanted it; nobody is named."""


@dataclass(frozen=True)
class Outlook:
    """What would go with a person: entries, learning records among them, and copies that were made for others.

    `shared` are records of others that go on without the person.
    """

    entries: int
    records: int
    copies: int
    shared: int


@dataclass(frozen=True)
class Forgotten:
    """What went: how many entries, and at how many places it is to go; `erasure` names it."""

    erasure: str
    entries: int
    places: int


def may_forget(node: Node, *, actor: Person, person: Person) -> bool:
    """Whether `actor` may: a steward or librarian anybody, a facilitator the learners of the own circles.

    What is settled about erasing can leave it to librarians and stewards, or to stewards alone.
    """
    who = matters.value(node, matters.ERASING)
    if who != "leaders":
        return "steward" in actor.roles or (who == "keepers" and rights.keeps(actor))
    leads = "facilitator" in actor.roles and circles.leads(node, leader=actor.id, person=person.id)
    return rights.keeps(actor) or (leads and person.is_plain and actor.id != person.id)


def check_forgets(node: Node, *, actor: Person, person: Person) -> None:
    """Raises NotAllowed unless `may_forget`, and for the last one who holds a role that is needed."""
    if not may_forget(node, actor=actor, person=person):
        raise NotAllowed(
            "It is settled here who forgets a person, and you are not among them. Nothing was changed; ask a steward."
        )
    _check_last(node, person)


def look(node: Node, person: Person) -> Outlook:
    """What would go."""
    found = traces.find(node, person.id)
    copies = sum(len(places) for audience, places in found.places.items() if audience != LOCAL)
    return Outlook(found.total - copies, found.records, copies, len(found.shared) + len(found.statements))


def forget(node: Node, *, person: str, wish: str = COMMUNITY, by: By | None = None) -> Forgotten:
    """Forget a person for good; `by` is whose doing it is. Cut off anywhere it is as before, or done at the next start.

    Raises NotFound, InputWrong or NotAllowed before anything is written.
    """
    if wish not in WISHES:
        raise InputWrong("It is not said who wishes it. Nothing was changed; choose one of the three.")
    found = roster.person(node, person)
    _check_last(node, found)
    done = _forget(node, found, wish, by)
    return next(Forgotten(each.id, each.entries, each.places) for each in erased.erasures(node) if each.id == done)


def again(node: Node) -> int:
    """Forget once more whom an older database, or a region, has brought back; returns how many. Before pages are shown.

    Where nobody came back it costs a look at the list of people.
    """
    came_back = back(node)
    for person in came_back:
        _forget(node, roster.person(node, person), COMMUNITY, None)
    missing = [each for each in listed.said(node.home) if _is_missing(node, each)]
    if missing:
        node.writer.write(partial(_say_again, node, missing), within_s=None)
    return len(came_back)


def back(node: Node) -> list[str]:
    """The ids of those who are here although they were forgotten."""
    hub, table = node.identity.hub_id, node.tables.Person
    marks = listed.marks(node.home) | node.journal.store.erasures.known(hub)
    return [row.id for row in table.select(table.id) if mark_of(hub, row.id) in marks] if marks else []


def clean(node: Node) -> Sentence:
    """Take what was forgotten off the disk: files that nothing names now, bundles for phones, free pages, the log.

    Safe to repeat.
    """
    for room in (media, photos, clips, voices, attached):
        room.clear_away(node, old_ms=0)
    recordings.clear_away(node, old_ms=0)
    let_go_of_bundles(node)
    node.database.shrink()
    erased.clean(node)
    return sentence("Nothing of what was forgotten is left on the disk.")


def let_go_of_bundles(node: Node) -> None:
    """Delete what may hold something that was erased since: bundles for phones, and parts of others' that wait here."""
    bundles.let_go(node)
    arrive.let_go(node.journal, node.identity, sealing.ring(node), parked.waiting(node))


def clean_now(node: Node) -> None:
    """Do what the job would do, for a command; where somebody reads all the time, the job does it later."""
    with suppress(StorageSlow):
        clean(node)


def _forget(node: Node, person: Person, wish: str, by: By | None) -> str:
    listed.intend(node.home, mark_of(node.identity.hub_id, person.id))
    rows.empty_folders(node, person.id)
    made, said = node.writer.write(partial(_erase, node, person, wish, by), within_s=None)
    listed.note(node.home, said)
    return made


def _erase(node: Node, person: Person, wish: str, by: By | None) -> tuple[str, list[Said]]:
    """Everything that happens in the database, in one transaction. Whose doing it was stays, and names nobody else."""
    found = traces.find(node, person.id)
    kept = rewritten.prepare(node, found)
    said: list[Said] = []
    for audience, places in sorted(found.places.items()):
        said += node.journal.erase(places, found.known[audience])
    projections.rebuild(node.tables, node.journal.replay())
    rewritten.write(node, kept, person.id)
    rows.empty(node, person)
    for audience in found.places:
        summed.let_go(node, audience, summed.name_of(node, audience, person.id))
    made = erased.ask(node, wish=wish, entries=found.total, audiences=[name for name, _ in said])
    if by is not None:
        acts.note(node, by, sort=acts.ERASED, what=wish)
    jobs.add(node, JOB, arguments={})
    return made, said


def _say_again(node: Node, missing: Sequence[Said]) -> None:
    node.journal.erase_again(missing)
    projections.rebuild(node.tables, node.journal.replay())
    jobs.add(node, JOB, arguments={})


def _is_missing(node: Node, said: Said) -> bool:
    """Whether the database does not know of something that was erased."""
    _, wish = said
    hub, store = node.identity.hub_id, node.journal.store
    if not wish.places:
        return not set(wish.known) <= store.erasures.known(hub)
    known = {(seq, signature) for seq, _, signature in store.erasures.between(hub, wish.root, 1, wish.places[-1][0])}
    return not set(wish.places) <= known


def _check_last(node: Node, person: Person) -> None:
    for role in sorted(roster.needed(node) & person.roles):
        if person.is_active and [each.id for each in roster.people(node, role=role)] == [person.id]:
            raise roster.last_one(person.name, role)
