"""How many of what a search finds have each mark, so that a page can say what a choice would leave.

Few hits are looked at one by one. Of a very common word there are too many for that: then the index is asked once for
each mark, and stops as soon as it has counted enough.
"""

import dataclasses
import sqlite3
from collections import Counter
from collections.abc import Mapping

from content.facets import FACETS, suits
from content.ranking import EVERYWHERE, MATCHING, Asked, count

COUNTED_MAX = 1_000
"""Passages of one mark that are counted."""

VALUES_MAX = 12
"""Values of one facet that are asked for one by one, those of most passages first; only abilities, goals and
languages have more."""

_HAVING = f"SELECT marks, count(*) FROM passages WHERE id IN ({MATCHING} LIMIT ?) GROUP BY marks"  # noqa: S608
_KNOWN = "SELECT mark FROM marks WHERE mark >= ? AND mark < ? ORDER BY passages DESC, mark LIMIT ?"


def counts(connection: sqlite3.Connection, words: str, chosen: Mapping[str, str], most: int) -> dict[str, int]:
    """The number of passages with these words for each mark, beside what is chosen in the other facets.

    `most` is the number of passages that are looked at one by one.
    """
    if count(connection, Asked(words), most) <= most:
        rows = connection.execute(_HAVING, [Asked(words).within(EVERYWHERE), most])
        return of_marks({tuple(marks.split()): number for marks, number in rows}, chosen)
    found = {}
    for facet in FACETS:
        others = Asked.of(words, {name: value for name, value in chosen.items() if name != facet})
        for mark in _known(connection, facet):
            asked = dataclasses.replace(others, marks=(*others.marks, mark))
            found[mark] = count(connection, asked, COUNTED_MAX)
    return {mark: number for mark, number in found.items() if number}


def statements(connection: sqlite3.Connection, competency: str) -> list[tuple[str, str]]:
    """What an ability is called, as (language, sentence)."""
    asked = "SELECT language, statement FROM statements WHERE competency = ? ORDER BY package"
    return [(language, statement) for language, statement in connection.execute(asked, [competency])]


def of_marks(profiles: Mapping[tuple[str, ...], int], chosen: Mapping[str, str]) -> dict[str, int]:
    """The number of things for each mark, beside what is chosen in the other facets; `profiles` counts equal marks."""
    found: Counter[str] = Counter()
    for marks, number in profiles.items():
        free = {facet for facet in FACETS if suits(marks, chosen, but=facet)}
        found.update({mark: number for mark in marks if mark.partition("=")[0] in free})
    return dict(found)


def _known(connection: sqlite3.Connection, facet: str) -> list[str]:
    rows = connection.execute(_KNOWN, [f"{facet}=", f"{facet}>", VALUES_MAX])
    return [row[0] for row in rows]
