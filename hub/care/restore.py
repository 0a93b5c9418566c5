"""Bring a hub back from a backup.

The records come from the file; keys never do. With the hub's own keys in place the hub is itself again and goes on in
a new incarnation of its streams, since others may know more of them than the backup does. Without them it can only go
on as a new hub that holds the old one's records, and somebody must say so.
"""

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from content import install
from hub import config, library
from hub.care import archive, backup, records
from hub.config import Settings
from hub.database import FILE_NAME, close_database, open_database
from hub.errors import RestoreRefused
from hub.node import JOBS_FOLDER, Node, make_home, open_node
from sync.identity import KEY_NAME, Identity

ASIDE = "before-restore"
"""What stood in the home folder keeps its name with this behind it."""
PARTS = ("", "-wal", "-shm")
"""The files of a SQLite database."""


@dataclass(frozen=True)
class Restored:
    """What came back. `is_same_hub` is False when the records go on under a new key."""

    hub: str
    entries: int
    packages_back: int
    packages_missing: tuple[str, ...]
    is_same_hub: bool


def restore(home: Path, file: Path, *, force: bool = False, as_new_hub: bool = False) -> Restored:
    """Put the backup's records into `home`, keeping what stood there beside it.

    Raises BackupDamaged, RestoreRefused, DatabaseNewer or SettingWrong; then nothing was changed.
    """
    facts = archive.check(file)
    is_same = _check_identity(home, facts, as_new_hub=as_new_hub)
    make_home(home)
    with _alone(home), tempfile.TemporaryDirectory(prefix="restore-", dir=home) as folder:
        archive.unpack(file, facts, Path(folder))
        records.bring_up_to_date(Path(folder) / archive.RECORDS_NAME)
        settings = _settings(home, Path(folder))
        _check_empty(home, settings, force=force)
        _set_aside(home, settings)
        _bring_settings(home, Path(folder))
        _bring_records(home, settings, Path(folder), forget="" if is_same else facts.hub)
        return _begin(home, settings, Path(folder), facts)


def _check_identity(home: Path, facts: archive.Facts, *, as_new_hub: bool) -> bool:
    """Whether the keys in the home folder are those of the backup's hub; if not, somebody must have wished it so."""
    folder = home / "keys"
    own = Identity.load_or_create(folder).hub_id if (folder / KEY_NAME).exists() else ""
    if own != facts.hub and not as_new_hub:
        what = "There are no keys" if not own else "The keys of another hub are"
        raise RestoreRefused(
            f"{what} in {folder}; the backup is of the hub {facts.hub[:6]}, and keys are in no backup. Nothing was"
            " changed; put the copy of its keys folder there, or say --as-new-hub to go on as a new hub."
        )
    return own == facts.hub


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Be sure that no server runs over this home, and that none starts meanwhile to do jobs."""
    with (home / JOBS_FOLDER / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RestoreRefused(f"The hub in {home} is running. Nothing was changed; stop it first.") from None
        yield


def _settings(home: Path, folder: Path) -> Settings:
    """The settings that will stand: those of the home folder, else those of the backup."""
    place = home if (home / config.FILE_NAME).exists() else folder
    return config.load(place)


def _check_empty(home: Path, settings: Settings, *, force: bool) -> None:
    if not force and _has_records(home, settings):
        raise RestoreRefused(
            f"There is a hub with records in {home} already. Nothing was changed; say --force to replace them"
            " (what stands there is kept beside)."
        )


def _has_records(home: Path, settings: Settings) -> bool:
    if not settings.database:
        return (home / FILE_NAME).exists()
    database = open_database(settings.database, home)
    try:
        return bool(database.get_tables())
    finally:
        close_database(database)


def _set_aside(home: Path, settings: Settings) -> None:
    """Keep what stood here: a SQLite file under another name, a PostgreSQL database as a backup of its own."""
    if not settings.database:
        for part in PARTS:
            path = home / (FILE_NAME + part)
            if path.exists():
                path.replace(home / f"{FILE_NAME}.{ASIDE}{part}")
    elif _has_records(home, settings):
        node = open_node(home, settings)
        try:
            backup.make(node, home / "backups")
        finally:
            node.close()


def _bring_settings(home: Path, folder: Path) -> None:
    found = folder / archive.SETTINGS_NAME
    if found.exists() and not (home / config.FILE_NAME).exists():
        found.replace(home / config.FILE_NAME)


def _bring_records(home: Path, settings: Settings, folder: Path, *, forget: str) -> None:
    """Put the records in their place, without what the backup's hub had published when it is another one."""
    snapshot = folder / archive.RECORDS_NAME
    if forget:
        records.forget_published(snapshot, forget)
    if not settings.database:
        snapshot.replace(home / FILE_NAME)
        return
    database = open_database(settings.database, home)
    try:
        records.load(snapshot, database, home)
    finally:
        close_database(database)


def _begin(home: Path, settings: Settings, folder: Path, facts: archive.Facts) -> Restored:
    """Open the hub, whose tables are made from the journal then, and say what came back."""
    node = open_node(home, settings)
    try:
        node.journal.begin_incarnation("restored")
        back = _bring_content(node, folder)
        library.mend(node)
        _introduce(node, facts)
        standing = {manifest.id for manifest in node.shelf.list()}
        missing = tuple(package.title for package in facts.packages if package.id not in standing)
        is_same = node.identity.hub_id == facts.hub
        return Restored(node.identity.hub_id, facts.entries, back, missing, is_same)
    finally:
        node.close()


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
