"""Two hubs on one network hear each other; proven with real servers in two network namespaces."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fixtures.process import mangrove

pytestmark = pytest.mark.namespaces

UP_S = 60.0
TRIES = 5
"""How often the neighbour may look; announcing takes a second or two on a busy machine."""


@dataclass(frozen=True)
class Place:
    """One end of a cable: a network namespace with an address, and a hub's home in it."""

    space: str
    address: str
    home: Path

    def run(self, *words: object) -> "subprocess.CompletedProcess[str]":
        """A command of the hub in this place."""
        return subprocess.run(self._command(words), capture_output=True, text=True, timeout=UP_S)

    def serve(self) -> "subprocess.Popen[bytes]":
        """The hub's server in this place."""
        return subprocess.Popen(self._command(("serve", "--home", self.home)), stderr=subprocess.DEVNULL)

    def _command(self, words: tuple[object, ...]) -> list[str]:
        return ["ip", "netns", "exec", self.space, sys.executable, "-m", "hub", *map(str, words)]


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[tuple[Place, Place]]:
    """Two places with a cable between them and no way anywhere else."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        if os.environ.get("CI"):
            pytest.fail("network namespaces need root and the command ip")
        pytest.skip("network namespaces need root and the command ip")
    places = [Place(f"mangrove-{os.getpid()}-{n}", f"10.77.0.{n}", tmp_path / f"hub{n}") for n in (1, 2)]
    for place in places:
        _ip("netns", "add", place.space)
    try:
        first, second = places
        _ip(
            "link", "add", "cable", "netns", first.space, "type", "veth", "peer", "name", "cable", "netns", second.space
        )
        for place in places:
            _ip("-n", place.space, "address", "add", f"{place.address}/24", "dev", "cable")
            for device in ("lo", "cable"):
                _ip("-n", place.space, "link", "set", device, "up")
        yield first, second
    finally:
        for place in places:
            _ip("netns", "delete", place.space)


@pytest.fixture
def served(cable: tuple[Place, Place]) -> Iterator[tuple[Place, Place]]:
    """The same with a hub that serves at one end, and a hub's home at the other."""
    for place, name in zip(cable, ("Alder hill", "Beech ford"), strict=True):
        assert mangrove("init", "--home", place.home, "--name", name).returncode == 0
    server = cable[0].serve()
    yield cable
    server.terminate()
    server.wait(UP_S)


def _heard(place: Place) -> list[str]:
    """What the doctor of a hub heard, looking again while nobody was there."""
    for _ in range(TRIES):
        found = json.loads(place.run("doctor", "--home", place.home, "--json").stdout)
        said = [check["says"] for check in found["checks"] if check["name"] == "heard"]
        if any("Alder hill" in each for each in said):
            return said
        time.sleep(0.1)
    return said


def test_a_hub_hears_its_neighbour(served: tuple[Place, Place]) -> None:
    """`mangrove doctor` at the other end of the cable names the hub that serves, and where it is."""
    said = _heard(served[1])
    assert any("Alder hill" in each and f"http://{served[0].address}:8080" in each for each in said), said


def test_a_hub_that_was_heard_can_be_joined(served: tuple[Place, Place]) -> None:
    """With what was heard and a code, the two exchange over the cable."""
    there, here = served
    _heard(here)
    code = json.loads(there.run("sync", "invite", "--home", there.home, "--json").stdout)["code"]
    url = f"http://{there.address}:8080"
    assert here.run("sync", "join", url, "--code", code, "--home", here.home).returncode == 0
    assert json.loads(here.run("sync", "now", "--home", here.home, "--json").stdout)["agreed"]


def test_a_hub_that_left_is_not_heard(cable: tuple[Place, Place]) -> None:
    """Nobody serves: the doctor says that no hub was heard, and nothing fails."""
    assert mangrove("init", "--home", cable[1].home, "--name", "Beech ford").returncode == 0
    found = cable[1].run("doctor", "--home", cable[1].home)
    assert "No hub was heard" in found.stdout
