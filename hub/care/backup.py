"""Backups: one file with the records, the settings and the list of packages. Keys are never in it.

Whoever holds a backup can read what was learned here, but cannot speak as this hub. Keys are copied apart, once,
after `mangrove init` (docs/operate.md says how).
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import apsw
import peewee

from content import install
from content.errors import TargetUnwritable
from hub import __version__, clips, config, jobs, photos
from hub.care import archive, records
from hub.errors import DatabaseDamaged, HubError, StorageFull
from hub.node import LOCAL, Node
from hub.protection import voices
from hub.sound import files
from hub.tables import put
from hub.writing import media
from hub.xapi import attached

NOTE = "backup"
"""The node's note of its last backup: when, and the file's name."""
FOLDER = "backups"
STAGED = ".backup-"
PREFIX = "mangrove-"
SUFFIX = ".zip"
RETRY_MS = 3_600_000
"""After a backup that could not be made, the hub tries again by itself after an hour."""


class BackupFailed(HubError):
    """The backup could not be written; the hub itself is as it was."""


@dataclass(frozen=True)
class Last:
    """The last backup that was made, by hand or by itself."""

    at_ms: int
    name: str


def make(node: Node, to: Path, *, with_content: bool = False, name: str = "") -> Path:
    """Write a backup into the folder `to` and return its path. The hub goes on meanwhile. Raises BackupFailed, or
    DatabaseDamaged when there is nothing whole to copy.

    The folder must stand, unless it is the home's own: under a stick that is not in, one would be made on the card.
    What an earlier backup that was cut off has left there is cleared away.
    """
    path = to / (name or _name(node, node.clock.now_ms()))
    try:
        if to == node.home / FOLDER:
            to.mkdir(exist_ok=True)
        with _alone(to), tempfile.TemporaryDirectory(prefix=STAGED, dir=to) as folder:
            archive.write(path, Path(folder), _gather(node, Path(folder), with_content=with_content))
    except DatabaseDamaged:
        node.database.look()
        raise BackupFailed(
            f"The backup could not be written to {to}: the copy of the records is not whole. The hub is as it was;"
            " choose another folder."
        ) from None
    except (OSError, apsw.Error, peewee.PeeweeException, StorageFull, TargetUnwritable) as mistake:
        is_away = isinstance(mistake, FileNotFoundError) and not to.exists()
        then = "put the stick in, or make the folder" if is_away else "free some space there, or choose another folder"
        raise BackupFailed(
            f"The backup could not be written to {to} ({_why(mistake)}). The hub is as it was; {then}."
        ) from None
    last = json.dumps({"at_ms": node.clock.now_ms(), "name": path.name})
    with suppress(StorageFull):  # The backup stands, on a disk that may have more room than the hub's own.
        node.write(lambda: put(node.tables.Note, name=NOTE, value=last))
    return path


def _why(mistake: Exception) -> object:
    """Why the disk took no more; SQLite's copying names a full one "not an error"."""
    if isinstance(mistake, OSError):
        return mistake.strerror
    if isinstance(mistake, TargetUnwritable):
        return mistake.facts["why"]
    return "the disk is full" if isinstance(mistake, (apsw.FullError, StorageFull)) else mistake


def by_itself(node: Node) -> Path:
    """The daily backup in the home folder; the oldest ones beyond `backups_kept` go."""
    folder = node.home / FOLDER
    made = make(node, folder)
    for old in sorted(folder.glob(f"{PREFIX}*{SUFFIX}"))[: -node.settings.backups_kept]:
        old.unlink(missing_ok=True)
    return made


def take_away(node: Node, *, until_ms: int) -> None:
    """Delete this hub's backups in the home folder that were begun up to a moment, one that is being made included."""
    folder = node.home / FOLDER
    with suppress(FileNotFoundError), _alone(folder):
        for made in folder.glob(f"{PREFIX}{node.identity.hub_id[:6]}-*{SUFFIX}"):
            if made.name <= _name(node, until_ms):
                made.unlink(missing_ok=True)


def clear_away(node: Node) -> None:
    """Delete what a backup in the home folder left that was cut off, unless one is being made just now."""
    with suppress(BlockingIOError, FileNotFoundError), _alone(node.home / FOLDER, fcntl.LOCK_NB):
        pass


def last(node: Node) -> Last | None:
    """The last backup, or None when there is none yet."""
    row = node.tables.Note.get_or_none(node.tables.Note.name == NOTE)
    return None if row is None else Last(**json.loads(row.value))


def is_due(node: Node) -> bool:
    """Whether the hub should make a backup by itself now."""
    now, every_ms, made = node.clock.now_ms(), node.settings.backup_every * 1000, last(node)
    if not every_ms or any(job.is_open or 0 <= now - job.made_ms < RETRY_MS for job in jobs.jobs(node, kind="backup")):
        return False
    return made is None or not 0 <= now - made.at_ms < every_ms


def is_late(node: Node) -> bool:
    """Whether somebody should look: the hub makes backups by itself, and the last one is old or did not come about."""
    every_ms, made = node.settings.backup_every * 1000, last(node)
    if not every_ms:
        return False
    if made is None:
        return any(job.state == jobs.STOPPED for job in jobs.jobs(node, kind="backup"))
    return node.clock.now_ms() - made.at_ms > 2 * every_ms


@contextmanager
def _alone(folder: Path, flags: int = 0) -> Iterator[None]:
    """Be the only one who makes a backup in a folder, so that all unfinished ones there are left over, and delete them.

    A disk elsewhere that knows no locks is left as it is. With LOCK_NB it raises BlockingIOError while somebody else
    makes one.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if _locked(descriptor, flags):
            for staged in folder.glob(f"{STAGED}*"):
                shutil.rmtree(staged, ignore_errors=True)
            for part in folder.glob(archive.PARTS):
                part.unlink(missing_ok=True)
        yield
    finally:
        os.close(descriptor)


def _locked(descriptor: int, flags: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | flags)
    except BlockingIOError:
        raise
    except OSError:
        return False
    return True


def _name(node: Node, at_ms: int) -> str:
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return f"{PREFIX}{node.identity.hub_id[:6]}-{at:%Y%m%dT%H%M%SZ}{SUFFIX}"


def _gather(node: Node, folder: Path, *, with_content: bool) -> archive.Facts:
    records.snapshot(node.database, folder / archive.RECORDS_NAME)
    settings = node.home / config.FILE_NAME
    if settings.exists():
        shutil.copyfile(settings, folder / archive.SETTINGS_NAME)
    _copy_recordings(node, folder / archive.RECORDINGS_FOLDER)
    _copy_written(node, folder / archive.WRITTEN_FOLDER)
    _copy_attached(node, folder / archive.ATTACHED_FOLDER)
    _copy_photos(node, folder / archive.PHOTOS_FOLDER)
    _copy_said(node, folder / archive.SAID_FOLDER)
    _copy_voices(node, folder / archive.SAFE_FOLDER)
    packages = node.shelf.list()
    if with_content:
        (folder / archive.CONTENT_FOLDER).mkdir()
        for package in packages:
            install.export(node.shelf, package.id, folder / archive.CONTENT_FOLDER)
    return archive.Facts(
        hub=_owner(node),
        name=node.name,
        software=__version__,
        made_ms=node.clock.now_ms(),
        entries=records.entries(folder / archive.RECORDS_NAME),
        packages=tuple(archive.Package(each.id, each.title, each.version) for each in packages),
        has_content=with_content,
        files={},
    )


def _copy_recordings(node: Node, folder: Path) -> None:
    """What people spoke: it is nowhere else. One that is taken back meanwhile is left out."""
    folder.mkdir()
    for name in set(files.recorded(node).values()):
        with suppress(FileNotFoundError):
            shutil.copyfile(files.recording_path(node, name), folder / name)


def _copy_written(node: Node, folder: Path) -> None:
    """Pictures and sounds of drafts. One that is deleted meanwhile is left out."""
    folder.mkdir()
    for name in media.named(node):
        with suppress(FileNotFoundError):
            shutil.copyfile(media.path(node, name), folder / name)


def _copy_photos(node: Node, folder: Path) -> None:
    """Photos of works and things. One that is taken back meanwhile is left out."""
    folder.mkdir()
    for name in photos.named(node):
        with suppress(FileNotFoundError):
            shutil.copyfile(photos.path(node, name), folder / name)


def _copy_said(node: Node, folder: Path) -> None:
    """What was spoken in place of typing. One that is taken back meanwhile is left out."""
    folder.mkdir()
    for name in clips.named(node):
        with suppress(FileNotFoundError):
            shutil.copyfile(clips.path(node, name), folder / name)


def _copy_voices(node: Node, folder: Path) -> None:
    """What was spoken in reports."""
    folder.mkdir()
    for name in voices.named(node):
        with suppress(FileNotFoundError):
            shutil.copyfile(voices.path(node, name), folder / name)


def _copy_attached(node: Node, folder: Path) -> None:
    """Data attached to statements: after the records, so that what they name is here. One that is lost is left out."""
    folder.mkdir()
    for sha2, _ in attached.named(node):
        with suppress(FileNotFoundError):
            shutil.copyfile(attached.path(node, sha2), folder / sha2)


def _owner(node: Node) -> str:
    """Whose the records are: this hub's, or another one's when they are about to be replaced under a new key."""
    hubs = {line.hub for line in node.journal.streams(audience=LOCAL)}
    return node.identity.hub_id if not hubs or node.identity.hub_id in hubs else min(hubs)
