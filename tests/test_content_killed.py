"""A process that is killed (`kill -9`) while it puts a package on the shelf: the shelf is as before or as after.

MANGROVE_SOAK makes it go on for so many kills; a failure prints its seed, and MANGROVE_SEED plays that one again.
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from content.install import install
from content.shelf import Shelf
from tests.fixtures import packages

KILLS = int(os.environ.get("MANGROVE_SOAK", "3"))
FILES = 40
"""More than a moment's work, and few enough for a test that everybody runs."""
INSTALLER = """
import sys
from pathlib import Path
from content.install import install
from content.shelf import Shelf
shelf, sources = Shelf(Path(sys.argv[1])), [Path(each) for each in sys.argv[2:]]
print("ready", flush=True)
sys.stdin.readline()
while True:
    if shelf.standing("well.en"):
        shelf.remove("well.en")
    for source in sources:
        install(shelf, source)
"""
"""Puts one version on and the other, and takes it off, again and again, until somebody ends it."""


def source(place: Path, version: int) -> Path:
    """A package of many files, most of which another version changes."""
    made = packages.folder(place, version=version, more=f"Edition {version}.")
    for number in range(FILES):
        (made / f"more-{number}.svg").write_text(f"<svg><!-- {version * (number % 5)} {number} --></svg>", "utf-8")
    return made


def run_and_kill(root: Path, sources: list[Path], after_s: float) -> None:
    """Let a process of its own work for so long, and kill it."""
    words = [sys.executable, "-c", INSTALLER, str(root), *map(str, sources)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin and child.stdout and child.stdout.readline() == "ready\n"
        child.stdin.write("\n")
        child.stdin.flush()
        time.sleep(after_s)
        assert child.poll() is None, "it ended by itself"
        child.kill()


def takes(root: Path, sources: list[Path]) -> float:
    """How many seconds a round takes here."""
    shelf, begun = Shelf(root), time.monotonic()
    for each in sources:
        install(shelf, each)
    shelf.remove("well.en")
    return time.monotonic() - begun


def test_killed_at_any_moment_the_shelf_is_whole(tmp_path: Path) -> None:
    """One version or the other, or none, with every file; nobody waits for a lock, and nothing is left over."""
    seed = int(os.environ.get("MANGROVE_SEED") or random.SystemRandom().getrandbits(32))
    print(f"once more with MANGROVE_SEED={seed}")
    chance, sources = random.Random(seed), [source(tmp_path / f"v{number}", number) for number in (1, 2)]
    digests = {install(Shelf(tmp_path / f"whole-{each.name}"), each).digest for each in sources}
    longest_s, root = takes(tmp_path / "timed", sources), tmp_path / "shelf"
    for _ in range(KILLS):
        run_and_kill(root, sources, chance.random() * longest_s)
        shelf = Shelf(root)
        assert (shelf.damaged(), shelf.verify()) == ([], [])
        standing = shelf.standing("well.en")
        assert standing is None or standing.digest in digests
        shelf.sweep()
        needed = {entry.sha256 for entry in standing.files.values()} if standing else set()
        assert {path.name for path in shelf.objects.glob("*/*")} == needed
        assert list(shelf.staging.iterdir()) == []
    assert install(Shelf(root), sources[1]).digest in digests
