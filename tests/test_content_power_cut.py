"""The plug is pulled before every single step of a change: the shelf is as before or as after, and whole."""

from collections.abc import Callable
from pathlib import Path

import pytest

from content import install as installing
from content.install import export, install
from content.shelf import Shelf
from tests.fixtures import packages
from tests.fixtures.plug import PlugDisk, PlugPulled

STEPS_MAX = 200
FOLDERS = 3
"""Folders that a shelf makes when it is opened."""
FLUSHES = pytest.mark.parametrize("one_by_one", [64, 0], ids=["each file is flushed", "the file system is flushed"])
LOSSES = pytest.mark.parametrize("loses", [False, True], ids=["all written is kept", "what was not synced is lost"])


def cut_everywhere(tmp_path: Path, first: bool, change: Callable[[Shelf], object], *, loses: bool) -> int:
    """Do `change` with the plug pulled before each step, on a shelf with `first` on it; return how many steps."""
    old = packages.folder(tmp_path / "old")
    for stop in range(STEPS_MAX):
        root = tmp_path / f"shelf-{stop}"
        if first:
            install(Shelf(root), old)
        before, disk = standing(Shelf(root)), PlugDisk(stop, loses=loses)
        try:
            change(Shelf(root, disk))
        except PlugPulled:
            after_cut(Shelf(root), before, change)
        else:
            disk.lose()
            assert standing(Shelf(root)) == expected(Shelf(root), before) != before
            assert Shelf(root).verify() == []
            return stop
    raise AssertionError("the change has no end")


def after_cut(shelf: Shelf, before: dict[str, str], change: Callable[[Shelf], object]) -> None:
    """As before or as after, nothing damaged, nothing left over, and the change can be done again."""
    found = standing(shelf)
    assert shelf.verify() == []
    shelf.sweep()
    assert not list(shelf.staging.iterdir())
    assert blobs(shelf) == needed(shelf)
    if found == before:
        change(shelf)
        assert shelf.verify() == []
    else:
        assert found == expected(shelf, before)


def expected(shelf: Shelf, before: dict[str, str]) -> dict[str, str]:
    """What may stand there other than `before`: version 2, a first version, or nothing."""
    manifest = shelf.manifest("well.en")
    if manifest is None:
        return {}
    assert manifest.version == (2 if before else 1)
    return {"well.en": manifest.digest}


def standing(shelf: Shelf) -> dict[str, str]:
    """What stands on the shelf."""
    return {manifest.id: manifest.digest for manifest in shelf.list()}


def blobs(shelf: Shelf) -> set[str]:
    """Every file that takes room."""
    return {path.name for path in shelf.objects.glob("*/*")}


def needed(shelf: Shelf) -> set[str]:
    """Every file that a package needs."""
    return {entry.sha256 for manifest in shelf.list() for entry in manifest.files.values()}


@FLUSHES
@LOSSES
def test_a_first_installation_is_whole_or_nothing(
    tmp_path: Path, loses: bool, one_by_one: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty shelf stays empty, or holds the whole package; also where many files are made safe at once."""
    monkeypatch.setattr(installing, "SYNCED_ONE_BY_ONE", one_by_one)
    new = packages.folder(tmp_path / "new")
    assert cut_everywhere(tmp_path, False, lambda shelf: install(shelf, new), loses=loses) > 10


@FLUSHES
@LOSSES
def test_an_update_is_the_old_version_or_the_new(
    tmp_path: Path, loses: bool, one_by_one: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never a mixture of two versions."""
    monkeypatch.setattr(installing, "SYNCED_ONE_BY_ONE", one_by_one)
    new = packages.folder(tmp_path / "new", version=2, more="Wash the rope.")
    assert cut_everywhere(tmp_path, True, lambda shelf: install(shelf, new), loses=loses) > 8


@LOSSES
def test_a_removal_is_done_or_not(tmp_path: Path, loses: bool) -> None:
    """The package is whole or gone; files that nobody needs are swept."""

    def remove(shelf: Shelf) -> None:
        if shelf.manifest("well.en"):
            shelf.remove("well.en")

    assert cut_everywhere(tmp_path, True, remove, loses=loses) > 5


@LOSSES
def test_an_export_is_whole_or_not_there(tmp_path: Path, loses: bool) -> None:
    """A folder of the package's name only ever holds all of it."""
    install(Shelf(tmp_path / "shelf"), packages.folder(tmp_path / "new"))
    for stop in range(STEPS_MAX):
        to = tmp_path / f"stick-{stop}"
        to.mkdir()
        disk = PlugDisk(stop + FOLDERS, loses=loses)
        try:
            export(Shelf(tmp_path / "shelf", disk), "well.en", to)
        except PlugPulled:
            if (to / "well.en").exists():
                assert install(Shelf(tmp_path / f"other-{stop}"), to / "well.en").id == "well.en"
        else:
            disk.lose()
            assert install(Shelf(tmp_path / "other"), to / "well.en").id == "well.en"
            return
    raise AssertionError("the export has no end")
