"""Words that nothing on the shelf has, replaced by the nearest ones that it has: what the catalogue asks SQLite for.

The words of the shelf lie under the keys of `content.nearness`, so that a typed word meets few of them. Words that
went with their package stay there until the catalogue is made again; they are passed by, as nothing has them.
"""

import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator

from content import ranking
from content.nearness import allowed, distance, keys, near_keys
from content.search import QUERY_CHARS_MAX, TERMS_MAX, bare, is_unspaced, query, words
from content.snippet import cut

TABLE = "CREATE TABLE spellings (key TEXT, word TEXT, PRIMARY KEY (key, word)) WITHOUT ROWID;"

MENDED_MAX = 3
"""Words of one query that are tried; with more of them unknown, guessing finds nothing that was meant."""

CANDIDATES_MAX = 4_000
"""Words that are compared with a typed one."""

RANKED_MAX = 16
"""The nearest of them, whose packages are counted."""

COUNTED_MAX = 200
"""Passages of a word that are looked at for that."""

WHOLE = ""
"""The key under which each word lies once, so that one that is known costs one look."""

LAST = "\U0010ffff"
"""Comes after every letter."""

_BEGUN = "SELECT word FROM spellings WHERE key = ? AND word > ? AND word < ? ORDER BY word LIMIT ?"
_KNOWN = "SELECT 1 FROM spellings WHERE key = ? AND word = ?"
_CANDIDATES = "SELECT DISTINCT word FROM spellings WHERE key IN ({marks}) LIMIT ?"
_COUNTS = (
    "SELECT count(DISTINCT package), count(*) FROM passages WHERE id IN"
    " (SELECT rowid FROM found WHERE found MATCH ? LIMIT ?)"
)
_FIRST = "SELECT title, text FROM passages WHERE id IN (SELECT rowid FROM found WHERE found MATCH ? LIMIT 1)"


def keep(connection: sqlite3.Connection, texts: Iterable[str]) -> None:
    """Keep the words of texts that came onto the shelf, with and without their article. Safe to repeat."""
    told = {word for text in texts for word in words(text)}
    known = {form for word in told if _is_mendable(word) for form in (word, bare(word))}
    fresh = [word for word in known if connection.execute(_KNOWN, [WHOLE, word]).fetchone() is None]
    rows = sorted((key, word) for word in fresh if (found := keys(word)) for key in {WHOLE, *found})
    connection.executemany("INSERT OR IGNORE INTO spellings (key, word) VALUES (?, ?)", rows)


def mend(connection: sqlite3.Connection, text: str) -> str:
    """What a reader typed, each word that nothing has replaced by the nearest one as it is written; "" for no change.

    A word that something has, or that begins one, is never replaced.
    """
    told: list[str] = []
    tried = 0
    is_mended = False
    for typed in text[:QUERY_CHARS_MAX].split()[:TERMS_MAX]:
        parts = words(typed)
        instead = {}
        for word in parts:
            if tried < MENDED_MAX and _is_mendable(word) and not _stands(connection, query(word)):
                tried += 1
                instead[word] = _nearest(connection, word)
        is_mended |= any(instead.values())
        told += [instead.get(word) or word for word in parts] if any(instead.values()) else [typed]
    return " ".join(told) if is_mended else ""


def begun(connection: sqlite3.Connection, beginning: str, most: int) -> list[str]:
    """Words of the shelf that go on from a folded beginning, as they are written, in their order; few, and soon."""
    rows = connection.execute(_BEGUN, [WHOLE, beginning, beginning + LAST, most])
    return [_as_written(connection, word) for (word,) in rows.fetchall() if any(_counts(connection, word))]


def _is_mendable(word: str) -> bool:
    """Whether letters of a word can be told wrong: not where words have no spaces between them, nor in numbers."""
    return not any(is_unspaced(letter) or unicodedata.category(letter)[0] == "N" for letter in word)


def _stands(connection: sqlite3.Connection, asked: str) -> bool:
    return bool(asked) and ranking.count(connection, ranking.Asked(asked), 1) > 0


def _nearest(connection: sqlite3.Connection, typed: str) -> str:
    """The nearest word, as it is written on the shelf: of equally near ones that of most packages; "" for none."""
    away: dict[str, int] = {}
    for form in {typed, bare(typed)}:
        for word, mistakes in _near(connection, form):
            away[word] = min(mistakes, away.get(word, mistakes))
    best = sorted(away, key=lambda word: (away[word], word))[:RANKED_MAX]
    counted = {word: _counts(connection, word) for word in best}
    best = sorted(
        (word for word in best if counted[word] > (0, 0)), key=lambda word: (away[word], *_most(counted[word]))
    )
    return _as_written(connection, best[0]) if best else ""


def _most(counts: tuple[int, int]) -> tuple[int, int]:
    return -counts[0], -counts[1]


def _near(connection: sqlite3.Connection, typed: str) -> Iterator[tuple[str, int]]:
    """The words near enough to a typed one, and how far each is from it."""
    asked = sorted(near_keys(typed))
    rows = connection.execute(_CANDIDATES.format(marks=", ".join("?" * len(asked))), [*asked, CANDIDATES_MAX])
    for (word,) in rows:
        most = allowed(len(typed), len(word))
        mistakes = distance(typed, word, most)
        if mistakes <= most:
            yield word, mistakes


def _counts(connection: sqlite3.Connection, word: str) -> tuple[int, int]:
    """In how many packages and passages a word stands, among the first COUNTED_MAX."""
    packages, passages = connection.execute(_COUNTS, [_exactly(word), COUNTED_MAX]).fetchone()
    return int(packages), int(passages)


def _as_written(connection: sqlite3.Connection, word: str) -> str:
    """A folded word with the accents and letters that some passage writes it with."""
    for texts in connection.execute(_FIRST, [_exactly(word)]):
        for part in (part for text in texts for part in cut(text, [bare(word)])):
            if part.is_match and words(part.text) == [bare(word)]:
                return part.text
    return word


def _exactly(word: str) -> str:
    """The question for a whole word; folded words hold no quotation mark to break out with."""
    return f'{{title text}} : "{bare(word)}"'
