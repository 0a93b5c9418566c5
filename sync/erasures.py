"""What owners had erased, as a database keeps it: which entries, which ids, and where that is said."""

from collections.abc import Callable, Iterable
from typing import Any

Run = Callable[..., Any]
"""Runs a statement, in which each `?` stands for a value, with its values."""


class Erasures:
    """The tables `journal_erased`, `journal_known` and `journal_wish` of `sync.schema`."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def add(self, root: str, seq: int, hub: str, running: bytes, signature: bytes) -> None:
        """Remember that an owner had an entry erased; `running` is the hash after it, empty while it is not here."""
        self._run(
            "INSERT INTO journal_erased (root, seq, hub, hash, signature) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (root, seq, hub, signature) DO UPDATE SET hash = excluded.hash WHERE journal_erased.hash = ?",
            *(root, seq, hub, running, signature, b""),
        )

    def between(self, hub: str, root: str, first: int, last: int) -> list[tuple[int, bytes, bytes]]:
        """What a hub had erased between two numbers of its stream: number, hash after it or none, signature."""
        rows = self._run(
            "SELECT seq, hash, signature FROM journal_erased WHERE hub = ? AND root = ? AND seq BETWEEN ? AND ?"
            " ORDER BY seq, signature",
            *(hub, root, first, last),
        ).fetchall()
        return [(int(seq), bytes(running), bytes(signature)) for seq, running, signature in rows]

    def add_known(self, hub: str, marks: Iterable[bytes]) -> None:
        """Remember the marks of ids that a hub had erased wherever they come from."""
        for mark in marks:
            self._run("INSERT INTO journal_known (hub, mark) VALUES (?, ?) ON CONFLICT DO NOTHING", hub, mark)

    def known(self, hub: str) -> set[bytes]:
        """The marks of ids that a hub had erased."""
        rows = self._run("SELECT mark FROM journal_known WHERE hub = ?", hub).fetchall()
        return {bytes(row[0]) for row in rows}

    def add_wish(self, hub: str, stream: str, seq: int) -> None:
        """Remember where an entry stands that has others erased."""
        self._run(
            "INSERT INTO journal_wish (hub, stream, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", hub, stream, seq
        )

    def wishes(self, hub: str, stream: str, after: int = 0) -> list[int]:
        """The numbers on a line of those entries that stand after a number."""
        asked = "SELECT seq FROM journal_wish WHERE hub = ? AND stream = ? AND seq > ? ORDER BY seq"
        return [int(row[0]) for row in self._run(asked, hub, stream, after).fetchall()]

    def adopt(self, root: str, stream: str, hub: str) -> None:
        """Have what was erased in a line, and what it says that erases, be another hub's."""
        self._run("UPDATE journal_erased SET hub = ? WHERE root = ?", hub, root)
        self._run("UPDATE journal_wish SET hub = ? WHERE stream = ?", hub, stream)
