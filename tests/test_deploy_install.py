"""The installer in a clean Debian root: puts the hub on, may be repeated, refuses in a sentence, takes it off."""

import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.fixtures import engines
from tests.fixtures.device import Device
from tests.fixtures.process import Running, free_port

pytestmark = [
    pytest.mark.sqlite(engines.DEVICE),
    pytest.mark.root,
    pytest.mark.xdist_group("device"),
    pytest.mark.timeout(1200),
]
"""The first test waits for a clean Debian and for wheels, which come over the line."""

HOME = "/var/lib/mangrove"
INSTALL = "/root/deploy/install"
KEYS_KEPT = f"{HOME}/keys/hub"
OLDER = "/opt/mangrove/version-older"
"""What an installation before the last one left."""


@pytest.fixture(scope="module")
def installed(device: Device) -> Device:
    """The device after the installer has run once."""
    ended = device.run(INSTALL, "/root/wheels")
    assert ended.returncode == 0, ended.stderr
    return device


@pytest.fixture
def serving(installed: Device) -> Iterator[Running]:
    """The service, started as the unit starts it."""
    ports = (free_port(), free_port())
    where = ["--host", "127.0.0.1", "--port", ports[0], "--content-port", ports[1], "--no-announce"]
    command = ["chroot", installed.root, "/usr/local/bin/mangrove", "serve", *where]
    process = subprocess.Popen([*map(str, command)], stderr=subprocess.PIPE, text=True)
    running = Running(process, *ports)
    running.wait_up()
    yield running
    if process.poll() is None:
        running.stop(signal.SIGKILL)


def _owner(device: Device, path: str) -> str:
    return device.run("stat", "-c", "%U %a", path).stdout.strip()


def test_the_hub_answers_and_stops(serving: Running) -> None:
    """Installed without a network, started as the service user: it reads and writes, and ends in good order."""
    assert serving.health()["ok"]
    assert serving.stop()[0] == 0


def test_everything_has_its_place_and_owner(installed: Device) -> None:
    """The program is root's, the home the hub's alone, the unit where systemd looks."""
    assert _owner(installed, HOME) == "mangrove 750"
    assert _owner(installed, f"{HOME}/keys") == "mangrove 700"
    assert _owner(installed, "/opt/mangrove/current/bin/mangrove") == "root 755"
    assert installed.run("test", "-f", "/etc/systemd/system/mangrove.service").returncode == 0


def test_the_command_acts_as_the_hub(installed: Device) -> None:
    """Whoever is root types `mangrove …` and leaves no file of root's in the home."""
    listed = installed.run("mangrove", "content", "list", "--json")
    assert listed.returncode == 0, listed.stderr
    assert installed.run("find", HOME, "-not", "-user", "mangrove").stdout == ""


def test_installing_again_is_the_upgrade(installed: Device) -> None:
    """The same hub afterwards, a backup made before, one program before it kept to go back to."""
    before = installed.run("sha256sum", KEYS_KEPT).stdout
    standing = installed.run("readlink", "/opt/mangrove/current").stdout.strip()
    assert installed.run("mkdir", OLDER).returncode == 0
    assert installed.run(INSTALL, "/root/wheels").returncode == 0
    versions = installed.run("sh", "-c", "ls -d /opt/mangrove/version-*").stdout.split()
    backups = installed.run("sh", "-c", f"ls {HOME}/backups").stdout.split()
    assert installed.run("sha256sum", KEYS_KEPT).stdout == before
    assert (len(versions), standing in versions, OLDER in versions, bool(backups)) == (2, True, False, True)


REFUSED = [
    ((), 2, "usage:"),
    (("--nonsense",), 2, "usage:"),
    (("/root/none.whl",), 1, "is not a wheel"),
    (("/root/deploy",), 1, "There is no mangrove_hub"),
    (("/root/wrong/mangrove_hub-0.1.0-py3-none-any.whl",), 1, "The hub is as it was"),
]


@pytest.mark.parametrize(("words", "status", "sentence"), REFUSED, ids=lambda case: str(case)[:40])
def test_what_cannot_be_installed_is_said(
    installed: Device, words: tuple[str, ...], status: int, sentence: str
) -> None:
    """One sentence, and the program that stands stays."""
    wrong = installed.root / "root" / "wrong"
    wrong.mkdir(exist_ok=True)
    (wrong / "mangrove_hub-0.1.0-py3-none-any.whl").write_bytes(b"no wheel")
    before = installed.run("readlink", "/opt/mangrove/current").stdout
    ended = installed.run(INSTALL, *words)
    assert (ended.returncode, sentence in ended.stderr) == (status, True), ended.stderr
    assert installed.run("readlink", "/opt/mangrove/current").stdout == before


def test_taking_it_off_leaves_the_records(installed: Device) -> None:
    """Program, unit and command go; the home folder stays, and a new installation finds it."""
    assert installed.run(INSTALL, "--remove").returncode == 0
    for path in ("/opt/mangrove", "/etc/systemd/system/mangrove.service", "/usr/local/bin/mangrove"):
        assert installed.run("test", "-e", path).returncode == 1
    assert installed.run("test", "-f", KEYS_KEPT).returncode == 0


NOT_READY = [
    (f"free_reserve = {2**40}", 0, "There is not enough room"),
    ("prot = 8080", 1, "its home is not ready"),
]


@pytest.mark.parametrize(("settings", "status", "sentence"), NOT_READY, ids=["no room", "wrong settings"])
def test_a_home_that_is_not_ready_stops_no_installation(
    installed: Device, settings: str, status: int, sentence: str
) -> None:
    """Program, command and unit are in place and the hub would start; what is missing is said."""
    installed.run(INSTALL, "--remove")
    installed.run("sh", "-c", f"rm -rf {HOME} && mkdir {HOME} && echo '{settings}' >{HOME}/settings.toml")
    ended = installed.run(INSTALL, "/root/wheels")
    assert (ended.returncode, sentence in ended.stderr) == (status, True), ended.stderr
    for path in ("/usr/local/bin/mangrove", "/etc/systemd/system/mangrove.service"):
        assert installed.run("test", "-f", path).returncode == 0
