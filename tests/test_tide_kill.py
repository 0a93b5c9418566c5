"""Two real servers, killed at any moment while people learn and tides run: nothing is lost, nothing doubled.

A server or the command that runs the tide is killed (`kill -9`) a random moment after the line has carried a random
number of bytes: a hundred times in every run of the tests. Half of them come from the same seed and half from a fresh
one; a failure prints it, and MANGROVE_SEED plays it again. MANGROVE_SOAK says how many rounds there are (`make soak`).
"""

import base64
import json
import os
import random
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from hub import config
from hub.node import Node, open_node
from tests.fixtures import tide
from tests.fixtures.powered import Powered, free_ports
from tests.fixtures.process import mangrove
from tests.fixtures.proxy import Proxy
from tests.fixtures.warm import Child, Warm

ROUNDS = {"sqlite": 100, "postgresql": 6}
"""A server of PostgreSQL is slow to clear up after a kill."""
FIXED_SEED = 20261124
VICTIMS = ("tide", "region", "hub")
"""Each dies in its turn."""
FIRST_BYTES = 4_000
"""A tide of one round is about as long."""
LATER_S = 0.05
"""Within this time after its bytes the victim dies: while it reads them, keeps them, or answers."""
WAIT_S = 60.0
STEP_S = 0.02


class Learners:
    """Writes answers into a hub through its own door, and remembers which ones were confirmed."""

    def __init__(self, hub: Powered) -> None:
        made = json.loads(mangrove("key", "add", "tests", "--scope", "all", "--home", hub.home, "--json").stdout)
        self._secret = base64.b64encode(f"{made['key']}:{made['secret']}".encode()).decode()
        self._hub, self._number = hub, 0
        self.confirmed: set[str] = set()

    def answer_until(self, over: threading.Event) -> None:
        """Give answers, one request each; the first that is not confirmed ends it."""
        while not over.wait(STEP_S):
            self._number += 1
            said = tide.statement(self._number)
            try:
                self._post(said)
            except (OSError, HTTPException):
                return
            self.confirmed.add(said["id"])

    def _post(self, said: dict[str, Any]) -> None:
        headers = {"Content-Type": "application/json", "X-Experience-API-Version": "2.0.0"}
        headers["Authorization"] = f"Basic {self._secret}"
        body = json.dumps(said).encode()
        asked = urllib.request.Request(f"{self._hub.url}/xapi/statements", body, headers)
        with urllib.request.urlopen(asked, timeout=WAIT_S) as answer:
            answer.read()


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    """What the processes are forked from: reading the program a hundred times would be most of the work."""
    with Warm() as room:
        yield room


@pytest.fixture
def hub(tmp_path: Path, database_url: Callable[[], str], warm: Warm) -> Iterator[Powered]:
    """A community's hub, running."""
    yield from _running(warm, tmp_path / "hub", database_url(), "--name", "Alder hill")


@pytest.fixture
def region(tmp_path: Path, database_url: Callable[[], str], warm: Warm) -> Iterator[Powered]:
    """A region, running."""
    yield from _running(warm, tmp_path / "region", database_url(), "--role", "region")


def _running(warm: Warm, home: Path, database: str, *words: str) -> Iterator[Powered]:
    where = ["--database", database] if database else []
    assert warm.start(["init", "--home", str(home), *where, *words]).wait() == 0
    machine = Powered(home, free_ports(), launch=warm.start)
    machine.start()
    yield machine
    machine.cut()


def _join(hub: Powered, region: Powered) -> None:
    code = json.loads(mangrove("sync", "invite", "--home", region.home, "--json").stdout)["code"]
    assert hub.launch(["sync", "join", region.url, "--code", code, "--home", str(hub.home)]).wait() == 0


def _cut_one_tide(machines: dict[str, Powered], learners: Learners, victim: str, chance: random.Random) -> None:
    """One tide beside learning, in which the victim loses its power at some moment and comes back at once."""
    cut, over = threading.Event(), threading.Event()
    cuts_left, later_s = iter([chance.randrange(FIRST_BYTES)]), chance.random() * LATER_S
    running: list[Child] = []

    def kill() -> None:
        time.sleep(later_s)
        if victim == "tide":
            running[0].kill()
        else:
            machines[victim].cut()
        cut.set()

    line = Proxy(machines["region"].ports[0], lambda: next(cuts_left, None), kill)
    words = ["sync", "now", "--home", str(machines["hub"].home), "--with", line.url]
    running.append(machines["hub"].launch(words))
    writing = threading.Thread(target=learners.answer_until, args=(over,))
    writing.start()
    while not cut.wait(STEP_S) and running[0].poll() is None:
        pass
    over.set()
    if running[0].poll() is not None:
        line.close()  # whoever was about to die has died
    for machine in machines.values():
        machine.start_again()
    assert running[0].wait(WAIT_S) == 0 or cut.is_set(), "the tide never ran"
    writing.join()
    line.close()


def _opened(machine: Powered) -> Node:
    machine.cut()
    return open_node(machine.home, config.load(machine.home, {}, {}))


def test_killed_at_any_moment_nothing_is_lost_or_doubled(hub: Powered, region: Powered, engine: str) -> None:
    """Every confirmed answer is in the hub, every answer of the hub is at the region once, and both agree."""
    seed = int(os.environ.get("MANGROVE_SEED") or random.SystemRandom().getrandbits(32))
    print(f"The region is on {engine}; once more with MANGROVE_SEED={seed}")
    chances, learners = (random.Random(FIXED_SEED), random.Random(seed)), Learners(hub)
    _join(hub, region)
    for number in range(int(os.environ.get("MANGROVE_SOAK", ROUNDS[engine]))):
        victim, chance = VICTIMS[number % len(VICTIMS)], chances[number % 2]
        _cut_one_tide({"hub": hub, "region": region}, learners, victim, chance)
    went = json.loads(mangrove("sync", "now", "--home", hub.home, "--json").stdout)
    again = json.loads(mangrove("sync", "now", "--home", hub.home, "--json").stdout)
    assert went["agreed"]
    assert (again["pushed"], again["pulled"], again["requests"], again["agreed"]) == (0, 0, 1, True)
    here, there = _opened(hub), _opened(region)
    kept = {row.id for row in here.tables.Statement.select()}
    assert learners.confirmed <= kept
    assert there.tables.Statement.select().count() == len(kept)
    assert there.tables.Rejected.select().count() == here.tables.Rejected.select().count() == 0
    for each in (here, there):
        each.close()
