"""What people speak or photograph in place of typing, in what is decided together: files below `said/` in the home.

Each is kept once, named by its hash; photos without notes of place and camera. A file is written first, whole; then a
record names it. What no record names is cleared away after a while. Backups carry them, since they are nowhere else.
"""

from pathlib import Path

from content.errors import N_
from hub import own_files, photos
from hub.node import Node
from hub.sound import kinds
from hub.tables import run
from hub.typed import CLIP

FOLDER = "said"
BYTES_MAX = 128 * 1024 * 1024
"""Of all together: every backup carries them. A minute of speech has a third of a megabyte."""
SOUND_ENDINGS = {"webm": "weba"}
"""A sound that could be taken for a film is named so that it cannot."""
STORE = own_files.Store(
    folder=FOLDER,
    bytes_max=BYTES_MAX,
    crowded=N_("There are as many recordings as this hub keeps. Nothing was changed; say it in words, or in a room."),
    full=N_("The disk is full: what you sent was not kept. Free some space and send it again."),
    refused=N_("The disk did not take it (%(why)s): it was not kept. Free some space and send it again."),
)
SAID = (
    ("proposalversion", "sound"),
    ("proposalversion", "photo"),
    ("remark", "sound"),
    ("objection", "sound"),
    ("proposalconsent", "sound"),
)
"""Table and column that name such a file."""


def keep_sound(node: Node, data: bytes) -> str:
    """Keep what somebody spoke, a minute at most; return its name. Raises InputWrong or StorageFull."""
    ending = kinds.look(data).ending
    return STORE.keep(node, data, SOUND_ENDINGS.get(ending, ending))


def keep_photo(node: Node, data: bytes) -> str:
    """Keep a photo without its notes; return its name. Raises InputWrong or StorageFull."""
    ending, plain = photos.plain(data)
    return STORE.keep(node, plain, ending)


def path(node: Node, name: str) -> Path:
    """Where a file is or would be, by its name."""
    return STORE.path(node, name)


def served(node: Node, name: str) -> Path | None:
    """The file of that name, or None."""
    return STORE.served(node, name, CLIP)


def named(node: Node) -> set[str]:
    """The files that something said names."""
    asked = (f"SELECT {column} FROM {table} WHERE {column} <> ''" for table, column in SAID)  # noqa: S608 - our own names
    return {name for each in asked for (name,) in run(node.tables, each)}


def clear_away(node: Node, *, old_ms: int = own_files.OLD_MS) -> None:
    """Delete what nobody names any more. For the worker."""
    own_files.clear_away(node, node.home / FOLDER, named(node), old_ms=old_ms)
