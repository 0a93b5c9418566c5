"""Hide small counts so that nobody can be found in them, nor work them out from what is shown.

A count of few people tells about each of them. Hiding it alone is not enough: the total minus what is shown gives it
away. So further counts are hidden with it, until what the total tells of all hidden ones together is a count of many
people, shared out in more ways than one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """A count of something, and who it is about."""

    key: str
    count: int
    people: frozenset[str]


def hidden(cells: Sequence[Cell], least: int) -> frozenset[str] | None:
    """The keys to hide so that cells and their total may be shown; None when not even the total may be.

    Every cell counts at least one. Whoever sees the rest and the total knows of each hidden cell no more than that it
    lies between one and at least `least`, and of all of them together that they are of `least` people or more.
    """
    if len(_people(cells)) < least:
        return None
    chosen = [cell for cell in cells if len(cell.people) < least]
    others = sorted((cell for cell in cells if cell not in chosen), key=lambda cell: (cell.count, cell.key))
    while chosen and not _is_safe(chosen, least):
        if not others:
            return None
        chosen.append(others.pop(0))
    return frozenset(cell.key for cell in chosen)


def _is_safe(chosen: Sequence[Cell], least: int) -> bool:
    """Whether the sum of the hidden cells gives none of them away."""
    total = sum(cell.count for cell in chosen)
    return len(chosen) > 1 and len(_people(chosen)) >= least and total - (len(chosen) - 1) >= least


def _people(cells: Iterable[Cell]) -> frozenset[str]:
    return frozenset().union(*(cell.people for cell in cells))
