"""The lighter copies of pictures: made once for each picture, kept under its hash, thrown away when nobody shows it.

`renditions/ab/<sha256>/360x270.webp` is a copy of the picture with that hash. A picture's folder comes by one rename
when all of its copies are on the disk, so there are all or none; an empty one says that the picture was looked at and
is best shown as it came. All of it can be made again from the shelf, so no backup holds it.
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from content.disk import Disk
from content.errors import PicturesHeavy
from content.package import is_sha256

LIGHT = "webp"
PLAIN = ("jpg", "png")
"""What every browser reads."""
WORK_S = 120.0
"""How long one picture may take: the clock's seconds, on a machine that has other things to do too."""
NO_ROOM = 28
"""The exit status of `content.rendering` when the disk is full."""
_NAME = re.compile(r"(\d{1,5})x(\d{1,5})\.(webp|jpg|png)")


@dataclass(frozen=True)
class Copy:
    """One lighter copy of a picture: its sides in pixels, and the ending that says what it is."""

    width: int
    height: int
    ending: str

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.width}x{self.height}.{self.ending}"


class Renditions:
    """The copies below one folder. Safe to read while one process makes more."""

    def __init__(self, root: Path, disk: Disk | None = None) -> None:
        self.root = root
        self._staging = root / "staging"
        self._disk = disk or Disk()

    def copies(self, sha256: str) -> tuple[Copy, ...]:
        """The copies of a picture, the narrowest first; none when there are none, or not yet."""
        try:
            names = [path.name for path in self._place(sha256).iterdir()]
        except FileNotFoundError:
            return ()
        found = (_NAME.fullmatch(name) for name in names)
        return tuple(
            sorted((Copy(int(m[1]), int(m[2]), m[3]) for m in found if m), key=lambda each: (each.width, each.ending))
        )

    def is_done(self, sha256: str) -> bool:
        """Whether a picture was looked at, whatever came of it."""
        return self._place(sha256).is_dir()

    def path(self, sha256: str, name: str) -> Path | None:
        """The file of a copy, or None when there is no such."""
        found = self._place(sha256) / name if is_sha256(sha256) and _NAME.fullmatch(name) else None
        return found if found is not None and found.is_file() else None

    def make(self, sha256: str, source: Path) -> bool:
        """Make the copies of the picture at `source`; False when it could not be read, and has none then.

        Safe to repeat, and to be cut off anywhere. Raises PicturesHeavy; then nothing has changed.
        """
        if self.is_done(sha256):
            return True
        staged = self._staging / sha256
        self._disk.delete_folder(staged)
        self._disk.make_folder(staged)
        status = _run(source, staged)
        if status == NO_ROOM:
            self._disk.delete_folder(staged)
            raise PicturesHeavy
        self._settle(staged, self._place(sha256), is_whole=status == 0)
        return status == 0

    def prune(self, needed: Iterable[str]) -> None:
        """Throw away the copies of all pictures but these, and what was cut off."""
        kept = frozenset(needed)
        for folder in self.root.glob("??/*"):
            if folder.name not in kept:
                self._throw_away(folder)
        for left in self._staging.glob("*"):
            self._disk.delete_folder(left)

    def look_again(self) -> None:
        """Forget which pictures were best shown as they came, so that they are looked at once more."""
        for folder in self.root.glob("??/*"):
            if not any(folder.iterdir()):
                self._throw_away(folder)

    def _settle(self, staged: Path, place: Path, *, is_whole: bool) -> None:
        """Bring what is staged to its place in one step, once it is safe on the disk."""
        for path in sorted(staged.iterdir()):
            if is_whole:
                self._disk.sync_file(path)
            else:
                self._disk.delete(path)
        self._disk.sync_folder(staged)
        self._disk.make_folder(place.parent)
        self._disk.rename(staged, place)
        self._disk.sync_folder(place.parent)

    def _throw_away(self, folder: Path) -> None:
        """Take a folder out of sight in one step, then delete what is in it."""
        gone = self._staging / f"gone-{folder.name}"
        self._disk.make_folder(self._staging)
        self._disk.delete_folder(gone)
        self._disk.rename(folder, gone)
        self._disk.delete_folder(gone)

    def _place(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256


def _run(source: Path, folder: Path) -> int:
    """The exit status of the process that makes the copies; one that takes too long is ended."""
    command = [sys.executable, "-P", "-m", "content.rendering", str(source), str(folder)]
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=WORK_S).returncode
    except subprocess.TimeoutExpired:
        return 1
