"""Giving works out into one folder of a stick, for another hub and for somebody who has none.

Files that a browser opens keep their endings. All is written into a hidden folder beside, each file is made safe
before it has its name, and one rename at the end makes it seen; done once more, it goes on where it stopped.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from content import outside
from content.errors import BlobDamaged
from content.formats.exported import MANIFEST_NAME, places
from content.install import blob
from content.package import Manifest, dump
from content.shelf import Shelf

PACKAGES = "packages"
COVER = "index.html"
NAME_CHARS_MAX = 60
"""Letters of a folder's name: with three bytes each still below the 255 of every file system."""
LARGEST_ON_FAT = 2**32 - 1
"""Bytes of the largest file on FAT32, which most sticks come with."""
FAT = ("vfat", "msdos")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_OCTAL = re.compile(r"\\([0-7]{3})")

Watch = Callable[[int], None]
"""Told before each file (0) and after each piece how many bytes more are there. What it raises stops the work."""


def safe_name(title: str, fallback: str) -> str:
    """A title as the name of a folder that FAT, exFAT, NTFS and phones take; `fallback` where nothing of it is left."""
    shown = "".join(letter for letter in unicodedata.normalize("NFC", title) if letter.isprintable())
    plain = " ".join(_FORBIDDEN.sub(" ", shown).split())[:NAME_CHARS_MAX].strip(" .")
    return fallback if not plain or _RESERVED.fullmatch(plain) else plain


def file_system(folder: Path, mounts: str) -> str:
    """The kind of file system that a folder lies on, by the text of `/proc/self/mounts`; "" when it is not told."""
    kind, longest = "", -1
    for line in mounts.splitlines():
        _device, _gap, rest = line.partition(" ")
        place, _gap, rest = rest.partition(" ")
        top = PurePosixPath(
            _OCTAL.sub(lambda found: chr(int(found[1], 8)), place).encode("latin-1", "replace").decode()
        )
        if folder.is_relative_to(top) and len(top.parts) >= longest:
            kind, longest = rest.partition(" ")[0], len(top.parts)
    return kind


def give(shelf: Shelf, manifest: Manifest, to: Path, watch: Watch) -> None:
    """Write a package into the folder `to`, whose own folder stands. Safe to repeat: what is there whole is kept.

    Raises BlobDamaged when the shelf's own copy is not whole, and OSError when the stick says no.
    """
    shelf.disk.make_one_folder(to)
    for path, place in _once(manifest):
        entry = manifest.files[path]
        watch(0)
        if not _is_whole(to / place, sha256=entry.sha256, size=entry.size):
            shelf.disk.make_folders_below(to, (to / place).parent)
            write(shelf, to / place, _compared(shelf, manifest, path, watch))
        else:
            watch(entry.size)
    write(shelf, to / MANIFEST_NAME, iter([dump(manifest)]))


def size_bytes(manifest: Manifest) -> int:
    """How many bytes of files a package takes there."""
    return sum(manifest.files[path].size for path, _place in _once(manifest))


def largest(manifests: Sequence[Manifest]) -> tuple[Manifest, int] | None:
    """The package with the largest single file, and its bytes; None where there is no file."""
    found = [(entry.size, each.id, each) for each in manifests for entry in each.files.values()]
    size, _id, manifest = max(found, key=lambda one: one[:2], default=(0, "", None))
    return (manifest, size) if manifest else None


def write(shelf: Shelf, place: Path, pieces: Iterator[bytes]) -> None:
    """Write one file beside its place, make it safe, and name it."""
    part = place.with_name(f".{place.name}.part")
    shelf.disk.delete(part)
    try:
        shelf.disk.write(part, pieces)
        shelf.disk.sync_file(part)
        shelf.disk.rename(part, place)
        shelf.disk.sync_folder(place.parent)
    except (BlobDamaged, OSError):
        shelf.disk.delete(part)
        raise


def finish(shelf: Shelf, part: Path, names: Iterator[str]) -> Path:
    """Give a whole hidden folder the first of these names that is free; everybody sees it from then on."""
    target = next(each for each in (part.parent / name for name in names) if not each.exists())
    shelf.disk.sync_folder(part)
    shelf.disk.rename(part, target)
    shelf.disk.sync_folder(target.parent)
    return target


def _once(manifest: Manifest) -> list[tuple[str, str]]:
    """One path for each file, and where it lies; the smallest paths first."""
    seen: dict[str, str] = {}
    for path, place in sorted(places(manifest.files, is_readable=True).items()):
        seen.setdefault(place, path)
    return [(path, place) for place, path in seen.items()]


def _is_whole(place: Path, *, sha256: str, size: int) -> bool:
    """Whether a file of an earlier try is there to its last byte."""
    if not outside.is_plain(place) or place.stat().st_size != size:
        return False
    with outside.opened(place) as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _compared(shelf: Shelf, manifest: Manifest, path: str, watch: Watch) -> Iterator[bytes]:
    hasher = hashlib.sha256()
    for piece in blob(shelf, manifest, path):
        hasher.update(piece)
        yield piece
        watch(len(piece))
    if hasher.hexdigest() != manifest.files[path].sha256:
        raise BlobDamaged(package=manifest.title, path=path)
