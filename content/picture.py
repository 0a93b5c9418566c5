"""The size of a picture, read from the first bytes of its file, so that a page does not jump; and its tag.

It never decodes a picture, and never trusts one: whatever is odd has no known size.
"""

import re
import struct
from html import escape
from typing import NamedTuple

HEAD_BYTES = 64 * 1024
"""How much of a file is worth looking at; cameras put up to 60 KB of notes before a JPEG's size."""

PIXELS_MAX = 20_000
"""A side longer than this is a mistake or a trap, and counts as not known."""

Size = tuple[int, int]

COLUMN = "(min-resolution: 2.5dppx) and (max-width: 46rem) 61vw, (max-width: 46rem) 92vw, 42rem"
"""How wide a picture stands in a text. The finest phones are given what a fine one shows: nobody sees the rest."""


class Sides(NamedTuple):
    """A picture's width and height, and its lighter copies, each list of them as `srcset` has it.

    `light` are those in WebP, `plain` those that every browser reads, and `source` is one of these.
    """

    width: int
    height: int
    light: str = ""
    plain: str = ""
    source: str = ""


_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NOTES, _ORIENTATION, _ON_ITS_SIDE = 0xE1, 0x0112, range(5, 9)
_VIEW_BOX = re.compile(
    rb"<svg\b[^>]*?\bviewBox\s*=\s*[\"']\s*[\d.+-]+[\s,]+[\d.+-]+[\s,]+([\d.]{1,8})[\s,]+([\d.]{1,8})"
)
_OPENING = re.compile(rb"<svg\b[^>]{0,2000}>")
_SIDES = re.compile(rb"\s(width|height)\s*=\s*[\"']([\d.]{1,8})(?:px)?[\"']")


def size(head: bytes) -> Size | None:
    """Width and height in pixels of a PNG, GIF, JPEG, WebP or SVG from its first bytes, or None."""
    found = _measure(head[:HEAD_BYTES])
    if found and 0 < found[0] <= PIXELS_MAX and 0 < found[1] <= PIXELS_MAX:
        return found
    return None


def tag(address: str, label: str, sides: Sides | Size | None, *, shown: str = COLUMN, css: str = "", lazy: bool) -> str:
    """The HTML of a picture: as it came, or as the lighter copy that suits the screen.

    `label` says what there is to see; `shown` is how wide it stands, as `sizes` has it. A lazy one is loaded when the
    reader comes near.
    """
    found = Sides(*sides) if sides else None
    told = f' class="{css}"' if css else ""
    if found:
        told += f' width="{found.width}" height="{found.height}"'
    told += ' loading="lazy"' if lazy else ""
    if found and found.plain:
        told += f' srcset="{escape(found.plain)}" sizes="{shown}"'
    source = found.source if found and found.source else address
    own = f'<img src="{escape(source)}" alt="{escape(label)}"{told}>'
    if not found or not found.light:
        return own
    return f'<picture><source type="image/webp" srcset="{escape(found.light)}" sizes="{shown}">{own}</picture>'


def _measure(head: bytes) -> Size | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n") and len(head) >= 24:
        width, height = struct.unpack(">II", head[16:24])
        return width, height
    if head[:6] in (b"GIF87a", b"GIF89a") and len(head) >= 10:
        width, height = struct.unpack("<HH", head[6:10])
        return width, height
    if head.startswith(b"\xff\xd8"):
        return _jpeg(head)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(head)
    return _svg(head)


def _jpeg(head: bytes) -> Size | None:
    """Walk the segments up to the frame header (ITU-T T.81, B.2.2); on the way a camera says how it was held."""
    place, is_turned = 2, False
    while place + 9 <= len(head) and head[place] == 0xFF:
        if head[place + 1] in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", head[place + 5 : place + 9])
            return (height, width) if is_turned else (width, height)
        length = int.from_bytes(head[place + 2 : place + 4], "big")
        if head[place + 1] == _NOTES:
            is_turned = is_turned or _says_turned(head[place + 4 : place + 2 + length])
        place += 2 + length
    return None


def _says_turned(notes: bytes) -> bool:
    """Whether a camera's notes (Exif 2.3, 4.6) say that width and height change places when the picture is shown."""
    order = {b"II": "<", b"MM": ">"}.get(notes[6:8])
    if not notes.startswith(b"Exif\0\0") or order is None or len(notes) < 16:
        return False
    first = 6 + struct.unpack(f"{order}I", notes[10:14])[0]
    lines = struct.unpack(f"{order}H", notes[first : first + 2].ljust(2, b"\0"))[0]
    for start in range(first + 2, min(first + 2 + 12 * lines, len(notes) - 11), 12):
        name, _, _, value = struct.unpack(f"{order}HHIH", notes[start : start + 10])
        if name == _ORIENTATION:
            return value in _ON_ITS_SIDE
    return False


def _webp(head: bytes) -> Size | None:
    """Lossy, lossless and extended WebP keep the size in three places (RFC 9649)."""
    chunk, body = head[12:16], head[20:]
    if chunk == b"VP8 " and len(body) >= 10:
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    if chunk == b"VP8L" and len(body) >= 5:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8X" and len(body) >= 10:
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    return None


def _svg(head: bytes) -> Size | None:
    if box := _VIEW_BOX.search(head):
        return _rounded(box[1], box[2])
    opening = _OPENING.search(head)
    sides = dict(_SIDES.findall(opening[0])) if opening else {}
    if len(sides) == 2:
        return _rounded(sides[b"width"], sides[b"height"])
    return None


def _rounded(width: bytes, height: bytes) -> Size | None:
    if width.count(b".") > 1 or height.count(b".") > 1 or b"." in (width, height):
        return None
    return round(float(width)), round(float(height))
