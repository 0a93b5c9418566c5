"""Read the journal from end to end: every entry in its place, every hash the one that its bytes give."""

from collections.abc import Iterator

from hub.node import Node
from sync import lines, runs, stream
from sync.errors import JournalDamaged
from sync.store import Line, Store

STEP = runs.LENGTH
"""Entries read at a time: those of one packed run, so that damage in it is found at its beginning."""


def problems(node: Node) -> Iterator[str]:
    """A sentence for each stream that is not whole; nothing when all are."""
    store = node.journal.store
    for line in store.lines():
        broken = _first_broken(store, line)
        if broken is not None:
            yield f"The stream {line.stream[:8]} of {line.hub[:6]} is damaged at entry {broken} of {line.seq}."


def _first_broken(store: Store, line: Line) -> int | None:
    """The number of the first entry that is missing or changed, or None."""
    running, seq = _hash_at(store, line, line.base), line.base
    if running is None:
        return line.base
    while seq < line.seq:
        rows = _read(store, line, seq)
        seeds = lines.seeds_of(store, line, seq + 1, seq + STEP)
        if not rows:
            return seq + 1
        marks = _marks(store, line, seq) if any(stream.block_of(number) not in seeds for number, _, _ in rows) else {}
        for number, kept, raw in rows:
            after = _step(running, number, raw, seeds.get(stream.block_of(number)), marks.get(number))
            if number != seq + 1 or after is None:
                return seq + 1
            running, seq = after, number
            if running != kept:
                return number
    return None if running == line.head else line.seq


def _step(before: bytes, seq: int, raw: bytes, seed: bytes | None, mark: bytes | None) -> bytes | None:
    """The hash after an entry; None when it has neither a seed nor, where something of its block was erased, a mark."""
    if mark is not None:
        return stream.marked_step(before, seq, mark, raw)
    return None if seed is None or not raw else stream.step(before, seq, seed, raw)


def _marks(store: Store, line: Line, after: int) -> dict[int, bytes]:
    try:
        return lines.marks_of(store, line, after + 1, after + STEP)
    except JournalDamaged:
        return {}


def _hash_at(store: Store, line: Line, seq: int) -> bytes | None:
    try:
        return lines.hash_at(store, line, seq)
    except JournalDamaged:
        return None


def _read(store: Store, line: Line, after: int) -> list[stream.Row]:
    """The next entries; none when they cannot be read."""
    try:
        return store.entries(line, after, STEP)
    except JournalDamaged:
        return []
