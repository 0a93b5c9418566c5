"""Lay a package aside, bring it back, let it go: pull the plug anywhere, and it stands, or lies aside, whole."""

from collections.abc import Callable
from pathlib import Path

import pytest

from content.aside import aside, bring_back, forget, put_aside
from content.errors import PackageUnknown, StandsAgain
from content.install import install
from content.shelf import Shelf
from tests.fixtures import packages
from tests.fixtures.plug import PlugDisk, PlugPulled

STEPS_MAX = 40
NOW_MS = 1_764_000_000_000
KEY = f"{NOW_MS}-well.en"


def _put(shelf: Shelf) -> None:
    put_aside(shelf, "well.en", now_ms=NOW_MS)


CHANGES: dict[str, tuple[bool, Callable[[Shelf], object]]] = {
    "taken off": (False, _put),
    "brought back": (True, lambda shelf: bring_back(shelf, KEY)),
    "let go": (True, lambda shelf: forget(shelf, KEY)),
}
"""What is done, and whether the package lies aside before."""


def _place(shelf: Shelf) -> tuple[int, int]:
    """How many stand, and how many lie aside."""
    return len(shelf.list()), len(aside(shelf))


@pytest.mark.parametrize("loses", [False, True], ids=["kept", "lost"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_cut_anywhere_leaves_before_or_after(tmp_path: Path, change: str, loses: bool) -> None:
    """No file of it is gone while it stands or lies aside, and none is left once it is let go."""
    is_aside, work = CHANGES[change]
    source = packages.folder(tmp_path / "new")
    for stop in range(STEPS_MAX):
        shelf = Shelf(tmp_path / f"shelf-{stop}")
        manifest = install(shelf, source)
        if is_aside:
            _put(shelf)
        before, disk = _place(shelf), PlugDisk(stop, loses=loses)
        try:
            work(Shelf(shelf.root, disk))
        except PlugPulled:
            after = Shelf(shelf.root)
            after.sweep()
            there = {entry.sha256 for entry in manifest.files.values()} if any(_place(after)) else set()
            assert {path.name for path in after.objects.glob("*/*")} == there
            assert sum(_place(after)) == 1 or change == "let go"
            if _place(after) == before:
                work(after)
                assert _place(after) != before
        else:
            assert stop > 3 and _place(shelf) != before
            return
    raise AssertionError("the change has no end")


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    """With the same digest and every file; its files stay while others are swept."""
    shelf = Shelf(tmp_path / "shelf")
    digest = install(shelf, packages.folder(tmp_path / "new")).digest
    _put(shelf)
    assert shelf.sweep().files == 0
    assert (shelf.list(), [each.since_ms for each in aside(shelf)]) == ([], [NOW_MS])
    assert bring_back(shelf, KEY).digest == digest
    assert (shelf.verify(), aside(shelf)) == ([], [])


def test_what_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    """A key that is none, a package that is none, and a name that stands again."""
    shelf, source = Shelf(tmp_path / "shelf"), packages.folder(tmp_path / "new")
    for key in (KEY, "../../etc/passwd", ""):
        with pytest.raises(PackageUnknown):
            bring_back(shelf, key)
    with pytest.raises(PackageUnknown):
        _put(shelf)
    install(shelf, source)
    _put(shelf)
    install(shelf, source)
    with pytest.raises(StandsAgain, match="stands on the shelf again already"):
        bring_back(shelf, KEY)
    (shelf.aside / "5-broken.en.json").write_text("{")
    (shelf.aside / "x-well.en.json").write_bytes((shelf.packages / "well.en.json").read_bytes())
    assert [each.key for each in aside(shelf)] == [KEY]
    assert forget(shelf, KEY).size_bytes == 0
    assert shelf.verify() == []
