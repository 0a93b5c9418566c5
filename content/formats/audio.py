"""A sound: MP3, Ogg, M4A or WAV."""

from pathlib import Path

from content.draft import Draft, head
from content.formats import boxes
from content.formats.single import describe_single
from content.limits import Limits

_M4A_BRANDS = (b"M4A ", b"M4B ")


def recognise(source: Path) -> bool:
    """Whether `source` is a sound."""
    return source.is_file() and _is_sound(head(source, 12))


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a sound. Raises PackageDamaged when an M4A was cut short."""
    if boxes.brand(head(source, 12)):
        boxes.check_whole(source)
    return describe_single(source, "audio")


def _is_sound(start: bytes) -> bool:
    is_wave = start[:4] == b"RIFF" and start[8:12] == b"WAVE"
    # An MPEG frame begins with eleven bits set; layer 0 is reserved, which keeps UTF-16 text out.
    is_frame = len(start) > 1 and start[0] == 0xFF and start[1] & 0xE0 == 0xE0 and start[1] & 0x06 != 0
    return is_wave or is_frame or start.startswith((b"ID3", b"OggS")) or boxes.brand(start) in _M4A_BRANDS
