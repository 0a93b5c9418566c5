"""What a tide costs on the line: bytes of everything, request lines and headers too."""

import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.figure import Figure
from bench.nodes import opened, served
from hub import first_boot
from hub.node import Node
from hub.tide import run, sealing, stick_out
from hub.vocabulary import VERBS, activity, person_actor
from hub.xapi import store
from sync import part
from tests.fixtures import tide

RECORDS = 100
PER_RECORD_MOST = 60
UP_MOST, DOWN_MOST = 300, 250
BEYOND_MOST = 1000
"""Of a bundle of one part, what is not its batches: cover, receipt, rows, signature and seal."""
PEOPLE = 60


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
