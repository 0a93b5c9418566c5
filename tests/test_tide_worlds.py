"""Worlds of hubs with bad lines, crashes, full disks, restores, copied cards, liars and wrong clocks: all holds.

Twenty-five seeds are a test. A seed that fails is made short, and printed with the events that are left and the words
that play them again. MANGROVE_SOAK says how many worlds are played (`make soak`).
"""

import os
from collections.abc import Callable
from dataclasses import replace

import pytest

from sync import shared
from tests.fixtures import worlds
from tests.fixtures.sync_hub import MakeHub, making_hubs
from tests.fixtures.worlds import Plan, plan, play

WORLDS = {"sqlite": 500, "postgresql": 10}
"""How many are played on each engine; a statement to a server takes its time."""
TOGETHER = {"sqlite": 25, "postgresql": 5}
TURNED = 25
"""Every so many worlds are played once more with all clocks turned."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for so many worlds."""
    if "first" in metafunc.fixturenames:
        engine = metafunc.config.getoption("--engine")
        count = int(os.environ.get("MANGROVE_SOAK", WORLDS[engine]))
        metafunc.parametrize("first", range(0, count, TOGETHER[engine]))


Fails = Callable[[Plan], BaseException | None]


@pytest.fixture
def fails(request: pytest.FixtureRequest, engine: str) -> Fails:
    """What a plan fails with, played on hubs of its own."""

    def played(planned: Plan) -> BaseException | None:
        with making_hubs(request, engine) as make_hub:
            try:
                play(planned, make_hub)
            except Exception as mistake:  # noqa: BLE001 - whatever it is, it is made short and shown
                return mistake
        return None

    return played


@pytest.mark.every_case
@pytest.mark.timeout(0)
def test_worlds_come_to_rest_with_everything(first: int, engine: str, fails: Fails) -> None:
    """Nothing is lost, doubled, half done or told; what was erased opens nowhere; everybody agrees in the end."""
    for seed in range(first, first + TOGETHER[engine]):
        mistake = fails(plan(seed))
        if mistake is not None:
            short = worlds.shrunk(plan(seed), lambda fewer: fails(fewer) is not None)
            raise AssertionError(worlds.told(short, fails(short) or mistake)) from mistake


@pytest.mark.sqlite("plays the same worlds; the journal knows no clock on either engine")
@pytest.mark.parametrize("seed", range(0, WORLDS["sqlite"], TURNED))
def test_clocks_decide_nothing(make_hub: MakeHub, seed: int) -> None:
    """The same world with every clock wrong the other way ends with the same."""
    assert play(plan(seed), make_hub) == play(plan(seed), make_hub, turn=-1)


def test_a_plan_again(make_hub: MakeHub) -> None:
    """MANGROVE_SEED, MANGROVE_EVENTS and MANGROVE_HUBS say which plan to play; a failure prints them."""
    planned = plan(int(os.environ.get("MANGROVE_SEED", "0")))
    if "MANGROVE_EVENTS" in os.environ:
        numbers = {int(each) for each in os.environ["MANGROVE_EVENTS"].split(",") if each}
        kept = tuple(event for event in planned.events if event.number in numbers)
        planned = replace(planned, communities=int(os.environ["MANGROVE_HUBS"]), events=kept)
    play(planned, make_hub)


@pytest.mark.sqlite("plays worlds that fail; what is looked for does not hang on the engine")
def test_a_plan_that_fails_is_made_short_and_told(fails: Fails, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub that shows what is local is found out, and hardly more is left than what is needed to see it."""
    monkeypatch.setattr(shared, "_for", lambda _taker, audiences: ["", *{*audiences, "local"}])
    failing = next(plan(seed) for seed in range(100) if fails(plan(seed)))
    short = worlds.shrunk(failing, lambda fewer: fails(fewer) is not None)
    mistake = fails(short)
    assert mistake and len(short.events) <= 2 and short.communities == 2
    numbers = ",".join(str(event.number) for event in short.events)
    assert f"MANGROVE_SEED={failing.seed} MANGROVE_EVENTS={numbers} MANGROVE_HUBS=2" in worlds.told(short, mistake)
