"""Worlds of hubs with bad lines, crashes, restores, copied cards and wrong clocks: nothing lost, nothing doubled, and
what was erased opens nowhere.

`MANGROVE_SOAK=3000 pytest tests/test_sync_simulator.py` plays that many worlds; a failing seed is in the test's name.
"""

import os

import pytest

from tests.fixtures.simulator import World, check_erased, check_folded, check_whole, digest, facts, secrets_told
from tests.fixtures.sync_hub import MakeHub

WORLDS = {"sqlite": 40, "postgresql": 10}
"""How many are played on each engine; a statement to a server takes its time."""
EVENTS = 60


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a world."""
    usual = WORLDS[metafunc.config.getoption("--engine")]
    metafunc.parametrize("seed", range(int(os.environ.get("MANGROVE_SOAK", usual))))


@pytest.mark.every_case
def test_a_world_comes_to_rest_with_everything(seed: int, make_hub: MakeHub) -> None:
    """All that anybody had of shared streams is with the region in the end, once, and what is local stayed."""
    world = World(seed, make_hub)
    world.play(EVENTS)
    told = set().union(*(facts(hub) for hub in world.hubs))
    world.heal()
    assert told <= facts(world.region)
    for hub in world.hubs:
        assert digest(hub, world.region) == digest(world.region, hub)
    for hub in [world.region, *world.hubs]:
        check_whole(hub)
        check_folded(hub)
        check_erased(hub, world.erased)
        assert {each.hub for each in hub.placed("local")} <= {hub.identity.hub_id}
    assert secrets_told(world.carried) == []
