"""The starter library: lessons written for Mangrove, ready to be installed (CC BY-SA 4.0).

Each work is a folder with one `pictures` folder, shared by all its languages, and one folder of texts for
each language. This module finds them and lays out one complete authoring folder. It installs nothing itself.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent
PICTURES = "pictures"
DESCRIPTION = "package.toml"


@dataclass(frozen=True)
class Starter:
    """One work in one language: where its texts are, and where the pictures it shares are."""

    work: str
    language: str
    texts: Path
    pictures: Path

    @property
    def id(self) -> str:
        """The package's id, such as `safe-water.en`."""
        return f"{self.work}.{self.language}"


def packages(root: Path = ROOT) -> list[Starter]:
    """Every starter package below `root`, sorted by work and then by language."""
    described = sorted(root.glob(f"*/*/{DESCRIPTION}"))
    return [_starter(description.parent) for description in described]


def stage(starter: Starter, to: Path) -> Path:
    """Lay out one complete package folder, `to/<id>`, and return it.

    Texts and pictures are copied; the library itself is only read. Safe to repeat: the files of an earlier
    staging are written over. Raises OSError when `to` cannot be written.
    """
    folder = to / starter.id
    shutil.copytree(starter.texts, folder, dirs_exist_ok=True)
    shutil.copytree(starter.pictures, folder / PICTURES, dirs_exist_ok=True)
    return folder


def _starter(texts: Path) -> Starter:
    work = texts.parent
    return Starter(work=work.name, language=texts.name, texts=texts, pictures=work / PICTURES)
