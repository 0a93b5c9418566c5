"""The outline of an MPEG-4 file (ISO/IEC 14496-12): a row of boxes, each with its length."""

from pathlib import Path

from content.errors import N_, PackageDamaged

BOXES_MAX = 100_000
"""Top boxes looked at: a film in fragments of one second has a few thousand."""


def brand(head: bytes) -> bytes:
    """The four letters that say which kind of MPEG-4 file this is, from its first bytes; empty for others."""
    return head[8:12] if head[4:8] == b"ftyp" else b""


def check_whole(source: Path) -> None:
    """Raise PackageDamaged when the file ends inside a box or has no index: it was cut short."""
    end = source.stat().st_size
    kinds = set()
    place = 0
    with source.open("rb") as file:
        for _ in range(BOXES_MAX):
            if place == end:
                break
            file.seek(place)
            header = file.read(16)
            size = int.from_bytes(header[:4], "big")
            if size == 1:
                size = int.from_bytes(header[8:16], "big")
            kinds.add(header[4:8])
            # A size of 0 means that the box goes on to the end of the file.
            place = end if size == 0 else place + size
            if place > end or 0 < size < 8:
                raise PackageDamaged(package=source.name, why=N_("it was cut short"))
    if b"moov" not in kinds:
        raise PackageDamaged(package=source.name, why=N_("its index is missing, so no player can open it"))
