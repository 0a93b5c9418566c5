"""Worlds in which the line never comes back: what sticks alone bring is all, once, and in any order.

`MANGROVE_SOAK=3000 pytest tests/test_sync_bundle_mules.py` plays that many; a failing seed is in the test's name.
"""

import os

import pytest

from tests.fixtures.cheaply import cheaply
from tests.fixtures.properties import check_confined, check_erased, check_folded, check_once, check_whole, facts
from tests.fixtures.sync_hub import MakeHub
from tests.fixtures.worlds import happened, left_behind, plan

WORLDS = {"sqlite": 12, "postgresql": 3}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a world."""
    usual = WORLDS[metafunc.config.getoption("--engine")]
    metafunc.parametrize("seed", range(int(os.environ.get("MANGROVE_SOAK", usual))))


def test_sticks_alone_bring_everything(seed: int, make_hub: MakeHub) -> None:
    """After bad lines, crashes, restores, copied cards and wrong clocks; nobody but the recipient takes anything."""
    with cheaply():
        world = happened(plan(100_000 + 20 * seed + 19), make_hub)
        told = set().union(*(facts(hub) for hub in world.hubs))
        world.heal_by_sticks()
    left = left_behind(world)
    assert {fact for fact in told if fact[0] not in left} <= facts(world.region)
    for hub in world.everybody:
        check_whole(hub)
        check_folded(hub)
        check_once(hub.placed())
        check_confined(hub)
        check_erased(hub, world.erased)
        assert world.post(hub).park.kept == {}
