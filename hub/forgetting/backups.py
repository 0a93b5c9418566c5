"""Copies that were made before somebody was forgotten, and still hold them: told by name and date, and made anew."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from hub.care import backup
from hub.care.restore import ASIDE
from hub.database import FILE_NAME
from hub.node import Node
from hub.sentences import Sentence, sentence
from hub.tide import erased

JOB = "backups.anew"
_MOMENT = re.compile(r"(\d{8}T\d{6}Z)")


@dataclass(frozen=True)
class Old:
    """A file in the home that was made before the last person was forgotten; `made_ms` since 1970, UTC."""

    name: str
    made_ms: int


def old(node: Node) -> list[Old]:
    """Backups, and databases that a restore set aside, from before the last time somebody was forgotten."""
    last_ms = max((each.made_ms for each in erased.erasures(node)), default=-1)
    home, folder = node.home, node.home / backup.FOLDER
    found = [*folder.glob(f"*{backup.SUFFIX}"), *home.glob(f"{FILE_NAME}.{ASIDE}-*")]
    listed = [Old(path.relative_to(home).as_posix(), _made_ms(path.name)) for path in sorted(found)]
    return [each for each in listed if each.made_ms <= last_ms]


def make_anew(node: Node) -> Sentence:
    """Make a backup as things are now, and delete those that hold somebody who was forgotten. Safe to repeat."""
    gone = old(node)
    made = backup.make(node, node.home / backup.FOLDER)
    for each in gone:
        (node.home / each.name).unlink(missing_ok=True)
    return sentence("The backup is %(file)s. Those from before are gone.", file=made.name)


def _made_ms(name: str) -> int:
    """The moment in a file's name; one without is as old as can be."""
    found = _MOMENT.search(name)
    if found is None:
        return 0
    return int(datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp() * 1000)
