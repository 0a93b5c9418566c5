"""Slow work that survives a power cut: imports, exchanges, backups. Pages add a job and look at it; one worker does it.

A job is waiting, running, paused, done or stopped; its last sentence says how far it is, or why it stopped. A job that
was cut off is begun again, so what it does must be safe to repeat. Whoever pauses or calls off a running job changes
its row at once; the worker sees that the next time it says or looks how far it is, and leaves the job.
"""

import json
from dataclasses import dataclass
from typing import Any

from peewee import fn

from hub import sentences
from hub.errors import NotFound
from hub.node import Node
from hub.sentences import Sentence, sentence

WAITING, RUNNING, PAUSED, DONE, STOPPED = "waiting", "running", "paused", "done", "stopped"
FORGET = "forget"
"""The kind of work that takes what was deleted off the disk, and the backups made before."""
TRIES_MAX = 3
"""A job that is cut off this often, perhaps because it needs more memory than there is, is not begun again."""
FINISHED_KEPT = 100
"""Finished jobs that can be looked at; older ones are forgotten."""
HELD, HELD_MS = "import", 7 * 86_400_000
"""The kind of work that may have stopped to ask somebody, and how long it waits for an answer, however many others come
to their end meanwhile."""
SHOWN_MAX = 50
UNSETTLED_MAX = 500
"""Jobs that are not settled and are looked through; a stick brings some dozens at once."""
CUT_OFF = sentence(
    "It was cut off each time it was tried. Nothing is half done; look at the disk and at the power, then ask again."
)
CALLED_OFF = sentence("It was called off. Nothing was added.")


class Halted(Exception):
    """The job at hand was paused or called off: whoever does it leaves it, with nothing half done."""


class CalledOff(Halted):
    """It is not wanted any more, and what was kept for it may go."""


class Away(Exception):
    """What the job reads from is not there just now; it rests until that is back. `args[0]` says so in a sentence."""


@dataclass(frozen=True)
class JobShown:
    """One job as it stands; `progress` is its last sentence."""

    id: str
    kind: str
    state: str
    progress: str
    arguments: dict[str, Any]
    made_ms: int
    changed_ms: int
    tries: int

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in (WAITING, RUNNING)

    @property
    def may_be_called_off(self) -> bool:
        """Whether it has not come to its end."""
        return self.state in (WAITING, RUNNING, PAUSED)

    @property
    def about(self) -> tuple[str, str]:
        """What tells it from other work: its kind, and the file where it is about one."""
        return self.kind, str(self.arguments.get("path", ""))


def add(node: Node, kind: str, *, arguments: dict[str, Any]) -> str:
    """Ask for slow work and return the job's id. Asking twice for the same while it waits is asking once."""
    text, now = json.dumps(arguments, ensure_ascii=False, sort_keys=True), node.clock.now_ms()
    fresh = node.new_id()

    def work() -> str:
        table = node.tables.Job
        same = table.get_or_none((table.kind == kind) & (table.arguments == text) & (table.state == WAITING))
        if same is not None:
            return str(same.id)
        table.insert(
            id=fresh, kind=kind, arguments=text, state=WAITING, progress="", made_ms=now, changed_ms=now, tries=0
        ).execute()
        _forget_old(node)
        return fresh

    return node.write(work)


def show(node: Node, job_id: str) -> JobShown:
    """One job. Raises NotFound."""
    row = node.tables.Job.get_or_none(node.tables.Job.id == job_id)
    if row is None:
        raise NotFound("There is no such job here; finished ones are forgotten after a while.")
    return _shown(row)


def jobs(node: Node, *, kind: str = "") -> list[JobShown]:
    """The newest jobs first, of one kind or of all."""
    table = node.tables.Job
    rows = table.select().order_by(table.made_ms.desc(), table.id).limit(SHOWN_MAX)
    return [_shown(row) for row in (rows.where(table.kind == kind) if kind else rows)]


def every(node: Node, *, kind: str) -> list[JobShown]:
    """All jobs of one kind, in whatever state and however old."""
    table = node.tables.Job
    return [_shown(row) for row in table.select().where(table.kind == kind)]


def unsettled(node: Node) -> list[JobShown]:
    """What waits, runs or rests, and what stopped and was not tried again since; the newest first.

    However much came to its end meanwhile: what waits for somebody's word is found until it is said.
    """
    found = _in(node, WAITING, RUNNING, PAUSED, STOPPED)
    stopped = any(job.state == STOPPED for job in found)
    tried = sorted([*found, *(_in(node, DONE) if stopped else [])], key=_age)
    newest = {job.about: job for job in reversed(tried)}
    return [job for job in found if job.may_be_called_off or newest[job.about] == job]


def _in(node: Node, *states: str) -> list[JobShown]:
    """The newest jobs in these states first."""
    table = node.tables.Job
    rows = table.select().where(table.state.in_(states)).order_by(table.made_ms.desc(), table.id)
    return [_shown(row) for row in rows.limit(UNSETTLED_MAX)]


def _age(job: JobShown) -> tuple[int, str]:
    return -job.made_ms, job.id


def dismiss(node: Node, job_id: str) -> None:
    """Forget work that stopped, and earlier tries at the same; anything else stays as it is. Safe to repeat."""
    table = node.tables.Job
    stopped = [_shown(row) for row in table.select().where(table.state == STOPPED)]
    seen = next((job for job in stopped if job.id == job_id), None)
    if seen is not None:
        same = [job.id for job in stopped if job.about == seen.about and job.made_ms <= seen.made_ms]
        node.write(table.delete().where(table.id.in_(same)).execute)


def unfinished(node: Node, *, kind: str) -> list[JobShown]:
    """All jobs of one kind that wait, run or rest."""
    table = node.tables.Job
    states = (WAITING, RUNNING, PAUSED)
    return [_shown(row) for row in table.select().where((table.kind == kind) & table.state.in_(states))]


def stopped(node: Node, *, kind: str) -> list[JobShown]:
    """All jobs of one kind that could not be done, the newest first."""
    table = node.tables.Job
    rows = table.select().where((table.kind == kind) & (table.state == STOPPED))
    return [_shown(row) for row in rows.order_by(table.made_ms.desc(), table.id)]


def pause(node: Node, job_id: str, why: Sentence | None = None) -> bool:
    """Let a job rest until somebody lets it go on; False when it is not open. `why` takes the place of its sentence."""
    said = {} if why is None else {"progress": sentences.packed(why)}
    return _turn(node, job_id, (WAITING, RUNNING), state=PAUSED, **said)


def resume(node: Node, job_id: str) -> bool:
    """Let a job that rests wait for its turn; False when it does not rest."""
    return _turn(node, job_id, (PAUSED,), state=WAITING, tries=0, progress="")


def call_off(node: Node, job_id: str) -> bool:
    """Have a job end where it is; False when it came to its end before."""
    progress = sentences.packed(CALLED_OFF)
    return _turn(node, job_id, (WAITING, RUNNING, PAUSED), state=STOPPED, progress=progress)


def look(node: Node, job_id: str) -> None:
    """Whether the job at hand is still wanted. Raises Halted when it rests, CalledOff when it is not."""
    table = node.tables.Job
    row = table.select(table.state).where(table.id == job_id).first()
    if row is None or row.state == STOPPED:
        raise CalledOff
    if row.state != RUNNING:
        raise Halted


def counts(node: Node) -> dict[str, int]:
    """How many jobs there are in each state."""
    table = node.tables.Job
    rows: Any = table.select(table.state, fn.COUNT(table.id)).group_by(table.state).tuples()
    return {**dict.fromkeys((WAITING, RUNNING, PAUSED, DONE, STOPPED), 0), **dict(rows)}


def claim(node: Node) -> JobShown | None:
    """The oldest waiting job, now running; None when nothing waits. For the worker alone."""
    table = node.tables.Job
    waiting = table.select().where(table.state == WAITING)
    if not waiting.exists():
        return None
    now = node.clock.now_ms()

    def work() -> JobShown | None:
        row = waiting.order_by(table.made_ms, table.id).first()
        if row is None:
            return None
        row.state, row.changed_ms, row.tries = RUNNING, now, row.tries + 1
        row.save()
        return _shown(row)

    return node.write(work)


def say(node: Node, job_id: str, progress: Sentence) -> None:
    """Keep how far a running job is. Raises Halted, or CalledOff, when it is not to run any more."""
    if not _turn(node, job_id, (RUNNING,), progress=sentences.packed(progress)):
        look(node, job_id)


def finish(node: Node, job_id: str, progress: Sentence) -> None:
    """The job is done; `progress` says what came of it."""
    _change(node, job_id, DONE, progress)


def stop(node: Node, job_id: str, why: str) -> None:
    """The job could not be done; `why` is the sentence for whoever asked."""
    _change(node, job_id, STOPPED, why)


def put_back(node: Node, job_id: str) -> None:
    """The hub is stopping in good order: the job waits for the next start, and this try does not count."""
    table = node.tables.Job
    change = table.update(state=WAITING, tries=table.tries - 1).where((table.id == job_id) & (table.state == RUNNING))
    node.write(change.execute)


def take_up(node: Node) -> None:
    """At the worker's start: what still says running was cut off; it waits again, or stops after TRIES_MAX tries."""
    table = node.tables.Job
    cut = table.state == RUNNING

    def work() -> None:
        table.update(state=STOPPED, progress=sentences.packed(CUT_OFF)).where(
            cut & (table.tries >= TRIES_MAX)
        ).execute()
        table.update(state=WAITING).where(cut).execute()

    if table.select().where(cut).exists():
        node.write(work)


def _change(node: Node, job_id: str, state: str, progress: str) -> None:
    table, now = node.tables.Job, node.clock.now_ms()
    node.write(
        table.update(state=state, progress=sentences.packed(progress), changed_ms=now).where(table.id == job_id).execute
    )


def _turn(node: Node, job_id: str, states: tuple[str, ...], **values: object) -> bool:
    """Change a job that is in one of these states; False when it is in none of them."""
    table, now = node.tables.Job, node.clock.now_ms()
    change = table.update(changed_ms=now, **values).where((table.id == job_id) & table.state.in_(states))
    return bool(node.write(change.execute))


def _forget_old(node: Node) -> None:
    table = node.tables.Job
    may_wait = (table.kind == HELD) & (table.state == STOPPED) & (table.changed_ms > node.clock.now_ms() - HELD_MS)
    finished = table.select(table.id).where(table.state.in_((DONE, STOPPED)) & ~may_wait)
    old = [
        row.id for row in finished.order_by(table.changed_ms.desc(), table.id).offset(FINISHED_KEPT).limit(SHOWN_MAX)
    ]
    if old:
        table.delete().where(table.id.in_(old)).execute()


def _shown(row: Any) -> JobShown:
    return JobShown(
        id=row.id,
        kind=row.kind,
        state=row.state,
        progress=sentences.unpacked(row.progress),
        arguments=json.loads(row.arguments),
        made_ms=row.made_ms,
        changed_ms=row.changed_ms,
        tries=row.tries,
    )
