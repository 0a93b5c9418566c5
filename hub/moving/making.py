"""Make the file that somebody takes along: asked for by a press, written as a job, fetched within a day.

A grown-up makes it alone, a child together with a guardian. The file is sealed from the first byte that is written, so
its address may be opened by whoever has it; the code is told once, to the person, and kept nowhere.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content.errors import N_
from hub import handout, jobs, own_files
from hub.consent import standing, whose
from hub.errors import NotAllowed, NotFound
from hub.jobs import JobShown
from hub.moments import moment_text
from hub.moving import sealed
from hub.node import JOBS_FOLDER, Node
from hub.out import mine, records
from hub.people import roster
from hub.people.roster import Person
from hub.sentences import Sentence, counted
from hub.tables import put
from hub.vocabulary import PEOPLE, VOIDED

JOB = "moving"
FOLDER, FILE = "moving", "learning.mangrove"
ARRIVING = "arriving"
"""Where the other side keeps what it has opened."""
KEPT_MS = 86_400_000
TOKEN_BYTES, PROOF_BYTES, PROOFS_KEPT = 16, 16, 8
NOT_HERE = N_("There is no such file here; it is kept for one day. Have it made anew.")
PRIVATE_MODE = 0o700


@dataclass(frozen=True)
class Made:
    """A file that is made or being made; `size` is 0 until it is there, `token` is in its address."""

    job: JobShown
    token: str
    size: int


def may_make(node: Node, *, actor: Person, person: Person) -> bool:
    """Whether `actor` may have the file made: a grown-up for oneself, a guardian for a child; where a child has none
    that is known, who writes down what is said there."""
    if whose.speaks_for(node, actor=actor, person=person):
        return True
    is_alone = whose.is_child(node, person) and not whose.guardians(node, person)
    return is_alone and actor.id != person.id and whose.writes_for(node, actor=actor, person=person)


def check_makes(node: Node, *, actor: Person, person: Person) -> None:
    """Raises NotAllowed unless `may_make`."""
    if not may_make(node, actor=actor, person=person):
        raise NotAllowed(
            "A grown-up takes their own learning along, a child together with a guardian. Nothing was made;"
            " ask the guardian to press it."
        )


def ask(node: Node, *, actor: Person, person: Person) -> tuple[str, str]:
    """Ask for the file; returns the job, and the code that opens the file, which is told here and kept nowhere."""
    check_makes(node, actor=actor, person=person)
    clear_away(node)
    code, salt, token = (
        sealed.new_code(node.randomness),
        node.randomness(sealed.SALT_BYTES),
        node.randomness(TOKEN_BYTES).hex(),
    )
    asked = {"path": token, "person": person.id, "salt": salt.hex(), "public": sealed.public_key(code, salt).hex()}
    (_folder(node) / token).mkdir(mode=PRIVATE_MODE, parents=True)
    return jobs.add(node, JOB, arguments=asked), code


def make(node: Node, arguments: dict[str, Any]) -> Sentence:
    """Do the job: write the file whole, or not at all. Safe to repeat. Raises NotFound or InputWrong."""
    place = _folder(node) / Path(str(arguments["path"])).name
    person = roster.person(node, str(arguments["person"]))
    if not place.is_dir():
        raise NotFound(NOT_HERE)
    proof = node.randomness(PROOF_BYTES)
    lines = list(_lines(node, person, proof))
    salt, public = bytes.fromhex(arguments["salt"]), bytes.fromhex(arguments["public"])
    data = sealed.sealed(lines, own=node.identity, salt=salt, public=public)
    node.write(lambda: _note(node, person.id, proof))
    handout.stream(place / FILE, [data])
    return counted(
        "The file is ready. %(num)d record is in it.",
        "The file is ready. %(num)d records are in it.",
        len(lines) - 1,
    )


def made(node: Node, job_id: str, *, actor: Person, person: Person) -> Made:
    """How far a file is. Raises NotAllowed, or NotFound when there is none of that person."""
    check_makes(node, actor=actor, person=person)
    job = jobs.show(node, job_id)
    if job.kind != JOB or job.arguments.get("person") != person.id:
        raise NotFound(NOT_HERE)
    token = str(job.arguments["path"])
    place = _folder(node) / token / FILE
    return Made(job, token, place.stat().st_size if place.is_file() else 0)


def fetch(node: Node, token: str) -> bytes:
    """The sealed bytes, for whoever has the address. Raises NotFound."""
    try:
        if len(bytes.fromhex(token)) == TOKEN_BYTES:
            return (_folder(node) / token / FILE).read_bytes()
    except (OSError, ValueError):
        pass
    raise NotFound(NOT_HERE)


def is_clearing_due(node: Node) -> bool:
    """Whether something has lain for longer than it is kept."""
    return any(_old(node))


def clear_away(node: Node) -> None:
    """Delete what was made here, and what was opened here, and lay for longer than it is kept."""
    for each in list(_old(node)):
        shutil.rmtree(each, ignore_errors=True)


def _old(node: Node) -> Iterator[Path]:
    for name in (FOLDER, ARRIVING):
        with suppress(FileNotFoundError):
            yield from (
                each for each in (node.home / JOBS_FOLDER / name).iterdir() if own_files.age_ms(node, each) > KEPT_MS
            )


def is_of_ours(node: Node, person: str, proof: bytes) -> bool:
    """Whether somebody shows what stood in a file that was made here for that person."""
    return hashlib.sha256(proof).hexdigest() in _proofs(node, person)


def _lines(node: Node, person: Person, proof: bytes) -> Iterator[dict[str, Any]]:
    """What the file says: who, what was refused, and every statement of the person that counts; nobody else."""
    refused = [name for name, answer in standing.of_person(node, person.id).items() if standing.is_no(answer)]
    yield {
        "hub": node.identity.hub_id,
        "hub_name": node.name,
        "made": moment_text(node.clock.now_ms()),
        "proof": proof.hex(),
        "person": {
            "id": person.id,
            "name": person.name,
            "picture": person.picture,
            "birth_year": person.birth_year,
            "language": person.language,
            "learns": list(person.learns),
        },
        "refused": refused,
    }
    for each in mine.statements(node, person.id):
        account = each["actor"].get("account") or {}
        is_own = account.get("homePage") == PEOPLE and account.get("name") == person.id
        if is_own and not each.get(records.VOIDED) and each["verb"]["id"] != VOIDED:
            yield {name: part for name, part in each.items() if name not in ("attachments", records.VOIDED)}


def _note(node: Node, person: str, proof: bytes) -> None:
    kept = [*_proofs(node, person), hashlib.sha256(proof).hexdigest()][-PROOFS_KEPT:]
    put(node.tables.Note, name=_mark(person), value=json.dumps(kept))


def _proofs(node: Node, person: str) -> list[str]:
    row = node.tables.Note.get_or_none(node.tables.Note.name == _mark(person))
    return [] if row is None else list(json.loads(row.value))


def _mark(person: str) -> str:
    return f"moving {person}"


def _folder(node: Node) -> Path:
    return node.home / JOBS_FOLDER / FOLDER
