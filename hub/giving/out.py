"""Writing works onto a stick: a hidden folder is filled, and one rename shows it; so nothing half is ever seen.

Safe to repeat: what was written stays and is compared, so a job that was cut off or whose stick was away goes on.
"""

import errno
import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from content import channel_out, giving
from content.errors import ContentError, TargetUnwritable
from content.install import Step
from content.package import Manifest
from hub import inbox, jobs
from hub.errors import HubError, NotFound, StorageFull
from hub.giving import asked, cover, reading, targets
from hub.giving.asked import KOLIBRI, Asked
from hub.giving.cover import Work
from hub.giving.targets import Target
from hub.jobs import JobShown
from hub.node import Node
from hub.sentences import Sentence, counted

Say = Callable[[Sentence], None]
LOOK_S = 0.5
"""How often it is looked whether the stick is in still."""
BY_HAND = "by-hand"
PLACE = "place"
"""Under this name the last sentence knows the folder."""


def by_itself(node: Node, job: JobShown, say: Say, look: Callable[[], None]) -> Sentence:
    """Do the job. Raises Away when the stick is not in, or a HubError or ContentError with the reason; then nothing of
    it is left there."""
    wanted = asked.of_job(job)
    target = _there(node, wanted.path)
    try:
        asked.fits(target, asked.manifests(node, wanted), wanted.form)
        made = write(node, wanted, target, mark=job.id, watch=inbox.Copying(say, look))
    except (HubError, ContentError, jobs.CalledOff):
        clear(node, job)
        raise
    num = len(wanted.packages)
    return counted(
        "%(num)d work is on the stick, in the folder “%(place)s”. You can take the stick out.",
        "%(num)d works are on the stick, in the folder “%(place)s”. You can take the stick out.",
        num,
        **{PLACE: made.name},
    )


def write(
    node: Node, wanted: Asked, target: Target, *, mark: str, watch: Callable[[Step], None] = lambda _step: None
) -> Path:
    """Write what is asked below a target, and return the new folder; `mark` names the hidden one meanwhile.

    Raises Away, a ContentError, or StorageFull when the target takes no more.
    """
    works, part = asked.manifests(node, wanted), _part(target, mark)
    told = _Told(node, target, works, watch)
    try:
        node.shelf.disk.make_one_folder(part)
        shown = [_written(node, each, wanted, part, told) for each in works]
        page = cover.page(wanted, shown).encode()
        giving.write(node.shelf, part / giving.COVER, iter([page]))
        told.look()
        return giving.finish(node.shelf, part, _names(wanted.name))
    except TargetUnwritable as mistake:
        raise _refused(node, target, mistake.__cause__) from mistake
    except OSError as mistake:
        raise _refused(node, target, mistake) from mistake


def clear(node: Node, job: JobShown) -> None:
    """Take what a job left off its stick, where that is in. Safe to repeat."""
    with suppress(NotFound):
        found = targets.target(node, asked.of_job(job).path)
        node.shelf.disk.delete_folder(_part(found, job.id))


def into(node: Node, wanted: Asked, folder: Path) -> Path:
    """The same at once, into any folder that stands, for the command; return the new folder. Raises as `write`."""
    target = targets.of_folder(folder)
    asked.fits(target, asked.manifests(node, wanted), wanted.form)
    try:
        return write(node, wanted, target, mark=BY_HAND)
    finally:
        node.shelf.disk.delete_folder(_part(target, BY_HAND))


def call_off(node: Node, job_id: str) -> None:
    """Call a job off; what it wrote goes. One that is at its end already stays so."""
    job = jobs.show(node, job_id)
    if jobs.call_off(node, job_id) and job.state != jobs.RUNNING:
        clear(node, job)


def clear_away(node: Node) -> None:
    """At the worker's start: take off the sticks that are in what jobs left there that came to their end."""
    for job in jobs.jobs(node, kind=asked.JOB):
        if not job.may_be_called_off:
            clear(node, job)


class _Told:
    """Counts what is written, tells it, and sees now and then that the stick is in still."""

    def __init__(self, node: Node, target: Target, works: list[Manifest], watch: Callable[[Step], None]) -> None:
        self._node, self._target, self._watch, self._looked_s = node, target, watch, 0.0
        self._files = sum(len({entry.sha256 for entry in each.files.values()}) for each in works)
        self._total = sum(giving.size_bytes(each) for each in works)
        self._done, self._bytes = 0, 0

    def __call__(self, more: int) -> None:
        """Another file begins (0), or so many bytes more are written."""
        self._done += not more
        self._bytes += more
        self.look()
        self._watch(Step(min(self._done, self._files), self._files, min(self._bytes, self._total), self._total))

    def look(self) -> None:
        """Raises Away when the stick is not in any more."""
        if time.monotonic() - self._looked_s >= LOOK_S:
            self._looked_s = time.monotonic()
            if self._target.is_stick:
                _there(self._node, self._target.name)


def _written(node: Node, manifest: Manifest, wanted: Asked, part: Path, told: _Told) -> Work:
    """Write one work; what the cover says of it."""
    shown = (node.shelf.standing(manifest.id) or manifest).for_learners
    if wanted.form == KOLIBRI:
        channel_out.export(node.shelf, manifest.id, part.parent, told)
        return Work(shown, cover.kolibri_places(channel_out.names(node.shelf, manifest)), {})
    packages = part / giving.PACKAGES
    node.shelf.disk.make_one_folder(packages)
    folder = packages / giving.safe_name(manifest.id, manifest.id.replace(".", "-"))
    giving.give(node.shelf, manifest, folder, told)
    work = Work(shown, cover.own_places(manifest, folder.relative_to(part).as_posix()), {})
    return _with_pages(node, work, folder)


def _with_pages(node: Node, work: Work, folder: Path) -> Work:
    """Write what can be read of it without a hub as plain pages beside its files."""
    made = set()
    for name, text in reading.pages(node.shelf, work):
        giving.write(node.shelf, folder / name, iter([text.encode()]))
        made.add(name)
    found = {item: f"{work.folder}/{name}" for name, item in reading.names(work).items() if name in made}
    return Work(work.manifest, work.places, found)


def _part(target: Target, mark: str) -> Path:
    """The hidden folder in which all is written until it is whole."""
    return target.path / f".mangrove-{mark}.part"


def _names(name: str) -> Iterator[str]:
    """A name, and the same with a number behind it, for a day on which it was given out before."""
    yield name
    for number in itertools.count(2):
        yield f"{name} ({number})"


def _there(node: Node, name: str) -> Target:
    try:
        return targets.target(node, name)
    except NotFound:
        raise inbox.away(name) from None


def _refused(node: Node, target: Target, mistake: BaseException | None) -> Exception:
    """What stopped the writing, in a sentence."""
    if target.is_stick:
        try:
            _there(node, target.name)
        except jobs.Away as away:
            return away
    number = mistake.errno if isinstance(mistake, OSError) else None
    if number in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull("The stick is full. Nothing half is on it; choose fewer works, or another stick.")
    if number in (errno.EROFS, errno.EACCES, errno.EPERM):
        return StorageFull("The stick takes nothing: it can only be read. Nothing half is on it; take another one.")
    why = mistake.strerror if isinstance(mistake, OSError) else str(mistake)
    return StorageFull(
        "The stick did not take it (%(why)s). Nothing half is on it; look whether it sits firmly, or take another one.",
        why=why,
    )
