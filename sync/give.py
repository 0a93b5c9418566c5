"""Make the batches that go to others, from a line and a number on."""

from collections.abc import Iterator

from sync import batch as batches
from sync import lines
from sync.batch import UNPACKED_BYTES_MAX, Batch
from sync.entry import ENTRY_BYTES_MAX
from sync.errors import BatchWrong
from sync.journal import Journal
from sync.store import Line
from sync.stream import Row, block_of, head_message

ROOM = UNPACKED_BYTES_MAX - ENTRY_BYTES_MAX
"""Bytes of entries that go in one batch, leaving room for their lengths."""


def make(journal: Journal, line: Line, after: int, count: int) -> tuple[bytes, int]:
    """A batch of about `count` entries of a line after a number, and the number of its last entry.

    What is ours can end anywhere, because we can sign it. What is of others ends where they signed it. Only entries
    that are durable are here to be read, so nothing is shown that a power cut could take back.
    """
    if line.hub == journal.identity.hub_id:
        return _own(journal, line, after, count)
    seq, signature = _seal(journal, line, after, count)
    rows = lines.rows_after(journal.store, line, after, seq - after)
    return batches.write(_batch(journal, line, after, rows, signature)), seq


def _own(journal: Journal, line: Line, after: int, count: int) -> tuple[bytes, int]:
    """A batch of our own, halved until it is small enough to send; a single entry always is."""
    while True:
        rows = list(_fitting(lines.rows_after(journal.store, line, after, count)))
        seq, head, _ = rows[-1]
        journal.identity.mark(line.stream, seq)
        signature = journal.identity.sign(head_message(line.root, seq, head))
        try:
            return batches.write(_batch(journal, line, after, rows, signature)), seq
        except BatchWrong:
            count = len(rows) // 2


def _seal(journal: Journal, line: Line, after: int, count: int) -> tuple[int, bytes]:
    """The owner's signature to end at: the last one within `count` entries, else the next."""
    best: tuple[int, bytes] | None = None
    for seal in lines.seals_after(journal.store, line, after):
        if best is not None and seal[0] > after + count:
            break
        best = seal
    assert best is not None, "a line of another hub ends where its owner signed it"
    return best


def _batch(journal: Journal, line: Line, after: int, rows: list[Row], signature: bytes) -> Batch:
    before = lines.hash_at(journal.store, line, after)
    assert before is not None
    first, last = rows[0][0], rows[-1][0]
    seeds = lines.seeds_of(journal.store, line, first, last)
    blocks = range(block_of(first), block_of(last) + 1)
    if all(block in seeds for block in blocks):
        return Batch(line.hub, line.root, before, seeds, tuple(rows), signature)
    marks = lines.marks_of(journal.store, line, first, last)
    erased = {seq: _wish(journal, line, seq, running) for seq, running, raw in rows if not raw}
    return Batch(line.hub, line.root, before, seeds, tuple(rows), signature, marks, erased)


def _wish(journal: Journal, line: Line, seq: int, running: bytes) -> bytes:
    """The owner's signature that an entry be erased."""
    found = journal.store.erasures.between(line.hub, line.root, seq, seq)
    return next(signature for _, known, signature in found if known == running)


def _fitting(rows: list[Row]) -> Iterator[Row]:
    """As many rows from the front as a batch can hold unpacked, at least one."""
    size = 0
    for row in rows:
        size += len(row[2])
        if size > ROOM and size > len(row[2]):
            return
        yield row
