"""A film in ranges of a megabyte: the processor's time it takes, beside nginx with its usual settings on the same file.

Both are asked for the same ranges over kept connections, in turn; what counts is the time of their own processes, not
that of whoever asks.
"""

import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figure import Figure
from bench.hub import free_port, served, wait_up
from hub import library, seeing
from hub.config import load
from hub.node import open_node
from tests.fixtures.packages import box, mp4

RANGE_BYTES = 1024 * 1024
FILM_RANGES = 64
CLIENTS, ASKED, ROUNDS = 4, 100, 5
"""Clients at once, ranges that each asks for in a round, and rounds."""
PIECE_BYTES = 256 * 1024
AGAINST_MOST = 2.5
NS_PER_MS = 1_000_000
NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log /dev/null;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {root}; location = /healthz {{ return 200; }} }}
}}
"""
MISSING = "nginx is not on this machine: 1 MiB ranges were not compared"


def measure(home: Path) -> Iterator[Figure]:
    """All figures of this block; without nginx one that says so."""
    if shutil.which("nginx") is None:
        yield Figure(MISSING, 0, "")
        return
    with tempfile.TemporaryDirectory() as folder:
        film, doors = _shelve(home, Path(folder))
        with served(home) as hub, _nginx(film, Path(folder)) as (port, pid):
            asked = [(hub.process.pid, hub.content_port, doors[0]), (hub.process.pid, hub.port, doors[1])]
            asked.append((pid, port, f"/{film.name}"))
            rounds = [[_cost_ms(*each) for each in asked] for _ in range(ROUNDS)]
    elsewhere, pages, nginx = (statistics.median(row) for row in zip(*rounds, strict=True))
    yield Figure("processor time for 1 MiB of a film, nginx", nginx, "ms")
    for name, mine, place in (("the packages' origin", elsewhere, 0), ("the pages' origin", pages, 1)):
        against = statistics.median(row[place] / row[2] for row in rounds)
        yield Figure(f"the same, {name}", mine, "ms")
        yield Figure(f"{name} against nginx", against, "times", most=AGAINST_MOST)


def _shelve(home: Path, folder: Path) -> tuple[Path, tuple[str, str]]:
    """A film in a folder and on the shelf; its addresses on the packages' origin and on that of the pages."""
    film = mp4(folder / "film.mp4", data_bytes=0)
    head = film.read_bytes()[:-8]
    film.write_bytes(head + box(b"mdat", bytes(FILM_RANGES * RANGE_BYTES)))
    node = open_node(home, load(home, {}, {}))
    manifest = library.package(node, library.add(node, source=film).package)
    mark, sha256 = seeing.mark(node, manifest), manifest.files["film.mp4"].sha256
    node.close()
    return film, (f"/{manifest.id}/{mark}/film.mp4", f"/library/{manifest.id}/files/{sha256}/film.mp4")


@contextmanager
def _nginx(film: Path, folder: Path) -> Iterator[tuple[int, int]]:
    """Serve the folder of a file; the port and the process."""
    port, place = free_port(), folder / "nginx.conf"
    place.write_text(NGINX.format(folder=folder, port=port, root=film.parent))
    process = subprocess.Popen(["nginx", "-c", str(place), "-p", str(folder)], stderr=subprocess.DEVNULL)
    try:
        wait_up(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _cost_ms(pid: int, port: int, address: str) -> float:
    """Processor time, in ms, that a process takes for each range."""
    before = _used_ms(pid)
    clients = [threading.Thread(target=_watch, args=(port, address, first)) for first in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return (_used_ms(pid) - before) / (CLIENTS * ASKED)


def _used_ms(pid: int) -> float:
    """What all threads of a process have used; they live as long as it does."""
    return sum(int(each.read_text().split()[0]) for each in Path(f"/proc/{pid}/task").glob("*/schedstat")) / NS_PER_MS


def _watch(port: int, address: str, first: int) -> None:
    """Ask for one range after the other over one connection."""
    room = bytearray(PIECE_BYTES)
    with socket.create_connection(("127.0.0.1", port)) as line:
        for number in range(first, first + ASKED):
            start = number % FILM_RANGES * RANGE_BYTES
            asked = f"Range: bytes={start}-{start + RANGE_BYTES - 1}"
            line.sendall(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n{asked}\r\n\r\n".encode())
            _take(line, room)


def _take(line: socket.socket, room: bytearray) -> None:
    """Read one answer to its end, which must be a whole range."""
    head = b""
    while b"\r\n\r\n" not in head:
        head += line.recv(PIECE_BYTES)
    top, _, begun = head.partition(b"\r\n\r\n")
    assert top.startswith(b"HTTP/1.1 206 "), top
    left = RANGE_BYTES - len(begun)
    while left:
        left -= line.recv_into(room, min(left, PIECE_BYTES))
