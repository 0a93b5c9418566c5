"""The packed download: a package as one file to keep, the film itself, the book as an EPUB, the rest as a zip."""

import zipfile
from typing import BinaryIO

from content.draft import PIECE_BYTES
from content.errors import N_, BlobDamaged, PackageTooLarge
from content.limits import MIB
from content.package import Manifest, dump
from content.shelf import Shelf

PACKED_BYTES_MAX = 64 * MIB
"""Packing copies every byte once while somebody waits; larger packages go by `mangrove content export`."""

SINGLE_KINDS = ("pdf", "video", "audio", "zim")
MIMETYPE = "mimetype"
MANIFEST_NAME = "mangrove.json"
"""Beside the files of a zip, so that whoever gets it sees where it comes from and what it may be used for."""

_DAY = (1980, 1, 1, 0, 0, 0)
"""One time for all, so that the same package packs to the same bytes."""


def single(manifest: Manifest) -> str:
    """The path of the one file that is the whole package, or "" when it has to be packed."""
    kinds = [item.kind for item in manifest.items]
    is_single = len(kinds) == 1 and (kinds[0] in SINGLE_KINDS or (kinds[0] == "pictures" and len(manifest.files) == 1))
    return manifest.items[0].path if is_single else ""


def ending(manifest: Manifest) -> str:
    """The ending that a packed package has: "epub" or "zip"."""
    return "epub" if manifest.source_format == "epub" else "zip"


def media_type(manifest: Manifest) -> str:
    """The media type of a packed package."""
    return "application/epub+zip" if ending(manifest) == "epub" else "application/zip"


def is_offered(manifest: Manifest) -> bool:
    """Whether a package can be had as one file: it is one, or it is small enough to be packed."""
    return bool(single(manifest)) or manifest.size_bytes <= PACKED_BYTES_MAX


def pack(shelf: Shelf, manifest: Manifest, to: BinaryIO) -> None:
    """Write the package into `to` as a zip, the same bytes each time.

    Raises PackageTooLarge, or BlobDamaged when the shelf's own copy is not whole.
    """
    if manifest.size_bytes > PACKED_BYTES_MAX:
        raise PackageTooLarge(
            package=manifest.title, what=N_("its size"), found=manifest.size_bytes, limit=PACKED_BYTES_MAX
        )
    # An EPUB begins with its media type, not compressed (EPUB 3.3, 4.2.2).
    paths = sorted(manifest.files, key=lambda path: (path != MIMETYPE, path))
    with zipfile.ZipFile(to, "w") as archive:
        for path in paths:
            _put(shelf, manifest, path, archive)
        if ending(manifest) == "zip" and MANIFEST_NAME not in manifest.files:
            archive.writestr(zipfile.ZipInfo(MANIFEST_NAME, _DAY), dump(manifest))


def _put(shelf: Shelf, manifest: Manifest, path: str, archive: zipfile.ZipFile) -> None:
    entry = manifest.files[path]
    member = zipfile.ZipInfo(path, _DAY)
    member.file_size = entry.size
    try:
        with shelf.blob_path(entry.sha256).open("rb") as file, archive.open(member, "w") as out:
            while piece := file.read(PIECE_BYTES):
                out.write(piece)
    except OSError as problem:
        raise BlobDamaged(package=manifest.title, path=path) from problem
