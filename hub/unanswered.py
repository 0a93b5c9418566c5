"""What people looked for and nothing here has, for whoever keeps the shelf: the words, how often, when last.

Nobody's name is kept with them, and no words in which somebody's whole name stands. A search is a GET, which changes
nothing that anybody asked for, and a program may send thousands: so words are gathered in memory and written together,
at most once in EVERY_MS, and the same words count once in that time. What a power cut takes of it is not missed.
"""

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from content.search import words as words_of
from hub import zims
from hub.errors import HubError
from hub.node import Node
from hub.tables import put

EVERY_MS = 10 * 60 * 1000
"""Milliseconds between two times of writing."""

GATHERED_MAX = 100
"""Searches that are gathered in that time; what comes after them is let go."""

KEPT_MAX = 500
"""Searches that are kept; beyond it those go that were asked least, and of these the oldest."""

LETTERS_MAX = 80
"""Letters of a search that is kept; a longer one is no search for a word."""

LETTERS_MIN = 2


@dataclass(frozen=True)
class Unanswered:
    """One search that nothing answers: its folded words, in how many spells it was asked, and when last.

    `instead` is what was looked for in its place, "" for nothing (`content.spelling`).
    """

    words: str
    times: int
    last_ms: int
    instead: str

    @property
    def last_day(self) -> str:
        """The day when it was last asked, as ISO 8601 writes it, in UTC."""
        return datetime.fromtimestamp(self.last_ms / 1000, UTC).date().isoformat()


class Gathering:
    """The searches of one process that wait to be written. Safe to use from many threads."""

    def __init__(self, node: Node) -> None:
        self._node, self._lock = node, threading.Lock()
        self._counted: dict[str, int] = {}
        self._waiting: dict[str, str] = {}
        self._written: int | None = None

    def note(self, asked: str, instead: str = "") -> None:
        """Take a search that found nothing; written now or later. Never raises for what the disk refuses."""
        told, now = plain(asked), self._node.clock.monotonic_ms()
        if not told:
            return
        with self._lock:
            self._counted = {each: at for each, at in self._counted.items() if now - at < EVERY_MS}
            if told in self._counted or len(self._counted) >= GATHERED_MAX:
                return
            self._counted[told], self._waiting[told] = now, instead
            is_due = self._written is None or now - self._written >= EVERY_MS
        if is_due:
            self.write()

    def write(self) -> None:
        """Write what waits. What the disk refuses is let go: a search is answered all the same."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
            self._written = self._node.clock.monotonic_ms()
        if waiting:
            with suppress(HubError):
                _keep(self._node, waiting)


def plain(asked: str) -> str:
    """The folded words of a search with one space between them; "" for one that is not kept."""
    told = " ".join(words_of(asked[: 4 * LETTERS_MAX]))
    return told if LETTERS_MIN <= len(told) <= LETTERS_MAX else ""


def unanswered(node: Node) -> Iterator[Unanswered]:
    """What was kept and nothing on the shelf answers now, the most asked first. Raises CatalogueDamaged."""
    table = node.tables.Unanswered
    for row in table.select().order_by(table.times.desc(), table.last_ms.desc(), table.words):
        if not zims.has(node, row.words):
            yield Unanswered(row.words, row.times, row.last_ms, row.instead)


def put_away(node: Node, asked: str) -> None:
    """Forget a search; it comes back when it is asked again. Safe to repeat."""
    table, told = node.tables.Unanswered, plain(asked)
    if told:
        node.write(table.delete().where(table.words == told).execute)


def forget_name(node: Node, name: str) -> None:
    """Forget every search that tells somebody of this name. Only inside `node.write`."""
    table, names = node.tables.Unanswered, [frozenset(words_of(name))]
    told = [row.words for row in table.select() if _tells(row.words, names) or _tells(row.instead, names)]
    table.delete().where(table.words.in_(told)).execute()


def _keep(node: Node, waiting: dict[str, str]) -> None:
    """Write searches, but for those that tell one of our people; make room when there are too many."""
    table, now = node.tables.Unanswered, node.clock.now_ms()
    names = _names(node)
    fresh = {told: instead for told, instead in waiting.items() if not _tells(told, names)}
    is_full = table.select().count() + len(fresh) > KEPT_MAX
    answered = [row.words for row in table.select() if zims.has(node, row.words)] if is_full else []

    def work() -> None:
        known = {row.words: row.times for row in table.select().where(table.words.in_(list(fresh)))}
        for told, instead in fresh.items():
            put(table, words=told, times=known.get(told, 0) + 1, last_ms=now, instead=instead)
        table.delete().where(table.words.in_(answered)).execute()
        over = table.select().count() - KEPT_MAX
        if over > 0:
            least = table.select(table.words).order_by(table.times, table.last_ms, table.words).limit(over)
            table.delete().where(table.words.in_([row.words for row in least])).execute()

    if fresh:
        node.write(work)


def _names(node: Node) -> list[frozenset[str]]:
    """The folded words of each person's name, gone people too."""
    table = node.tables.Person
    return [told for row in table.select(table.name) if (told := frozenset(words_of(row.name)))]


def _tells(told: str, names: list[frozenset[str]]) -> bool:
    """Whether somebody's whole name is among these words."""
    asked = set(told.split())
    return any(name <= asked for name in names)
