"""How much about one person has left this place: counted by the made-up name that the copies carry."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hub import own_keys
from hub.node import Node
from hub.tide import policy, publish
from hub.tide.recall import AUDIENCES
from sync import entry

READ_STEP = 2_000


@dataclass(frozen=True)
class Told:
    """What one audience has, or is about to get, of one person: records under a name, from `first_ms` to `last_ms`."""

    audience: str
    name: str
    records: int
    first_ms: int
    last_ms: int


def told_of(node: Node, person: str) -> list[Told]:
    """What has left of one person, for each audience that was told anything. What left cannot be called back."""
    key = own_keys.pseudonyms(node.home)
    found = [_told(node, audience, policy.pseudonym(key, audience, person)) for audience in AUDIENCES]
    return [each for each in found if each.records]


def _told(node: Node, audience: str, name: str) -> Told:
    copies = {said["id"]: at_ms for at_ms, said in _copies(node, audience, name)}
    moments = sorted(copies.values())
    return Told(audience, name, len(copies), moments[0] if moments else 0, moments[-1] if moments else 0)


def _copies(node: Node, audience: str, name: str) -> Iterator[tuple[int, Any]]:
    """The hour and the statement of every copy under the name. Only entries that hold its letters are opened."""
    letters = name.encode()
    for line in publish.lines(node, (audience,)):
        after = line.base
        while rows := node.journal.store.entries(line, after, READ_STEP):
            after = rows[-1][0]
            for _, _, raw in rows:
                if letters in raw:
                    copy = entry.decode(raw)
                    yield copy.at_ms, json.loads(copy.payload)["raw"]
