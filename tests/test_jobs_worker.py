"""The worker: one job after another, each mistake its own, and only one worker for a home."""

import threading
import time
from collections.abc import Callable

import pytest

from content.errors import PackageUnknown
from hub import jobs, worker
from hub.errors import InputWrong
from hub.handlers import Handler, Say
from hub.jobs import JobShown
from hub.node import Node
from hub.worker import Worker, working

WAIT_S = 10.0


def _until(is_so: Callable[[], bool]) -> None:
    """Wait for the background thread; a test that waits ten seconds has failed."""
    end = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def _raising(mistake: Exception) -> Handler:
    def handle(_node: Node, _job: JobShown, _say: Say) -> str:
        raise mistake

    return handle


def test_a_job_is_done_and_says_what_came_of_it(node: Node) -> None:
    """The handler gets the arguments; its sentence is kept."""
    job = jobs.add(node, "import", arguments={"name": "water"})
    Worker(node, {"import": lambda _node, job, _say: f"{job.arguments['name']} is on the shelf"}).step()
    assert (jobs.show(node, job).state, jobs.show(node, job).progress) == ("done", "water is on the shelf")


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        (InputWrong("That file is gone."), "That file is gone."),
        (PackageUnknown(package="x"), str(PackageUnknown(package="x"))),
        (ZeroDivisionError("oops"), worker.UNFORESEEN),
    ],
    ids=["ours", "content", "unforeseen"],
)
def test_a_job_that_fails_stops_with_a_sentence(node: Node, mistake: Exception, sentence: str) -> None:
    """Whoever asked reads a sentence and never a trace; the next job has its turn."""
    job = jobs.add(node, "import", arguments={})
    assert Worker(node, {"import": _raising(mistake)}).step()
    assert (jobs.show(node, job).state, jobs.show(node, job).progress) == ("stopped", sentence)


def test_jobs_are_done_in_the_background(node: Node) -> None:
    """A page that adds a job finds it done a moment later."""
    with working(node, {"sync": lambda *_: "agreed"}):
        job = jobs.add(node, "sync", arguments={})
        _until(lambda: jobs.show(node, job).state == "done")


def test_a_stopping_hub_puts_the_job_at_hand_back(node: Node) -> None:
    """The job hears of the stop when it says how far it is, and waits for the next start."""
    begun, stopping = threading.Event(), threading.Event()

    def slow(_node: Node, _job: JobShown, say: Say) -> str:
        begun.set()
        while True:
            stopping.wait(0.01)
            say("still going")

    job = jobs.add(node, "import", arguments={})
    with working(node, {"import": slow}):
        begun.wait(WAIT_S)
    assert (jobs.show(node, job).state, jobs.show(node, job).tries) == ("waiting", 0)


def test_only_one_of_two_workers_works(node: Node) -> None:
    """A second process over the same home leaves the jobs to the first."""
    done: list[str] = []
    with working(node, {"sync": lambda *_: done.append("first") or "ok"}):
        _do_one(node, number=1)
        with working(node, {"sync": lambda *_: done.append("second") or "ok"}):
            _do_one(node, number=2)
    assert done == ["first", "first"]


def _do_one(node: Node, *, number: int) -> None:
    job = jobs.add(node, "sync", arguments={"number": number})
    _until(lambda: jobs.show(node, job).state == "done")


def test_what_is_due_becomes_a_job(node: Node) -> None:
    """A hub that has never made a backup asks for one; asking again changes nothing."""
    for _ in range(2):
        Worker(node, {}).ask_for_what_is_due()
    assert [job.kind for job in jobs.jobs(node, kind="backup")] == ["backup"]


def test_a_due_backup_is_made(node: Node) -> None:
    """The whole way: due, asked for, done, a file in the home folder."""
    Worker(node).ask_for_what_is_due()
    while Worker(node).step():
        pass
    assert jobs.jobs(node, kind="backup")[0].state == "done"
    assert len(list((node.home / "backups").glob("*.zip"))) == 1
