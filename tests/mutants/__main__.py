"""Put each fault into a copy of the program, one at a time, and see which test notices: `python -m tests.mutants`.

The checkout itself is never touched. Prints a line a fault, and ends with 1 when one survives, when its text does not
stand exactly once in its file, or when its tests do not pass without it.
"""

import argparse
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from tests.mutants.fault import ROOT, Fault
from tests.mutants.list import FAULTS

COPIED = ("hub", "content", "sync", "tests", "bench", "docs", "setup.cfg", "pyproject.toml", "Makefile", "README.md")
FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
NOTICED, PASSED = 1, 0
"""How pytest ends when a test failed, and when all passed; anything else is no verdict."""
TEST_S = 120
SECOND = itertools.count(1)


class Copy:
    """A copy of the program in which faults come and go."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, root / name)

    @contextmanager
    def broken(self, fault: Fault) -> Iterator[None]:
        """The program with a fault in it."""
        path = self.root / fault.file
        whole = path.read_text(encoding="utf-8")
        self._write(path, whole.replace(fault.old, fault.new))
        try:
            yield
        finally:
            self._write(path, whole)

    def run(self, tests: Sequence[str]) -> tuple[int, str]:
        """How pytest ends, and what it says."""
        words = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:schemathesis", "--engine", "sqlite"]
        command = [sys.executable, "-m", "pytest", *words, "--timeout", str(TEST_S), *tests]
        ended = subprocess.run(command, cwd=self.root, env=_environment(), capture_output=True, text=True, check=False)
        return ended.returncode, ended.stdout + ended.stderr

    @staticmethod
    def _write(path: Path, text: str) -> None:
        """Write a module so that no compiled copy of it is taken for newer, nor for the same."""
        path.write_text(text, encoding="utf-8")
        moment = path.stat().st_mtime + next(SECOND)
        os.utime(path, (moment, moment))


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("MANGROVE_")}


def _verdict(copy: Copy, fault: Fault) -> tuple[bool, str]:
    """Whether a fault was noticed, and by whom or why not."""
    if fault.count(copy.root) != 1:
        return False, f"NOT FOUND once in {fault.file}"
    with copy.broken(fault):
        status, said = copy.run(fault.tests)
    if status == NOTICED and (names := FAILED.findall(said)):
        return True, names[0].removeprefix("tests/")
    return False, "SURVIVED" if status == PASSED else f"NO VERDICT (pytest ended with {status}): {said[-600:]}"


def _chosen(pattern: str) -> list[Fault]:
    return [fault for fault in FAULTS if re.search(pattern, fault.name)]


def _try(faults: Sequence[Fault], workers: int) -> int:
    """Try all; how many were not noticed."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as place, ThreadPoolExecutor(workers) as pool:
        copies: SimpleQueue[Copy] = SimpleQueue()
        first = Copy(Path(place) / "0")
        tests = sorted({test for fault in faults for test in fault.tests})
        status, said = first.run(tests)
        if status != PASSED:
            print(f"The tests do not pass without a fault:\n{said[-4000:]}")
            return len(faults)
        copies.put(first)
        for number in range(1, workers):
            copies.put(Copy(Path(place) / str(number)))

        def verdict(fault: Fault) -> tuple[bool, str]:
            copy = copies.get()
            try:
                return _verdict(copy, fault)
            finally:
                copies.put(copy)

        missed = 0
        for fault, (is_noticed, told) in zip(faults, pool.map(verdict, faults), strict=True):
            missed += not is_noticed
            print(f"{'noticed ' if is_noticed else 'MISSED  '} {fault.name} -> {told}", flush=True)
    return missed


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("-k", default="", metavar="WORDS", help="only faults whose name matches this expression")
    parser.add_argument("-j", type=int, default=2, metavar="N", help="copies that are tried at the same time")
    given = parser.parse_args()
    faults = _chosen(given.k)
    missed = _try(faults, max(1, given.j))
    print(f"{len(faults) - missed} of {len(faults)} faults were noticed.")
    return 1 if missed or not faults else 0


if __name__ == "__main__":
    sys.exit(main())
