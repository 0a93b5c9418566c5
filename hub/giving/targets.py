"""Where works can be given out to: the sticks that are in, and a folder of the machine where the settings allow one."""

import os
from dataclasses import dataclass
from pathlib import Path

from content import giving
from content.disk import Disk
from hub.errors import NotFound
from hub.node import Node

DEVICE = "/"
"""The name of the machine's own folder among the targets; no stick can be called so."""
MOUNTS = Path("/proc/self/mounts")


@dataclass(frozen=True)
class Target:
    """A stick, or the machine's own folder; `largest` is the most bytes that one file there has, 0 for no limit."""

    name: str
    path: Path
    free_bytes: int
    is_writable: bool
    largest: int

    @property
    def is_stick(self) -> bool:
        """Whether it can be pulled out."""
        return self.name != DEVICE


def targets(node: Node) -> list[Target]:
    """All of them, sticks by name; those that can only be read as well, so that a page can say why."""
    sticks = Path(node.settings.sticks or os.devnull)
    try:
        found = [(each.name, each) for each in sorted(sticks.iterdir()) if _is_in(each)]
    except OSError:
        found = []
    own = Path(node.settings.give_folder) if node.settings.give_folder else None
    if own and own.is_dir():
        found.append((DEVICE, own))
    return [_target(name, path) for name, path in found]


def target(node: Node, name: str) -> Target:
    """One of them. Raises NotFound when it is not in."""
    found = next((each for each in targets(node) if each.name == name), None)
    if found is None:
        raise NotFound("That stick is not in. Nothing was changed; put it in, and look again.")
    return found


def of_folder(path: Path) -> Target:
    """Any folder, for the command."""
    return _target(DEVICE, path)


def _is_in(path: Path) -> bool:
    """Whether a stick lies there: a place that something is mounted at, or a folder that holds something."""
    if path.name.startswith(".") or not path.name.isprintable() or path.is_symlink() or not path.is_dir():
        return False
    try:
        with os.scandir(path) as entries:
            return os.path.ismount(path) or next(entries, None) is not None
    except OSError:
        return False


def _target(name: str, path: Path) -> Target:
    try:
        free = Disk().free_bytes(path)
        is_read_only = bool(os.statvfs(path).f_flag & os.ST_RDONLY)
        kind = giving.file_system(path.resolve(), MOUNTS.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return Target(name, path, 0, is_writable=False, largest=0)
    is_writable = not is_read_only and os.access(path, os.W_OK | os.X_OK)
    return Target(name, path, free, is_writable, giving.LARGEST_ON_FAT if kind in giving.FAT else 0)
