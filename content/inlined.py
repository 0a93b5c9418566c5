"""Lessons, pictures and sounds of a package inside one page, which then needs nothing beside it.

Films stay out, and so does whatever is too heavy for an old phone: its description stands there instead.
"""

import base64
import re
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path

from content import lesson
from content.limits import KIB, MIB
from content.package import Item, Manifest
from content.shelf import Shelf

ROOM_BYTES = 4 * MIB
"""Everything in one page together: an old phone opens that in some seconds."""
PICTURE_BYTES_MAX = 400 * KIB
SOUND_BYTES_MAX = 300 * KIB
"""A larger one is left out: half a minute of speech fits."""

KINDS = {
    **{"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"},
    **{"svg": "image/svg+xml", "mp3": "audio/mpeg", "ogg": "audio/ogg", "oga": "audio/ogg", "m4a": "audio/mp4"},
    **{"wav": "audio/wav", "aac": "audio/aac", "weba": "audio/webm"},
}
"""Ending → content type of what can stand inside."""

Lighter = Callable[[str], Path | None]
"""From the hash of a picture to the file of a lighter copy, or None."""

_PLACEHOLDER = "inlined-"
_MEDIUM = re.compile(
    rf'<(?P<tag>img|audio|video)\b(?P<before>[^>]*?)\bsrc="{_PLACEHOLDER}(?P<number>\d+)"(?P<after>[^>]*)>(?:</(?P=tag)>)?'
)
_ALT = re.compile(r'\balt="([^"]*)"')


def no_lighter(_sha256: str) -> Path | None:
    """There is none."""
    return None


class Inlined:
    """One page that is being filled; `size` is how many bytes its pictures and sounds take in it."""

    def __init__(self, shelf: Shelf, manifest: Manifest, lighter: Lighter = no_lighter) -> None:
        self._shelf, self._manifest, self._lighter = shelf, manifest, lighter
        self._addresses: dict[str, str] = {}
        self.size = 0
        self.left_out: list[str] = []

    def lesson(self, item: Item, places: Mapping[str, str], aloud: lesson.Aloud | None = None) -> str:
        """A lesson as safe HTML. `places` maps the path of an item to where it stands in the page ("#quiz").

        `aloud` puts a speaker beside each text, as `content.lesson.render` has it.

        Raises LessonWrong, or BlobDamaged when the shelf's own copy is not whole.
        """
        text = lesson.read(self._shelf.read(self._manifest, item.path), item.title)
        paths: list[str] = []

        def link(path: str) -> str:
            if path in places:
                return places[path]
            paths.append(path)
            return f"{_PLACEHOLDER}{len(paths) - 1}"

        html = lesson.render(text, link, aloud=aloud)
        filled = _MEDIUM.sub(lambda found: self._medium(found, paths[int(found["number"])]), html)
        return re.sub(rf' href="{_PLACEHOLDER}\d+"', "", filled)

    def address(self, path: str) -> str:
        """A picture or sound as a data: address; "" when the package has none there, or it stays out."""
        if path and path not in self._addresses:
            self._addresses[path] = self._read(path)
            self.size += len(self._addresses[path])
            if not self._addresses[path]:
                self.left_out.append(path)
        return self._addresses.get(path, "")

    def _medium(self, found: re.Match[str], path: str) -> str:
        source = "" if found["tag"] == "video" else self.address(path)
        if source:
            end = "" if found["tag"] == "img" else f"</{found['tag']}>"
            return f'<{found["tag"]}{found["before"]}src="{source}"{found["after"]}>{end}'
        if found["tag"] == "video" and path not in self.left_out:
            self.left_out.append(path)
        told = _ALT.search(found[0]) if found["tag"] == "img" else None
        return f'<span class="away">{told[1]}</span>' if told else ""

    def _read(self, path: str) -> str:
        entry, kind = self._manifest.files.get(path), KINDS.get(path.rpartition(".")[2].lower(), "")
        if entry is None or not kind:
            return ""
        lighter = self._lighter(entry.sha256) if kind.startswith("image/") else None
        if lighter is not None:
            kind, data = KINDS[lighter.suffix[1:]], lighter.read_bytes()
        else:
            most = PICTURE_BYTES_MAX if kind.startswith("image/") else SOUND_BYTES_MAX
            data = self._shelf.read(self._manifest, path) if entry.size <= most else b""
        return f"data:{escape(kind)};base64,{base64.b64encode(data).decode()}" if data else ""
