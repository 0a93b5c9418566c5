"""What an item's page gets to play it: sources, captions, chapters, sizes of pictures."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from hub import library
from hub.node import Node
from hub.web import files
from hub.web.players import Player, chapter_numbers, player
from tests.fixtures import engines, packages
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.sqlite(engines.SHELF)


@pytest.fixture
def asked(app: Flask) -> Iterator[None]:
    """A request under way, made to a name on the local network."""
    with app.test_request_context(base_url="http://hub.local:8080/"):
        yield


def opened(node: Node, source: Path, chapter: int = 1) -> Player:
    """The player of the first item of a package."""
    manifest = library.package(node, library.add(node, source=source).package)
    found = player(node, manifest, manifest.items[0], step=chapter)
    assert found is not None
    return found


def test_a_film_has_its_captions(asked: None, node: Node, tmp_path: Path) -> None:
    """Each with its language and an address of our own."""
    (tmp_path / "film.fr.vtt").write_text("WEBVTT\n")
    film = opened(node, packages.mp4(tmp_path / "film.mp4"))
    assert (film.kind, film.content_type) == ("video", "video/mp4")
    assert [caption.language for caption in film.captions] == ["fr"]
    assert film.captions[0].address.startswith("/library/film-")


def test_a_film_without_an_ending_is_played_all_the_same(asked: None, node: Node, tmp_path: Path) -> None:
    """The library looked into it when it came."""
    film = opened(node, packages.mp4(tmp_path / "VID"))
    assert film.content_type == "video/mp4"


@pytest.mark.parametrize(("chapter", "number"), [(1, 1), (2, 2), (0, 1), (-5, 1), (99, 2)])
def test_a_book_opens_at_the_nearest_chapter(
    asked: None, node: Node, tmp_path: Path, chapter: int, number: int
) -> None:
    """Whatever number stands in the address."""
    book = opened(node, packages.epub(tmp_path / "goat.epub"), chapter)
    assert (book.chapter, len(book.chapters)) == (number, 2)
    assert book.source.endswith(book.chapters[number - 1].path)


def test_a_chapter_is_found_by_its_path(node: Node, tmp_path: Path) -> None:
    """For a search that leads into the middle of a book."""
    manifest = library.package(node, library.add(node, source=packages.epub(tmp_path / "goat.epub")).package)
    assert chapter_numbers(node, manifest, manifest.items[0]) == {"OPS/one.xhtml": 1, "OPS/two.xhtml": 2}


def test_a_book_that_lost_its_order_opens_somewhere(asked: None, node: Node, tmp_path: Path) -> None:
    """A rotten table of contents is no blank page."""
    source = packages.epub(tmp_path / "goat.epub")
    manifest = library.package(node, library.add(node, source=source).package)
    node.shelf.blob_path(manifest.files["META-INF/container.xml"].sha256).write_bytes(b"rot")
    found = player(node, manifest, manifest.items[0])
    assert found is not None
    assert (found.chapters, found.source.endswith(manifest.items[0].path)) == ((), True)


def test_a_page_runs_on_the_other_port_of_the_same_name(asked: None, node: Node, tmp_path: Path) -> None:
    """Phones reach the hub by several names; the frame follows the one that was used."""
    page = opened(node, packages.page_zip(tmp_path / "a.zip"))
    assert page.source.startswith(f"http://hub.local:{node.settings.content_port}/a-")


def test_an_address_of_numbers_keeps_its_brackets(app: Flask, node: Node, tmp_path: Path) -> None:
    """IPv6."""
    with app.test_request_context(base_url="http://[fe80::1]:8080/"):
        assert opened(node, packages.page_zip(tmp_path / "a.zip")).source.startswith("http://[fe80::1]:")


def test_lessons_and_quizzes_have_no_player(node: Node, tmp_path: Path) -> None:
    """They are pages of our own."""
    manifest = library.package(node, library.add(node, source=packages.folder(tmp_path / "well")).package)
    assert [player(node, manifest, item) for item in manifest.items] == [None, None]


def test_a_server_without_a_sender_stops_at_the_end_of_the_range(cast: Cast, node: Node, tmp_path: Path) -> None:
    """The same bytes from any WSGI server."""
    film = packages.mp4(tmp_path / "film.mp4", data_bytes=900_000)
    manifest = library.package(node, library.add(node, source=film).package)
    address = files.media_address(manifest, "film.mp4")
    answer = cast.client("outsider").get(address, headers={"Range": "bytes=100-600099"})
    assert (answer.status_code, answer.data) == (206, film.read_bytes()[100:600_100])
