"""Zips inside a package: their files become files of the package, and one zip is open at a time.

A channel has thousands of them, more than a system lets anybody hold open. Each is looked through with the care of
`archive` when it is described, closed again, and opened once more when its files are copied.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from content.archive import Archive
from content.draft import Origin, Stream
from content.limits import Limits


class Zips:
    """Opens zips by their path; `close` lets go of the last one."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._path = Path()
        self._archive: Archive | None = None

    def origins(self, path: Path) -> Mapping[str, Origin]:
        """Every file in a zip. Raises PackageDamaged, PackageLocked, PackageUnsafe, PackageTooLarge."""
        found = self._opened(path).origins
        return {name: Origin(partial(self._member, path, name), origin.size) for name, origin in found.items()}

    def close(self) -> None:
        """Let go of the zip that is open."""
        if self._archive is not None:
            self._archive.close()
        self._archive = None

    def _member(self, path: Path, name: str) -> Stream:
        return self._opened(path).origins[name].open()

    def _opened(self, path: Path) -> Archive:
        if self._archive is None or path != self._path:
            self.close()
            self._archive, self._path = Archive(path, self._limits), path
        return self._archive
