"""A package as one file to take along."""

import dataclasses
import io
import zipfile
from pathlib import Path

import pytest

from content import packed
from content.errors import BlobDamaged, PackageTooLarge
from content.install import install
from content.package import FileEntry
from content.shelf import Shelf
from tests.fixtures import packages


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf."""
    return Shelf(tmp_path / "shelf")


def pack(shelf: Shelf, source: Path) -> bytes:
    """A package installed and packed."""
    out = io.BytesIO()
    packed.pack(shelf, install(shelf, source), out)
    return out.getvalue()


def test_a_book_is_a_book_again(shelf: Shelf, tmp_path: Path) -> None:
    """The media type stands first and unpacked, and another hub takes it as the same book."""
    data = pack(shelf, packages.epub(tmp_path / "goat.epub"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist()[0] == "mimetype"
        assert archive.testzip() is None
    (tmp_path / "again.epub").write_bytes(data)
    assert install(Shelf(tmp_path / "other"), tmp_path / "again.epub").digest == shelf.list()[0].digest


def test_the_same_package_packs_to_the_same_bytes(shelf: Shelf, tmp_path: Path) -> None:
    """So that an interrupted download can go on."""
    source = packages.folder(tmp_path / "well")
    assert pack(shelf, source) == pack(shelf, source)


def test_a_film_goes_as_it_is(shelf: Shelf, tmp_path: Path) -> None:
    """One film, sound or PDF needs no zip; several things do."""
    assert packed.single(install(shelf, packages.mp4(tmp_path / "film.mp4"))) == "film.mp4"
    assert packed.single(install(shelf, packages.folder(tmp_path / "well"))) == ""


def test_too_large_a_package_is_not_packed(shelf: Shelf, tmp_path: Path) -> None:
    """Nobody waits minutes for a page; a film of that size still goes."""
    sparse = tmp_path / "film.mp4"
    packages.mp4(sparse)
    (tmp_path / "film.vtt").write_text("WEBVTT\n")
    film = install(shelf, sparse)
    pages = install(shelf, packages.page_zip(tmp_path / "a.zip"))
    large = packed.PACKED_BYTES_MAX + 1
    huge = dataclasses.replace(pages, files={"index.html": FileEntry("0" * 64, large)})
    assert packed.is_offered(film)
    assert not packed.is_offered(huge)
    with pytest.raises(PackageTooLarge):
        packed.pack(shelf, huge, io.BytesIO())


def test_a_rotten_package_is_not_packed(shelf: Shelf, tmp_path: Path) -> None:
    """The sentence says how to mend it."""
    manifest = install(shelf, packages.folder(tmp_path / "well"))
    shelf.blob_path(manifest.files["read.md"].sha256).unlink()
    with pytest.raises(BlobDamaged):
        packed.pack(shelf, manifest, io.BytesIO())
