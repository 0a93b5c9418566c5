"""The background worker: one thread that does jobs one after another, and looks now and then what is due.

Of several processes over one home only one works; the others take over when it ends.
"""

import fcntl
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from content.errors import ContentError
from hub import (
    agreeing,
    inbox,
    jobs,
    library,
    photos,
    pictures,
    sentences,
    sticks,
    texts,
    timekeeping,
    undoing,
    uploads,
    wholeness,
    zims,
)
from hub.care import backup, presence, restore
from hub.collections import fetch, heal, own, shelves
from hub.errors import DatabaseDamaged, HubError
from hub.forgetting import backups as forgotten_backups
from hub.forgetting import heard
from hub.forgetting import people as forgetting
from hub.giving import asked as giving_asked
from hub.giving import bundles
from hub.giving import out as giving_out
from hub.jobs import JobShown
from hub.memory import give_back
from hub.moving import making, opening, posted
from hub.node import Node
from hub.out import destinations, forward, parcel
from hub.sentences import Sentence, sentence
from hub.sound import recordings, speaking
from hub.tide import carried, leaving, neighbours, publish
from hub.tide import run as tide
from hub.writing import media, publishing
from hub.xapi import attached
from sync.errors import SyncError

LOG = logging.getLogger("mangrove")
POLL_S = 1.0
"""How soon a job is seen that another process asked for."""
DUE_S = 30.0
"""How often the worker looks whether a backup or the tide is due."""
LEAVE_S = 20.0
"""How long a stopping hub waits for the job at hand; it is begun again at the next start."""
UNFORESEEN = sentence(
    "Something went wrong on our side. What was saved is safe. Ask once more; if it stays so, tell your librarian."
)


class Say(Protocol):
    """Keeps a sentence about how far the job is. Raises Leaving when the hub stops, jobs.Halted when the job shall."""

    def __call__(self, progress: Sentence, /) -> None:
        """Keep it."""

    def look(self) -> None:
        """Raise the same where nothing new is to be said: it costs no write."""


Handler = Callable[[Node, JobShown, Say], Sentence]
"""Does a job and returns what came of it, in a sentence. Safe to repeat."""


class Leaving(Exception):
    """The hub is stopping: the job at hand is put back."""


def _sync(node: Node, _job: JobShown, _say: Say) -> Sentence:
    said = tide.by_itself(node)
    forgetting.again(node)
    posted.hear(node)
    return said


def _join(node: Node, job: JobShown, _say: Say) -> Sentence:
    return tide.join_by_itself(node, url=job.arguments["url"], code=job.arguments["code"])


def _listen(node: Node, _job: JobShown, _say: Say) -> Sentence:
    return neighbours.listen(node)


def _import(node: Node, job: JobShown, say: Say) -> Sentence:
    agreeing.ask_first(node, job, say)
    return inbox.bring_in(node, job.arguments, say, say.look)


def _stick(node: Node, job: JobShown, say: Say) -> Sentence:
    return sticks.scan(node, job.id, job.arguments["path"], say, say.look)


def _give(node: Node, job: JobShown, say: Say) -> Sentence:
    return giving_out.by_itself(node, job, say, say.look)


def _bundle_out(node: Node, job: JobShown, say: Say) -> Sentence:
    return bundles.write_by_itself(node, job, say, say.look)


def _bundle_in(node: Node, job: JobShown, say: Say) -> Sentence:
    said = bundles.take_by_itself(node, job, say, say.look)
    posted.hear(node)
    return said


def _verify(node: Node, _job: JobShown, say: Say) -> Sentence:
    return wholeness.by_itself(node, say, say.look)


def _heal(node: Node, _job: JobShown, _say: Say) -> Sentence:
    return wholeness.heal_by_itself(node)


def _clear_inbox(node: Node, _job: JobShown, _say: Say) -> Sentence:
    uploads.clear_away(node)
    inbox.clear_away(node)
    return sentence("Nothing of what was cleared is left on the disk.")


def _clear_aside(node: Node, _job: JobShown, _say: Say) -> Sentence:
    undoing.let_go(node)
    return sentence("Nothing of what was cleared is left on the disk.")


def _people(node: Node, job: JobShown, say: Say) -> Sentence:
    return inbox.take_list_in(node, job.arguments, say)


def _pictures(node: Node, job: JobShown, say: Say) -> Sentence:
    return pictures.make(node, job.arguments, say)


def _zim(node: Node, job: JobShown, say: Say) -> Sentence:
    return zims.make(node, job.arguments, say)


def _texts(node: Node, job: JobShown, say: Say) -> Sentence:
    return texts.make(node, job.arguments, say)


def _backup(node: Node, _job: JobShown, _say: Say) -> Sentence:
    attached.clear_away(node)
    return sentence("The backup is %(file)s.", file=backup.by_itself(node).name)


def _speak(node: Node, _job: JobShown, say: Say) -> Sentence:
    return speaking.speak(node, say)


def _forward(node: Node, _job: JobShown, say: Say) -> Sentence:
    return forward.by_itself(node, say)


def _parcel(node: Node, job: JobShown, say: Say) -> Sentence:
    return parcel.make(node, job.arguments, say)


def _clear_parcels(node: Node, _job: JobShown, _say: Say) -> Sentence:
    parcel.clear_away(node)
    making.clear_away(node)
    return sentence("Nothing of what was cleared is left on the disk.")


def _fetch(node: Node, _job: JobShown, say: Say) -> Sentence:
    return fetch.by_itself(node, say)


def _offers(node: Node, _job: JobShown, _say: Say) -> Sentence:
    return fetch.look(node)


def _collection(node: Node, job: JobShown, _say: Say) -> Sentence:
    return own.publish_by_itself(node, job)


def _shelves(node: Node, _job: JobShown, _say: Say) -> Sentence:
    return shelves.by_itself(node)


def _forget(node: Node, job: JobShown, _say: Say) -> Sentence:
    media.clear_away(node, old_ms=0)
    photos.clear_away(node, old_ms=0)
    attached.clear_away(node, old_ms=0)
    backup.take_away(node, until_ms=job.made_ms)
    node.database.shrink()
    return sentence("Nothing of what was cleared is left on the disk.")


HANDLERS: Mapping[str, Handler] = {
    "sync": _sync,
    "join": _join,
    "listen": _listen,
    leaving.JOB: lambda node, job, _say: leaving.by_itself(node, job.arguments["hub"]),
    publish.JOB: lambda node, _job, _say: publish.by_itself(node),
    "import": _import,
    "people": _people,
    sticks.JOB: _stick,
    giving_asked.JOB: _give,
    bundles.OUT_JOB: _bundle_out,
    bundles.IN_JOB: _bundle_in,
    wholeness.JOB: _verify,
    wholeness.HEAL_JOB: _heal,
    uploads.CLEAR_JOB: _clear_inbox,
    undoing.CLEAR_JOB: _clear_aside,
    "backup": _backup,
    pictures.JOB: _pictures,
    zims.JOB: _zim,
    texts.JOB: _texts,
    speaking.JOB: _speak,
    publishing.JOB: lambda node, job, say: publishing.bring(node, job.arguments, say),
    forward.JOB: _forward,
    parcel.JOB: _parcel,
    making.JOB: lambda node, job, _: making.make(node, job.arguments),
    opening.JOB: lambda node, job, _: opening.take(node, job.arguments),
    parcel.CLEAR_JOB: _clear_parcels,
    fetch.JOB: _fetch,
    fetch.LOOK_JOB: _offers,
    own.JOB: _collection,
    shelves.JOB: _shelves,
    jobs.FORGET: _forget,
    forgetting.JOB: lambda node, _job, _say: forgetting.clean(node),
    heard.JOB: lambda node, _job, _say: heard.by_itself(node),
    forgotten_backups.JOB: lambda node, _job, _say: forgotten_backups.make_anew(node),
}
DUE: Mapping[str, Callable[[Node], bool]] = {
    heard.JOB: heard.is_due,
    "sync": tide.is_due,
    "backup": backup.is_due,
    speaking.JOB: speaking.is_due,
    forward.JOB: forward.is_due,
    parcel.CLEAR_JOB: lambda node: parcel.is_clearing_due(node) or making.is_clearing_due(node),
    fetch.LOOK_JOB: fetch.is_look_due,
    fetch.JOB: fetch.is_due,
    shelves.JOB: shelves.is_due,
    uploads.CLEAR_JOB: uploads.is_clearing_due,
    undoing.CLEAR_JOB: undoing.is_clearing_due,
    wholeness.JOB: wholeness.is_due,
}
"""Kind of job → whether it is time for one."""


@contextmanager
def working(node: Node, handlers: Mapping[str, Handler] = HANDLERS) -> Iterator[None]:
    """Do jobs in the background until the block ends."""
    worker = Worker(node, handlers)
    worker.start()
    try:
        yield
    finally:
        worker.stop()


class Worker:
    """The thread and its table of handlers."""

    def __init__(self, node: Node, handlers: Mapping[str, Handler] = HANDLERS) -> None:
        self._node = node
        self._handlers = handlers
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Let the job at hand leave in good order."""
        self._stopping.set()
        self._thread.join(LEAVE_S)

    def _run(self) -> None:
        with presence.open_lock(self._node.home) as lock:
            if self._wait_for(lock):
                presence.tell(lock, self._node.settings)
                self._work()
        self._node.database.close()

    def _wait_for(self, lock: Any) -> bool:
        """Wait until no other process works for this home; False when the hub stops first."""
        while not self._stopping.is_set():
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._stopping.wait(POLL_S)
            else:
                return True
        return False

    def _work(self) -> None:
        """Mend what a power cut left, then do jobs until the hub stops; what goes wrong passes, as a full disk does.

        A damaged database does not pass: all that is left to do is to put a backup in its place.
        """
        waited_s, has_begun, has_looked = 0.0, False, False
        while not self._stopping.is_set():
            try:
                has_begun = has_begun or self._begin()
                if self.step():
                    continue
                if waited_s >= DUE_S:
                    waited_s = 0.0
                    if not has_looked:
                        self._node.database.look()
                        has_looked = True
                    self.ask_for_what_is_due()
            except DatabaseDamaged as mistake:
                LOG.error("The worker stops: %s", mistake)  # noqa: TRY400 - no trace for what has a name
                return
            except Exception:  # noqa: BLE001 - the outermost loop
                LOG.exception("The worker rests a moment")
            self._stopping.wait(POLL_S)
            waited_s += POLL_S

    def _begin(self) -> bool:
        jobs.take_up(self._node)
        library.mend(self._node)
        heal.clear_away(self._node)
        pictures.mend(self._node)
        zims.mend(self._node)
        texts.mend(self._node)
        uploads.mend(self._node)
        inbox.clear_away(self._node)
        giving_out.clear_away(self._node)
        backup.clear_away(self._node)
        recordings.clear_away(self._node)
        photos.clear_away(self._node)
        publishing.clear_away(self._node)
        destinations.clear_away(self._node)
        parcel.clear_away(self._node)
        attached.clear_away(self._node)
        restore.clear_away(self._node.home)
        give_back()
        return True

    def ask_for_what_is_due(self) -> None:
        """Add a job for everything whose time has come, and let go on what a stick is in again for."""
        timekeeping.look(self._node)
        sticks.look_again(self._node)
        giving_asked.look_again(self._node)
        bundles.look_again(self._node)
        carried.grow_older(self._node)
        for kind, is_due in DUE.items():
            if is_due(self._node):
                jobs.add(self._node, kind, arguments={})

    def step(self) -> bool:
        """Do one waiting job, whatever comes of it; False when none waits."""
        job = jobs.claim(self._node)
        if job is None:
            return False
        try:
            say = _Sayer(self._node, job.id, self._stopping)
            jobs.finish(self._node, job.id, self._handlers[job.kind](self._node, job, say))
        except Leaving:
            jobs.put_back(self._node, job.id)
        except jobs.Halted:
            LOG.info("The job %s (%s) was left where it is", job.id, job.kind)
        except jobs.Away as away:
            jobs.pause(self._node, job.id, away.args[0])
        except (HubError, ContentError, SyncError) as mistake:
            jobs.stop(self._node, job.id, sentences.of(mistake))
        except Exception:  # noqa: BLE001 - the next job must have its turn
            LOG.exception("The job %s (%s) stopped", job.id, job.kind)
            jobs.stop(self._node, job.id, UNFORESEEN)
        give_back()
        return True


class _Sayer:
    """What a job at hand is given to say how far it is."""

    def __init__(self, node: Node, job_id: str, stopping: threading.Event) -> None:
        self._node, self._job_id, self._stopping = node, job_id, stopping

    def __call__(self, progress: Sentence, /) -> None:
        """Keep it."""
        if self._stopping.is_set():
            raise Leaving
        jobs.say(self._node, self._job_id, progress)

    def look(self) -> None:
        """Whether to go on."""
        if self._stopping.is_set():
            raise Leaving
        jobs.look(self._node, self._job_id)
