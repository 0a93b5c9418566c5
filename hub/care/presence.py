"""Whether this hub is being served, and on which ports: the one process that does its jobs holds a lock and says so."""

import fcntl
import re
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from hub.config import Settings
from hub.node import JOBS_FOLDER

LOCK_NAME = "lock"
PORTS = re.compile(r"([0-9]{1,5}) ([0-9]{1,5})\n")


def open_lock(home: Path) -> TextIO:
    """The file that whoever does this home's jobs locks."""
    return (home / JOBS_FOLDER / LOCK_NAME).open("a", encoding="ascii")


def tell(lock: TextIO, settings: Settings) -> None:
    """Write into the lock that we hold where the hub is served; a full disk does not keep it from its work."""
    with suppress(OSError):
        lock.truncate(0)
        lock.write(f"{settings.port} {settings.content_port}\n")
        lock.flush()


def ports(home: Path) -> tuple[int, ...] | None:
    """The ports of pages and of packages while the hub is served, () when it did not say them, None when it is not."""
    try:
        with (home / JOBS_FOLDER / LOCK_NAME).open(encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                said = PORTS.fullmatch(lock.read(32))
                return tuple(map(int, said.groups())) if said else ()
    except (OSError, UnicodeDecodeError):
        pass
    return None
