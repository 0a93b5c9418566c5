"""How much a serving process holds: hashing secrets must not fill it, however many threads ask for it."""

import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bench import readers
from bench.hub import served
from hub import memory
from hub.people import credentials
from tests.fixtures import engines

THREADS = 16
ONCE = 1
HASH_AT_ONCE = 2
COUNT = f"""
import ctypes, pathlib, sys, threading
from hub import memory
from hub.people import credentials

if sys.argv[2:]:
    assert memory.share_one_pool()
together, done = threading.Barrier({THREADS}), threading.Barrier({THREADS} + 1)

def hash_one():
    together.wait()
    credentials.hashed(("star", "key", "leaf"))
    done.wait()
    done.wait()

for _ in range({THREADS}):
    threading.Thread(target=hash_one).start()
done.wait()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
libc.fclose.argtypes = [ctypes.c_void_p]
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
file = libc.fopen(sys.argv[1].encode(), b"w")
libc.malloc_info(0, file)
libc.fclose(file)
done.wait()
"""
"""A process whose threads all hash; it writes down its pools while they live."""


LARGE = """
import pathlib, sys
from hub import memory

if sys.argv[1:]:
    assert memory.give_large_back()
kept = []
for _ in range(4):
    held = []
    for _ in range(20):
        held.append(bytearray(2 * memory.LARGE_BYTES))
        kept.append(bytearray(64 * 1024))
    del held
print(pathlib.Path("/proc/self/statm").read_text().split()[1])
"""
"""A process that holds large blocks among small ones, lets go of them, and says how many pages of memory it has."""


def test_large_blocks_go_back_at_once() -> None:
    """Without our word the process keeps some of the 40 MiB that it let go of."""
    said = [subprocess.check_output([sys.executable, "-c", LARGE, *flags], text=True) for flags in ((), ("said",))]
    left, given = (int(each) * resource.getpagesize() for each in said)
    assert given < left - 4 * memory.LARGE_BYTES


def _pools(folder: Path, *flags: str) -> int:
    """How many pools such a process has."""
    told = folder / "pools.xml"
    subprocess.run([sys.executable, "-c", COUNT, str(told), *flags], check=True)
    return told.read_text().count("<heap nr=")


def test_threads_that_hash_share_one_pool(tmp_path: Path) -> None:
    """Each pool would keep a hash's 7 MiB for good; without our word there are many."""
    assert _pools(tmp_path) > memory.POOLS
    assert _pools(tmp_path, "share") == memory.POOLS


def test_no_more_than_two_hash_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many sign in or choose a secret together."""
    now, most, lock = [0], [0], threading.Lock()
    hasher = credentials._HASHER  # noqa: SLF001 - the very thing that takes the memory

    class Counting:
        """The hasher, with a count of those inside."""

        def hash(self, text: str) -> str:
            """Hash, counted."""
            return str(self._counted(hasher.hash, text))

        def verify(self, kept: str, text: str) -> bool:
            """Compare, counted."""
            return bool(self._counted(hasher.verify, kept, text))

        def _counted(self, work: Callable[..., object], *texts: str) -> object:
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            try:
                return work(*texts)
            finally:
                with lock:
                    now[0] -= 1

    kept = credentials.hashed(("star", "key", "leaf")).secret
    monkeypatch.setattr(credentials, "_HASHER", Counting())
    works = [lambda: credentials.hashed("246813"), lambda: credentials._matches(kept, "star key leaf")]  # noqa: SLF001
    threads = [threading.Thread(target=works[number % 2]) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= most[0] <= HASH_AT_ONCE


def test_a_libc_without_pools_serves_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """musl has none to limit."""
    monkeypatch.setattr("hub.memory.ctypes.CDLL", lambda _name: object())
    assert not memory.share_one_pool()
    assert not memory.give_large_back()


@pytest.mark.sqlite(engines.BUDGET)
def test_sixty_who_sign_in_keep_the_budget(demo_home: Path, tmp_path: Path) -> None:
    """By pictures and by PIN, and then they read and answer."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    doors = readers.sign_ins(home)
    with served(home) as hub:
        pages, most = readers.classroom(hub, doors, walks=ONCE)
    assert pages == readers.READERS * len(readers.PATHS)
    assert most <= readers.MEMORY_MOST_MB
