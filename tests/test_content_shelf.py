"""Looking after the shelf: verify, sweep, remove, export, and one change at a time."""

from pathlib import Path

import pytest

from content.disk import Disk
from content.errors import (
    BlobDamaged,
    FileTooLarge,
    FileUnknown,
    NoSpace,
    PackageDamaged,
    PackageUnknown,
    ShelfBusy,
    ShelfUnwritable,
    TargetTaken,
    TargetUnwritable,
)
from content.install import export, install
from content.package import Manifest
from content.shelf import Shelf
from tests.fixtures import packages


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A shelf with one package."""
    shelf = Shelf(tmp_path / "shelf")
    install(shelf, packages.folder(tmp_path / "well"))
    return shelf


def well(shelf: Shelf) -> Manifest:
    """That package."""
    manifest = shelf.manifest("well.en")
    assert manifest is not None
    return manifest


@pytest.mark.parametrize("what", ["missing", "changed"])
def test_verify_finds_what_is_not_whole(shelf: Shelf, what: str) -> None:
    """By package, path and kind of harm; reading it says how to mend it."""
    blob = shelf.blob_path(well(shelf).files["read.md"].sha256)
    blob.unlink() if what == "missing" else blob.write_bytes(b"rot")
    assert [(each.package, each.path, each.what) for each in shelf.verify()] == [("well.en", "read.md", what)]
    with pytest.raises(BlobDamaged, match="Add the package again"):
        shelf.read(well(shelf), "read.md")


def test_a_damaged_manifest_is_told_and_its_files_are_kept(shelf: Shelf) -> None:
    """It is left out of lists, told by verify, its blobs stay until it is removed or added again."""
    before = sorted(shelf.objects.glob("*/*"))
    (shelf.packages / "well.en.json").write_text("{}")
    again = Shelf(shelf.root)
    assert again.list() == []
    assert [each.what for each in again.verify()] == ["manifest"]
    with pytest.raises(PackageDamaged):
        again.manifest("well.en")
    again.sweep()
    assert sorted(again.objects.glob("*/*")) == before
    again.remove("well.en")
    assert not list(again.objects.glob("*/*"))


def test_removing_keeps_what_another_package_needs(shelf: Shelf, tmp_path: Path) -> None:
    """Two packages share a drawing; it goes with the second."""
    other = packages.DESCRIPTION.format(version=1).replace("well.en", "well.fr")
    install(shelf, packages.folder(tmp_path / "other", package__toml=other, more="Autre."))
    shelf.remove("well.en")
    assert shelf.verify() == []
    assert shelf.manifest("well.fr") is not None
    assert shelf.remove("well.fr").files == 4 - 1
    assert not list(shelf.objects.glob("*/*"))


def test_what_is_not_there_is_said(shelf: Shelf, tmp_path: Path) -> None:
    """Unknown packages and files, by name; a name that is none is simply not there."""
    with pytest.raises(PackageUnknown, match="nobody"):
        shelf.remove("nobody")
    with pytest.raises(PackageUnknown):
        export(shelf, "nobody", tmp_path)
    with pytest.raises(FileUnknown, match="holds no file"):
        shelf.read(well(shelf), "../secret")
    assert shelf.manifest("../../etc/passwd") is None


def test_a_large_file_is_not_read_at_once(shelf: Shelf) -> None:
    """The limit is the caller's."""
    with pytest.raises(FileTooLarge):
        shelf.read(well(shelf), "read.md", limit=5)


def test_while_one_changes_the_shelf_another_is_told_to_wait(shelf: Shelf) -> None:
    """Removing and sweeping do not wait; the sentence says when to try again."""
    other = Shelf(shelf.root)
    with shelf.hold(wait=True):
        for change in (lambda: other.remove("well.en"), other.sweep):
            with pytest.raises(ShelfBusy, match="try again in a minute"):
                change()
    assert other.sweep().files == 0


def test_another_process_s_change_is_seen(shelf: Shelf, tmp_path: Path) -> None:
    """What is remembered of a manifest is given up when its file was replaced."""
    assert well(shelf).version == 1
    install(Shelf(shelf.root), packages.folder(tmp_path / "new", version=2))
    assert well(shelf).version == 2


def test_an_export_never_writes_over(shelf: Shelf, tmp_path: Path) -> None:
    """A folder of that name stays as it is, and a place that cannot be written is said."""
    export(shelf, "well.en", tmp_path / "stick")
    with pytest.raises(TargetTaken):
        export(shelf, "well.en", tmp_path / "stick")
    (tmp_path / "file").write_text("")
    with pytest.raises(TargetUnwritable, match="choose another place"):
        export(shelf, "well.en", tmp_path / "file")


def test_a_rotten_file_is_not_exported(shelf: Shelf, tmp_path: Path) -> None:
    """Nothing of it is left at the target."""
    shelf.blob_path(well(shelf).files["read.md"].sha256).write_bytes(b"rot")
    with pytest.raises(BlobDamaged):
        export(shelf, "well.en", tmp_path / "stick")
    assert not list((tmp_path / "stick").iterdir())


class FailingDisk(Disk):
    """A disk that refuses to write, with a reason of the system's."""

    def __init__(self, number: int) -> None:
        self._number = number

    def write(self, path: Path, pieces: object) -> None:
        """Refuse."""
        raise OSError(self._number, "the disk says no")


@pytest.mark.parametrize(("number", "mistake"), [(28, NoSpace), (122, NoSpace), (5, ShelfUnwritable)])
def test_what_the_disk_says_becomes_a_sentence(tmp_path: Path, number: int, mistake: type[Exception]) -> None:
    """Full, over the quota, broken: the shelf is as it was."""
    shelf = Shelf(tmp_path / "shelf", FailingDisk(number))
    with pytest.raises(mistake):
        install(shelf, packages.folder(tmp_path / "well"))
    assert not list(shelf.staging.iterdir())
    assert shelf.list() == []
