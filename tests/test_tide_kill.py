"""Two real servers, killed at any moment while people learn and tides run: nothing is lost, nothing doubled.

A server or the command that runs the tide is killed (`kill -9`) when the line has carried so many bytes. MANGROVE_SOAK
makes it go on for so many rounds; the seed is printed, and MANGROVE_SEED takes it.
"""

import base64
import json
import os
import random
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hub import config
from hub.node import Node, open_node
from tests.fixtures import tide
from tests.fixtures.powered import Powered, free_ports
from tests.fixtures.process import mangrove
from tests.fixtures.proxy import Proxy

ROUNDS = int(os.environ.get("MANGROVE_SOAK", "6"))
SEED = int(os.environ.get("MANGROVE_SEED", "20261124"))
EACH = 40
"""Answers that are written in one round."""
VICTIMS = ("tide", "region", "hub")
FIRST_BYTES = 4_000
"""A tide of one round is about as long."""
WAIT_S = 60.0
STEP_S = 0.02


class Learners:
    """Writes answers into a hub through its own door, and remembers which ones were confirmed."""

    def __init__(self, hub: Powered) -> None:
        made = json.loads(mangrove("key", "add", "tests", "--scope", "all", "--home", hub.home, "--json").stdout)
        self._secret = base64.b64encode(f"{made['key']}:{made['secret']}".encode()).decode()
        self._hub, self._number = hub, 0
        self.confirmed: set[str] = set()

    def answer(self, count: int) -> None:
        """Give so many answers, one request each; the first that is not confirmed ends it."""
        for _ in range(count):
            self._number += 1
            said = tide.statement(self._number)
            try:
                self._post(said)
            except OSError:
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
def hub(tmp_path: Path) -> Iterator[Powered]:
    """A community's hub, running."""
    yield from _running(tmp_path / "hub", "--name", "Alder hill")


@pytest.fixture
def region(tmp_path: Path, database_url: Callable[[], str]) -> Iterator[Powered]:
    """A region, running, on the database of this test run."""
    url = database_url()
    yield from _running(tmp_path / "region", "--role", "region", *(["--database", url] if url else []))


def _running(home: Path, *words: str) -> Iterator[Powered]:
    assert mangrove("init", "--home", home, *words).returncode == 0
    machine = Powered(home, free_ports())
    machine.start()
    yield machine
    machine.cut()


def _join(hub: Powered, region: Powered) -> None:
    code = json.loads(mangrove("sync", "invite", "--home", region.home, "--json").stdout)["code"]
    assert mangrove("sync", "join", region.url, "--code", code, "--home", hub.home).returncode == 0


def _cut_one_tide(machines: dict[str, Powered], learners: Learners, victim: str, after: int) -> None:
    """One tide beside learning, in which the victim loses its power at some byte and comes back at once."""
    cut, cuts_left = threading.Event(), iter([after])
    running: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        if victim == "tide":
            running[0].kill()
        else:
            machines[victim].cut()
        cut.set()

    line = Proxy(machines["region"].ports[0], lambda: next(cuts_left, None), kill)
    words = ["sync", "now", "--home", str(machines["hub"].home), "--with", line.url]
    running.append(
        subprocess.Popen([sys.executable, "-m", "hub", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    )
    writing = threading.Thread(target=learners.answer, args=(EACH,))
    writing.start()
    while not cut.wait(STEP_S) and running[0].poll() is None:
        pass
    for machine in machines.values():
        machine.start_again()
    running[0].wait(WAIT_S)
    writing.join()
    line.close()


def _opened(machine: Powered) -> Node:
    machine.cut()
    return open_node(machine.home, config.load(machine.home, {}, {}))


def test_killed_at_any_moment_nothing_is_lost_or_doubled(hub: Powered, region: Powered, engine: str) -> None:
    """Every confirmed answer is in the hub, every answer of the hub is at the region once, and both agree."""
    print(f"seed {SEED}, region on {engine}")
    chance, learners = random.Random(SEED), Learners(hub)
    _join(hub, region)
    for number in range(ROUNDS):
        _cut_one_tide(
            {"hub": hub, "region": region}, learners, VICTIMS[number % len(VICTIMS)], chance.randrange(FIRST_BYTES)
        )
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
