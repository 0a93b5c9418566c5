"""How much the library takes in at once: every number with its unit and its reason.

Anything from outside can be huge by accident or on purpose, and the hub is a small machine that must go on
serving.
"""

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


@dataclass(frozen=True)
class Limits:
    """The limits of one installation; tests and small devices may lower them."""

    files: int = 20_000
    """Files in one package: a whole encyclopaedia subject fits, and a manifest stays in memory."""

    file_bytes: int = 64 * GIB
    """One file: a whole encyclopaedia with its pictures is one."""

    total_bytes: int = 64 * GIB
    """All files of one package: half of the usual 128 GB card."""

    manifest_bytes: int = 16 * MIB
    """A manifest: 20,000 files at most 800 bytes each."""

    directory_bytes: int = 32 * MIB
    """The table of contents of a zip, which has to be read whole: five times that of 20,000 usual names."""

    text_bytes: int = 1 * MIB
    """One lesson, quiz or package.toml: a long novel's text; beyond that no phone shows it as one page."""

    pictures: int = 1_000
    """Pictures of one album: a thick book, page by page."""

    picture_bytes: int = 32 * MIB
    """One picture of an album: it is read whole to be looked at; a page scanned finely stays under half of it."""

    picture_pixels: int = 50_000_000
    """Pixels of one picture of an album: A4 at 600 dots an inch fits, and a phone still unfolds it."""

    depth: int = 16
    """Folders inside folders: real packages stay under eight."""

    name_bytes: int = 255
    """One part of a path in UTF-8: what ext4, exFAT and NTFS can all hold."""

    path_bytes: int = 1024
    """A whole path in UTF-8: what a browser's address takes without harm."""

    ratio: int = 200
    """How many times its packed size a zip may unfold to; text and drawings stay under 60."""

    ratio_floor_bytes: int = 4 * MIB
    """Unfolded sizes below this are never called a bomb, whatever their ratio."""

    reserve_bytes: int = 256 * MIB
    """Room left free for learners' records, as a full disk would stop them."""


DEFAULT = Limits()
