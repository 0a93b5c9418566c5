"""Files beside the records, each named by its hash: recordings, what drafts show, and data attached to statements.

A file is put into its place whole before a record names it. A cut in between leaves a file that nobody names; it is
cleared away once it is too old to be one that somebody is still sending.
"""

import hashlib
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from content.disk import Disk
from hub.errors import InputWrong, StorageFull
from hub.node import Node

OLD_MS = 3_600_000
"""A file that nobody names and that is younger may be one that somebody is sending."""
NEAR_FULL_BYTES = 32 * 1024 * 1024
"""Room that must be left, so that such files cannot stop the records."""


@dataclass(frozen=True)
class Store:
    """A folder of the home with files that lie there once, named by hash and ending, up to so many bytes together.

    `crowded`, `full` and `refused` are the sentences for no more of them, no room on the disk, and a disk that does not
    take one (it is told `%(why)s`).
    """

    folder: str
    bytes_max: int
    crowded: str
    full: str
    refused: str

    def path(self, node: Node, name: str) -> Path:
        """Where a file is or would be, by its name."""
        return node.home / self.folder / name[:2] / name

    def served(self, node: Node, name: str, names: re.Pattern[str]) -> Path | None:
        """The file of a name that came in an address, or None: for what is no name of ours, and where none is."""
        place = self.path(node, name) if names.fullmatch(name) else None
        return place if place is not None and place.is_file() else None

    def keep(self, node: Node, data: bytes, ending: str) -> str:
        """Keep a file; return its name. Safe to repeat. Raises InputWrong or StorageFull."""
        name = f"{hashlib.sha256(data).hexdigest()}.{ending}"
        place = self.path(node, name)
        if not place.exists():
            self._check_room(node, len(data))
            try:
                put(node, place, data)
            except OSError as mistake:
                raise StorageFull(self.refused, why=mistake.strerror) from None
        return name

    def _check_room(self, node: Node, size: int) -> None:
        taken = sum(each.stat().st_size for each in (node.home / self.folder).glob("*/*"))
        if taken + size > self.bytes_max:
            raise InputWrong(self.crowded)
        if node.shelf.free_bytes() < NEAR_FULL_BYTES + size:
            raise StorageFull(self.full)


def put(node: Node, place: Path, data: bytes) -> None:
    """Put a file into its place, two folders below the home, in one step, safe from a power cut. Raises OSError."""
    disk, part = Disk(), place.with_name(f".{place.name}.{node.new_id()}")
    disk.make_folder(place.parent)
    try:
        disk.write(part, [data])
        settle(node, [(part, place)])
    finally:
        part.unlink(missing_ok=True)


def settle(node: Node, moves: Sequence[tuple[Path, Path]]) -> None:
    """Give files that were written whole, on the same disk, their places, each in one step; else like `put`.

    Safe from a power cut once it returns. Raises OSError.
    """
    disk = Disk()
    for part, place in moves:
        disk.make_folder(place.parent)
        disk.sync_file(part)
        disk.rename(part, place)
    folders = {place.parent for _, place in moves}
    for folder in (*folders, *{folder.parent for folder in folders}, node.home):
        disk.sync_folder(folder)


def clear_away(node: Node, folder: Path, wanted: Collection[str], *, old_ms: int = OLD_MS) -> None:
    """Delete the files in the folders of `folder` that are not wanted and at least so many milliseconds old."""
    for found in folder.glob("*/*"):
        if found.name not in wanted and age_ms(node, found) >= old_ms:
            found.unlink(missing_ok=True)


def age_ms(node: Node, place: Path) -> float:
    """How long ago it was written, or will be where the clock went back."""
    with suppress(OSError):
        return abs(node.clock.now_ms() - place.stat().st_mtime * 1000)
    return 0.0
