"""`mangrove serve` as a real process: up, down in good order, several processes that live and die together."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from hub import jobs
from hub.config import keep, load
from hub.migrations import STILL_ENTRIES
from hub.node import make_home, open_node
from hub.serve import _end_with
from tests.fixtures import engines
from tests.fixtures.process import Running, free_port, mangrove

pytestmark = pytest.mark.sqlite(engines.PROGRAM)

Serve = Callable[..., Running]
WAIT_S = 20.0


@pytest.fixture
def home(tmp_path: Path, database_url: Callable[[], str]) -> Path:
    """A home with nothing in it, on the database of this run."""
    home = tmp_path / "hub"
    make_home(home)
    keep(home, {"database": database_url()})
    return home


def _children(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def _until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_hub_stops_in_good_order(home: Path, serve_process: Serve, number: int) -> None:
    """Exit status 0, no trace, and the log of the database is written back."""
    served = serve_process(home)
    assert served.health()["ok"]
    status, said = served.stop(number)
    assert (status, "Traceback" in said) == (0, False)
    assert not (home / "mangrove.db-wal").exists()


def test_a_killed_hub_comes_back(home: Path, serve_process: Serve) -> None:
    """kill -9 at any moment: the next start answers as before."""
    first = serve_process(home)
    hub = first.health()["hub"]
    first.stop(signal.SIGKILL)
    assert serve_process(home).health()["hub"] == hub


def test_several_processes_serve_one_hub(home: Path, serve_process: Serve) -> None:
    """With --workers 3 three processes answer on one port, and all end together."""
    served = serve_process(home, "--workers", 3)
    children = _children(served.process.pid)
    assert len(children) == 2
    assert all(served.health()["ok"] for _ in range(20))
    assert served.stop()[0] == 0
    _until(lambda: all(_is_gone(pid) for pid in children))


def test_the_hub_does_the_slow_work_that_waits(home: Path, serve_process: Serve) -> None:
    """A job that a page or a command left is done by the server itself, once, though three processes serve."""
    hub = open_node(home, load(home, {}, {}))
    jobs.add(hub, "backup", arguments={})
    hub.close()
    served = serve_process(home, "--workers", 3)
    _until(lambda: 'mangrove_jobs{state="done"} 1.0' in served.text("/metrics"))
    assert len(list((home / "backups").glob("*.zip"))) == 1


def test_children_die_with_their_parent(home: Path, serve_process: Serve) -> None:
    """A killed parent leaves no child behind that serves old code on the port."""
    served = serve_process(home, "--workers", 2)
    children = _children(served.process.pid)
    served.stop(signal.SIGKILL)
    _until(lambda: all(_is_gone(pid) for pid in children))


def test_all_stop_when_a_child_dies(home: Path, serve_process: Serve) -> None:
    """Half a hub is not left running: whoever started it starts it afresh."""
    served = serve_process(home, "--workers", 2)
    os.kill(_children(served.process.pid)[0], signal.SIGKILL)
    _until(lambda: served.process.poll() is not None)
    said = served.process.communicate()[1]
    assert (served.process.returncode, "stopped by itself" in said, "Traceback" in said) == (1, True, False)


@pytest.mark.parametrize("which", ["--port", "--content-port"])
def test_a_port_in_use_is_said(home: Path, which: str) -> None:
    """One sentence, exit status 1, and nothing was started."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        ports = {"--port": free_port(), "--content-port": free_port(), which: other.getsockname()[1]}
        words = [word for pair in ports.items() for word in pair]
        ended = mangrove("serve", "--home", home, "--host", "127.0.0.1", "--no-announce", *words)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert f"already uses port {ports[which]}" in ended.stderr
    assert f"with {which}." in ended.stderr
    assert not (home / "mangrove.db").exists()


def test_a_missing_hub_is_said_before_a_port_in_use(tmp_path: Path) -> None:
    """Another port would not help; nothing is made in its place."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = mangrove("serve", "--home", tmp_path / "none", "--host", "127.0.0.1", "--port", port, "--no-announce")
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert f"There is no hub in {tmp_path / 'none'} yet. Make one with: mangrove init" in ended.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
def test_an_address_that_is_not_ours_is_said(home: Path, host: str) -> None:
    """A host that this machine does not have: one sentence, exit status 1."""
    ended = mangrove("serve", "--home", home, "--host", host, "--port", free_port(), "--no-announce")
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "cannot listen on" in ended.stderr


def test_systemd_hears_that_the_hub_is_up_and_lives(home: Path, serve_process: Serve, tmp_path: Path) -> None:
    """READY after the first answer is possible, WATCHDOG while it reads and writes, STOPPING at the end."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(WAIT_S)
        served = serve_process(home, NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="300000")
        heard = [systemd.recv(100), systemd.recv(100)]
        served.stop()
        while heard[-1] != b"STOPPING=1":
            heard.append(systemd.recv(100))
    assert heard[:2] == [b"READY=1", b"WATCHDOG=1"]


def test_systemd_waits_while_an_upgrade_makes_the_tables_again(
    home: Path, serve_process: Serve, tmp_path: Path
) -> None:
    """Long records take longer than any start may: before READY it hears that the work goes on, and for how long."""
    hub = open_node(home, load(home, {}, {}))
    hub.write(lambda: [hub.record("note", b"x") for _ in range(STILL_ENTRIES)])
    hub.write(lambda: hub.database.execute_sql("UPDATE version SET done = 'older' WHERE name = 'projections'"))
    hub.close()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(WAIT_S)
        serve_process(home, NOTIFY_SOCKET=str(tmp_path / "notify"))
        heard = [systemd.recv(200) for _ in range(3)]
    assert heard == [b"EXTEND_TIMEOUT_USEC=300000000"] * 2 + [b"READY=1"]


def test_a_class_of_browsers_does_not_lock_out_the_next(home: Path, serve_process: Serve) -> None:
    """128 idle connections are kept open, and a page still answers."""
    served = serve_process(home)
    idle = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(128)]
    for each in idle:
        each.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert each.recv(100).startswith(b"HTTP/1.1 200")
    with urllib.request.urlopen(f"{served.url}/healthz", timeout=WAIT_S) as answer:
        assert answer.status == 200
    for each in idle:
        each.close()


def test_more_connections_than_select_can_hold(home: Path, serve_process: Serve) -> None:
    """With room for 1,500 connections the loop goes on beyond the 1,024 files that select() knows."""
    served = serve_process(home, MANGROVE_CONNECTIONS="1500")
    idle = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(1100)]
    assert served.health()["ok"]
    for each in idle:
        each.close()


def test_a_program_that_the_hub_runs_may_end_as_it_likes() -> None:
    """Only a serving process that ends stops the others; who ran the program hears how it ended."""
    lost: list[int] = []
    beside = os.posix_spawnp("sleep", ["sleep", "0.2"], os.environ)
    _end_with([beside], lost)
    assert subprocess.run(["false"], check=False).returncode == 1
    _until(lambda: _is_gone(beside))
    assert lost == []
