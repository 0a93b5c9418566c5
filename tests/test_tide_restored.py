"""A hub that came back from a backup: one tide tells truly what is safe in the region."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hub.care import backup
from hub.care.restore import restore
from hub.config import keep, load
from hub.node import Node, make_home, open_node
from hub.tide import report, run
from tests.fixtures import tide
from tests.fixtures.care import copy_keys, stick
from tests.fixtures.clock import HandClock
from tests.fixtures.web import Served


@pytest.fixture
def hub(make_node: Callable[..., Node], serve_node: Callable[[Node], Served]) -> Node:
    """A community's hub that has joined a region behind a real server, with twenty records there."""
    node, up = make_node("hub"), serve_node(make_node("region", role="region"))
    tide.joined(node, up.node, up.url)
    tide.learn(node, first=1, count=20)
    run.sync_with(node)
    return node


def test_what_comes_back_from_the_region_is_safe_there(
    hub: Node, clock: HandClock, tmp_path: Path, database_url: Callable[[], str]
) -> None:
    """Ten records are younger than the backup; they are counted on both sides in the same tide."""
    saved = backup.make(hub, stick(tmp_path))
    tide.learn(hub, first=21, count=10)
    run.sync_with(hub)
    home = tmp_path / "second"
    make_home(home)
    keep(home, {"database": database_url()})
    copy_keys(hub.home, home)
    restore(home, saved)
    clock.advance(3600)
    again = open_node(home, load(home, {}, {}), clock=clock)
    tide.learn(again, first=101, count=3)
    went = run.sync_with(again)
    (state,) = report.states(again)
    again.close()
    assert (went.problem, went.agreed, went.pulled) == ("", True, 10)
    assert (went.safe, went.total, state.safe, state.waiting) == (33, 33, 33, 0)
