"""Learners who watch films over slow phones keep nobody waiting, and nothing is spooled to the disk."""

import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from content.package import Manifest
from hub import library
from hub.node import Node
from hub.web import files
from tests.fixtures import engines, packages
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.SHELF)

FILM_BYTES = 24 * 1024 * 1024
"""More than sockets, kernel and server together would swallow of one answer."""
TAKEN_BYTES = 8 * 1024
"""What a slow reader has taken when it stops for a while."""
LET_GO_S = 30.0
"""How long the server may hold a film after its last reader has gone."""

Watch = Callable[[], tuple[socket.socket, int]]
"""Begins to watch; returns the connection and how many bytes of the film came with the first piece."""


@pytest.fixture
def film(node: Node, cast: Cast, tmp_path: Path) -> Manifest:
    """A long film on the shelf."""
    place = packages.mp4(tmp_path / "film.mp4", data_bytes=FILM_BYTES)
    return library.package(node, library.add(node, source=place).package)


@pytest.fixture
def watch(served: Served, film: Manifest, node: Node) -> Iterator[Watch]:
    """A function that begins to watch the film as a browser does, and then stops reading.

    At the end the server has let go of every film, since nobody listens any more.
    """
    host, port = urlsplit(served.url).netloc.split(":")
    asked = (
        f"GET {files.media_address(film, 'film.mp4')} HTTP/1.1\r\nHost: {host}:{port}\r\nRange: bytes=0-\r\n"
        "Connection: close\r\n\r\n"
    ).encode()
    readers: list[socket.socket] = []

    def watch() -> tuple[socket.socket, int]:
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, TAKEN_BYTES)
        reader.connect((host, int(port)))
        reader.sendall(asked)
        readers.append(reader)
        head, _, begun = reader.recv(TAKEN_BYTES).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 206")
        return reader, len(begun)

    yield watch
    for reader in readers:
        reader.close()
    end = time.monotonic() + LET_GO_S
    while _blob(node, film) in _open_files():
        assert time.monotonic() < end, "the server holds a film that nobody watches"
        _get(f"{served.url}/healthz")


@pytest.mark.parametrize("count", [4, 90])
def test_a_page_answers_while_films_stand_still(served: Served, watch: Watch, count: int) -> None:
    """With more films under way than there are threads, every page still comes; none of the films is over."""
    readers = [watch() for _ in range(count)]
    for path in ("/healthz", "/library/", "/library/?q=film"):
        assert _get(served.url + path) == 200
    for reader, _ in readers:
        reader.setblocking(False)
        assert len(reader.recv(TAKEN_BYTES)) > 0


def test_nothing_is_spooled_and_the_rest_still_comes(
    served: Served, watch: Watch, film: Manifest, node: Node, tmp_path: Path
) -> None:
    """The server holds the file itself, no copy of it; a reader who goes on gets the film to its last byte."""
    before = _open_files()
    readers = [watch() for _ in range(10)]
    names = _open_files() - before
    assert {name for name in names if name.startswith("/")} == {_blob(node, film)}
    reader, taken = readers[0]
    while piece := reader.recv(1 << 20):
        taken += len(piece)
    assert taken == film.files["film.mp4"].size


def _get(url: str) -> int:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return int(answer.status)


def _blob(node: Node, film: Manifest) -> str:
    return str(node.shelf.blob_path(film.files["film.mp4"].sha256))


def _open_files() -> set[str]:
    """What this process has open, by name; deleted spool files too."""
    names = set()
    for handle in Path("/proc/self/fd").iterdir():
        try:
            names.add(str(handle.readlink()))
        except FileNotFoundError:
            continue
    return names
