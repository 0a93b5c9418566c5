"""How a Kolibri channel lies in its folder, and what a package keeps of it: names, for taking in and giving out."""

from dataclasses import dataclass
from pathlib import Path

from content.package import ORIGINAL

FORMAT = "kolibri"
DATABASES = "databases"
STORAGE = "storage"
DATABASE = f"{ORIGINAL}/channel.sqlite3"
NAMES = f"{ORIGINAL}/files.tsv"
"""Which path of the package holds which file of the storage: its name there, a tab, the path."""


@dataclass(frozen=True)
class Part:
    """A package that a source holds: where it is asked for, and its title."""

    path: Path
    title: str
