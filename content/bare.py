"""A photo without its notes: where it was taken, with what, by whom, and small copies of itself that say so too.

A picture of a place goes out with the lesson that shows it, and must not say whose yard it is. Nothing is decoded: the
picture itself stays byte for byte, and so does how the camera was held.
"""

import struct
from collections.abc import Iterator

from content.picture import size

ENDINGS = {b"\xff\xd8": "jpg", b"\x89PNG\r\n\x1a\n": "png", b"GIF87a": "gif", b"GIF89a": "gif"}
_PNG_NOTES = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")
_WEBP_NOTES = (b"EXIF", b"XMP ")
_WEBP_NOTE_FLAGS = 0x08 | 0x04
_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
_APPS = range(0xE0, 0xF0)
_KEPT_APPS = ((0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))
"""What a JPEG says of its colours and its density; all else that programs put there are notes."""
_NOTES, _ORIENTATION, _SIDES = 0xE1, 0x0112, range(2, 9)
_ALONE = (0x00, 0x01, *range(0xD0, 0xD8))
"""Second bytes that no length follows: a stuffed zero and the marks within a scan (ITU-T T.81, B.1.1)."""


class NoPicture(ValueError):
    """The bytes are no picture that phones show, or not a whole one."""


def picture(data: bytes) -> tuple[str, bytes]:
    """The ending and the bytes of a JPEG, PNG, GIF or WebP without its notes. Raises NoPicture."""
    ending = next((name for start, name in ENDINGS.items() if data.startswith(start)), "")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        ending = "webp"
    if not ending or size(data) is None:
        raise NoPicture
    try:
        return ending, _STRIPPED[ending](data)
    except (IndexError, struct.error):
        raise NoPicture from None


def _jpeg(data: bytes) -> bytes:
    """The picture up to its own end: phones hang smaller copies with notes of their own behind it."""
    kept, turned = [], 1
    for mark, start, end in _segments(data):
        body = data[start + 4 : end]
        if mark == _NOTES and body.startswith(b"Exif\0\0"):
            turned = _orientation(body[6:]) or turned
        is_note = mark == _COMMENT or mark in _APPS
        if not is_note or any(mark == app and body.startswith(name) for app, name in _KEPT_APPS):
            kept.append(data[start:end])
    return b"\xff\xd8" + _upright(turned) + b"".join(kept)


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Mark, start and end of each segment behind the first two bytes; what follows a scan's head is one piece of it."""
    place = 2
    while True:
        if data[place] != 0xFF:  # noqa: PLR2004 - the byte that every mark begins with
            raise NoPicture
        mark, start = data[place + 1], place
        if mark == _END:
            yield mark, start, start + 2
            return
        place += 2 + struct.unpack_from(">H", data, place + 2)[0]
        if mark == _SCAN:
            place = _scanned(data, place)
        yield mark, start, place


def _scanned(data: bytes, place: int) -> int:
    """Where the next mark after a scan stands."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0:
            raise NoPicture
        if data[place + 1] not in (*_ALONE, 0xFF):
            return place
        place += 1 if data[place + 1] == 0xFF else 2  # noqa: PLR2004 - bytes that only fill


def _orientation(notes: bytes) -> int:
    """How the camera was held (Exif 2.3, 4.6.4), 2 to 8; 0 when it does not say, or upright."""
    order = {b"II": "<", b"MM": ">"}.get(notes[:2])
    if order is None or len(notes) < 8:  # noqa: PLR2004 - the head of the notes
        return 0
    first = struct.unpack_from(f"{order}I", notes, 4)[0]
    if first + 2 > len(notes):
        return 0
    for number in range(struct.unpack_from(f"{order}H", notes, first)[0]):
        start = first + 2 + 12 * number
        if start + 12 > len(notes):
            break
        name, _kind, _count, value = struct.unpack_from(f"{order}HHIH", notes, start)
        if name == _ORIENTATION:
            return value if value in _SIDES else 0
    return 0


def _upright(turned: int) -> bytes:
    """Notes that say only how the camera was held; none when it was upright."""
    if turned not in _SIDES:
        return b""
    lines = struct.pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, turned, 0, 0)
    body = b"Exif\0\0MM\0*" + struct.pack(">I", 8) + lines
    return struct.pack(">BBH", 0xFF, _NOTES, len(body) + 2) + body


def _png(data: bytes) -> bytes:
    kept, place, name = [data[:8]], 8, b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data):
            raise NoPicture
        if name not in _PNG_NOTES:
            kept.append(data[place:end])
        place = end
    return b"".join(kept)


def _webp(data: bytes) -> bytes:
    kept, place = [], 12
    end = min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while place + 8 <= end:
        name, length = struct.unpack_from("<4sI", data, place)
        chunk = data[place : place + 8 + length + length % 2]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes((chunk[8] & ~_WEBP_NOTE_FLAGS,)) + chunk[9:]
        if name not in _WEBP_NOTES:
            kept.append(chunk)
        place += 8 + length + length % 2
    if place < end:
        raise NoPicture
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _gif(data: bytes) -> bytes:
    return data


_STRIPPED = {"jpg": _jpeg, "png": _png, "webp": _webp, "gif": _gif}
