"""Sentences of our own pages: noted when somebody looks at one that has no sound yet, and rendered next.

Pages put counts and names into their sentences. A sentence with a person's name in it is never noted, so that no file
ever says one.
"""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Any

from content.spoken import SENTENCE_CHARS_MAX, key, normal
from hub.node import Node
from hub.tables import put

KEPT_MAX = 3_000
"""Sentences of pages that are kept; beyond it those go that were asked for longest ago."""
PART_LETTERS = 3
"""Letters from which on a part of a name tells a person: "Mr" and "de" stand in ordinary sentences too."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class PageSentence:
    """One sentence of a page, in one language."""

    key: str
    language: str
    text: str


def note(node: Node, sentences: Iterable[tuple[str, str]]) -> int:
    """Note sentences, each a language and a text, but for those with a person's name; returns how many were new."""
    wanted = {key(text, language): (language, normal(text)) for language, text in sentences}
    table, now = node.tables.PageSentence, node.clock.now_ms()
    rows: Any = table.select(table.id).where(table.id.in_(list(wanted))).tuples()
    known = {name for (name,) in rows}
    fresh = {name: told for name, told in wanted.items() if name not in known}
    if not fresh:
        return 0
    told = names(node)
    kept = {
        name: (language, text)
        for name, (language, text) in fresh.items()
        if len(text) <= SENTENCE_CHARS_MAX and not says_name(text, told)
    }
    if kept:
        node.write(lambda: _keep(node, kept, now))
    return len(kept)


def noted(node: Node, *, language: str = "") -> list[PageSentence]:
    """The sentences that were noted, the newest first; of one language when it is given."""
    table = node.tables.PageSentence
    query = table.select().order_by(table.asked_ms.desc(), table.text)
    rows = query.where(table.language == language) if language else query
    return [PageSentence(row.id, row.language, row.text) for row in rows]


def languages(node: Node) -> list[str]:
    """The languages of noted sentences."""
    table = node.tables.PageSentence
    rows: Any = table.select(table.language).distinct().tuples()
    return sorted(name for (name,) in rows)


def _keep(node: Node, kept: dict[str, tuple[str, str]], now: int) -> None:
    table = node.tables.PageSentence
    for name, (language, text) in kept.items():
        put(table, id=name, language=language, text=text, asked_ms=now)
    newest = table.select(table.id).order_by(table.asked_ms.desc(), table.id)
    rows: Any = newest.offset(KEPT_MAX).limit(len(kept)).tuples()
    if old := [name for (name,) in rows]:
        table.delete().where(table.id.in_(old)).execute()


def says_name(text: str, told: Set[str]) -> bool:
    """Whether a sentence has one of these words of people's names in it."""
    return bool(told & _words(text))


def names(node: Node) -> Set[str]:
    """The words that tell one of our people, gone ones too."""
    return node.remembered.of("names", lambda: _names(node))


def _names(node: Node) -> Set[str]:
    table = node.tables.Person
    words: set[str] = set()
    rows: Any = table.select(table.name).tuples()
    for (name,) in rows:
        parts = _words(name)
        words |= parts if len(parts) == 1 else {each for each in parts if len(each) >= PART_LETTERS}
    return words


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}
