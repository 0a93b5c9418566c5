"""The record: what a million statements weigh and how fast they are found; how fast they are kept, and checked.

How many there are is set by RECORD_STATEMENTS. Keeping is measured on a disk whose fsync takes ten milliseconds, beside
plain inserts of the same bytes into a table with the same indexes, a hundred to a transaction as well.
"""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw

from bench.community import BEGUN_MS, CMI5, SPAN_MS, Community
from bench.figure import Figure
from hub.config import load
from hub.database import FILE_NAME, JOURNAL_KEPT_BYTES, PRAGMAS
from hub.memory import collect_seldom
from hub.moments import moment_text
from hub.node import Node, make_home, open_node
from hub.tables import run
from hub.vocabulary import KEYS, activity, person_actor
from hub.xapi import find, query, rules, store
from hub.xapi.reading import read
from tests.fixtures.clock import HandClock
from tests.fixtures.disks import SlowSync

COUNT = int(os.environ.get("RECORD_STATEMENTS", "1000000"))
PROMISED = 1_000_000
"""What a few people can do weighs the same for few statements as for many, so the budget is for this many."""
TOGETHER = 100
"""Statements in one request."""
BYTES_MOST = 350.0
P95_MOST_MS = 50.0
TIMES = 40
"""How often each question is asked, each time about somebody or something else."""
FSYNC_S, VFS = 0.01, "bench-record-slow"
WARM, DURABLE, ROUNDS = 6_000, 4_000, 3
"""Statements that are there before, those that are measured, and how often."""
DURABLE_LEAST = 0.5
CHECKED_LEAST = 5_000.0
TOOL = {"objectType": "Agent", "name": "Tablet app", "account": {"homePage": KEYS, "name": "tablets"}}

Words = dict[str, str]


def measure() -> Iterator[Figure]:
    """All figures of this block. Rubbish is collected as a serving process does it."""
    collect_seldom()
    yield from _checking()
    yield from _durable()
    with tempfile.TemporaryDirectory() as folder:
        home, clock = Path(folder), HandClock()
        with opened(home, clock) as node:
            began = time.perf_counter()
            fill(node, clock, COUNT)
            yield Figure(f"{COUNT:,} statements, kept on this disk", COUNT / (time.perf_counter() - began), "a second")
            run(node.tables, "PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            size = (home / FILE_NAME).stat().st_size / COUNT
            most = BYTES_MOST if COUNT >= PROMISED else None
            yield Figure("on the disk, with all indexes, each", size, "bytes", most=most)
            yield from pages(node)


@contextmanager
def opened(home: Path, clock: HandClock | None = None, vfs: str | None = None) -> Iterator[Node]:
    """A new hub in a folder."""
    make_home(home)
    node = open_node(home, load(home, {}, {}), clock=clock, vfs=vfs)
    try:
        yield node
    finally:
        node.close()


def fill(node: Node, clock: HandClock, count: int) -> None:
    """Two years of a community's statements: seven requests of ten from the hub's own pages, the others from a tool."""
    own = store.own_authority(node)
    for number, (moment, batch) in enumerate(Community(count).batches(TOGETHER)):
        clock.time_ms = moment
        store.take(node, batch, authority=own if number % 10 < 7 else TOOL)


def pages(node: Node) -> Iterator[Figure]:
    """How long the first page takes, by each filter, newest first and oldest first."""
    waits: list[float] = []
    for name, ask in _questions(node).items():
        for order in ("false", "true"):
            some = [_ask(node, ask(number) | {"ascending": order}) for number in range(TIMES)]
            waits += some
            side = "oldest" if order == "true" else "newest"
            yield Figure(f"first page, {side} first, by {name}", _p95_ms(some), "ms", most=P95_MOST_MS)
    yield Figure("first page, any of these", _p95_ms(waits), "ms", most=P95_MOST_MS)


def _ask(node: Node, words: Words) -> float:
    """Seconds until a page stands ready to be sent."""
    began = time.perf_counter()
    asked = query.asked(words)
    assert isinstance(asked, query.Query)
    found = find.page(node, asked)
    json.dumps({"statements": found.statements, "more": found.more}, ensure_ascii=False)
    return time.perf_counter() - began


def _questions(node: Node) -> dict[str, Callable[[int], Words]]:
    """What is asked for, the n-th time: people, verbs and activities as they come in the records."""
    community = Community(20_000)
    said = [json.loads(raw) for _, batch in community.batches(TOGETHER) for raw in batch]
    told = [each for each in said if each["object"].get("objectType") != "StatementRef"]
    shown = [each for each in find.page(node, query.Query()).statements if "registration" in each.get("context", {})]
    related = {"related_agents": "true", "related_activities": "true"}
    agent, verb, thing = _Told(told, "actor", json.dumps), _Told(told, "verb", _id), _Told(told, "object", _id)
    people = [json.dumps(person_actor(each)) for each in community.facilitators]
    packages = [activity(each) for each in community.packages]
    return {
        "nothing": lambda number: {},
        "agent": agent,
        "verb": verb,
        "activity": thing,
        "registration": lambda number: {"registration": shown[number % len(shown)]["context"]["registration"]},
        "since": _since,
        "until": _until,
        "since and until": lambda number: _since(number) | _until(TIMES - number - 1),
        "agent and verb": lambda number: agent(number) | verb(number + 1),
        "agent and activity": lambda number: agent(number) | thing(number),
        "agent of one, activity of another": lambda number: agent(number) | thing(number + 1),
        "verb and activity": lambda number: verb(number) | thing(number),
        "verb and since": lambda number: verb(number) | _since(number),
        "agent, verb and until": lambda number: agent(number) | verb(number) | _until(number),
        "related agent": lambda number: {"agent": people[number % len(people)], **related},
        "related activity, a package": lambda number: {"activity": packages[number % len(packages)], **related},
        "related activity, a category": lambda number: {"activity": CMI5, **related},
        "related activity, and agent": lambda number: {"activity": packages[number % 9], **agent(number), **related},
    }


@dataclass(frozen=True)
class _Told:
    """A filter whose values are parts of statements, in the order of none."""

    statements: list[Any]
    part: str
    text: Callable[[Any], str]

    def __call__(self, number: int) -> Words:
        """The filter, the n-th time."""
        name = {"actor": "agent", "verb": "verb", "object": "activity"}[self.part]
        return {name: self.text(self.statements[number * 7919 % len(self.statements)][self.part])}


def _id(part: Any) -> str:
    return str(part["id"])


def _since(number: int) -> Words:
    return {"since": moment_text(BEGUN_MS + SPAN_MS * (number + 1) // (TIMES + 2))}


def _until(number: int) -> Words:
    return {"until": _since(TIMES - number)["since"]}


def _p95_ms(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=20)[18] * 1000


def _batches(count: int) -> list[list[bytes]]:
    return [batch for _, batch in Community(count).batches(TOGETHER)]


def _checking() -> Iterator[Figure]:
    """Reading and checking as the door does, beside reading JSON alone, which is no check at all."""
    raws = [raw for batch in _batches(10_000) for raw in batch]
    plain = min(_seconds(lambda: [json.loads(raw) for raw in raws]) for _ in range(ROUNDS))
    checked = min(_seconds(lambda: _check(raws)) for _ in range(ROUNDS))
    yield Figure("statements read and checked", len(raws) / checked, "a second", least=CHECKED_LEAST)
    yield Figure("that takes, against reading JSON alone", checked / plain, "times")


def _check(raws: list[bytes]) -> None:
    for raw in raws:
        rules.check(read(raw))


def _durable() -> Iterator[Figure]:
    """One client, a hundred statements a request, each request on the disk before it is answered; in turns with raw."""
    disk = SlowSync(VFS, wait_s=FSYNC_S)
    batches = _batches(WARM + DURABLE)
    pairs = [(_kept_s(batches), _inserted_s(batches)) for _ in range(ROUNDS)]
    kept, inserted = (min(times) for times in zip(*pairs, strict=True))
    yield Figure("plain inserts of the same bytes and indexes (the peer)", DURABLE / inserted, "a second")
    yield Figure("statements kept durably, by one client", DURABLE / kept, "a second")
    assert disk.syncs
    yield Figure("that is, of the peer's rate", inserted / kept, "times", least=DURABLE_LEAST)


def _kept_s(batches: list[list[bytes]]) -> float:
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), vfs=VFS) as node:
        _each(batches[: WARM // TOGETHER], lambda batch: store.take(node, batch, authority=TOOL))
        return _each(batches[WARM // TOGETHER :], lambda batch: store.take(node, batch, authority=TOOL))


def _inserted_s(batches: list[list[bytes]]) -> float:
    """The least that anybody could do who keeps statements to find them again."""
    said = [[_columns(raw) for raw in batch] for batch in batches]
    with tempfile.TemporaryDirectory() as folder:
        database = apsw.Connection(f"{folder}/plain.db", vfs=VFS)
        for name, value in {**PRAGMAS, "journal_size_limit": JOURNAL_KEPT_BYTES}.items():
            database.execute(f"PRAGMA {name} = {value}").fetchall()
        database.execute(
            "CREATE TABLE one (id TEXT PRIMARY KEY, actor TEXT, verb TEXT, activity TEXT, registration TEXT,"
            " stored INTEGER, raw BLOB)"
        )
        for column in ("actor", "verb", "activity", "registration", "stored"):
            database.execute(f"CREATE INDEX one_{column} ON one ({column}, stored)")

        def insert(batch: list[tuple[Any, ...]]) -> None:
            with database:
                database.executemany("INSERT INTO one VALUES (?, ?, ?, ?, ?, ?, ?)", batch)

        _each(said[: WARM // TOGETHER], insert)
        took = _each(said[WARM // TOGETHER :], insert)
        database.close()
    return took


def _columns(raw: bytes) -> tuple[Any, ...]:
    said = json.loads(raw)
    actor, sitting = json.dumps(said["actor"]), said.get("context", {}).get("registration")
    return said["id"], actor, said["verb"]["id"], said["object"]["id"], sitting, time.time_ns() // 1_000_000, raw


def _each(batches: list[Any], work: Callable[[Any], object]) -> float:
    """Seconds that all batches take, one after the other."""
    return _seconds(lambda: [work(batch) for batch in batches])


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
