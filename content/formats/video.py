"""A film, MP4 or WebM, with the captions (WebVTT, SubRip) that lie beside it under the same name."""

from pathlib import Path

from content import captions
from content.draft import Draft, head
from content.formats import boxes
from content.formats.single import describe_single
from content.limits import Limits

WEBM_MARK = b"\x1a\x45\xdf\xa3"
"""How Matroska and WebM begin (RFC 9559)."""

_AUDIO_BRANDS = (b"M4A ", b"M4B ")


def recognise(source: Path) -> bool:
    """Whether `source` is a film."""
    if not source.is_file():
        return False
    start = head(source, 12)
    return start.startswith(WEBM_MARK) or (boxes.brand(start) not in (b"", *_AUDIO_BRANDS))


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a film with its captions. Raises PackageDamaged when an MP4 was cut short."""
    if head(source, 4) != WEBM_MARK:
        boxes.check_whole(source)
    return captions.checked(describe_single(source, "video", captions.loose(source)))
