"""Files of sealed parts in the hub's home: those that wait for others, and those that are carried for another hub."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from content.disk import Disk
from hub.node import Node
from sync import arrive

FOLDER = "parked"
SUFFIX = ".part"


@dataclass(frozen=True)
class Pile:
    """A folder of parts that holds at most so many bytes; a part is named by its hash, and lies there once."""

    folder: Path
    most: int

    def parked(self) -> Iterator[tuple[str, bytes]]:
        """All of them, each with its name, one in memory at a time."""
        for path in self.paths():
            with suppress(OSError):
                yield path.name, path.read_bytes()

    def paths(self) -> list[Path]:
        """Where they lie, the first come first."""
        with suppress(OSError):
            found = [path for path in self.folder.iterdir() if path.suffix == SUFFIX]
            return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))
        return []

    @property
    def size_bytes(self) -> int:
        """How many bytes all of them have."""
        return sum(path.stat().st_size for path in self.paths())

    def add(self, data: bytes, name: str = "") -> bool:
        """Keep one; False when that would be too many bytes. Raises OSError when the disk says no."""
        place = self.folder / f"{name or hashlib.sha256(data).hexdigest()}{SUFFIX}"
        if place.exists():
            return True
        if self.size_bytes + len(data) > self.most:
            return False
        disk, draft = Disk(), place.with_suffix(".new")
        disk.make_folder(self.folder)
        disk.delete(draft)
        disk.write(draft, [data])
        disk.sync_file(draft)
        disk.rename(draft, place)
        disk.sync_folder(self.folder)
        return True

    def drop(self, name: str) -> None:
        """Forget one. Safe to repeat."""
        Disk().delete(self.folder / name)


def waiting(node: Node) -> Pile:
    """The parts that came before those which they go on from."""
    return Pile(node.home / FOLDER, arrive.PARK_BYTES_MAX)
