"""How long a hub takes to its first answer, and how much memory it rests in."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from bench.hub import Browser, served

COLD_MOST_S = 2.0
MEMORY_MOST_MB = 100.0
LIBRARIES = "import flask, flask_babel, flask_wtf, peewee, apsw, sqlite_utils, waitress, zeroconf, cryptography, argon2"
"""The libraries that a hub cannot do without: what a program that did nothing with them would take."""
TRIES = 3
LOOKS = ("/", "/library/", "/learn/", "/community/", "/people/sign-in/")


def measure(home: Path) -> Iterator[Figure]:
    """All figures of this block."""
    libraries_s = min(_import_s() for _ in range(TRIES))
    cold = []
    for _ in range(TRIES):
        with served(home) as hub:
            cold.append(hub.cold_s)
            for path in LOOKS:
                Browser(hub.port).ask(path)
            memory = _memory_mb(hub.process.pid)
    yield Figure("cold start to the first 200", min(cold), "s", most=COLD_MOST_S)
    yield Figure("cold start against importing the libraries", min(cold) / libraries_s, "times")
    yield Figure("memory at rest, all processes, demo library", memory, "MB", most=MEMORY_MOST_MB)
    with served(home, "--workers", "2") as hub:
        yield Figure("memory at rest with two processes, shared pages once", _memory_mb(hub.process.pid, "Pss"), "MB")


def _import_s() -> float:
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", LIBRARIES], check=True)
    return time.monotonic() - began


def _memory_mb(pid: int, kind: str = "Rss") -> float:
    """Megabytes of a process and its children; "Pss" counts pages that several share once."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = [line for each in (pid, *children) for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:")) / 1024
