"""The file of a backup: a ZIP that any computer opens, with `backup.json` naming every other member and its hash.

It is written beside its place, checked by reading it again, and then renamed; so a file with the right name is whole.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from content import outside
from hub.errors import BackupDamaged

FORMAT = 1
FACTS_NAME = "backup.json"
RECORDS_NAME = "records.db"
SETTINGS_NAME = "settings.toml"
CONTENT_FOLDER = "content"
RECORDINGS_FOLDER = "recordings"
WRITTEN_FOLDER = "written"
ATTACHED_FOLDER = "attachments"
PHOTOS_FOLDER = "photos"
SAID_FOLDER = "said"
SAFE_FOLDER = "safe"
FACTS_BYTES_MAX = 64 * 1024 * 1024
"""The list of a backup with 100,000 files of content has 20 MB."""
PART = ".part"
PARTS = f".*.zip{PART}"
"""The names of backups that are being written; after a cut they are left over."""
PIECE_BYTES = 1024 * 1024
PRIVATE_MODE = 0o600


@dataclass(frozen=True)
class Package:
    """A package that stood on the shelf when the backup was made."""

    id: str
    title: str
    version: int


@dataclass(frozen=True)
class Facts:
    """What a backup says of itself. Times are milliseconds since 1970, UTC."""

    hub: str
    name: str
    software: str
    made_ms: int
    entries: int
    packages: tuple[Package, ...]
    has_content: bool
    files: dict[str, str]


def write(path: Path, folder: Path, facts: Facts) -> None:
    """Pack everything in `folder` into a backup at `path`, and read it again. Raises OSError or BackupDamaged."""
    part = path.with_name(f".{path.name}{PART}")
    try:
        names = sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())
        facts = Facts(**{**vars(facts), "files": {name: _hash_of(folder / name) for name in names}})
        with outside.new(part, PRIVATE_MODE) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(FACTS_NAME, json.dumps({"format": FORMAT, **asdict(facts)}, ensure_ascii=False, indent=1))
            for name in names:
                archive.write(folder / name, name)
        _make_safe(part)
        check(part)
        part.replace(path)
        _make_safe(path.parent)
    finally:
        part.unlink(missing_ok=True)


def check(path: Path) -> Facts:
    """Read a backup from end to end. Raises BackupDamaged."""
    with _reading(path) as archive:
        facts = _facts(archive, path)
        for name, digest in facts.files.items():
            if _hash(_pieces(archive, name, path)) != digest:
                raise damaged(path, f"{name} was changed")
        return facts


def unpack(path: Path, facts: Facts, folder: Path) -> None:
    """Write the members of a backup that was checked into `folder`, and only those it names."""
    with _reading(path) as archive:
        for name in facts.files:
            place = folder / name
            if not place.resolve().is_relative_to(folder.resolve()):
                raise damaged(path, "it names a file outside itself")
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("wb") as file:
                for piece in _pieces(archive, name, path):
                    file.write(piece)


def damaged(path: Path, why: object) -> BackupDamaged:
    """The sentence for a backup that cannot be used."""
    return BackupDamaged(f"{path} is not a whole backup of a hub ({why}). Nothing was changed; use another one.")


def _reading(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except OSError as mistake:
        raise BackupDamaged(
            f"{path} cannot be read by the hub ({mistake.strerror}). Nothing was changed;"
            " look whether it is there, and who may read it."
        ) from None
    except zipfile.BadZipFile as mistake:
        raise damaged(path, mistake) from None


def _facts(archive: zipfile.ZipFile, path: Path) -> Facts:
    try:
        if archive.getinfo(FACTS_NAME).file_size > FACTS_BYTES_MAX:
            raise ValueError("its list is too long")
        found: dict[str, Any] = json.loads(archive.read(FACTS_NAME))
        if found.pop("format") != FORMAT:
            raise BackupDamaged(f"{path} was made by a newer Mangrove. Nothing was changed; install that version.")
        packages = tuple(Package(**package) for package in found.pop("packages"))
        facts = Facts(**{name: found[name] for name in Facts.__dataclass_fields__ if name in found}, packages=packages)
        if RECORDS_NAME not in facts.files:
            raise ValueError("it holds no records")
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, RecursionError) as mistake:
        raise damaged(path, mistake) from None
    return facts


def _pieces(archive: zipfile.ZipFile, name: str, path: Path) -> Iterator[bytes]:
    try:
        with archive.open(name) as file:
            while piece := file.read(PIECE_BYTES):
                yield piece
    except (KeyError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as mistake:
        raise damaged(path, mistake) from None


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash(pieces: Iterator[bytes]) -> str:
    total = hashlib.sha256()
    for piece in pieces:
        total.update(piece)
    return total.hexdigest()


def _make_safe(path: Path) -> None:
    """Flush a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
