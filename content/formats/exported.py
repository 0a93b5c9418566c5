"""A package that a hub gave out: its manifest, and its files named by hash, perhaps with the ending a browser needs."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from content.draft import Draft, Origin, loose_file
from content.errors import N_, PackageDamaged, PackageTooLarge
from content.limits import Limits
from content.package import FileEntry, parse

MANIFEST_NAME = "mangrove.json"
OBJECTS = "objects"
OPENED = (".pdf", ".mp4", ".webm", ".mp3", ".ogg", ".m4a", ".wav", ".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg")
"""Endings of what a browser opens by itself; such a file keeps its ending where somebody is to open it there."""


def places(files: Mapping[str, FileEntry], *, is_readable: bool) -> dict[str, str]:
    """Each path of a package → where its file lies below the folder: by hash, so that files that are alike are one.

    With `is_readable` it has the ending of the first of its paths that a browser opens.
    """
    endings: dict[str, str] = {}
    for path, entry in sorted(files.items()):
        ending = PurePosixPath(path).suffix.lower()
        if is_readable and ending in OPENED:
            endings.setdefault(entry.sha256, ending)
    hashes = {path: entry.sha256 for path, entry in files.items()}
    return {path: f"{OBJECTS}/{sha[:2]}/{sha}{endings.get(sha, '')}" for path, sha in hashes.items()}


def recognise(source: Path) -> bool:
    """Whether `source` is the folder of an exported package."""
    return (source / MANIFEST_NAME).is_file()


def describe(source: Path, limits: Limits) -> Draft:
    """Describe an exported package. Raises ManifestWrong, PackageDamaged and kin."""
    page = source / MANIFEST_NAME
    if page.stat().st_size > limits.manifest_bytes:
        raise PackageTooLarge(
            package=source.name, what=N_("its manifest"), found=page.stat().st_size, limit=limits.manifest_bytes
        )
    manifest = parse(page.read_bytes(), limits)
    plain = places(manifest.files, is_readable=False)
    readable = places(manifest.files, is_readable=True)
    lie = {path: plain[path] if (source / plain[path]).exists() else readable[path] for path in plain}
    origins = {path: _origin(source / lie[path], source, path, entry) for path, entry in manifest.files.items()}
    return Draft(manifest=manifest, origins=MappingProxyType(origins))


def _origin(place: Path, source: Path, path: str, entry: FileEntry) -> Origin:
    try:
        found = loose_file(place, package=source.name)
    except FileNotFoundError as problem:
        raise PackageDamaged(package=source.name, why=f"{path} is missing") from problem
    if found.size != entry.size:
        raise PackageDamaged(package=source.name, why=f"{path} is not what its manifest says")
    return Origin(open=found.open, size=entry.size, sha256=entry.sha256)
