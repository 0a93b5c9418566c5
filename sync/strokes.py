"""Many rows in one statement of SQL."""

from collections.abc import Iterator, Sequence
from typing import Any

MOST = 64
"""Rows of one statement."""

Rows = Sequence[Sequence[Any]]


def marks(mark: str, values: Sequence[Any]) -> str:
    """A mark for each value, parted by commas."""
    return ", ".join([mark] * len(values))


def of(into: str, rows: Rows, mark: str, otherwise: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Statements with their values that insert rows `into` a table with its columns; `otherwise` is ON CONFLICT.

    They are of few lengths, powers of two, so that the database has seen them before.
    """
    start = 0
    while start < len(rows):
        length = min(MOST, 1 << ((len(rows) - start).bit_length() - 1))
        some = rows[start : start + length]
        listed = ", ".join([f"({marks(mark, rows[0])})"] * length)
        yield f"INSERT INTO {into} VALUES {listed} {otherwise}".rstrip(), [value for row in some for value in row]  # noqa: S608
        start += length
