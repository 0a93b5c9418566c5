"""What is waiting to come in: packages and lists of people from a phone, and what was laid into `inbox/` by hand.

Taking it in takes a while, so it is a job. A file that was sent is gone when its job is over; what was laid into the
folder by hand stays, since it is somebody's own.
"""

import fcntl
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from content.archive import is_litter
from content.disk import Disk
from content.errors import ContentError, PackagePartly
from hub import jobs, library
from hub.errors import HubError, InputWrong, StorageFull
from hub.jobs import JobShown
from hub.node import Node
from hub.people.lists import opening, taking
from hub.sentences import Sentence, sentence

JOB = "import"
LIST_JOB = "people"
PACKAGE = "package"
"""Under this name the last sentence of an import knows which package it brought."""
LIST_NAME = "list.csv"
"""What a list is called whose own name says nothing."""
FOLDER = "inbox"
SENT = ".sent"
"""The folder below `inbox/` for files that came through a page; the dot keeps it out of the list."""
DEEP = 4
"""Folders above a sent file: its own, the one of all sent files, `inbox/` and the home."""
NAME_CHARS_MAX = 120
STEPS = 20
"""How often a job says how far it is: each time costs a write to the card."""
NEAR_FULL_BYTES = 32 * 1024 * 1024
"""Room that must be left when a sent file is kept, so that it cannot stop the records by itself."""


@dataclass(frozen=True)
class Waiting:
    """Something that was laid into the folder; `size_bytes` is 0 for a folder."""

    name: str
    size_bytes: int
    is_folder: bool


def waiting(node: Node) -> list[Waiting]:
    """What lies in the folder `inbox/` of the hub's home, by name; the folder is made when it is not there."""
    folder = node.home / FOLDER
    folder.mkdir(exist_ok=True)
    found = [path for path in sorted(folder.iterdir()) if not is_litter(path.name) and not path.is_symlink()]
    return [Waiting(path.name, path.stat().st_size if path.is_file() else 0, path.is_dir()) for path in found]


def ask_for(node: Node, *, name: str) -> str:
    """Ask that something in the folder be put on the shelf; return the job. Raises InputWrong when it is not there."""
    if name not in {each.name for each in waiting(node)}:
        raise InputWrong("That is no longer in the folder. Nothing was changed; look at the list again.")
    return jobs.add(node, JOB, arguments={"path": f"{FOLDER}/{name}"})


def send(node: Node, *, name: str, file: IO[bytes]) -> str:
    """Keep a file that came through a page, and ask that it be put on the shelf; return the job.

    Raises InputWrong when it has no name, StorageFull when there is no room for it.
    """
    plain = _plain(name)
    if not plain:
        raise InputWrong("No file was chosen. Nothing was changed; choose one and send it again.")
    return _receive(node, JOB, plain, file)


def losses(job: JobShown) -> list[Sentence]:
    """What would be left out when a job stopped because of that, which somebody may agree to; else nothing."""
    told = job.progress
    if job.kind != JOB or job.state != jobs.STOPPED or not isinstance(told, Sentence):
        return []
    what = told.facts.get("what")
    if told.pattern != PackagePartly.sentence or not isinstance(what, Sentence):
        return []
    return [part for part in what.facts.values() if isinstance(part, Sentence)]


def agree(node: Node, job_id: str) -> str:
    """Ask for the same once more, without what would be left out; return the job.

    Raises NotFound when there is no such job, InputWrong when nobody asked or the file is gone.
    """
    job = jobs.show(node, job_id)
    if not losses(job) or not (node.home / str(job.arguments["path"])).exists():
        raise InputWrong("That file is not here any more. Nothing was changed; send it once more.")
    return jobs.add(node, JOB, arguments={"path": job.arguments["path"], "in_part": True})


def send_list(node: Node, *, name: str, data: bytes) -> str:
    """Keep a list of people that came through a page and was looked at, and ask that it be taken in; return the job.

    Raises StorageFull when there is no room for it.
    """
    return _receive(node, LIST_JOB, _plain(name) or LIST_NAME, io.BytesIO(data))


def clear_away(node: Node) -> None:
    """Delete sent files that no job waits for: what a power cut left. Nothing while somebody is sending one."""
    with suppress(BlockingIOError), _sending(node, fcntl.LOCK_EX | fcntl.LOCK_NB) as sent:
        waiting = [job for kind in (JOB, LIST_JOB) for job in jobs.unfinished(node, kind=kind)]
        wanted = {PurePosixPath(job.arguments.get("path", "")).parent.name for job in waiting}
        for folder in sent.iterdir():
            if folder.name not in wanted:
                shutil.rmtree(folder, ignore_errors=True)


def bring_in(node: Node, arguments: dict[str, Any], say: Callable[[Sentence], None]) -> Sentence:
    """Do the job: put what `path` names, below the home folder, on the shelf; return what came of it. Safe to repeat.

    Raises the ContentError that says why it was refused; a file that was sent is gone then too, unless it is about what
    would be left out: somebody may agree to that, until the next start.
    """
    source = node.home / str(arguments["path"])
    is_sent = source.is_relative_to(node.home / FOLDER / SENT)
    if is_sent and not source.exists():
        return sentence("It is on the shelf.")
    say(sentence("Looking at %(file)s.", file=source.name))
    try:
        added = library.add(node, source=source, watch=_watching(say, _copied), in_part=bool(arguments.get("in_part")))
    except PackagePartly:
        raise
    except ContentError:
        _let_go(source, is_sent)
        raise
    _let_go(source, is_sent)
    facts = {"title": added.title, PACKAGE: added.package}
    if added.is_new:
        return sentence("%(title)s is on the shelf.", **facts)
    return sentence("%(title)s is on the shelf in its new version.", **facts)


def take_list_in(node: Node, arguments: dict[str, Any], say: Callable[[Sentence], None]) -> Sentence:
    """Do the job: take in the list that `path` names; return what came of it. Repeating it goes on after a cut.

    Raises the HubError that says why it was refused; the file is gone then too.
    """
    source = node.home / str(arguments["path"])
    if not source.exists():
        return sentence("The list is taken in.")
    try:
        taken = taking.take(node, opening.open_path(source), watch=_watching(say, _written_down))
    except HubError:
        _let_go(source, is_sent=True)
        raise
    _let_go(source, is_sent=True)
    counts = {"new": taken.people_new, "changed": taken.people_changed}
    return sentence("The list is taken in: %(new)s new people are here now; %(changed)s were changed.", **counts)


def _receive(node: Node, kind: str, name: str, file: IO[bytes]) -> str:
    if node.shelf.free_bytes() < NEAR_FULL_BYTES:
        raise StorageFull("The disk is full: the file was not kept. Free some space and send it again.")
    with _sending(node, fcntl.LOCK_SH) as sent:
        folder = sent / node.new_id()
        place = folder / _short(name)
        try:
            _keep(file, place)
            return jobs.add(node, kind, arguments={"path": place.relative_to(node.home).as_posix()})
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


@contextmanager
def _sending(node: Node, lock: int) -> Iterator[Path]:
    """The folder of sent files, locked: shared by those who send, alone for whoever clears it."""
    sent = node.home / FOLDER / SENT
    sent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(sent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, lock)
        yield sent
    finally:
        os.close(descriptor)


def _keep(file: IO[bytes], place: Path) -> None:
    """Copy a file into a folder of its own, safe from a power cut. Raises StorageFull."""
    try:
        place.parent.mkdir()
        with place.open("xb") as out:
            shutil.copyfileobj(file, out)
            out.flush()
            os.fsync(out.fileno())
        for folder in place.parents[:DEEP]:
            Disk().sync_folder(folder)
    except OSError as mistake:
        raise StorageFull(
            "The disk did not take the file (%(why)s): it was not kept. Free some space and send it again.",
            why=mistake.strerror,
        ) from None


def _copied(done: int, total: int) -> Sentence:
    return sentence("Copied %(done)s of %(total)s files.", done=done, total=total)


def _written_down(done: int, total: int) -> Sentence:
    return sentence("Written down %(done)s of %(total)s changes.", done=done, total=total)


def _watching(say: Callable[[Sentence], None], words: Callable[[int, int], Sentence]) -> Callable[[int, int], None]:
    """What hears how far a job is, and says it now and then."""
    told = set()

    def watch(done: int, total: int) -> None:
        step = done * STEPS // total
        if step not in told:
            told.add(step)
            say(words(done, total))

    return watch


def _let_go(source: Path, is_sent: bool) -> None:
    if is_sent:
        shutil.rmtree(source.parent, ignore_errors=True)


def _plain(name: str) -> str:
    """The name without the folders before it; "" for none, and for one that hides."""
    plain = PurePosixPath(name.replace("\\", "/")).name.strip()
    return "" if is_litter(plain) else plain


def _short(name: str) -> str:
    """A name short enough for any disk, with its ending, which tells what the file is."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:NAME_CHARS_MAX]}{dot}{ending[-20:]}" if dot else name[:NAME_CHARS_MAX]
