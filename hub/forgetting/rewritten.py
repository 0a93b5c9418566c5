"""What others keep of what a forgotten person had a part in: the same records, without the person."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.forgetting import traces
from hub.forgetting.traces import Record, Traces
from hub.node import Node
from hub.vocabulary import PEOPLE, agent_key
from sync.journal import Placed

VOICED = {"proposal.version": ("author", ("sound", "photo"))}
"""Kind of record → whose it is, and the fields that hold a voice or a photo: these go with the person."""
NOBODY = "forgotten"
"""The account in a learning record of somebody else in which a forgotten person stood."""


@dataclass(frozen=True)
class Rewritten:
    """What is written down again once the old is gone: records with their fields, statements and visits."""

    records: Mapping[Record, dict[str, Any]]
    statements: Sequence[tuple[bytes, int]]
    visits: Sequence[Placed]


def prepare(node: Node, found: Traces) -> Rewritten:
    """Read it while it stands."""
    records = {record: traces.standing(node, record) for record in sorted(found.shared)}
    return Rewritten(
        records={record: _without(record, fields, found.person) for record, fields in records.items()},
        statements=[(_statement(placed, found.person), placed.entry.at_ms) for placed in found.statements],
        visits=found.visits,
    )


def write(node: Node, kept: Rewritten, person: str) -> None:
    """Write it down again. Only inside `node.write`, when the tables no longer hold the old."""
    for (kind, subject), fields in kept.records.items():
        node.change(kind, subject, **fields)
    node.record_many(traces.STATEMENT, kept.statements)
    names: dict[str, str] = {}
    for placed in kept.visits:
        said = json.loads(placed.entry.payload)
        for answer in said["answers"].values():
            answer["replaces"] = [names.get(each, each) for each in answer.get("replaces", [])]
        clean = {name: "" if value == person else value for name, value in said.items()}
        made = node.record(placed.entry.kind, clean, at_ms=placed.entry.at_ms)
        names |= {f"{placed.id}/{purpose}": f"{made.id}/{purpose}" for purpose in said["answers"]}


def _without(record: Record, fields: dict[str, Any], person: str) -> dict[str, Any]:
    """The fields without the person, and without what they spoke or photographed."""
    whose, voiced = VOICED.get(record[0], ("", ()))
    kept = fields | dict.fromkeys(voiced, "") if whose and fields.get(whose) == person else fields
    return {name: _text_without(value, person) for name, value in kept.items()}


def _text_without(value: Any, person: str) -> Any:
    if not isinstance(value, str) or person not in value:
        return value
    words = value.split(" ")
    return " ".join(word for word in words if word != person) if person in words else value.replace(person, "")


def _statement(placed: Placed, person: str) -> bytes:
    payload = json.loads(placed.entry.payload)
    return json.dumps(_walked(payload, person), ensure_ascii=False, separators=(",", ":")).encode()


def _walked(value: Any, person: str) -> Any:
    """A part of a statement with the person's agents made nobody's, and the id nowhere else."""
    if isinstance(value, dict):
        if _is_agent(value, person):
            kind = {"objectType": value["objectType"]} if "objectType" in value else {}
            return {**kind, "account": {"homePage": PEOPLE, "name": NOBODY}}
        return {name.replace(person, NOBODY): _walked(each, person) for name, each in value.items()}
    if isinstance(value, list):
        return [_walked(each, person) for each in value]
    return value.replace(person, NOBODY) if isinstance(value, str) else value


def _is_agent(value: dict[str, Any], person: str) -> bool:
    account = value.get("account")
    return isinstance(account, dict) and {"homePage", "name"} <= account.keys() and agent_key(value) == person
