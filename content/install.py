"""Bringing a package in, and giving one out again.

The order of the steps is the whole point. Everything is copied into `staging/` and hashed on the way; each
file is made safe from a power cut; then the files move to their places, which nobody sees; and last the
manifest gets its name by one rename. Cut anywhere, the shelf is as before or as after, and `Shelf.sweep`
clears what was left. The source is only ever read.
"""

import errno
import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from content.checks import check_draft
from content.disk import MEGA, check_room
from content.draft import PIECE_BYTES, Draft, Origin, listed, pieces
from content.errors import (
    N_,
    BlobDamaged,
    DiskFilled,
    PackageDamaged,
    PackageOlder,
    PackageTooLarge,
    PackageUnknown,
    ShelfUnwritable,
    TargetTaken,
    TargetUnwritable,
)
from content.formats import describe
from content.formats.exported import MANIFEST_NAME, OBJECTS
from content.limits import DEFAULT, Limits
from content.package import FileEntry, Manifest, dump
from content.remote import called
from content.shelf import Shelf

ID_HASH_DIGITS = 8
"""Hex digits of the content's hash in a package id: two of a thousand like-named files meet once in 8,000
years of
daily adding."""

_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass
class _Staged:
    """What has been brought in so far: the entry of each path, and where fresh blobs wait."""

    files: dict[str, FileEntry] = field(default_factory=dict)
    fresh: dict[str, Path] = field(default_factory=dict)


SYNCED_ONE_BY_ONE = 64
"""Files that are flushed one by one; with more it is sooner done, and as safe, to flush their file system once."""


@dataclass(frozen=True)
class Step:
    """How far an installation is: files and bytes, those that are done and all there are."""

    files: int
    files_total: int
    size_bytes: int
    total_bytes: int


Agreed = Callable[[Draft], bool]
"""Asked whether somebody agreed to what would be left out of a draft."""
Watch = Callable[[Step], None]
"""Told after each piece of each file how far it is. What it raises stops the installation, with nothing changed."""


def watch_nothing(_step: Step) -> None:
    """Watch nothing: what an installation does that nobody looks at."""


def install(
    shelf: Shelf,
    source: Path,
    limits: Limits = DEFAULT,
    watch: Watch = watch_nothing,
    *,
    in_part: bool | Agreed = False,
) -> Manifest:
    """Put the package at `source`, a file or a folder, on the shelf; return its manifest.

    Safe to repeat. Replaces an older or equal version of the same package. Waits while somebody else
    installs. Raises a ContentError with nothing changed when the source is not fit, or the disk has no
    room; PackagePartly when something of it would be left out and nobody agreed to that by `in_part`.
    """
    with closing(describe(source, limits)) as draft:
        check_draft(draft, limits)
        if draft.left_out and not (in_part(draft) if callable(in_part) else in_part):
            raise draft.partly(package=source.name, **listed(draft.left_out))
        return _held(shelf, draft, limits, watch)


def install_draft(shelf: Shelf, draft: Draft, limits: Limits, watch: Watch = watch_nothing) -> Manifest:
    """The same for a package that was described elsewhere: its files may lie in their places already."""
    check_draft(draft, limits)
    return _held(shelf, draft, limits, watch)


def _held(shelf: Shelf, draft: Draft, limits: Limits, watch: Watch) -> Manifest:
    with shelf.hold(wait=True), writing(shelf):
        try:
            return _bring_in(shelf, draft, limits, watch)
        finally:
            _clear(shelf)


def export(shelf: Shelf, package: str, to: Path) -> Path:
    """Write a package into a new folder below `to`, which `install` takes in again; return that folder.

    The files are named by hash, so that a stick with any file system holds them. Raises PackageUnknown,
    TargetTaken, TargetUnwritable, and BlobDamaged when the shelf's own copy is not whole.
    """
    manifest = shelf.delivered(package)
    if manifest is None:
        raise PackageUnknown(package=package)
    target, part = to / package, to / f".{package}.part"
    try:
        if target.exists():
            raise TargetTaken(target=target)
        shelf.disk.delete_folder(part)
        shelf.disk.make_folder(to)
        shelf.disk.make_one_folder(part)
        _give_out(shelf, manifest, part)
        shelf.disk.rename(part, target)
        shelf.disk.sync_folder(to)
    except OSError as problem:
        raise TargetUnwritable(target=target, why=problem.strerror) from problem
    finally:
        shelf.disk.delete_folder(part)
    return target


def _bring_in(shelf: Shelf, draft: Draft, limits: Limits, watch: Watch) -> Manifest:
    """Copy, make safe, move into place, name. Each line may be the last one before the power goes."""
    _clear(shelf)
    # One that is damaged is being mended, so it counts as absent.
    old = shelf.standing(draft.manifest.id)
    if old and old.version > draft.manifest.version:
        raise PackageOlder(package=old.title, on_shelf=old.version, offered=draft.manifest.version)
    staged = _Staged(files=_kept(shelf, draft, old))
    _check_room(shelf, draft, staged, limits)
    told = _Told(watch, draft, staged)
    for path in sorted(draft.origins.keys() - staged.files.keys()):
        _stage(shelf, draft, path, staged, told)
        told.done()
    manifest = _finished(shelf, draft, staged)
    page = dump(manifest)
    if len(page) > limits.manifest_bytes:
        raise PackageTooLarge(
            package=manifest.title, what=N_("its manifest"), found=len(page), limit=limits.manifest_bytes
        )
    _place_blobs(shelf, staged)
    _place_manifest(shelf, manifest.id, page)
    return manifest


class _Told:
    """Tells whoever watches, piece by piece."""

    def __init__(self, watch: Watch, draft: Draft, staged: _Staged) -> None:
        self._watch, self._staged, self._files = watch, staged, len(draft.origins)
        self._total = sum(origin.size for origin in draft.origins.values())
        self._bytes = sum(entry.size for entry in staged.files.values())

    def done(self) -> None:
        """Another file is in, or another piece of one."""
        self._watch(Step(len(self._staged.files), self._files, self._bytes, self._total))

    def passing(self, source: Iterator[bytes]) -> Iterator[bytes]:
        """The same pieces; all but the first of a file are told of, so that small files are told of once."""
        for number, piece in enumerate(source):
            if number:
                self.done()
            self._bytes += len(piece)
            yield piece


def _kept(shelf: Shelf, draft: Draft, old: Manifest | None) -> dict[str, FileEntry]:
    """The files that the shelf already holds whole, found by reading only: an update writes what changed."""
    kept = {}
    for path, origin in draft.origins.items():
        known = old.files.get(path) if old else None
        if origin.sha256:
            known = FileEntry(origin.sha256, origin.size)
        if known is None or known.size != origin.size:
            continue
        is_whole = shelf.state(known.sha256, size=known.size) == "whole"
        if is_whole and (origin.sha256 or _hash(origin, path, draft) == known.sha256):
            kept[path] = known
    return kept


def _check_room(shelf: Shelf, draft: Draft, staged: _Staged, limits: Limits) -> None:
    needed = sum(origin.size for path, origin in draft.origins.items() if path not in staged.files)
    if needed:
        check_room(shelf.free_bytes(), needed=needed, reserve=limits.reserve_bytes)


def _stage(shelf: Shelf, draft: Draft, path: str, staged: _Staged, told: _Told) -> None:
    """Copy one file into `staging/`, hashing on the way; keep it only when the shelf has none like it."""
    origin = draft.origins[path]
    copy = shelf.staging / str(len(staged.files))
    hasher = hashlib.sha256()
    shelf.disk.write(copy, _hashed(told.passing(pieces(origin, path=path, package=draft.manifest.title)), hasher))
    entry = FileEntry(sha256=hasher.hexdigest(), size=origin.size)
    if origin.sha256 not in ("", entry.sha256):
        raise PackageDamaged(package=draft.manifest.title, why=f"{path} is not what its manifest says")
    staged.files[path] = entry
    if entry.sha256 in staged.fresh or shelf.state(entry.sha256, size=entry.size) == "whole":
        shelf.disk.delete(copy)
    else:
        staged.fresh[entry.sha256] = copy


def _finished(shelf: Shelf, draft: Draft, staged: _Staged) -> Manifest:
    """The manifest with its files, its remote addresses, and its name if that hangs on the content."""
    manifest = replace(draft.manifest, files=MappingProxyType(staged.files), remote=_remote(shelf, staged))
    if not draft.named_by_content:
        return manifest
    listed = "".join(f"{entry.sha256} {path}\n" for path, entry in sorted(staged.files.items()))
    name = f"{manifest.id}-{hashlib.sha256(listed.encode()).hexdigest()[:ID_HASH_DIGITS]}"
    return replace(manifest, id=name, work=name)


def _remote(shelf: Shelf, staged: _Staged) -> tuple[str, ...]:
    def read(entry: FileEntry) -> bytes:
        return (staged.fresh.get(entry.sha256) or shelf.blob_path(entry.sha256)).read_bytes()

    return called((path, entry.size, partial(read, entry)) for path, entry in staged.files.items())


def _place_blobs(shelf: Shelf, staged: _Staged) -> None:
    shelf.disk.sync_files(list(staged.fresh.values()), one_by_one=SYNCED_ONE_BY_ONE)
    folders = set()
    for sha256, copy in staged.fresh.items():
        place = shelf.blob_path(sha256)
        if place.parent not in folders:
            shelf.disk.make_folder(place.parent)
            folders.add(place.parent)
        shelf.disk.rename(copy, place)
    for folder in sorted(folders):
        shelf.disk.sync_folder(folder)
    shelf.disk.sync_folder(shelf.objects)


def _place_manifest(shelf: Shelf, package: str, page: bytes) -> None:
    """The one step that everybody sees; all it names is already safe."""
    waiting = shelf.staging / "manifest"
    shelf.disk.write(waiting, [page])
    shelf.disk.sync_file(waiting)
    shelf.disk.rename(waiting, shelf.packages / f"{package}.json")
    shelf.disk.sync_folder(shelf.packages)


def _clear(shelf: Shelf) -> None:
    """Empty `staging/`: who holds the shelf is the only one who stages, so all in it is left over."""
    for left in shelf.staging.iterdir():
        shelf.disk.delete(left)


@contextmanager
def writing(shelf: Shelf) -> Iterator[None]:
    """Turn what the disk of the shelf complains about into a sentence."""
    try:
        yield
    except OSError as problem:
        if problem.errno in _FULL:
            raise DiskFilled(free=shelf.free_bytes() // MEGA) from problem
        raise ShelfUnwritable(why=problem.strerror) from problem


def _give_out(shelf: Shelf, manifest: Manifest, part: Path) -> None:
    """Write blobs and manifest of one package below `part`, comparing every hash."""
    paths = {entry.sha256: path for path, entry in manifest.files.items()}
    for sha256, path in sorted(paths.items()):
        place = part / OBJECTS / sha256[:2] / sha256
        shelf.disk.make_folder(place.parent)
        hasher = hashlib.sha256()
        shelf.disk.write(place, _hashed(blob(shelf, manifest, path), hasher))
        if hasher.hexdigest() != sha256:
            raise BlobDamaged(package=manifest.title, path=path)
        shelf.disk.sync_file(place)
    shelf.disk.write(part / MANIFEST_NAME, [dump(manifest)])
    shelf.disk.sync_file(part / MANIFEST_NAME)


def blob(shelf: Shelf, manifest: Manifest, path: str) -> Iterator[bytes]:
    """The bytes of a file of a package, a piece at a time. Raises BlobDamaged."""
    try:
        with shelf.blob_path(manifest.files[path].sha256).open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece
    except OSError as problem:
        raise BlobDamaged(package=manifest.title, path=path) from problem


def _hash(origin: Origin, path: str, draft: Draft) -> str:
    hasher = hashlib.sha256()
    for piece in pieces(origin, path=path, package=draft.manifest.title):
        hasher.update(piece)
    return hasher.hexdigest()


def _hashed(source: Iterator[bytes], hasher: "hashlib._Hash") -> Iterator[bytes]:
    for piece in source:
        hasher.update(piece)
        yield piece
