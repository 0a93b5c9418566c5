"""Which passages of the search index come first: the questions that the catalogue puts to SQLite."""

import sqlite3
from collections.abc import Sequence

from content.search import indexed

TITLE_WEIGHT = 8.0
"""How much more a word in a title counts than in the text."""

_MATCHING = "SELECT rowid FROM found WHERE found MATCH ?"


def count(connection: sqlite3.Connection, words: str, language: str, most: int) -> int:
    """How many passages match, counted no further than one past `most`."""
    asked = _asked("title text", words, language)
    counted = connection.execute(f"SELECT count(*) FROM ({_MATCHING} LIMIT ?)", [asked, most + 1])  # noqa: S608
    return int(counted.fetchone()[0])


def in_turn(
    connection: sqlite3.Connection, words: str, turns: Sequence[str], limit: int, *, is_capped: bool
) -> list[int]:
    """The passages of each language in its turn, of all for ""; each passage once."""
    find = _unranked if is_capped else _ranked
    ids: dict[int, None] = {}
    for turn in turns:
        if len(ids) < limit:
            ids |= dict.fromkeys(find(connection, words, turn, limit))
    return list(ids)[:limit]


def _ranked(connection: sqlite3.Connection, words: str, language: str, limit: int) -> list[int]:
    """The best passages first (BM25)."""
    order = f"ORDER BY bm25(found, 0.0, {TITLE_WEIGHT}, 1.0) LIMIT ?"
    asked = _asked("title text", words, language)
    return [row[0] for row in connection.execute(f"{_MATCHING} {order}", [asked, limit])]


def _unranked(connection: sqlite3.Connection, words: str, language: str, limit: int) -> list[int]:
    """Passages with the words in their title first, then the others, as they came."""
    ids: dict[int, None] = {}
    for columns in ("title", "title text"):
        rows = connection.execute(f"{_MATCHING} LIMIT ?", [_asked(columns, words, language), limit])
        ids |= dict.fromkeys(row[0] for row in rows)
    return list(ids)[:limit]


def _asked(columns: str, words: str, language: str) -> str:
    """The whole question to the index; "pt" finds "pt-BR" too."""
    asked = f"{{{columns}}} : ({words})"
    return f'language : ^ "{indexed(language)}" AND {asked}' if indexed(language) else asked
