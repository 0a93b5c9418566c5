"""What is asked to be given out: chosen works, a form and a target, checked before anything is written."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from content import channel_out, giving
from content.disk import MEGA
from content.package import Manifest
from content.shapes import ALL_AGES
from content.worn import PUBLISHER
from hub import inbox, jobs, library, sentences, worn
from hub.errors import InputWrong
from hub.giving import targets
from hub.giving.targets import Target
from hub.jobs import JobShown
from hub.node import Node
from hub.sentences import sentence

OPEN = frozenset({PUBLISHER, str(ALL_AGES[0])})
"""Marks that keep nobody away."""
JOB = "give"
OWN_FORM, KOLIBRI = "mangrove", "kolibri"
FORMS = (OWN_FORM, KOLIBRI)
WORKS_MAX = 200
TITLE_CHARS_MAX = 80
COVER_BYTES = 64 * 1024
"""Room that is left for the cover page and for the pages of one work."""
RESTS = sentence("It rests. What is on the stick already stays hidden there; it goes on where it stopped.")


@dataclass(frozen=True)
class Asked:
    """Works in their order, the title of the folder, the form, the day (ISO 8601) and the name of the target."""

    path: str
    title: str
    packages: tuple[str, ...]
    form: str
    day: str
    fallback: str = "Mangrove"

    @property
    def name(self) -> str:
        """What the folder is called."""
        return f"{giving.safe_name(self.title, self.fallback)} {self.day}"


def ask(node: Node, *, name: str, title: str, packages: Sequence[str], form: str) -> str:
    """Ask that works be put on a stick; return the job. Raises NotFound, PackageUnknown or InputWrong."""
    asked = checked(node, name=name, title=title, packages=packages, form=form)
    fits(targets.target(node, name), manifests(node, asked), form)
    return jobs.add(node, JOB, arguments=asdict(asked))


def checked(node: Node, *, name: str, title: str, packages: Sequence[str], form: str) -> Asked:
    """What is asked, once it is sound. Raises InputWrong."""
    chosen = tuple(dict.fromkeys(packages))
    if not chosen:
        raise InputWrong("Nothing was chosen. Nothing was written; tick the works that shall go along.")
    if len(chosen) > WORKS_MAX:
        raise InputWrong("That is much at once. Nothing was written; choose at most 200, and the others after them.")
    if form not in FORMS:
        raise InputWrong("This form is not known here. Nothing was written; choose one of those on the page.")
    plain = " ".join(title.split())[:TITLE_CHARS_MAX]
    if not plain:
        plain = library.package(node, chosen[0]).title if len(chosen) == 1 else node.name
    return Asked(name, plain, chosen, form, today(node))


def today(node: Node) -> str:
    """The day by the community's own time, as ISO 8601 writes it."""
    ahead = timedelta(minutes=node.settings.utc_ahead)
    return (datetime.fromtimestamp(node.clock.now_ms() / 1000, UTC) + ahead).date().isoformat()


def manifests(node: Node, asked: Asked) -> list[Manifest]:
    """The works as their publishers made them. Raises PackageUnknown, or InputWrong for what no Kolibri takes."""
    found = [library.delivered(node, each) for each in asked.packages]
    other = next((each for each in found if asked.form == KOLIBRI and not channel_out.is_channel(each)), None)
    if other is not None:
        raise InputWrong(
            "“%(title)s” did not come from Kolibri. Nothing was written; leave it out, or choose the other form.",
            title=other.title,
        )
    return found


def fits(target: Target, works: Sequence[Manifest], form: str) -> None:
    """Whether works can be written there. Raises InputWrong, which says what is in the way."""
    if not target.is_writable:
        raise InputWrong(
            "This stick can only be read. Nothing was written; look whether it has a small lever, or take another one."
        )
    most = giving.largest(works)
    if target.largest and most and most[1] > target.largest:
        raise InputWrong(
            "“%(title)s” has a file of more than 4 GB, and this stick (FAT) holds none so large. Nothing was written;"
            " leave it out, or format the stick as exFAT.",
            title=most[0].title,
        )
    needed = needed_bytes(works)
    if needed > target.free_bytes:
        raise InputWrong(
            "%(needed)s MB are needed and %(free)s MB are free on the stick. Nothing was written; choose fewer works,"
            " or another stick.",
            needed=-(-needed // MEGA),
            free=target.free_bytes // MEGA,
        )


def needed_bytes(works: Sequence[Manifest]) -> int:
    """How many bytes it takes there, at most."""
    return sum(giving.size_bytes(each) + COVER_BYTES for each in works) + COVER_BYTES


def marked(node: Node, works: Sequence[Manifest]) -> list[Manifest]:
    """Those that this hub shows to fewer people than their publishers do: what is written says nothing of it."""
    return [each for each in works if _marks(node, each.id) - OPEN]


def _marks(node: Node, package: str) -> set[str]:
    whole, items = worn.seen_by(node, package)
    return {whole, *items.values()}


def of_job(job: JobShown) -> Asked:
    """What a job was asked."""
    told: dict[str, Any] = job.arguments
    return Asked(**{**told, "packages": tuple(told["packages"])})


def pause(node: Node, job_id: str) -> None:
    """Let it rest; one that is at its end already stays so."""
    jobs.show(node, job_id)
    jobs.pause(node, job_id, RESTS)


def resume(node: Node, job_id: str) -> None:
    """Let what rests go on when its turn comes."""
    jobs.show(node, job_id)
    jobs.resume(node, job_id)


def look_again(node: Node) -> None:
    """Let go on what rests because its stick was away, where that is in again."""
    names = {each.name for each in targets.targets(node)}
    for job in jobs.unfinished(node, kind=JOB):
        if job.state == jobs.PAUSED and sentences.fact(job.progress, inbox.AWAY) and of_job(job).path in names:
            jobs.resume(node, job.id)
