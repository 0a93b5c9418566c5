"""The hashes of a long file's chunks, so that a flipped bit on a bad line costs one chunk and not the whole file.

A page lists them for all long files of a package: for each file in the order of its hash, that hash and those of its
chunks, 32 bytes each. A collection names the SHA-256 of the page, and its publisher signs that.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from content.errors import CollectionWrong
from content.limits import MIB
from content.package import FileEntry, Manifest
from content.shelf import Shelf

CHUNK_BYTES = MIB
HASH_BYTES = 32

Chunks = Mapping[str, tuple[bytes, ...]]
"""Hash of a long file → the hashes of its chunks."""


def long_files(files: Mapping[str, FileEntry]) -> dict[str, int]:
    """Hash → size of each file that has more than one chunk, in the order of the hashes."""
    return dict(sorted({each.sha256: each.size for each in files.values() if each.size > CHUNK_BYTES}.items()))


def of_file(path: Path) -> Iterator[bytes]:
    """The hashes of a file's chunks."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield hashlib.sha256(chunk).digest()


def count(size: int) -> int:
    """How many chunks a file of so many bytes has."""
    return -(-size // CHUNK_BYTES)


def page_of(shelf: Shelf, manifest: Manifest) -> bytes:
    """The page about a package that stands on the shelf, b"" when it has no long file.

    It is made once, by reading those files, and kept beside the shelf; it can always be made again.
    """
    long = long_files(manifest.files)
    if not long:
        return b""
    page = kept_page(shelf, manifest)
    try:
        read_page(page, manifest.files)
    except CollectionWrong:
        page = b"".join(bytes.fromhex(each) + b"".join(of_file(shelf.blob_path(each))) for each in long)
        keep_page(shelf, manifest, page)
    return page


def kept_page(shelf: Shelf, manifest: Manifest) -> bytes:
    """The page that is kept beside the shelf, as it is there; b"" when there is none."""
    try:
        return _place(shelf, manifest).read_bytes()
    except OSError:
        return b""


def keep_page(shelf: Shelf, manifest: Manifest, page: bytes) -> None:
    """Keep a page beside the shelf, and drop those of packages that are no longer there."""
    place, disk = _place(shelf, manifest), shelf.disk
    draft = place.with_suffix(".new")
    disk.make_folder(place.parent)
    disk.delete(draft)
    disk.write(draft, [page])
    disk.sync_file(draft)
    disk.rename(draft, place)
    kept = {manifest.digest, *(each.digest for each in shelf.list())}
    for path in place.parent.iterdir():
        if path.stem not in kept:
            disk.delete(path)


def _place(shelf: Shelf, manifest: Manifest) -> Path:
    return shelf.root / "chunks" / manifest.digest


def read_page(page: bytes, files: Mapping[str, FileEntry]) -> Chunks:
    """The chunks of a package's long files. Raises CollectionWrong when the page is not about these files."""
    found, at = {}, 0
    for sha256, size in long_files(files).items():
        end = at + HASH_BYTES * (1 + count(size))
        if page[at : at + HASH_BYTES] != bytes.fromhex(sha256) or end > len(page):
            raise CollectionWrong(where="The list of chunks", why="it is about other files")
        hashes = page[at + HASH_BYTES : end]
        found[sha256] = tuple(hashes[place : place + HASH_BYTES] for place in range(0, len(hashes), HASH_BYTES))
        at = end
    return found
