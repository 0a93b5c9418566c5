"""How long a hub takes to its first answer, and how much memory it rests in."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from bench.hub import Browser, Served, memory_mb, served

COLD_MOST_S = 2.0
MEMORY_MOST_MB = 100.0
"""Of a hub as it comes, with one process."""
MEMORY_OF_MANY_MOST_MB = 200.0
"""No hub takes more; one is given further processes where there is more memory."""
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
            memory = at_rest_mb(hub)
    yield Figure("cold start to the first 200", min(cold), "s", most=COLD_MOST_S)
    yield Figure("cold start against importing the libraries", min(cold) / libraries_s, "times")
    yield Figure("memory at rest, all processes, demo library", memory, "MB", most=MEMORY_MOST_MB)
    with served(home, "--workers", "2") as hub:
        yield Figure("the same of a hub with two processes", at_rest_mb(hub), "MB", most=MEMORY_OF_MANY_MOST_MB)


def at_rest_mb(hub: Served) -> float:
    """The memory of a hub that has shown each of its places once; before, it has not loaded all that it is made of."""
    for path in LOOKS:
        Browser(hub.port).ask(path)
    return memory_mb(hub)


def _import_s() -> float:
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", LIBRARIES], check=True)
    return time.monotonic() - began
