"""Photos that the people of a hub put in place of a cover, or beside a thing to borrow: files below `photos/`.

Each is kept once, named by its hash, without notes of place and camera. A file is written first, whole; then a record
names it. What no record names is cleared away after a while. Backups carry them, since they are nowhere else.
"""

import json
import re
from pathlib import Path

from content import bare
from content.errors import N_
from content.worn import PHOTO
from hub import own_files
from hub.errors import InputWrong
from hub.node import Node
from hub.tables import run

FOLDER = "photos"
BYTES_MAX = 12_000_000
"""A photo of the finest phone cameras; the form as a whole must fit into a request."""
TOTAL_BYTES_MAX = 256 * 1024 * 1024
"""Of all together: every backup carries them."""
ENDINGS = ("jpg", "png", "gif", "webp")
STORE = own_files.Store(
    folder=FOLDER,
    bytes_max=TOTAL_BYTES_MAX,
    crowded=N_("There are as many photos as this hub keeps. Nothing was changed; take back one that nobody needs."),
    full=N_("The disk is full: the picture was not kept. Free some space and send it again."),
    refused=N_("The disk did not take the picture (%(why)s): it was not kept. Free some space and send it again."),
)
_NAME = re.compile(r"[0-9a-f]{64}\.[a-z]{3,4}")


def plain(data: bytes) -> tuple[str, bytes]:
    """The ending and the bytes of a picture without its notes. Raises InputWrong."""
    if len(data) > BYTES_MAX:
        raise InputWrong(
            "The picture has more than %(most)s MB. Nothing was changed; send a smaller one.",
            most=BYTES_MAX // 1_000_000,
        )
    try:
        return bare.picture(data)
    except bare.NoPicture:
        raise InputWrong(
            "This is no picture that phones show. Nothing was changed; send a JPEG, PNG, WebP or GIF."
        ) from None


def keep(node: Node, data: bytes) -> str:
    """Keep a photo; return its name. Safe to repeat. Raises InputWrong or StorageFull."""
    ending, bytes_ = plain(data)
    return STORE.keep(node, bytes_, ending)


def path(node: Node, name: str) -> Path:
    """Where a photo is or would be, by its name."""
    return STORE.path(node, name)


def served(node: Node, name: str) -> Path | None:
    """The photo of that name, or None."""
    return STORE.served(node, name, _NAME)


def sha256(name: str) -> str:
    """The hash in a photo's name."""
    return name.partition(".")[0]


def named(node: Node) -> set[str]:
    """The photos that covers and things show."""
    covers = (json.loads(text)["now"] for (text,) in run(node.tables, "SELECT cover FROM packagewords") if text)
    of_works = {text.removeprefix(PHOTO) for text in covers if text.startswith(PHOTO)}
    return of_works | {name for (name,) in run(node.tables, "SELECT photo FROM thing") if name}


def clear_away(node: Node, *, old_ms: int = own_files.OLD_MS) -> None:
    """Delete photos that nobody shows any more. For the worker."""
    own_files.clear_away(node, node.home / FOLDER, named(node), old_ms=old_ms)
