"""A package that a hub gave out: its manifest, and its files named by hash."""

from pathlib import Path
from types import MappingProxyType

from content.draft import Draft, Origin, loose_file
from content.errors import N_, PackageDamaged, PackageTooLarge
from content.limits import Limits
from content.package import FileEntry, parse

MANIFEST_NAME = "mangrove.json"
OBJECTS = "objects"


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
    origins = {path: _origin(source, path, entry) for path, entry in manifest.files.items()}
    return Draft(manifest=manifest, origins=MappingProxyType(origins))


def _origin(source: Path, path: str, entry: FileEntry) -> Origin:
    place = source / OBJECTS / entry.sha256[:2] / entry.sha256
    try:
        found = loose_file(place, package=source.name)
    except FileNotFoundError as problem:
        raise PackageDamaged(package=source.name, why=f"{path} is missing") from problem
    if found.size != entry.size:
        raise PackageDamaged(package=source.name, why=f"{path} is not what its manifest says")
    return Origin(open=found.open, size=entry.size, sha256=entry.sha256)
