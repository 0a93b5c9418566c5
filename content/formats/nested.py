"""Zips inside a course, copied to the disk while it comes: inside another archive none can be read at any place.

They lie in a folder of their own, which goes with the draft; all together they may take only so much room.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from content.archive import is_litter, top_folder
from content.draft import Origin, pieces
from content.errors import N_, PackageTooLarge
from content.formats.zips import Zips
from content.limits import MIB, Limits

NESTED_BYTES_MAX = 256 * MIB
"""All zips of one course, packed."""


class Nested:
    """The zips of one course, out of its files."""

    def __init__(self, source: Path, files: Mapping[str, Origin], limits: Limits) -> None:
        self._source, self._files = source, files
        self._zips = Zips(limits)
        self._folder: TemporaryDirectory[str] | None = None
        self._bytes = 0

    def origins(self, path: str) -> dict[str, Origin]:
        """What lies in the zip at a path, from the one folder that holds everything. Raises ContentError."""
        origin = self._files[path]
        self._bytes += origin.size
        if self._bytes > NESTED_BYTES_MAX:
            what = N_("the size of the packages inside it together")
            raise PackageTooLarge(package=self._source.name, what=what, found=self._bytes, limit=NESTED_BYTES_MAX)
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="course-")
        to = Path(self._folder.name) / f"{hashlib.sha256(path.encode()).hexdigest()}.zip"
        with to.open("wb") as out:
            for piece in pieces(origin, path=path, package=self._source.name):
                out.write(piece)
        found = self._zips.origins(to)
        top = top_folder(found)
        return {name[len(top) :]: each for name, each in found.items() if not is_litter(name)}

    def close(self) -> None:
        """Let go of all of them."""
        self._zips.close()
        if self._folder is not None:
            self._folder.cleanup()
