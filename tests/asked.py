"""Which files of tests ask PostgreSQL nothing that other files do not ask: `python -m tests.asked` writes them down.

`make test` runs these on SQLite alone, `make soak` on both. A statement is the same whatever its values are. The files
of ALWAYS stay: in them it matters how an engine orders, locks and loses, and not only what it is asked.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

ELSEWHERE = Path(__file__).with_name("asked_elsewhere.txt")
"""The files, a name on each line."""
ALWAYS = re.compile(
    r"test_(sync|tide|xapi|region|writer|database|projections|care|together|people_forget|moving|learning)_"
)
RUN = ("-n", "2", "--engine", "postgresql", "-m", "not browser", "-q", "-p", "tests.fixtures.asking", "--every-file")
LEAST_S = 0.1
"""No file costs less than this, collected and set up."""


class Asked(NamedTuple):
    """What the tests of a file ask, and how long they take (s)."""

    asks: frozenset[str]
    s: float


def noted(folder: Path) -> dict[str, Asked]:
    """What all processes of a run noted, by file."""
    found: dict[str, Asked] = {}
    for path in sorted(folder.glob("*.json")):
        for name, told in json.loads(path.read_text(encoding="utf-8")).items():
            before = found.get(name, Asked(frozenset(), 0.0))
            found[name] = Asked(before.asks | frozenset(told["asks"]), before.s + told["s"])
    return found


def elsewhere(files: dict[str, Asked]) -> list[str]:
    """The files that need not run: what they ask, those that stay ask too. Those that ask most in a second stay."""
    waiting = {name: each for name, each in files.items() if not ALWAYS.match(name)}
    left = _all(waiting.values()) - _all(files[name] for name in files.keys() - waiting.keys())
    while left:
        best = max(sorted(waiting), key=lambda name: len(waiting[name].asks & left) / max(waiting[name].s, LEAST_S))
        left -= waiting.pop(best).asks
    return sorted(name for name, each in waiting.items() if each.asks)


def _all(files: Iterable[Asked]) -> set[str]:
    return set[str]().union(*(each.asks for each in files))


def main() -> None:
    """Run the tests on PostgreSQL and write the list."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "pytest", *RUN, "--asking", folder], check=True)
        files = noted(Path(folder))
    names = elsewhere(files)
    ELSEWHERE.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    kinds, spared = len(_all(files.values())), sum(files[name].s for name in names)
    print(f"{kinds} kinds of statements; {len(names)} of {len(files)} files ask nothing of their own, {spared:.0f} s")


if __name__ == "__main__":
    main()
