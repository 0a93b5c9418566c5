"""What a tide costs on the line: bytes of everything, request lines and headers too."""

import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.community import Community
from bench.figure import Figure
from hub import first_boot
from hub.config import load
from hub.database import close_database, open_database
from hub.node import Node, make_home, open_node
from hub.tide import publish, run, sealing, stick_out
from hub.vocabulary import KEYS, VERBS, activity, person_actor
from hub.xapi import store
from sync import exchange, part
from sync.protocol import Peering
from tests.fixtures import tide
from tests.fixtures.web import listening
from tests.fixtures.web import run as serve

RECORDS = 100
PER_RECORD_MOST = 60
UP_MOST, DOWN_MOST = 300, 250
BEYOND_MOST = 1000
"""Of a bundle of one part, what is not its batches: cover, receipt, rows, signature and seal."""
PEOPLE = 60
INGEST, INGEST_LEAST = 10_000, 5_000
SENDS = ("public", "region")
TOOL = {"objectType": "Agent", "name": "Tablet app", "account": {"homePage": KEYS, "name": "tablets"}}


def measure() -> Iterator[Figure]:
    """All figures of this block."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        hub = stack.enter_context(opened(Path(folder) / "hub"))
        region = stack.enter_context(opened(Path(folder) / "region", role="region"))
        url = stack.enter_context(served(region))
        tide.joined(hub, region, url)
        first_boot.name_hub(hub, "Alder hill")
        first_boot.name_hub(region, "Coast")
        run.sync_with(hub, url=url)
        _learn(hub)
        went = run.sync_with(hub, url=url)
        still = run.sync_with(hub, url=url)
        _learn(hub, first=RECORDS)
        size, beyond = _on_a_stick(hub, region, Path(folder))
    assert went.pushed >= RECORDS and still.agreed, went
    yield Figure("a record sent, signed, 100 in a batch", went.bytes_up / RECORDS, "bytes", most=PER_RECORD_MOST)
    yield Figure("the region's answers, for each record", went.bytes_down / RECORDS, "bytes")
    yield Figure("no news, up", still.bytes_up, "bytes", most=UP_MOST)
    yield Figure("no news, down", still.bytes_down, "bytes", most=DOWN_MOST)
    yield Figure(
        "a record on a stick, sealed, 100 in a bundle",
        size / RECORDS,
        "bytes",
        most=PER_RECORD_MOST + BEYOND_MOST / RECORDS,
    )
    yield Figure("a bundle beyond its batches", beyond, "bytes", most=BEYOND_MOST)
    yield Figure("no news, requests", still.requests, "requests", most=1)
    yield from _ingest()


def _ingest() -> Iterator[Figure]:
    """What a region takes in, for each second of a processor: all that its side does, tables for pages too.

    The records are what a community and its tools write, as the policy lets them go. Beside it the same bytes are put
    into a bare table with the same key, a hundred to a transaction.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        hub = stack.enter_context(opened(Path(folder) / "hub"))
        region = stack.enter_context(opened(Path(folder) / "region", role="region"))
        tide.joined(hub, region, "http://127.0.0.1:1")
        for _, statements in Community(INGEST).batches(RECORDS):
            store.take(hub, statements, authority=TOOL)
        publish.publish(hub, SENDS)
        spent = 0.0

        def answer(name: str, body: bytes) -> bytes:
            nonlocal spent
            began = time.process_time()
            said = run.answer(region, name, body)
            spent += time.process_time() - began
            return said

        there = Peering(region.identity.hub_id, SENDS, ("public",))
        went = exchange.run(hub.journal, hub.identity, there, answer)
        assert went.agreed and went.pushed > INGEST * 0.9, went
        bare_s = _bare(region, Path(folder))
    yield Figure("a region takes in, for each second of a core", went.pushed / spent, "records", least=INGEST_LEAST)
    yield Figure("the same as plain inserts, times as long", spent / bare_s, "times")


def _bare(region: Node, folder: Path) -> float:
    """Seconds of a processor that plain inserts of the same entries take."""
    rows = [
        (placed.hub, 1, placed.seq, bytes(32), placed.entry.payload)
        for placed in region.journal.replay()
        if placed.audience == "region"
    ]
    bare = open_database("", folder, name="bare.db")
    bare.execute_sql(
        "CREATE TABLE entry (hub TEXT, line INT, seq INT, hash BLOB, raw BLOB, PRIMARY KEY (hub, line, seq))"
    )
    began = time.process_time()
    for start in range(0, len(rows), RECORDS):
        with bare.atomic():
            for row in rows[start : start + RECORDS]:
                bare.execute_sql("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", row)
    spent = time.process_time() - began
    close_database(bare)
    return spent


@contextmanager
def opened(home: Path, **flags: object) -> Iterator[Node]:
    """A hub in a new home."""
    make_home(home)
    node = open_node(home, load(home, flags, {}))
    try:
        yield node
    finally:
        node.close()


@contextmanager
def served(node: Node) -> Iterator[str]:
    """Where its pages are, over real HTTP."""
    sockets = [listening(), listening()]
    stop = serve(node, sockets)
    try:
        yield f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    finally:
        stop()


def _on_a_stick(hub: Node, region: Node, folder: Path) -> tuple[int, int]:
    """The bytes of a bundle with the news alone, and how many of them are not its batches."""
    made = stick_out.export(hub, hub=region.identity.hub_id, to=folder / "stick.tide")
    data = made.files[0].read_bytes()
    opened = part.read(region.identity, sealing.ring(region), data)
    assert made.records == RECORDS and made.parts == 1, made
    return len(data), len(data) - sum(len(each.data) for each in opened.batches)


def _learn(node: Node, first: int = 0) -> None:
    """A class that answers questions: many people, several lessons, right and wrong."""
    chance = random.Random(3)

    def one(number: int) -> dict[str, object]:
        is_right = chance.random() < 0.7
        return {
            "id": f"00000000-0000-4000-8000-{number:012d}",
            "actor": person_actor(f"{chance.randrange(PEOPLE):08d}-0000-4000-8000-000000000000"),
            "verb": {"id": VERBS["answered"]},
            "object": {"id": activity("safe-water.en", chance.choice(("boil", "quiz")), f"q{number % 9}")},
            "result": {"success": is_right, "score": {"scaled": int(is_right)}, "response": "at home"},
        }

    node.write(lambda: store.keep_own(node, [one(number) for number in range(first, first + RECORDS)]))
