"""What somebody who is typing may mean: titles with a word that begins so, then single words.

Asked with every letter, by many at once: so nothing is ranked, and little is looked at.
"""

import sqlite3
from collections.abc import Mapping

from content import spelling
from content.ranking import MATCHING, Asked
from content.search import BEGINNING_LETTERS_LAST, fold, query, words

TITLES_LOOKED_AT = 60
"""Passages whose titles are looked at; most titles stand on many."""

BEGUN_MAX = 20
"""Titles and words that are handed out, for whoever prefers some languages to others."""

WORDS_MAX = 6
TITLE_CHARS_MAX = 80
"""A longer title is none that one would look for."""

_TITLES = f"SELECT title, language, item = '' FROM passages WHERE id IN ({MATCHING} LIMIT ?)"  # noqa: S608


def begun(connection: sqlite3.Connection, text: str, chosen: Mapping[str, str]) -> list[tuple[str, str]]:
    """Titles and words with their languages: titles that begin with what was typed first, those of packages before
    those of their parts. A word has the language "", since many share it."""
    asked = Asked.of(query(text), chosen)
    if not asked.words:
        return []
    rows = connection.execute(_TITLES, [asked.within("title"), TITLES_LOOKED_AT])
    start = fold(text).strip()
    titles = sorted(
        {
            (not fold(title).startswith(start), not is_package, len(title), title, language)
            for title, language, is_package in rows
        }
    )
    found = {title: language for _, _, length, title, language in titles if length <= TITLE_CHARS_MAX}
    typed = words(text)
    if len(found) < BEGUN_MAX and len(typed) == 1 and len(typed[0]) >= BEGINNING_LETTERS_LAST:
        found = {**dict.fromkeys(spelling.begun(connection, typed[0], WORDS_MAX), ""), **found}
    told = {each: language for each, language in found.items() if fold(each) != start}
    ordered = sorted(told.items(), key=lambda each: not each[1])
    return ordered[:BEGUN_MAX]
