"""Two hubs on one network hear each other; proven with real servers in two network namespaces."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import hub
from hub import config, first_boot
from hub.config import load
from hub.node import make_home, open_node
from tests.fixtures import engines

pytestmark = [pytest.mark.sqlite(engines.NETWORK), pytest.mark.namespaces]

UP_S = 60.0
TRIES = 5
"""How often the neighbour may look; announcing takes a second or two on a busy machine."""

BROWSE = """
import json, sys, time
from zeroconf import IPVersion, ServiceBrowser, Zeroconf

KINDS, names = ["_mangrove._tcp.local.", "_http._tcp.local."], {}

def note(*, service_type, name, **rest):
    names[service_type] = name

line = Zeroconf(interfaces=[sys.argv[1]], ip_version=IPVersion.V4Only)
browser, end = ServiceBrowser(line, KINDS, handlers=[note]), time.monotonic() + 20
while len(names) < len(KINDS) and time.monotonic() < end:
    time.sleep(0.05)
infos = [line.get_service_info(kind, name, timeout=10_000) for kind, name in names.items()]
print(json.dumps({each.type: [each.parsed_addresses(), each.port, each.decoded_properties] for each in infos}))
line.close()
"""
"""What any browser of services on the network sees; it knows nothing of the hub's own code."""


@dataclass(frozen=True)
class Place:
    """One end of a cable: a network namespace with an address, and a hub's home in it."""

    space: str
    address: str
    home: Path

    def run(self, *words: object) -> "subprocess.CompletedProcess[str]":
        """A command of the hub in this place."""
        return subprocess.run(self._command(words), capture_output=True, text=True, timeout=UP_S)

    def serve(self, *words: object) -> "subprocess.Popen[str]":
        """The hub's server in this place, once it has said where it is."""
        command = self._command(("serve", "--home", self.home, *words))
        server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert server.stderr is not None
        assert "Mangrove is at" in server.stderr.readline()
        return server

    def browse(self) -> dict[str, list[object]]:
        """The services on the cable by kind: addresses, port and what they say of themselves."""
        command = [*self._python(), "-c", BROWSE, self.address]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=UP_S, check=True)
        found: dict[str, list[object]] = json.loads(ended.stdout)
        return found

    def _command(self, words: tuple[object, ...]) -> list[str]:
        return [*self._python(), "-m", "hub", *map(str, words)]

    def _python(self) -> list[str]:
        return ["ip", "netns", "exec", self.space, sys.executable]


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
def homes(cable: tuple[Place, Place]) -> tuple[Place, Place]:
    """The same with a hub's home at each end; no library, which takes its time."""
    for place, name in zip(cable, ("Alder hill", "Beech ford"), strict=True):
        make_home(place.home)
        with closing(open_node(place.home, load(place.home, {}, {}))) as node:
            first_boot.name_hub(node, name)
    return cable


@contextmanager
def serving(place: Place, *words: object) -> Iterator[None]:
    """A hub that serves there until the block ends."""
    server = place.serve(*words)
    try:
        yield
    finally:
        server.terminate()
        server.communicate(timeout=UP_S)


@pytest.fixture
def served(homes: tuple[Place, Place]) -> Iterator[tuple[Place, Place]]:
    """The same with a hub that serves at one end."""
    with serving(homes[0]):
        yield homes


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


def test_any_browser_of_services_finds_the_hub(served: tuple[Place, Place]) -> None:
    """Both kinds of service are on the network: the pages for everybody, the hub for hubs, with its id and version."""
    there, here = served
    with closing(open_node(there.home, load(there.home, {}, {}))) as node:
        hub_id = node.identity.hub_id
    said = {"id": hub_id, "name": "Alder hill", "role": "community", "version": hub.__version__, "path": "/"}
    assert here.browse() == {
        "_mangrove._tcp.local.": [[there.address], 8080, said],
        "_http._tcp.local.": [[there.address], 8080, {"path": "/"}],
    }


SILENT = {"by a flag": ["--no-announce"], "by a setting": []}


@pytest.mark.parametrize("how", SILENT)
def test_a_hub_that_is_told_to_be_silent_is_not_heard(homes: tuple[Place, Place], how: str) -> None:
    """It serves whoever knows its address, and announces nothing."""
    there, here = homes
    if not SILENT[how]:
        config.keep(there.home, {"announce": "no"})
    with serving(there, *SILENT[how]):
        found = here.run("doctor", "--home", here.home)
    assert "No hub was heard" in found.stdout


def test_a_hub_that_left_is_not_heard(homes: tuple[Place, Place]) -> None:
    """Nobody serves: the doctor says that no hub was heard, and nothing fails."""
    found = homes[1].run("doctor", "--home", homes[1].home)
    assert "No hub was heard" in found.stdout
