"""The words of PDFs, page by page: read once for each file, kept under its hash, thrown away when nobody needs them.

`texts/ab/<sha256>.json` says what the PDF with that hash has on its pages. It comes by one rename. Reading is slow,
so it is not done while a package comes onto the shelf: the package is found by its title first, and by the words on
its pages once they were read. All of it can be made again from the shelf, so no backup holds it.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from content.disk import Disk
from content.limits import MIB
from content.package import is_sha256

PAGES_MAX = 2_000
PAGE_CHARS_MAX = 20_000
"""Characters kept of one page: as many as of any other passage."""
BYTES_MAX = 256 * MIB
"""A larger PDF is not read: it holds pictures."""
WORK_S = 240.0
"""How long one PDF may take: the clock's seconds, on a machine that has other things to do too."""
PART = 3
"""The exit status of `content.pdf_reading` when some pages were not read."""
WORDS_MIN = 2
"""Letters on all pages together from which on a PDF counts as one with words."""


@dataclass(frozen=True)
class Text:
    """What a PDF says on each page. `is_whole` is False when reading stopped before its end, or never began."""

    pages: tuple[str, ...] = ()
    is_whole: bool = False

    @property
    def has_words(self) -> bool:
        """Whether anything can be found in it: a scan has pages and no words."""
        return sum(letter.isalnum() for page in self.pages for letter in page) >= WORDS_MIN


class Texts:
    """The texts below one folder. Safe to read while one process makes more."""

    def __init__(self, root: Path, disk: Disk | None = None) -> None:
        self._root = root
        self._disk = disk or Disk()

    @classmethod
    def beside(cls, shelf: Path) -> "Texts":
        """Those of the shelf in a folder: in a folder next to it."""
        return cls(shelf.with_name("texts"))

    def get(self, sha256: str) -> Text | None:
        """What was read of a PDF; None when it was not looked at yet."""
        try:
            told = json.loads(self._place(sha256).read_bytes())
            return Text(tuple(map(str, told["pages"])), told["is_whole"] is True)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def pages(self, sha256: str) -> Sequence[str]:
        """The words of each page that was read."""
        found = self.get(sha256)
        return found.pages if found else ()

    def make(self, sha256: str, source: Path) -> Text:
        """Read the PDF at `source` and keep what it says. Safe to repeat, and to be cut off anywhere.

        A PDF that cannot be read, or not to its end, has the pages that could be.
        """
        known = self.get(sha256)
        if known:
            return known
        place = self._place(sha256)
        lines, beside = place.with_suffix(".lines"), place.with_suffix(".part")
        self._disk.make_folder(place.parent)
        try:
            found = _read(source, lines)
            beside.write_text(json.dumps({"pages": found.pages, "is_whole": found.is_whole}), encoding="utf-8")
            self._disk.sync_file(beside)
            self._disk.rename(beside, place)
            self._disk.sync_folder(place.parent)
        finally:
            lines.unlink(missing_ok=True)
            beside.unlink(missing_ok=True)
        return found

    def prune(self, needed: Iterable[str]) -> None:
        """Throw away all texts but these, and what was cut off."""
        kept = {f"{sha256}.json" for sha256 in needed}
        for path in self._root.glob("??/*"):
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def look_again(self) -> None:
        """Forget what could not be read to its end, so that it is looked at once more."""
        for path in self._root.glob("??/*.json"):
            found = self.get(path.stem)
            if found is None or not found.is_whole:
                path.unlink(missing_ok=True)

    def _place(self, sha256: str) -> Path:
        assert is_sha256(sha256), "names of texts are hashes of files on the shelf"
        return self._root / sha256[:2] / f"{sha256}.json"


def _read(source: Path, lines: Path) -> Text:
    """What a process of its own could read; one that takes too long is ended."""
    if source.stat().st_size > BYTES_MAX:
        return Text()
    command = [sys.executable, "-P", "-m", "content.pdf_reading", str(source), str(lines)]
    try:
        status = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=WORK_S).returncode
    except subprocess.TimeoutExpired:
        status = 1
    return Text(_pages(lines), is_whole=status == 0)


def _pages(lines: Path) -> tuple[str, ...]:
    """The pages that were written to their end."""
    if not lines.exists():
        return ()
    whole = lines.read_bytes().rpartition(b"\n")[0]
    return tuple(str(json.loads(line)) for line in whole.splitlines())
