"""Tell systemd that the hub is up, and that it still lives: by a real request that reads and writes.

Without systemd nothing here does anything.
"""

import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

ANSWER_S = 10.0
"""How long the hub may take to answer itself; a card under a large import is slow."""

STILL_S = 300
"""How much longer systemd waits for the start after each sign that it goes on; as long as it waits at first."""


@dataclass(frozen=True)
class Supervisor:
    """Where systemd listens ("" for nowhere), and how often it wants to hear (0 for never)."""

    address: str = ""
    watchdog_s: float = 0.0

    @contextmanager
    def watched(self, url: str) -> Iterator[None]:
        """Say that the hub is up, then again and again while `url` answers 200; at the end that it stops."""
        ended = threading.Event()
        self.tell("READY=1")
        if self.address and self.watchdog_s:
            threading.Thread(target=self._watch, args=(url, ended), name="watchdog", daemon=True).start()
        try:
            yield
        finally:
            ended.set()
            self.tell("STOPPING=1")

    def still(self) -> None:
        """Say that the start goes on, and ask for STILL_S more; for whoever makes tables again from long records."""
        self.tell(f"EXTEND_TIMEOUT_USEC={STILL_S * 1_000_000}")

    def tell(self, word: str) -> None:
        """Send one word; whoever does not listen does not matter."""
        if not self.address:
            return
        name = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            try:
                line.sendto(word.encode(), name)
            except OSError:
                return

    def _watch(self, url: str, ended: threading.Event) -> None:
        while not ended.wait(self.watchdog_s / 3):
            if _answers(url):
                self.tell("WATCHDOG=1")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_S) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
