"""What systemd hears of a hub that lives, and that it hears nothing of one that does not answer well."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from hub.supervisor import Supervisor

WAIT_S = 20.0
OFTEN_S = 0.03


class Health(HTTPServer):
    """Something at /healthz that answers as it is told, and counts."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.status, self.asked = 200, threading.Semaphore(0)
        self.url = f"http://127.0.0.1:{self.server_port}/healthz"


class _Answer(BaseHTTPRequestHandler):
    server: Health

    def do_GET(self) -> None:
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.asked.release()

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def health() -> Iterator[Health]:
    """A server that says how it is."""
    with Health() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """The socket on which systemd listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(WAIT_S)
        yield listening


def _heard(systemd: socket.socket) -> list[bytes]:
    """What was said so far."""
    words: list[bytes] = []
    while not words or words[-1] != b"STOPPING=1":
        words.append(systemd.recv(100))
    return words


def test_a_hub_that_does_not_answer_well_is_not_said_to_live(
    health: Health, systemd: socket.socket, tmp_path: Path
) -> None:
    """It says 503 again and again: no sign of life goes out, so that systemd starts it afresh."""
    health.status = 503
    with Supervisor(str(tmp_path / "notify"), OFTEN_S).watched(health.url):
        assert all(health.asked.acquire(timeout=WAIT_S) for _ in range(4))
    assert _heard(systemd) == [b"READY=1", b"STOPPING=1"]


def test_a_hub_that_is_well_again_is_said_to_live(health: Health, systemd: socket.socket, tmp_path: Path) -> None:
    """One bad answer is not the end: from the next good one on systemd hears of it."""
    health.status = 503
    with Supervisor(str(tmp_path / "notify"), OFTEN_S).watched(health.url):
        assert health.asked.acquire(timeout=WAIT_S)
        health.status = 200
        assert [systemd.recv(100), systemd.recv(100)] == [b"READY=1", b"WATCHDOG=1"]


def test_a_hub_that_nobody_can_reach_is_not_said_to_live(systemd: socket.socket, tmp_path: Path) -> None:
    """The watch goes on though nothing answers, and is silent."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/healthz"
        with Supervisor(str(tmp_path / "notify"), OFTEN_S).watched(url):
            threading.Event().wait(2 * OFTEN_S)
            assert "watchdog" in {thread.name for thread in threading.enumerate()}
    assert _heard(systemd) == [b"READY=1", b"STOPPING=1"]
