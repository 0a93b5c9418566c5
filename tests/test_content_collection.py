"""The text of a collection: one spelling, checked whole; and the hashes of chunks."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from content import chunks
from content.collection import PACKAGES_MAX, Collection, Listed, parse
from content.errors import CollectionWrong, ContentError
from content.install import install
from content.shelf import Shelf
from tests.fixtures import offering, packages

ONE = Listed("well.en", "Keep the well clean", "en", "CC-BY-SA-4.0", 1, 3, 359, "ab" * 32)
WATER = Collection("d897d4b0-62a5-448c-b95b-e4b6647831fb", "s4" * 26, 1, "Water", "", (ONE,))


def test_a_text_reads_back() -> None:
    """The same collection, the same bytes."""
    assert parse(WATER.text) == WATER
    assert (WATER.size_bytes, WATER.languages) == (359, ("en",))


WRONG: dict[str, Any] = {
    "no title": {"title": ""},
    "a title that is too long": {"title": "w" * 81},
    "no publisher": {"publisher": "nobody"},
    "another id": {"id": "../../etc"},
    "version nought": {"version": 0},
    "a package twice": {"packages": (ONE, ONE)},
    "a package with a path": {"packages": (replace(ONE, id="../x"),)},
    "a hash that is none": {"packages": (replace(ONE, digest="zz" * 32),)},
    "too many packages": {"packages": tuple(replace(ONE, id=f"p{n}") for n in range(PACKAGES_MAX + 1))},
    "a size that cannot be": {"packages": (replace(ONE, size=-1),)},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_text_is_refused(name: str) -> None:
    """Each with a sentence."""
    with pytest.raises(CollectionWrong, match="cannot be used"):
        parse(replace(WATER, **WRONG[name]).text)


def test_only_the_one_spelling_is_taken() -> None:
    """Other spaces, another order, another field: the signature would be over other bytes."""
    values = json.loads(WATER.text)
    more = json.dumps({**values, "more": 1}, sort_keys=True, separators=(",", ":")).encode()
    newer = json.dumps({**values, "mangrove": 2}).encode()
    for text in (json.dumps(values).encode(), more, newer, b"{}", b"[]", b"\xff", b"[" * 100_000, b" " * 300_000):
        with pytest.raises(CollectionWrong):
            parse(text)


@given(data=some.binary(max_size=200))
def test_any_bytes_are_a_text_or_a_sentence(data: bytes) -> None:
    """Nothing else comes of them."""
    with pytest.raises(CollectionWrong):
        parse(data)


def test_chunks_are_listed_once_and_belong_to_their_files(tmp_path: Path) -> None:
    """A long file has a hash for each chunk; the page is made again when it was lost, and fits no other package."""
    shelf = Shelf(tmp_path / "blobs")
    film = install(shelf, offering.film(tmp_path / "film.mp4"))
    well = install(shelf, packages.folder(tmp_path / "well"))
    page = chunks.page_of(shelf, film)
    (hashes,) = chunks.read_page(page, film.files).values()
    assert len(hashes) == chunks.count(film.size_bytes) == 4
    (shelf.root / "chunks" / film.digest).write_bytes(b"lost")
    assert chunks.page_of(shelf, film) == page
    assert chunks.page_of(shelf, well) == b"" and chunks.read_page(b"", well.files) == {}
    for wrong in (b"", page[:-1], page[32:]):
        with pytest.raises(ContentError):
            chunks.read_page(wrong, film.files)
