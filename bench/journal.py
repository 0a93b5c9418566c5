"""The journal alone: what an entry weighs on the disk, packed and as a row of its own, and what packing costs.

The entries are statements as a community and its tools write them, taken in through the hub's own door.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.community import Community
from bench.figure import Figure
from hub.config import load
from hub.node import Node, make_home, open_node
from hub.vocabulary import KEYS
from hub.xapi import store
from sync.journal import LOCAL
from tests.fixtures.former import to_first_tables

COUNT, TOGETHER = 20_000, 100
SCATTERED, ROUNDS = 200, 15
TOOL = {"objectType": "Agent", "name": "Tablet app", "account": {"homePage": KEYS, "name": "tablets"}}
BYTES_MOST = 110.0
WEIGHT = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'journal%' OR name LIKE 'sqlite_autoindex_journal%'"


def measure() -> Iterator[Figure]:
    """All figures of this block."""
    with tempfile.TemporaryDirectory() as folder:
        make_home(Path(folder))
        node = open_node(Path(folder), load(Path(folder), {}, {}))
        for _, statements in Community(COUNT).batches(TOGETHER):
            store.take(node, statements, authority=TOOL)
        yield from _packed(node)
        node.close()


def _packed(node: Node) -> Iterator[Figure]:
    """The line that holds the statements; the first tables are made last, since nothing reads them any more."""
    line = max(node.journal.streams(audience=LOCAL), key=lambda line: line.seq)
    rows = node.journal.store.entries(line, 0, line.seq)
    yield Figure("an entry as it came", sum(len(raw) for _, _, raw in rows) / len(rows), "bytes")
    packed = _weight(node)
    chance = random.Random(1)  # noqa: S311 - a choice of places, not a secret
    places = [(line.stream, chance.randint(1, line.seq)) for _ in range(SCATTERED)]
    scattered = _best_s(lambda: node.journal.gather(places))
    payloads = [(entry.entry.payload, entry.entry.at_ms) for entry in node.journal.read(line.stream, limit=TOGETHER)]
    together, alone = (
        _best_s(lambda each=each: _appended(node, each)) for each in ([payloads], [[p] for p in payloads])
    )
    node.write(lambda: to_first_tables(node.database))
    single = _weight(node)
    yield Figure("each in a row of its own under its names, on the disk", single, "bytes")
    yield Figure("packed, everything of the journal, on the disk", packed, "bytes", most=BYTES_MOST)
    yield Figure("that is, of rows of their own", packed / single, "times")
    yield Figure(f"{SCATTERED} entries from all over, gathered", scattered * 1000, "ms")
    yield Figure(f"{TOGETHER} appended at once, against one by one", together / alone, "times")


def _weight(node: Node) -> float:
    """Bytes of all the journal's tables and indexes on the disk, for each entry in it."""
    (count,) = node.database.execute_sql("SELECT sum(seq - base) FROM journal_stream").fetchone()
    return float(node.database.execute_sql(WEIGHT).fetchone()[0] / count)


def _appended(node: Node, batches: list[list[tuple[bytes, int]]]) -> None:
    """Append to a stream that nothing is folded from, in one transaction."""
    node.write(lambda: [node.journal.append_many("public", "note", batch) for batch in batches])


def _best_s(work: Callable[[], object]) -> float:
    """The shortest of some runs: a neighbour on the machine slows the others."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)
