"""Tides that nobody sits beside: the worker joins, goes and listens, and says what came of it."""

import threading
from collections.abc import Callable

import pytest

from hub import jobs
from hub.node import Node
from hub.tide import join, neighbours, peers, run
from hub.worker import Worker
from tests.fixtures import tide
from tests.fixtures.web import Served

UP_S = 30.0


@pytest.fixture
def hub(make_node: Callable[..., Node]) -> Node:
    """A community's hub."""
    return make_node("hub", sync_every=3600)


@pytest.fixture
def region(make_node: Callable[..., Node], serve_node: Callable[[Node], Served]) -> Served:
    """A region behind a real server."""
    return serve_node(make_node("region", role="region"))


def _done(node: Node, kind: str, **arguments: str) -> jobs.JobShown:
    """Ask for work and let the worker do it."""
    job = jobs.add(node, kind, arguments=arguments)
    Worker(node).step()
    return jobs.show(node, job)


def test_joining_brings_the_first_tide_with_it(hub: Node, region: Served) -> None:
    """The form's job joins and sends at once; its last sentence says so."""
    tide.learn(hub, first=1, count=3)
    job = _done(hub, "join", url=region.url, code=join.invite(region.node).code)
    assert job.state == jobs.DONE
    assert "has joined" in job.progress and "Both hold the same" in job.progress
    assert region.node.tables.Statement.select().count() == 3


def test_joining_that_is_refused_stops_with_the_reason(hub: Node, region: Served) -> None:
    """A wrong code: the job stops with the other hub's sentence, and nothing is remembered."""
    job = _done(hub, "join", url=region.url, code="abcdefghjk")
    assert (job.state, peers.peers(hub)) == (jobs.STOPPED, [])
    assert "ask for a new one" in job.progress


def test_a_tide_that_is_due_goes_by_itself(hub: Node, region: Served) -> None:
    """What is due is asked for and done; afterwards nothing is due."""
    tide.joined(hub, region.node, region.url)
    tide.learn(hub, first=1, count=3)
    worker = Worker(hub)
    worker.ask_for_what_is_due()
    while worker.step():
        pass
    assert region.node.tables.Statement.select().count() == 3
    assert not run.is_due(hub)


def test_listening_keeps_who_was_heard(hub: Node) -> None:
    """After the job the page knows when somebody listened; a hub never hears itself."""
    job = _done(hub, "listen")
    listened = neighbours.listened(hub)
    assert job.state == jobs.DONE and listened is not None
    assert hub.identity.hub_id not in {each.hub for each in listened.hubs}


def test_two_tides_of_one_home_take_turns(hub: Node, region: Served) -> None:
    """The worker and a command at the same moment: one waits, both end well, nothing is doubled."""
    tide.joined(hub, region.node, region.url)
    tide.learn(hub, first=1, count=200)
    went: list[bool] = []
    threads = [threading.Thread(target=lambda: went.append(run.sync_with(hub).agreed)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(UP_S)
    assert went == [True, True, True]
    assert region.node.tables.Statement.select().count() == 200
