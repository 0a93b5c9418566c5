"""What is on its way to the shelf from another hub: over days, through cuts, a verified piece at a time.

`awaited/<id>.json` holds the manifest of a package that is being fetched, and a sweep of the shelf keeps the files
that it names. `incoming/<hash>.part` grows from its front: its length says how much is there, which a file made long
beforehand could not say after a power cut. A file that is whole moves to its place, where nobody sees it before the
package is installed; that is done by `install`, as with any other source.
"""

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from content import install
from content.chunks import CHUNK_BYTES
from content.disk import check_room
from content.draft import Draft, Origin
from content.errors import BlobRefused, ContentError, PackageDamaged, SourceChanged
from content.limits import DEFAULT, Limits
from content.package import Manifest, dump, parse
from content.shelf import Shelf

Hashes = tuple[bytes, ...]


class Incoming:
    """The files that a shelf awaits. One at a time uses it: the background worker, or a command."""

    def __init__(self, shelf: Shelf, limits: Limits = DEFAULT) -> None:
        self._shelf, self._limits = shelf, limits
        self._folder = shelf.root / "incoming"
        for folder in (self._folder, shelf.awaited):
            shelf.disk.make_folder(folder)

    def expect(self, manifest: Manifest) -> None:
        """Await a package: from now on its files stay, whoever sweeps."""
        waiting, disk = self._folder / "manifest", self._shelf.disk
        with self._shelf.hold(wait=True):
            disk.delete(waiting)
            disk.write(waiting, [dump(manifest)])
            disk.sync_file(waiting)
            disk.rename(waiting, self._page(manifest.id))
            disk.sync_folder(self._shelf.awaited)

    def awaited(self, package: str) -> Manifest | None:
        """The manifest of a package that is awaited; None when there is none that can be read."""
        try:
            return parse(self._page(package).read_bytes())
        except (OSError, ContentError):
            return None

    def forget(self, package: str) -> None:
        """Await a package no longer; what came of it goes with the next sweep. Safe to repeat."""
        self._shelf.disk.delete(self._page(package))

    def clear(self, pages: Iterable[str] = ()) -> None:
        """Drop parts of files that no awaited package has any more, but for those of these `pages`. Safe to repeat."""
        awaited = [self.awaited(path.stem) for path in self._shelf.awaited.glob("*.json")]
        hashes = {file.sha256 for manifest in awaited if manifest for file in manifest.files.values()}
        kept = {f"{name}.part" for name in hashes.union(pages)}
        for path in self._folder.iterdir():
            if path.name not in kept:
                self._shelf.disk.delete(path)

    def missing(self, manifest: Manifest) -> dict[str, int]:
        """Hash → size of each file that is not here yet, by size only; what is not whole shows when it is installed."""
        files = {each.sha256: each.size for each in manifest.files.values()}
        return {sha256: size for sha256, size in sorted(files.items()) if not self._stands(sha256, size)}

    def check_room(self, manifest: Manifest) -> None:
        """Raises NoSpace unless all that is still to come of a package fits beside the reserve."""
        self._check_room(self.needed(manifest))

    def needed(self, manifest: Manifest) -> int:
        """How many bytes of a package are still to come."""
        return sum(max(0, size - self.part(name)) for name, size in self.missing(manifest).items())

    def part(self, sha256: str) -> int:
        """How many bytes of a file have come."""
        return _size(self._part(sha256))

    def resume(self, sha256: str, hashes: Hashes) -> int:
        """The same, once the chunks that came before are compared again: a power cut may have left nonsense there."""
        path = self._part(sha256)
        size = _size(path)
        good = sum(1 for number in range(len(hashes)) if (number + 1) * CHUNK_BYTES <= size)
        for number in range(good):
            if self._chunk(path, number) != hashes[number]:
                self._shorten(path, number * CHUNK_BYTES)
                return number * CHUNK_BYTES
        return size

    def take(self, name: str) -> bytes:
        """All bytes of something that came and is no file of the shelf, such as a page; it is dropped here."""
        data = self._part(name).read_bytes()
        self.restart(name)
        return data

    def restart(self, sha256: str) -> None:
        """Drop what came of a file."""
        self._shelf.disk.delete(self._part(sha256))

    def append(self, sha256: str, data: bytes, *, size: int, hashes: Hashes) -> None:
        """Put the next bytes of a file behind those that came. Raises BlobRefused, or NoSpace.

        A chunk that is not what the publisher signed is dropped, and only that.
        """
        path = self._part(sha256)
        at = _size(path)
        if at + len(data) > size:
            self.restart(sha256)
            raise BlobRefused
        self._check_room(len(data))
        with install.writing(self._shelf):
            self._shelf.disk.append(path, data)
        for number in range(at // CHUNK_BYTES, (at + len(data)) // CHUNK_BYTES):
            self._shelf.disk.sync_file(path)
            if number < len(hashes) and self._chunk(path, number) != hashes[number]:
                self._shorten(path, number * CHUNK_BYTES)
                raise BlobRefused

    def finish(self, sha256: str, hashes: Hashes) -> None:
        """Move a file that came to its place. Raises BlobRefused; its last chunk, or all of it, is dropped then."""
        path, disk = self._part(sha256), self._shelf.disk
        last = len(hashes) - 1
        if last > 0 and self._chunk(path, last) != hashes[last]:
            self._shorten(path, last * CHUNK_BYTES)
            raise BlobRefused
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                file.close()
                self.restart(sha256)
                raise BlobRefused
        disk.sync_file(path)
        self._place({sha256: path})

    def put(self, files: Mapping[str, bytes]) -> None:
        """Put small files in their places, by their hashes. Raises BlobRefused when one is another, or NoSpace.

        They are made safe from a power cut together: hundreds of flushes one by one would wear a card out.
        """
        if any(hashlib.sha256(data).hexdigest() != sha256 for sha256, data in files.items()):
            raise BlobRefused
        self._check_room(sum(map(len, files.values())))
        disk, parts = self._shelf.disk, {sha256: self._part(sha256) for sha256 in files}
        with install.writing(self._shelf):
            for sha256, path in parts.items():
                disk.delete(path)
                disk.write(path, [files[sha256]])
            disk.sync_files(list(parts.values()), one_by_one=install.SYNCED_ONE_BY_ONE)
        self._place(parts)

    def install(self, manifest: Manifest, watch: install.Watch = install.watch_nothing) -> Manifest:
        """Put an awaited package on the shelf; all its files are read and compared once more. Raises a ContentError.

        A file that is not whole is dropped, so that it is fetched again.
        """
        origins = {path: self._origin(each.sha256, each.size) for path, each in manifest.files.items()}
        draft = Draft(manifest=manifest, origins=MappingProxyType(origins))
        try:
            installed = install.install_draft(self._shelf, draft, self._limits, watch)
        except (PackageDamaged, SourceChanged) as problem:
            self._drop_damaged(manifest)
            raise BlobRefused from problem
        self.forget(manifest.id)
        return installed

    def _drop_damaged(self, manifest: Manifest) -> None:
        for sha256, size in {each.sha256: each.size for each in manifest.files.values()}.items():
            if self._shelf.state(sha256, size=size) == "changed":
                self._shelf.disk.delete(self._shelf.blob_path(sha256))

    def _origin(self, sha256: str, size: int) -> Origin:
        place = self._shelf.blob_path(sha256)
        return Origin(open=lambda: place.open("rb"), size=size, sha256=sha256)

    def _place(self, parts: Mapping[str, Path]) -> None:
        """Move files that are whole and safe to their places."""
        disk, places = self._shelf.disk, {sha256: self._shelf.blob_path(sha256) for sha256 in parts}
        folders = sorted({place.parent for place in places.values()})
        for folder in folders:
            disk.make_folder(folder)
        for sha256, path in parts.items():
            disk.rename(path, places[sha256])
        for folder in folders:
            disk.sync_folder(folder)

    def _stands(self, sha256: str, size: int) -> bool:
        with suppress(OSError):
            return self._shelf.blob_path(sha256).stat().st_size == size
        return False

    def _check_room(self, needed: int) -> None:
        if needed:
            check_room(self._shelf.free_bytes(), needed=needed, reserve=self._limits.reserve_bytes)

    def _shorten(self, path: Path, size: int) -> None:
        self._shelf.disk.shorten(path, size)

    def _page(self, package: str) -> Path:
        return self._shelf.awaited / f"{package}.json"

    def _part(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.part"

    def _chunk(self, path: Path, number: int) -> bytes:
        with path.open("rb") as file:
            file.seek(number * CHUNK_BYTES)
            return hashlib.sha256(file.read(CHUNK_BYTES)).digest()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
