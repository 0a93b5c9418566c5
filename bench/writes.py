"""Learning records over HTTP: tools that send one statement a request, each answered when it is on the disk.

The peer is Kolibri 0.19.5, which took 60 progress writes a second from 16 clients and 69 from 64, each with its 95th of
a hundred after 2 seconds and more, measured on 2026-11-23 in the same way: keep-alive, the clients on the same two
cores. Absolute numbers of another day say little about today's machine; run both on one for a fair pair.
"""

import base64
import multiprocessing
import os
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from bench.community import Community
from bench.figure import Figure
from bench.hub import served
from hub import keys
from hub.config import load
from hub.node import make_home, open_node

KOLIBRI = {16: 60.0, 64: 69.0}
"""Clients at once → its progress writes a second."""
TIMES_LEAST = 10.0
P95_MOST_MS = 300.0
SECONDS = 6.0
PROCESSES = 4
"""Processes that the clients are spread over, so that they are not the slow part."""
UNLIMITED = {"MANGROVE_XAPI_RATE": "0"}
ENDED = b"\r\n\r\n"


def measure() -> Iterator[Figure]:
    """All figures of this block."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        make_home(home)
        node = open_node(home, load(home, {}, {}))
        key, secret = keys.add(node, name="Tablet app", scopes=["statements/write"])
        node.close()
        proof = base64.b64encode(f"{key.id}:{secret}".encode()).decode()
        os.environ.update(UNLIMITED)
        with served(home) as hub:
            for clients, theirs in KOLIBRI.items():
                yield from _crowd(hub.port, proof, clients, theirs)


def _crowd(port: int, proof: str, clients: int, theirs: float) -> Iterator[Figure]:
    with multiprocessing.Pool(PROCESSES) as pool:
        parts = pool.starmap(_some, [(port, proof, clients // PROCESSES, clients + n) for n in range(PROCESSES)])
    waits = [wait for part in parts for wait in part]
    rate = len(waits) / SECONDS
    yield Figure(f"{clients} tools at once, one statement a request", rate, "a second")
    yield Figure(f"{clients} tools, against Kolibri's progress writes", rate / theirs, "times", least=TIMES_LEAST)
    p95 = statistics.quantiles(waits, n=20)[18] * 1000
    yield Figure(f"{clients} tools, 95 of 100 answered within", p95, "ms", most=P95_MOST_MS)


def _some(port: int, proof: str, clients: int, seed: int) -> list[float]:
    """How long each request of some clients took."""
    community = Community(10**9)
    community.chance.seed(seed)
    waits: list[float] = []
    batches = iter(community.batches(2_000))
    bodies = [next(batches)[1] for _ in range(max(1, clients // 4))]
    raws = iter([raw for batch in bodies for raw in batch if b"StatementRef" not in raw])
    threads = [threading.Thread(target=_client, args=(port, proof, raws, waits)) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waits


def _client(port: int, proof: str, raws: Iterator[bytes], waits: list[float]) -> None:
    head = (
        f"POST /xapi/statements HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Basic {proof}\r\n"
        "X-Experience-API-Version: 1.0.3\r\nContent-Type: application/json\r\nContent-Length: "
    ).encode()
    end = time.monotonic() + SECONDS
    with socket.create_connection(("127.0.0.1", port)) as line:
        while time.monotonic() < end and (raw := next(raws, None)) is not None:
            began = time.monotonic()
            line.sendall(b"%b%d\r\n\r\n%b" % (head, len(raw), raw))
            _check(line)
            waits.append(time.monotonic() - began)


def _check(line: socket.socket) -> None:
    """Read one answer, which must say that the statement is kept."""
    answer = b""
    while ENDED not in answer:
        answer += line.recv(4096)
    top, _, body = answer.partition(ENDED)
    assert top.startswith(b"HTTP/1.1 200"), answer[:300]
    length = int(top.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += line.recv(4096)
