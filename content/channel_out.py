"""Giving a channel out again as it came, so that Kolibri takes it in: its database, its files by MD5, its list.

What Kolibri reads from a stick is one folder for all channels, so a channel is added to those that lie there. The files
come first and the database last: without it nobody sees them, and doing it once more goes on where it stopped.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from content import outside
from content.errors import BlobDamaged, PackageUnknown, TargetTaken, TargetUnwritable
from content.formats.kolibri_folder import DATABASE, DATABASES, FORMAT, NAMES, STORAGE
from content.install import blob
from content.package import Manifest
from content.refusals import NoOriginal
from content.shelf import Shelf

FOLDER = "KOLIBRI_DATA"
LIST = "manifest.json"
LIST_BYTES_MAX = 4 * 1024 * 1024
_ID_CHARS = 32

Pieces = Callable[[], Iterator[bytes]]


def export(shelf: Shelf, package: str, to: Path, watch: Callable[[int], None] = lambda _size: None) -> Path:
    """Add the channel that a package came from to the folder `KOLIBRI_DATA` below `to`; return that folder.

    Of a topic only its own files are there, and Kolibri's list says so. `watch` hears before each file (0) and after it
    how many bytes more are there; what it raises stops the work. Raises PackageUnknown, NoOriginal for a package
    that was no channel, TargetTaken when another version lies there, TargetUnwritable, BlobDamaged.
    """
    manifest = shelf.manifest(package)
    if manifest is None:
        raise PackageUnknown(package=package)
    if not is_channel(manifest):
        raise NoOriginal(package=manifest.title)
    target, channel = to / FOLDER, package.split("-")[1]
    content = target / "content"
    database = content / DATABASES / f"{channel}.sqlite3"
    try:
        if database.exists() and not _is_same(database, manifest):
            raise TargetTaken(target=database)
        shelf.disk.make_folder(to)
        for name, path in names(shelf, manifest).items():
            watch(0)
            _put(shelf, to, content / STORAGE / name[0] / name[1] / name, manifest, path)
            watch(manifest.files[path].size)
        _list(shelf, to, content / LIST, channel, manifest)
        _put(shelf, to, database, manifest, DATABASE)
    except OSError as problem:
        raise TargetUnwritable(target=target, why=problem.strerror) from problem
    return target


def names(shelf: Shelf, manifest: Manifest) -> dict[str, str]:
    """The files of a channel: the name in Kolibri's storage → the path in the package. Raises BlobDamaged."""
    lines = shelf.read(manifest, NAMES).decode().splitlines()
    return {name: path for name, _tab, path in (line.partition("\t") for line in lines)}


def is_channel(manifest: Manifest) -> bool:
    """Whether a package came from Kolibri and can be given out for it."""
    return manifest.source_format == FORMAT and DATABASE in manifest.files


def _is_same(place: Path, manifest: Manifest) -> bool:
    with outside.opened(place) as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == manifest.files[DATABASE].sha256


def _put(shelf: Shelf, top: Path, place: Path, manifest: Manifest, path: str) -> None:
    """Write one file, compared while it is written, and name it at its end; one of that size is there already."""
    entry = manifest.files[path]
    if outside.is_plain(place) and place.stat().st_size == entry.size:
        return
    hasher = hashlib.sha256()

    def compared() -> Iterator[bytes]:
        for piece in blob(shelf, manifest, path):
            hasher.update(piece)
            yield piece
        if hasher.hexdigest() != entry.sha256:
            raise BlobDamaged(package=manifest.title, path=path)

    _write(shelf, top, place, compared())


def _write(shelf: Shelf, top: Path, place: Path, pieces: Iterator[bytes]) -> None:
    part = place.with_name(f".{place.name}.part")
    shelf.disk.make_folders_below(top, place.parent)
    shelf.disk.delete(part)
    try:
        shelf.disk.write(part, pieces)
        shelf.disk.sync_file(part)
        shelf.disk.rename(part, place)
        shelf.disk.sync_folder(place.parent)
    finally:
        shelf.disk.delete(part)


def _list(shelf: Shelf, top: Path, place: Path, channel: str, manifest: Manifest) -> None:
    """Say in Kolibri's own list which nodes are there, beside what it says of other channels."""
    nodes = {item.id[:_ID_CHARS] for item in manifest.items}
    others = [each for each in _listed(place) if each.get("id") != channel]
    for each in _listed(place):
        if each.get("id") == channel and isinstance(each.get("include_node_ids"), list):
            nodes |= {str(node) for node in each["include_node_ids"]}
    channels = [*others, {"id": channel, "version": manifest.version, "include_node_ids": sorted(nodes)}]
    mark = hashlib.md5(json.dumps(channels, sort_keys=True).encode(), usedforsecurity=False).hexdigest()
    _write(shelf, top, place, iter([json.dumps({"channels": channels, "channel_list_hash": mark}, indent=4).encode()]))


def _listed(place: Path) -> list[dict[str, Any]]:
    """The channels of a list that lies there; none where it is none."""
    try:
        with outside.opened(place) as file:
            data = file.read(LIST_BYTES_MAX + 1)
        values = json.loads(data) if len(data) <= LIST_BYTES_MAX else None
    except (FileNotFoundError, ValueError, RecursionError):
        return []
    found = values.get("channels") if isinstance(values, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
