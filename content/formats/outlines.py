"""The outline of a picture file: what it is by its first bytes, its sides, and whether it is there to its end.

Nothing is decoded: a picture from outside is unfolded where nothing else is (`content.rendering`).
"""

import re
import struct
from collections.abc import Callable

from content import picture
from content.picture import Size

HEAD_BYTES = 4096
"""How much tells what a picture is; drawings may begin with lines about the program that made them."""

ENDINGS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "gif": "GIF", "webp": "WebP", "svg": "SVG"}
"""Endings of the pictures that browsers show, and the kind each one means."""

UNSHOWN = {"heic": "HEIC", "heif": "HEIC", "avif": "AVIF", "tif": "TIFF", "tiff": "TIFF", "bmp": "BMP"}
"""Endings of pictures that not every phone shows."""

_MARKS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
}
_BRANDS = {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"msf1": "HEIC", b"avif": "AVIF", b"avis": "AVIF"}
_DRAWING = re.compile(
    rb"\s*+(?>(?><\?xml\b[^>]*>|<!--.*?-->|<!DOCTYPE\s+svg\b[^>\[]*(?:\[[^\]]*\]\s*)?>)\s*+)*+<svg\b", re.DOTALL
)
"""How a drawing begins. Nothing that matched is tried anew, so that a trap of a thousand remarks costs no time."""
_BOM = b"\xef\xbb\xbf"
_ENTITY = b"<!ENTITY"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _END = 0xDA, b"\xff\xd9"
_GIF_MORE, _GIF_PICTURE, _GIF_END = 0x21, 0x2C, 0x3B


def kind(head: bytes) -> str:
    """What a picture is by its first bytes, such as "PNG"; "" for what is none."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "")
    if _DRAWING.match(head[:HEAD_BYTES].removeprefix(_BOM)):
        return "SVG"
    return next((name for mark, name in _MARKS.items() if head.startswith(mark)), "")


def named(path: str) -> str:
    """The kind of picture that the ending of a path promises; "" when it promises none that browsers show."""
    return ENDINGS.get(path.rpartition(".")[2].lower(), "")


def size(data: bytes) -> Size | None:
    """Width and height in pixels of a whole picture; None when they are missing or beyond all measure."""
    found = picture.size(data)
    if found is None and kind(data) == "JPEG":
        frame, _ = _jpeg(data)
        found = picture.size(data[:2] + data[frame:]) if frame else None
    return found


def is_whole(data: bytes) -> bool:
    """Whether a picture of one of `ENDINGS` is there to its end; False for anything else."""
    look = _WHOLE.get(kind(data))
    try:
        return look is not None and look(data)
    except (IndexError, struct.error):
        return False


def is_still(data: bytes) -> bool:
    """Whether a drawing has no entities, which can blow up a page; other pictures have none."""
    return _ENTITY not in data or kind(data) != "SVG"


def _jpeg(data: bytes) -> tuple[int, int]:
    """Where the frame header and the first scan begin (ITU-T T.81, B.1.1); 0 for what is not there."""
    place, frame = 2, 0
    while place + 4 <= len(data) and data[place] == 0xFF:  # noqa: PLR2004 - the byte that every mark begins with
        mark = data[place + 1]
        if mark == 0xFF:  # noqa: PLR2004 - a byte that only fills
            place += 1
            continue
        if mark == _SCAN:
            return frame, place
        frame = frame or (place if mark in _JPEG_FRAMES else 0)
        place += 2 + struct.unpack_from(">H", data, place + 2)[0]
    return frame, 0


def _is_whole_jpeg(data: bytes) -> bool:
    """Behind the first scan an end mark cannot stand by chance; small copies in a camera's notes come before it."""
    frame, scan = _jpeg(data)
    return bool(frame and scan) and data.find(_END, scan) > 0


def _is_whole_png(data: bytes) -> bool:
    """Piece by piece up to the last one (PNG, third edition, 5.3)."""
    place, name = 8, b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, place)
        place += 12 + length
    return place <= len(data)


def _is_whole_webp(data: bytes) -> bool:
    """The file says at its head how long it is (RFC 9649, 2.4)."""
    return len(data) >= 8 + int.from_bytes(data[4:8], "little")


def _is_whole_gif(data: bytes) -> bool:
    """Block by block up to the trailer (GIF89a, 27), with at least one picture before it."""
    place, has_picture = 13 + _colours(data[10]), False
    while data[place] != _GIF_END:
        if data[place] == _GIF_PICTURE:
            has_picture = True
            place += 11 + _colours(data[place + 9])
        elif data[place] == _GIF_MORE:
            place += 2
        else:
            return False
        while data[place]:
            place += 1 + data[place]
        place += 1
    return has_picture


def _colours(flags: int) -> int:
    """The bytes of a table of colours, by the flags that announce it."""
    return 3 << (flags & 0x07) + 1 if flags & 0x80 else 0


def _is_whole_svg(data: bytes) -> bool:
    return b"</svg" in data[-HEAD_BYTES:] or data.rstrip().endswith(b"/>")


_WHOLE: dict[str, Callable[[bytes], bool]] = {
    "PNG": _is_whole_png,
    "JPEG": _is_whole_jpeg,
    "GIF": _is_whole_gif,
    "WebP": _is_whole_webp,
    "SVG": _is_whole_svg,
}
