"""Files are handed over by the system itself: byte for byte, over any line, and never for ever."""

import hashlib
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from content.package import Manifest
from hub import library
from hub.node import Node
from hub.sending import Line, Piece
from hub.web import files
from tests.fixtures import engines, packages
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.SHELF)

FILM_BYTES = 3_000_000
PATIENCE_S = 30.0

Ask = Callable[..., socket.socket]


@pytest.fixture
def film(node: Node, cast: Cast, tmp_path: Path) -> Manifest:
    """A film that no two pieces of are alike."""
    place = packages.mp4(tmp_path / "film.mp4", data_bytes=0)
    place.write_bytes(place.read_bytes()[:-8] + packages.box(b"mdat", os.urandom(FILM_BYTES)))
    return library.package(node, library.add(node, source=place).package)


@pytest.fixture
def ask(served: Served, film: Manifest) -> Ask:
    """A function that asks for the film, in one piece or as the headers say."""

    def ask(*headers: str, version: str = "1.0") -> socket.socket:
        host, port = urlsplit(served.url).netloc.split(":")
        line = socket.create_connection((host, int(port)), timeout=PATIENCE_S)
        head = (f"GET {files.media_address(film, 'film.mp4')} HTTP/{version}", f"Host: {host}:{port}", *headers)
        line.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
        return line

    return ask


def _rest(line: socket.socket) -> bytes:
    """All that comes until the server hangs up, without the headers."""
    with line:
        return b"".join(iter(lambda: line.recv(65_536), b"")).partition(b"\r\n\r\n")[2]


def test_a_film_comes_whole_to_many_at_once(ask: Ask, film: Manifest) -> None:
    """Six at once, each its own way through the file."""
    found: list[str] = []

    def read() -> None:
        found.append(hashlib.sha256(_rest(ask())).hexdigest())

    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert found == [film.files["film.mp4"].sha256] * 6


def test_several_ranges_over_one_line(ask: Ask, film: Manifest, node: Node) -> None:
    """Asked at once, answered in their order, each to its byte."""
    whole = node.shelf.blob_path(film.files["film.mp4"].sha256).read_bytes()
    with ask("Range: bytes=0-699999", version="1.1") as line:
        again = f"GET {files.media_address(film, 'film.mp4')} HTTP/1.1\r\nHost: x\r\n"
        more = ("bytes=900000-1699999\r\n\r\n", "bytes=-5\r\nConnection: close\r\n\r\n")
        line.sendall("".join(f"{again}Range: {each}" for each in more).encode())
        said = b"".join(iter(lambda: line.recv(65_536), b""))
    first, second, third = (part.partition(b"\r\n\r\n")[2] for part in said.split(b"HTTP/1.1 206 ")[1:])
    assert (first, second, third) == (whole[:700_000], whole[900_000:1_700_000], whole[-5:])


def test_a_file_that_grew_shorter_ends_the_line(ask: Ask, film: Manifest, node: Node) -> None:
    """A card that lost the end of a film: the reader hears it, and the hub does not try for ever."""
    os.truncate(node.shelf.blob_path(film.files["film.mp4"].sha256), 100)
    assert len(_rest(ask(version="1.1"))) == 100


def test_a_line_sends_pieces_and_bytes(tmp_path: Path) -> None:
    """Each as it is; a piece of nothing is a mistake."""
    place = tmp_path / "words"
    place.write_bytes(b"boil the water")
    left, right = socket.socketpair()
    with Line(left.family, left.type, left.proto, left.detach()) as line, right, place.open("rb") as file:
        assert line.send(b"first, ") == 7
        assert line.send(Piece(file.fileno(), 5, 3)) == 3
        assert right.recv(100) == b"first, the"
        with pytest.raises(OSError):
            line.send(Piece(file.fileno(), 14, 3))
