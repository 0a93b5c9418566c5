"""What has left: how far somebody else has held each of our streams. That only grows, whatever comes of the stream.

A copy that is ready, in a stream that nobody was given yet, has not left. What lies on a stick has left once its
receipt is here, or a tide says so.
"""

import json
from collections.abc import Iterable, Iterator

from hub.node import LOCAL, Node
from hub.tables import put
from hub.tide import policy, publish
from hub.tide.publish import STEP_ENTRIES, Copy
from sync import batch as batches
from sync import lines, protocol, shared
from sync.messages import PullSaid
from sync.protocol import Position
from sync.store import Line

MARK = "gone"
"""The front of the name of a note: how far somebody else has held a stream of ours."""


def note(node: Node, positions: Iterable[Position]) -> None:
    """Another hub stands at these places, in streams of ours or of others. Costs no write without news."""
    ends: dict[str, list[Position]] = {}
    for each in positions:
        ends.setdefault(each.root, []).append(each)
    known, store = _marks(node), node.journal.store
    own = (line for line in node.journal.streams(hub=node.identity.hub_id) if line.root in ends)
    found = {line.stream: lines.last_known(store, line, ends[line.root]) for line in own if line.audience != LOCAL}
    if further := {name: seq for name, seq in found.items() if seq > known.get(name, 0)}:
        node.write(lambda: _keep(node, further))


def note_given(node: Node, asked: bytes, answered: bytes) -> None:
    """A hub that came here was given what this answer to its message `pull` holds."""
    said = PullSaid.read(protocol.open_answer(node.identity.hub_id, "pull", asked, answered))
    batch = batches.read(said.batch) if said.batch else None
    if batch and batch.hub == node.identity.hub_id:
        note(node, [lines.end_of(batch)])


def close(node: Node, audience: str) -> None:
    """The streams for an audience are left behind now: what has not left of them never will. Inside `write`."""
    known = _marks(node)
    _keep(node, {line.stream: known.get(line.stream, 0) for line in publish.lines(node, (audience,))})


def reached(node: Node, audience: str) -> dict[Line, int]:
    """Each of our lines for an audience, with the number of the last entry that has left.

    A program from before kept no marks: of a line that it went on from, all has left as far as anybody can tell.
    """
    known = _marks(node)
    return {
        line: known.get(line.stream, line.base if line.is_current else line.seq)
        for line in publish.lines(node, (audience,))
    }


def left(node: Node, audience: str, *, newest_first: bool = False) -> Iterator[Copy]:
    """What has left for an audience."""
    found = list(reached(node, audience).items())
    for line, until in reversed(found) if newest_first else found:
        yield from _copies(node, line, line.base, until, newest_first=newest_first)


def ready(node: Node, audience: str) -> Iterator[Copy]:
    """What is in the streams that stand and has not left: the next tide takes it along as it is."""
    until = reached(node, audience)
    for line in shared.standing(until):
        yield from _copies(node, line, max(line.base, until[line]), line.seq)


def _copies(node: Node, line: Line, after: int, until: int, *, newest_first: bool = False) -> Iterator[Copy]:
    starts = range(after, until, STEP_ENTRIES)
    for start in reversed(starts) if newest_first else starts:
        entries = node.journal.read(line.stream, after=start, limit=min(STEP_ENTRIES, until - start))
        kept = [each.entry for each in entries if each.entry.kind in policy.KINDS]
        for entry in reversed(kept) if newest_first else kept:
            yield Copy(entry.kind, entry.at_ms, entry.payload)


def _marks(node: Node) -> dict[str, int]:
    table = node.tables.Note
    found = table.select().where(table.name.startswith(f"{MARK} "))
    return {row.name.removeprefix(f"{MARK} "): int(json.loads(row.value)) for row in found}


def _keep(node: Node, found: dict[str, int]) -> None:
    for stream, seq in found.items():
        put(node.tables.Note, name=f"{MARK} {stream}", value=json.dumps(seq))
