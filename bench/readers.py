"""Sixty people at once. They watch a film over a slow line: does a page still come, and is nothing copied to the card?
Then they sign in, read and answer in their browsers: how much memory does the hub take?"""

import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from bench.figure import Figure
from bench.hub import TOKEN, Browser, Served, memory_mb, served
from hub import library
from hub.config import load
from hub.demo.cast import PIN, SECRET
from hub.node import open_node
from hub.people import credentials, roster
from tests.fixtures.packages import box, mp4

Door = tuple[str, list[str]]
"""Where somebody signs in, and the forms that are sent there."""
READERS = 60
FILM_BYTES = 40_000_000
LOOKS = 40
PAGE_MOST_MS = 100.0
MEMORY_MOST_MB = 200.0
WALKS = 5
LOOK_S = 0.05
PATHS = (
    "/",
    "/learn/",
    "/library/",
    "/library/?q=water",
    "/library/safe-water.en/",
    "/learn/safe-water.en/clear-is-not-safe/",
    "/learn/safe-water.en/check-yourself/",
)
"""What a learner looks at, each time in this order."""


def measure(home: Path) -> Iterator[Figure]:
    """All figures of this block."""
    address = _shelve_film(home)
    with served(home) as hub:
        alone = _page_ms(hub.port)
        lines = [_reader(hub.port, address) for _ in range(READERS)]
        crowded = _page_ms(hub.port)
        spooled = _spooled(hub.process.pid)
        memory = memory_mb(hub)
        for line in lines:
            line.close()
    yield Figure(f"a page beside {READERS} slow readers, 95 of 100 within", crowded, "ms", most=PAGE_MOST_MS)
    yield Figure("the same against nobody reading", crowded / alone, "times")
    yield Figure("bytes copied to the card meanwhile", spooled, "bytes", most=0)
    yield Figure("memory meanwhile, all processes", memory, "MB", most=MEMORY_MOST_MB)
    doors = sign_ins(home)
    with served(home) as hub:
        pages, most = classroom(hub, doors)
    yield Figure(f"pages that {READERS} browsers asked for at once, each signed in by its secret", pages, "pages")
    yield Figure("the most memory meanwhile, all processes", most, "MB", most=MEMORY_MOST_MB)


def sign_ins(home: Path) -> list[Door]:
    """For everybody of the demo, where they sign in and the forms they send there: three pictures, or a PIN."""
    node = open_node(home, load(home, {}, {}))
    forms = {"picture": [f"pick={name}" for name in SECRET], "pin": [f"secret={PIN}"]}
    people = [(person.id, credentials.kind_of(node, person.id)) for person in roster.people(node)]
    node.close()
    return [(f"/people/sign-in/as/{person}/", forms[kind]) for person, kind in people if kind in forms]


def classroom(hub: Served, doors: list[Door], walks: int = WALKS) -> tuple[int, float]:
    """Let so many sign in and go as fast as they can: how many pages came, and the most memory held."""
    seens: list[list[str]] = [[] for _ in range(READERS)]
    pairs = zip(cycle(doors), seens, strict=False)
    learners = [threading.Thread(target=_walk, args=(hub.port, door, walks, seen)) for door, seen in pairs]
    for learner in learners:
        learner.start()
    most = 0.0
    while any(learner.is_alive() for learner in learners):
        most = max(most, memory_mb(hub))
        time.sleep(LOOK_S)
    return sum(map(len, seens)), most


def _walk(port: int, door: Door, walks: int, seen: list[str]) -> None:
    """One learner in a browser of its own, who signs in first."""
    browser, (address, forms) = Browser(port), door
    token = TOKEN.search(browser.ask(address)[0])
    assert token is not None, f"nobody signs in at {address}"
    for form in forms:
        text, _ = browser.ask(address, form=f"csrf_token={token[1]}&{form}")
    assert address not in text and "<main" in text, f"the secret did not fit at {address}"
    for path in PATHS * walks:
        assert "<main" in browser.ask(path)[0], f"{path} is not a page"
        seen.append(path)


def _shelve_film(home: Path) -> str:
    """Put a film on the shelf; its address."""
    with tempfile.TemporaryDirectory() as folder:
        place = mp4(Path(folder) / "film.mp4", data_bytes=0)
        head = place.read_bytes()[:-8]
        place.write_bytes(head + box(b"mdat", bytes(FILM_BYTES)))
        node = open_node(home, load(home, {}, {}))
        added = library.add(node, source=place)
        manifest = library.package(node, added.package)
        node.close()
    return f"/library/{manifest.id}/files/{manifest.files['film.mp4'].sha256}/film.mp4"


def _reader(port: int, address: str) -> socket.socket:
    """A phone that asks for the whole film and then reads almost nothing."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", port))
    line.sendall(f"GET {address} HTTP/1.1\r\nHost: x\r\nRange: bytes=0-\r\n\r\n".encode())
    assert b" 206 " in line.recv(512), "the film was not given"
    return line


def _page_ms(port: int) -> float:
    waits = []
    for _ in range(LOOKS):
        began = time.monotonic()
        Browser(port).ask("/library/")
        waits.append((time.monotonic() - began) * 1000)
    return statistics.quantiles(waits, n=20)[-1]


def _spooled(pid: int) -> int:
    """Bytes in temporary files of the process; they have no name, so they are found by their open ends."""
    total = 0
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            if str(link.readlink()).endswith(" (deleted)"):
                total += link.stat().st_size
        except FileNotFoundError:
            continue
    return total
