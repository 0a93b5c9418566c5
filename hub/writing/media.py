"""Pictures and sounds of drafts: files below `written/` in the home, each once, named by its hash and what it is.

A file is written first, whole; then a draft names it. A cut in between leaves a file that nobody names, and that is
cleared away. Backups carry them, since a draft is nowhere else.
"""

import re
from pathlib import Path

from content.errors import N_
from hub import own_files, photos
from hub.errors import InputWrong
from hub.node import Node
from hub.sound import kinds
from hub.tables import run
from hub.writing import banks, parts, steps

FOLDER = "written"
SOUND_BYTES_MAX = 12_000_000
SOUND_SECONDS_MAX = 600.0
"""Ten minutes: longer than anybody listens to one part of a lesson."""
BYTES_MAX = 256 * 1024 * 1024
"""Of all drafts together: every backup carries them."""
PICTURES = photos.ENDINGS
SOUND_ENDINGS = {"webm": "weba"}
"""A sound that could be taken for a film is named so that it cannot."""
STORE = own_files.Store(
    folder=FOLDER,
    bytes_max=BYTES_MAX,
    crowded=N_(
        "All drafts together hold as many pictures and sounds as this hub keeps. Nothing was changed; delete a"
        " draft that nobody needs."
    ),
    full=N_("The disk is full: this part was not kept. Free some space and send it again."),
    refused=N_("The disk did not take this part (%(why)s): it was not kept. Free some space and send it again."),
)
_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{2,4}")


def keep_picture(node: Node, data: bytes) -> str:
    """Keep a picture without its notes of place and camera; return its name. Raises InputWrong or StorageFull."""
    ending, plain = photos.plain(data)
    return STORE.keep(node, plain, ending)


def keep_sound(node: Node, data: bytes) -> str:
    """Keep a sound; return its name. Raises InputWrong or StorageFull."""
    if len(data) > SOUND_BYTES_MAX:
        raise InputWrong(
            "The sound has more than %(most)s MB. Nothing was changed; send a shorter one.",
            most=SOUND_BYTES_MAX // 1_000_000,
        )
    kind = kinds.recognise(data)
    if kind.seconds is not None and kind.seconds > SOUND_SECONDS_MAX:
        raise InputWrong(
            "The sound is longer than %(most)s minutes. Nothing was changed; make two of it.",
            most=int(SOUND_SECONDS_MAX // 60),
        )
    return STORE.keep(node, data, SOUND_ENDINGS.get(kind.ending, kind.ending))


def path(node: Node, name: str) -> Path:
    """Where a file is or would be, by its name."""
    return STORE.path(node, name)


def served(node: Node, name: str) -> Path | None:
    """The file of that name, or None."""
    return STORE.served(node, name, _NAME)


def named(node: Node) -> set[str]:
    """The files that drafts, banks, changes that can be taken back and what was published before still show."""
    found: set[str] = set()
    for table in ("draft", "edition"):
        for (body,) in run(node.tables, f"SELECT body FROM {table}"):  # noqa: S608 - names of our own tables
            found |= parts.load(body).files
    for (body,) in run(node.tables, "SELECT body FROM draftstep"):
        found |= steps.load(body).files
    for (body,) in run(node.tables, "SELECT body FROM bank"):
        found |= banks.load_files(body)
    return found


def clear_away(node: Node, *, old_ms: int = own_files.OLD_MS) -> None:
    """Delete files that nobody names: what a cut, a replaced picture or a deleted draft left. For the worker."""
    own_files.clear_away(node, node.home / FOLDER, named(node), old_ms=old_ms)
