"""The few things the shelf does to a disk, one method each.

Everything that changes the disk goes through here, so that a test can pull the plug before any step. It
decides nothing: what is done in which order is the business of the shelf.
"""

import ctypes
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from content import outside
from content.errors import NoSpace

MEGA = 1_000_000
"""Bytes of a megabyte, as phones count them."""
FULL_BYTES = 1_000_000
"""With less room than this, whatever goes wrong in writing is put down to a full disk: SQLite reads only when it can
write a file beside, and calls a disk without room for that broken."""


def is_full(folder: Path) -> bool:
    """Whether there is hardly any room left on the disk of `folder`."""
    return Disk().free_bytes(folder) < FULL_BYTES


def check_room(free: int, *, needed: int, reserve: int) -> None:
    """Whether so many bytes find room beside the reserve. Raises NoSpace, which says all three in megabytes."""
    if needed + reserve > free:
        raise NoSpace(needed=-(-needed // MEGA), free=free // MEGA, reserve=-(-reserve // MEGA))


_LIBC = ctypes.CDLL(None, use_errno=True)


class Disk:
    """A real disk. Every method raises OSError when the disk says no."""

    def make_folder(self, folder: Path) -> None:
        """Make `folder` and those above it; safe to repeat."""
        folder.mkdir(parents=True, exist_ok=True)

    def make_one_folder(self, folder: Path) -> None:
        """Make `folder` where the one above it stands: what was taken out is not made anew; safe to repeat.

        A link to a folder is none: what is written into it would lie elsewhere.
        """
        folder.mkdir(exist_ok=True)
        outside.check_folder(folder)

    def make_folders_below(self, top: Path, folder: Path) -> None:
        """Make every folder between `top`, which stands, and `folder`, each as `make_one_folder` does."""
        for inner in (*reversed(folder.relative_to(top).parents), folder.relative_to(top)):
            if inner.name:
                self.make_one_folder(top / inner)

    def write(self, path: Path, pieces: Iterable[bytes]) -> None:
        """Write `pieces` into a new file, one after the other; not yet safe from a power cut."""
        with path.open("xb") as out:
            for piece in pieces:
                out.write(piece)

    def append(self, path: Path, data: bytes) -> None:
        """Write `data` behind what a file holds, making it when it is not there; not yet safe from a power cut."""
        with path.open("ab") as out:
            out.write(data)

    def shorten(self, path: Path, size: int) -> None:
        """Keep the first `size` bytes of a file."""
        os.truncate(path, size)

    def sync_file(self, path: Path) -> None:
        """Wait until the content of `path` is on the medium."""
        self._sync(path, os.O_RDONLY)

    def sync_files(self, paths: Sequence[Path], *, one_by_one: int) -> None:
        """Wait until all of them are on the medium; above so many by flushing all of the file system they lie on."""
        if len(paths) > one_by_one:
            self.sync_all(paths[0].parent)
            return
        for path in paths:
            self.sync_file(path)

    def sync_all(self, folder: Path) -> None:
        """Wait until everything on the file system of `folder` is on the medium (syncfs of Linux)."""
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            if _LIBC.syncfs(handle):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        finally:
            os.close(handle)

    def extend(self, path: Path, start: int, pieces: Iterable[bytes]) -> int:
        """Write `pieces` into a file from byte `start` on and cut off what was behind; return its new size.

        Not yet safe from a power cut. When the pieces end in an error, those that came are there.
        """
        with path.open("r+b") as out:
            out.truncate(start)
            out.seek(start)
            for piece in pieces:
                out.write(piece)
            return out.tell()

    def sync_folder(self, folder: Path) -> None:
        """Wait until the names in `folder` are on the medium."""
        self._sync(folder, os.O_RDONLY | os.O_DIRECTORY)

    def rename(self, old: Path, new: Path) -> None:
        """Give `old` the name `new` in one step, replacing what had it; both on one file system."""
        old.replace(new)

    def delete(self, path: Path) -> None:
        """Delete one file; safe to repeat."""
        path.unlink(missing_ok=True)

    def delete_folder(self, folder: Path) -> None:
        """Delete a folder with all it holds; safe to repeat."""
        shutil.rmtree(folder, ignore_errors=True)

    def free_bytes(self, folder: Path) -> int:
        """How many bytes an ordinary user may still write on the file system of `folder`."""
        return shutil.disk_usage(folder).free

    def _sync(self, path: Path, flags: int) -> None:
        handle = os.open(path, flags)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
