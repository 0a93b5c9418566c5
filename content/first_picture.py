"""What can be seen of a file that is no picture: the first page of a PDF, the cover that a sound or a film carries.

Only `content.rendering` asks, in its process of its own: files from outside may be traps for the libraries here.
"""

from pathlib import Path
from typing import NamedTuple

import pypdfium2
from tinytag import TinyTag

PDF_MARK, PDF_MARK_BYTES = b"%PDF-", 1024
"""The mark of a PDF, and how far into the file it may stand (ISO 32000-1, annex H.3.4.1)."""
PAGE_WIDTH, PAGE_HEIGHT_MAX = 720, 2_000
"""Pixels: as wide as a cover is ever shown; a scroll of paper is cut no smaller than this for its height."""
_TAGGED = (b"ID3", b"OggS", b"fLaC", b"RIFF", b"\x1a\x45\xdf\xa3")
"""How sounds and films begin, but for MPEG-4 and bare MPEG frames."""
_WEBP = b"WEBP"
_BRAND = b"ftyp"


class Page(NamedTuple):
    """A drawn page: sides in pixels, and three bytes of red, green and blue for each."""

    width: int
    height: int
    colours: bytes


def page(source: Path) -> Page | None:
    """The first page of a PDF on white; None when the file is none.

    Raises whatever the library says of a broken one.
    """
    with source.open("rb") as file:
        if PDF_MARK not in file.read(PDF_MARK_BYTES):
            return None
    with pypdfium2.PdfDocument(source) as document:
        first = document[0]
        width, height = first.get_size()
        scale = min(PAGE_WIDTH / max(width, 1), PAGE_HEIGHT_MAX / max(height, 1))
        drawn = first.render(scale=scale).to_pil().convert("RGB")
        return Page(drawn.width, drawn.height, drawn.tobytes())


def inside(source: Path) -> bytes | None:
    """The picture that a sound or a film carries, b"" when it carries none; None when the file is neither.

    Raises whatever the library says of a broken one.
    """
    with source.open("rb") as file:
        head = file.read(12)
        if not _is_media(head):
            return None
        if head.startswith(_TAGGED[-1]):
            return b""
        file.seek(0)
        found = TinyTag.get(file_obj=file, image=True, duration=False).images
    shown = found.front_cover or found.any
    return shown.data if shown else b""


def _is_media(head: bytes) -> bool:
    is_frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0  # noqa: PLR2004 - eleven bits that are set
    is_webp = head[8:12] == _WEBP
    return not is_webp and (head.startswith(_TAGGED) or head[4:8] == _BRAND or is_frame)
