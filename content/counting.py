"""How many of what a search finds have each mark, so that a page can say what a choice would leave.

Passages of one item lie together and have the same marks, so that the index only has to tell where its hits lie: how
many of them lie in which stretch is found by halving. That does not hang on what is chosen, so it is done once for all
choices beside the same words.
"""

import sqlite3
from bisect import bisect_left, bisect_right
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

import orjson

from content.facets import FACETS, suits
from content.ranking import EVERYWHERE, MATCHING, Asked

COUNTED_MAX = 1_000
"""Passages of one mark that are told: one more stands for any more."""

KEPT_MAX = 32
"""Words whose hits are kept counted: whoever chooses step by step, turns a page, or is of a class asks the same."""

Profiles = Mapping[tuple[str, ...], int]
"""Marks to how many passages have just these."""


@dataclass(frozen=True)
class Stretches:
    """Where passages of the same marks lie, by their numbers: the n-th ends at `lasts[n]`, all of them in order."""

    lasts: tuple[int, ...]
    marks: tuple[tuple[str, ...], ...]


class Counts:
    """What was counted in one catalogue, kept until it changes. Safe to use from many threads at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._number: int | None = None
        self._stretches = Stretches((), ())
        self._kept: OrderedDict[str, Profiles] = OrderedDict()

    def of(self, connection: sqlite3.Connection, words: str, chosen: Mapping[str, str]) -> dict[str, int]:
        """The number of passages with these words for each mark, beside what is chosen in the other facets.

        `connection` has to be within a transaction, so that stretches and hits belong together.
        """
        found = of_marks(self._profiles(connection, words), chosen)
        return {mark: min(number, COUNTED_MAX + 1) for mark, number in found.items()}

    def _profiles(self, connection: sqlite3.Connection, words: str) -> Profiles:
        number = change_number(connection)
        with self._lock:
            if self._number != number:
                self._number, self._stretches = number, _stretches(connection)
                self._kept.clear()
            stretches, found = self._stretches, self._kept.get(words)
        if found is None:
            found = _counted(connection, words, stretches)
        with self._lock:
            if self._number == number:
                self._kept[words] = found
                self._kept.move_to_end(words)
                while len(self._kept) > KEPT_MAX:
                    self._kept.popitem(last=False)
        return found


def change_number(connection: sqlite3.Connection) -> int:
    """A number that is another one after each change of the catalogue."""
    return int(connection.execute("SELECT number FROM changed").fetchone()[0])


def statements(connection: sqlite3.Connection, competency: str) -> list[tuple[str, str]]:
    """What an ability is called, as (language, sentence)."""
    asked = "SELECT language, statement FROM statements WHERE competency = ? ORDER BY package"
    return [(language, statement) for language, statement in connection.execute(asked, [competency])]


def of_marks(profiles: Profiles, chosen: Mapping[str, str]) -> dict[str, int]:
    """The number of things for each mark, beside what is chosen in the other facets; `profiles` counts equal marks."""
    found: Counter[str] = Counter()
    for marks, number in profiles.items():
        for mark in _free(marks, chosen):
            found[mark] += number
    return {mark: number for mark, number in found.items() if mark.partition("=")[0] in FACETS}


def _free(marks: tuple[str, ...], chosen: Mapping[str, str]) -> tuple[str, ...]:
    """Those marks of a thing for which it is counted: it answers every choice, but perhaps that of the mark's facet."""
    missed = [facet for facet, value in chosen.items() if not suits(marks, {facet: value})]
    if len(missed) > 1:
        return ()
    return tuple(mark for mark in marks if mark.startswith(f"{missed[0]}=")) if missed else marks


def _counted(connection: sqlite3.Connection, words: str, stretches: Stretches) -> Profiles:
    # One text of numbers: for a word that is everywhere, a row for each would take the longest of all.
    told = f"SELECT json_group_array(rowid) FROM ({MATCHING})"  # noqa: S608 - no word stands in it
    hits = orjson.loads(connection.execute(told, [Asked(words).within(EVERYWHERE)]).fetchone()[0])
    found: Counter[tuple[str, ...]] = Counter()
    place, stretch = 0, 0
    while place < len(hits):
        stretch = bisect_left(stretches.lasts, hits[place], stretch)
        behind = bisect_right(hits, stretches.lasts[stretch], place)
        found[stretches.marks[stretch]] += behind - place
        place = behind
    return found


def _stretches(connection: sqlite3.Connection) -> Stretches:
    known: dict[str, tuple[str, ...]] = {}
    rows = connection.execute("SELECT last, marks FROM stretches ORDER BY first").fetchall()
    marks = tuple(known.setdefault(told, tuple(told.split())) for _, told in rows)
    return Stretches(tuple(last for last, _ in rows), marks)
