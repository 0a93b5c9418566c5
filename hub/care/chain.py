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
        for number, kept, raw in rows:
            seed = seeds.get(stream.block_of(number))
            if number != seq + 1 or seed is None:
                return seq + 1
            running, seq = stream.step(running, number, seed, raw), number
            if running != kept:
                return number
    return None if running == line.head else line.seq


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
