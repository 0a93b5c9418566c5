"""The catalogue for reading programs: OPDS 2.0, followed as a program follows it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from hub import library
from hub.node import Node
from hub.web import opds, publications
from hub.worker import HANDLERS, Worker
from tests.fixtures import engines, packages, photos
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.sqlite(engines.SHELF)

PARTS = ("publications", "navigation", "groups")
ACQUISITIONS = ("http://opds-spec.org/acquisition/open-access", "preview")


@pytest.fixture
def reader(cast: Cast, node: Node, tmp_path: Path) -> FlaskClient:
    """A reading program before a shelf with a lesson and a book."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    library.add(node, source=packages.epub(tmp_path / "goat.epub"))
    return cast.client("outsider")


def feed(reader: FlaskClient, address: str) -> dict[str, Any]:
    """A feed, checked against what the schema of OPDS 2.0 asks of every feed."""
    answer = reader.get(address)
    assert (answer.status_code, answer.content_type) == (200, opds.FEED)
    values: dict[str, Any] = json.loads(answer.data)
    assert values["metadata"]["title"]
    assert any(part in values for part in PARTS)
    assert "self" in [link["rel"] for link in values["links"]]
    assert all(link["title"] for link in values.get("navigation", []))
    for publication in values.get("publications", []):
        check(publication)
    return values


def check(publication: dict[str, Any]) -> None:
    """What the schema asks of every publication: title, self, a way to get it, and a raster picture."""
    assert publication["metadata"]["title"]
    rels = [link["rel"] for link in publication["links"]]
    assert "self" in rels
    assert any(rel in ACQUISITIONS for rel in rels)
    assert any(image["type"] in publications.RASTER for image in publication["images"])


def test_a_program_finds_every_file_from_the_start(reader: FlaskClient) -> None:
    """From the root over navigation and publications to the bytes, with the types that were promised."""
    start = feed(reader, "/opds/")
    everything = feed(reader, start["navigation"][0]["href"])
    assert everything["metadata"]["numberOfItems"] == 2
    for publication in everything["publications"]:
        link = next(link for link in publication["links"] if link["rel"] == publications.OPEN_ACCESS)
        assert reader.get(link["href"]).content_type == link["type"]
        for image in publication["images"]:
            assert reader.get(image["href"]).content_type.startswith(image["type"])


def test_each_language_has_its_list(reader: FlaskClient) -> None:
    """With its number in the title."""
    titles = {link["title"]: link["href"] for link in feed(reader, "/opds/")["navigation"]}
    assert set(titles) == {"Everything on the shelf", "English (1)", "Swahili (1)"}
    (book,) = feed(reader, titles["Swahili (1)"])["publications"]
    assert book["metadata"]["@type"] == "http://schema.org/Book"
    assert (book["metadata"]["language"], book["metadata"]["author"]) == ("sw", "Asha")


def test_a_publication_stands_alone_too(reader: FlaskClient) -> None:
    """At the address that its self link names."""
    book = feed(reader, "/opds/publications/?language=sw")["publications"][0]
    own = next(link["href"] for link in book["links"] if link["rel"] == "self")
    answer = reader.get(own)
    assert answer.content_type == opds.PUBLICATION
    assert json.loads(answer.data) == book


def test_the_search_is_told_and_finds_each_package_once(reader: FlaskClient) -> None:
    """By the template of the root."""
    template = next(link for link in feed(reader, "/opds/")["links"] if link["rel"] == "search")
    assert template["templated"] is True
    address = template["href"].replace("{?query,language}", "?query=well")
    found = feed(reader, address)["publications"]
    assert [each["metadata"]["identifier"] for each in found] == ["urn:mangrove:package:well.en"]
    assert feed(reader, "/opds/search/")["publications"] == []


def test_long_lists_have_pages(cast: Cast, node: Node, tmp_path: Path) -> None:
    """`next` leads on, `previous` back, and each package comes once."""
    for number in range(publications.PAGE_ITEMS + 1):
        text = packages.DESCRIPTION.format(version=1).replace("well.en", f"well-{number}.en")
        library.add(node, source=packages.folder(tmp_path / "well", package__toml=text))
    reader = cast.client("outsider")
    first = feed(reader, "/opds/publications/")
    following = next(link["href"] for link in first["links"] if link["rel"] == "next")
    second = feed(reader, following)
    assert [len(each["publications"]) for each in (first, second)] == [publications.PAGE_ITEMS, 1]
    assert "previous" in [link["rel"] for link in second["links"]]


def test_an_unknown_publication_is_404(reader: FlaskClient) -> None:
    """A made-up id."""
    assert reader.get("/opds/publications/nobody/").status_code == 404


def test_a_heavy_cover_has_light_thumbnails(cast: Cast, node: Node, tmp_path: Path) -> None:
    """Until it is made lighter it comes as it is; then its copies are told with their sides, and are what they say."""
    described = packages.DESCRIPTION.format(version=1).replace('cover = "well.svg"', 'cover = "well.jpg"')
    place = packages.folder(tmp_path / "well", package__toml=described)
    (place / "well.jpg").write_bytes(photos.photo(1000, 750))
    library.add(node, source=place)
    reader = cast.client("outsider")
    (cover,) = feed(reader, "/opds/publications/")["publications"][0]["images"]
    assert cover["rel"] == publications.IMAGE
    while Worker(node, HANDLERS).step():
        pass
    whole, *lighter = feed(reader, "/opds/publications/")["publications"][0]["images"]
    assert whole == cover
    assert [each["rel"] for each in lighter] == [publications.THUMBNAIL] * 3
    assert [(each["width"], each["height"]) for each in lighter] == [(160, 120), (360, 270), (720, 540)]
    sizes = []
    for each in lighter:
        answer = reader.get(each["href"])
        assert answer.content_type == each["type"] == "image/jpeg"
        assert Image.open(io.BytesIO(answer.data)).size == (each["width"], each["height"])
        sizes.append(len(answer.data))
    assert sizes == sorted(sizes) and sizes[0] * 20 < len(reader.get(whole["href"]).data)
