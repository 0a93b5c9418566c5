"""What a region takes in for each second of a processor: all that its side does, tables for pages too, durably.

The records are what a community and its tools write, as the policy lets them go. The ceiling is what plain inserts of
the same entries take: a bare table with the same key, a hundred to a transaction.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.community import Community
from bench.figure import Figure
from bench.nodes import opened
from hub.database import close_database, open_database
from hub.node import Node
from hub.tide import publish, run
from hub.vocabulary import KEYS
from hub.xapi import store
from sync import exchange
from sync.protocol import Peering
from tests.fixtures import postgres, tide
from tests.fixtures.postgres import Running

RECORDS, LEAST = 10_000, 5_000
AT_ONCE = 100
TIMES_MOST = 25.0
"""As long as plain inserts: signatures, hashes, ids, the index, what was learned and what hubs are called beside it."""
TRIES = 3
SENDS = ("public", "region")
TOOL = {"objectType": "Agent", "name": "Tablet app", "account": {"homePage": KEYS, "name": "tablets"}}
NAME = "a region takes in, for each second of a core"


def measure() -> Iterator[Figure]:
    """On both databases, where PostgreSQL is here; of that its own processor time counts as well, the least of a few
    tries: two programs that take turns on a busy machine take more than they need."""
    with tempfile.TemporaryDirectory() as folder:
        spent_s, count, bare_s = _ingest(Path(folder))
    yield Figure(NAME, count / spent_s, "records", least=LEAST)
    yield Figure("the same as plain inserts, times as long", spent_s / bare_s, "times", most=TIMES_MOST)
    if postgres.is_here():
        with tempfile.TemporaryDirectory() as folder, postgres.running(postgres.SAFE) as server:
            tries = [
                _ingest(Path(folder) / name, server.fresh(name), lambda: _server_s(server))
                for name in map("try{}".format, range(TRIES))
            ]
        spent_s, count, _ = min(tries)
        yield Figure(f"{NAME}, PostgreSQL and its server", count / spent_s, "records", least=LEAST)


def _ingest(folder: Path, database: str = "", beside_s: Callable[[], float] = lambda: 0.0) -> tuple[float, int, float]:
    """Seconds of a processor that a region took, the records, and the seconds that plain inserts of them take."""
    with ExitStack() as stack:
        hub = stack.enter_context(opened(folder / "hub"))
        region = stack.enter_context(opened(folder / "region", role="region", database=database))
        tide.joined(hub, region, "http://127.0.0.1:1")
        for _, statements in Community(RECORDS).batches(AT_ONCE):
            store.take(hub, statements, authority=TOOL)
        publish.publish(hub, SENDS)
        spent_s = 0.0

        def answer(name: str, body: bytes) -> bytes:
            nonlocal spent_s
            began = time.process_time()
            said = run.answer(region, name, body)
            spent_s += time.process_time() - began
            return said

        there, server_s = Peering(region.identity.hub_id, SENDS, ("public",)), beside_s()
        went = exchange.run(hub.journal, hub.identity, there, answer)
        assert went.agreed and went.pushed >= RECORDS, went
        spent_s += beside_s() - server_s
        return spent_s, went.pushed, min(_bare(region, folder / str(each)) for each in range(TRIES))


def _bare(region: Node, folder: Path) -> float:
    """Seconds of a processor that plain inserts of the same entries take."""
    rows = [
        (placed.hub, 1, placed.seq, bytes(32), placed.entry.payload)
        for placed in region.journal.replay()
        if placed.audience == "region"
    ]
    folder.mkdir()
    bare = open_database("", folder, name="bare.db")
    bare.execute_sql(
        "CREATE TABLE entry (hub TEXT, line INT, seq INT, hash BLOB, raw BLOB, PRIMARY KEY (hub, line, seq))"
    )
    began = time.process_time()
    for start in range(0, len(rows), AT_ONCE):
        with bare.atomic():
            for row in rows[start : start + AT_ONCE]:
                bare.execute_sql("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", row)
    spent_s = time.process_time() - began
    close_database(bare)
    return spent_s


def _server_s(server: Running) -> float:
    """Seconds of a processor that a server of PostgreSQL has taken with all that it started."""
    first = int((server.folder / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
    others = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return sum(taken_s(each) for each in (first, *map(int, others)))


def taken_s(process: int) -> float:
    """Seconds of a processor that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
