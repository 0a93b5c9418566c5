"""The background worker: one thread that does jobs one after another, and looks now and then what is due.

Of several processes over one home only one works; the others take over when it ends.
"""

import fcntl
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from content.errors import ContentError
from hub import clips, inbox, jobs, library, photos, pictures, sentences, sticks, texts, timekeeping, uploads, zims
from hub.care import backup, presence, restore
from hub.collections import heal
from hub.errors import DatabaseDamaged, HubError
from hub.giving import asked as giving_asked
from hub.giving import bundles
from hub.giving import out as giving_out
from hub.handlers import DUE, HANDLERS, Handler
from hub.memory import give_back
from hub.node import Node
from hub.out import destinations, parcel
from hub.protection import voices
from hub.sentences import Sentence, sentence
from hub.sound import recordings
from hub.tide import carried
from hub.writing import publishing
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


class Leaving(Exception):
    """The hub is stopping: the job at hand is put back."""


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
        clips.clear_away(self._node)
        voices.clear_away(self._node)
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
