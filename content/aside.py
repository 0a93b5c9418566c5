"""Packages that were taken off the shelf and can be brought back: their manifests lie aside, their files stay.

One rename takes a package off or brings it back; pull the plug anywhere and it stands on the shelf or lies aside.
"""

from dataclasses import dataclass
from pathlib import Path

from content.errors import ContentError, PackageUnknown, StandsAgain
from content.limits import DEFAULT
from content.package import Manifest, parse
from content.shelf import Shelf, Swept


@dataclass(frozen=True)
class Aside:
    """A package that lies aside; `key` names it, `since_ms` is when it was taken off (ms since 1970)."""

    key: str
    since_ms: int
    manifest: Manifest


def aside(shelf: Shelf) -> list[Aside]:
    """What lies aside, the latest first; what cannot be read is left out, and keeps no file."""
    found = []
    for path in shelf.aside.glob("*.json"):
        since, _, package = path.stem.partition("-")
        try:
            manifest = parse(path.read_bytes(), DEFAULT)
            if since.isascii() and since.isdecimal() and manifest.id == package:
                found.append(Aside(path.stem, int(since), manifest))
        except (ContentError, OSError):
            continue
    return sorted(found, key=lambda each: (-each.since_ms, each.key))


def put_aside(shelf: Shelf, package: str, *, now_ms: int) -> str:
    """Take a package off the shelf and keep all of it; returns its key.

    Raises PackageUnknown, PackageDamaged for one that cannot be read, or ShelfBusy.
    """
    with shelf.hold(wait=False):
        if shelf.manifest(package) is None:
            raise PackageUnknown(package=package)
        shelf.disk.make_folder(shelf.aside)
        key = f"{now_ms}-{package}"
        _move(shelf, shelf.packages / f"{package}.json", shelf.aside / f"{key}.json")
        return key


def bring_back(shelf: Shelf, key: str) -> Manifest:
    """Put it on the shelf again, as it was. Raises PackageUnknown, ShelfBusy, or StandsAgain for a name that stands."""
    with shelf.hold(wait=False):
        found = next((each for each in aside(shelf) if each.key == key), None)
        if found is None:
            raise PackageUnknown(package=key.partition("-")[2])
        to = shelf.packages / f"{found.manifest.id}.json"
        if to.exists():
            raise StandsAgain(title=found.manifest.title)
        _move(shelf, shelf.aside / f"{key}.json", to)
        return found.manifest


def forget(shelf: Shelf, key: str) -> Swept:
    """Let go of what lies aside, and of every file that nothing else needs. Safe to repeat. Raises ShelfBusy."""
    with shelf.hold(wait=False):
        if key in {each.key for each in aside(shelf)}:
            shelf.disk.delete(shelf.aside / f"{key}.json")
            shelf.disk.sync_folder(shelf.aside)
        return shelf.sweep_held()


def frees(shelf: Shelf) -> int:
    """How many bytes it would free to let go of all that lies aside; 0 while a manifest is damaged, as in a sweep."""
    needed = shelf.needed(with_aside=False)
    if needed is None:
        return 0
    sizes = {entry.sha256: entry.size for each in aside(shelf) for entry in each.manifest.files.values()}
    return sum(size for sha256, size in sizes.items() if sha256 not in needed)


def _move(shelf: Shelf, old: Path, new: Path) -> None:
    shelf.disk.rename(old, new)
    shelf.disk.sync_folder(new.parent)
    shelf.disk.sync_folder(old.parent)
