"""Open the file of somebody who has come from another hub: the same person, with everything they learned.

The code is looked at in the request; what the file says waits in the home, for the hub alone, until the job has taken
it in, in one transaction with the person: a cut leaves before or after. Opened twice, nothing changes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content.errors import N_
from hub import handout, jobs
from hub.errors import HubError, InputWrong, NotAllowed, NotFound
from hub.jobs import JobShown
from hub.moments import moment_ms, moment_text
from hub.moving import making, receipt, sealed
from hub.moving.sealed import Read
from hub.node import JOBS_FOLDER, Node
from hub.people import attempts, circles, rights, roster
from hub.people.roster import Person
from hub.people.settle import settle
from hub.projections.erased import is_any_erased
from hub.sentences import Sentence, counted, isolated
from hub.tables.consents import REFUSED
from hub.tables.lookup import places
from hub.vocabulary import PEOPLE, VOIDED
from hub.xapi import rules
from hub.xapi.reading import check_size

JOB = "moving.in"
OPENED, RECEIPT = "opened.json", "receipt.json"
STATEMENT, VISIT = "statement", "consent.visit"
PURPOSES_MAX = 16
WRONG = N_("That file is not as a hub writes it. Nothing was changed; have it made anew at the other hub.")

FORGOTTEN = N_(
    "Who is in this file was forgotten here, and no file brings them back. Nothing was changed; enter them as somebody"
    " new."
)


@dataclass(frozen=True)
class Arrived:
    """How far a job is, whom it brings, and whether a receipt for the other hub is ready."""

    job: JobShown
    person: str
    name: str
    has_receipt: bool


def ask(  # noqa: PLR0913
    node: Node, *, actor: Person, data: bytes, code: str, circle: str, address: str = "", wants_receipt: bool = False
) -> str:
    """Open a file and ask that it be taken in; returns the job. A plain person opens only their own.

    Raises InputWrong, NotAllowed, or TooMany after many wrong codes; then nothing was changed.
    """
    salt = sealed.salt_of(data).hex()
    attempts.take_move(node, file=salt, address=address)
    read = sealed.opened(data, code)
    attempts.forgive_move(node, file=salt, address=address)
    person = _checked_person(read)
    if is_any_erased(node.tables, node.identity.hub_id, [person["id"]]):
        raise InputWrong(FORGOTTEN)
    _check_opens(node, actor, person["id"], circle)
    making.clear_away(node)
    name = node.new_id()
    place = _folder(node) / name
    place.mkdir(mode=making.PRIVATE_MODE, parents=True)
    handout.write(place / OPENED, json.dumps([read.head, read.statements], ensure_ascii=False))
    asked = {"path": name, "person": person["id"], "name": person["name"], "circle": circle, "actor": actor.id}
    return jobs.add(node, JOB, arguments={**asked, "wants_receipt": wants_receipt})


def take(node: Node, arguments: dict[str, Any]) -> Sentence:
    """Do the job: the person and all statements in one transaction. Safe to repeat. Raises InputWrong or NotFound."""
    place = _place(node, arguments)
    try:
        head, statements = json.loads((place / OPENED).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(making.NOT_HERE) from None
    rows = [_checked(each, head["person"]["id"]) for each in statements]
    try:
        came = node.write(lambda: _take(node, head, rows, str(arguments["circle"])))
        if arguments["wants_receipt"]:
            handout.write(place / RECEIPT, receipt.made(node, head))
    finally:
        (place / OPENED).unlink(missing_ok=True)
    return counted(
        "%(name)s is here. %(num)d record came along that was not here yet.",
        "%(name)s is here. %(num)d records came along that were not here yet.",
        came,
        name=isolated(str(head["person"]["name"])),
    )


def arrived(node: Node, job_id: str, *, actor: Person) -> Arrived:
    """How far it is, for whoever asked. Raises NotFound."""
    job = jobs.show(node, job_id)
    if job.kind != JOB or job.arguments.get("actor") != actor.id:
        raise NotFound(making.NOT_HERE)
    said = job.arguments
    return Arrived(job, str(said["person"]), str(said["name"]), (_place(node, said) / RECEIPT).is_file())


def receipt_of(node: Node, found: Arrived) -> bytes:
    """The receipt for the hub that was left. Raises NotFound."""
    try:
        return (_place(node, found.job.arguments) / RECEIPT).read_bytes()
    except FileNotFoundError:
        raise NotFound(making.NOT_HERE) from None


def _check_opens(node: Node, actor: Person, person: str, circle: str) -> None:
    if actor.is_plain:
        if actor.id != person:
            raise NotAllowed(
                "This file is of somebody else. Nothing was changed; a librarian or facilitator opens it together with"
                " that person."
            )
        return
    if roster.find(node, person) is None:
        rights.check_adds(node, actor=actor, roles=("learner",), circle=circle)
    elif not rights.keeps(actor):
        rights.check_sees(node, actor=actor, person=roster.person(node, person))


def _checked_person(read: Read) -> dict[str, Any]:
    """Who the file is of. Raises InputWrong when that is not as a hub writes it."""
    found = read.head.get("person")
    if not isinstance(found, dict) or not isinstance(found.get("id"), str) or not 0 < len(found["id"]) <= 64:  # noqa: PLR2004
        raise InputWrong(WRONG)
    if not found["id"].isascii() or not found["id"].replace("-", "").isalnum():
        raise InputWrong(WRONG)
    try:
        if not {"name", "picture"} <= _facts(found).keys():
            raise InputWrong(WRONG)
        roster.checked(_facts(found))
    except (TypeError, AttributeError, ValueError):
        raise InputWrong(WRONG) from None
    return found


def _facts(person: dict[str, Any]) -> dict[str, Any]:
    names = ("name", "picture", "birth_year", "language", "learns")
    return {name: person[name] for name in names if person.get(name) is not None}


def _checked(each: dict[str, Any], person: str) -> tuple[str, dict[str, Any]]:
    """A statement's id and what its entry says but for when it is stored. Raises InputWrong."""
    try:
        beside: dict[str, Any] = {name: each[name] for name in ("id", "authority", "version") if name in each}
        raw = {name: part for name, part in each.items() if name not in ("stored", "authority", "version")}
        raw = {"timestamp": each["stored"], **raw} if "timestamp" not in raw else raw
        line = "1.0" if str(each.get("version", "")).startswith("1.0") else "2.0"
        rules.check({**raw, "authority": each["authority"]}, line=line, attached={})
        check_size(json.dumps(raw).encode())
        account = raw["actor"]["account"]
        if (account["homePage"], account["name"]) != (PEOPLE, person) or raw["verb"]["id"] == VOIDED:
            raise InputWrong(WRONG)
    except (HubError, KeyError, TypeError, AttributeError):
        raise InputWrong(WRONG) from None
    return str(each["id"]).lower(), {**beside, "id": str(each["id"]).lower(), "raw": raw}


def _take(node: Node, head: dict[str, Any], rows: Sequence[tuple[str, dict[str, Any]]], circle: str) -> int:
    """Take in what is not here yet; returns how many statements. Only inside `node.write`."""
    _welcome(node, head, circle)
    known = places(node.tables, [name for name, _ in rows])
    beside = {"stored": moment_text(node.clock.now_ms()), "from": str(head["hub"])}
    fresh = {name: said for name, said in rows if name not in known}
    payloads = [
        (
            json.dumps({**said, **beside}, ensure_ascii=False, separators=(",", ":")).encode(),
            moment_ms(said["raw"]["timestamp"]),
        )
        for said in fresh.values()
    ]
    if payloads:
        node.record_many(STATEMENT, payloads)
    return len(payloads)


def _welcome(node: Node, head: dict[str, Any], circle: str) -> None:
    """The same person as elsewhere, in a circle; what they refused there is refused here. One who is here stays so."""
    person = str(head["person"]["id"])
    if roster.find(node, person) is not None:
        return
    facts = roster.checked(_facts(head["person"]))
    settle(node, "person", person, **facts, is_active=1)
    roster.give_role(node, person=person, role="learner")
    if circle:
        circles.join(node, circle=circle, person=person)
    refused = [name for name in head.get("refused", ()) if isinstance(name, str) and name][:PURPOSES_MAX]
    if refused:
        said = {"answer": REFUSED, "said": "no", "assent": "", "replaces": []}
        evidence = {"giver": person, "giver_name": "", "how": "paper", "witness": "", "card": ""}
        node.record(VISIT, {"person": person, "answers": dict.fromkeys(refused, said), **evidence})


def _place(node: Node, arguments: dict[str, Any]) -> Path:
    return _folder(node) / Path(str(arguments["path"])).name


def _folder(node: Node) -> Path:
    return node.home / JOBS_FOLDER / making.ARRIVING
