"""The catalogue: a file that lists and finds, and can always be made again."""

import sqlite3
import threading
from pathlib import Path

import pytest

from content.catalogue import Catalogue, read_passages
from content.errors import CatalogueDamaged, DiskFull
from content.install import install
from content.package import Manifest
from content.shelf import Shelf
from tests.fixtures import packages


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A shelf with a lesson, a book and a web page."""
    shelf = Shelf(tmp_path / "shelf")
    install(shelf, packages.folder(tmp_path / "well"))
    install(shelf, packages.epub(tmp_path / "goat.epub"))
    install(shelf, packages.page_zip(tmp_path / "beans.zip"))
    return shelf


@pytest.fixture
def filled(tmp_path: Path, shelf: Shelf) -> Catalogue:
    """The catalogue of that shelf."""
    filled = Catalogue(tmp_path / "catalogue.db")
    filled.rebuild(shelf)
    return filled


def well(shelf: Shelf) -> Manifest:
    """The package of the well."""
    manifest = shelf.manifest("well.en")
    assert manifest is not None
    return manifest


def test_it_lists_by_title_and_by_choice(filled: Catalogue) -> None:
    """Sorted as people read, and narrowed by language, kind and level."""
    assert [row.title for row in filled.list()] == ["Count the beans", "Keep the well clean", "The Goat and the Moon"]
    assert [row.id for row in filled.list(kind="quiz")] == ["well.en"]
    assert [row.language for row in filled.list(language="sw")] == ["sw"]
    assert [row.id for row in filled.list(level="beginner", language="en")] == ["well.en"]


def test_a_row_says_what_the_manifest_says(filled: Catalogue, shelf: Shelf) -> None:
    """Counts and lists come back as they went in; an unknown package is None."""
    row = filled.get("well.en")
    assert row is not None
    assert (row.items, row.minutes, row.kinds, row.sdg) == (2, 5, ("lesson", "quiz"), ("6.1",))
    assert row.digest == well(shelf).digest
    assert filled.get("nobody") is None


def test_every_kind_of_passage_is_found(filled: Catalogue) -> None:
    """A lesson, a quiz, a chapter, a web page, a package's own summary."""
    wanted = {"leaves out": "read", "rope": "try", "mlima": "item", "beans to count": "item", "one lesson": ""}
    assert {text: filled.search(text).hits[0].item for text in wanted} == wanted
    assert filled.search("mwezi").hits[0].path.startswith("OPS/")


def test_adding_again_replaces_and_removing_forgets(filled: Catalogue, shelf: Shelf) -> None:
    """Nothing of the version before is found, and removing twice is removing once."""
    filled.add(well(shelf), [])
    assert filled.search("leaves").total == 0
    filled.add(well(shelf), read_passages(shelf, well(shelf)))
    assert filled.search("leaves").total == 2
    for _ in range(2):
        filled.remove("well.en")
    assert filled.search("leaves").total == 0
    assert filled.get("well.en") is None


def test_made_again_it_finds_the_same(filled: Catalogue, shelf: Shelf, tmp_path: Path) -> None:
    """A catalogue that grew package by package answers like one made at once."""
    grown = Catalogue(tmp_path / "grown.db")
    for manifest in shelf.list():
        grown.add(manifest, read_passages(shelf, manifest))
    assert grown.list() == filled.list()
    assert grown.search("goat").hits == filled.search("goat").hits


@pytest.mark.parametrize("harm", ["nonsense", "another version", "cut short"])
def test_a_damaged_or_older_file_is_made_anew_at_opening(filled: Catalogue, tmp_path: Path, harm: str) -> None:
    """It is empty then, and says that it is stale."""
    place = tmp_path / "catalogue.db"
    filled.close()
    if harm == "nonsense":
        place.write_bytes(b"not a database" * 1000)
    elif harm == "cut short":
        place.write_bytes(place.read_bytes()[:50])
    else:
        with sqlite3.connect(place) as connection:
            connection.execute("PRAGMA user_version = 7")
        connection.close()
    again = Catalogue(place)
    assert again.is_stale
    assert again.list() == []


def test_a_list_that_was_never_filled_says_so_to_whoever_opens_it(shelf: Shelf, tmp_path: Path) -> None:
    """The one that made it anew may have had no reason to fill it, such as a backup."""
    for _ in range(2):
        made = Catalogue(tmp_path / "catalogue.db")
        assert made.is_stale
        made.close()
    made.rebuild(shelf)
    assert not Catalogue(tmp_path / "catalogue.db").is_stale


@pytest.mark.parametrize("free_bytes", [0, 10**9])
def test_a_disk_that_does_not_answer_is_no_damage(
    filled: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_bytes: int
) -> None:
    """What is said depends on the room that is left; the file stays, and is read once the disk answers."""
    listed, place = filled.list(), tmp_path / "catalogue.db"
    filled.close()
    before = place.read_bytes()

    def refuse(*_: object, **__: object) -> None:
        mistake = sqlite3.OperationalError("disk I/O error")
        mistake.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
        raise mistake

    with monkeypatch.context() as patched:
        patched.setattr("content.catalogue.sqlite3.connect", refuse)
        patched.setattr("content.disk.Disk.free_bytes", lambda _disk, _folder: free_bytes)
        with pytest.raises(CatalogueDamaged if free_bytes else DiskFull):
            Catalogue(place)
    assert place.read_bytes() == before
    assert Catalogue(place).list() == listed


def test_damage_under_way_is_said_and_rebuild_mends_it(filled: Catalogue, shelf: Shelf, tmp_path: Path) -> None:
    """One sentence that names the command; then everything is found again."""
    filled.close()
    place = tmp_path / "catalogue.db"
    data = bytearray(place.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    place.write_bytes(data)
    with pytest.raises(CatalogueDamaged, match="mangrove content rebuild"):
        filled.search("water goat beans")
    assert filled.rebuild(shelf) == 3
    assert filled.search("mlima").total == 1


def test_another_process_may_make_the_file_anew(filled: Catalogue, shelf: Shelf, tmp_path: Path) -> None:
    """Connections to the file that was replaced are let go."""
    assert filled.search("mlima").total == 1
    place = tmp_path / "catalogue.db"
    place.write_bytes(b"x" * 100)
    Catalogue(place).rebuild(shelf)
    place.touch()
    assert filled.search("mlima").total == 1


def test_very_common_words_are_found_unranked(filled: Catalogue, tmp_path: Path) -> None:
    """Above the cap the count stops, and passages with the word in their title still come first."""
    found = Catalogue(tmp_path / "catalogue.db", ranked_max=1).search("well")
    assert (found.total, found.is_capped) == (1, True)
    assert found.hits[0].title == "Keep the well clean"
    assert len({(hit.package, hit.item) for hit in found.hits}) == len(found.hits) == 2


def test_pages_of_hits_do_not_overlap(filled: Catalogue) -> None:
    """`start` and `limit` walk through all of them once."""
    everything = filled.search("the well moon beans lid", any_term=True).hits
    pages = [filled.search("the well moon beans lid", any_term=True, limit=2, start=start).hits for start in (0, 2, 4)]
    assert sum(pages, ()) == everything[:6]


def test_readers_see_the_old_shelf_during_a_rebuild(filled: Catalogue, shelf: Shelf) -> None:
    """Many threads search while the catalogue is made again and again: nobody finds a half."""
    totals: set[int] = set()

    def look() -> None:
        for _ in range(30):
            totals.add(filled.search("well").total)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        filled.rebuild(shelf)
    for thread in threads:
        thread.join()
    assert len(totals) == 1


def test_what_cannot_be_read_is_left_out(filled: Catalogue, shelf: Shelf) -> None:
    """A rotten lesson does not keep the others from being found."""
    shelf.blob_path(well(shelf).files["read.md"].sha256).unlink()
    assert filled.rebuild(shelf) == 3
    assert filled.search("rope").total == 1
