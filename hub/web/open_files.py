"""Which files of packages are given on the pages' origin without asking who is there: those that guests see too.

What guests see, everybody does (`seeing`). So nobody has to be looked up for a picture, where guests may look around at
all. All other files, and now and then one of these, go the way of the pages, which looks who asks: a film must not let
the phone of whoever watches it fall asleep.
"""

import time
from typing import TYPE_CHECKING

from content.errors import ContentError
from hub import first_boot
from hub.governance.belonging import welcomes_guests
from hub.node import Node
from hub.web.file_door import Found
from hub.web.library import file_of
from hub.web.pages import EVERYWHERE

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

ASKS_WHO = {"Vary": "Cookie"}
"""What the pages say of all their answers, as each of them looks who asks."""
LOOKED_PART = 8
"""Whoever sends a cookie is looked up this many times in the time after which a shared phone rests."""
LOOKED_MAX = 1_000
"""Browsers of which it is known that they were looked up lately."""


class OpenFiles:
    """Finds files for a `FileDoor`."""

    def __init__(self, node: Node) -> None:
        """Nobody was looked up yet."""
        self._node, self._looked = node, dict[int, float]()

    def __call__(self, environ: "WSGIEnvironment", path: str) -> Found | None:
        """The file at a path, if guests see it; None where the pages have to answer."""
        parts = path.split("/", 5)
        if len(parts) < 6 or (parts[1], parts[3]) != ("library", "files"):  # noqa: PLR2004 - "", and five parts
            return None
        is_plain = not environ.get("QUERY_STRING") and environ.get("CONTENT_LENGTH") in (None, "", "0")
        if not (is_plain and welcomes_guests(self._node) and self._was_looked_up(environ.get("HTTP_COOKIE", ""))):
            return None
        try:
            blob, headers = file_of(self._node, package=parts[2], sha256=parts[4], path=parts[5], person=None)
        except ContentError:
            return None
        return Found(blob, {**EVERYWHERE, **ASKS_WHO, **headers}) if blob else None

    def _was_looked_up(self, cookie: str) -> bool:
        """Whether the pages saw this browser lately; without a cookie there is nobody to see, but the hub itself."""
        now_s, browser = time.monotonic(), hash(cookie)
        if now_s < self._looked.get(browser, 0.0):
            return True
        if not first_boot.is_begun(self._node):
            return False
        if len(self._looked) >= LOOKED_MAX:
            self._looked.clear()
        self._looked[browser] = now_s + self._node.settings.shared_idle / LOOKED_PART
        return not cookie
