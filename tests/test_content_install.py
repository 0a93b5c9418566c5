"""Bringing packages in: every format, again and again, and only what changed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from content import install as installing
from content.errors import NoSpace, PackageOlder
from content.install import export, install
from content.limits import Limits
from content.shelf import Shelf
from tests.fixtures import packages


def lesson_zip(place: Path) -> Path:
    """The authoring folder, zipped with its folder as a phone does it, and a desktop's litter inside."""
    made = packages.folder(place.parent / "well")
    (made / ".DS_Store").write_text("x")
    return Path(shutil.make_archive(str(place.with_suffix("")), "zip", place.parent, "well"))


FORMATS: dict[str, tuple[Callable[[Path], Path], str, str, str]] = {
    "well": (packages.folder, "folder", "lesson", "en"),
    "well.zip": (lesson_zip, "folder", "lesson", "en"),
    "goat.epub": (packages.epub, "epub", "book", "sw"),
    "beans.zip": (packages.page_zip, "html5_zip", "html5", "en"),
    "Mkulima.sw.pdf": (packages.pdf, "pdf", "pdf", "sw"),
    "lamp.fr.mp4": (packages.mp4, "video", "video", "fr"),
    "story.wav": (packages.sound, "audio", "audio", "und"),
}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf."""
    return Shelf(tmp_path / "shelf")


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_recognised_and_whole(shelf: Shelf, tmp_path: Path, name: str) -> None:
    """Format, first item and language come out right, and every file is on the shelf."""
    make, source_format, kind, language = FORMATS[name]
    manifest = install(shelf, make(tmp_path / name))
    assert (manifest.source_format, manifest.items[0].kind, manifest.language) == (source_format, kind, language)
    assert shelf.verify() == []
    assert not list(shelf.staging.iterdir())


@pytest.mark.parametrize("name", FORMATS)
def test_installing_twice_changes_nothing(shelf: Shelf, tmp_path: Path, name: str) -> None:
    """The same source is the same package, byte for byte."""
    source = FORMATS[name][0](tmp_path / name)
    first, blobs = install(shelf, source), sorted(shelf.objects.glob("*/*"))
    assert install(shelf, source).digest == first.digest
    assert sorted(shelf.objects.glob("*/*")) == blobs
    assert len(shelf.list()) == 1


@pytest.mark.parametrize("name", FORMATS)
def test_what_goes_out_comes_in_the_same(shelf: Shelf, tmp_path: Path, name: str) -> None:
    """An exported package installed on another shelf has the same digest."""
    manifest = install(shelf, FORMATS[name][0](tmp_path / name))
    out = export(shelf, manifest.id, tmp_path / "stick")
    other = Shelf(tmp_path / "other")
    assert install(other, out).digest == manifest.digest
    assert other.verify() == []


def test_two_films_of_one_name_are_two_packages(shelf: Shelf, tmp_path: Path) -> None:
    """What names itself only by its file is named by its content too."""
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        install(shelf, packages.mp4(tmp_path / str(number) / "film.mp4", data_bytes=number * 100))
    assert len(shelf.list()) == 2


def test_captions_beside_a_film_come_along(shelf: Shelf, tmp_path: Path) -> None:
    """film.vtt and film.fr.vtt belong to film.mp4; another's captions do not."""
    for name in ("film.vtt", "film.fr.vtt", "other.vtt"):
        (tmp_path / name).write_text("WEBVTT\n")
    manifest = install(shelf, packages.mp4(tmp_path / "film.mp4"))
    assert sorted(manifest.files) == ["film.fr.vtt", "film.mp4", "film.vtt"]


def test_an_update_writes_only_what_changed(shelf: Shelf, tmp_path: Path) -> None:
    """A new version with one changed lesson brings one new file."""
    install(shelf, packages.folder(tmp_path / "well"))
    before = set(shelf.objects.glob("*/*"))
    told: list[installing.Step] = []
    install(shelf, packages.folder(tmp_path / "well", version=2, more="New."), watch=told.append)
    assert len(set(shelf.objects.glob("*/*")) - before) == len(told) == 1


def test_an_older_version_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    """The newer one stays."""
    install(shelf, packages.folder(tmp_path / "new", version=2))
    with pytest.raises(PackageOlder, match="already holds version 2"):
        install(shelf, packages.folder(tmp_path / "old", version=1))


def test_what_does_not_fit_is_refused_before_it_is_copied(shelf: Shelf, tmp_path: Path) -> None:
    """The room for learners' records is never used up."""
    limits = Limits(reserve_bytes=2**60)
    with pytest.raises(NoSpace, match="learners' records"):
        install(shelf, packages.folder(tmp_path / "well"), limits)
    assert not list(shelf.objects.glob("*/*"))


def test_remote_addresses_are_told_not_refused(shelf: Shelf, tmp_path: Path) -> None:
    """What a page would load from the internet is listed; what a reader may follow is not."""
    page = (
        "<script src='//cdn.example.org/a.js'></script><style>b{background:url(https://x.org/b.png)}</style>"
        "<a href='https://example.org/'>more</a><img srcset='http://y.org/c.png 2x, own.png'>"
    )
    found = install(shelf, packages.page_zip(tmp_path / "page.zip", page)).remote
    assert found == ("//cdn.example.org/a.js", "http://y.org/c.png", "https://x.org/b.png")


def test_a_damaged_package_is_mended_by_adding_it_again(shelf: Shelf, tmp_path: Path) -> None:
    """A blob that rotted is written anew, whatever the old manifest says."""
    source = packages.folder(tmp_path / "well")
    manifest = install(shelf, source)
    shelf.blob_path(manifest.files["read.md"].sha256).write_bytes(b"rot")
    assert [(each.path, each.what) for each in shelf.verify()] == [("read.md", "changed")]
    install(shelf, source)
    assert shelf.verify() == []


def test_who_watches_may_stop_it(shelf: Shelf, tmp_path: Path) -> None:
    """A hub that is stopping leaves an installation with nothing half done."""

    class Leaving(Exception):
        pass

    def leave(_step: installing.Step) -> None:
        raise Leaving

    with pytest.raises(Leaving):
        installing.install(shelf, packages.folder(tmp_path / "well"), watch=leave)
    assert shelf.list() == []
    assert not list(shelf.staging.iterdir())
