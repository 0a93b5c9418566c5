"""What came to be put on the shelf is looked at first; where there is something to say, somebody says yes before.

Parts that would be left out, addresses on the internet, and what stands on the shelf already are worth a question.
What a look found is kept as JSON beside the jobs, so that the question is there after a restart; the file waits a week.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from content import offer
from content.draft import Draft, LeftOut
from content.errors import N_, ContentError, PackagePartly
from content.install import Agreed
from content.limits import MIB
from content.refusals import ChannelPartly
from hub import handout, jobs, library, sentences
from hub.errors import AgreementNeeded, HubError, InputWrong
from hub.jobs import JobShown
from hub.node import JOBS_FOLDER, Node
from hub.sentences import Sentence, sentence

JOB = jobs.HELD
FOLDER = "inbox"
SENT = ".sent"
"""The folder below `inbox/` for files that came through a page; the dot keeps it out of the list."""
ASK_FIRST = "ask_first"
"""Under this name an import knows that nobody saw yet what it is about."""
IN_PART = "in_part"
"""Under this name an import knows that somebody agreed to its losses, whatever they are."""
SHOWN = "shown"
"""Under this name an import knows which losses a list showed beside what was ticked: 64 hex digits."""
LOOKS = "looks"
"""Below the folder of jobs: what a look at one file found."""
LOOKS_KEPT = 200
AGREE_MS = jobs.HELD_MS
"""How long a file waits for somebody to agree."""
AGREE_BYTES = 2 * 1024 * MIB
"""The most that such files hold together; those that wait longest go first."""
FORGOTTEN = sentence(
    "Nobody agreed for a week, or other files needed the room, so the file was let go. Nothing was added; send it once"
    " more."
)
CALLS = N_(
    "%(package)s asks for addresses on the internet. Nothing was added yet; read which, then put it on the shelf, or"
    " leave it."
)
STANDS = N_(
    "%(package)s stands on the shelf already. Nothing was added yet; put it there once more to mend it, or leave it."
)
LIKENS = N_(
    "%(package)s looks like what stands on the shelf already. Nothing was added yet; look, then put it there, or"
    " leave it."
)
COPIES = N_(
    "%(package)s stands on the shelf already as %(title)s. Nothing was added yet; put it there all the same, or leave"
    " it."
)
ASKED = (PackagePartly.sentence, ChannelPartly.sentence, CALLS, STANDS, LIKENS, COPIES)
"""The sentences with which an import stops that somebody may agree to."""


@dataclass(frozen=True)
class Thing:
    """Something that could be put on the shelf, `path` below its place; see `content.offer.Offer`."""

    path: str
    title: str
    language: str
    licence: str
    version: int
    kinds: list[str]
    files: int
    size_bytes: int
    needed_bytes: int
    remote: list[str]
    left_out: list[str]
    standing: str
    stands: str = ""
    called: str = ""
    shape: str = ""
    mark: str = ""


def look_at(node: Node, source: Path, *, path: str) -> Thing:
    """Look at a file or folder without taking it. Raises the ContentError with which it would be refused."""
    mark, offered = _mark(source), offer.look(node.shelf, source, library.limits(node))
    facts = {each.name: getattr(offered, each.name) for each in fields(offered)}
    lists = {"kinds": list(offered.kinds), "remote": list(offered.remote), "left_out": _lost(offered.left_out)}
    return Thing(path, mark=mark, **{**facts, **lists})


def as_shown(thing: Thing) -> dict[str, Any]:
    """What an import is told of a thing that was ticked on a list: the tick agrees to the losses that stood there."""
    return {SHOWN: _seal(thing.mark, thing.shape, thing.left_out)} if thing.left_out else {}


def agreed(node: Node, arguments: dict[str, Any]) -> bool | Agreed:
    """Whether somebody agreed to what an import would lose: to all, or to what a list showed of the same file."""
    shown, mark = arguments.get(SHOWN), _mark(node.home / str(arguments["path"]))

    def is_as_shown(draft: Draft) -> bool:
        return _seal(mark, offer.shape(draft), _lost(draft.left_out)) == shown

    return True if arguments.get(IN_PART) else is_as_shown


def ask_first(node: Node, job: JobShown, say: Callable[[Sentence], None]) -> None:
    """Look at what an import is about, and keep what was found. Raises AgreementNeeded when somebody has to say yes.

    Nothing where the list that it was chosen from said all that, or the source is refused: the import says why. What
    was cut off after a look with nothing to say is not asked about, since it may be on the shelf by now.
    """
    path = source(node, job)
    if not job.arguments.get(ASK_FIRST) or not (path.exists() or library.parts(path)):
        return
    found = seen(node, job)
    with suppress(ContentError, OSError):
        if found is None:
            say(sentence("Looking at %(file)s.", file=path.name))
            found = look_at(node, path, path=path.name)
            _keep(node, job, found)
    if found is not None and (question := _question(found)):
        raise AgreementNeeded(question, package=path.name, title=found.called)


def seen(node: Node, job: JobShown) -> Thing | None:
    """What a look found before an import; None where there was none."""
    try:
        return Thing(**json.loads(_file(node, job).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def is_asked(job: JobShown) -> bool:
    """Whether an import stopped because somebody has to agree."""
    return job.kind == JOB and job.state == jobs.STOPPED and getattr(job.progress, "pattern", "") in ASKED


def losses(job: JobShown) -> list[Sentence]:
    """What would be left out when a job stopped because of that, which somebody may agree to; else nothing."""
    what = job.progress.facts.get("what") if is_asked(job) and isinstance(job.progress, Sentence) else None
    return [part for part in what.facts.values() if isinstance(part, Sentence)] if isinstance(what, Sentence) else []


def counts(job: JobShown) -> bool:
    """Whether the losses of a job say how many things they are about, rather than which."""
    return isinstance(job.progress, Sentence) and job.progress.pattern == ChannelPartly.sentence


def agree(node: Node, job_id: str) -> str:
    """Ask for the same once more, as it was told; return the job.

    Raises NotFound when there is no such job, InputWrong when nobody asked or the file is gone.
    """
    job = jobs.show(node, job_id)
    path = source(node, job)
    if not is_asked(job) or not (path.exists() or library.parts(path)):
        raise InputWrong("That file is not here any more. Nothing was changed; send it once more.")
    told = {name: value for name, value in job.arguments.items() if name != ASK_FIRST}
    return jobs.add(node, JOB, arguments={**told, IN_PART: True})


def asking(node: Node) -> list[JobShown]:
    """The imports that wait for somebody to agree and have their sent file still, the newest first."""
    found = [job for job in jobs.stopped(node, kind=JOB) if is_asked(job)]
    return [job for job in found if is_sent(node, source(node, job)) and source(node, job).exists()]


def unanswered(node: Node, *, is_told: bool = True) -> list[JobShown]:
    """Those of them whose file is kept on; with `is_told` the others say that theirs is gone."""
    kept, size, now = [], 0, node.clock.now_ms()
    for job in asking(node):
        size += source(node, job).stat().st_size
        if size <= AGREE_BYTES and now - job.changed_ms < AGREE_MS:
            kept.append(job)
        elif is_told:
            jobs.stop(node, job.id, FORGOTTEN)
    return kept


def is_clearing_due(node: Node) -> bool:
    """Whether a file has waited for longer than it may, or too many do."""
    kept = {each.id for each in unanswered(node, is_told=False)}
    return any(job.id not in kept for job in asking(node))


def source(node: Node, job: JobShown) -> Path:
    """What an import is about."""
    return node.home / str(job.arguments.get("path", ""))


def is_sent(node: Node, path: Path) -> bool:
    """Whether a file came through a page, and may go."""
    return path.is_relative_to(node.home / FOLDER / SENT)


def _question(found: Thing) -> str:
    """What somebody has to agree to before the import begins; "" for nothing, and for parts that would be left out:
    the import itself stops there and names them."""
    if found.left_out:
        return ""
    questions = {offer.SAME: STANDS, offer.COPY: COPIES, offer.ALIKE: LIKENS}
    return questions.get(found.standing, CALLS if found.remote else "")


def _lost(losses: tuple[LeftOut, ...]) -> list[str]:
    return [sentences.packed(each) for each in sentences.left_out(losses)]


def _mark(source: Path) -> str:
    """What tells a file from what it was before; "" for what is no file or folder, as one of several channels."""
    with suppress(OSError):
        status = source.stat()
        return f"{status.st_size} {status.st_mtime_ns}"
    return ""


def _seal(mark: str, shape: str, lost: list[str]) -> str:
    return hashlib.sha256(json.dumps([mark, shape, lost]).encode()).hexdigest()


def _keep(node: Node, job: JobShown, found: Thing) -> None:
    """Keep what was found, and forget what was found long ago; a disk that does not take it stops nothing."""
    place = _file(node, job)
    with suppress(OSError, HubError):
        place.parent.mkdir(parents=True, exist_ok=True)
        handout.write(place, json.dumps(asdict(found)))
        for old in sorted(place.parent.glob("*.json"), key=lambda path: path.stat().st_mtime)[:-LOOKS_KEPT]:
            old.unlink(missing_ok=True)


def _file(node: Node, job: JobShown) -> Path:
    return node.home / JOBS_FOLDER / LOOKS / f"{job.id}.json"


def as_arguments(path: str) -> dict[str, Any]:
    """What an import is told of something below the home that nobody looked at yet."""
    return {"path": path, ASK_FIRST: True}
