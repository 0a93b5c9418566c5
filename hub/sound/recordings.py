"""Sentences as people of the place speak them: kept, replaced, taken back.

The file is written first, whole and under its hash; then a record says whose sentence it is, who spoke it and when. A
cut in between leaves a file that nobody names, and that is cleared away. Taking back deletes the file.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hub import own_files
from hub.errors import InputWrong, StorageFull
from hub.node import Node
from hub.people.settle import settle
from hub.sound import files, kinds
from hub.sound.lines import Line

KIND = "sound.recording"
COUNT_MAX = 5_000
BYTES_MAX = 128 * 1024 * 1024
"""Of all recordings together: every backup carries them."""


@dataclass(frozen=True)
class Spoken:
    """One recording: who spoke it and when (milliseconds since 1970, UTC)."""

    key: str
    person: str
    spoken_ms: int
    size: int


def keep(node: Node, *, line: Line, data: bytes, person: str) -> Spoken:
    """Keep a recording of a sentence in place of an earlier one. Raises InputWrong or StorageFull, nothing changed."""
    kind = kinds.look(data)
    blob, now = hashlib.sha256(data).hexdigest(), node.clock.now_ms()
    _check_room(node, len(data))
    _put(node, files.recording_path(node, f"{blob}.{kind.ending}"), data)
    facts = {"language": line.language, "text": line.text, "blob": blob, "ending": kind.ending, "size": len(data)}

    def work() -> str:
        before = _file_of(node, line.key)
        settle(node, KIND, line.key, **facts, person=person, spoken_ms=now, is_here=1)
        return before

    _let_go(node, node.write(work))
    return Spoken(line.key, person, now, len(data))


def take_back(node: Node, *, key: str) -> bool:
    """Forget the recording of a sentence and delete its file; True when there was one. Safe to repeat."""
    before = _file_of(node, key)
    if not before:
        return False
    node.write(lambda: settle(node, KIND, key, is_here=0))
    _let_go(node, before)
    return True


def spoken(node: Node) -> dict[str, Spoken]:
    """Every recording that stands, by its sentence's key."""
    table = node.tables.Recording
    rows = table.select().where(table.is_here == 1)
    return {row.id: Spoken(row.id, row.person, row.spoken_ms, row.size) for row in rows}


def clear_away(node: Node, *, old_ms: int = own_files.OLD_MS) -> None:
    """Delete files that no record names: what a cut left. For the worker, at its start."""
    own_files.clear_away(node, node.home / files.RECORDINGS, set(files.recorded(node).values()), old_ms=old_ms)


def _check_room(node: Node, size: int) -> None:
    table = node.tables.Recording
    sizes = [row.size for row in table.select(table.size).where(table.is_here == 1)]
    if len(sizes) >= COUNT_MAX or sum(sizes) + size > BYTES_MAX:
        raise InputWrong(
            "There are as many recordings as this hub keeps. Nothing was changed; take one back that nobody needs."
        )
    if node.shelf.free_bytes() < own_files.NEAR_FULL_BYTES:
        raise StorageFull("The disk is full: the recording was not kept. Free some space and send it again.")


def _put(node: Node, path: Path, data: bytes) -> None:
    try:
        own_files.put(node, path, data)
    except OSError as mistake:
        raise StorageFull(
            "The disk did not take the recording (%(why)s): it was not kept. Free some space and send it again.",
            why=mistake.strerror,
        ) from None


def _file_of(node: Node, key: str) -> str:
    """The name of the file that stands for a sentence; "" for none."""
    row = node.tables.Recording.get_or_none((node.tables.Recording.id == key) & (node.tables.Recording.is_here == 1))
    return f"{row.blob}.{row.ending}" if row is not None else ""


def _let_go(node: Node, name: str) -> None:
    """Delete a file that no record names any more."""
    if name and name not in files.recorded(node).values():
        with suppress(OSError):
            files.recording_path(node, name).unlink()
