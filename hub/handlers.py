"""What the background worker does for each kind of job, and when it is time for one."""

from collections.abc import Callable, Mapping
from typing import Protocol

from hub import (
    after_tide,
    agreeing,
    clips,
    inbox,
    jobs,
    photos,
    pictures,
    sticks,
    texts,
    undoing,
    uploads,
    wholeness,
    zims,
)
from hub.care import backup
from hub.collections import fetch, own, shelves
from hub.forgetting import backups as forgotten_backups
from hub.forgetting import heard
from hub.forgetting import people as forgetting
from hub.giving import asked as giving_asked
from hub.giving import bundles
from hub.giving import out as giving_out
from hub.jobs import JobShown
from hub.moving import making, opening
from hub.node import Node
from hub.out import forward, parcel
from hub.protection import voices
from hub.sentences import Sentence, sentence
from hub.sound import speaking
from hub.tide import leaving, neighbours, publish
from hub.tide import run as tide
from hub.writing import media, publishing
from hub.xapi import attached


class Say(Protocol):
    """Keeps a sentence about how far the job is. Raises Leaving when the hub stops, jobs.Halted when the job shall."""

    def __call__(self, progress: Sentence, /) -> None:
        """Keep it."""

    def look(self) -> None:
        """Raise the same where nothing new is to be said: it costs no write."""


Handler = Callable[[Node, JobShown, Say], Sentence]
"""Does a job and returns what came of it, in a sentence. Safe to repeat."""


def _sync(node: Node, _job: JobShown, _say: Say) -> Sentence:
    said = tide.by_itself(node)
    after_tide.settle(node)
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
    after_tide.settle(node)
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
    clips.clear_away(node, old_ms=0)
    voices.clear_away(node, old_ms=0)
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
    after_tide.JOB: lambda node, _job, _say: after_tide.by_itself(node),
    forgotten_backups.JOB: lambda node, _job, _say: forgotten_backups.make_anew(node),
}
DUE: Mapping[str, Callable[[Node], bool]] = {
    heard.JOB: heard.is_due,
    after_tide.JOB: after_tide.is_due,
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
