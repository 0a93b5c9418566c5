"""What was spoken in a report: files below `safe/` in the home, each named by its hash. Only its readers hear it.

A file is written first, whole; then a report names it. What no report names is cleared away. Backups carry them.
"""

import re
from pathlib import Path

from content.errors import N_
from hub import own_files
from hub.node import Node
from hub.sound import kinds
from hub.tables import run

FOLDER = "safe"
BYTES_MAX = 64 * 1024 * 1024
"""Of all together: some hundreds of a minute each."""
STORE = own_files.Store(
    folder=FOLDER,
    bytes_max=BYTES_MAX,
    crowded=N_("There is no room for another voice here. What you pressed is kept; go to one of the two and tell it."),
    full=N_("The disk is full: the voice was not kept. What you pressed is kept; go to one of the two and tell it."),
    refused=N_(
        "The disk did not take the voice (%(why)s). What you pressed is kept; go to one of the two and tell it."
    ),
)
_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{2,4}")


def keep(node: Node, data: bytes) -> str:
    """Keep a recording; return its name. Raises InputWrong or StorageFull."""
    return STORE.keep(node, data, kinds.look(data).ending)


def path(node: Node, name: str) -> Path:
    """Where a recording is or would be, by its name."""
    return STORE.path(node, name)


def served(node: Node, name: str) -> Path | None:
    """The recording of that name, or None."""
    return STORE.served(node, name, _NAME)


def named(node: Node) -> set[str]:
    """The recordings that reports name."""
    return {name for (name,) in run(node.tables, "SELECT sound FROM report") if _NAME.fullmatch(name)}


def clear_away(node: Node, *, old_ms: int = own_files.OLD_MS) -> None:
    """Delete recordings that no report names. For the worker."""
    own_files.clear_away(node, node.home / FOLDER, named(node), old_ms=old_ms)
