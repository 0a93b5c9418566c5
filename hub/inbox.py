"""What is waiting to come in: packages and lists of people from a phone, and what was laid into `inbox/` by hand.

Taking it in takes a while, so it is a job. A file that was sent is gone when its job is over, or some days later where
somebody has to agree to something first; what was laid into the folder by hand, or is on a stick, is somebody's own.
"""

import fcntl
import io
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from content.archive import is_litter
from content.disk import MEGA, Disk
from content.errors import ContentError, PackagePartly
from content.install import Step
from content.limits import MIB
from hub import agreeing, jobs, library
from hub.acts import By
from hub.errors import HubError, InputWrong, StorageFull
from hub.node import Node
from hub.people.lists import opening, taking
from hub.sentences import Sentence, sentence

JOB = agreeing.JOB
LIST_JOB = "people"
PACKAGE = "package"
"""Under this name the last sentence of an import knows which package it brought."""
AWAY = "away"
"""Under this name the sentence of work that rests knows that its stick is not in."""
LIST_NAME = "list.csv"
"""What a list is called whose own name says nothing."""
FOLDER = agreeing.FOLDER
SENT = agreeing.SENT
DEEP = 4
"""Folders above a sent file: its own, the one of all sent files, `inbox/` and the home."""
NAME_CHARS_MAX = 120
STEPS = 20
"""How often a job says how far it is: each time costs a write to the card."""
LOOK_S = 0.5
"""How often an import looks whether it was paused or called off: each time costs a read."""
PAUSED = sentence("It rests. Nothing of it is on the shelf yet; when it goes on, it is copied anew.")
NEAR_FULL_BYTES = 32 * MIB
"""Room that must be left when a sent file is kept, so that it cannot stop the records by itself."""


@dataclass(frozen=True)
class Waiting:
    """Something that was laid into the folder; `size_bytes` is 0 for a folder.

    `name` is its path in the folder, and `title` what it is called: of the channels in one folder each is one.
    """

    name: str
    size_bytes: int
    is_folder: bool
    title: str


def waiting(node: Node) -> list[Waiting]:
    """What lies in the folder `inbox/` of the hub's home, by name; the folder is made when it is not there."""
    folder = node.home / FOLDER
    folder.mkdir(exist_ok=True)
    found = [path for path in sorted(folder.iterdir()) if not is_litter(path.name) and not path.is_symlink()]
    return [each for path in found for each in _waiting(folder, path)]


def _waiting(folder: Path, path: Path) -> list[Waiting]:
    """One entry of the folder, or the packages it is taken as."""
    with suppress(ContentError):
        if parts := library.parts(path):
            return [Waiting(each.path.relative_to(folder).as_posix(), 0, True, each.title) for each in parts]
    return [Waiting(path.name, path.stat().st_size if path.is_file() else 0, path.is_dir(), path.name)]


def ask_for(node: Node, *, name: str) -> str:
    """Ask that something in the folder be put on the shelf; return the job. Raises InputWrong when it is not there."""
    if name not in {each.name for each in waiting(node)}:
        raise InputWrong("That is no longer in the folder. Nothing was changed; look at the list again.")
    return jobs.add(node, JOB, arguments=agreeing.as_arguments(f"{FOLDER}/{name}"))


def send(node: Node, *, name: str, file: IO[bytes]) -> str:
    """Keep a file that came through a page, and ask that it be put on the shelf; return the job.

    Raises InputWrong when it has no name, StorageFull when there is no room for it.
    """
    plain = plain_name(name)
    if not plain:
        raise InputWrong("No file was chosen. Nothing was changed; choose one and send it again.")
    return _receive(node, JOB, plain, file)


def send_list(node: Node, *, name: str, data: bytes, by: str = "") -> str:
    """Keep a list of people that came through a page and was looked at, and ask that it be taken in; return the job.

    `by` is who sent it. Raises StorageFull when there is no room for it.
    """
    return _receive(node, LIST_JOB, plain_name(name) or LIST_NAME, io.BytesIO(data), by)


def pause(node: Node, job_id: str) -> None:
    """Let an import rest; one that is at its end already stays so."""
    jobs.show(node, job_id)
    jobs.pause(node, job_id, PAUSED)


def resume(node: Node, job_id: str) -> None:
    """Let an import that rests go on when its turn comes."""
    jobs.show(node, job_id)
    jobs.resume(node, job_id)


def call_off(node: Node, job_id: str) -> None:
    """Call an import off, also one that waits for somebody to agree; a file that was sent goes. One that is at its end
    already stays so."""
    job = jobs.show(node, job_id)
    is_asked = agreeing.is_asked(job)
    if is_asked:
        jobs.stop(node, job_id, jobs.CALLED_OFF)
    if is_asked or (jobs.call_off(node, job_id) and job.state != jobs.RUNNING):
        source = agreeing.source(node, job)
        _let_go(source, agreeing.is_sent(node, source))


def clear_away(node: Node) -> None:
    """Delete sent files that nobody waits for: what a power cut left, and what nobody agreed to. Nothing while somebody
    is sending one."""
    with suppress(BlockingIOError), sending(node, fcntl.LOCK_EX | fcntl.LOCK_NB) as sent:
        waiting = [job for kind in (JOB, LIST_JOB) for job in jobs.unfinished(node, kind=kind)]
        wanted = {agreeing.source(node, job).parent.name for job in (*waiting, *agreeing.unanswered(node))}
        for folder in sent.iterdir():
            if folder.name not in wanted:
                shutil.rmtree(folder, ignore_errors=True)


def bring_in(
    node: Node, arguments: dict[str, Any], say: Callable[[Sentence], None], look: Callable[[], None] = lambda: None
) -> Sentence:
    """Do the job: put what `path` names, below the home folder or on a stick, on the shelf; return what came of it.

    Safe to repeat. `look` raises where it was paused or called off. Raises the ContentError that says why it was
    refused; a file that was sent is gone then too, unless it is about what would be left out: somebody may agree to
    that, for some days. Raises Away when the stick is not in.
    """
    source = node.home / str(arguments["path"])
    is_sent = agreeing.is_sent(node, source)
    if is_sent and not source.exists():
        return sentence("It is on the shelf.")
    _check_in(source, arguments)
    say(sentence("Looking at %(file)s.", file=source.name))
    try:
        added = library.add(node, source=source, watch=Copying(say, look), in_part=agreeing.agreed(node, arguments))
    except PackagePartly:
        raise
    except (ContentError, jobs.CalledOff) as mistake:
        if isinstance(mistake, ContentError):
            _check_in(source, arguments)
        _let_go(source, is_sent)
        raise
    _let_go(source, is_sent)
    facts = {"title": added.title, PACKAGE: added.package}
    if added.remote:
        return sentence(
            "%(title)s is on the shelf. It asks for addresses on the internet; its page names them.", **facts
        )
    if added.is_new:
        return sentence("%(title)s is on the shelf.", **facts)
    return sentence("%(title)s is on the shelf in its new version.", **facts)


def away(name: str) -> jobs.Away:
    """What stops work on a stick that is not in; a fact of its sentence says that it goes on by itself."""
    return jobs.Away(
        sentence(
            "%(file)s cannot be reached: the stick is not in. Nothing was lost and nothing is half done; put the"
            " stick back in, and it goes on by itself.",
            **{"file": name, AWAY: name},
        )
    )


def _check_in(source: Path, arguments: dict[str, Any]) -> None:
    """Whether what lies on a stick can be reached. Raises Away."""
    if "stick" in arguments and not source.exists():
        raise away(source.name)


def take_list_in(node: Node, arguments: dict[str, Any], say: Callable[[Sentence], None]) -> Sentence:
    """Do the job: take in the list that `path` names; return what came of it. Repeating it goes on after a cut.

    Raises the HubError that says why it was refused; the file is gone then too.
    """
    source = node.home / str(arguments["path"])
    if not source.exists():
        return sentence("The list is taken in.")
    try:
        by = By(arguments["by"]) if arguments.get("by") else None
        taken = taking.take(node, opening.open_path(source), watch=_watching(say, _written_down), by=by)
    except HubError:
        _let_go(source, is_sent=True)
        raise
    _let_go(source, is_sent=True)
    counts = {"new": taken.people_new, "changed": taken.people_changed}
    return sentence("The list is taken in: %(new)s new people are here now; %(changed)s were changed.", **counts)


def _receive(node: Node, kind: str, name: str, file: IO[bytes], by: str = "") -> str:
    if node.shelf.free_bytes() < NEAR_FULL_BYTES:
        raise StorageFull("The disk is full: the file was not kept. Free some space and send it again.")
    with sending(node, fcntl.LOCK_SH) as sent:
        folder = sent / node.new_id()
        place = folder / short(name)
        try:
            _keep(file, place)
            path = place.relative_to(node.home).as_posix()
            asked = agreeing.as_arguments(path) if kind == JOB else {"path": path, "by": by}
            return jobs.add(node, kind, arguments=asked)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


@contextmanager
def sending(node: Node, lock: int) -> Iterator[Path]:
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


class Copying:
    """Hears how far copying is: says it now and then, and looks more often whether to go on."""

    def __init__(self, say: Callable[[Sentence], None], look: Callable[[], None]) -> None:
        self._say, self._look, self._told, self._looked_s = say, look, -1, 0.0

    def __call__(self, step: Step) -> None:
        """Another piece is there."""
        number = step.size_bytes * STEPS // step.total_bytes if step.total_bytes else STEPS
        if number != self._told:
            self._told = number
            self._say(_copied(step))
        elif time.monotonic() - self._looked_s >= LOOK_S:
            self._looked_s = time.monotonic()
            self._look()


def _copied(step: Step) -> Sentence:
    return sentence(
        "Copied %(done)s of %(total)s files, %(mb)s of %(total_mb)s MB.",
        done=step.files,
        total=step.files_total,
        mb=-(-step.size_bytes // MEGA),
        total_mb=-(-step.total_bytes // MEGA),
        done_bytes=step.size_bytes,
        total_bytes=step.total_bytes,
    )


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


def plain_name(name: str) -> str:
    """The name without the folders before it; "" for none, and for one that hides."""
    plain = PurePosixPath(name.replace("\\", "/")).name.strip()
    return "" if is_litter(plain) else plain


def short(name: str) -> str:
    """A name short enough for any disk, with its ending, which tells what the file is."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:NAME_CHARS_MAX]}{dot}{ending[-20:]}" if dot else name[:NAME_CHARS_MAX]
