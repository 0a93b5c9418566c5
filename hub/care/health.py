"""Facts about a hub's state: for `/healthz`, `/metrics`, the strip on the status page and `mangrove doctor`."""

import shutil
import threading
from dataclasses import dataclass

import apsw
import peewee
from peewee import fn

from hub import jobs
from hub.care import backup
from hub.errors import HubError
from hub.node import Node
from hub.tables import put

PULSE = "pulse"
"""The note that a look at the hub's health writes."""
PULSE_S = 5.0
"""How long a durable write may take before the hub counts as ill."""
PULSE_EVERY_MS = 1000
"""At most one such write a second, so that looking often does not wear the card out."""


@dataclass(frozen=True)
class Disk:
    """The disk that the home folder is on, in bytes; it is low when imports are refused."""

    free: int
    total: int
    is_low: bool


@dataclass(frozen=True)
class Health:
    """How the hub is. Times are milliseconds since 1970, UTC; 0 where something has not been yet."""

    disk: Disk
    database_bytes: int
    database_is_elsewhere: bool
    up_ms: int
    clock_quality: int
    backup_ms: int
    backup_is_late: bool
    tide_ms: int
    jobs: dict[str, int]
    people: int
    statements: int
    packages: int


class Pulse:
    """Tries the hub's records by reading and by a durable write. One for each application."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._lock = threading.Lock()
        self._felt_ms = -PULSE_EVERY_MS

    def feel(self) -> str:
        """ "" when the hub reads and writes, else a sentence that says what it cannot."""
        with self._lock:
            if self._node.database.damage:
                return self._node.database.damage
            now = self._node.clock.monotonic_ms()
            if 0 <= now - self._felt_ms < PULSE_EVERY_MS:
                return ""
            try:
                self._beat(now)
            except HubError as mistake:
                return str(mistake)
            except (peewee.PeeweeException, apsw.Error) as mistake:
                return f"The records cannot be read or written ({mistake}). Look at the disk and at the database."
            self._felt_ms = now
            return ""

    def _beat(self, now: int) -> None:
        table = self._node.tables.Note
        self._node.writer.write(lambda: put(table, name=PULSE, value=str(now)), within_s=PULSE_S)
        table.get_by_id(PULSE)


def health(node: Node) -> Health:
    """All facts at this moment; quick enough for a page."""
    tables, last = node.tables, backup.last(node)
    return Health(
        disk=disk(node),
        database_bytes=node.database.size_bytes(),
        database_is_elsewhere=node.database.is_elsewhere(),
        up_ms=node.clock.monotonic_ms(),
        clock_quality=node.clock.quality,
        backup_ms=last.at_ms if last else 0,
        backup_is_late=backup.is_late(node),
        tide_ms=_tide_ms(node),
        jobs={**jobs.counts(node), jobs.STOPPED: sum(each.state == jobs.STOPPED for each in jobs.unsettled(node))},
        people=tables.Person.select().where(tables.Person.is_active == 1).count(),
        statements=tables.Statement.select().count(),
        packages=len(node.catalogue.list()),
    )


def _tide_ms(node: Node) -> int:
    """When this hub last went to another one, or one that comes to it was here."""
    went, peer = node.tables.Tide, node.tables.Peer
    times = (went.select(fn.MAX(went.ended_ms)), peer.select(fn.MAX(peer.seen_ms)).where(peer.url == ""))
    return max(asked.scalar() or 0 for asked in times)


def disk(node: Node) -> Disk:
    """How much room the home folder has."""
    usage = shutil.disk_usage(node.home)
    return Disk(free=usage.free, total=usage.total, is_low=usage.free <= node.settings.free_reserve)
