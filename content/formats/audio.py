"""A sound, MP3, Ogg, M4A or WAV, with the captions that lie beside it under the same name."""

from pathlib import Path

from content import captions
from content.draft import Draft, head
from content.formats import boxes
from content.formats.single import describe_single
from content.limits import Limits

HEAD_BYTES = 12
_M4A_BRANDS = (b"M4A ", b"M4B ")


def recognise(source: Path) -> bool:
    """Whether `source` is a sound."""
    return source.is_file() and bool(ending(head(source, HEAD_BYTES)))


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a sound. Raises PackageDamaged when an M4A was cut short."""
    if boxes.brand(head(source, HEAD_BYTES)):
        boxes.check_whole(source)
    return captions.checked(describe_single(source, "audio", captions.loose(source)))


def ending(start: bytes) -> str:
    """What the name of a sound ends with by its first bytes; "" for what is none."""
    if start[:4] == b"RIFF" and start[8:12] == b"WAVE":
        return "wav"
    if start.startswith(b"OggS"):
        return "ogg"
    if boxes.brand(start) in _M4A_BRANDS:
        return "m4a"
    # An MPEG frame begins with eleven bits set; layer 0 is reserved, which keeps UTF-16 text out.
    is_frame = len(start) > 1 and start[0] == 0xFF and start[1] & 0xE0 == 0xE0 and start[1] & 0x06 != 0
    return "mp3" if is_frame or start.startswith(b"ID3") else ""
