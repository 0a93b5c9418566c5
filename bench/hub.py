"""A demo hub as a real process, and a browser of few words that counts bytes as they come over the wire."""

import gzip
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

UP_S = 60.0
KIB, MB = 1024, 1_000_000
ASSET = re.compile(r'(?:href|src)="(/[^"#]*\.(?:css|js|svg|png|jpg|webp|woff2?))[^"]*"')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
AS_DEPLOYED = {"PYTHONNODEBUGRANGES": "1"}
"""What the unit of a device (`deploy/raspberrypi/mangrove.service`) sets and a run by hand does not."""
COOKIE = re.compile(rb"(?im)^set-cookie: ([^=;]+)=([^;\r]*)")


@dataclass(frozen=True)
class Served:
    """A running hub: its process, its ports, and the seconds until its first answer."""

    process: subprocess.Popen[bytes]
    port: int
    cold_s: float
    content_port: int


@contextmanager
def served(home: Path, *flags: str) -> Iterator[Served]:
    """Serve a home until the block ends."""
    ports = [free_port(), free_port()]
    where = ["--host", "127.0.0.1", "--port", str(ports[0]), "--content-port", str(ports[1]), "--no-announce"]
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "hub", "serve", "--home", str(home), *where, *flags],
        env={**os.environ, **AS_DEPLOYED},
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_up(ports[0])
        yield Served(process, ports[0], time.monotonic() - began, ports[1])
    finally:
        process.terminate()
        process.wait()


def make_demo(home: Path) -> None:
    """Fill a home with the demo community."""
    subprocess.run(
        [sys.executable, "-m", "hub", "init", "--demo", "--home", str(home)], check=True, capture_output=True
    )


def memory_mb(hub: Served) -> float:
    """Memory, in MB (a million bytes), that all processes of a hub hold: each one's own, and once what they share.

    For one process that is its resident size.
    """
    found = [_kib(each) for each in (hub.process.pid, *_children(hub.process.pid))]
    own = sum(kib for each in found for name, kib in each.items() if name.startswith("Private_"))
    shared = max(sum(kib for name, kib in each.items() if name.startswith("Shared_")) for each in found)
    return (own + shared) * KIB / MB


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _kib(pid: int) -> dict[str, int]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_up(port: int) -> None:
    """Wait until a server answers that it is well."""
    end = time.monotonic() + UP_S
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=UP_S):
                return
        except (URLError, OSError):
            time.sleep(0.01)
    raise TimeoutError("the hub did not come up")


@dataclass(frozen=True)
class View:
    """Bytes of a first view with everything in it, of its script, and of a later view; requests of the first."""

    first: int
    script: int
    later: int
    requests: int


@dataclass
class Browser:
    """Keeps cookies, asks for packed answers, and counts every byte that comes."""

    port: int
    cookies: dict[bytes, bytes] = field(default_factory=dict)

    def ask(self, path: str, form: str | None = None) -> tuple[str, int]:
        """The body of an answer as text, and all of the answer's bytes; redirects are followed and counted."""
        raw = self._talk(path, form)
        head, _, body = raw.partition(b"\r\n\r\n")
        self.cookies.update(COOKIE.findall(head))
        found = re.search(rb"(?im)^location: (\S+)", head)
        if found:
            text, more = self.ask(found[1].decode())
            return text, len(raw) + more
        return _unpacked(head, body), len(raw)

    def view(self, path: str) -> View:
        """A page as a browser that has nothing yet gets it, and once more."""
        text, page = self.ask(path)
        assert "<main" in text and "There is nothing here" not in text, f"{path} is not a page"
        assets = {name: self.ask(name)[1] for name in set(ASSET.findall(text))}
        script = sum(size for name, size in assets.items() if name.endswith(".js"))
        return View(page + sum(assets.values()), script, self.ask(path)[1], 1 + len(assets))

    def look_as(self, role: str) -> None:
        """Be one of the demo's cast."""
        token = TOKEN.search(self.ask("/demo/")[0])
        assert token is not None
        self.ask(f"/demo/as/{role}", form=f"csrf_token={token[1]}")

    def _talk(self, path: str, form: str | None) -> bytes:
        lines = [f"{'GET' if form is None else 'POST'} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += ["Accept-Encoding: gzip", "Accept-Language: en", "Connection: close"]
        cookies = b"; ".join(name + b"=" + value for name, value in self.cookies.items()).decode("latin-1")
        lines += [f"Cookie: {cookies}"] if cookies else []
        if form is not None:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            line.sendall(("\r\n".join(lines) + "\r\n\r\n" + (form or "")).encode())
            return b"".join(iter(lambda: line.recv(65536), b""))


def _unpacked(head: bytes, body: bytes) -> str:
    is_packed = b"content-encoding: gzip" in head.lower()
    return (gzip.decompress(body) if is_packed else body).decode(errors="replace")
