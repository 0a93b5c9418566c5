"""The words of a ZIM file's pages, folded as all of the shelf's are, in a file of their own beside the catalogue.

A file of its own goes with its ZIM file by one deletion, is filled page by page while the hub serves, and leaves the
catalogue as small as it was. What it holds can always be made again from the ZIM file. A ZIM file with more pages than
PAGES_MAX gets none: it is asked itself, by its own index, in its own way of folding.
"""

import html
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from queue import Empty, LifoQueue
from typing import NamedTuple

import zstandard

from content import ranking
from content.catalogue import RANKED_MAX
from content.disk import is_full
from content.errors import DiskFull
from content.limits import MIB
from content.ranking import Asked
from content.search import TOKENIZER, VERSION, indexed, query, terms
from content.snippet import Part, cut_flat
from content.zim import Named, Zim

PAGES_MAX = 20_000
"""Pages whose words are kept: an encyclopaedia of medicine or of a small language."""
PAGE_CHARS_MAX = 20_000
"""Characters kept of one page, as of all passages."""
TEXT_BYTES_MAX = 4 * PAGE_CHARS_MAX
"""Bytes that one page's text may unpack to."""
TEXT_CHARS_MAX = 100_000_000
"""Characters kept of one file; of pages beyond it only the beginning is kept."""
BEGINNING_CHARS = 400
HTML_BYTES_MAX = 1 * MIB
"""A page is looked into no further than this."""
ENTRIES_MAX = 2_000_000
"""Entries of a file, pictures and all, that are looked through for pages."""
RANKED_KEPT_MAX = 256
"""Questions whose best pages are kept, by their numbers alone: a class asks one thing thirty times in a minute, and an
index that is whole does not change any more."""
CACHE_KIB = 512
"""What a connection keeps of the file, in KiB; a dozen of them read at once, and the machine keeps it for all."""
PACKED_LEVEL = 9
"""How hard texts are packed: as small as zlib makes them, and unpacked in a third of the time."""
BATCH = 50
"""Pages that are written together: half a second of work, and what a power cut undoes."""

_LEFT, _WHOLE, _BEGUN = 6 * 1_000 + VERSION, 5 * 1_000 + VERSION, 4 * 1_000 + VERSION
"""Marks of a file; those of files that were packed in another way were 1, 2 and 3 thousand."""
_TABLES = f"""
PRAGMA journal_mode = wal;
BEGIN;
CREATE TABLE pages (id INTEGER PRIMARY KEY, number INTEGER, path TEXT, title TEXT, text BLOB);
CREATE TABLE done (pages INTEGER, characters INTEGER);
INSERT INTO done VALUES (0, 0);
CREATE VIRTUAL TABLE found USING fts5 (
    language, title, text, marks, content='', detail=full, prefix='2 3', tokenize="{TOKENIZER}"
);
PRAGMA user_version = {_BEGUN};
COMMIT;
"""  # noqa: S608 - made of our own words
"""`language` and `marks` stay empty: the table has the shape of the catalogue's, for one way of ranking."""
_NOTE, _NOTE_END = "<!--", "-->"
_TAG = re.compile(r"<!--|-->|<(/?)([A-Za-z][A-Za-z0-9]*)[^<>]*>?|<[!?][^<>]*>?")
_UNSPOKEN = frozenset({"script", "style", "head", "template", "noscript", "svg", "math"})
_WITHIN = frozenset(
    ["a", "abbr", "b", "bdi", "bdo", "code", "em", "font", "i", "mark", "small", "span", "strong", "sub", "sup", "u"]
)
"""Elements that may stand within a word."""


class Match(NamedTuple):
    """A page that has a reader's words, and the key of its text."""

    key: int
    page: Named


class Matches(NamedTuple):
    """The best of them; `total` is counted up to RANKED_MAX, and above that it `is_capped`."""

    total: int
    is_capped: bool
    best: Sequence[Match]


class _Ranked(NamedTuple):
    """How many match, one past RANKED_MAX for any more, and the keys of the best."""

    total: int
    keys: list[int]


class ZimIndex:
    """The words of one ZIM file. Safe to use from many threads and processes; one of them fills it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: LifoQueue[tuple[int, sqlite3.Connection]] = LifoQueue()
        self._ranked: dict[tuple[int, int, str, int], _Ranked] = {}

    @property
    def is_whole(self) -> bool:
        """Whether all pages are in it."""
        with suppress(sqlite3.Error), self._reading() as connection:
            return _mark(connection) == _WHOLE
        return False

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do: all pages are in it, or they are too many."""
        with suppress(sqlite3.Error), self._reading() as connection:
            return _mark(connection) in (_WHOLE, _LEFT)
        return False

    def fill(self, zim: Zim, go_on: Callable[[int, int], bool]) -> bool:
        """Put the pages in that are not in it yet; `go_on` hears how many of how many are, and may end it.

        Return whether it is settled. A damaged file is begun anew. Raises DiskFull.
        """
        pages = zim.pages() if zim.entries <= ENTRIES_MAX else []
        if zim.entries > ENTRIES_MAX or len(pages) > PAGES_MAX:
            self.drop()
            with closing(self._opened()) as connection:
                connection.execute(f"PRAGMA user_version = {_LEFT}")
            return True
        try:
            self._drop_former()
            return self._fill(zim, pages, go_on)
        except sqlite3.OperationalError as problem:
            # The disk's doing, or another process's; what is in the file stays.
            if is_full(self._path.parent):
                raise DiskFull from problem
            raise
        except sqlite3.DatabaseError:
            self.drop()
            return self._fill(zim, pages, go_on)

    def close(self) -> None:
        """Let go of the file."""
        while not self._idle.empty():
            self._idle.get()[1].close()

    def drop(self) -> None:
        """Take it off the disk; safe to repeat."""
        self.close()
        for ending in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

    def search(self, text: str, most: int, *, any_term: bool = False) -> Matches:
        """The `most` best pages for a reader's words; none while it is not whole."""
        asked = Asked(query(text, any_term=any_term))
        with suppress(sqlite3.Error), self._reading() as connection:
            if asked.words and _mark(connection) == _WHOLE:
                total, keys = self._best(connection, asked, most)
                return Matches(min(total, RANKED_MAX), total > RANKED_MAX, _matches(connection, keys))
        return Matches(0, is_capped=False, best=())

    def count(self, text: str) -> int:
        """How many pages have all of a reader's words, counted up to RANKED_MAX; 0 while it is not whole."""
        asked = Asked(query(text))
        with suppress(sqlite3.Error), self._reading() as connection:
            if asked.words and _mark(connection) == _WHOLE:
                return min(self._best(connection, asked, 0).total, RANKED_MAX)
        return 0

    def titles(self, text: str, most: int) -> list[Named]:
        """Pages whose title has a reader's words, the last of them perhaps begun only; the shortest titles first."""
        asked = query(text)
        with suppress(sqlite3.Error), self._reading() as connection:
            if asked and _mark(connection) == _WHOLE:
                found = connection.execute(f"{ranking.MATCHING} LIMIT ?", [Asked(asked).within("title"), most * 20])
                pages = [match.page for match in _matches(connection, [row[0] for row in found])]
                return sorted(pages, key=lambda page: (len(page.title), page.title))[:most]
        return []

    def snippets(self, keys: Sequence[int], text: str) -> dict[int, tuple[Part, ...]]:
        """The words around what was looked for, of each page by its key; what cannot be read has none."""
        wanted, found = terms(text), dict[int, tuple[Part, ...]]()
        asked = f"SELECT id, text FROM pages WHERE id IN ({', '.join('?' * len(keys))})"  # noqa: S608 - marks alone
        unpacking = zstandard.ZstdDecompressor()
        with suppress(sqlite3.Error), self._reading() as connection:
            for key, packed in connection.execute(asked, keys):
                with suppress(zstandard.ZstdError):
                    found[key] = cut_flat(unpacking.decompress(packed, TEXT_BYTES_MAX).decode(), wanted)
        return found

    def _best(self, connection: sqlite3.Connection, asked: Asked, most: int) -> _Ranked:
        """The best of all that match; with `most` 0 only their number, which a search has perhaps just counted."""
        file = self._path.stat()
        key = file.st_ino, file.st_mtime_ns, asked.words, most
        found = self._ranked.get(key)
        if found is None:
            total = ranking.count(connection, asked, RANKED_MAX)
            keys = ranking.in_turn(connection, [asked], most, is_capped=total > RANKED_MAX) if most else []
            found = _Ranked(total, keys)
            if len(self._ranked) >= RANKED_KEPT_MAX:
                self._ranked.clear()
            self._ranked |= {key: found, (*key[:3], 0): _Ranked(total, [])}
        return found

    def _drop_former(self) -> None:
        """Drop what another version of the program gathered, or that it left a file aside."""
        with closing(self._opened()) as connection:
            is_ours = _mark(connection) in (0, _BEGUN, _WHOLE)
        if not is_ours:
            self.drop()

    def _fill(self, zim: Zim, pages: list[int], go_on: Callable[[int, int], bool]) -> bool:
        with closing(self._opened()) as connection:
            if _mark(connection) == _WHOLE:
                return True
            if _mark(connection) != _BEGUN:
                connection.executescript(_TABLES)
            done, characters = connection.execute("SELECT pages, characters FROM done").fetchone()
            for start in range(done, len(pages), BATCH):
                if not go_on(start, len(pages)):
                    return False
                connection.execute("BEGIN IMMEDIATE")
                characters += _put_in(connection, zim, pages[start : start + BATCH], start, characters)
                connection.execute("UPDATE done SET pages = ?, characters = ?", [start + BATCH, characters])
                connection.execute("COMMIT")
            connection.execute(f"PRAGMA user_version = {_WHOLE}")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return True

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.execute("PRAGMA synchronous = normal")
        return connection

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection nobody else uses, to the file as it is now; raises sqlite3.Error when there is none."""
        number = self._path.stat().st_ino if self._path.exists() else 0
        connection = self._idle_one(number)
        try:
            yield connection
        except sqlite3.Error:
            connection.close()
            raise
        self._idle.put((number, connection))

    def _idle_one(self, number: int) -> sqlite3.Connection:
        while not self._idle.empty():
            with suppress(Empty):
                known, connection = self._idle.get_nowait()
                if known == number:
                    return connection
                connection.close()
        address = f"{self._path.absolute().as_uri()}?mode=ro"
        connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        return connection


class ZimIndexes:
    """The indexes of one hub, each named by the hash of its ZIM file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, ZimIndex] = {}

    def get(self, sha256: str) -> ZimIndex:
        """The index of a ZIM file, there or not."""
        return self._known.setdefault(sha256, ZimIndex(self._folder / f"{sha256}.db"))

    def make_folder(self) -> None:
        """Make the folder where indexes are; safe to repeat."""
        self._folder.mkdir(mode=0o700, exist_ok=True)

    def keep(self, wanted: set[str]) -> None:
        """Drop every index whose ZIM file is not among the wanted hashes. Safe to repeat."""
        for path in self._folder.glob("*.db"):
            if path.stem not in wanted:
                self.get(path.stem).drop()
                del self._known[path.stem]

    def close(self) -> None:
        """Let go of every file."""
        for index in list(self._known.values()):
            index.close()


def words_of(page: str) -> str:
    """The words of a page that are seen, in one pass: also of a page that was made to keep a parser busy."""
    told: list[str] = []
    place, until = 0, ""
    for tag in _TAG.finditer(page):
        if not until:
            told.append(page[place : tag.start()])
        place, name = tag.end(), (tag[2] or tag[0]).lower()
        if until:
            until = "" if name == until and (tag[1] or name == _NOTE_END) else until
        elif name == _NOTE or (name in _UNSPOKEN and not tag[1] and not tag[0].endswith("/>")):
            until = _NOTE_END if name == _NOTE else name
        told.append("" if name in _WITHIN else " ")
    if not until:
        told.append(page[place:])
    return " ".join(html.unescape("".join(told)).split())


def _put_in(connection: sqlite3.Connection, zim: Zim, pages: list[int], start: int, characters: int) -> int:
    """Put some pages in; return how many characters of text were kept."""
    kept, packing = 0, zstandard.ZstdCompressor(level=PACKED_LEVEL)
    for key, number in enumerate(pages, start + 1):
        read = zim.text(number, HTML_BYTES_MAX)
        if read is None:
            continue
        page, source = read
        room = PAGE_CHARS_MAX if characters + kept < TEXT_CHARS_MAX else BEGINNING_CHARS
        title = page.title or page.path
        text = words_of(source).removeprefix(title).strip()[:room]
        kept += len(text)
        row = [key, number, page.path, title, packing.compress(text.encode("utf-8", "replace"))]
        connection.execute("INSERT INTO pages VALUES (?, ?, ?, ?, ?)", row)
        connection.execute(
            "INSERT INTO found (rowid, language, title, text, marks) VALUES (?, '', ?, ?, '')",
            [key, indexed(title), indexed(text)],
        )
    return kept


def _matches(connection: sqlite3.Connection, keys: list[int]) -> list[Match]:
    """The pages with these keys, in their order."""
    asked = f"SELECT id, number, path, title FROM pages WHERE id IN ({', '.join('?' * len(keys))})"  # noqa: S608 - marks
    rows = {key: Named(*page) for key, *page in connection.execute(asked, keys)}
    return [Match(key, rows[key]) for key in keys if key in rows]


def _mark(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
