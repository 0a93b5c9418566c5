"""Players of content formats that came from npm when the program was built: which are here, and where.

`players/fetch.py` lays them out; `hub/web/player_files.py` sends them. A program that was put together without that
step has none: whoever needs one asks `player` and says so where there is none.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "web" / "static" / "players"
LIST = "players.json"
NAMES = ("h5p-standalone", "scorm-again")
DIGEST_CHARS = 16
"""Hex digits of a player's digest in its address: other files, another address."""


@dataclass(frozen=True)
class Fetched:
    """One player: its version, what names its content, and its files by path."""

    name: str
    version: str
    digest: str
    files: dict[str, Path]

    def address(self, path: str) -> str:
        """Where the packages' origin has one of its files. Raises KeyError for a file that it does not have."""
        if path not in self.files:
            raise KeyError(path)
        return f"/_players/{self.name}/{self.digest[:DIGEST_CHARS]}/{path}"


def player(name: str, folder: Path = FOLDER) -> Fetched | None:
    """The player of that name, or None when it did not come along."""
    return _listed(folder).get(name)


def missing(folder: Path = FOLDER) -> list[str]:
    """The names of those that did not come along."""
    return [name for name in NAMES if player(name, folder) is None]


@cache
def _listed(folder: Path) -> dict[str, Fetched]:
    """All that stand in the folder. They change only with the program, so the list is read once."""
    try:
        listed = json.loads((folder / LIST).read_text(encoding="utf-8"))["players"]
    except OSError:
        return {}
    return {name: _read(folder, name, told) for name, told in listed.items()}


def _read(folder: Path, name: str, told: dict[str, object]) -> Fetched:
    version, digest, paths = told["version"], told["digest"], told["files"]
    assert isinstance(version, str) and isinstance(digest, str) and isinstance(paths, list)
    return Fetched(name, version, digest, {path: folder / name / version / path for path in paths})
