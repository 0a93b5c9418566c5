"""Which passages of the search index come first: the questions that the catalogue puts to SQLite."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from content.facets import token
from content.search import indexed

TITLE_WEIGHT = 8.0
"""How much more a word in a title counts than in the text."""

EVERYWHERE = "title text"
"""The columns in which words are looked for."""

MATCHING = "SELECT rowid FROM found WHERE found MATCH ?"


@dataclass(frozen=True)
class Asked:
    """A question to the index: words as `content.search.query` has them, a language or "", marks that are needed.

    The language "pt" finds "pt-BR" too.
    """

    words: str
    language: str = ""
    marks: tuple[str, ...] = ()

    @classmethod
    def of(cls, words: str, chosen: Mapping[str, str]) -> "Asked":
        """The question for words and what is chosen of each facet."""
        marks = tuple(f"{facet}={value}" for facet, value in chosen.items() if facet != "language")
        return cls(words, chosen.get("language", ""), marks)

    def within(self, columns: str) -> str:
        """The whole question as FTS5 reads it, with the words in these columns."""
        parts = [f'marks : "{token(mark)}"' for mark in self.marks]
        if indexed(self.language):
            parts.append(f'language : ^ "{indexed(self.language)}"')
        return " AND ".join([*parts, f"{{{columns}}} : ({self.words})"])


def count(connection: sqlite3.Connection, asked: Asked, most: int) -> int:
    """How many passages match, counted no further than one past `most`."""
    counted = connection.execute(f"SELECT count(*) FROM ({MATCHING} LIMIT ?)", [asked.within(EVERYWHERE), most + 1])  # noqa: S608
    return int(counted.fetchone()[0])


def in_turn(connection: sqlite3.Connection, turns: Sequence[Asked], limit: int, *, is_capped: bool) -> list[int]:
    """The passages of each question in its turn, each passage once."""
    find = _unranked if is_capped else _ranked
    ids: dict[int, None] = {}
    for turn in turns:
        if len(ids) < limit:
            ids |= dict.fromkeys(find(connection, turn, limit))
    return list(ids)[:limit]


def _ranked(connection: sqlite3.Connection, asked: Asked, limit: int) -> list[int]:
    """The best passages first (BM25); marks only narrow."""
    order = f"ORDER BY bm25(found, 0.0, {TITLE_WEIGHT}, 1.0, 0.0) LIMIT ?"
    return [row[0] for row in connection.execute(f"{MATCHING} {order}", [asked.within(EVERYWHERE), limit])]


def _unranked(connection: sqlite3.Connection, asked: Asked, limit: int) -> list[int]:
    """Passages with the words in their title first, then the others, as they came."""
    ids: dict[int, None] = {}
    for columns in ("title", EVERYWHERE):
        rows = connection.execute(f"{MATCHING} LIMIT ?", [asked.within(columns), limit])
        ids |= dict.fromkeys(row[0] for row in rows)
    return list(ids)[:limit]
