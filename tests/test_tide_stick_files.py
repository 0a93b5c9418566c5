"""Files of bundles on real disks: cut, changed, full, pulled out, parted and gathered; never half a file."""

import errno
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from content.disk import Disk
from hub.cli import main
from hub.errors import InputWrong, StorageFull
from hub.node import Node
from hub.tide import carried, stick_in, stick_out
from tests.fixtures import tide
from tests.fixtures.mules import coast, village

__all__ = ["coast", "village"]


@pytest.fixture
def stick(village: Node, coast: Node, tmp_path: Path) -> Path:
    """A bundle of several parts on a stick."""
    tide.learn(village, first=1, count=40)
    made = tmp_path / "stick"
    made.mkdir()
    for number in (1, 2, 3):
        stick_out.export(village, hub="Coast", to=made / f"{number}.tide")
        tide.learn(village, first=1 + 40 * number, count=40)
    whole = b"".join((made / f"{number}.tide").read_bytes() for number in (1, 2, 3))
    for path in made.iterdir():
        path.unlink()
    (made / "all.tide").write_bytes(whole)
    return made


def test_a_file_cut_anywhere_brings_its_whole_parts(coast: Node, stick: Path) -> None:
    """And one sentence says that the rest is to come again."""
    data = (stick / "all.tide").read_bytes()
    ends = [len(each) for each in stick_in.read_parts(stick / "all.tide")]
    (stick / "all.tide").write_bytes(data[: ends[0] + 30])
    made = stick_in.take_in(coast, stick / "all.tide")
    assert (made.records, made.parts, len(made.problems)) == (40, 1, 1)
    assert "cut off or damaged" in made.problems[0]
    (stick / "all.tide").write_bytes(data)
    assert stick_in.take_in(coast, stick / "all.tide").records == 80


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "not a bundle": lambda _data: b"dear teacher, " * 10,
    "empty but for a word": lambda _data: b"mangrove",
    "a changed bit": lambda data: data[:200] + bytes((data[200] ^ 1,)) + data[201:],
    "another version": lambda data: data[:8] + b"\2" + data[9:],
    "a part of four gigabytes": lambda data: data[:13] + b"\xff" * 4 + data[17:],
}


@pytest.mark.parametrize("case", CHANGES)
def test_what_is_wrong_is_one_sentence(coast: Node, stick: Path, case: str) -> None:
    """And nothing of it is kept."""
    first = next(stick_in.read_parts(stick / "all.tide"))
    (stick / "all.tide").write_bytes(CHANGES[case](first))
    made = stick_in.take_in(coast, stick / "all.tide")
    assert (made.records, made.parts, len(made.problems)) == (0, 0, 1)
    assert "Nothing of it was taken" in made.problems[0]


def test_an_empty_file_and_no_file_are_told(coast: Node, tmp_path: Path) -> None:
    """An empty one is no success; one that is away is refused."""
    (tmp_path / "empty.tide").write_bytes(b"")
    made = stick_in.take_in(coast, tmp_path / "empty.tide")
    assert (made.records, made.parts) == (0, 0) and str(stick_in.told(made)) == (
        "empty.tide has nothing in it, as when a stick was pulled out too early. Nothing of it was taken; write it once"
        " more."
    )
    with pytest.raises(InputWrong, match="no bundle of the tide"):
        stick_in.take_in(coast, tmp_path / "away.tide")


def test_a_file_that_cannot_be_read_is_told(coast: Node, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stick was pulled out while it was read; what came before is safe."""

    def broken(_path: Path) -> Iterator[bytes]:
        yield next(iter(parts))
        raise OSError(errno.EIO, "Input/output error")

    parts = list(stick_in.read_parts(stick / "all.tide"))
    monkeypatch.setattr(stick_in, "read_parts", broken)
    made = stick_in.take_in(coast, stick / "all.tide")
    assert made.records == 40 and "cannot be read (Input/output error)" in made.problems[0]


def test_a_large_bundle_lies_in_several_files(village: Node, coast: Node, tmp_path: Path) -> None:
    """Each small enough for FAT and a phone; the first leads to the others, and so does their folder."""
    stick_out.export(coast, hub="Alder hill", to=tmp_path / "x.tide")
    tide.learn(village, first=1, count=10)
    for data in stick_in.read_parts(stick_out.export(village, hub="Coast", to=tmp_path / "a.tide").files[0]):
        assert carried.take(village, data)
    made = stick_out.export(village, hub="Coast", to=tmp_path / "b.tide", file_bytes=100)
    assert list(made.files) == [tmp_path / "b.tide", tmp_path / "b.2.tide"]
    assert stick_in.files(tmp_path / "b.tide") == list(made.files)
    assert stick_in.take_in(coast, tmp_path / "b.tide").parts == 2
    assert {tmp_path / name for name in ("a.tide", "b.2.tide", "b.tide", "x.tide")} <= {*stick_in.files(tmp_path)}


def test_into_a_folder_it_is_named_after_the_hub(village: Node, coast: Node, tmp_path: Path) -> None:
    """And what lies there stays."""
    names = [stick_out.export(village, hub="Coast", to=tmp_path).files[0].name for _ in range(2)]
    assert names == ["Coast.tide", "Coast (2).tide"]


class FullDisk(Disk):
    """A stick that fills up, or is pulled out, when it is to be made safe."""

    number = errno.ENOSPC

    def sync_file(self, path: Path) -> None:
        """Say no."""
        raise OSError(self.number, "the stick says no")


@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "It is full there"), (errno.EIO, "sits firmly")])
def test_a_stick_that_is_full_or_pulled_out_keeps_nothing_half(
    village: Node, coast: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    """What stood under the name stands there still."""
    place = stick_out.export(village, hub="Coast", to=tmp_path / "a.tide").files[0]
    before = place.read_bytes()
    monkeypatch.setattr(FullDisk, "number", number)
    monkeypatch.setattr(stick_out, "Disk", FullDisk)
    with pytest.raises(StorageFull, match=words):
        stick_out.export(village, hub="Coast", to=place)
    assert place.read_bytes() == before and [path.name for path in tmp_path.glob(".*")] == []


def test_room_is_looked_at_first(village: Node, coast: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is written; a folder that is not there is told too."""
    monkeypatch.setattr(Disk, "free_bytes", lambda *_: 1000)
    with pytest.raises(StorageFull, match="are needed and 0 MB are free"):
        stick_out.export(village, hub="Coast", to=tmp_path / "a.tide")
    monkeypatch.undo()
    with pytest.raises(InputWrong, match="no such folder"):
        stick_out.export(village, hub="Coast", to=tmp_path / "away" / "a.tide")


def test_a_hub_without_room_stops_with_a_sentence(
    village: Node, coast: Node, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part that would have to wait finds no room on the hub's own disk."""

    def full(*_: object) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    late = list(stick_in.read_parts(stick / "all.tide"))[0]
    (stick / "all.tide").write_bytes(late)
    monkeypatch.setattr("hub.tide.stick_in.arrive.arrive", full)
    with pytest.raises(StorageFull, match="It is full there"):
        stick_in.take_in(coast, stick / "all.tide")


def _run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_the_commands_say_what_they_did(
    tmp_path: Path, choose_database: Callable[[Path], Path], village: Node, coast: Node, stick: Path
) -> None:
    """A hub made by the command refuses what is not for it: status 1, one JSON value and one line of words."""
    home = choose_database(tmp_path / "third")
    assert _run("init", "--home", home, "--name", "Third").exit_code == 0
    answer = _run("sync", "import", stick / "all.tide", "--home", home, "--json")
    assert answer.exit_code == 1 and "for another hub" in answer.stderr
    assert json.loads(answer.stdout)["records"] == 0
    words = _run("sync", "import", stick / "all.tide", "--home", home)
    assert (words.exit_code, words.stdout, words.stderr.count("\n")) == (1, "", 1)
    refused = _run("sync", "export", "--for", "Coast", "--to", tmp_path / "x.tide", "--home", home)
    assert refused.exit_code == 1 and "exchanges with no hub" in refused.stderr


def test_an_empty_file_is_told_by_the_command(
    tmp_path: Path, choose_database: Callable[[Path], Path], village: Node
) -> None:
    """One sentence and exit status 1, whatever its name is made of."""
    home = choose_database(tmp_path / "third")
    assert _run("init", "--home", home, "--name", "Third").exit_code == 0
    for name in ("Coast.tide", os.fsdecode(b"na\xffme.tide")):
        (tmp_path / name).write_bytes(b"")
        answer = _run("sync", "import", tmp_path / name, "--home", home)
        assert (answer.exit_code, answer.stdout, answer.stderr.count("\n")) == (1, "", 1)
        assert "has nothing in it" in answer.stderr


def test_a_name_that_cannot_be_written_down_is_left_out(village: Node, coast: Node, tmp_path: Path) -> None:
    """One sentence says so, and the others are taken; alone it is told as well."""
    tide.learn(village, first=1, count=3)
    odd = tmp_path / os.fsdecode(b"na\xffme.tide")
    stick_out.export(village, hub="Coast", to=tmp_path / "a.tide")
    (tmp_path / "a.tide").rename(odd)
    alone = stick_in.take_in(coast, tmp_path)
    assert str(stick_in.told(alone)).startswith("1 file has a name that this hub cannot write down.")
    stick_out.export(village, hub="Coast", to=tmp_path / "हिन्‍दी.tide")
    made = stick_in.take_in(coast, tmp_path)
    assert (made.records, len(made.problems)) == (3, 1)
