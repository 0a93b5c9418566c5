"""The same 20,000 things looked for here and in Kolibri, each through its own pages' HTTP, one after the other."""

import dataclasses
import http.client
import json
import random
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from bench import kolibri
from bench.figure import Figure
from bench.hub import served
from bench.search import LENGTH, WORDS, word
from content.catalogue import Catalogue
from content.fulltext import Passage
from content.shelf import Shelf

THINGS = 20_000
PACKAGES = 40
ASKED = 30
LEAST_TIMES = 5.0
Thing = tuple[str, str]
"""Title and text."""
_NODE = {
    "license_owner": "",
    "author": "",
    "kind": "document",
    "available": 1,
    "lft": 1,
    "rght": 2,
    "tree_id": 1,
    "level": 1,
    "coach_content": 0,
    "options": "{}",
    "ancestors": "[]",
}
"""What a row of Kolibri's own table must say besides."""


def measure(home: Path) -> Iterator[Figure]:
    """Searches a second here, there, and how many times more."""
    if not kolibri.is_here():
        yield Figure("Kolibri is not installed here: nothing is compared", 0, "")
        return
    chance = random.Random(11)
    words = [word(chance) for _ in range(WORDS)]
    weights = [1 / (place + 1) for place in range(WORDS)]
    texts = [chance.choices(words, weights, k=LENGTH) for _ in range(THINGS)]
    things = [(" ".join(each[:3]), " ".join(each)) for each in texts]
    asked = [words[chance.randrange(3_000)] for _ in range(ASKED)]
    ours = _ours(home, things, asked)
    theirs = _theirs(things, asked)
    yield Figure("searches of our page, with what may be chosen", ours, "a second")
    yield Figure("searches of Kolibri's, of its own database", theirs, "a second")
    yield Figure("searches, against Kolibri", ours / theirs, "times", least=LEAST_TIMES)


def _ours(home: Path, things: Sequence[Thing], asked: Sequence[str]) -> float:
    """Of the page for people. What is looked for stands in the catalogue alone, and goes at the hub's next start."""
    like = Shelf(home / "blobs").list()[0]
    with served(home) as hub, closing(Catalogue(home / "catalogue.db")) as catalogue:
        each = len(things) // PACKAGES
        for number in range(PACKAGES):
            part = things[number * each : (number + 1) * each]
            found = [Passage(f"i{place}", f"{place}.md", *thing) for place, thing in enumerate(part)]
            catalogue.add(dataclasses.replace(like, id=f"package-{number}"), found)
        return _rate(hub.port, "/library/?q={}", asked)


def _theirs(things: Sequence[Thing], asked: Sequence[str]) -> float:
    """Of the search that Kolibri's own pages ask."""
    with tempfile.TemporaryDirectory() as folder, kolibri.serving(Path(folder)) as port:
        channel = uuid.uuid4().hex
        rows = [
            {**_NODE, "id": uuid.uuid4().hex, "content_id": uuid.uuid4().hex, "title": title, "description": text}
            for title, text in things
        ]
        with closing(sqlite3.connect(Path(folder) / "db.sqlite3", timeout=60)) as database:
            names = [*rows[0], "channel_id"]
            into = f"INSERT INTO content_contentnode ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
            database.executemany(into, [[*row.values(), channel] for row in rows])
            database.commit()
        found = json.loads(_get(port, f"{_SEARCH.format(asked[0])}"))
        assert found["results"], "Kolibri finds what was put in"
        return _rate(port, _SEARCH, asked)


_SEARCH = "/api/content/contentnode_search/?max_results=30&search={}"


def _rate(port: int, address: str, asked: Sequence[str]) -> float:
    _get(port, address.format(quote(asked[0])))
    began = time.monotonic()
    for each in asked:
        _get(port, address.format(quote(each)))
    return len(asked) / (time.monotonic() - began)


def _get(port: int, address: str) -> bytes:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    line.request("GET", address)
    answer = line.getresponse()
    body = answer.read()
    line.close()
    assert answer.status == http.client.OK, (address, answer.status, body[:200])
    return body
