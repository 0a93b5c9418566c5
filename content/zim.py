"""A ZIM file, opened to be read: pages by their path or number, titles, words. The one room that knows libzim.

Nothing of a file of many GB is read before it is asked for. Reading is safe from many threads; libzim's searchers are
not, so that each file has one search at a time, and whoever waits too long is told that nothing was found.
"""

import os
import struct
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from content.errors import N_, PackageDamaged, ZimFuture
from content.limits import MIB
from content.search import words

if TYPE_CHECKING:
    from libzim.reader import Archive, Entry

T = TypeVar("T")

MAGIC = b"ZIM\x04"
HEADER = struct.Struct("<4sHH16sIIQQQQIIQ")
"""The first 80 bytes of a ZIM file (openzim.org, "ZIM file format")."""
MAJOR = (5, 6)
"""Versions of the format that are read."""
CHECKSUM_BYTES = 16

MEMORY_BYTES = 32 * MIB
"""Unpacked pieces that libzim keeps in the memory of one process, of all files together."""
PACKED_TIMES = 4
"""libzim counts a piece as large as it lies in the file; unpacked it takes about so many times the room."""
OPEN_MAX = 8
"""Files a process keeps open; each costs a megabyte, and opening takes milliseconds."""
WAIT_S = 2.0
"""How long a search waits for the one before it."""
ASKED_MAX = 200
"""Answers of searches that are kept for each file: people type the same beginnings."""
FOUND_MAX = 500
"""Hits that are counted and gone through; nobody looks further."""
ILLUSTRATIONS = (96, 48)
"""Sides of its own little picture, in pixels; the format asks for the second."""
TURNS_MAX = 50
"""Redirects that are followed: longer chains are rings."""

_BROKEN = (RuntimeError, KeyError, ValueError, OverflowError, StopIteration)
"""What libzim says of a damaged file; UnicodeDecodeError is a ValueError."""
_PACKED = 0x0F
_PLAIN = (0, 1)
_WIDE = 0x10


@dataclass(frozen=True)
class Header:
    """What a file says about itself at its beginning, already held against its size."""

    entries: int
    paths_at: int
    clusters: int
    clusters_at: int
    checksum_at: int


@dataclass(frozen=True)
class Named:
    """A page by its path and title; `number` is its place among all of the file."""

    number: int
    path: str
    title: str


@dataclass(frozen=True)
class Page:
    """Something to send: a page, a picture, a film. `start` is where its bytes lie in the file, -1 when packed."""

    number: int
    path: str
    title: str
    kind: str
    size: int
    start: int
    read: Callable[[], memoryview]


@dataclass(frozen=True)
class Turn:
    """A path that only leads to another one."""

    path: str


def header(first: bytes, size: int, package: str) -> Header:
    """Check the first bytes of a file of `size` bytes. Raises PackageDamaged, ZimFuture."""
    if not first.startswith(MAGIC):
        raise PackageDamaged(package=package, why=N_("it does not begin as a ZIM file does"))
    if len(first) < HEADER.size:
        raise PackageDamaged(package=package, why=N_("it was cut short"))
    told = HEADER.unpack_from(first)
    major, entries, clusters, paths_at, clusters_at, checksum_at = (told[each] for each in (1, 4, 5, 6, 8, 12))
    if major not in MAJOR:
        raise ZimFuture(package=package, version=major)
    if checksum_at + CHECKSUM_BYTES > size:
        raise PackageDamaged(package=package, why=N_("it was cut short"))
    lists = ((paths_at, 8 * entries), (clusters_at, 8 * clusters), (told[9], 0))
    if any(not HEADER.size <= at <= checksum_at - length for at, length in lists):
        raise PackageDamaged(package=package, why=N_("its table of contents cannot be read"))
    if checksum_at + CHECKSUM_BYTES != size:
        raise PackageDamaged(package=package, why=N_("its size is not what it says"))
    return Header(entries, paths_at, clusters, clusters_at, checksum_at)


class Zim:
    """One open file. Safe to use from many threads."""

    def __init__(self, path: Path, memory_bytes: int = MEMORY_BYTES) -> None:
        """Open it; `memory_bytes` is for all open files together. Raises PackageDamaged, ZimFuture, OSError."""
        self.path = path
        self._lock, self._asked = Lock(), OrderedDict[tuple[object, ...], Any]()
        self._handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        size = os.fstat(self._handle).st_size
        self._header = header(os.pread(self._handle, HEADER.size, 0), size, path.name)
        self._archive = _open(path, memory_bytes)
        self.main = self._main()

    def __del__(self) -> None:
        """Let go of the file once the last reader has."""
        with suppress(AttributeError, OSError):
            os.close(self._handle)

    @property
    def is_there(self) -> bool:
        """Whether the file still has a name on the disk."""
        return os.fstat(self._handle).st_nlink > 0

    @property
    def entries(self) -> int:
        """How many entries it has, pictures and all."""
        return self._header.entries

    @property
    def articles(self) -> int:
        """How many articles it says it has; 0 when that cannot be."""
        count = int(self._archive.article_count)
        return count if count <= self._header.entries else 0

    @property
    def has_words(self) -> bool:
        """Whether it brings an index of its words."""
        return bool(self._archive.has_fulltext_index)

    def metadata(self, name: str, most: int) -> bytes:
        """What it says of itself under a name; nothing when it is absent or longer than `most` bytes."""
        try:
            item = self._archive.get_metadata_item(name)
            return bytes(item.content) if item.size <= most else b""
        except _BROKEN:
            return b""

    def illustration(self, most: int) -> bytes:
        """Its own little picture, when it has at most `most` bytes; b"" for none."""
        try:
            for side in ILLUSTRATIONS:
                if self._archive.has_illustration(side):
                    item = self._archive.get_illustration_item(side)
                    return bytes(item.content) if item.size <= most else b""
        except _BROKEN:
            pass
        return b""

    def page(self, path: str) -> Page | Turn | None:
        """What lies at a path; None for nothing. Raises PackageDamaged."""
        try:
            entry = self._archive.get_entry_by_path(path)
        except _BROKEN:
            return None
        try:
            if entry.is_redirect:
                return Turn(_target(entry).path)
            # An old path may be answered by the entry that has its place now.
            return self._page(entry) if entry.path == path else Turn(entry.path)
        except _BROKEN as problem:
            raise PackageDamaged(package=self.path.name, why=N_("a page in it cannot be read")) from problem

    def number(self, path: str) -> int:
        """The number of the page at a path; -1 when there is none."""
        try:
            return int(_target(self._archive.get_entry_by_path(path))._index)
        except _BROKEN:
            return -1

    def named(self, number: int) -> Named | None:
        """A page by its number; None when there is none."""
        if not 0 <= number < self._header.entries:
            return None
        try:
            return _named(_target(self._archive._get_entry_by_id(number)))
        except _BROKEN:
            return None

    def titles(self, text: str, most: int) -> list[Named]:
        """Pages whose title begins with, or has, a reader's words."""
        return self._search(("titles", text, most), lambda: self._titles(text, most)) or []

    def search(self, text: str, start: int, most: int) -> tuple[int, list[Named]]:
        """How many pages have a reader's words, and `most` of them from the one numbered `start`, best first."""
        start = min(start, FOUND_MAX)
        found = self._search(("words", text, start, most), lambda: self._words(text, start, most))
        return found or (0, [])

    def pages(self) -> list[int]:
        """The numbers of all pages of words, in the order in which they are quickly read one after another."""
        found = []
        for number in range(self._header.entries):
            cluster, blob = self._dirent(number)
            if cluster >= 0:
                found.append((cluster, blob, number))
        return [number for _, _, number in sorted(found) if self._is_text(number)]

    def text(self, number: int, most: int) -> tuple[Named, str] | None:
        """A page with its HTML, no longer than `most` bytes of it; None when it cannot be read."""
        try:
            item = self._archive._get_entry_by_id(number).get_item()
            html = bytes(item.content[:most]).decode("utf-8", "replace")
            return Named(number, item.path, item.title), html
        except _BROKEN:
            return None

    def _is_text(self, number: int) -> bool:
        try:
            return bool(self._archive._get_entry_by_id(number).get_item().mimetype.startswith("text/html"))
        except _BROKEN:
            return False

    def _main(self) -> str:
        try:
            return _target(self._archive.main_entry).path if self._archive.has_main_entry else ""
        except _BROKEN:
            return ""

    def _page(self, entry: "Entry") -> Page:
        item = entry.get_item()
        size, start = int(item.size), self._start(int(item._index), int(item.size))
        return Page(int(item._index), item.path, item.title, item.mimetype, size, start, lambda: item.content)

    def _start(self, number: int, size: int) -> int:
        """Where the bytes of an entry lie, when they lie there as they are."""
        cluster, blob = self._dirent(number)
        if not 0 <= cluster < self._header.clusters:
            return -1
        at = self._whole(self._header.clusters_at + 8 * cluster, 8)
        info = self._whole(at, 1)
        if info & _PACKED not in _PLAIN:
            return -1
        width = 8 if info & _WIDE else 4
        first, last = (self._whole(at + 1 + width * each, width) for each in (blob, blob + 1))
        start = at + 1 + first
        is_sound = last - first == size and start + size <= self._header.checksum_at
        return start if is_sound else -1

    def _dirent(self, number: int) -> tuple[int, int]:
        """The cluster of an entry and its place in it; (-1, -1) for a redirect."""
        at = self._whole(self._header.paths_at + 8 * number, 8)
        told = os.pread(self._handle, 16, at) if at < self._header.checksum_at else b""
        if len(told) < 16 or told[:2] in (b"\xff\xff", b"\xfe\xff", b"\xfd\xff"):  # noqa: PLR2004 - as the format says
            return -1, -1
        cluster, blob = struct.unpack_from("<II", told, 8)
        return int(cluster), int(blob)

    def _whole(self, at: int, width: int) -> int:
        return int.from_bytes(os.pread(self._handle, width, min(at, self._header.checksum_at)), "little")

    def _search(self, key: tuple[object, ...], find: Callable[[], T]) -> T | None:
        """One search at a time, or what was found for the same; None when the one before takes too long."""
        if (known := self._asked.get(key)) is not None:
            return known  # type: ignore[no-any-return]
        if not self._lock.acquire(timeout=WAIT_S):
            return None
        try:
            found = find()
        except _BROKEN:
            return None
        else:
            self._asked[key] = found
            while len(self._asked) > ASKED_MAX:
                self._asked.popitem(last=False)
            return found
        finally:
            self._lock.release()

    def _titles(self, text: str, most: int) -> list[Named]:
        from libzim.suggestion import SuggestionSearcher  # noqa: PLC0415 - a hub without ZIM files does without

        found = SuggestionSearcher(self._archive).suggest(" ".join(words(text)))
        return list(self._all(found.getResults(0, most)))

    def _words(self, text: str, start: int, most: int) -> tuple[int, list[Named]]:
        from libzim.search import Query, Searcher  # noqa: PLC0415 - a hub without ZIM files does without

        asked = " ".join(words(text))
        if not asked or not self.has_words:
            return 0, []
        found = Searcher(self._archive).search(Query().set_query(asked))
        return min(found.getEstimatedMatches(), FOUND_MAX), list(self._all(found.getResults(start, most)))

    def _all(self, paths: Any) -> Iterator[Named]:
        for path in paths:
            with suppress(*_BROKEN):
                yield _named(_target(self._archive.get_entry_by_path(path)))


class Zims:
    """The files that are open in this process. Safe to use from many threads."""

    def __init__(self, memory_bytes: int = MEMORY_BYTES) -> None:
        self._memory_bytes = memory_bytes
        self._lock, self._open = Lock(), OrderedDict[Path, Zim]()

    def get(self, path: Path) -> Zim:
        """The file at a path, opened once. Raises PackageDamaged, ZimFuture, OSError."""
        with self._lock:
            found = self._open.get(path)
            if found is None or not found.is_there:
                found = self._open[path] = Zim(path, self._memory_bytes)
            self._open.move_to_end(path)
            while len(self._open) > OPEN_MAX:
                self._open.popitem(last=False)
            return found

    def let_go(self) -> None:
        """Close what was taken off the disk, which frees its room."""
        with self._lock:
            for path in [path for path, zim in self._open.items() if not zim.is_there]:
                del self._open[path]


def _open(path: Path, memory_bytes: int) -> "Archive":
    """Raises PackageDamaged."""
    from libzim.reader import Archive, set_cluster_cache_max_size  # noqa: PLC0415 - a hub without ZIM files does without

    set_cluster_cache_max_size(memory_bytes // PACKED_TIMES)
    try:
        return Archive(path)
    except _BROKEN as problem:
        raise PackageDamaged(package=path.name, why=N_("its table of contents cannot be read")) from problem


def _target(entry: "Entry") -> "Entry":
    """Where a row of redirects ends. Raises RuntimeError for a ring."""
    for _ in range(TURNS_MAX):
        if not entry.is_redirect:
            return entry
        entry = entry.get_redirect_entry()
    raise RuntimeError


def _named(entry: "Entry") -> Named:
    return Named(int(entry._index), entry.path, entry.title or entry.path)
