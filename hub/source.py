"""The program's own source, as it runs here: the licence (AGPL-3.0-or-later) gives it to everybody who uses the hub,
also where no internet is."""

import io
import zipfile
from functools import cache
from importlib.metadata import files
from pathlib import Path

HERE = Path(__file__).parents[1]
PACKAGES = ("hub", "content", "sync")
"""What the program is made of; `hub` is this one."""
LEFT_OUT = {".pyc"}
"""Endings of what is made from the source by itself."""
DISTRIBUTION = "mangrove-hub"


@cache
def archive() -> bytes:
    """A zip of every file of the program and its licence; made when first asked for."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for path in _paths():
            opened.write(path, path.relative_to(HERE))
        opened.writestr("LICENSE", licence())
    return packed.getvalue()


def licence() -> str:
    """The text of the licence, from beside the program or from where it was installed."""
    beside = HERE / "LICENSE"
    if beside.exists():
        return beside.read_text(encoding="utf-8")
    found = next(each for each in files(DISTRIBUTION) or () if each.name == "LICENSE")
    return found.read_text(encoding="utf-8")


def _paths() -> list[Path]:
    every = (path for name in PACKAGES for path in sorted((HERE / name).rglob("*")))
    return [path for path in every if path.is_file() and path.suffix not in LEFT_OUT]
