"""Worlds in which the line never comes back: what sticks alone bring is all, once, and in any order.

`MANGROVE_SOAK=3000 pytest tests/test_sync_bundle_mules.py` plays that many; a failing seed is in the test's name.
"""

import os

import pytest

from tests.fixtures.simulator import World, check_folded, check_whole, facts
from tests.fixtures.sync_hub import MakeHub

WORLDS = {"sqlite": 12, "postgresql": 3}
EVENTS = 50


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a world."""
    usual = WORLDS[metafunc.config.getoption("--engine")]
    metafunc.parametrize("seed", range(int(os.environ.get("MANGROVE_SOAK", usual))))


def test_sticks_alone_bring_everything(seed: int, make_hub: MakeHub) -> None:
    """After bad lines, crashes, restores, copied cards and wrong clocks; nobody but the recipient takes anything."""
    world = World(seed + 100_000, make_hub)
    world.play(EVENTS)
    told = set().union(*(facts(hub) for hub in world.hubs))
    world.heal_by_sticks()
    assert told <= facts(world.region)
    for hub in [world.region, *world.hubs]:
        check_whole(hub)
        check_folded(hub)
        assert {each.hub for each in hub.placed("local")} <= {hub.identity.hub_id}
        assert world.post(hub).park.kept == {}
