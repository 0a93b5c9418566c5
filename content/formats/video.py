"""A film, MP4 or WebM, with the captions (WebVTT) that lie beside it under the same name."""

from pathlib import Path

from content.draft import Draft, head, loose_file
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
    beside = {
        path.name: loose_file(path, package=source.name)
        for path in sorted(source.parent.iterdir())
        if path.name.startswith(f"{source.stem}.") and path.suffix.lower() == ".vtt"
    }
    return describe_single(source, "video", beside)
