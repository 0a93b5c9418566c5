"""Jobs: asked for once, taken oldest first, finished or stopped with a sentence, and never lost."""

import pytest

from hub import jobs
from hub.errors import NotFound
from hub.node import Node
from tests.fixtures.clock import HandClock


def test_the_oldest_job_is_taken_first(node: Node, clock: HandClock) -> None:
    """Jobs run in the order in which they were asked for."""
    first = jobs.add(node, "import", arguments={"name": "a"})
    clock.advance(1)
    second = jobs.add(node, "sync", arguments={})
    taken = [jobs.claim(node), jobs.claim(node), jobs.claim(node)]
    assert [job.id if job else None for job in taken] == [first, second, None]


def test_asking_twice_while_it_waits_is_asking_once(node: Node) -> None:
    """A button pressed twice makes one job; other arguments make another."""
    first = jobs.add(node, "import", arguments={"name": "a"})
    assert jobs.add(node, "import", arguments={"name": "a"}) == first
    assert jobs.add(node, "import", arguments={"name": "b"}) != first


def test_a_running_job_can_be_asked_for_again(node: Node) -> None:
    """What began before the wish does not fulfil it."""
    first = jobs.add(node, "sync", arguments={})
    jobs.claim(node)
    assert jobs.add(node, "sync", arguments={}) != first


def test_a_job_says_how_far_it_is(node: Node) -> None:
    """The page that looks sees state and the last sentence."""
    job = jobs.add(node, "import", arguments={"name": "a"})
    jobs.claim(node)
    jobs.say(node, job, "12 of 40 files")
    shown = jobs.show(node, job)
    assert (shown.state, shown.progress, shown.arguments, shown.is_open) == (
        "running",
        "12 of 40 files",
        {"name": "a"},
        True,
    )


def test_an_unknown_job_is_not_found(node: Node) -> None:
    """A made-up address leads nowhere."""
    with pytest.raises(NotFound, match="no such job"):
        jobs.show(node, "nonsense")


def test_a_job_that_was_cut_off_waits_again(node: Node) -> None:
    """After a power cut the job is begun anew."""
    job = jobs.add(node, "sync", arguments={})
    jobs.claim(node)
    jobs.take_up(node)
    assert jobs.show(node, job).state == "waiting"


def test_a_job_that_is_always_cut_off_is_given_up(node: Node) -> None:
    """A job that takes the hub down three times does not take it down for ever."""
    job = jobs.add(node, "import", arguments={})
    for _ in range(jobs.TRIES_MAX):
        jobs.claim(node)
        jobs.take_up(node)
    assert (jobs.show(node, job).state, jobs.show(node, job).progress) == ("stopped", jobs.CUT_OFF)


def test_a_job_put_back_in_good_order_does_not_count_as_a_try(node: Node) -> None:
    """Stopping the hub often does not use up a job's tries."""
    job = jobs.add(node, "import", arguments={})
    jobs.claim(node)
    jobs.put_back(node, job)
    assert (jobs.show(node, job).state, jobs.show(node, job).tries) == ("waiting", 0)


def test_what_stopped_is_unsettled_until_it_is_tried_again(node: Node, clock: HandClock) -> None:
    """An older try at the same is settled by a newer one; two files are two things."""
    tried = []
    for kind, path in (("sync", {}), ("sync", {}), ("import", {"path": "a"}), ("import", {"path": "b"})):
        clock.advance(1)
        tried.append(jobs.add(node, kind, arguments=path))
        jobs.stop(node, tried[-1], "It stopped.")
    assert [job.id for job in jobs.unsettled(node)] == [tried[3], tried[2], tried[1]]
    clock.advance(1)
    jobs.finish(node, jobs.add(node, "sync", arguments={}), "It went.")
    assert [job.id for job in jobs.unsettled(node)] == [tried[3], tried[2]]


def test_what_waits_for_a_word_is_found_whatever_came_after(node: Node, clock: HandClock) -> None:
    """A stick brings more than a page shows, and the one that stopped to ask is not lost behind it."""
    asks = jobs.add(node, "import", arguments={"path": "asks"})
    jobs.stop(node, asks, "It waits for a word.")
    for number in range(jobs.SHOWN_MAX + 10):
        clock.advance(1)
        jobs.finish(node, jobs.add(node, "import", arguments={"path": str(number)}), "It is done.")
    assert [job.id for job in jobs.unsettled(node)] == [asks]


def test_what_was_seen_does_not_come_back(node: Node, clock: HandClock) -> None:
    """With the last try the earlier ones go; what is open stays, whatever somebody sends."""
    first, last = jobs.add(node, "sync", arguments={}), ""
    jobs.stop(node, first, "It stopped.")
    for _ in range(2):
        clock.advance(1)
        last = jobs.add(node, "sync", arguments={})
        jobs.stop(node, last, "It stopped.")
    waits = jobs.add(node, "import", arguments={"path": "a"})
    for each in (last, last, waits, "nonsense"):
        jobs.dismiss(node, each)
    assert [job.id for job in jobs.jobs(node)] == [waits]


def test_old_finished_jobs_are_forgotten(node: Node, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list does not grow without end; what waits is never forgotten."""
    monkeypatch.setattr(jobs, "FINISHED_KEPT", 2)
    for number in range(5):
        clock.advance(1)
        jobs.finish(node, jobs.add(node, "import", arguments={"number": number}), "done")
    jobs.add(node, "sync", arguments={})
    assert [job.arguments for job in jobs.jobs(node, kind="import")] == [{"number": 4}, {"number": 3}]
    assert jobs.counts(node) == {"waiting": 1, "running": 0, "done": 2, "stopped": 0, "paused": 0}
