"""Large files that come in pieces over a line that breaks: what tus 1.0.0 calls an upload, without its HTTP.

Each has a folder below `inbox/.coming`, with what it is (`about.json`) and what came (`part-<bytes>-<moment>`). The
name of the part says how many bytes are safe on the medium: a piece is written behind them, flushed, and then the part
is renamed. What lies behind that number is a piece that was cut off, and the next one writes over it. So what is told
is true wherever the power goes. A whole file moves among the sent ones, and its job is that of any other.
"""

import fcntl
import hashlib
import json
import os
import shutil
from base64 import b64decode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from content.disk import check_room
from content.errors import N_
from hub import agreeing, inbox, jobs, room
from hub.errors import HubError, InputWrong, NotFound, StorageFull, TooMany
from hub.node import Node

COMING = ".coming"
"""The folder below `inbox/`; the dot keeps it out of the list."""
ABOUT = "about.json"
PART, JOB = "part", "job"
CLEAR_JOB = "inbox.clear"
"""Kind of the job that forgets what waited too long, sent files included."""
OPEN_MOST, OPEN_OF_ONE = 20, 5
"""Unfinished uploads at once: of everybody, and of one person."""
KEPT_MS = 7 * 86_400_000
"""How long an upload waits for its next piece, and how long a whole one is remembered."""
METADATA_CHARS_MAX = 4096
TWICE = 2
"""A file lies in the inbox while the shelf gets its copy."""
TOLD = ("id", "person", "name", "size", "metadata")
"""What is said of an upload when it begins, and does not change."""
GONE = N_("There is no such file on its way; unfinished ones are forgotten after a week. Begin anew.")


class UploadOffset(HubError):
    """A piece does not begin where the upload stands; nothing was changed."""


class UploadBusy(HubError):
    """Another piece of the same upload is being written."""


class UploadChanged(HubError):
    """A piece is not what its sender says it is; nothing of it was kept."""


class UploadTooLarge(HubError):
    """A file, or a piece of one, is larger than it may be; nothing was changed."""


@dataclass(frozen=True)
class Upload:
    """A file on its way: `offset` bytes of `size` are safe here; `job` puts it on the shelf once it is whole."""

    id: str
    person: str
    name: str
    size: int
    metadata: str
    offset: int
    changed_ms: int
    job: str = ""

    @property
    def until_ms(self) -> int:
        """When it is forgotten, unless a piece comes."""
        return self.changed_ms + KEPT_MS


def begin(node: Node, *, person: str, name: str, size: int, metadata: str = "") -> Upload:
    """Begin an upload, of which nothing is here yet.

    Raises InputWrong without a name, UploadTooLarge, TooMany when others are open, NoSpace.
    """
    plain = inbox.plain_name(name)
    if not plain:
        raise InputWrong("No file was chosen. Nothing was changed; choose one and send it again.")
    if size > node.settings.upload_max:
        raise UploadTooLarge(
            "This file is larger than this hub takes over a page. Nothing was changed; bring it on a stick."
        )
    with _all(node) as coming:
        others = [each for each in uploads(node) if not each.job]
        if len(others) >= OPEN_MOST or sum(each.person == person for each in others) >= OPEN_OF_ONE:
            raise TooMany(
                "Many files are on their way already. Nothing was changed; finish one or throw it away first."
            )
        left = sum(each.size - each.offset for each in others)
        check_room(room.free_bytes(node), needed=left + TWICE * size, reserve=node.settings.free_reserve)
        made = Upload(node.new_id(), person, inbox.short(plain), size, metadata, 0, node.clock.now_ms())
        _make(node, coming / made.id, made)
    return finish(node, made) if not size else made


def uploads(node: Node, *, person: str = "") -> list[Upload]:
    """All uploads, or one person's, whole ones included, the newest first."""
    found = [each for folder in _coming(node).iterdir() if (each := _read(folder))]
    found.sort(key=lambda each: each.changed_ms, reverse=True)
    return [each for each in found if person in ("", each.person)]


def upload(node: Node, upload_id: str, *, person: str) -> Upload:
    """One upload of a person. Raises NotFound, also when it waited too long."""
    found = _read(_coming(node) / upload_id) if upload_id.replace("-", "").isalnum() else None
    if found is None or found.person != person or _is_old(node, found):
        raise NotFound(GONE)
    return found


def take(node: Node, found: Upload, *, offset: int, pieces: Iterable[bytes]) -> Upload:
    """Keep what comes from byte `offset` on, and return how it stands; a whole file becomes a job.

    Raises UploadOffset, UploadBusy, UploadTooLarge, NoSpace and StorageFull; what `pieces` raises leaves all as it was.
    """
    folder = _coming(node) / found.id
    with _alone(folder):
        standing = _read(folder) or found
        if offset != standing.offset or standing.job:
            raise UploadOffset("This piece does not begin where the file stands here. Nothing was changed; ask again.")
        left = standing.size - offset
        room.make(node, needed=left)
        check_room(node.shelf.free_bytes(), needed=left, reserve=node.settings.free_reserve)
        standing = _append(node, folder, standing, _bounded(pieces, left))
        return finish(node, standing) if standing.offset == standing.size else standing


def metadata(said: str) -> dict[str, str]:
    """Keys and their values, which tus sends in Base64. Raises ValueError when it is not that, or too much."""
    if len(said) > METADATA_CHARS_MAX:
        raise ValueError(said[:80])
    pairs = [each.strip().partition(" ") for each in said.split(",") if each.strip()]
    return {key: b64decode(value, validate=True).decode() for key, _gap, value in pairs}


def compared(pieces: Iterable[bytes], *, algorithm: str, digest: bytes) -> Iterator[bytes]:
    """The same pieces. Raises UploadChanged at their end when they do not have that digest."""
    hasher = hashlib.new(algorithm, usedforsecurity=False)
    for piece in pieces:
        hasher.update(piece)
        yield piece
    if hasher.digest() != digest:
        raise UploadChanged("This piece changed on its way. Nothing of it was kept; send it once more.")


def finish(node: Node, found: Upload) -> Upload:
    """Ask that a whole file be put on the shelf. Safe to repeat, and to be cut off at any line."""
    folder, disk = _coming(node) / found.id, node.shelf.disk
    with inbox.sending(node, fcntl.LOCK_SH) as sent:
        place = sent / found.id / found.name
        disk.make_folder(place.parent)
        for part in folder.glob(f"{PART}-*"):
            disk.rename(part, place)
            for each in (place.parent, sent, folder):
                disk.sync_folder(each)
        arguments = agreeing.as_arguments(place.relative_to(node.home).as_posix())
        job = jobs.add(node, inbox.JOB, arguments=arguments)
        (folder / f"{JOB}-{node.clock.now_ms()}-{job}").touch()
        disk.sync_folder(folder)
    return replace(found, job=job)


def throw_away(node: Node, found: Upload) -> None:
    """Forget an upload and what came of it; a whole one goes its way. Raises UploadBusy."""
    folder = _coming(node) / found.id
    with _alone(folder):
        _delete(folder)


def mend(node: Node) -> None:
    """At the worker's start: go on with what a power cut left between two steps. Safe to repeat."""
    for folder in _coming(node).iterdir():
        found = _read(folder)
        if found is None:
            _delete(folder)
        elif found.offset == found.size and not found.job:
            finish(node, found)


def is_clearing_due(node: Node) -> bool:
    """Whether an upload, or a sent file that somebody should agree to, has waited for longer than it may."""
    return agreeing.is_clearing_due(node) or any(_is_old(node, each) for each in uploads(node))


def clear_away(node: Node) -> None:
    """Forget uploads that waited too long for their next piece."""
    for each in uploads(node):
        if _is_old(node, each):
            with suppress(UploadBusy):
                throw_away(node, each)


def _append(node: Node, folder: Path, standing: Upload, pieces: Iterable[bytes]) -> Upload:
    disk, part = node.shelf.disk, next(folder.glob(f"{PART}-*"))
    try:
        size = disk.extend(part, standing.offset, pieces)
        disk.sync_file(part)
        told = replace(standing, offset=size, changed_ms=node.clock.now_ms())
        disk.rename(part, folder / _part_name(told))
        disk.sync_folder(folder)
    except OSError as mistake:
        raise StorageFull(
            "The disk did not take this piece (%(why)s). What came before is safe; free some space, then go on.",
            why=mistake.strerror,
        ) from None
    return told


def _bounded(pieces: Iterable[bytes], left: int) -> Iterator[bytes]:
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise UploadTooLarge("More came than the file was said to have. Nothing of this piece was kept.")
        yield piece


def _make(node: Node, folder: Path, made: Upload) -> None:
    """The folder of a new upload; it counts once its part is there."""
    disk, about = node.shelf.disk, {name: getattr(made, name) for name in TOLD}
    disk.make_folder(folder)
    disk.write(folder / ABOUT, [json.dumps(about, ensure_ascii=False).encode()])
    disk.sync_file(folder / ABOUT)
    disk.write(folder / _part_name(made), [])
    disk.sync_folder(folder)
    for above in folder.parents[: inbox.DEEP - 1]:
        disk.sync_folder(above)


def _read(folder: Path) -> Upload | None:
    """What a folder holds; None for one that was not made to its end, or that is gone."""
    try:
        about = json.loads((folder / ABOUT).read_bytes())
        names = [path.name.split("-", 2) for path in folder.iterdir()]
    except (OSError, ValueError):
        return None
    part = next((each for each in names if each[0] == PART), None)
    if part is not None:
        return Upload(**about, offset=int(part[1]), changed_ms=int(part[2]))
    job = next((each for each in names if each[0] == JOB), None)
    if job is not None:
        return Upload(**about, offset=about["size"], changed_ms=int(job[1]), job=job[2])
    is_whole = (folder.parent.parent / inbox.SENT / folder.name).exists()
    return Upload(**about, offset=about["size"], changed_ms=0) if is_whole else None


def _part_name(found: Upload) -> str:
    return f"{PART}-{found.offset}-{found.changed_ms}"


def _is_old(node: Node, found: Upload) -> bool:
    return node.clock.now_ms() >= found.until_ms


def _delete(folder: Path) -> None:
    """First what says that it counts, so that half of it is none."""
    (folder / ABOUT).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _coming(node: Node) -> Path:
    folder = node.home / inbox.FOLDER / COMING
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _all(node: Node) -> Iterator[Path]:
    """The folder of all uploads, held alone: so many begin as may, and no more."""
    coming = _coming(node)
    descriptor = os.open(coming, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield coming
    finally:
        os.close(descriptor)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the only one, in all processes, who changes an upload. Raises UploadBusy, or NotFound when it is gone."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        raise NotFound(GONE) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise UploadBusy("Another piece of this file is being written. Nothing was changed; ask again.") from None
    finally:
        os.close(descriptor)
