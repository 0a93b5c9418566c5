"""A tar from outside, packed by gzip or plain, opened with the same care as a zip: see `archive`.

A packed tar can only be unfolded from its beginning. So the state of the unpacking is kept at many places of the first
reading, and a file is unfolded from the last place before it: nothing is written anywhere, and no file is read twice.
"""

import gzip
import io
import tarfile
import zlib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from content.archive import is_litter
from content.draft import Origin, head
from content.errors import N_, PackageDamaged, PackageTooLarge, PackageUnsafe
from content.limits import GIB, KIB, MIB, Limits
from content.paths import check_paths

UNFOLDED_MAX = 4 * GIB
"""Bytes of one tar: a course with its films; larger ones come unpacked, as a folder."""
PLACES_MAX = 256
"""Kept states of the unpacking, 40 KB each; when there are more, every second one goes."""
PLACE_BYTES = MIB
"""How far the kept states lie apart at first."""
READ_MAX = MIB
"""What a header may ask for at once: a name that is longer than any file system's is a trap."""
PIECE_BYTES = 64 * KIB
_GZIP = b"\x1f\x8b"
_GZIP_BITS = 31
_HEADER_BYTES = 512
_MARK, _MARK_PLACE = b"ustar", 257
_BROKEN = (tarfile.TarError, zlib.error, EOFError, ValueError, OverflowError)


class Tape:
    """An open tar whose members have been checked; `close` it when done."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Open and check. Raises PackageDamaged, PackageUnsafe, PackageTooLarge."""
        self._name = path.name
        with ExitStack() as stack:
            file = stack.enter_context(path.open("rb"))
            self._bytes: io.BufferedIOBase | _Unpacked = file
            if head(path, len(_GZIP)) == _GZIP:
                self._bytes = _Unpacked(file, path, limits)
            members = self._members(limits)
            self.origins: Mapping[str, Origin] = MappingProxyType(
                {name: self._origin(start, size) for name, (start, size) in members.items()}
            )
            self.close = stack.pop_all().close

    def _members(self, limits: Limits) -> dict[str, tuple[int, int]]:
        """Where each file lies, by its name. Raises the ContentError that names what is wrong."""
        found: list[tuple[str, int, int]] = []
        end = 0
        try:
            with tarfile.TarFile(fileobj=_Shy(self._bytes, self._name), mode="r") as tape:  # type: ignore[arg-type]
                for count, member in enumerate(tape, start=1):
                    if count > limits.files * 2:
                        self._refuse(N_("its number of files"), f"{count} with folders", limits.files)
                    if member.isdir():
                        continue
                    self._check(member)
                    end = max(end, member.offset_data + member.size)
                    found.append((member.name.removeprefix("./"), member.offset_data, member.size))
            self._bytes.seek(max(0, end - 1))
            if end and not self._bytes.read(1):
                raise EOFError
        except _BROKEN as problem:
            raise PackageDamaged(package=self._name, why=N_("it was cut short or is no tar")) from problem
        check_paths((name for name, _, _ in found), package=self._name, limits=limits)
        return {name: (start, size) for name, start, size in found if not is_litter(name)}

    def _check(self, member: tarfile.TarInfo) -> None:
        if not member.isreg() or member.issparse():
            why = N_("it is a link or a device, not a file")
            raise PackageUnsafe(package=self._name, path=repr(member.name[:120]), why=why)

    def _refuse(self, what: str, found: object, limit: object) -> None:
        raise PackageTooLarge(package=self._name, what=what, found=found, limit=limit)

    def _origin(self, start: int, size: int) -> Origin:
        return Origin(open=lambda: _Member(self._bytes, start, size, self._name), size=size)


def is_tape(path: Path) -> bool:
    """Whether a file is a tar, packed by gzip or plain."""
    if not path.is_file():
        return False
    start = head(path, _HEADER_BYTES)
    if start.startswith(_GZIP):
        try:
            with gzip.open(path) as file:
                start = file.read(_HEADER_BYTES)
        except (OSError, EOFError, zlib.error):
            return False
    return start[_MARK_PLACE:].startswith(_MARK)


class _Member:
    """One member being read; other members may be read between its pieces."""

    def __init__(self, tape: "io.BufferedIOBase | _Unpacked", start: int, size: int, package: str) -> None:
        self._tape, self._place, self._left, self._package = tape, start, size, package

    def read(self, size: int) -> bytes:
        """At most `size` bytes, none at the end. Raises PackageDamaged."""
        try:
            self._tape.seek(self._place)
            piece = self._tape.read(min(size, self._left))
        except _BROKEN as problem:
            raise PackageDamaged(package=self._package, why=N_("a file in it does not unfold")) from problem
        self._place += len(piece)
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        """Nothing is held."""


class _Shy:
    """The bytes of a tar for the reader of its headers, which gets no more at once than a header needs."""

    def __init__(self, tape: "io.BufferedIOBase | _Unpacked", package: str) -> None:
        self._tape, self._package = tape, package
        self.tell, self.seek = tape.tell, tape.seek

    def read(self, size: int) -> bytes:
        """At most READ_MAX bytes. Raises PackageTooLarge."""
        if size > READ_MAX:
            what = N_("a name in it")
            raise PackageTooLarge(package=self._package, what=what, found=size, limit=READ_MAX)
        return self._tape.read(size)


@dataclass(frozen=True)
class _Place:
    """The unpacking at one place: how many bytes came out, how many went in, and its state."""

    out: int
    taken: int
    state: "zlib._Decompress"


class _Unpacked:
    """The bytes inside a gzip file, at any place."""

    def __init__(self, file: io.BufferedReader, path: Path, limits: Limits) -> None:
        self._file, self._name = file, path.name
        self._most = max(limits.ratio_floor_bytes, path.stat().st_size * limits.ratio)
        self._step = PLACE_BYTES
        self._places = [_Place(0, 0, zlib.decompressobj(_GZIP_BITS))]
        self._wanted = 0
        self._return_to(self._places[0])

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._wanted

    def seek(self, place: int) -> int:
        """Read on at a place."""
        self._wanted = place
        return place

    def read(self, size: int) -> bytes:
        """At most `size` bytes. Raises PackageTooLarge for a bomb, zlib.error, EOFError."""
        here = max((each for each in self._places if each.out <= self._wanted), key=lambda each: each.out)
        if not here.out <= self._start <= self._wanted:
            self._return_to(here)
        while self._end <= self._wanted and self._unfold():
            pass
        parts, left = [], size
        while left > 0 and (self._end > self._wanted or self._unfold()):
            piece = self._piece[self._wanted - self._start :][:left]
            parts.append(piece)
            left -= len(piece)
            self._wanted += len(piece)
        return b"".join(parts)

    @property
    def _end(self) -> int:
        return self._start + len(self._piece)

    def _return_to(self, place: _Place) -> None:
        self._file.seek(place.taken)
        self._state = place.state.copy()
        self._start, self._piece, self._packed = place.out, b"", b""

    def _unfold(self) -> bool:
        """Unfold the next piece; False at the end."""
        if self._state.eof:
            return False
        packed = self._packed or self._file.read(PIECE_BYTES)
        if not packed:
            raise EOFError
        self._start = self._end
        self._piece = self._state.decompress(packed, PIECE_BYTES)
        self._packed = self._state.unconsumed_tail
        self._keep()
        if self._end > min(self._most, UNFOLDED_MAX):
            what = N_("what it would unfold to")
            raise PackageTooLarge(package=self._name, what=what, found=f"{self._end} or more", limit=self._most)
        return True

    def _keep(self) -> None:
        """Keep the state of the unpacking where the last one lies far enough back."""
        if self._end < self._places[-1].out + self._step or self._state.eof:
            return
        self._places.append(_Place(self._end, self._file.tell() - len(self._packed), self._state.copy()))
        if len(self._places) > PLACES_MAX:
            self._places = self._places[::2]
            self._step *= 2
