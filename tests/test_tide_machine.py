"""The worlds of the simulator, with hypothesis choosing what happens and when: it looks for what plans never do.

A failure is printed as the shortest list of steps. MANGROVE_SOAK says how many machines run, each with chances of its
own (`make soak`); `make test` runs the same few each time.
"""

import os
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from sync import shared
from tests.fixtures import worlds
from tests.fixtures.cheaply import cheaply
from tests.fixtures.simulator import EVENTS, Event, World
from tests.fixtures.sync_hub import making_hubs

MACHINES = {"sqlite": 30, "postgresql": 2}
"""How many run on each engine."""
STEPS = 12
NUMBERS = st.integers(1, 2**16)
"""An event draws its chances from its number."""

WRITES, MEETS = ("write", "set_field"), ("meet", "visit", "write_stick", "carry_stick")
HAPPENS = tuple(name for name in EVENTS if name not in WRITES + MEETS)


class Tide(RuleBasedStateMachine):
    """A world in which any event may follow any other; at the end it comes to rest, and all properties hold."""

    hubs: Callable[[], Any]
    """Opens a place where hubs are made, until it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(cheaply())
        self.make_hub = self.stack.enter_context(self.hubs())

    @initialize(seed=st.integers(0, 999), communities=st.integers(2, 3))
    def begin(self, seed: int, communities: int) -> None:
        """A region and some communities."""
        self.world = World(seed, self.make_hub, communities)

    @rule(name=st.sampled_from(WRITES), number=NUMBERS)
    def write(self, name: str, number: int) -> None:
        """Somebody writes something."""
        self.world.happen(Event(number, name))

    @rule(name=st.sampled_from(MEETS), number=NUMBERS)
    def meet(self, name: str, number: int) -> None:
        """Hubs hear of each other."""
        self.world.happen(Event(number, name))

    @rule(name=st.sampled_from(HAPPENS), number=NUMBERS)
    def suffer(self, name: str, number: int) -> None:
        """Anything else happens."""
        self.world.happen(Event(number, name))

    def teardown(self) -> None:
        """Everybody meets over a good line, and looks."""
        with self.stack:
            if hasattr(self, "world"):
                worlds.end(self.world)


@pytest.fixture
def tide(request: pytest.FixtureRequest, engine: str) -> type[Tide]:
    """The machine, whose hubs keep their journals on the engine of this run."""
    return type("Tide", (Tide,), {"hubs": lambda _: making_hubs(request, engine)})


def _tried(engine: str) -> settings:
    soaked = os.environ.get("MANGROVE_SOAK")
    return settings(
        max_examples=int(soaked or MACHINES[engine]),
        stateful_step_count=STEPS,
        derandomize=not soaked,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.every_case
@pytest.mark.timeout(0)
def test_whatever_happens_all_holds(tide: type[Tide], engine: str) -> None:
    """Nothing is lost, doubled or told, in any order of events."""
    run_state_machine_as_test(tide, settings=_tried(engine))  # type: ignore[no-untyped-call]


@pytest.mark.sqlite("runs machines that fail; what is looked for does not hang on the engine")
def test_a_hub_that_tells_what_is_local_is_found_out(tide: type[Tide], monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the machine would look at nothing."""
    monkeypatch.setattr(shared, "_for", lambda _taker, audiences: ["", *{*audiences, "local"}])
    with pytest.raises(AssertionError, match=r"state\.write\(name='write'"):
        run_state_machine_as_test(tide, settings=_tried("sqlite"))  # type: ignore[no-untyped-call]
