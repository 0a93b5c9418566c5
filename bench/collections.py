"""What a collection costs on the line: an edition with one page in twenty edited, a film that is cut a hundred times.

A proxy between two real hubs counts every byte of both directions, heads and all. Pages are made of words in a
skewed spread, as in any language; the film cannot be packed.
"""

import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.figure import Figure
from bench.nodes import opened, served
from content.chunks import CHUNK_BYTES
from hub import library
from hub.collections import fetch, own
from hub.node import Node
from tests.fixtures import offering, tide
from tests.fixtures.proxy import Proxy

PACKAGES, PAGES = 5, 1000
PAGE_BYTES = 11_400
WORDS = 6000
EDITED = 20
"""One page in so many is edited, by a paragraph."""
PERCENT_MOST = 3
CUTS = 100
FILM_BYTES = 24 * CHUNK_BYTES


def measure() -> Iterator[Figure]:
    """All figures of this block."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        place = Path(folder)
        hub = stack.enter_context(opened(place / "hub"))
        region = stack.enter_context(opened(place / "region", role="region"))
        url = stack.enter_context(served(region))
        tide.joined(hub, region, url)
        proxy = Proxy(int(url.rpartition(":")[2]))
        stack.callback(proxy.close)
        offering.through(hub, proxy.url)
        yield from _update(hub, region, proxy, place)
        yield from _cuts(hub, region, proxy, place)


def _update(hub: Node, region: Node, proxy: Proxy, place: Path) -> Iterator[Figure]:
    vocabulary = [_word(random.Random(number)) for number in range(WORDS)]
    ids = [_put(region, place / f"book{number}", vocabulary, number, 1) for number in range(PACKAGES)]
    collection = own.publish(region, own.make(region, title="Encyclopaedia", packages=ids).id).id
    offering.take(hub, collection)
    offering.go(hub)
    whole = sum(manifest.size_bytes for manifest in region.shelf.list())
    assert offering.digests(hub) == offering.digests(region)
    yield Figure("a collection of 5,000 pages", whole / 1e6, "MB")
    yield Figure("its first fetch, all bytes, of its size", 100 * (proxy.up + proxy.down) / whole, "percent")
    proxy.reset()
    for number in range(PACKAGES):
        _put(region, place / f"book{number}", vocabulary, number, 2)
    own.publish(region, collection)
    fetch.look(hub)
    offering.go(hub)
    assert offering.digests(hub) == offering.digests(region)
    moved = proxy.up + proxy.down
    yield Figure("one page in twenty edited, all bytes, of its size", 100 * moved / whole, "percent", most=PERCENT_MOST)
    yield Figure("the same", moved / 1e6, "MB")
    proxy.reset()
    fetch.look(hub)
    yield Figure("no news, all bytes", proxy.up + proxy.down, "bytes")


def _cuts(hub: Node, region: Node, proxy: Proxy, place: Path) -> Iterator[Figure]:
    film = library.add(region, source=offering.film(place / "film.mp4", size=FILM_BYTES)).package
    collection = own.publish(region, own.make(region, title="Film", packages=[film]).id).id
    offering.take(hub, collection)
    chance = random.Random(7)
    proxy.reset()
    proxy._cut_after = lambda: chance.randrange(1, 400_000) if proxy.cuts < CUTS else None
    while film not in offering.digests(hub):
        offering.go(hub)
    twice = proxy.up + proxy.down - FILM_BYTES
    assert proxy.cuts == CUTS and not hub.shelf.verify()
    yield Figure("a film cut a hundred times, bytes beside it for each cut", twice / CUTS, "bytes", most=CHUNK_BYTES)


def _put(region: Node, folder: Path, vocabulary: list[str], number: int, version: int) -> str:
    """Put a book of pages on the shelf: of version 2, one page in twenty has another paragraph."""
    folder.mkdir(exist_ok=True)
    chance = random.Random(number)
    for page in range(PAGES):
        words = [vocabulary[min(int(chance.paretovariate(0.6)) - 1, WORDS - 1)] for _ in range(PAGE_BYTES // 7)]
        text = " ".join(words)[:PAGE_BYTES]
        if version == 2 and page % EDITED == 0:
            text = " ".join(reversed(words[:60])) + "\n\n" + text
        (folder / f"p{page}.html").write_text(f"<title>Page {page}</title><p>{text}</p>\n", encoding="utf-8")
    head = (
        f'id = "book{number}"\nwork = "book{number}"\nversion = {version}\ntitle = "Book {number}"\nlanguage = "en"\n'
    )
    item = '[[item]]\nid = "book"\nkind = "html5"\ntitle = "Read"\npath = "p0.html"\n'
    (folder / "package.toml").write_text(f"{head}\n{item}", encoding="utf-8")
    return library.add(region, source=folder).package


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("etaoinshrdlucmfw") for _ in range(chance.randrange(2, 11)))
