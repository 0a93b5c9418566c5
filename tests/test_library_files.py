"""Files over real HTTP: ranges, entity tags, types, and what may not be had."""

import http.client
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

FILM_BYTES = 700_000

Answer = tuple[int, http.client.HTTPMessage, bytes]
Ask = Callable[..., Answer]


@pytest.fixture
def film(node: Node, cast: Cast, tmp_path: Path) -> Manifest:
    """A film of 700 kB on the shelf; every byte of its data says where it stands."""
    place = packages.mp4(tmp_path / "film.mp4", data_bytes=0)
    head = place.read_bytes()[:-8]
    body = bytes(number % 251 for number in range(FILM_BYTES - len(head) - 8))
    place.write_bytes(head + packages.box(b"mdat", body))
    (tmp_path / "film.fr.vtt").write_text("WEBVTT\n")
    return library.package(node, library.add(node, source=place).package)


@pytest.fixture
def whole(node: Node, film: Manifest) -> bytes:
    """The film's bytes."""
    return node.shelf.read(film, "film.mp4")


@pytest.fixture
def ask(served: Served) -> Iterator[Ask]:
    """A function that asks the served hub for an address, on one kept connection."""
    connection = http.client.HTTPConnection(urlsplit(served.url).netloc)

    def ask(address: str, method: str = "GET", **headers: str) -> Answer:
        connection.request(method, address, headers={name.replace("_", "-"): text for name, text in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    yield ask
    connection.close()


RANGES = [
    ("bytes=0-", (0, FILM_BYTES)),
    ("bytes=0-99", (0, 100)),
    ("bytes=699900-", (699_900, FILM_BYTES)),
    ("bytes=-100", (699_900, FILM_BYTES)),
    ("bytes=-9999999", (0, FILM_BYTES)),
    ("bytes=100-400100", (100, 400_101)),
    ("bytes=699999-99999999", (699_999, FILM_BYTES)),
]
NO_RANGES = ["bytes=5-2", "bytes=-", "bytes=a-b", "bytes=0-1,5-9", "lines=0-5", "bytes", "bytes=1e3-", "bytes=0-0-0"]


def test_a_range_is_exactly_what_was_asked(ask: Ask, film: Manifest, whole: bytes) -> None:
    """206, the right bytes, their place and their number; the connection goes on."""
    for asked, span in RANGES * 2:
        status, headers, body = ask(files.media_address(film, "film.mp4"), Range=asked)
        assert (asked, status, body == whole[slice(*span)]) == (asked, 206, True)
        assert headers["Content-Range"] == f"bytes {span[0]}-{span[1] - 1}/{FILM_BYTES}"
        assert headers["Content-Length"] == str(span[1] - span[0])


def test_nonsense_means_the_whole_file(ask: Ask, film: Manifest, whole: bytes) -> None:
    """As RFC 9110 has it: a range that cannot be read is no range."""
    for asked in NO_RANGES:
        status, headers, body = ask(files.media_address(film, "film.mp4"), Range=asked)
        assert (asked, status, body == whole) == (asked, 200, True)
        assert headers["Accept-Ranges"] == "bytes"


def test_a_range_outside_is_416(ask: Ask, film: Manifest) -> None:
    """With the length, so that a downloader knows it has everything."""
    for asked in ("bytes=700000-", "bytes=9999999-", "bytes=-0"):
        status, headers, body = ask(files.media_address(film, "film.mp4"), Range=asked)
        assert (status, headers["Content-Range"], body) == (416, f"bytes */{FILM_BYTES}", b"")


def test_a_condition_on_a_range_holds(ask: Ask, film: Manifest) -> None:
    """If-Range with our tag gives the range; with another, or a date, the whole new file."""
    address, tag = files.media_address(film, "film.mp4"), f'"{film.files["film.mp4"].sha256}"'
    assert ask(address, Range="bytes=0-9", If_Range=tag)[0] == 206
    for other in ('"old"', f"W/{tag}", "Mon, 24 Nov 2025 10:00:00 GMT"):
        assert ask(address, Range="bytes=0-9", If_Range=other)[0] == 200


def test_the_tag_is_the_hash_and_the_copy_is_kept(ask: Ask, film: Manifest) -> None:
    """A browser that has it asks no more; one that asks gets 304."""
    address, sha256 = files.media_address(film, "film.mp4"), film.files["film.mp4"].sha256
    status, headers, _ = ask(address)
    assert (status, headers["ETag"]) == (200, f'"{sha256}"')
    assert "immutable" in headers["Cache-Control"]
    assert ask(address, If_None_Match=f'"{sha256}"')[0] == 304
    assert ask(address, If_None_Match='"other"')[0] == 200


def test_head_tells_all_but_the_bytes(ask: Ask, film: Manifest) -> None:
    """The same headers, the same connection, no body; ranges are for GET alone (RFC 9110, 14.2)."""
    for asked in ({}, {"Range": "bytes=0-99"}):
        status, headers, body = ask(files.media_address(film, "film.mp4"), "HEAD", **asked)
        assert (status, headers["Content-Length"], body) == (200, "700000", b"")
    assert ask("/healthz")[0] == 200


def test_types_are_ours_and_never_guessed(ask: Ask, node: Node, film: Manifest, tmp_path: Path) -> None:
    """By our own table, with nosniff; a drawing that is opened by itself can do nothing."""
    well = library.package(node, library.add(node, source=packages.folder(tmp_path / "well")).package)
    for manifest, path, kind in (
        (film, "film.mp4", "video/mp4"),
        (film, "film.fr.vtt", "text/vtt; charset=utf-8"),
        (well, "well.svg", "image/svg+xml"),
    ):
        status, headers, _ = ask(files.media_address(manifest, path))
        assert (status, headers["Content-Type"], headers["X-Content-Type-Options"]) == (200, kind, "nosniff")
    assert "sandbox" in headers["Content-Security-Policy"]


def test_a_page_from_elsewhere_is_not_served_beside_our_pages(ask: Ask, cast: Cast, node: Node, tmp_path: Path) -> None:
    """HTML and scripts of packages have their own origin, and only there."""
    page = library.package(node, library.add(node, source=packages.page_zip(tmp_path / "a.zip", a__js="1")).package)
    for path in ("index.html", "a.js"):
        assert ask(files.media_address(page, path))[0] == 404


def test_only_files_of_the_package_are_had(ask: Ask, film: Manifest) -> None:
    """The address must name package, hash and path as they are."""
    sha256 = film.files["film.mp4"].sha256
    for address in (
        f"/library/{film.id}/files/{sha256}/other.mp4",
        f"/library/{film.id}/files/{'0' * 64}/film.mp4",
        f"/library/{film.id}/files/{sha256}/../../../mangrove.db",
        f"/library/{film.id}/files/{sha256}/%2e%2e/%2e%2e/mangrove.db",
        f"/library/other/files/{sha256}/film.mp4",
    ):
        assert (address, ask(address)[0]) == (address, 404)


def test_a_file_that_is_gone_from_the_disk_is_a_fault_of_ours(ask: Ask, node: Node, film: Manifest) -> None:
    """A rotten card is nothing that the reader asked for wrongly."""
    node.shelf.blob_path(film.files["film.mp4"].sha256).unlink()
    assert ask(files.media_address(film, "film.mp4"))[0] == 500


def test_a_packed_package_can_be_fetched_in_parts(ask: Ask, node: Node, cast: Cast, tmp_path: Path) -> None:
    """An interrupted download of a book goes on where it stopped."""
    book = library.add(node, source=packages.epub(tmp_path / "goat.epub")).package
    address = f"/library/{book}/download/"
    _, headers, data = ask(address)
    status, _, rest = ask(address, Range=f"bytes={len(data) // 2}-", If_Range=headers["ETag"])
    assert (status, data[: len(data) // 2] + rest) == (206, data)
    assert ask(address, "HEAD")[1]["Content-Length"] == str(len(data))
