"""A zip from outside, opened with care: names, sizes, links, locks and bombs are looked at before a byte is
unfolded.

What a zip says about itself is never believed further than it can be checked: real sizes are counted while
copying (`draft.pieces`), and checksums are compared by the zip reader. Zips inside zips stay closed.
"""

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import MappingProxyType

from content.draft import Origin, head, read_small
from content.errors import N_, ContentError, PackageDamaged, PackageLocked, PackageTooLarge, PackageUnsafe
from content.limits import DEFAULT, Limits
from content.paths import check_paths

_TAIL_BYTES = 22 + 65_535
"""Where the end record of a zip may start: its own 22 bytes and the longest comment (APPNOTE 4.3.16)."""

LITTER = frozenset({"Thumbs.db", "desktop.ini", "__MACOSX"})
"""What desktops leave behind in folders."""

_LOCKED_FLAG = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, ValueError)


class Archive:
    """An open zip whose members have been checked; `close` it when done."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Open and check. Raises PackageDamaged, PackageLocked, PackageUnsafe, PackageTooLarge."""
        self._name = path.name
        _check_directory(path, limits)
        try:
            self._zip = zipfile.ZipFile(path)
        except _BROKEN as problem:
            raise PackageDamaged(package=self._name, why=N_("its table of contents cannot be read")) from problem
        with self.kept_open():
            self.origins: Mapping[str, Origin] = MappingProxyType(self._checked(path.stat().st_size, limits))

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Leave the archive open at the end of the block, or closed when the block did not get there."""
        with ExitStack() as stack:
            stack.callback(self.close)
            yield
            stack.pop_all()

    def below(self, folder: str) -> Mapping[str, Origin]:
        """The origins inside one folder, named from there; `folder` is "" or ends with a slash."""
        found = {path[len(folder) :]: origin for path, origin in self.origins.items() if path.startswith(folder)}
        return MappingProxyType(found)

    def _checked(self, packed_bytes: int, limits: Limits) -> dict[str, Origin]:
        members = [member for member in self._zip.infolist() if not _is_folder(member)]
        check_paths((_path(member) for member in members), package=self._name, limits=limits)
        for member in members:
            self._check_member(member, limits)
        self._check_whole(members, packed_bytes, limits)
        return {_path(member): self._origin(member) for member in members}

    def _check_member(self, member: zipfile.ZipInfo, limits: Limits) -> None:
        if member.flag_bits & _LOCKED_FLAG:
            raise PackageLocked(package=self._name)
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
            raise PackageUnsafe(package=self._name, path=repr(_path(member)), why=N_("it is a link, not a file"))
        if member.compress_type not in _METHODS:
            raise PackageDamaged(package=self._name, why=N_("it is packed in a way this library cannot unfold"))
        self._check_ratio(member.file_size, member.compress_size, limits)

    def _check_whole(self, members: list[zipfile.ZipInfo], packed_bytes: int, limits: Limits) -> None:
        """Members that share their bytes are the trick of the flat zip bomb, and of nothing honest."""
        self._check_ratio(sum(member.file_size for member in members), packed_bytes, limits)
        end = 0
        for member in sorted(members, key=lambda each: each.header_offset):
            if member.header_offset < end:
                raise PackageDamaged(package=self._name, why=N_("its files lie on top of each other"))
            end = member.header_offset + member.compress_size

    def _check_ratio(self, unfolded: int, packed: int, limits: Limits) -> None:
        if unfolded > limits.ratio_floor_bytes and unfolded > packed * limits.ratio:
            found = f"{unfolded} bytes out of {packed}"
            limit = f"{limits.ratio} times"
            raise PackageTooLarge(package=self._name, what=N_("what it would unfold to"), found=found, limit=limit)

    def _origin(self, member: zipfile.ZipInfo) -> Origin:
        return Origin(open=lambda: _Member(self._zip, member, self._name), size=member.file_size)


class _Member:
    """One member being unfolded; whatever the zip reader stumbles over becomes one sentence."""

    def __init__(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, package: str) -> None:
        self._package = package
        self._left = member.file_size
        with self._sentence():
            self._file = archive.open(member)

    def read(self, size: int) -> bytes:
        """At most `size` bytes, none at the end. Raises PackageDamaged."""
        with self._sentence():
            piece = self._file.read(size)
        self._left -= len(piece)
        if not piece and self._left:
            raise PackageDamaged(package=self._package, why=N_("a file in it is shorter than it says"))
        return piece

    def close(self) -> None:
        """Let go of the member."""
        self._file.close()

    @contextmanager
    def _sentence(self) -> Iterator[None]:
        try:
            yield
        except _BROKEN as problem:
            raise PackageDamaged(package=self._package, why=N_("a file in it does not unfold")) from problem


def is_zip(path: Path) -> bool:
    """Whether a file begins as a zip does. False for folders."""
    return path.is_file() and head(path, 4) in (b"PK\x03\x04", b"PK\x05\x06")


def names(path: Path) -> list[str]:
    """The names in a zip, to recognise it by; empty when it cannot be read. Opening it with care says why."""
    try:
        _check_directory(path, DEFAULT)
        with zipfile.ZipFile(path) as archive:
            return [_path(member) for member in archive.infolist() if not _is_folder(member)]
    except (*_BROKEN, PackageDamaged, PackageTooLarge):
        return []


def peek(path: Path, name: str, limit: int) -> bytes:
    """A small file in a zip, to recognise the zip by; empty when it cannot be read. Opening it with care says why."""
    try:
        archive = Archive(path, DEFAULT)
        with closing(archive):
            return read_small(archive.origins[name], path=name, package=path.name, limit=limit)
    except (ContentError, KeyError):
        return b""


def top_folder(paths: Iterable[str]) -> str:
    """The one folder that holds everything, with a slash at its end; "" when things lie at the top."""
    tops = {path.partition("/")[0] + "/" if "/" in path else "" for path in paths if not is_litter(path)}
    return tops.pop() if len(tops) == 1 else ""


def is_litter(path: str) -> bool:
    """Whether a path is hidden or left behind by a desktop, and so no part of a package."""
    return any(part.startswith(".") or part in LITTER for part in path.split("/"))


def _is_folder(member: zipfile.ZipInfo) -> bool:
    """Whether it is a folder; `ZipInfo.is_dir` stumbles over a member without a name."""
    return member.filename.endswith("/")


def _path(member: zipfile.ZipInfo) -> str:
    """The name as written, so that a hidden end after a NUL is seen; old Windows zips use backslashes."""
    return member.orig_filename.replace("\\", "/")


def _check_directory(path: Path, limits: Limits) -> None:
    """Refuse a table of contents that would fill the memory, before it is read (APPNOTE 4.3.14 to 4.3.16)."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - _TAIL_BYTES))
        tail = file.read()
        place = tail.rfind(b"PK\x05\x06")
        if place < 0 or len(tail) < place + 22:
            raise PackageDamaged(package=path.name, why=N_("it was cut short"))
        count, size = struct.unpack_from("<HL", tail, place + 10)
        locator = tail[max(0, place - 20) : place]
        if locator.startswith(b"PK\x06\x07"):
            file.seek(min(end, struct.unpack_from("<Q", locator, 8)[0]))
            record = file.read(56)
            if len(record) < 56:
                raise PackageDamaged(package=path.name, why=N_("it was cut short"))
            count, size = struct.unpack_from("<QQ", record, 32)
    if count > limits.files * 2:
        raise PackageTooLarge(
            package=path.name, what=N_("its number of files"), found=f"{count} with folders", limit=limits.files
        )
    if size > limits.directory_bytes:
        raise PackageTooLarge(
            package=path.name, what=N_("its table of contents"), found=size, limit=limits.directory_bytes
        )
