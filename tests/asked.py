"""Which tests PostgreSQL runs in `make test`: `python -m tests.asked` measures and writes them down.

Every test runs on SQLite, and in `make soak` on both. On PostgreSQL run all tests of the files of ALWAYS, in which it
matters how an engine orders, locks and loses and not only what it is asked; and of the others as few as ask everything
that the tests ask. A statement is the same whatever its values are. A file that is not in the list is new, and all its
tests run.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

LIST = Path(__file__).with_name("asked.txt")
"""Each file that was measured, with the names of those of its tests that PostgreSQL runs."""
ALWAYS = re.compile(
    r"test_(sync|region|writer|database|projections|together)_"
    r"|test_tide_(exchange|cut|kill|worlds|machine|slot|rejoin)\."
    r"|test_xapi_(find|more|killed|void|void_again|consistent|related|since|same|together)\."
)
RUN = ("-n", "2", "--engine", "postgresql", "-m", "not browser", "-q", "-p", "tests.fixtures.asking", "--every-file")
LEAST_S = 0.05
"""No test costs less than this, collected and set up."""

Name = tuple[str, str]
"""A file and the name of one of its tests, without its case."""


class Asked(NamedTuple):
    """What a test asks in all its cases, and how long they take (s)."""

    asks: frozenset[str]
    s: float


def noted(folder: Path) -> dict[Name, Asked]:
    """What all processes of a run noted, by test."""
    found: dict[Name, Asked] = {}
    for path in sorted(folder.glob("*.json")):
        for file, name, asks, s in json.loads(path.read_text(encoding="utf-8")):
            before = found.get((file, name), Asked(frozenset(), 0.0))
            found[file, name] = Asked(before.asks | frozenset(asks), before.s + s)
    return found


def needed(tests: Mapping[Name, Asked]) -> list[Name]:
    """Beside those of ALWAYS, the tests that run: first who asks most in a second that none before it has asked."""
    waiting = {name: each for name, each in tests.items() if not ALWAYS.match(name[0])}
    left = _all(waiting.values()) - _all(tests[name] for name in tests.keys() - waiting.keys())
    found = []
    while left:
        best = max(sorted(waiting), key=lambda name: len(waiting[name].asks & left) / max(waiting[name].s, LEAST_S))
        left -= waiting.pop(best).asks
        found.append(best)
    return sorted(found)


def listed() -> dict[str, frozenset[str]]:
    """The files that were measured, and which of its tests PostgreSQL runs."""
    lines = map(str.split, LIST.read_text(encoding="utf-8").splitlines())
    return {file: frozenset(names) for file, *names in lines}


def _all(tests: Iterable[Asked]) -> set[str]:
    return set[str]().union(*(each.asks for each in tests))


def _lines(tests: Mapping[Name, Asked], run: Iterable[Name]) -> Iterable[str]:
    of: dict[str, list[str]] = {file: [] for file, _ in sorted(tests) if not ALWAYS.match(file)}
    for file, name in run:
        of[file].append(name)
    return (" ".join([file, *names]) + "\n" for file, names in of.items())


def main() -> None:
    """Run the tests on PostgreSQL and write the list."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "pytest", *RUN, "--asking", folder], check=True)
        tests = noted(Path(folder))
    run = needed(tests)
    LIST.write_text("".join(_lines(tests, run)), encoding="utf-8")
    always = [each for name, each in tests.items() if ALWAYS.match(name[0])]
    s = sum(tests[name].s for name in run) + sum(each.s for each in always)
    print(
        f"{len(_all(tests.values()))} kinds of statements are asked by {len(run) + len(always)} of {len(tests)} tests,"
        f" which take {s:.0f} of {sum(each.s for each in tests.values()):.0f} s"
    )


if __name__ == "__main__":
    main()
