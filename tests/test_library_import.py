"""Imports are jobs: from a file that was sent, or from the folder of the hub."""

import errno
import fcntl
import io
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from content.errors import ContentError
from hub import inbox, jobs, library
from hub.errors import InputWrong, StorageFull
from hub.node import Node
from hub.worker import HANDLERS, Worker, working
from tests.fixtures import packages
from tests.fixtures.forgetful import Forgetful


def bytes_of(tmp_path: Path, name: str = "goat.epub") -> io.BytesIO:
    """A book as it comes from a phone."""
    return io.BytesIO(packages.epub(tmp_path / name).read_bytes())


def sent(node: Node) -> list[Path]:
    """The files that were sent and are still kept."""
    return [path for path in (node.home / inbox.FOLDER).rglob("*") if path.is_file()]


def until(is_so: Callable[[], bool]) -> None:
    """Wait for the background thread."""
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_sent_file_comes_onto_the_shelf_and_is_let_go(node: Node, tmp_path: Path) -> None:
    """The job says what came of it, and the copy in the inbox is gone."""
    job = inbox.send(node, name="goat.epub", file=bytes_of(tmp_path))
    assert Worker(node, HANDLERS).step()
    assert (jobs.show(node, job).state, len(library.packages(node)), sent(node)) == ("done", 1, [])
    assert "The Goat and the Moon is on the shelf" in jobs.show(node, job).progress


def test_a_sent_file_outlives_a_power_cut(node: Node, tmp_path: Path, forgetful: Forgetful) -> None:
    """Its job is written down, so the file must be there as well: the next start puts it on the shelf."""
    job = inbox.send(node, name="goat.epub", file=bytes_of(tmp_path))
    forgetful.cut(node.home / inbox.FOLDER)
    assert Worker(node, HANDLERS).step()
    assert (jobs.show(node, job).state, len(library.packages(node))) == ("done", 1)


def test_a_refused_file_is_let_go_and_the_sentence_stays(node: Node) -> None:
    """The librarian reads why; the disk does not fill up with refused files."""
    job = inbox.send(node, name="a.zip", file=io.BytesIO(b"PK\x03\x04 nonsense"))
    Worker(node, HANDLERS).step()
    assert (jobs.show(node, job).state, sent(node)) == ("stopped", [])
    assert "damaged" in jobs.show(node, job).progress


class _FullDisk(io.BytesIO):
    """A file of which the disk takes the first part only."""

    def read(self, size: int | None = -1, /) -> bytes:
        """The first part, then what the system says of a full disk."""
        if self.tell():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().read(100)


def test_a_disk_that_fills_up_meanwhile_keeps_nothing(node: Node) -> None:
    """One sentence, no job, and the part that was written is gone."""
    with pytest.raises(StorageFull, match="it was not kept"):
        inbox.send(node, name="a.zip", file=_FullDisk(bytes(1000)))
    assert (jobs.jobs(node), list((node.home / "inbox" / ".sent").iterdir())) == ([], [])


def test_sent_files_that_no_job_waits_for_go(node: Node, tmp_path: Path) -> None:
    """What a power cut left is cleared at the start; a file that still waits stays, and is brought in."""
    job = inbox.send(node, name="goat.epub", file=bytes_of(tmp_path))
    lost = node.home / "inbox" / ".sent" / "lost"
    lost.mkdir()
    (lost / "half.zip").write_bytes(b"half")
    with working(node):
        until(lambda: jobs.show(node, job).state == "done")
    assert (sent(node), len(library.packages(node))) == ([], 1)


def test_a_file_that_is_being_sent_is_left_alone(node: Node) -> None:
    """Its job comes only when it is whole."""
    folder = node.home / "inbox" / ".sent" / "now"
    folder.mkdir(parents=True)
    lock = os.open(folder.parent, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_SH)
    inbox.clear_away(node)
    os.close(lock)
    assert folder.exists()


def test_what_lies_in_the_folder_stays_there(node: Node, tmp_path: Path) -> None:
    """It is somebody's own; hidden files and links are not offered."""
    inbox.waiting(node)
    packages.mp4(node.home / "inbox" / "film.mp4")
    packages.folder(node.home / "inbox" / "well")
    (node.home / "inbox" / ".hidden").write_text("x")
    (node.home / "inbox" / "link.pdf").symlink_to("/etc/passwd")
    assert [(each.name, each.is_folder) for each in inbox.waiting(node)] == [("film.mp4", False), ("well", True)]
    inbox.ask_for(node, name="film.mp4")
    Worker(node, HANDLERS).step()
    assert (node.home / "inbox" / "film.mp4").exists()
    assert len(library.packages(node)) == 1


def test_only_what_is_on_the_list_is_taken(node: Node) -> None:
    """A name from a form leads nowhere else."""
    for name in ["../mangrove.db", "/etc/passwd", "nothing.pdf", "", ".sent"]:
        with pytest.raises(InputWrong, match="no longer in the folder"):
            inbox.ask_for(node, name=name)
    assert jobs.jobs(node) == []


def test_a_file_without_a_name_is_refused(node: Node) -> None:
    """Nothing is kept."""
    for name in ["", "   ", "..", "/", ".hidden"]:
        with pytest.raises(InputWrong, match="No file was chosen"):
            inbox.send(node, name=name, file=io.BytesIO(b"x"))
    assert sent(node) == []


def test_a_name_from_a_phone_stays_in_its_place(node: Node, tmp_path: Path) -> None:
    """Only the last part counts, shortened, with its ending."""
    for name in ("../../evil.epub", "C:\\Users\\x\\goat.epub", "g" * 500 + ".epub"):
        inbox.send(node, name=name, file=bytes_of(tmp_path))
    for place in sent(node):
        assert place.parent.parent == node.home / inbox.FOLDER / inbox.SENT
        assert place.suffix == ".epub"
        assert len(place.name) <= 126
    assert len(sent(node)) == 3


def test_no_room_is_said(node: Node, tmp_path: Path) -> None:
    """A file that would fill the disk is not kept."""
    object.__setattr__(node.shelf, "free_bytes", lambda: 1000)
    with pytest.raises(StorageFull, match="not kept"):
        inbox.send(node, name="goat.epub", file=bytes_of(tmp_path))


def test_an_import_cut_off_after_its_work_says_so(node: Node) -> None:
    """The file that was sent is gone because it is on the shelf: the second try is content."""
    arguments = {"path": "inbox/.sent/1234/goat.epub"}
    assert inbox.bring_in(node, arguments, lambda _: None) == "It is on the shelf."


def test_an_import_says_how_far_it_is_and_not_too_often(node: Node, tmp_path: Path) -> None:
    """Each sentence costs a write to the card."""
    folder = packages.folder(node.home / "inbox" / "well")
    for number in range(100):
        (folder / f"{number}.txt").write_text(str(number))
    said: list[str] = []
    assert inbox.bring_in(node, {"path": "inbox/well"}, said.append) == "Keep the well clean is on the shelf."
    assert "Copied 103 of 103 files, 1 of 1 MB." in said
    assert len(said) <= inbox.STEPS + 3


def test_a_stopping_hub_leaves_an_import_for_later(node: Node, tmp_path: Path) -> None:
    """The file stays, the shelf is as before, and the next try does it."""

    class Leaving(Exception):
        pass

    def leave(_sentence: str) -> None:
        if _sentence.startswith("Copied"):
            raise Leaving

    inbox.send(node, name="goat.epub", file=bytes_of(tmp_path))
    arguments = jobs.jobs(node)[0].arguments
    with pytest.raises(Leaving):
        inbox.bring_in(node, arguments, leave)
    assert library.packages(node) == []
    assert len(sent(node)) == 1
    assert "is on the shelf" in inbox.bring_in(node, arguments, lambda _: None)


def test_a_new_version_is_said_as_such(node: Node, tmp_path: Path) -> None:
    """The librarian sees that it replaced one."""
    for version in (1, 2):
        packages.folder(node.home / "inbox" / "well", version=version)
        said = inbox.bring_in(node, {"path": "inbox/well"}, lambda _: None)
    assert said.endswith("in its new version.")
    with pytest.raises(ContentError, match="already holds version 2"):
        inbox.bring_in(node, {"path": str(packages.folder(tmp_path / "old"))}, lambda _: None)
