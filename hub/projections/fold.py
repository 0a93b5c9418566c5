"""How entries of one kind become rows, and which versions of that kind are read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.tables import Tables
from sync.journal import Placed

FIRST = frozenset({1})


@dataclass(frozen=True)
class _Versioned:
    versions: frozenset[int] = field(default=FIRST, kw_only=True)
    """A payload that says more, in new fields, is of the same version; one that says it another way is of the next."""

    def check(self, placed: Placed) -> None:
        """Raises ValueError for an entry of a version that is not read here."""
        if placed.entry.version not in self.versions:
            raise ValueError(f"version {placed.entry.version} of this kind is not known here")


@dataclass(frozen=True)
class Fold(_Versioned):
    """`take` puts an entry into the tables; it is given entries of `versions` and of no other."""

    take: Callable[[Tables, Placed], None]


@dataclass(frozen=True)
class Together(_Versioned):
    """A kind that comes in crowds: `read` raises for an entry that cannot be taken, `take` puts in all the others."""

    read: Callable[[Placed], Any]
    take: Callable[[Tables, Sequence[tuple[Placed, Any]]], None]
