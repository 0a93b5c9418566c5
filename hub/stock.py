"""What stands on the shelf, as whoever keeps it looks at it: what takes up room, what is used, what waits beside it.

Use is counted from learning records and never says who: of fewer than `outcomes.INSIDE` people nothing is told, and
within one package no part can be worked out from the others (`hub.suppression`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from content.entries import Row
from content.package import Manifest
from hub import library, uploads
from hub.moments import moment_text
from hub.node import Node
from hub.outcomes import INSIDE
from hub.suppression import Cell, hidden
from hub.tables import run
from hub.tables.learning import FINISHED
from hub.tables.takehome import OUT

ORDERS = ("frees", "last", "title")
"""By what a list may be in order: the most room first, the longest unused first, the name."""
_USED = "SELECT package, COUNT(DISTINCT person), COUNT(*), MAX(last_ms) FROM progress GROUP BY package"
_PARTS = "SELECT item, person, state FROM progress WHERE package = ?"


@dataclass(frozen=True)
class Kept:
    """One package: `frees` bytes go when it is taken off, `shared` bytes stay, since others need them too.

    `people` and `opened` (parts, each by each) are None where they are too few to be told; `last` is the month of the
    last use, such as "2026-03", "" for none. `is_unused` says that nobody opened it.
    """

    row: Row
    frees: int
    shared: int
    people: int | None
    opened: int | None
    last: str
    is_unused: bool


@dataclass(frozen=True)
class Stock:
    """The packages in order, and what else takes up room: `unfinished` bytes came of files that are on their way."""

    kept: tuple[Kept, ...]
    taken: int
    free: int
    reserve: int
    unfinished: int
    drafts: int
    copies: int


@dataclass(frozen=True)
class Part:
    """How one item is used; None where a count is of too few people."""

    item: str
    opened: int | None
    finished: int | None


def stock(node: Node, *, order: str = ORDERS[0]) -> Stock:
    """All that stands here; packages in one of ORDERS."""
    manifests = node.shelf.list()
    needed = Counter(sha256 for manifest in manifests for sha256 in _sizes(manifest))
    used = {row[0]: row[1:] for row in run(node.tables, _USED).fetchall()}
    rows = {row.id: row for row in library.packages(node)}
    kept = [_kept(rows[each.id], each, needed, used.get(each.id)) for each in manifests if each.id in rows]
    sizes: dict[str, int] = {}
    for manifest in manifests:
        sizes |= _sizes(manifest)
    copies, drafts = node.tables.Copy, node.tables.Draft
    return Stock(
        kept=tuple(sorted(kept, key=_KEYS[order if order in ORDERS else ORDERS[0]])),
        taken=sum(sizes.values()),
        free=node.shelf.free_bytes(),
        reserve=node.settings.free_reserve,
        unfinished=sum(each.offset for each in uploads.uploads(node) if not each.job),
        drafts=drafts.select().count(),
        copies=copies.select().where(copies.state == OUT).count(),
    )


def parts(node: Node, manifest: Manifest) -> list[Part]:
    """How each item of a package is used, in their order."""
    rows = run(node.tables, _PARTS, manifest.id).fetchall()
    opened = _told((item, person) for item, person, _state in rows)
    finished = _told((item, person) for item, person, state in rows if state >= FINISHED)
    return [Part(item.id, opened(item.id), finished(item.id)) for item in manifest.items]


def one(node: Node, package_id: str) -> Kept | None:
    """One package of the stock; None when it cannot be read."""
    return next((each for each in stock(node).kept if each.row.id == package_id), None)


def _told(acts: Iterable[tuple[str, str]]) -> Any:
    """What may be told of the number of people who did something with an item."""
    people: dict[str, set[str]] = {}
    for item, person in acts:
        people.setdefault(item, set()).add(person)
    cells = [Cell(item, len(who), frozenset(who)) for item, who in people.items()]
    secret = hidden(cells, INSIDE)

    def told(item: str) -> int | None:
        return None if secret is None or item in secret else len(people.get(item, ()))

    return told


def _kept(row: Row, manifest: Manifest, needed: Counter[str], used: Sequence[Any] | None) -> Kept:
    sizes = _sizes(manifest)
    frees = sum(size for sha256, size in sizes.items() if needed[sha256] == 1)
    people, opened, last_ms = map(int, used) if used else (0, 0, 0)
    is_told = people >= INSIDE
    return Kept(
        row=row,
        frees=frees,
        shared=sum(sizes.values()) - frees,
        people=people if is_told else None,
        opened=opened if is_told else None,
        last=moment_text(last_ms)[:7] if used else "",
        is_unused=not used,
    )


def _sizes(manifest: Manifest) -> dict[str, int]:
    """Each file once, by its hash."""
    return {entry.sha256: entry.size for entry in manifest.files.values()}


_KEYS: dict[str, Any] = {
    "frees": lambda each: (-each.frees, each.row.title),
    "last": lambda each: (each.last, -each.frees),
    "title": lambda each: (each.row.title.casefold(), each.row.id),
}
