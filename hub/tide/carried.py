"""Bundles carried for other hubs: sealed to them, kept for a while, handed on with the next stick for them, forgotten.

Nobody here can read them; what is shown is for whom they are, how many and how large. Their age is counted by the time
this machine runs, not by what its clock says, and travels with them. When it is as great as the setting `carry_days`
they are let go, as they are once their recipient has signed that they came.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hub.node import Node
from hub.tables import put
from hub.tide import peers, stands
from hub.tide.parked import Pile
from sync import part
from sync.errors import SyncError
from sync.part import Cover, Note

FOLDER = "carried"
COUNTED = "carried until"
MINUTE_MS = 60_000
DAY_M = 24 * 60
FRONT = part.FRONT_BYTES
AGE_AT, AGE_BYTES = len(part.MAGIC) + 1, 4
STEP_M = 60
"""The age is written at most once an hour."""


@dataclass(frozen=True)
class Carried:
    """What is carried for one hub: how many bundles, their parts and bytes, and the age of the oldest in days."""

    hub: str
    name: str
    bundles: int
    parts: int
    size_bytes: int
    oldest_days: int


def take(node: Node, data: bytes) -> bool:
    """Keep a part for the hub that it is for: one that we exchange with, within the quota. False when it is not kept.

    Raises OSError when the disk says no.
    """
    cover = part.look(data)
    if peers.peer(node, cover.recipient) is None or cover.age_m >= _days(node) * DAY_M:
        return False
    return pile(node).add(data, f"{cover.recipient[:16]}-{cover.bundle}-{cover.number}")


def pile(node: Node) -> Pile:
    """Where they lie."""
    return Pile(node.home / FOLDER, node.settings.carry_max)


def parts_for(node: Node, hub: str) -> Iterator[bytes]:
    """The parts that are carried for a hub, with the age that they have now."""
    grow_older(node)
    for path, cover in _covers(node):
        if cover.recipient == hub:
            with suppress(OSError):
                yield path.read_bytes()


def carried(node: Node) -> list[Carried]:
    """What is carried, hub by hub."""
    by_hub: dict[str, list[tuple[Path, Cover]]] = {}
    for path, cover in _covers(node):
        by_hub.setdefault(cover.recipient, []).append((path, cover))
    return [_of(node, hub, found) for hub, found in sorted(by_hub.items())]


def forget(node: Node, notes: Iterable[Note]) -> int:
    """Let go of the bundles that their recipients have; returns how many parts went. A note of anybody else is none."""
    said = {note.bundle: note for note in notes}
    if not said:
        return 0
    gone = [
        (path, cover.bundle)
        for path, cover in _covers(node)
        if cover.bundle in said and said[cover.bundle].is_of(cover.recipient)
    ]
    for path, bundle in gone:
        stands.note_gone(node, bundle)
        path.unlink(missing_ok=True)
    return len(gone)


def is_delivered(node: Node, cover: Cover, heard: Mapping[str, Note]) -> bool:
    """Whether the recipient of a part has signed that its bundle came, among these words or before."""
    if cover.bundle in heard and heard[cover.bundle].is_of(cover.recipient):
        stands.note_gone(node, cover.bundle)
        return True
    return cover.bundle in stands.arrived(node)


def grow_older(node: Node) -> None:
    """Add the time that this machine has run since the last time, and let go of what is too old. Safe to repeat."""
    minutes = _since(node)
    if minutes < STEP_M:
        return
    for path, _cover in _covers(node):
        _age(path, minutes)
    _note(node)
    for path, cover in _covers(node):
        if cover.age_m >= _days(node) * DAY_M:
            path.unlink(missing_ok=True)


def _age(path: Path, minutes: int) -> None:
    """Write four bytes in place: nothing else of the part is touched, wherever the power goes."""
    with suppress(OSError), path.open("r+b") as file:
        front = file.read(FRONT)
        file.seek(AGE_AT)
        file.write(part.aged(front, minutes)[AGE_AT : AGE_AT + AGE_BYTES])


def _since(node: Node) -> int:
    """Minutes that this machine ran since the ages were counted, as far as one start of it can tell."""
    row = node.tables.Note.get_or_none(node.tables.Note.name == COUNTED)
    boot, mono_ms = json.loads(row.value) if row is not None else (node.clock.boot_id, node.clock.monotonic_ms())
    if row is None:
        _note(node)
    start_ms = mono_ms if boot == node.clock.boot_id else 0
    return max(0, node.clock.monotonic_ms() - start_ms) // MINUTE_MS


def _note(node: Node) -> None:
    value = json.dumps([node.clock.boot_id, node.clock.monotonic_ms()])
    node.write(lambda: put(node.tables.Note, name=COUNTED, value=value))


def _covers(node: Node) -> list[tuple[Path, Cover]]:
    """What lies there, with what everybody can read of it; something else that lies there is passed over."""
    found = []
    for path in pile(node).paths():
        with suppress(OSError, SyncError), path.open("rb") as file:
            found.append((path, part.glance(file.read(part.COVER_BYTES_MAX))))
    return found


def _of(node: Node, hub: str, found: list[tuple[Path, Cover]]) -> Carried:
    peer = peers.peer(node, hub)
    return Carried(
        hub=hub,
        name=peers.called(node, hub) if peer else hub[:8],
        bundles=len({cover.bundle for _path, cover in found}),
        parts=len(found),
        size_bytes=sum(path.stat().st_size for path, _cover in found),
        oldest_days=max(cover.age_m for _path, cover in found) // DAY_M,
    )


def _days(node: Node) -> int:
    return node.settings.carry_days
