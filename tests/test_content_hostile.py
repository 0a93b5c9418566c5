"""Every bad file of the corpus: its own sentence, nothing executed, nothing half-installed, and little read."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from content.errors import ContentError
from content.formats import known
from content.install import install
from content.limits import MIB
from content.shelf import Shelf
from tests.fixtures import packages
from tests.fixtures.corpus import ROWS, Row
from tests.fixtures.samples import SAMPLES

SECONDS_MAX = 10
"""Far more than any takes, also on a busy machine."""
READ_BYTES_MAX = 4 * MIB
WRITTEN_BYTES_MAX = 64 * 1024
"""What is written on the way to a refusal: nothing of the package, and a little of Python's own."""
RUNS = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.fork", "socket.connect", "pickle.find_class")
"""What a file that is only looked at must never cause."""
SEEN: list[str] = []
WATCHED: list[Path] = []


def _hear(event: str, args: tuple[object, ...]) -> None:
    """What Python tells of itself while a file is taken in."""
    if WATCHED and event in RUNS:
        SEEN.append(f"{event} {args!r}"[:200])
    if WATCHED and event == "open" and "passwd" in str(args[0]):
        SEEN.append(f"{event} {args[0]!r}")


sys.addaudithook(_hear)


@contextmanager
def watched(place: Path) -> Iterator[None]:
    """Nothing is run, reached or looked up that has nothing to do with the file."""
    SEEN.clear()
    WATCHED.append(place)
    try:
        yield
    finally:
        WATCHED.clear()
    assert not SEEN


def moved() -> tuple[int, int]:
    """Bytes that this process has read and written so far, as the system counts them."""
    lines = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(lines["rchar"]), int(lines["wchar"])


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """A shelf with one package, which stays as it is through all refusals."""
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    install(shelf, packages.folder(tmp_path_factory.mktemp("before") / "well"))
    return shelf


def below(place: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("row", [row for row in ROWS if row.refusal], ids=str)
def test_it_is_refused_and_nothing_changes(standing: Shelf, tmp_path: Path, row: Row) -> None:
    """By exactly its own sentence; the shelf, its staging and the file itself are as they were."""
    source = row.make(tmp_path / row.name)
    around, shelf = below(tmp_path), below(standing.root)
    size = sum(len(data) for data in around.values())
    start, before = time.monotonic(), moved()
    with watched(tmp_path), pytest.raises(ContentError) as refused:
        install(standing, source, in_part=True)
    read, written = (after - first for after, first in zip(moved(), before, strict=True))
    assert (type(refused.value), row.words in str(refused.value)) == (row.refusal, True), str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 700
    assert (below(tmp_path), below(standing.root), standing.verify()) == (around, shelf, [])
    assert time.monotonic() - start < SECONDS_MAX
    assert read < READ_BYTES_MAX + 4 * size
    assert written < WRITTEN_BYTES_MAX + size


@pytest.mark.parametrize("row", [row for row in ROWS if not row.refusal], ids=str)
def test_it_is_taken_and_does_nothing(tmp_path: Path, row: Row) -> None:
    """What is bad in it is a file like any other: it stands on the shelf, byte by byte, and nobody ran it."""
    shelf = Shelf(tmp_path / "shelf")
    source = row.make(tmp_path / row.name)
    around = set(tmp_path.rglob("*"))
    with watched(tmp_path):
        install(shelf, source, in_part=True)
    assert {each for each in set(tmp_path.rglob("*")) - around if shelf.root not in each.parents} <= {shelf.root}
    assert shelf.verify() == []


def test_every_format_has_its_rows() -> None:
    """Whoever adds a format adds a right file of it, and bad ones with their sentences."""
    names = {each.__name__.rpartition(".")[2] for each in known()}  # type: ignore[attr-defined]
    assert set(SAMPLES) == names
    refused = [row.format for row in ROWS if row.refusal]
    assert {name for name in names if refused.count(name) < 3} == set()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_right_file_is_taken(tmp_path: Path, name: str) -> None:
    """What the bad ones were made from is taken, and by that format."""
    sample = SAMPLES[name]
    source = sample.make(tmp_path / sample.name)
    assert next(each for each in known() if each.recognise(source)).__name__ == f"content.formats.{name}"  # type: ignore[attr-defined]
    shelf = Shelf(tmp_path / "shelf")
    with watched(tmp_path):
        install(shelf, source, in_part=True)
    assert shelf.verify() == []
