"""Is everything whole? All files of the shelf are read slowly, as a job; what has rotted is told and can be mended.

A note keeps the place, so that a cut costs one file at most, and what the last look found. What other hubs have is
fetched again by a job of its own, when somebody asks for it.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from content.package import Manifest
from content.shelf import Problem
from hub import jobs, library
from hub.collections import heal
from hub.node import Node
from hub.sentences import Sentence, counted, joined, sentence
from hub.tables import put

JOB, HEAL_JOB = "verify", "heal"
PLACE, FOUND = "verify.place", "verify.found"
"""Notes: where a look is, and what the last one came to."""
SAY_S = 5.0
RESTS = sentence("It rests. What was read so far is kept, and it goes on from there.")
PROBLEMS_MAX = 1000
"""What is kept of a look; a shelf with more is brought from a backup, not mended file by file."""
PARTS = 1000
"""In so many parts it is told how far a look is."""

Say = Callable[[Sentence], None]
Sleep = Callable[[float], None]


@dataclass(frozen=True)
class Broken:
    """A file that is not whole: the id and the title of its package, its path ("" for the manifest) and what is wrong
    with it ("manifest", "missing", "changed")."""

    package: str
    title: str
    path: str
    what: str


@dataclass(frozen=True)
class Report:
    """The last look: when it ended (ms since 1970, 0 for never), how much was read, and what is not whole still."""

    at_ms: int
    files: int
    size_bytes: int
    broken: tuple[Broken, ...]
    is_cut: bool


def is_due(node: Node) -> bool:
    """Whether it is time to look, or a look was begun and is to go on."""
    every_ms = node.settings.verify_every * 1000
    if not every_ms or jobs.unfinished(node, kind=JOB):
        return False
    if _note(node, PLACE):
        return True
    last = int(_note(node, FOUND).get("at_ms", 0)) or node.shelf.first_ms()
    return bool(last) and node.clock.now_ms() - last >= every_ms


def by_itself(node: Node, say: Say, look: Callable[[], None], *, sleep: Sleep = time.sleep) -> Sentence:
    """One stretch of a look, between other work; what came of it."""
    at = _note(node, PLACE) or {"package": "", "path": "", "files": 0, "size": 0, "problems": []}
    total, reading, said_s = _size(node), _Reading(node, look, sleep), time.monotonic()
    states: dict[str, str] = {}
    for manifest, path in _after(node, str(at["package"]), str(at["path"])):
        entry = manifest.files[path]
        state = states.get(entry.sha256) or node.shelf.state(entry.sha256, size=entry.size, watch=reading.pace)
        states[entry.sha256] = state
        at |= {"package": manifest.id, "path": path, "files": at["files"] + 1, "size": at["size"] + entry.size}
        if state != "whole" and len(at["problems"]) < PROBLEMS_MAX:
            at["problems"].append([manifest.id, path, state, _mark(node, entry.sha256)])
        if time.monotonic() - said_s >= SAY_S:
            said_s = time.monotonic()
            _keep(node, PLACE, at)
            say(_far(at["size"], total))
            if reading.is_asked():
                return sentence("Other work went first. It goes on by itself.")
    _settle(node, at)
    return _told(report(node))


def looked(node: Node, problems: Sequence[Problem]) -> None:
    """Keep what somebody's own look at the whole shelf found, as the command does."""
    manifests = {each.id: each for each in node.shelf.list()}
    found = [
        [each.package, each.path, each.what, _mark(node, manifests[each.package].files[each.path].sha256)]
        for each in problems[:PROBLEMS_MAX]
        if each.what != "manifest" and each.package in manifests
    ]
    files = sum(len(each.files) for each in manifests.values())
    _settle(node, {"files": files, "size": _size(node), "problems": found})


def ask_to_look(node: Node) -> str:
    """Ask for a look; return the job."""
    return jobs.add(node, JOB, arguments={})


def pause(node: Node, job_id: str) -> None:
    """Let it rest; the hub does not begin by itself meanwhile."""
    jobs.pause(node, job_id, RESTS)


def call_off(node: Node, job_id: str) -> None:
    """End a look where it is; the next one begins anew."""
    if jobs.call_off(node, job_id):
        note = node.tables.Note
        node.write(note.delete().where(note.name == PLACE).execute)


WISHES: Mapping[str, Callable[[Node, str], object]] = {"pause": pause, "resume": jobs.resume, "call-off": call_off}
"""What can be done with the work of this page, by the last word of its address."""


def ask_to_heal(node: Node) -> str:
    """Ask that what is not whole be fetched from other hubs; return the job."""
    return jobs.add(node, HEAL_JOB, arguments={})


def heal_by_itself(node: Node, *, sleep: Sleep = time.sleep) -> Sentence:
    """Fetch what is not whole from hubs that have it, and compare; what came of it."""
    problems = [Problem(package=each.package, path=each.path, what=each.what) for each in report(node).broken]
    healed = heal.mend(node, problems, sleep=sleep)
    mended = len(problems) - len(healed.left)
    said = [counted("%(num)d file is mended.", "%(num)d files are mended.", mended)]
    if healed.left:
        said.append(
            counted(
                "No hub that could be reached has %(num)d of them; put the work on the shelf again from where it came.",
                "No hub that could be reached has %(num)d of them; put the works on the shelf again from where they"
                " came.",
                len(healed.left),
            )
        )
    return joined(*said)


def report(node: Node) -> Report:
    """What the last look came to; a file that has changed since counts as mended until the next look."""
    kept = _note(node, FOUND)
    gone = [Broken(each, each, "", "manifest") for each in library.damaged(node)]
    found = [broken for row in kept.get("problems", ()) if (broken := _still(node, *row))]
    is_cut = len(kept.get("problems", ())) >= PROBLEMS_MAX
    return Report(
        int(kept.get("at_ms", 0)), int(kept.get("files", 0)), int(kept.get("size", 0)), (*gone, *found), is_cut
    )


def share(node: Node) -> tuple[int, int]:
    """How many bytes of all a look that is under way has read; 0 of them when none is."""
    return int(_note(node, PLACE).get("size", 0)), _size(node)


class _Reading:
    """Reads no faster than the setting, unless other work waits; then it ends with the file at hand."""

    def __init__(self, node: Node, look: Callable[[], None], sleep: Sleep) -> None:
        self._node, self._look, self._sleep = node, look, sleep
        self._begun_s, self._bytes, self._looked_s = time.monotonic(), 0, 0.0

    def pace(self, size: int) -> None:
        """So many bytes more were read."""
        self._bytes += size
        if time.monotonic() - self._looked_s >= 1:
            self._looked_s = time.monotonic()
            self._look()
        rate = self._node.settings.verify_rate
        ahead_s = self._bytes / rate - (time.monotonic() - self._begun_s) if rate else 0
        if ahead_s > 0 and not self.is_asked():
            self._sleep(ahead_s)

    def is_asked(self) -> bool:
        """Whether other work waits."""
        return bool(jobs.counts(self._node)[jobs.WAITING])


def _after(node: Node, package: str, path: str) -> Iterator[tuple[Manifest, str]]:
    """Every file of every package behind a place, in order."""
    for manifest in sorted(node.shelf.list(), key=lambda each: each.id):
        if manifest.id >= package:
            for each in sorted(manifest.files):
                if (manifest.id, each) > (package, path) and _stands(node, manifest):
                    yield manifest, each


def _stands(node: Node, manifest: Manifest) -> bool:
    """Whether this very edition stands still; what was taken off meanwhile is passed over."""
    here = node.shelf.standing(manifest.id)
    return here is not None and here.digest == manifest.digest


def _settle(node: Node, at: dict[str, Any]) -> None:
    """The look is over: keep what it found, and forget the place, in one change."""
    text = json.dumps({**at, "at_ms": node.clock.now_ms()})
    note = node.tables.Note

    def work() -> None:
        put(note, name=FOUND, value=text)
        note.delete().where(note.name == PLACE).execute()

    node.write(work)


def _keep(node: Node, name: str, values: dict[str, Any]) -> None:
    text = json.dumps(values)
    node.write(lambda: put(node.tables.Note, name=name, value=text))


def _note(node: Node, name: str) -> dict[str, Any]:
    row = node.tables.Note.get_or_none(node.tables.Note.name == name)
    found: dict[str, Any] = json.loads(row.value) if row else {}
    return found


def _still(node: Node, package: str, path: str, what: str, mark: list[int] | None) -> Broken | None:
    """A problem of the last look while its file is as it was then."""
    manifest = node.shelf.standing(package)
    entry = manifest.files.get(path) if manifest else None
    if manifest is None or entry is None or _mark(node, entry.sha256) != mark:
        return None
    return Broken(package, manifest.title, path, what)


def _mark(node: Node, sha256: str) -> list[int] | None:
    """What tells a file on the disk from one that took its place; None when there is none."""
    try:
        status = node.shelf.blob_path(sha256).stat()
    except OSError:
        return None
    return [status.st_ino, status.st_mtime_ns, status.st_size]


def _size(node: Node) -> int:
    return sum(each.size_bytes for each in node.shelf.list())


def _far(done: int, total: int) -> Sentence:
    part = min(PARTS, done * PARTS // max(1, total))
    return sentence("Reading all files of the shelf.", done_bytes=part, total_bytes=PARTS)


def _told(found: Report) -> Sentence:
    if not found.broken:
        return sentence("Everything is whole.")
    return counted("%(num)d file is not whole.", "%(num)d files are not whole.", len(found.broken))
