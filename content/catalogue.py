"""The catalogue: what stands on the shelf, to list and to search. A local file that can always be made again.

sqlite-utils keeps the tables, FTS5 the index (external content, so that words are kept once). Text goes in and
queries come out through `search`, folded the same way. Readers never wait for a writer (write-ahead log), and the
index is rebuilt in one transaction, so that a search during a rebuild still sees the old shelf.
"""

import builtins
import dataclasses
import fcntl
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, LifoQueue
from types import MappingProxyType
from typing import Any

from sqlite_utils import Database

from content import begun, counting, ranking, spelling
from content.disk import is_full
from content.entries import MARK, TABLES, Row, as_row, empty, put_in, put_on_shelves, shelved, take_out
from content.errors import CatalogueDamaged, ContentError, DiskFull
from content.fulltext import Passage, passages
from content.package import Manifest
from content.ranking import Asked
from content.search import query, terms
from content.shelf import Shelf
from content.snippet import Part, cut
from content.texts import Texts

BUSY_S = 60.0
"""Seconds a writer waits for another: longer than any rebuild. Readers do not wait."""

RANKED_MAX = 2_000
"""Passages that are ranked for one query. Ranking takes time for each hit, and when a word stands in more passages
than this, which of them comes first says little."""

COMMON_TIMES = 10
"""A word in so many times more passages is not ranked either where choices leave few of them: ranking looks at every
passage that has it, to learn how rare it is."""

LOG_KEPT_BYTES = 4 * 1024 * 1024
"""The write-ahead log is cut back to this, to spare the card."""

NOTHING_CHOSEN: Mapping[str, str] = MappingProxyType({})
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_FORMAT)
"""What SQLite answers when the file itself is wrong. Anything else is the disk's doing, and the file may be whole."""
_PASSAGE = (
    "SELECT passages.*, packages.title AS package_title FROM passages "
    "JOIN packages ON packages.id = passages.package WHERE passages.id = ?"
)


@dataclass(frozen=True)
class Hit:
    """A passage found. `item` and `path` are "" when it is the package itself; `snippet` is original text."""

    package: str
    package_title: str
    item: str
    path: str
    title: str
    language: str
    snippet: tuple[Part, ...]


@dataclass(frozen=True)
class Found:
    """One page of what was found. `total` is counted up to RANKED_MAX; above that `is_capped`, and not ranked."""

    hits: tuple[Hit, ...]
    total: int
    is_capped: bool


class Catalogue:
    """The catalogue in one file. Safe to use from many threads and processes at once."""

    def __init__(self, path: Path, ranked_max: int = RANKED_MAX) -> None:
        """Open the catalogue at `path`, or make an empty one. `ranked_max` is for trying it out on few passages.

        `is_stale` is True when it was made, or made again because the old one was damaged or of another version, and
        not filled since: `rebuild` fills it. Raises DiskFull or CatalogueDamaged; then the file is as it was.
        """
        self._path = path
        self._ranked_max = ranked_max
        self._idle: LifoQueue[tuple[int, Database]] = LifoQueue()
        self._counts = counting.Counts()
        self._listed: tuple[int, tuple[Row, ...]] | None = None
        self.is_stale = self._prepare("PRAGMA schema_version")

    def close(self) -> None:
        """Let go of the file."""
        while not self._idle.empty():
            self._idle.get()[1].close()

    def list(self, *, language: str = "", kind: str = "", level: str = "") -> list[Row]:
        """Every package, by title; only those of a language, with an item of a kind, of a level, when given."""
        return [
            row
            for row in self._all()
            if (not language or row.language == language)
            and (not kind or kind in row.kinds)
            and (not level or row.level == level)
        ]

    def get(self, package: str) -> Row | None:
        """One package, or None."""
        with self._reading() as database:
            found = builtins.list(database.table("packages").rows_where("id = ?", [package]))
        return as_row(found[0]) if found else None

    def search(
        self,
        text: str,
        *,
        chosen: Mapping[str, str] = NOTHING_CHOSEN,
        preferred: Sequence[str] = (),
        any_term: bool = False,
        limit: int = 20,
        start: int = 0,
    ) -> Found:
        """What a reader's words find, best first: `limit` passages from the one numbered `start` (from 0).

        All words must be there, or any one of them with `any_term`; only passages with the `chosen` value of each
        facet of `content.facets`. Those in the first of the `preferred` languages come first, then those in the next.
        """
        asked = Asked.of(query(text, any_term=any_term), chosen)
        if not asked.words:
            return Found(hits=(), total=0, is_capped=False)
        with self._reading() as database:
            total = ranking.count(database.conn, asked, self._ranked_max)
            is_capped = total > self._ranked_max
            languages = [asked.language] if asked.language else [*preferred, ""]
            turns = [dataclasses.replace(asked, language=each) for each in languages]
            is_common = is_capped or (bool(chosen) and self._is_common(database, asked.words))
            ids = ranking.in_turn(database.conn, turns, start + limit, is_capped=is_common)[start:]
            hits = tuple(_hit(values, text) for each in ids for values in database.query(_PASSAGE, [each]))
        return Found(hits=hits, total=min(total, self._ranked_max), is_capped=is_capped)

    def has(self, text: str) -> bool:
        """Whether a passage has all of a reader's words; quick, since nothing is ranked."""
        words = query(text)
        with self._reading() as database:
            return bool(words) and ranking.count(database.conn, Asked(words), 1) > 0

    def counts(self, text: str, *, chosen: Mapping[str, str] = NOTHING_CHOSEN) -> dict[str, int]:
        """How many passages with a reader's words have each mark, beside what is chosen in the other facets.

        Counted up to `counting.COUNTED_MAX`; one more stands for any more. Marks that no passage has are left out.
        """
        words = query(text)
        with self._seeing() as database:
            return self._counts.of(database.conn, words, chosen) if words else {}

    def statements(self, competencies: Sequence[str]) -> dict[str, builtins.list[tuple[str, str]]]:
        """What abilities are called: language and sentence of each, by their names outside their package."""
        with self._reading() as database:
            return {each: counting.statements(database.conn, each) for each in competencies}

    def begun(self, text: str, *, chosen: Mapping[str, str] = NOTHING_CHOSEN) -> builtins.list[tuple[str, str]]:
        """Titles and words, with their languages, that what somebody is typing may become; see `content.begun`."""
        with self._reading() as database:
            return begun.begun(database.conn, text, chosen)

    def mended(self, text: str) -> str:
        """A reader's words, those that nothing has replaced by the nearest that something has; "" for no change."""
        with self._reading() as database:
            return spelling.mend(database.conn, text)

    def add(self, manifest: Manifest, found: Sequence[Passage]) -> None:
        """Put one package into the catalogue, in place of an earlier version of it. Safe to repeat."""
        with self._writing() as database:
            take_out(database, manifest.id)
            put_in(database, manifest, found)

    def remove(self, package: str) -> None:
        """Take one package out; safe to repeat."""
        with self._writing() as database:
            take_out(database, package)

    def shelved(self) -> dict[str, tuple[str, ...]]:
        """Package → the collections that it stands in, in order, as far as the catalogue was told."""
        with self._reading() as database:
            return shelved(database)

    def shelve(self, package: str, collections: Sequence[str]) -> None:
        """Tell in which collections a package stands, whether it is here or comes later. Safe to repeat and to cut."""
        with self._writing() as database:
            put_on_shelves(database, package, sorted(collections))

    def rebuild(self, shelf: Shelf) -> int:
        """Make the catalogue again from the shelf; return how many packages it holds.

        Readers see the old catalogue until all of the new one is there.
        """
        self._prepare("PRAGMA quick_check(1)")
        manifests = shelf.list()
        with self._writing() as database:
            empty(database)
            for manifest in manifests:
                put_in(database, manifest, read_passages(shelf, manifest))
            database.conn.execute("INSERT INTO found (found) VALUES ('optimize')")
            database.conn.execute(f"PRAGMA user_version = {MARK}")
        self.is_stale = False
        return len(manifests)

    def _is_common(self, database: Database, words: str) -> bool:
        most = self._ranked_max * COMMON_TIMES
        return ranking.count(database.conn, Asked(words), most) > most

    def _all(self) -> tuple[Row, ...]:
        """Every package, by title; read once after each change."""
        with self._seeing() as database:
            number = counting.change_number(database.conn)
            listed = self._listed
            if listed is None or listed[0] != number:
                rows = database.table("packages").rows_where(order_by="sort, id")
                self._listed = listed = number, tuple(as_row(values) for values in rows)
        return listed[1]

    def _prepare(self, check: str) -> bool:
        """Make the tables anew unless the file is of this version and passes `check`; True when they are unfilled."""
        try:
            with self._alone():
                mark = _mark(self._path, check)
                if not mark:
                    self._make_anew()
        except sqlite3.Error as problem:
            raise self._said(problem) from problem
        return mark != MARK

    def _make_anew(self) -> None:
        """Put empty tables in the place of the file once they stand; until then it stays as it is."""
        beside = self._path.with_name(f".{self._path.name}.new")
        try:
            beside.unlink(missing_ok=True)
            with closing(_connect(beside)) as database:
                database.conn.executescript(TABLES)
            for ending in ("-wal", "-shm"):
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
            beside.replace(self._path)
        finally:
            for ending in ("", "-wal", "-shm"):
                beside.with_name(beside.name + ending).unlink(missing_ok=True)

    def _said(self, problem: sqlite3.Error) -> ContentError:
        """The named problem for one of SQLite's: a full disk by its name."""
        return DiskFull() if is_full(self._path.parent) else CatalogueDamaged(why=problem)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from making the file anew at the same time."""
        handle = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    @contextmanager
    def _reading(self) -> Iterator[Database]:
        """A connection nobody else uses. Raises DiskFull or CatalogueDamaged when the file cannot be used."""
        try:
            number, database = self._take()
            try:
                yield database
            except sqlite3.Error:
                database.close()
                raise
        except sqlite3.Error as problem:
            raise self._said(problem) from problem
        self._idle.put((number, database))

    @contextmanager
    def _seeing(self) -> Iterator[Database]:
        """All that is read within belongs together, whoever writes meanwhile."""
        with self._reading() as database:
            database.conn.execute("BEGIN")
            try:
                yield database
            finally:
                database.conn.rollback()

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        """A transaction, kept whole or not at all; waits for its turn."""
        with self._reading() as database:
            database.conn.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.conn.rollback()
                raise
            database.conn.commit()

    def _take(self) -> tuple[int, Database]:
        """An idle connection to the file as it is now, or a new one; those to a file that was replaced are closed."""
        number = self._path.stat().st_ino if self._path.exists() else 0
        while True:
            try:
                known, database = self._idle.get_nowait()
            except Empty:
                return number, _connect(self._path)
            if known == number:
                return number, database
            database.close()


def read_passages(shelf: Shelf, manifest: Manifest) -> list[Passage]:
    """The findable texts of a package that stands on the shelf."""
    return passages(manifest, lambda path: shelf.read(manifest, path), Texts.beside(shelf.root).pages)


def _connect(path: Path) -> Database:
    """Open the file. It is flushed lazily: after a power cut it is sound, and what it lacks is added again."""
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("PRAGMA synchronous = normal")
    connection.execute(f"PRAGMA journal_size_limit = {LOG_KEPT_BYTES}")
    return Database(connection)


def _mark(path: Path, check: str) -> int:
    """The file's mark; 0 unless it is there, of this version, and answers `check`: a quick look, or one to the end."""
    if not path.exists():
        return 0
    try:
        with closing(_connect(path)) as database:
            mark = int(database.execute("PRAGMA user_version").fetchone()[0])
            answer = str(database.execute(check).fetchone()[0])
            return mark if mark in (MARK, -MARK) and (answer == "ok" or answer.isdecimal()) else 0
    except sqlite3.DatabaseError as problem:
        if problem.sqlite_errorcode & 0xFF not in _DAMAGE:
            raise
        return 0


def _hit(values: dict[str, Any], text: str) -> Hit:
    return Hit(
        package=values["package"],
        package_title=values["package_title"],
        item=values["item"],
        path=values["path"],
        title=values["title"] or values["package_title"],
        language=values["language"],
        snippet=cut(values["text"], terms(text)),
    )
