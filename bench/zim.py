"""A ZIM file of 5,000 pages: pages a second, typing ahead, ranked search with snippets; Debian's kiwix-serve beside.

The peer reads the same file on the same two cores in turns, with four threads. It ends each connection after one
answer, so that ours are asked to do the same. Where it is not installed (`apt install kiwix-tools`) a row says so, and
no ratio is claimed.
"""

import itertools
import multiprocessing
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.clients import Requests, waits
from bench.figure import Figure
from bench.hub import Served, free_port, memory_mb, served
from content.package import Manifest
from hub import library
from hub.config import load
from hub.node import ZIM_FOLDER, open_node
from hub.seeing import MARK_CHARS
from hub.worker import Worker
from tests.fixtures import zims
from tests.fixtures.zims import Entry

PAGES = 5_000
WORDS = 40_000
LENGTH = 1_300
"""Words in a page: 10 KB, as articles of an encyclopaedia have."""
ASKED = range(200, 2_000)
"""Which words are looked for, by how common they are: each stands in some hundred pages."""
HITS = 20
CLIENTS = (16, 64)
PROCESSES = 2
"""Processes that the clients are spread over."""
SECONDS = 6.0
UP_S = 30.0
PAGES_LEAST = 1.0
MEMORY_MOST_MB = 320.0
"""Two processes at rest are 130; each keeps `zim_memory`, and what a dozen threads read of the words."""
SEARCHES_LEAST = 10.0
"""Of a class at once; one who asks alone gets a whole page around the hits, which is most of what he waits for."""
PEER = "kiwix-serve"
HEADERS = "Accept-Encoding: gzip\r\nConnection: close\r\n"

Door = Callable[[int], str]
"""The address of the n-th page, or of the question for the n-th word."""


@dataclass(frozen=True)
class Side:
    """One server: where its pages are, and where it is asked within the file; `everywhere` asks the whole library."""

    page_port: int
    page: str
    port: int
    search: str
    titles: str
    everywhere: str = ""


def measure(home: Path) -> Iterator[Figure]:
    """All figures of this block."""
    words = _words()
    with tempfile.TemporaryDirectory() as folder:
        file = _made(Path(folder) / "bench.zim", words)
        manifest, gathered = _shelved(home, file)
        kept = sum(path.stat().st_size for path in (home / ZIM_FOLDER).iterdir())
        yield Figure("pages whose words were gathered", gathered, "a second")
        yield Figure("room that their words take, each", kept / PAGES / 1_000, "kB")
        with _kiwix(file) as process:
            theirs = _theirs(process[1]) if process else None
            if theirs is None:
                yield Figure(f"{PEER} is not installed: no row is against it", 0, "")
            with served(home, "--workers", "2") as hub:
                yield from _beside(_ours(hub, manifest), theirs, words)
                yield Figure("memory after all of it, two processes", memory_mb(hub), "MB", most=MEMORY_MOST_MB)
            if process:
                died = process[0].poll() is not None
                yield Figure(f"{PEER} ended while 16 were typing (1) or went on (0)", float(died), "")


def _beside(ours: Side, theirs: Side | None, words: list[str]) -> Iterator[Figure]:
    """Pages and searches of both in turns; typing ahead comes last, since the peer may not live through it."""
    anywhere = [f"p{number}" for number in range(PAGES)]
    for clients in CLIENTS:
        for name, paths in (("anywhere", anywhere), ("always the same", anywhere[:1])):
            rates = [_rate(side.page_port, side.page, paths, clients) for side in (ours, theirs) if side]
            yield from _against(f"{clients} readers, pages {name}", rates, PAGES_LEAST)
    asked = [words[number] for number in ASKED]
    yield from _searching(ours, theirs, asked)
    typed = [word[:length] for word in asked for length in (2, 3, 4)]
    yield Figure("16 typing ahead, titles offered", _rate(ours.port, ours.titles, typed, 16), "a second")
    if theirs:
        yield Figure(f"the same of {PEER}, until it ended", _rate(theirs.port, theirs.titles, typed, 16), "a second")


def _searching(ours: Side, theirs: Side | None, asked: list[str]) -> Iterator[Figure]:
    """New questions within the file, as the peer is asked; the same through the whole library; one asked again.

    Both have answered some before, so that what either does for the first time only is not counted.
    """
    for side in (ours, theirs):
        if side:
            _rate(side.port, side.search, asked, 16)
    for clients, least in ((1, None), (16, SEARCHES_LEAST)):
        rates = [_rate(side.port, side.search, asked, clients) for side in (ours, theirs) if side]
        yield from _against(f"{clients} searching, {HITS} hits with snippets", rates, least)
        whole = [_rate(ours.port, ours.everywhere, asked, clients), *rates[1:]]
        yield from _against(f"{clients} searching the whole library, the file in it", whole, None)
    rates = [_rate(side.port, side.search, asked[:1], 16) for side in (ours, theirs) if side]
    yield from _against("16 asking one thing again and again", rates, None)


def _against(name: str, rates: list[float], least: float | None) -> Iterator[Figure]:
    yield Figure(name, rates[0], "a second")
    if len(rates) > 1:
        yield Figure(f"the same of {PEER}", rates[1], "a second")
        yield Figure("against it", rates[0] / rates[1], "times", least=least)


def _rate(port: int, address: str, parts: list[str], clients: int) -> float:
    """Answers a second; a server that hangs up gave as many as it gave."""
    shares = [(port, address, parts, clients // PROCESSES or 1, seed) for seed in range(min(PROCESSES, clients))]
    with multiprocessing.Pool(PROCESSES) as pool:
        return sum(pool.starmap(_answered, shares)) / SECONDS


def _answered(port: int, address: str, parts: list[str], clients: int, seed: int) -> int:
    chance, counted = random.Random(seed), itertools.count()
    asked = 0

    def requests() -> Requests:
        nonlocal asked
        while True:
            path = address + quote(chance.choice(parts))
            asked = next(counted)
            yield f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{HEADERS}\r\n".encode()

    try:
        return len(waits(port, [requests() for _ in range(clients)], SECONDS))
    except (AssertionError, OSError):
        return max(0, asked - clients)


def _ours(hub: Served, manifest: Manifest) -> Side:
    top = f"/{manifest.id}/{manifest.digest[:MARK_CHARS]}/archive.zim/"
    search, titles = f"/learn/{manifest.id}/item/search/?q=", f"/library/suggest/{manifest.id}/item?q="
    return Side(hub.content_port, top, hub.port, search, titles, "/library/?q=")


def _theirs(port: int) -> Side:
    search = f"/search?content=bench&pageLength={HITS}&pattern="
    return Side(port, "/bench/A/", port, search, "/suggest?content=bench&term=")


def _shelved(home: Path, file: Path) -> tuple[Manifest, float]:
    """Put the file on the shelf and gather its words: its manifest, and pages a second."""
    node = open_node(home, load(home, {}, {}))
    added = library.add(node, source=file)
    began, worker = time.monotonic(), Worker(node)
    while worker.step():
        pass
    rate = PAGES / (time.monotonic() - began)
    manifest = library.package(node, added.package)
    node.close()
    return manifest, rate


def _made(to: Path, words: list[str]) -> Path:
    """A file whose words are as unequal as those of a language."""
    weights = list(itertools.accumulate(1 / (place + 1) for place in range(WORDS)))
    chance = random.Random(7)

    def pages() -> Iterator[tuple[str, Entry]]:
        for number in range(PAGES):
            text = chance.choices(words, cum_weights=weights, k=LENGTH)
            title = " ".join(text[:3])
            parts = (" ".join(text[start : start + 100]) for start in range(0, LENGTH, 100))
            body = "".join(f'<p>{part} <a href="p{chance.randrange(PAGES)}">{part[:9]}</a></p>' for part in parts)
            yield f"p{number}", Entry(title, f"<!doctype html><title>{title}</title><h1>{title}</h1>{body}")

    zims.fill(to, pages(), main="p0", has_words=True, redirects={}, metadata={**zims.METADATA, "Name": "bench"})
    return to


def _words() -> list[str]:
    chance = random.Random(11)
    syllables = [one + other for one in "bdfgklmnprstvz" for other in "aeiou"]
    return ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(WORDS)]


@contextmanager
def _kiwix(file: Path) -> Iterator[tuple[subprocess.Popen[bytes], int] | None]:
    """The peer over the same file, and its port; None where it is not installed."""
    program = shutil.which(PEER)
    if program is None:
        yield None
        return
    port = free_port()
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([program, "-p", str(port), "-i", "127.0.0.1", "-t", "4", str(file)], **quiet)
    try:
        _wait_up(port)
        yield process, port
    finally:
        process.kill()
        process.wait()


def _wait_up(port: int) -> None:
    end = time.monotonic() + UP_S
    while time.monotonic() < end:
        if _answered(port, "/bench/A/", ["p0"], 1, 0):
            return
        time.sleep(0.1)
    raise TimeoutError(f"{PEER} did not come up")
