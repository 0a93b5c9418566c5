"""One running hub as one object, made at start and passed in everywhere. Two of them live well in one process."""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from content.catalogue import Catalogue
from content.shelf import Shelf
from hub import migrations, projections
from hub.config import Settings
from hub.database import Database, close_database, open_database
from hub.errors import HomeMissing, HomeUnusable
from hub.projections.registers import depth_above
from hub.tables import Tables
from hub.writer import Writer
from sync.clock import Clock, SystemClock
from sync.identity import Identity
from sync.ids import new_id
from sync.journal import Journal, Placed

T = TypeVar("T")

PRIVATE_MODE = 0o700
JOBS_FOLDER = "jobs"
"""Where jobs keep what they work on; its lock says which process does them."""
LOCAL = "local"
"""The audience of everything that happens here; it never leaves, only what a publisher copies from it does."""


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
    clock: Clock
    randomness: Callable[[int], bytes]
    shelf: Shelf
    catalogue: Catalogue
    cookie_key: bytes

    def write(self, work: Callable[[], T]) -> T:
        """Run `work` in a durable transaction; see `hub.writer.Writer.write`."""
        return self.writer.write(work)

    def record(self, kind: str, payload: dict[str, Any] | bytes, *, at_ms: int | None = None, depth: int = 0) -> Placed:
        """Append one entry to the local stream and project it. Only inside `write`."""
        raw = (
            payload
            if isinstance(payload, bytes)
            else json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
        )
        return self.journal.append(LOCAL, kind, raw, at_ms=at_ms, depth=depth)

    def change(self, kind: str, subject: str, /, *, at_ms: int | None = None, **fields: Any) -> Placed:
        """Set fields of a mutable record (a person, a circle, …), by kind of `hub.projections.records`.

        Only inside `write`.
        """
        depth = depth_above(self.tables, kind, subject)
        return self.record(kind, {"id": subject, "set": fields}, at_ms=at_ms, depth=depth)

    def new_id(self) -> str:
        """A fresh random identifier (UUID version 4 as text)."""
        return new_id(self.randomness)

    def close(self) -> None:
        """Finish writing and close every file. Safe to repeat."""
        self.writer.close()
        self.catalogue.close()
        close_database(self.database)


def open_node(
    home: Path,
    settings: Settings,
    *,
    clock: Clock | None = None,
    randomness: Callable[[int], bytes] = os.urandom,
    vfs: str | None = None,
) -> Node:
    """Open the hub whose home folder was made by `make_home`, bringing its database up to date.

    Raises HomeMissing, DatabaseUnreachable or DatabaseNewer; then nothing has been changed.
    """
    if not (home / "keys").is_dir():
        raise HomeMissing(f"There is no hub in {home} yet. Make one with: mangrove init")
    database = open_database(settings.database, home, vfs)
    writer = Writer(database, home)
    try:
        migrations.migrate(database, writer)
    except BaseException:
        writer.close()
        close_database(database)
        raise
    tables = Tables(database)
    identity, clock = Identity.load_or_create(home / "keys"), clock or SystemClock()

    def project(placed: Placed) -> None:
        projections.project(tables, placed)

    journal = Journal(database, identity, clock, randomness, writer.write, project)
    migrations.fit_projections(tables, writer, journal)
    return Node(
        home=home,
        settings=settings,
        database=database,
        tables=tables,
        writer=writer,
        journal=journal,
        identity=identity,
        clock=clock,
        randomness=randomness,
        shelf=Shelf(home / "blobs"),
        catalogue=Catalogue(home / "catalogue.db"),
        cookie_key=_cookie_key(home / "keys" / "cookies"),
    )


def make_home(home: Path) -> None:
    """Make the home folder and its private key folder; safe to repeat. Raises HomeUnusable."""
    try:
        for folder in (home, home / "blobs", home / "backups", home / JOBS_FOLDER):
            folder.mkdir(parents=True, exist_ok=True)
        (home / "keys").mkdir(mode=PRIVATE_MODE, exist_ok=True)
        (home / "keys").chmod(PRIVATE_MODE)
    except OSError as mistake:
        raise HomeUnusable(
            f"The folder {home} cannot be a hub's home ({mistake.strerror}). Choose another with --home."
        ) from None


def _cookie_key(path: Path) -> bytes:
    """The key that signs cookies, made once."""
    if not path.exists():
        draft = path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(32))
        draft.replace(path)
    return path.read_bytes()
