"""A tide with much to carry, beside what Morango needs for as much; with little, in a crowd of hubs; and its memory.

Morango's numbers are those that were measured with Kolibri 0.19 for as many records: ten learners with a thousand
attempts each, and what belongs to these.
"""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from bench.community import Community
from bench.figure import Figure
from bench.hub import served as process_of
from bench.ingest import AT_ONCE, SENDS, TOOL, taken_s
from bench.nodes import opened, served
from hub import first_boot
from hub.node import Node
from hub.tide import peers, report, run
from hub.tide.peers import Peer
from hub.tide.report import Tide
from hub.xapi import store
from sync import exchange, schema
from sync.protocol import Peering
from tests.fixtures import tide
from tests.fixtures.fused import FusedMemory
from tests.fixtures.sync_hub import BareHub

MANY, FEW, BEFORE = 11_400, 13, 1_000
MORANGO_S, FASTER_LEAST = 124.0, 10.0
MANY_BYTES_MOST, FEW_BYTES_MOST = 700_000, 4_000
HUNDRED_MOST, THOUSAND_MOST = 60, 56
HUBS = 100
UP_MOST, DOWN_MOST = 300, 250
MEMORY_MOST_MIB = 16.0
KIB = 1024
SYNC = """
import sys
from pathlib import Path
from hub.config import load
from hub.node import open_node
from hub.tide import run
home = Path(sys.argv[1])
node = open_node(home, load(home, {}, {}))
for line in sys.stdin:
    went = run.sync_with(node)
    print(went.pushed, went.problem, flush=True)
"""
"""A hub in a process of its own that goes to the tide whenever a line comes."""


def measure() -> Iterator[Figure]:
    """All figures of this kind."""
    for figures in (_bytes, _crowd, _much):
        with tempfile.TemporaryDirectory() as folder:
            yield from figures(Path(folder))


def _bytes(folder: Path) -> Iterator[Figure]:
    """What records weigh on the line, all that HTTP adds counted, after a thousand have gone; and back."""
    with ExitStack() as stack:
        hub, region = _two(stack, folder)
        learning = _learning(BEFORE + FEW + 100 + BEFORE)
        _learn(hub, learning, BEFORE)
        assert _go(hub).agreed
        went = []
        for count in (FEW, 100, BEFORE):
            _learn(hub, learning, count)
            went.append(_go(hub))
            assert went[-1].pushed == count and went[-1].agreed
        few, hundred, thousand = went
        other = stack.enter_context(opened(folder / "other", role="region"))
        back = _pulled(other, hub)
    yield Figure(f"{FEW} records, up and down", few.bytes_up + few.bytes_down, "bytes", most=FEW_BYTES_MOST)
    yield Figure(f"{FEW} records, requests", few.requests, "requests", most=3)
    yield Figure("a record of a community, 100 in a batch", hundred.bytes_up / 100, "bytes", most=HUNDRED_MOST)
    yield Figure("a record of a community, 1,000 at once", thousand.bytes_up / BEFORE, "bytes", most=THOUSAND_MOST)
    yield Figure("a record that is pulled, signed", back.bytes_down / back.pulled, "bytes", most=THOUSAND_MOST)


def _pulled(taker: Node, giver: Node) -> exchange.Report:
    """A region that knocks at a hub, and takes all that is for it; what HTTP adds is not counted."""
    peers.keep(giver, Peer(taker.identity.hub_id, "Other", "", SENDS, ("public",), 1, 1))
    there = Peering(giver.identity.hub_id, ("public",), SENDS)
    went = exchange.run(taker.journal, taker.identity, there, lambda name, body: run.answer(giver, name, body))
    assert went.agreed and went.pulled > 2 * BEFORE, went
    return went


def _crowd(folder: Path) -> Iterator[Figure]:
    """A tide without news, where the region knows a hundred hubs and has told of all of them."""
    with ExitStack() as stack:
        hub, region = _two(stack, folder)
        for number in range(HUBS):
            _visit(region, number)
        first = _go(hub)
        assert first.agreed and first.pulled >= HUBS, first
        still = _go(hub)
    yield Figure(f"no news among {HUBS} hubs, up", still.bytes_up, "bytes", most=UP_MOST)
    yield Figure(f"no news among {HUBS} hubs, down", still.bytes_down, "bytes", most=DOWN_MOST)
    yield Figure(f"no news among {HUBS} hubs, requests", still.requests, "requests", most=1)


def _visit(region: Node, number: int) -> None:
    """One more hub that exchanges with the region, and tells something in public."""
    database = FusedMemory()
    for step in schema.STEPS:
        step(database, lambda: None)
    drawn = random.Random(number).randbytes  # noqa: S311 - a story, not a secret
    hub = BareHub(f"hub {number}", drawn(32), database, drawn)
    peers.keep(region, Peer(hub.identity.hub_id, hub.name, "", ("public",), SENDS, 1, 1))
    hub.say("public", hub.name)
    there = Peering(region.identity.hub_id, SENDS, ("public",))
    exchange.run(hub.journal, hub.identity, there, lambda name, body: run.answer(region, name, body))
    hub.database.close()


def _much(folder: Path) -> Iterator[Figure]:
    """As many records as Morango's, from one process to another: seconds from the word to the last answer."""
    with ExitStack() as stack:
        hub, region = _two(stack, folder, is_served=False)
        server = stack.enter_context(process_of(region.home))
        peers.keep(
            hub, Peer(region.identity.hub_id, "Coast", f"http://127.0.0.1:{server.port}", SENDS, ("public",), 1, 1)
        )
        child = stack.enter_context(_child(hub.home))
        _say(child)
        _learn(hub, _learning(MANY), MANY)
        both = (child.pid, server.process.pid)
        idle, spent_s, began = [_begin(each) for each in both], sum(map(taken_s, both)), time.monotonic()
        _say(child)
        took_s, spent_s = time.monotonic() - began, sum(map(taken_s, both)) - spent_s
        grown = [_most_mib(each) - at for each, at in zip(both, idle, strict=True)]
        (went, *_) = report.tides(hub)
    assert went.pushed == MANY and went.agreed, went
    yield Figure(f"{MANY:,} records, made ready and sent", took_s, "s", most=MORANGO_S / FASTER_LEAST)
    yield Figure("the same against the 124 s of Morango", MORANGO_S / took_s, "times", least=FASTER_LEAST)
    yield Figure("the same, processors of both hubs", spent_s, "s")
    yield Figure("the same, up and down", went.bytes_up + went.bytes_down, "bytes", most=MANY_BYTES_MOST)
    yield Figure("memory over rest, the hub that sends", grown[0], "MiB", most=MEMORY_MOST_MIB)
    yield Figure("memory over rest, the region", grown[1], "MiB", most=MEMORY_MOST_MIB)


def _two(stack: ExitStack, folder: Path, *, is_served: bool = True) -> tuple[Node, Node]:
    """A hub and its region, joined and named."""
    hub = stack.enter_context(opened(folder / "hub"))
    region = stack.enter_context(opened(folder / "region", role="region"))
    url = stack.enter_context(served(region)) if is_served else "http://127.0.0.1:1"
    tide.joined(hub, region, url)
    first_boot.name_hub(hub, "Alder hill")
    first_boot.name_hub(region, "Coast")
    if is_served:
        _go(hub)
    return hub, region


def _learning(count: int) -> Iterator[dict[str, Any]]:
    """So many statements as a community and its tools write them."""
    return (statement for _, some in Community(count).batches(AT_ONCE) for statement in some)


def _learn(hub: Node, learning: Iterator[dict[str, Any]], count: int) -> None:
    """Let the hub keep so many of them."""
    rest = islice(learning, count)
    while some := list(islice(rest, AT_ONCE)):
        store.take(hub, some, authority=TOOL)


def _go(hub: Node) -> Tide:
    return run.sync_with(hub, pause=lambda _: None)


@contextmanager
def _child(home: Path) -> Iterator[subprocess.Popen[str]]:
    """The hub in a process of its own."""
    child = subprocess.Popen(
        [sys.executable, "-c", SYNC, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def _say(child: subprocess.Popen[str]) -> None:
    """Have it go to the tide, and wait until it is back."""
    assert child.stdin is not None and child.stdout is not None
    child.stdin.write("go\n")
    child.stdin.flush()
    said = child.stdout.readline()
    assert said.split(" ", 1)[1].strip() == "", said


def _begin(pid: int) -> float:
    """Forget how much memory a process ever held; how much it holds now, in MiB."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return _mib(pid, "VmRSS")


def _most_mib(pid: int) -> float:
    return _mib(pid, "VmHWM")


def _mib(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (found,) = (line.split()[1] for line in lines if line.startswith(f"{name}:"))
    return int(found) / KIB
