"""Sync over 64 kbit/s with 600 ms and a tenth of the packets lost, cut again and again: real processes, real packets.

A hub and its region run in two network namespaces; between them is a relay of ours (`tests/fixtures/relay.py`).
"""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from hub import config
from hub.node import open_node
from tests.fixtures import engines, relay, tide
from tests.fixtures.process import environment, mangrove
from tests.fixtures.relay import ENDS, Quality, Relay

pytestmark = [pytest.mark.sqlite(engines.NETWORK), pytest.mark.namespaces, pytest.mark.timeout(600)]

RECORDS = 4_000
CUTS = [60_000, 15_000]
"""Bytes that the hub says between two cuts; the first comes when most has been said."""
BATCH_BYTES_MAX = 24_000
"""A batch is fitted to eight seconds, and a line like this carries 3 kB a second at best."""
PORT = 18080
WAIT_S = 400.0


@pytest.fixture
def spaces() -> Iterator[tuple[str, str]]:
    """Two network namespaces with no way anywhere."""
    if os.geteuid() != 0 or shutil.which("ip") is None or not Path("/dev/net/tun").exists():
        if os.environ.get("CI"):
            pytest.fail("network namespaces need root, the command ip and /dev/net/tun")
        pytest.skip("network namespaces need root, the command ip and /dev/net/tun")
    names = (f"mangrove-a-{os.getpid()}", f"mangrove-b-{os.getpid()}")
    for name in names:
        subprocess.run(["ip", "netns", "add", name], check=True, capture_output=True)
    yield names
    for name in names:
        subprocess.run(["ip", "netns", "del", name], check=True, capture_output=True)


def _command(space: str, *words: object) -> list[str]:
    return ["ip", "netns", "exec", space, sys.executable, "-m", "hub", *map(str, words)]


@pytest.fixture
def region(spaces: tuple[str, str], tmp_path: Path) -> Iterator[Path]:
    """The home of a region whose server runs at the far end."""
    home = tmp_path / "region"
    assert mangrove("init", "--home", home, "--role", "region").returncode == 0
    where = ["--home", home, "--host", "0.0.0.0", "--port", PORT, "--content-port", PORT + 1, "--no-announce"]
    server = subprocess.Popen(_command(spaces[1], "serve", *where), env=environment({}), stderr=subprocess.PIPE)
    assert server.stderr is not None and b"Mangrove is at" in server.stderr.readline()
    yield home
    server.kill()
    server.communicate()


def _join(hub: Path, region: Path, space: str) -> str:
    url = f"http://{ENDS[1]}:{PORT}"
    code = json.loads(mangrove("sync", "invite", "--home", region, "--json").stdout)["code"]
    joined = _command(space, "sync", "join", url, "--code", code, "--home", hub)
    subprocess.run(joined, env=environment({}), check=True, timeout=WAIT_S, capture_output=True)
    return url


def _learn(home: Path) -> None:
    node = open_node(home, config.load(home, {}, {}))
    chance = random.Random(1)
    said = [tide.statement(each, id=str(UUID(int=chance.getrandbits(128), version=4))) for each in range(RECORDS)]
    node.write(lambda: [tide.record(node, each, at_ms=tide.AT_MS + chance.randrange(10**9)) for each in said])
    node.close()


def _kept(home: Path) -> int:
    node = open_node(home, config.load(home, {}, {}))
    count = node.tables.Statement.select().count()
    node.close()
    return int(count)


def _tides(line: Relay, space: str, hub: Path) -> dict[str, int]:
    """Tides, as somebody starts them again and again, until one comes to its end."""
    for _ in range(len(CUTS) + 1):
        command = _command(space, "sync", "now", "--home", hub, "--json")
        went = subprocess.run(command, env=environment({}), capture_output=True, text=True, timeout=WAIT_S)
        if went.returncode == 0:
            found: dict[str, int] = json.loads(went.stdout)
            return found
    raise AssertionError(f"no tide came to its end: {went.stderr} after {line.done} cuts")


def test_the_tide_comes_in_over_a_bad_line(spaces: tuple[str, str], region: Path, tmp_path: Path) -> None:
    """All is there once; each cut costs at most the batch that was on the line, not what was said before it."""
    hub = tmp_path / "hub"
    assert mangrove("init", "--home", hub).returncode == 0
    with relay.between(spaces, Quality(), random.Random(20_261_201), [*CUTS]) as line:
        cuts, line.cuts = line.cuts, []
        _join(hub, region, spaces[0])
        _learn(hub)
        joined, line.cuts, line._before = line.said_up, cuts, line.said_up
        went = _tides(line, spaces[0], hub)
        said = line.said_up - joined
    assert went["agreed"] and line.done == len(CUTS)
    assert _kept(region) == RECORDS
    assert said <= went["bytes_up"] + len(CUTS) * BATCH_BYTES_MAX < went["bytes_up"] + sum(CUTS), "all was said again"
