"""One table over every door that sends files: ranges, conditions and marks as RFC 9110 and 9111 have them."""

import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.package import Manifest
from hub import fetched, library, seeing
from hub.node import Node
from hub.web import files, static_files
from tests.fixtures import engines, packages, zims
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.SHELF)
FILM_BYTES = 300_000
"""More than is read whole, so that the server's own sender has a part in it."""
WORDS = "<p>Boil the water before you drink it.</p>" * 40
"""Enough to be packed."""

Answer = tuple[int, http.client.HTTPMessage, bytes]


@dataclass(frozen=True)
class Doors:
    """Addresses of files by the name of their door, and how they are asked."""

    addresses: dict[str, str]
    ask: Callable[..., Answer]


@pytest.fixture
def doors(node: Node, cast: Cast, served: Served, tmp_path: Path) -> Iterator[Doors]:
    """A film with captions, pages on the second origin, downloads, a page of a ZIM file, and a player's file."""
    addresses = _addresses(node, served, tmp_path)
    lines: dict[str, http.client.HTTPConnection] = {}
    cookie = cast.client("learner").get_cookie("mangrove")
    assert cookie is not None

    def ask(name: str, method: str = "GET", **headers: str) -> Answer:
        parts = urlsplit(addresses[name])
        line = lines.setdefault(parts.netloc, http.client.HTTPConnection(parts.netloc))
        told = {key.replace("_", "-"): text for key, text in headers.items()}
        line.request(method, parts.path, headers={"Cookie": f"mangrove={cookie.value}", **told})
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read()

    yield Doors(addresses, ask)
    for line in lines.values():
        line.close()


def _addresses(node: Node, served: Served, folder: Path) -> dict[str, str]:
    def shelved(source: Path) -> Manifest:
        return library.package(node, library.add(node, source=source).package)

    (folder / "film.en.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n" + "\nNOTE water\n" * 60)
    film = shelved(packages.mp4(folder / "film.mp4", data_bytes=FILM_BYTES))
    page = shelved(packages.page_zip(folder / "a.zip", more__html=WORDS))
    zim = shelved(zims.zim(folder / "village.zim"))
    elsewhere = served.content_url
    inside = f"{elsewhere}/{zim.id}/{seeing.mark(node, zim)}/archive.zim/"
    player = fetched.player("scorm-again")
    assert player is not None
    return {
        "film": served.url + files.media_address(film, "film.mp4"),
        "captions": served.url + files.media_address(film, "film.en.vtt"),
        "page elsewhere": f"{elsewhere}/{page.id}/{seeing.mark(node, page)}/more.html",
        "film elsewhere": f"{elsewhere}/{film.id}/{seeing.mark(node, film)}/film.mp4",
        "download": f"{served.url}/library/{film.id}/download/",
        "packed download": f"{served.url}/library/{page.id}/download/",
        "player": elsewhere + player.address(next(iter(player.files))),
        "page of a ZIM": f"{inside}look.css",
        "film of a ZIM": f"{inside}film.webm",
    }


def _spans(size: int) -> dict[str, tuple[int, int]]:
    """Ranges that are asked for, and the bytes from and up to which they lead."""
    return {
        "bytes=0-": (0, size),
        "bytes=0-0": (0, 1),
        "bytes=10-20": (10, 21),
        "Bytes= 3-7 ": (3, 8),
        "bytes=-5": (size - 5, size),
        "bytes=-999999999": (0, size),
        f"bytes={size - 1}-999999999": (size - 1, size),
    }


NO_RANGES = ("bytes=5-2", "bytes=-", "bytes=a-b", "bytes=0-1,5-9", "lines=0-5", "bytes=0 - 5", "bytes=\u0663-", "bytes")


def test_every_door_keeps_the_same_rules(doors: Doors) -> None:
    """A part is exactly what was asked, under the conditions that the standard has, and never packed."""
    for name in doors.addresses:
        status, headers, whole = doors.ask(name)
        assert (name, status, headers["Accept-Ranges"]) == (name, 200, "bytes")
        assert "immutable" in headers["Cache-Control"] or (
            name.endswith("download") and "no-cache" in headers["Cache-Control"]
        )
        tag, size = headers["ETag"], len(whole)
        assert tag.startswith('"') and headers["Content-Length"] == str(size)
        for asked, (start, end) in _spans(size).items():
            status, part, body = doors.ask(name, Range=asked, Accept_Encoding="gzip")
            assert (name, asked, status, body == whole[start:end]) == (name, asked, 206, True)
            assert part["Content-Range"] == f"bytes {start}-{end - 1}/{size}" and part["ETag"] == tag
            assert "Content-Encoding" not in part and part["Vary"] == headers["Vary"], name
        for asked in NO_RANGES:
            status, _, body = doors.ask(name, Range=asked.encode().decode("latin-1"))
            assert (name, asked, status, body == whole) == (name, asked, 200, True)
        for asked in (f"bytes={size}-", "bytes=-0"):
            status, part, body = doors.ask(name, Range=asked)
            assert (name, status, part["Content-Range"], body) == (name, 416, f"bytes */{size}", b"")
        _keeps_conditions(doors, name, tag, whole)


def _keeps_conditions(doors: Doors, name: str, tag: str, whole: bytes) -> None:
    for condition, status in ((tag, 206), ('"old"', 200), (f"W/{tag}", 200), ("Mon, 24 Nov 2025 10:00:00 GMT", 200)):
        found = doors.ask(name, Range="bytes=1-4", If_Range=condition)
        assert (name, condition, found[0], found[2]) == (
            name,
            condition,
            status,
            whole[1:5] if status == 206 else whole,
        )
    for condition in (tag, f"W/{tag}", f'"old", {tag}', "*"):
        status, headers, body = doors.ask(name, If_None_Match=condition, Range="bytes=1-4")
        assert (name, condition, status, headers["ETag"], body) == (name, condition, 304, tag, b"")
    assert (name, doors.ask(name, If_None_Match='"old"')[0]) == (name, 200)
    status, headers, body = doors.ask(name, "HEAD", Range="bytes=1-4")
    assert (name, status, headers["Content-Length"], headers["ETag"], body) == (name, 200, str(len(whole)), tag, b"")


@pytest.mark.parametrize("name", ["captions", "page elsewhere", "page of a ZIM"])
def test_a_packed_answer_has_a_mark_of_its_own(doors: Doors, name: str) -> None:
    """Words go packed to whoever takes them so; such a mark begins no part, since the bytes are others."""
    _, plain, whole = doors.ask(name)
    _, headers, packed = doors.ask(name, Accept_Encoding="gzip")
    assert (headers["Content-Encoding"], len(packed) < len(whole)) == ("gzip", True)
    assert headers["ETag"] == f"W/{plain['ETag']}"
    assert "Accept-Encoding" in headers["Vary"] and "Accept-Encoding" in plain["Vary"]
    assert doors.ask(name, Accept_Encoding="gzip", If_None_Match=headers["ETag"])[0] == 304
    assert doors.ask(name, Accept_Encoding="gzip", Range="bytes=1-4", If_Range=headers["ETag"])[0] == 200
    assert "Content-Encoding" not in doors.ask(name, Accept_Encoding="gzip;q=0")[1]


def test_static_files_have_a_mark_for_each_way_of_packing(served: Served) -> None:
    """They are kept for good; whoever asks all the same is told that nothing changed."""
    line = http.client.HTTPConnection(urlsplit(served.url).netloc)
    address = static_files.Assets().address("site.css")
    marks = set()
    for way in ("gzip", "identity"):
        line.request("GET", address, headers={"Accept-Encoding": way})
        answer = line.getresponse()
        answer.read()
        marks.add(answer.headers["ETag"])
        line.request("GET", address, headers={"Accept-Encoding": way, "If-None-Match": answer.headers["ETag"]})
        again = line.getresponse()
        assert (again.status, again.read(), "Accept-Encoding" in again.headers["Vary"]) == (304, b"", True)
    line.close()
    assert len(marks) == 2


def test_what_is_cut_anywhere_joins_to_the_same_bytes(doors: Doors) -> None:
    """However a downloader divides a film."""
    whole = doors.ask("film")[2]

    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.integers(1, len(whole) - 1), max_size=5, unique=True))
    def joins(cuts: list[int]) -> None:
        edges = [0, *sorted(cuts), len(whole)]
        parts = [
            doors.ask("film", Range=f"bytes={start}-{end - 1}")[2] for start, end in zip(edges, edges[1:], strict=False)
        ]
        assert b"".join(parts) == whole

    joins()
