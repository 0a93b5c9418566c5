"""Learning records over HTTP: tools that send one statement a request, each answered when it is on the disk.

The peer is Kolibri, whose learners write their progress in one exercise each, in the same run: the same number of
clients on kept connections, the same two cores, in turns. The hub serves with one process, as it does by default, and
with two, as `workers = 2` has it where many write at once; the budget is for two.
"""

import base64
import multiprocessing
import os
import statistics
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

from bench import kolibri
from bench.clients import waits
from bench.community import Community
from bench.figure import Figure
from bench.hub import served
from hub import keys
from hub.config import load
from hub.node import make_home, open_node

CLIENTS = (16, 64)
TIMES_LEAST = 10.0
P95_MOST_MS = 300.0
SECONDS = 6.0
PROCESSES = 4
"""Processes that the clients are spread over, so that they are not the slow part."""
UNLIMITED = {"MANGROVE_XAPI_RATE": "0"}


def measure() -> Iterator[Figure]:
    """All figures of this block."""
    with tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as theirs:
        proof = _made(Path(ours))
        os.environ.update(UNLIMITED)
        with kolibri.serving(Path(theirs)) as port:
            people = kolibri.learners(port, max(CLIENTS))
            for clients in CLIENTS:
                each = clients // PROCESSES
                shares = [(port, people[n * each : (n + 1) * each]) for n in range(PROCESSES)]
                peers = _all_waits(_theirs, shares)
                yield Figure(
                    f"{clients} learners, Kolibri's progress writes (the peer)", len(peers) / SECONDS, "a second"
                )
                yield Figure(f"{clients} learners, 95 of 100 of the peer's answered within", _p95_ms(peers), "ms")
                for workers in (1, 2):
                    with served(Path(ours), "--workers", str(workers)) as hub:
                        seeds = range(clients * workers, clients * workers + PROCESSES)
                        tools = _all_waits(_ours, [(hub.port, proof, each, 1_000 * workers + seed) for seed in seeds])
                    yield from _against(f"{clients} tools, {workers} serving", tools, peers, workers > 1)


def _made(home: Path) -> str:
    """A new hub, and how a tool proves who it is."""
    make_home(home)
    node = open_node(home, load(home, {}, {}))
    key, secret = keys.add(node, name="Tablet app", scopes=["statements/write"])
    node.close()
    return base64.b64encode(f"{key.id}:{secret}".encode()).decode()


def _against(name: str, ours: list[float], theirs: list[float], is_promised: bool) -> Iterator[Figure]:
    least, most = (TIMES_LEAST, P95_MOST_MS) if is_promised else (None, None)
    yield Figure(f"{name}, one statement a request", len(ours) / SECONDS, "a second")
    yield Figure(f"{name}, against the peer", len(ours) / len(theirs), "times", least=least)
    yield Figure(f"{name}, 95 of 100 answered within", _p95_ms(ours), "ms", most=most)


def _p95_ms(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=20)[18] * 1000


def _all_waits(some: Callable[..., list[float]], shares: list[tuple[Any, ...]]) -> list[float]:
    """How long each request of all clients took, in seconds; they are spread over several processes."""
    with multiprocessing.Pool(PROCESSES) as pool:
        return [wait for part in pool.starmap(some, shares) for wait in part]


def _ours(port: int, proof: str, clients: int, seed: int) -> list[float]:
    """Some tools, each with statements of its own."""
    community = Community(10**9)
    community.chance.seed(seed)
    batches = iter(community.batches(2_000))
    bodies = [next(batches)[1] for _ in range(max(1, clients // 4))]
    raws = iter([raw for batch in bodies for raw in batch if b"StatementRef" not in raw])
    head = (
        f"POST /xapi/statements HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Basic {proof}\r\n"
        "X-Experience-API-Version: 1.0.3\r\nContent-Type: application/json\r\nContent-Length: "
    ).encode()
    sent = (b"%b%d\r\n\r\n%b" % (head, len(raw), raw) for raw in raws)
    return waits(port, [sent] * clients, SECONDS)


def _theirs(port: int, people: list[kolibri.Learner]) -> list[float]:
    """Some learners, each telling of one answer after the other."""
    return waits(port, [map(one.progress, count()) for one in people], SECONDS)
