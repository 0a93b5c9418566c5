"""What a format module hands to the installer.

A manifest still without files, and where each file comes from.
"""

import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from content import outside
from content.errors import N_, FileTooLarge, FileUnknown, PackageDamaged, PackagePartly, PackageUnsafe, SourceChanged
from content.package import Manifest

PIECE_BYTES = 256 * 1024
"""How much is copied at a time: large enough for a stick, small enough for a small machine."""

PLACES_SHOWN = 8
"""Numbers of questions or parts in one sentence: more than that nobody looks up one by one."""


class Stream(Protocol):
    """Bytes that can be read once, from the start: an open file, or a member of a zip being unfolded."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end."""

    def close(self) -> None:
        """Let go of it."""


def nothing_to_close() -> None:
    """Close nothing: what a draft of loose files does at its end."""


@dataclass(frozen=True)
class Origin:
    """One file of a package before it is on the shelf.

    `open` gives its bytes from the start; `size` is what it says it holds, checked while copying. `sha256` is
    what it must hold, when that is known beforehand, else "".
    """

    open: Callable[[], Stream]
    size: int
    sha256: str = ""


@dataclass(frozen=True)
class LeftOut:
    """Something of the source that the package does not hold, or holds otherwise.

    `what` is a phrase that stands in the catalogues, `places` the numbers of the questions or parts concerned, or the
    titles of pieces of a course; where there are none, `count` is how many it is about. Neither, where it is about the
    whole.
    """

    what: str
    places: tuple[int | str, ...] = ()
    count: int = 0

    def __str__(self) -> str:
        return f"{self.what} ({self.numbers})" if self.places or self.count else self.what

    @property
    def numbers(self) -> str:
        """The first of its places, and how many more there are; the count where there are no places."""
        if self.count:
            return str(self.count)
        shown = ", ".join(str(place) for place in self.places[:PLACES_SHOWN])
        more = len(self.places) - PLACES_SHOWN
        return f"{shown} … +{more}" if more > 0 else shown


@dataclass(frozen=True)
class Draft:
    """A package that has been recognised and described, and not yet copied.

    With `named_by_content` the id gets a piece of the content's hash at its end, so that two different files
    of one name are two packages. `left_out` is what the source has and the package would not have; somebody has to
    agree to that, and `partly` says so. `close` lets go of what the origins read from.
    """

    manifest: Manifest
    origins: Mapping[str, Origin]
    named_by_content: bool = False
    left_out: tuple[LeftOut, ...] = ()
    partly: type[PackagePartly] = PackagePartly
    close: Callable[[], None] = nothing_to_close

    def read(self, path: str, *, limit: int) -> bytes:
        """The bytes of one small file. Raises FileUnknown, FileTooLarge, SourceChanged, PackageDamaged."""
        origin = self.origins.get(path)
        if origin is None:
            raise FileUnknown(package=self.manifest.title, path=path)
        return read_small(origin, path=path, package=self.manifest.title, limit=limit)


def listed(left_out: tuple[LeftOut, ...]) -> dict[str, object]:
    """What is left out as the facts of a sentence: in English as `what`, and in its parts for other languages."""
    return {"what": "; ".join(str(each) for each in left_out), "left_out": left_out}


def read_small(origin: Origin, *, path: str, package: str, limit: int) -> bytes:
    """All bytes of an origin of at most `limit` bytes. Raises FileTooLarge, SourceChanged, PackageDamaged."""
    if origin.size > limit:
        raise FileTooLarge(path=path, found=origin.size, limit=limit)
    return b"".join(pieces(origin, path=path, package=package))


def pieces(origin: Origin, *, path: str, package: str) -> Iterator[bytes]:
    """The bytes of an origin, a piece at a time, and exactly as many as it said.

    Raises SourceChanged when it gives more or fewer or the medium stops answering. A closed stick and a file
    that somebody is still writing both look like this.
    """
    left = origin.size
    try:
        with closing(origin.open()) as file:
            while piece := file.read(min(PIECE_BYTES, left + 1)):
                left -= len(piece)
                if left < 0:
                    break
                yield piece
    except OSError as problem:
        raise SourceChanged(path=path, source=package) from problem
    if left:
        raise SourceChanged(path=path, source=package)


def loose_file(path: Path, *, package: str) -> Origin:
    """An origin on a disk.

    Raises PackageUnsafe when it is a link or no plain file, PackageDamaged when empty.
    """
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise PackageUnsafe(package=package, path=repr(path.name), why=outside.NOT_PLAIN)
    return Origin(open=lambda: outside.opened(path), size=status.st_size)


def whole_file(path: Path) -> Origin:
    """The one file that is a whole package. Raises PackageDamaged when it is empty."""
    origin = loose_file(path, package=path.name)
    if not origin.size:
        raise PackageDamaged(package=path.name, why=N_("it is empty"))
    return origin


def head(path: Path, size: int) -> bytes:
    """The first `size` bytes of a file, to recognise it by."""
    with path.open("rb") as file:
        return file.read(size)
