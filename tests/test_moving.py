"""Somebody moves: a file only they can open, the same person elsewhere with all they learned, and nobody else in it."""

import json
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from hub import jobs
from hub.consent import standing
from hub.consent.purposes import ELSEWHERE
from hub.errors import InputWrong, NotAllowed, NotFound, TooMany
from hub.forgetting import people
from hub.jobs import JobShown
from hub.learning import progress
from hub.moving import making, opening, receipt, sealed
from hub.node import Node
from hub.people import circles, households, roster
from hub.people.roster import Person
from hub.projections import fingerprint
from hub.vocabulary import VERBS, activity, person_actor
from hub.worker import Worker
from hub.xapi import store
from sync import seal
from tests.fixtures import consents
from tests.fixtures.clock import HandClock

CANARY = "Canary Okonkwo"
NOW = "2026-03-01T10:00:00.000Z"


@dataclass(frozen=True)
class Move:
    """Two hubs, somebody at the first, and whoever looks after each."""

    old: Node
    new: Node
    person: Person
    here: Person
    there: Person
    circle: str

    def make(self, *, actor: Person | None = None, person: Person | None = None) -> tuple[bytes, str]:
        """The file and its code."""
        who = person or self.person
        job, code = making.ask(self.old, actor=actor or who, person=who)
        done = _work(self.old, job)
        assert done.state == "done", done.progress
        token = making.made(self.old, job, actor=actor or who, person=who).token
        return making.fetch(self.old, token), code

    def open(self, data: bytes, code: str, *, actor: Person | None = None, **more: Any) -> str:
        """Open it at the second hub; returns the job, done."""
        who = actor or self.there
        job = opening.ask(self.new, actor=who, data=data, code=code, circle=self.circle, **more)
        assert _work(self.new, job).state == "done"
        return job


def _work(node: Node, job: str) -> JobShown:
    """Do the jobs that wait, and return this one."""
    worker = Worker(node)
    while worker.step():
        pass
    return jobs.show(node, job)


@pytest.fixture
def move(make_node: Callable[..., Node]) -> Move:
    """A grown-up with three lessons done, beside somebody whose name is the canary, and a hub to move to."""
    old, new = make_node("old"), make_node("new")
    here, there = consents.keeper(old), consents.keeper(new)
    person = roster.add_person(old, name="Amina", picture="kite", birth_year=1990)
    other = roster.add_person(old, name=CANARY, picture="goat", birth_year=1990)
    for each in (person, other):
        store.keep_own(old, [_statement(each.id, number, beside=other.id) for number in range(3)])
    circle = circles.add_circle(new, name="River", picture="baobab").id
    return Move(old, new, person, here, there, circle)


def _statement(person: str, number: int, *, beside: str = "") -> dict[str, Any]:
    """A lesson done, with somebody else as the one who looked on."""
    made = {
        "id": f"{person[:24]}{number:012d}",
        "actor": person_actor(person),
        "verb": {"id": VERBS["completed"]},
        "object": {"id": activity("safe-water", f"part{number}")},
        "result": {"completion": True, "score": {"scaled": 0.5}},
        "timestamp": NOW,
    }
    return {**made, "context": {"instructor": {**person_actor(beside), "name": CANARY}}} if beside else made


def _done(node: Node, person: str) -> list[tuple[str, int, int]]:
    table = node.tables.Progress
    rows = table.select().where(table.person == person).order_by(table.id)
    return [(row.item, row.state, row.score) for row in rows]


def test_the_same_person_with_all_that_was_learned(move: Move) -> None:
    """Identity, name and picture, progress and when it was; in the circle that was chosen; a secret does not travel."""
    data, code = move.make()
    move.open(data, code)
    found = roster.person(move.new, move.person.id)
    assert (found.name, found.picture, found.birth_year, found.roles) == ("Amina", "kite", 1990, {"learner"})
    assert _done(move.new, found.id) == _done(move.old, found.id) != []
    assert [each.id for each in circles.members(move.new, move.circle)] == [found.id]
    assert progress.of_person(move.new, found.id) == progress.of_person(move.old, found.id)
    assert _done(move.old, found.id), "at home all stays"


def test_nobody_else_is_in_it(move: Move) -> None:
    """The canary stands in statements of the person too: it is in no byte of what is sealed, nor of the other hub."""
    data, code = move.make()
    read = sealed.opened(data, code)
    assert len(read.statements) == 3
    assert CANARY not in json.dumps([read.head, read.statements])
    assert b"Amina" not in data and move.person.id.encode() not in data
    move.open(data, code)
    for line in move.new.journal.streams():
        for row in move.new.journal.store.entries(line, 0, 1000):
            assert CANARY.encode() not in row[2]


def test_opened_twice_nothing_changes(move: Move) -> None:
    """The second time every record is here already; at the hub that was left it changes nothing either."""
    data, code = move.make()
    move.open(data, code)
    before = fingerprint(move.new.tables)
    job = move.open(data, code)
    assert fingerprint(move.new.tables) == before
    assert "0 records" in str(jobs.show(move.new, job).progress)


def test_what_was_learned_since_comes_along_later(move: Move) -> None:
    """A second file brings what is new; and somebody who moves on takes both places' learning along."""
    move.open(*move.make())
    store.keep_own(move.old, [_statement(move.person.id, 7)])
    move.open(*move.make())
    assert len(_done(move.new, move.person.id)) == 4
    job, code = making.ask(move.new, actor=roster.person(move.new, move.person.id), person=move.person)
    assert _work(move.new, job).state == "done"


def test_a_no_goes_along(move: Move) -> None:
    """What somebody refused is refused at the other hub from the first day; a yes is asked for anew."""
    consents.says(move.old, move.here, move.person, "no", purpose=ELSEWHERE)
    move.open(*move.make())
    said = standing.of_person(move.new, move.person.id)
    assert standing.is_no(said[ELSEWHERE]) and sum(map(bool, said.values())) == 1


def test_a_child_needs_a_guardian(move: Move) -> None:
    """The child alone is refused, so is somebody else; the guardian makes it."""
    child = roster.add_person(move.old, name="Kofi", picture="fish", birth_year=2020)
    mother = roster.add_person(move.old, name="Ama", picture="hen", birth_year=1990, roles=("guardian",))
    home = households.add_household(move.old, name="Home", picture="mango")
    for each, relation in ((child, "child"), (mother, "guardian")):
        households.link(move.old, household=home.id, person=each.id, relation=relation)
    for actor in (child, move.person, move.here):
        with pytest.raises(NotAllowed):
            making.ask(move.old, actor=actor, person=child)
    assert move.make(actor=mother, person=child)[0].startswith(sealed.MAGIC)


def test_a_plain_person_opens_only_their_own(move: Move) -> None:
    """Somebody who is here already opens a file of somebody else: refused in a sentence, nothing changed."""
    data, code = move.make()
    strange = roster.add_person(move.new, name="Strange", picture="moon")
    before = fingerprint(move.new.tables)
    with pytest.raises(NotAllowed, match="somebody else"):
        move.open(data, code, actor=strange)
    assert fingerprint(move.new.tables) == before


def _changed(data: bytes, how: str) -> bytes:
    front = len(sealed.MAGIC)
    return {
        "another file": b"PK\3\4 a zip of something",
        "empty": b"",
        "cut": data[: len(data) // 2],
        "a bit": data[:-1] + bytes((data[-1] ^ 1,)),
        "newer": data[:front] + bytes((9,)) + data[front + 1 :],
        "older": data[:front] + bytes((0,)) + data[front + 1 :],
        "too large": data + bytes(sealed.FILE_BYTES_MAX),
    }[how]


WRONG = {
    "another file": "is no file of somebody who moves",
    "empty": "is no file of somebody who moves",
    "cut": "does not open this file",
    "a bit": "does not open this file",
    "newer": "newer program",
    "older": "older program",
    "too large": "larger than any",
}


@pytest.mark.parametrize("how", WRONG)
def test_a_wrong_file_is_refused_in_a_sentence(move: Move, how: str) -> None:
    """Each says what happened, that nothing was changed, and what to do; and nothing was."""
    data, code = move.make()
    before = fingerprint(move.new.tables)
    with pytest.raises(InputWrong, match=WRONG[how]) as told:
        move.open(_changed(data, how), code)
    assert "Nothing was changed" in str(told.value)
    assert fingerprint(move.new.tables) == before


def test_wrong_codes_are_counted(move: Move, clock: HandClock) -> None:
    """One that cannot be a code is told at once; after some wrong ones there is a rest, then the right one opens."""
    data, code = move.make()
    with pytest.raises(InputWrong, match="fifteen"):
        move.open(data, "abc")
    for _ in range(move.new.settings.sign_in_tries - 1):
        with pytest.raises(InputWrong, match="does not open"):
            move.open(data, "aaaaa-bbbbb-ccccc")
    with pytest.raises(TooMany):
        move.open(data, code)
    clock.advance(move.new.settings.sign_in_rest + 1)
    move.open(data, f" {code.upper().replace('-', ' ')} ")
    assert roster.find(move.new, move.person.id) is not None


def _forged(move: Move, code: str, change: Callable[[list[dict[str, Any]]], None]) -> bytes:
    """A file as a hub with bad intent would write it: its signature and seal are right."""
    data, first = move.make()
    read = sealed.opened(data, first)
    lines = [read.head, *read.statements]
    change(lines)
    salt = bytes(16)
    return sealed.sealed(lines, own=move.old.identity, salt=salt, public=sealed.public_key(code, salt))


FORGED: dict[str, Callable[[list[dict[str, Any]]], None]] = {
    "learning of somebody else": lambda lines: lines[1]["actor"]["account"].update(name="somebody"),
    "no statement": lambda lines: lines[1].pop("verb"),
    "an authority that is none": lambda lines: lines[1].update(authority={"name": "x"}),
    "a voiding one": lambda lines: lines[1]["verb"].update(id=VERBS["voided"]),
    "another hub's word": lambda lines: lines[0].update(hub="b" * 52),
    "no name": lambda lines: lines[0]["person"].pop("name"),
    "a name of signs": lambda lines: lines[0]["person"].update(name="=1+1"),
    "an id of a path": lambda lines: lines[0]["person"].update(id="../x"),
    "no person": lambda lines: lines[0].update(person=7),
}


@pytest.mark.parametrize("how", FORGED)
def test_a_hostile_file_changes_nothing(move: Move, how: str) -> None:
    """Whatever is in it: refused, or the job ends with a sentence, and nobody is made."""
    code = "abcde-fghjk-mnpqr"
    before = fingerprint(move.new.tables)
    data = _forged(move, code, FORGED[how])
    try:
        job = opening.ask(move.new, actor=move.there, data=data, code=code, circle=move.circle)
    except InputWrong as told:
        assert "Nothing was changed" in str(told) or "name" in str(told)
    else:
        assert _work(move.new, job).state == "stopped"
    assert fingerprint(move.new.tables) == before


def test_a_file_that_swells_is_refused(move: Move) -> None:
    """A hundred megabytes of nothing, packed small: stopped while unpacking."""
    salt, code = bytes(16), "abcde-fghjk-mnpqr"
    front = sealed.MAGIC + bytes((sealed.VERSION,)) + salt
    swelling = zlib.compress(bytes(sealed.UNPACKED_BYTES_MAX + 1))
    data = front + seal.seal(swelling, sealed.public_key(code, salt), info=sealed.INFO, aad=front)
    with pytest.raises(InputWrong, match="not as a hub writes it"):
        sealed.opened(data, code)


def test_a_cut_leaves_before_or_after(move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut while it is taken in: nobody is half here; asked again it comes whole."""
    data, code = move.make()
    before = fingerprint(move.new.tables)

    def cut(*_: object) -> None:
        raise OSError("the power went")

    monkeypatch.setattr(type(move.new), "record_many", cut)
    job = opening.ask(move.new, actor=move.there, data=data, code=code, circle=move.circle)
    with pytest.raises(OSError, match="power"):
        opening.take(move.new, jobs.show(move.new, job).arguments)
    assert fingerprint(move.new.tables) == before
    monkeypatch.undo()
    move.open(data, code)
    assert len(_done(move.new, move.person.id)) == 3


def test_the_hub_that_was_left_hears_of_it_if_they_wish(move: Move) -> None:
    """A receipt for whoever wants one; nobody can make one up, and it is good at that hub alone."""
    data, code = move.make()
    plain = move.open(data, code)
    with pytest.raises(NotFound):
        opening.receipt_of(move.new, opening.arrived(move.new, plain, actor=move.there))
    job = move.open(data, code, wants_receipt=True)
    told = opening.receipt_of(move.new, opening.arrived(move.new, job, actor=move.there))
    said = json.loads(told)
    for wrong in ({"proof": "00" * 16}, {"person": move.here.id}, {"name": "Other"}, {"left": "x"}):
        with pytest.raises(InputWrong, match="no receipt"):
            receipt.take(move.old, json.dumps({**said, **wrong}).encode())
    with pytest.raises(InputWrong):
        receipt.take(move.new, told)
    for _ in range(2):
        assert receipt.take(move.old, told).id == move.person.id
    assert [each.hub for each in receipt.moved(move.old, move.person.id)] == [move.new.identity.hub_id]


def test_what_waits_is_cleared_away(move: Move, clock: HandClock) -> None:
    """After a day neither file can be fetched; an address that is none leads nowhere."""
    move.make()
    (token,) = [each.name for each in (move.old.home / "jobs" / making.FOLDER).iterdir()]
    assert making.fetch(move.old, token)
    for wrong in ("../../keys", "zz", token[:-2]):
        with pytest.raises(NotFound):
            making.fetch(move.old, wrong)
    os.utime(move.old.home / "jobs" / making.FOLDER / token, (clock.now_ms() / 1000, clock.now_ms() / 1000))
    assert not making.is_clearing_due(move.old)
    clock.advance(making.KEPT_MS / 1000 + 1)
    assert making.is_clearing_due(move.old)
    making.clear_away(move.old)
    with pytest.raises(NotFound):
        making.fetch(move.old, token)


def test_no_file_brings_back_who_was_forgotten(move: Move) -> None:
    """Neither where it was made nor where it was opened; what lay ready for them goes with them."""
    data, code = move.make()
    move.open(data, code)
    for node, keeper in ((move.old, move.here), (move.new, move.there)):
        assert roster.find(node, move.person.id) is not None
        folders = [node.home / "jobs" / name for name in (making.FOLDER, making.ARRIVING)]
        assert [each for folder in folders for each in folder.glob("*")]
        people.forget(node, person=move.person.id)
        assert [each for folder in folders for each in folder.glob("*")] == []
        circle = circles.add_circle(node, name="Bank", picture="fish").id
        with pytest.raises(InputWrong, match="was forgotten here"):
            opening.ask(node, actor=keeper, data=data, code=code, circle=circle)
        assert roster.find(node, move.person.id) is None
