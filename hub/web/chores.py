"""Slow work that waits, runs or could not be done, told the same on a librarian's home and on the hub's own page."""

from dataclasses import dataclass

from hub import inbox, jobs, sticks
from hub.giving import asked, bundles
from hub.jobs import JobShown
from hub.node import Node
from hub.out import forward
from hub.people.roster import KEEPERS, Person
from hub.web import tide_words

TIDE_PAGE = "/status/tide/"
FORWARD_PAGE = "/status/out/"
TIDE_JOBS = ("sync", "join", "leave", "listen")
FOLDERS = {
    inbox.JOB: "/library/add/",
    sticks.JOB: "/library/add/stick/",
    asked.JOB: "/library/give/",
    bundles.OUT_JOB: "/status/tide/stick/",
    bundles.IN_JOB: "/status/tide/stick/",
    inbox.LIST_JOB: "/people/lists/",
}
"""Kind of work → below which address each has a page of its own, for keepers."""


@dataclass(frozen=True)
class Chore:
    """One piece of slow work; `href` is the page that says more, "" where there is none for whoever looks."""

    job: JobShown
    name: str
    href: str

    @property
    def is_stopped(self) -> bool:
        """Whether it could not be done."""
        return self.job.state == jobs.STOPPED


def chores(node: Node, person: Person | None) -> list[Chore]:
    """What is not settled, the newest first, as one person may look at it."""
    return [_chore(job, person) for job in jobs.unsettled(node)]


def _chore(job: JobShown, person: Person | None) -> Chore:
    is_keeper = person is not None and not person.roles.isdisjoint(KEEPERS)
    is_steward = person is not None and "steward" in person.roles
    if job.kind == forward.JOB and is_steward:
        return Chore(job, str(tide_words.JOBS[job.kind]), FORWARD_PAGE)
    own = f"{FOLDERS[job.kind]}{job.id}/" if job.kind in FOLDERS and is_keeper else ""
    return Chore(job, str(tide_words.JOBS.get(job.kind, job.kind)), TIDE_PAGE if job.kind in TIDE_JOBS else own)
