"""Bring a hub back from a backup.

The records come from the file; keys never do. With the hub's own keys in place the hub is itself again and goes on in
a new incarnation of its streams, since others may know more of them than the backup does. Without them it can only go
on as a new hub that holds the old one's records, and somebody must say so.

From the moment on which anything standing here is moved, until the hub is whole again, a mark stands in the home folder
and no hub opens there. It names what was set aside, so that a restore that was cut off is done by saying it again.
"""

import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from content import install
from content.disk import Disk
from hub import clips, config, library, own_keys, photos
from hub.care import archive, backup, presence, records
from hub.config import Settings
from hub.database import FILE_NAME, close_database, open_database
from hub.errors import RestoreRefused
from hub.node import RESTORING, Node, make_folders, open_restoring
from hub.protection import voices
from hub.sound import files
from hub.writing import media
from hub.xapi import attached
from sync.identity import KEY_NAME

ASIDE = "before-restore"
"""What stood in the home folder keeps its name with this and the moment behind it."""
UNPACKED = "restore-"
PARTS = ("-wal", "-shm", "")
"""The files of a SQLite database; the one that holds the records goes last, so that it says whether all have gone."""


@dataclass(frozen=True)
class Restored:
    """What came back. `is_same_hub` is False when the records go on under a new key."""

    hub: str
    entries: int
    packages_back: int
    packages_missing: tuple[str, ...]
    is_same_hub: bool


def restore(
    home: Path, file: Path, *, force: bool = False, as_new_hub: bool = False, disk: Disk | None = None
) -> Restored:
    """Put the backup's records into `home`, keeping what stood there beside it. Cut off, it is done by repeating it.

    Raises BackupDamaged, RestoreRefused, KeyUnreadable, DatabaseNewer or SettingWrong; then nothing was changed.
    """
    facts = archive.check(file)
    is_same = _check_identity(home, facts, as_new_hub=as_new_hub)
    make_folders(home)
    with _alone(home), tempfile.TemporaryDirectory(prefix=UNPACKED, dir=home) as folder:
        archive.unpack(file, facts, Path(folder))
        snapshot = Path(folder) / archive.RECORDS_NAME
        records.bring_up_to_date(snapshot)
        if not is_same:
            records.forget_published(snapshot, facts.hub)
        settings = _settings(home, Path(folder))
        _check_empty(home, settings, force=force)
        return _Restore(home, settings, Path(folder), disk or Disk()).run(facts)


def clear_away(home: Path) -> None:
    """Delete what a restore that was cut off had unpacked. Only for whoever does the jobs of this home."""
    for folder in home.glob(f"{UNPACKED}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _check_identity(home: Path, facts: archive.Facts, *, as_new_hub: bool) -> bool:
    """Whether the keys in the home folder are those of the backup's hub; if not, somebody must have wished it so."""
    folder = home / own_keys.FOLDER
    if as_new_hub:
        is_whole = (folder / KEY_NAME).exists()
        return is_whole and own_keys.hub_id(home) == facts.hub
    if not (folder / KEY_NAME).exists():
        raise RestoreRefused(_keys_refused("There are no keys", folder, facts))
    if own_keys.look(home).identity.hub_id != facts.hub:
        raise RestoreRefused(_keys_refused("The keys of another hub are", folder, facts))
    return True


def _keys_refused(what: str, folder: Path, facts: archive.Facts) -> str:
    return (
        f"{what} in {folder}; the backup is of the hub {facts.hub[:6]}, and keys are in no backup. Nothing was"
        " changed; put the copy of its keys folder there, or say --as-new-hub to go on as a new hub."
    )


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Be sure that no server runs over this home, and that none starts meanwhile to do jobs."""
    with presence.open_lock(home) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RestoreRefused(f"The hub in {home} is running. Nothing was changed; stop it first.") from None
        clear_away(home)
        yield


def _settings(home: Path, folder: Path) -> Settings:
    """The settings that will stand: those of the home folder, else those of the backup."""
    place = home if (home / config.FILE_NAME).exists() else folder
    return config.load(place)


def _check_empty(home: Path, settings: Settings, *, force: bool) -> None:
    if not force and not (home / RESTORING).exists() and _has_records(home, settings):
        raise RestoreRefused(
            f"There is a hub with records in {home} already. Nothing was changed; say --force to replace them"
            " (what stands there is kept beside)."
        )


def _has_records(home: Path, settings: Settings) -> bool:
    if not settings.database:
        return (home / FILE_NAME).exists()
    database = open_database(settings.database, home)
    try:
        return records.are_in(database)
    finally:
        close_database(database)


class _Restore:
    """The steps that change something, each repeatable; `folder` holds what was unpacked, on the same disk."""

    def __init__(self, home: Path, settings: Settings, folder: Path, disk: Disk) -> None:
        self._home = home
        self._settings = settings
        self._folder = folder
        self._disk = disk
        self._mark = home / RESTORING

    def run(self, facts: archive.Facts) -> Restored:
        own_keys.make(self._home)
        own_keys.fill(self._home / own_keys.FOLDER)
        self._set_aside()
        self._bring(self._folder / archive.SETTINGS_NAME, config.FILE_NAME)
        self._bring_records()
        back = self._begin(facts)
        self._disk.delete(self._mark)
        self._disk.sync_folder(self._home)
        return back

    def _set_aside(self) -> None:
        """Keep what stood here: a SQLite file under another name, a PostgreSQL database as a backup of its own.

        After a restore that was cut off, what its mark names is kept already; all else here is half of that restore.
        """
        if self._mark.exists():
            aside = self._mark.read_text(encoding="utf-8")
        else:
            aside = self._free_name() if _has_records(self._home, self._settings) else ""
            if self._settings.database and aside:
                with closing(open_restoring(self._home, self._settings)) as node:
                    backup.make(node, self._home / backup.FOLDER, name=aside)
            self._put_mark(aside)
        if not self._settings.database:
            self._move_aside(aside)

    def _free_name(self) -> str:
        """A name with the moment in it that nothing has: what was set aside once is never replaced."""
        moment = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        number = 1
        while True:
            name = f"{ASIDE}-{moment}{f'-{number}' if number > 1 else ''}"
            name = f"{name}{backup.SUFFIX}" if self._settings.database else f"{FILE_NAME}.{name}"
            if not (self._home / name).exists() and not (self._home / backup.FOLDER / name).exists():
                return name
            number += 1

    def _put_mark(self, aside: str) -> None:
        draft = self._folder / RESTORING
        self._disk.write(draft, [aside.encode()])
        self._disk.sync_file(draft)
        self._disk.rename(draft, self._mark)
        self._disk.sync_folder(self._home)

    def _move_aside(self, aside: str) -> None:
        is_kept = not aside or (self._home / aside).exists()
        for part in PARTS:
            path = self._home / (FILE_NAME + part)
            if is_kept:
                self._disk.delete(path)
            elif path.exists():
                self._disk.rename(path, self._home / (aside + part))
        self._disk.sync_folder(self._home)

    def _bring(self, found: Path, name: str) -> None:
        """Give a file its place in the home folder, safe from a power cut, unless something stands there."""
        if found.exists() and not (self._home / name).exists():
            self._disk.sync_file(found)
            self._disk.rename(found, self._home / name)
            self._disk.sync_folder(self._home)

    def _bring_records(self) -> None:
        snapshot = self._folder / archive.RECORDS_NAME
        if not self._settings.database:
            self._bring(snapshot, FILE_NAME)
            return
        database = open_database(self._settings.database, self._home)
        try:
            records.load(snapshot, database, self._home)
        finally:
            close_database(database)

    def _bring_files(self, node: Node) -> None:
        """What people spoke, what drafts show, what is attached to statements: files that say what they are."""
        self._bring_each(archive.RECORDINGS_FOLDER, lambda name: files.recording_path(node, name))
        self._bring_each(archive.WRITTEN_FOLDER, lambda name: media.path(node, name))
        self._bring_each(archive.PHOTOS_FOLDER, lambda name: photos.path(node, name))
        self._bring_each(archive.SAID_FOLDER, lambda name: clips.path(node, name))
        self._bring_each(archive.SAFE_FOLDER, lambda name: voices.path(node, name))
        self._bring_each(archive.ATTACHED_FOLDER, lambda name: attached.path(node, name))

    def _bring_each(self, folder: str, place_of: Callable[[str], Path]) -> None:
        """Every file of a folder of the backup to its place; what stands there already stays."""
        for path in sorted((self._folder / folder).glob("*")):
            place = place_of(path.name)
            self._disk.make_folder(place.parent)
            self._bring(path, place.relative_to(self._home).as_posix())
            self._disk.sync_folder(place.parent)

    def _begin(self, facts: archive.Facts) -> Restored:
        """Open the hub, whose tables are made from the journal then, and say what came back."""
        with closing(open_restoring(self._home, self._settings)) as node:
            node.journal.begin_incarnation("restored")
            back = _bring_content(node, self._folder)
            self._bring_files(node)
            library.mend(node)
            _introduce(node, facts)
            standing = {manifest.id for manifest in node.shelf.list()}
            missing = tuple(package.title for package in facts.packages if package.id not in standing)
            is_same = node.identity.hub_id == facts.hub
            return Restored(node.identity.hub_id, facts.entries, back, missing, is_same)


def _bring_content(node: Node, folder: Path) -> int:
    """The packages that the backup carries."""
    found = sorted(path for path in (folder / archive.CONTENT_FOLDER).glob("*") if path.is_dir())
    for path in found:
        install.install(node.shelf, path)
    return len(found)


def _introduce(node: Node, facts: archive.Facts) -> None:
    """A hub that goes on under a new key says its name again; the old one's row is that of another hub now."""
    if node.identity.hub_id != facts.hub:
        old = node.tables.Hub.get_or_none(node.tables.Hub.id == facts.hub)
        name = old.name if old is not None else facts.name
        role, language = node.settings.role, node.settings.language
        face = {"name": name, "role": role, "language": language, "software": facts.software}
        node.write(lambda: node.change("hub", node.identity.hub_id, at_ms=None, **face))
