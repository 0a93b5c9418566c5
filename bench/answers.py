"""Answers recorded a second, durably, by 1, 16 and 64 learners at once, on a disk whose fsync takes ten milliseconds.

The peer is the same disk with one commit for each answer, as programs without a writer of their own do it.
"""

import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from bench.figure import Figure
from hub.config import load
from hub.node import Node, make_home, open_node
from hub.vocabulary import VERBS, activity, person_actor
from hub.xapi import store
from tests.fixtures.disks import SlowSync

FSYNC_S = 0.01
LEARNERS = (1, 16, 64)
SECONDS = 3.0
VFS = "bench-slow"
SPEEDUP_LEAST = 10.0
"""A thousand a second where single commits reach a hundred."""
P99_MOST_MS = 150.0


def measure() -> Iterator[Figure]:
    """All figures of this block."""
    disk = SlowSync(VFS, wait_s=FSYNC_S)
    direct = _direct()
    yield Figure("one commit for each answer (the peer)", direct, "a second")
    for learners in LEARNERS:
        with _slow_hub() as node:
            disk.syncs = 0
            waits = _record(node, learners)
        rate, crowd = len(waits) / SECONDS, learners == LEARNERS[-1]
        yield Figure(f"{learners} at once", rate, "a second")
        yield Figure(
            f"{learners} at once, against the peer", rate / direct, "times", least=SPEEDUP_LEAST if crowd else None
        )
        p99_ms = statistics.quantiles(waits, n=100)[98] * 1000
        yield Figure(
            f"{learners} at once, 99 of 100 answered within", p99_ms, "ms", most=P99_MOST_MS if crowd else None
        )
        yield Figure(f"{learners} at once, answers that share an fsync", len(waits) / max(1, disk.syncs), "answers")


def _direct() -> float:
    """Single commits a second of rows of the same size."""
    with tempfile.TemporaryDirectory() as folder:
        database = apsw.Connection(f"{folder}/direct.db", vfs=VFS)
        for statement in (
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "CREATE TABLE one (id TEXT, raw BLOB)",
        ):
            database.execute(statement).fetchall()
        end, count = time.monotonic() + SECONDS, 0
        while time.monotonic() < end:
            database.execute("INSERT INTO one VALUES (?, ?)", (str(count), _statement(0, count)))
            count += 1
        database.close()
    return count / SECONDS


@contextmanager
def _slow_hub() -> Iterator[Node]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        make_home(home)
        node = open_node(home, load(home, {}, {}), vfs=VFS)
        try:
            yield node
        finally:
            node.close()


def _record(node: Node, learners: int) -> list[float]:
    """Let so many learners answer as fast as they can; how long each answer took, in seconds."""
    waits: list[float] = []
    end = time.monotonic() + SECONDS
    authority = store.own_authority(node)

    def learn(learner: int) -> None:
        number = 0
        while time.monotonic() < end:
            began = time.monotonic()
            store.take(node, [_statement(learner, number)], authority=authority)
            waits.append(time.monotonic() - began)
            number += 1

    _together([lambda learner=learner: learn(learner) for learner in range(learners)])  # type: ignore[misc]
    return waits


def _together(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _statement(learner: int, number: int) -> bytes:
    return json.dumps(
        {
            "id": f"{learner:08d}-0000-4000-8000-{number:012d}",
            "actor": person_actor(f"{learner:08d}-0000-4000-8000-000000000000"),
            "verb": {"id": VERBS["answered"]},
            "object": {"id": activity("safe-water-at-home", "check-yourself", f"q{number % 9}")},
            "result": {"success": True, "response": "boil", "score": {"scaled": 1}},
            "timestamp": "2026-09-21T14:15:23.456Z",
        }
    ).encode()
