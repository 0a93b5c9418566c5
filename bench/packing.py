"""What packing spares and costs: bytes of each way, and its time against gzip in the same run."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.figure import Figure
from bench.hub import Browser, served
from hub.web.packing import FOR_KEEPING, QUICKLY, WAYS, Pack
from hub.web.static_files import Assets

PAGES = ("/", "/library/", "/learn/safe-water.en/clear-is-not-safe/")
FILES = ("site.css", "site.js", "icons.svg", "pictures.svg")
ROUNDS = 200


def measure(home: Path) -> Iterator[Figure]:
    """All figures of this block."""
    with served(home) as hub:
        browser = Browser(hub.port)
        browser.look_as("child")
        pages = [browser.ask(path)[0].encode() for path in PAGES]
    yield Figure("three pages as they are", _sum(pages), "bytes")
    for way in WAYS:
        yield Figure(f"three pages, {way}", _sum(map(QUICKLY[way], pages)), "bytes")
    for way in WAYS:
        yield Figure(f"time for a page, {way} against gzip", _cost(QUICKLY[way], pages), "times")
    assets = Assets()
    files = [asset.body for name in FILES if (asset := assets.find(name))]
    yield Figure("style, script and drawings as they are", _sum(files), "bytes")
    for way in WAYS:
        yield Figure(f"style, script and drawings, {way}", _sum(map(FOR_KEEPING[way], files)), "bytes")


def _sum(bodies: Iterable[bytes]) -> float:
    return float(sum(map(len, bodies)))


def _cost(pack: Pack, pages: list[bytes]) -> float:
    return _time(pack, pages) / _time(QUICKLY["gzip"], pages)


def _time(pack: Pack, pages: list[bytes]) -> float:
    began = time.perf_counter()
    for _ in range(ROUNDS):
        for page in pages:
            pack(page)
    return time.perf_counter() - began
