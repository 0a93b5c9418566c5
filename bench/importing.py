"""Putting things on the shelf: ten thousand small files, and one film of four gigabytes. How fast, in how much memory?

Each is installed by a process of its own, so that its memory is that of nothing else. Beside the small files stands
what the disk takes when the same bytes are only written to it, one file at a time, and flushed once.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from content.disk import Disk
from tests.fixtures.packages import box, folder, mp4

FILES, FILE_BYTES = 10_000, 300
FILM_BYTES = 4 * 10**9
FILES_LEAST = 2_000.0
MEMORY_MOST_MB = 150.0
INSTALL = """
import resource, sys, time
from pathlib import Path
from content.install import install
from content.limits import Limits
from content.shelf import Shelf
shelf, began = Shelf(Path(sys.argv[1])), time.monotonic()
install(shelf, Path(sys.argv[2]), Limits(reserve_bytes=0))
print(time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
"""


def measure() -> Iterator[Figure]:
    """All figures of this block."""
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        time_s, memory = _install(top, _many(top / "many"))
        plain_s = _written(top / "plain")
        yield Figure(f"{FILES:,} small files put on the shelf", FILES / time_s, "a second", least=FILES_LEAST)
        yield Figure("the same against only writing them", time_s / plain_s, "times")
        yield Figure("memory meanwhile", memory, "MB", most=MEMORY_MOST_MB)
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        time_s, memory = _install(top, _film(top / "film.mp4"))
        yield Figure("a film of 4 GB put on the shelf", FILM_BYTES / time_s / 1e6, "MB a second")
        yield Figure("memory meanwhile", memory, "MB", most=MEMORY_MOST_MB)


def _install(top: Path, source: Path) -> tuple[float, float]:
    """How long it took, and the most memory it held."""
    command = [sys.executable, "-c", INSTALL, str(top / "shelf"), str(source)]
    time_s, memory = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(time_s), float(memory)


def _many(place: Path) -> Path:
    folder(place)
    for number in range(FILES):
        (place / f"{number}.txt").write_bytes(f"{number} ".encode() * (FILE_BYTES // 6))
    return place


def _film(place: Path) -> Path:
    """A film whose pictures are a hole in the file: it takes no room before it is copied."""
    head = mp4(place, data_bytes=0).read_bytes()[:-8]
    start = box(b"mdat", b"")[4:]
    place.write_bytes(head + (1).to_bytes(4, "big") + start + (FILM_BYTES + 16).to_bytes(8, "big"))
    os.truncate(place, len(head) + 16 + FILM_BYTES)
    return place


def _written(place: Path) -> float:
    """How long plain writing of the same bytes takes."""
    place.mkdir()
    began = time.monotonic()
    for number in range(FILES):
        (place / str(number)).write_bytes(f"{number} ".encode() * (FILE_BYTES // 6))
    Disk().sync_all(place)
    return time.monotonic() - began
