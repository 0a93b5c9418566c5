"""One running hub as one object, made at start and passed in everywhere. Two of them live well in one process."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from content.catalogue import Catalogue
from content.shelf import Shelf
from content.zim import Zims
from content.zim_index import ZimIndexes
from hub import hardware, migrations, own_keys, projections
from hub.config import Settings
from hub.database import FILE_NAME, Database, close_database, damage_named, open_database
from hub.errors import DatabaseLost, DatabaseNotReady, DatabaseOfAnother, HomeMissing, HomeUnusable, RestoreUnfinished
from hub.kept_clock import KeptClock
from hub.projections.registers import depth_above
from hub.remembered import Remembered
from hub.tables import Tables, put
from hub.writer import Crowd, Writer
from sync.clock import Clock, SystemClock
from sync.errors import KeyUnreadable
from sync.identity import Identity
from sync.ids import new_id
from sync.journal import Folding, Journal, Placed
from sync.store import Store

T = TypeVar("T")

JOBS_FOLDER = "jobs"
HEARD = "erased"
"""The note that an erasure was heard of and done, and is yet to be taken off the disk."""
"""Where jobs keep what they work on; its lock says which process does them."""
ZIM_FOLDER = "zims"
"""Where the words of ZIM files are kept for the search."""
RESTORING = "restoring"
"""The file that stands in a home while records are put back into it (`hub.care.restore`): no hub opens then."""
BEGUN = "begun"
"""The file that stands in a home once records were made there: an empty database beside it is a loss, no beginning."""
BEGUN_SAYS = "Records were begun here. When they are away, bring a backup back: mangrove restore FILE --force\n"
MACHINE = "machine"
"""The file that names the machine on which these records were open last (`hub.hardware`)."""
LOCAL = "local"
"""The audience of everything that happens here; it never leaves, only what a publisher copies from it does."""

Still = Callable[[], None]
"""Called again and again while something takes long: somebody waits, and hears that it goes on."""
Opened = tuple[Database, Writer]


@dataclass(frozen=True)
class Node:
    """A hub that is open: its home, settings, records, content, keys and clock."""

    home: Path
    settings: Settings
    database: Database
    tables: Tables
    writer: Writer
    journal: Journal
    identity: Identity
    clock: KeptClock
    randomness: Callable[[int], bytes]
    shelf: Shelf
    catalogue: Catalogue
    zims: Zims
    zim_words: ZimIndexes
    cookie_key: bytes
    remembered: Remembered
    greeted: dict[str, tuple[bytes, bool]] = field(default_factory=dict)
    """By the hub that came last: the digest it greeted with, and whether it is noted that it stands there."""

    def write(self, work: Callable[[], T]) -> T:
        """Run `work` in a durable transaction; see `hub.writer.Writer.write`."""
        return self.writer.write(work)

    def write_together(self, crowd: Crowd, item: Any) -> Any:
        """Do `crowd` for `item` in a durable transaction; see `hub.writer.Writer.write_together`."""
        return self.writer.write_together(crowd, item)

    def record(self, kind: str, payload: dict[str, Any] | bytes, *, at_ms: int | None = None, depth: int = 0) -> Placed:
        """Append one entry to the local stream and project it. Only inside `write`."""
        raw = (
            payload
            if isinstance(payload, bytes)
            else json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
        )
        return self.journal.append(LOCAL, kind, raw, at_ms=at_ms, depth=depth)

    def record_many(self, kind: str, payloads: Sequence[tuple[bytes, int | None]]) -> list[Placed]:
        """Append entries of one kind to the local stream, each a payload and its time (ms), and project them.

        Only inside `write`.
        """
        return self.journal.append_many(LOCAL, kind, payloads)

    def change(self, kind: str, subject: str, /, *, at_ms: int | None = None, **fields: Any) -> Placed:
        """Set fields of a mutable record (a person, a circle, …), by kind of `hub.projections.records`.

        Only inside `write`.
        """
        depth = depth_above(self.tables, kind, subject, incarnation=self.journal.incarnation(LOCAL))
        return self.record(kind, {"id": subject, "set": fields}, at_ms=at_ms, depth=depth)

    @property
    def name(self) -> str:
        """What the hub is called: in its records, else in its settings."""
        row = self.tables.Hub.get_or_none(self.tables.Hub.id == self.identity.hub_id)
        return str(row.name) if row is not None and row.name else self.settings.name

    def new_id(self) -> str:
        """A fresh random identifier (UUID version 4 as text)."""
        return new_id(self.randomness)

    def close(self) -> None:
        """Finish writing and close every file. Safe to repeat."""
        self.writer.close()
        self.catalogue.close()
        self.zim_words.close()
        close_database(self.database)


def open_node(
    home: Path,
    settings: Settings,
    *,
    clock: Clock | None = None,
    randomness: Callable[[int], bytes] = os.urandom,
    vfs: str | None = None,
    still: Still = lambda: None,
) -> Node:
    """Open the hub whose home folder was made by `make_home`, bringing its database up to date.

    `still` is called again and again while that takes long. Raises HomeMissing, KeyUnreadable, RestoreUnfinished,
    DatabaseLost, DatabaseOfAnother, DatabaseUnreachable, DatabaseDamaged or DatabaseNewer; then nothing has been
    changed.
    """
    check_whole(home)
    keys = own_keys.load(home)
    _refuse_lost_file(home, settings)
    with _opening(home, settings, vfs) as opened:
        _refuse_lost_records(opened[0], home)
        migrations.migrate(*opened, still)
        _check_owner(opened[0], home, keys.identity)
        node = _node(home, settings, opened, keys, clock or SystemClock(), randomness)
        migrations.fit_projections(node.tables, node.writer, node.journal, still)
        _leave_other_machine(node, hardware.fingerprint())
    _note_begun(home)
    node.clock.note()
    return node


def open_restoring(home: Path, settings: Settings) -> Node:
    """Open a hub whose records are being put back, or are about to be replaced: they may be of another hub's key."""
    keys = own_keys.load(home)
    with _opening(home, settings, None) as opened:
        migrations.migrate(*opened)
        node = _node(home, settings, opened, keys, SystemClock(), os.urandom)
        migrations.fit_projections(node.tables, node.writer, node.journal)
    return node


def look_at(home: Path, settings: Settings) -> Node:
    """Open a hub to look at it: no key is made, no step done, no stream begun.

    Only the search's own file is made again when it is damaged. Raises what `open_node` raises, and DatabaseNotReady.
    """
    check_whole(home)
    keys = own_keys.look(home)
    _refuse_lost_file(home, settings)
    if not settings.database and not (home / FILE_NAME).exists():
        raise DatabaseNotReady(f"There are no records in {home} yet. Nothing was changed; the next start makes them.")
    with _opening(home, settings, None) as opened:
        _refuse_lost_records(opened[0], home)
        migrations.check_ready(opened[0])
        _check_owner(opened[0], home, keys.identity)
        node = _node(home, settings, opened, keys, SystemClock(), os.urandom)
        migrations.check_fitting(node.tables)
    return node


def make_home(home: Path) -> None:
    """Make the home folder with the keys of a new hub in it; safe to repeat. Raises HomeUnusable.

    Raises KeyUnreadable when there are records without keys: those are no new hub's.
    """
    make_folders(home)
    _refuse_lost_keys(home)
    try:
        own_keys.make(home)
    except OSError as mistake:
        raise _unusable(home, mistake) from None


def make_folders(home: Path) -> None:
    """Make the home folder and those in it, for their owner alone; safe to repeat. Raises HomeUnusable.

    What stands keeps its mode: somebody chose it.
    """
    try:
        for folder in (home, home / "blobs", home / "backups", home / JOBS_FOLDER):
            folder.mkdir(mode=own_keys.PRIVATE_MODE, parents=True, exist_ok=True)
    except OSError as mistake:
        raise _unusable(home, mistake) from None


def check_whole(home: Path) -> None:
    """Raises HomeMissing, KeyUnreadable or RestoreUnfinished when no hub can be opened in this home."""
    if (home / RESTORING).exists():
        raise RestoreUnfinished(
            f"A restore into {home} was cut off. What stood there is safe beside it; say the same again:"
            " mangrove restore FILE --force"
        )
    _refuse_lost_keys(home)
    if not (home / own_keys.FOLDER).is_dir():
        raise HomeMissing(f"There is no hub in {home} yet. Make one with: mangrove init")


def _refuse_lost_keys(home: Path) -> None:
    folder = home / own_keys.FOLDER
    if ((home / FILE_NAME).exists() or (home / BEGUN).exists()) and not folder.is_dir():
        raise KeyUnreadable(
            f"There are records of the hub in {home}, and the folder {folder} is away. Nothing was changed; put its"
            " copy there, or restore a backup with --as-new-hub."
        )


def _refuse_lost_file(home: Path, settings: Settings) -> None:
    """Before SQLite would make a new file in the place of the one that was lost."""
    file = home / FILE_NAME
    if not settings.database and not (file.exists() and file.stat().st_size) and _has_begun(home):
        raise _lost(home)


def _refuse_lost_records(database: Database, home: Path) -> None:
    if migrations.is_empty(database) and _has_begun(home):
        raise _lost(home)


def _has_begun(home: Path) -> bool:
    """Whether there were records: they were made here, or entries of them were shown to somebody."""
    return (home / BEGUN).exists() or bool(Identity.load(home / own_keys.FOLDER).marks())


def _lost(home: Path) -> DatabaseLost:
    return DatabaseLost(
        f"The records of the hub in {home} are away: its database is empty, and it was not before. Nothing was changed;"
        " put the database back, or bring the last backup back with: mangrove restore FILE --force"
    )


def _note_begun(home: Path) -> None:
    """Remember that there are records now; a disk that takes nothing more is asked again at the next start."""
    with suppress(OSError):
        if not (home / BEGUN).exists():
            (home / BEGUN).write_text(BEGUN_SAYS, encoding="utf-8")


def _note_heard(tables: Tables, *, has_gone: bool) -> None:
    """Note in the same transaction that something was erased, and whether it was here: it is yet on the disk."""
    note = tables.Note.get_or_none(tables.Note.name == HEARD)
    if note is None or (has_gone and not json.loads(note.value)):
        put(tables.Note, name=HEARD, value=json.dumps(has_gone))


def _leave_other_machine(node: Node, machine: str) -> None:
    """Go on in new streams when the card has woken in another machine: the one it was copied from may go on too.

    The name of the machine is kept after that; cut in between, the next start begins once more, which costs one entry.
    """
    file = node.home / MACHINE
    with suppress(OSError):
        known = file.read_text(encoding="ascii") if file.exists() else ""
        if machine and known != machine:
            if known:
                node.journal.begin_incarnation("another machine")
            file.write_text(machine, encoding="ascii")


def _check_owner(database: Database, home: Path, identity: Identity) -> None:
    """What happened in a place is told by its own hub alone, so records of a lost key never open under a new one."""
    hubs = {line.hub for line in Store(database).lines(audience=LOCAL)}
    if hubs and identity.hub_id not in hubs:
        raise DatabaseOfAnother(
            f"The records are of the hub {min(hubs)[:6]}, and the keys in {home / own_keys.FOLDER} are of the hub"
            f" {identity.hub_id[:6]}. Nothing was changed; put the copy of its keys folder there, or restore a backup"
            " with --as-new-hub."
        )


def _unusable(home: Path, mistake: OSError) -> HomeUnusable:
    return HomeUnusable(f"The folder {home} cannot be a hub's home ({mistake.strerror}). Choose another with --home.")


@contextmanager
def _opening(home: Path, settings: Settings, vfs: str | None) -> Iterator[Opened]:
    """The database and its writer, closed again when the hub cannot be opened over them."""
    with damage_named(home / FILE_NAME), ExitStack() as undo:
        database = open_database(settings.database, home, vfs)
        undo.callback(close_database, database)
        writer = Writer(database, home)
        undo.callback(writer.close)
        yield database, writer
        undo.pop_all()


def _node(
    home: Path,
    settings: Settings,
    opened: Opened,
    keys: own_keys.OwnKeys,
    clock: Clock,
    randomness: Callable[[int], bytes],
) -> Node:
    database, writer = opened
    tables, own = Tables(database), KeptClock(clock, home)

    def project(placed: Sequence[Placed]) -> None:
        projections.project_all(tables, placed)

    def unproject(gone: Sequence[Placed]) -> None:
        projections.take_out(tables, gone, journal.replay)
        _note_heard(tables, has_gone=bool(gone))

    journal = Journal(database, keys.identity, own, randomness, writer.write, Folding(project, unproject))
    return Node(
        home=home,
        settings=settings,
        database=database,
        tables=tables,
        writer=writer,
        journal=journal,
        identity=keys.identity,
        clock=own,
        randomness=randomness,
        shelf=Shelf(home / "blobs"),
        catalogue=Catalogue(home / "catalogue.db"),
        zims=Zims(settings.zim_memory // 2),
        zim_words=ZimIndexes(home / ZIM_FOLDER),
        cookie_key=keys.cookies,
        remembered=Remembered(database),
    )
