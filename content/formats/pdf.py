"""A PDF file."""

from pathlib import Path

from content.draft import Draft, head
from content.errors import N_, PackageDamaged
from content.formats.single import describe_single
from content.limits import Limits

HEAD_BYTES = 1024
"""Where the mark of a PDF may stand (ISO 32000-1, annex H.3.4.1)."""

TAIL_BYTES = 64 * 1024
"""Where its end mark must stand; some printers add pages of notes behind it."""


def recognise(source: Path) -> bool:
    """Whether `source` is a PDF."""
    return source.is_file() and b"%PDF-" in head(source, HEAD_BYTES)


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a PDF. Raises PackageDamaged when its end is missing."""
    with source.open("rb") as file:
        file.seek(max(0, source.stat().st_size - TAIL_BYTES))
        if b"%%EOF" not in file.read():
            raise PackageDamaged(package=source.name, why=N_("it was cut short"))
    return describe_single(source, "pdf")
