"""Small files: how many a second, beside Flask's own `send_file` under the same server, and to many at once."""

import itertools
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

from bench import clients
from bench.figure import Figure
from bench.hub import free_port, served, wait_up
from hub import library, seeing
from hub.config import load
from hub.node import open_node
from hub.serve import CONTENT_THREADS
from tests.fixtures.packages import page_zip

FILE_BYTES = 10_240
FEW, MANY = 16, 128
SECONDS, ROUNDS = 1.0, 7
LEAST_TIMES = 2.0
STOCK = """
import sys
from flask import Flask, send_file
from waitress import serve
app = Flask("stock")
app.add_url_rule("/healthz", "healthz", lambda: "well")
app.add_url_rule("/p.png", "file", lambda: send_file(sys.argv[1]))
serve(app, host="127.0.0.1", port=int(sys.argv[2]), threads=int(sys.argv[3]), connection_limit=1000)
"""
"""What a Flask application does that sends a file as its documentation says."""


def measure(home: Path) -> Iterator[Figure]:
    """All figures of this block; both servers run in the same rounds, in turn, so that a busy machine slows both."""
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "p.png"
        picture.write_bytes(bytes(range(256)) * (FILE_BYTES // 256))
        addresses, port = _shelve(home, Path(folder), picture), free_port()
        told = [str(picture), str(port), str(CONTENT_THREADS)]
        stock = subprocess.Popen([sys.executable, "-c", STOCK, *told], stderr=subprocess.DEVNULL)
        try:
            wait_up(port)
            with served(home) as hub:
                doors = [(port, "/p.png"), (hub.content_port, addresses[0]), (hub.port, addresses[1])]
                rounds = [[_rate(*door, FEW) for door in doors] + [_rate(*doors[1], MANY)] for _ in range(ROUNDS)]
        finally:
            stock.terminate()
            stock.wait()
    yield from _figures(rounds)


def _figures(rounds: list[list[float]]) -> Iterator[Figure]:
    stock, elsewhere, pages, many = (statistics.median(row) for row in zip(*rounds, strict=True))
    against = statistics.median(row[1] / row[0] for row in rounds)
    of_pages = statistics.median(row[2] / row[0] for row in rounds)
    crowded = statistics.median(row[3] / row[1] for row in rounds)
    yield Figure(f"files of {FILE_BYTES} bytes that send_file of Flask gives to {FEW} clients", stock, "a second")
    yield Figure("the packages' origin gives", elsewhere, "a second")
    yield Figure("the pages' origin gives, of what guests see", pages, "a second")
    yield Figure("the packages' origin against send_file", against, "times", least=LEAST_TIMES)
    yield Figure("the pages' origin against send_file", of_pages, "times", least=LEAST_TIMES)
    yield Figure(f"the packages' origin with {MANY} clients against {FEW}", crowded, "times", least=0.8)


def _shelve(home: Path, folder: Path, picture: Path) -> tuple[str, str]:
    """Put the file on the shelf; its addresses on the packages' origin and on that of the pages."""
    source = page_zip(folder / "many.zip")
    with zipfile.ZipFile(source, "a") as archive:
        archive.write(picture, picture.name)
    node = open_node(home, load(home, {}, {}))
    manifest = library.package(node, library.add(node, source=source).package)
    mark, sha256 = seeing.mark(node, manifest), manifest.files[picture.name].sha256
    node.close()
    return f"/{manifest.id}/{mark}/{picture.name}", f"/library/{manifest.id}/files/{sha256}/{picture.name}"


def _rate(port: int, address: str, count: int) -> float:
    """Answers a second to so many clients."""
    assert len(urlopen(f"http://127.0.0.1:{port}{address}").read()) == FILE_BYTES  # noqa: S310 - our own loopback
    request = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    return len(clients.waits(port, [itertools.repeat(request) for _ in range(count)], SECONDS)) / SECONDS
