"""Two real servers, killed at any moment while people learn and tides run: nothing is lost, nothing doubled.

A server or the command that runs the tide is killed (`kill -9`) a random moment after the line has carried a random
number of bytes. Every run plays the same seed and a fresh one; a failure prints its seed, and MANGROVE_SEED plays that
one again. MANGROVE_SOAK makes it go on for so many rounds (`make soak`).
"""

import base64
import json
import os
import random
import subprocess
import sys
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
from tests.fixtures.process import environment, mangrove
from tests.fixtures.proxy import Proxy

ROUNDS = int(os.environ.get("MANGROVE_SOAK", "3"))
FIXED_SEED = 20261124
VICTIMS = ("tide", "region", "hub")
"""Each dies once in a short run."""
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
        while not over.is_set():
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


@pytest.fixture
def hub(tmp_path: Path, database_url: Callable[[], str]) -> Iterator[Powered]:
    """A community's hub, running."""
    yield from _running(tmp_path / "hub", database_url(), "--name", "Alder hill")


@pytest.fixture
def region(tmp_path: Path, database_url: Callable[[], str]) -> Iterator[Powered]:
    """A region, running."""
    yield from _running(tmp_path / "region", database_url(), "--role", "region")


def _running(home: Path, database: str, *words: str) -> Iterator[Powered]:
    where = ["--database", database] if database else []
    assert mangrove("init", "--home", home, *where, *words).returncode == 0
    machine = Powered(home, free_ports())
    machine.start()
    yield machine
    machine.cut()


def _join(hub: Powered, region: Powered) -> None:
    code = json.loads(mangrove("sync", "invite", "--home", region.home, "--json").stdout)["code"]
    assert mangrove("sync", "join", region.url, "--code", code, "--home", hub.home).returncode == 0


def _cut_one_tide(machines: dict[str, Powered], learners: Learners, victim: str, chance: random.Random) -> None:
    """One tide beside learning, in which the victim loses its power at some moment and comes back at once."""
    cut, over = threading.Event(), threading.Event()
    cuts_left, later_s = iter([chance.randrange(FIRST_BYTES)]), chance.random() * LATER_S
    running: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        time.sleep(later_s)
        if victim == "tide":
            running[0].kill()
        else:
            machines[victim].cut()
        cut.set()

    line = Proxy(machines["region"].ports[0], lambda: next(cuts_left, None), kill)
    words = ["sync", "now", "--home", str(machines["hub"].home), "--with", line.url]
    quiet = {"env": environment({}), "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running.append(subprocess.Popen([sys.executable, "-m", "hub", *words], **quiet))
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


@pytest.mark.parametrize("is_fresh", [False, True], ids=["the same seed", "a fresh seed"])
def test_killed_at_any_moment_nothing_is_lost_or_doubled(
    hub: Powered, region: Powered, engine: str, is_fresh: bool
) -> None:
    """Every confirmed answer is in the hub, every answer of the hub is at the region once, and both agree."""
    seed = int(os.environ.get("MANGROVE_SEED") or random.SystemRandom().getrandbits(32)) if is_fresh else FIXED_SEED
    print(f"The region is on {engine}; once more with MANGROVE_SEED={seed}")
    chance, learners = random.Random(seed), Learners(hub)
    _join(hub, region)
    for number in range(ROUNDS):
        _cut_one_tide({"hub": hub, "region": region}, learners, VICTIMS[number % len(VICTIMS)], chance)
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
