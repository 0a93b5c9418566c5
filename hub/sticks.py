"""What lies on a stick, or in the hub's own folder: looked through as a job, shown, chosen, put on the shelf.

A stick is a folder below the setting `sticks`; the machine mounts it there. Whatever it holds is only read. Looking
through a large one takes a while, so it has limits, and what was found is kept as JSON beside the jobs. A stick that is
pulled out lets its work rest; when it is back, the work goes on by itself.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from content import giving, offer, outside
from content.archive import is_litter
from content.disk import check_room
from content.errors import ContentError, FormatUnknown, FormatWithoutPlayer, SourceUnreadable
from content.refusals import FormatMisnamed
from hub import agreeing, handout, inbox, jobs, library, room, sentences
from hub.agreeing import Thing
from hub.errors import InputWrong, NotFound
from hub.node import JOBS_FOLDER, Node
from hub.sentences import Sentence, counted, sentence

JOB = "stick"
FOLDER = "sticks"
"""Below the folder of jobs: what was found, one file for each look."""
OWN = "inbox"
"""The name of the hub's own folder among the places; no stick is called so, since its folder lies elsewhere."""
DEPTH_MAX, ENTRIES_MAX, FOUND_MAX = 8, 20_000, 300
"""How deep a stick is looked into, at how many names, and how many things are listed."""
TIME_MAX_S = 120.0
CHOSEN_MAX = 50
WRITTEN = f"/{giving.PACKAGES}/"
"""What stands in the path of a thing that another hub wrote, behind the name of its folder (`hub.giving`)."""
RESULTS_KEPT = 10
UNREAD = "unread"
"""Instead of the hash of what could not be read any more."""
SAY_S = 2.0

Say = Callable[[Sentence], None]


@dataclass(frozen=True)
class Place:
    """Something to look through; `name` is "inbox" for the hub's own folder."""

    name: str
    path: Path

    @property
    def is_stick(self) -> bool:
        """Whether it can be pulled out."""
        return self.name != OWN


@dataclass(frozen=True)
class Refused:
    """Something that the shelf would not take, and the sentence that says why."""

    path: str
    why: str


@dataclass
class Seen:
    """What a look found; `others` counts files of kinds that the shelf does not know, `is_cut` says it was too much.

    `twins` says of the paths of things that hold the same which was found first.
    """

    place: str
    things: list[Thing] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    others: int = 0
    is_cut: bool = False
    twins: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Twin:
    """Another thing that a look found of the same files; not `is_sure` where they are too large to be read for it."""

    path: str
    is_sure: bool


def places(node: Node) -> list[Place]:
    """The sticks that are in, by name, and the hub's own folder when something lies in it."""
    found = [Place(path.name, path) for path in _folders(Path(node.settings.sticks or os.devnull))]
    return [*found, *([Place(OWN, node.home / inbox.FOLDER)] if inbox.waiting(node) else [])]


def place(node: Node, name: str) -> Place:
    """One of them. Raises NotFound when it is not in."""
    found = next((each for each in places(node) if each.name == name), None)
    if found is None:
        raise NotFound("That stick is not in. Nothing was changed; put it in, and look again.")
    return found


def ask(node: Node, name: str) -> str:
    """Ask that a place be looked through; return the job. Raises NotFound."""
    return jobs.add(node, JOB, arguments={"path": place(node, name).name})


def scan(node: Node, job_id: str, name: str, say: Say, look: Callable[[], None]) -> Sentence:
    """Do the job: look through a place and keep what was found. Raises Away when the stick is not in any more."""
    found = _there(node, name)
    seen, said_s, end_s = Seen(name), time.monotonic(), time.monotonic() + TIME_MAX_S
    hashes: dict[str, str] = {}
    for source in _walk(found.path, seen):
        look()
        if time.monotonic() > end_s or len(seen.things) + len(seen.refused) >= FOUND_MAX:
            seen.is_cut = True
            break
        if time.monotonic() - said_s > SAY_S:
            said_s = time.monotonic()
            say(sentence("Looking at %(file)s.", file=source.name))
        if _look_at(node, found, source, seen):
            _compare(node, found, seen, hashes)
    _there(node, name)
    _keep(node, job_id, seen)
    num = len(seen.things)
    return counted("%(num)d thing was found.", "%(num)d things were found.", num)


def seen(node: Node, job_id: str) -> Seen | None:
    """What a look found; None while it is not over."""
    jobs.show(node, job_id)
    try:
        told = json.loads(_file(node, job_id).read_bytes())
    except (OSError, ValueError):
        return None
    things = [Thing(**each) for each in told["things"]]
    refused, twins = [Refused(**each) for each in told["refused"]], dict(told.get("twins", {}))
    return Seen(told["place"], things, refused, told["others"], told["is_cut"], twins)


def choose(node: Node, job_id: str, numbers: list[int]) -> list[str]:
    """Ask that some of what a look found be put on the shelf; return a job for each.

    Raises InputWrong when nothing was chosen, NotFound when the stick is not in, NoSpace when it does not all fit.
    """
    found = seen(node, job_id)
    chosen = [found.things[number] for number in sorted(set(numbers)) if found and 0 <= number < len(found.things)]
    if not chosen or found is None:
        raise InputWrong("Nothing was chosen. Nothing was changed; tick what shall stand on the shelf.")
    if len(chosen) > CHOSEN_MAX:
        raise InputWrong("That is much at once. Nothing was changed; choose at most 50, and the others after them.")
    where = place(node, found.place)
    needed = sum(each.needed_bytes for each in chosen)
    check_room(room.free_bytes(node), needed=needed, reserve=node.settings.free_reserve)
    return [jobs.add(node, inbox.JOB, arguments=_arguments(node, where, each)) for each in chosen]


def folders(found: Seen) -> list[str]:
    """The folders that another hub wrote, with several things in them; each can be taken whole."""
    tops = [each.path.partition(WRITTEN)[0] for each in found.things if WRITTEN in each.path]
    return sorted({each for each in tops if tops.count(each) > 1})


def within(found: Seen, folder: str) -> list[int]:
    """The numbers of the things in such a folder that need not stay where they are."""
    inside = f"{folder}{WRITTEN}"
    stays = (offer.SAME, offer.OLDER)
    return [n for n, each in enumerate(found.things) if each.path.startswith(inside) and each.standing not in stays]


def twins(found: Seen) -> dict[str, Twin]:
    """For the path of each thing that lies there twice, another one of the same."""
    sizes = {each.path: each.size_bytes for each in found.things}
    others: dict[str, str] = {}
    for path, first in found.twins.items():
        others.setdefault(first, path)
        others[path] = first
    return {path: Twin(other, is_sure=sizes[path] <= offer.READ_BYTES) for path, other in others.items()}


def look_again(node: Node) -> None:
    """Let go on what rests because a stick was away that is in again."""
    for kind in (inbox.JOB, JOB):
        for job in jobs.unfinished(node, kind=kind):
            if job.state == jobs.PAUSED and sentences.fact(job.progress, inbox.AWAY) and _is_back(node, job.arguments):
                jobs.resume(node, job.id)


def told(text: str) -> str:
    """A sentence as it was kept with what was found."""
    return sentences.unpacked(text)


def _folders(top: Path) -> list[Path]:
    """The folders in one that hold something; none when it cannot be read."""
    try:
        return sorted(path for path in top.iterdir() if _is_open(path))
    except OSError:
        return []


def _is_open(path: Path) -> bool:
    if is_litter(path.name) or path.is_symlink() or not path.is_dir() or not outside.is_text(path.name):
        return False
    with suppress(OSError), os.scandir(path) as entries:
        return next(entries, None) is not None
    return False


def _there(node: Node, name: str) -> Place:
    try:
        return place(node, name)
    except NotFound:
        raise inbox.away(name) from None


def _walk(top: Path, seen: Seen) -> Iterator[Path]:
    """Every file, and every folder that is one thing, within the limits; no link is followed."""
    waiting, count = [(top, 0)], 0
    while waiting:
        folder, depth = waiting.pop()
        for path in _entries(folder):
            count += 1
            if count > ENTRIES_MAX:
                seen.is_cut = True
                return
            if not path.is_dir() or offer.is_package(path):
                yield path
            elif depth < DEPTH_MAX:
                waiting.append((path, depth + 1))
            else:
                seen.is_cut = True


def _entries(folder: Path) -> list[Path]:
    """What lies in a folder, by name; nothing when it cannot be read."""
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return []
    return [each for each in found if not is_litter(each.name) and outside.is_text(each.name) and _is_kept(each)]


def _is_kept(path: Path) -> bool:
    """Whether a file or a folder lies there: no link is followed, and no pipe waited for."""
    return outside.is_plain(path) or (path.is_dir() and not path.is_symlink())


def _look_at(node: Node, found: Place, source: Path, seen: Seen) -> bool:
    """Note what something is; whether the shelf would take it."""
    path = source.relative_to(found.path).as_posix()
    try:
        seen.things.append(agreeing.look_at(node, source, path=path))
    except (ContentError, OSError) as mistake:
        _there(node, found.name)
        if isinstance(mistake, FormatUnknown) and not isinstance(mistake, FormatWithoutPlayer | FormatMisnamed):
            seen.others += 1
            return False
        seen.refused.append(Refused(path, sentences.packed(_why(source, mistake))))
        return False
    return True


def _compare(node: Node, found: Place, seen: Seen, hashes: dict[str, str]) -> None:
    """Note whether the last thing holds the same as one before it; only those of one shape are read, each once."""
    *before, last = seen.things
    for each in before:
        if each.path in seen.twins or each.shape != last.shape:
            continue
        for path in {each.path, last.path} - hashes.keys():
            hashes[path] = _contents(node, found, path)
        if hashes[each.path] == hashes[last.path] != UNREAD:
            seen.twins[last.path] = each.path
            return


def _contents(node: Node, found: Place, path: str) -> str:
    try:
        return offer.contents(found.path / path, library.limits(node))
    except (ContentError, OSError):
        _there(node, found.name)
        return UNREAD


def _why(source: Path, mistake: ContentError | OSError) -> str:
    if isinstance(mistake, OSError):
        mistake = SourceUnreadable(source=source.name, why=mistake.strerror)
    return sentences.of(mistake)


def _arguments(node: Node, where: Place, thing: Thing) -> dict[str, Any]:
    """What an import is told of a thing; one on a stick lies outside the home."""
    if where.is_stick:
        return {"path": (where.path / thing.path).as_posix(), "stick": where.name, **agreeing.as_shown(thing)}
    return {"path": f"{inbox.FOLDER}/{thing.path}", **agreeing.as_shown(thing)}


def _is_back(node: Node, arguments: dict[str, Any]) -> bool:
    if "stick" in arguments:
        return Path(str(arguments["path"])).exists()
    return any(each.name == arguments["path"] for each in places(node))


def _keep(node: Node, job_id: str, seen: Seen) -> None:
    """Keep what was found, and forget what was found long ago."""
    place = _file(node, job_id)
    place.parent.mkdir(parents=True, exist_ok=True)
    handout.write(place, json.dumps(asdict(seen)))
    for old in sorted(place.parent.glob("*.json"), key=lambda path: path.stat().st_mtime)[:-RESULTS_KEPT]:
        old.unlink(missing_ok=True)


def _file(node: Node, job_id: str) -> Path:
    return node.home / JOBS_FOLDER / FOLDER / f"{job_id}.json"
