"""The tide on a stick as slow work: a bundle written onto a stick or for a phone, and bundles taken in from either."""

import itertools
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from content import giving
from content.disk import Disk, check_room
from hub import inbox, jobs, room
from hub.errors import InputWrong, NotFound, StorageFull
from hub.giving import targets
from hub.giving.targets import Target
from hub.jobs import JobShown
from hub.node import JOBS_FOLDER, Node
from hub.sentences import Sentence, counted
from hub.tide import peers, stick_files, stick_in, stick_out
from hub.tide.stick_out import SUFFIX
from sync import part

OUT_JOB, IN_JOB = "tide.out", "tide.in"
FOLDER = "tide"
"""Below the folder of jobs: what a phone is to fetch, and what came from one; a folder for each piece of work."""
PHONE = ""
"""The name of the phone that asks, among the places."""
PHONE_BYTES = 12_000_000
"""What one file for a phone has: a page of the other hub takes it as it is set from the start."""
KEPT = 6
FILES_MAX = 50
PHONE_FILE = "file"
PLACE = "place"
"""Under this name the last sentence of writing knows the file on the stick."""
Say = Callable[[Sentence], None]


@dataclass(frozen=True)
class Found:
    """A file of a bundle on a stick; `hub` is whom its first part is for, "" where that cannot be read."""

    place: str
    name: str
    size_bytes: int
    hub: str


def found(node: Node) -> list[Found]:
    """The bundles that lie at the top of the sticks that are in."""
    return [
        Found(target.name, path.name, path.stat().st_size, stick_files.recipient(path))
        for target in targets.targets(node)
        for path in _there(target)[:FILES_MAX]
    ]


def left_out(target: Target) -> Sentence | None:
    """What is said of the bundles on a stick that have names which cannot be written down; None where none has."""
    with suppress(OSError):
        if count := stick_files.nameless(target.path):
            return stick_in.left_out(count)
    return None


def write(node: Node, *, hub: str, place: str, is_near: bool = False) -> str:
    """Ask that a bundle for a hub be written onto a stick, or for this phone; return the job. One that `is_near` leaves
    out the records of third hubs.

    Raises InputWrong when there is no such hub or nothing can be sealed to it, NotFound when the stick is not in.
    """
    wanted = stick_out.plan(node, peers.find(node, hub), is_near=is_near)
    if wanted.why is not None:
        raise InputWrong(wanted.why.pattern, **wanted.why.facts)
    if place != PHONE:
        target = targets.target(node, place)
        if not target.is_writable:
            raise InputWrong(
                "This stick can only be read. Nothing was written; look whether it has a small lever, or take another"
                " one."
            )
        stick_out.check_room(target.path, wanted.needed_bytes)
    asked = {"path": place, "hub": wanted.peer.hub, "mark": node.new_id(), "near": is_near}
    return jobs.add(node, OUT_JOB, arguments=asked)


def take(node: Node, *, place: str) -> str:
    """Ask that all bundles on a stick be taken in; return the job. Raises NotFound when it is not in."""
    return jobs.add(node, IN_JOB, arguments={"path": targets.target(node, place).name})


def send(node: Node, files: Sequence[tuple[str, IO[bytes]]]) -> str:
    """Keep files that came from a phone, and ask that they be taken in; return the job.

    Raises InputWrong when there is none, NoSpace or StorageFull when there is no room; nothing is kept then.
    """
    if not files or len(files) > FILES_MAX:
        raise InputWrong(
            "No file was chosen, or too many at once. Nothing was changed; choose them and send them again."
        )
    check_room(room.free_bytes(node), needed=part.FILE_BYTES_MAX, reserve=node.settings.free_reserve)
    folder = _clear_old(node) / node.new_id()
    try:
        Disk().make_folder(folder)
        for number, (name, file) in enumerate(files, 1):
            with (folder / _kept_as(number, name)).open("xb") as out:
                shutil.copyfileobj(file, out)
        Disk().sync_all(folder)
    except OSError as mistake:
        Disk().delete_folder(folder)
        raise StorageFull(
            "The disk did not take the file (%(why)s). Nothing was changed; free some space and send it again.",
            why=mistake.strerror,
        ) from None
    return jobs.add(node, IN_JOB, arguments={"path": PHONE, "sent": folder.name})


def write_by_itself(node: Node, job: JobShown, say: Say, look: Callable[[], None]) -> Sentence:
    """Do the job of writing. Raises Away when the stick is not in, or a HubError with the reason."""
    hub, place = job.arguments["hub"], job.arguments["path"]
    into = _folder_of(node, job) if place == PHONE else _target(node, place).path
    if place == PHONE:
        _clear_old(node)
        Disk().delete_folder(into)
        Disk().make_folder(into)
    size = PHONE_BYTES if place == PHONE else part.FILE_BYTES_MAX
    is_near = bool(job.arguments.get("near"))
    made = stick_out.export(node, hub=hub, to=into, file_bytes=size, is_near=is_near, say=say, look=look)
    return counted(
        "%(num)d record for “%(name)s” is sealed in the file “%(place)s”. Only that hub can read it.",
        "%(num)d records for “%(name)s” are sealed in the file “%(place)s”. Only that hub can read them.",
        made.records,
        name=made.name,
        **{PLACE: made.files[0].name},
    )


def take_by_itself(node: Node, job: JobShown, say: Say, look: Callable[[], None]) -> Sentence:
    """Do the job of taking in. Raises Away when the stick is not in, or a HubError with the reason."""
    sent = job.arguments.get("sent")
    folder = _folder(node) / sent if sent else _target(node, job.arguments["path"]).path
    made = stick_in.take_in(node, folder, say=say, look=look)
    said = stick_in.told(made)
    if sent:
        Disk().delete_folder(folder)
    return said


def fetched(node: Node, job: JobShown) -> list[Path]:
    """The files that a phone can fetch of a job."""
    return stick_files.files(_folder_of(node, job)) if job.kind == OUT_JOB and job.state == jobs.DONE else []


def file_of(node: Node, job: JobShown, number: int) -> Path:
    """One of them, counted from 1. Raises NotFound."""
    place = next(itertools.islice(fetched(node, job), number - 1, None), None) if number else None
    if place is None:
        raise NotFound("This file was let go, since others were made after it. Write it once more.")
    return place


def let_go(node: Node) -> None:
    """Delete the files that phones may still fetch: they were written before something was erased. Safe to repeat.

    What came from a phone and is not taken in yet stays, and so does what is being written.
    """
    coming = {job.arguments.get("sent") for job in jobs.unfinished(node, kind=IN_JOB)}
    kept = coming | {job.id for job in jobs.unfinished(node, kind=OUT_JOB)}
    for folder in _folder(node).glob("*"):
        if folder.name not in kept:
            Disk().delete_folder(folder)


def look_again(node: Node) -> None:
    """Let go on what rests because its stick was away, where that is in again."""
    names = {each.name for each in targets.targets(node)}
    for kind in (OUT_JOB, IN_JOB):
        for job in jobs.unfinished(node, kind=kind):
            if job.state == jobs.PAUSED and job.arguments["path"] in names:
                jobs.resume(node, job.id)


def _kept_as(number: int, name: str) -> str:
    """What a file of a phone is called here: in the order they came, and so that a sentence can name it."""
    return f"{number:03} {giving.safe_name(name.removesuffix(SUFFIX), PHONE_FILE)}{SUFFIX}"


def _there(target: Target) -> list[Path]:
    try:
        return stick_files.files(target.path)
    except OSError:
        return []


def _target(node: Node, name: str) -> Target:
    try:
        return targets.target(node, name)
    except NotFound:
        raise inbox.away(name) from None


def _folder_of(node: Node, job: JobShown) -> Path:
    return _folder(node) / job.id


def _folder(node: Node) -> Path:
    return node.home / JOBS_FOLDER / FOLDER


def _clear_old(node: Node) -> Path:
    """The folder of all, with the oldest let go."""
    top = _folder(node)
    Disk().make_folder(top)
    for old in sorted(top.iterdir(), key=lambda path: path.stat().st_mtime)[: -(KEPT - 1)]:
        Disk().delete_folder(old)
    return top
