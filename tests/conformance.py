"""Run the official xAPI suite against a hub (docs/conformance.md): `python -m tests.conformance --suite DIR`.

A hub of its own is made, with one key that may do everything and no limits, and served as a real process. The suite's
exit status says nothing (it is the number of failures modulo 256); what counts are the totals of its log.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.hub import served
from hub import config

KNOWN: dict[str, dict[int, str]] = {
    "1.0.3": {1365: "master 2ec25f2, and the branch adding-back-compat a1c2672"},
    "2.0.0": {1442: "master 2ec25f2", 1435: "the branch adding-back-compat a1c2672"},
}
"""Version → how many tests a whole run has, by variant of the suite: fewer were dropped without a word."""
RUNNER = Path("bin") / "console_runner.js"
RUN_S = 1800.0
SETTINGS = {"name": "Conformance", "xapi_limits": "no", "sound_max": "0", "sync_every": "0", "backup_every": "0"}
"""How the hub differs from a new one: nothing but its limits, and no work of its own beside."""
LOG = re.compile(r"Full run log written to (.+\.log)")


class Unusable(Exception):
    """The suite cannot be run, or said nothing that can be read."""


@dataclass(frozen=True)
class Result:
    """What a run's log says. `total` is None when the suite never began; `failing` are titles of tests."""

    total: int | None
    passed: int
    failed: int
    failing: tuple[str, ...] = ()


def main(words: Sequence[str] | None = None) -> int:
    """Run what was asked for; 0 when every version passed whole."""
    asked = _options().parse_args(words)
    versions = asked.version or list(KNOWN)
    suite = asked.suite.resolve()
    if shutil.which("node") is None or not (suite / RUNNER).is_file():
        print(f"There is no suite in {suite}, or no node here; docs/conformance.md says how to get both.")
        return 1
    groups = [[version] for version in versions] if asked.fresh else [versions]
    is_whole = True
    for group in groups:
        with tempfile.TemporaryDirectory(prefix="mangrove-conformance-") as folder:
            home = _home(Path(folder) / "home", asked.database)
            is_whole &= all([_run_one(home, suite, version) for version in group])
    return 0 if is_whole else 1


def read_log(text: str) -> Result:
    """What a run's log says. Raises Unusable when it is none."""
    try:
        log = json.loads(text)
        summary = log["summary"]
        total, passed, failed = (summary[name] for name in ("total", "passed", "failed"))
    except (ValueError, KeyError, TypeError) as mistake:
        raise Unusable(f"the log of the suite cannot be read ({mistake!r})") from None
    if not isinstance(total, int):
        return Result(None, 0, 0)
    return Result(total, int(passed or 0), int(failed or 0), tuple(_failing(log.get("log"))))


def judge(version: str, result: Result) -> tuple[bool, str]:
    """Whether a run is whole, and the line that says so.

    Whole is a known total, all of it passed and none failed: where a preparation fails, the suite drops the tests
    behind it without counting them as failures.
    """
    if result.total is None:
        return False, f"{version}: the suite did not begin"
    line = f"{version}: {result.passed:,} of {result.total:,}"
    if result.total not in KNOWN.get(version, {}):
        return False, f"{line}, and no variant of the suite that is known has so many"
    dropped = result.total - result.passed - result.failed
    if dropped:
        line += f", {dropped:,} never ran"
    return result.passed == result.total and not result.failed, line


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("--suite", type=Path, required=True, help="folder of the suite, its dependencies installed")
    parser.add_argument("--version", action="append", choices=list(KNOWN), help="only this version; may be repeated")
    parser.add_argument("--database", default="", help="postgresql:// address of an empty database; none is SQLite")
    parser.add_argument("--fresh", action="store_true", help="a new hub for each version, not one hub for all")
    return parser


def _home(home: Path, database: str) -> Path:
    words = ["--database", database] if database else []
    _hub("init", "--home", str(home), "--name", SETTINGS["name"], *words)
    config.keep(home, SETTINGS)
    return home


def _run_one(home: Path, suite: Path, version: str) -> bool:
    key = _key(home, version)
    with served(home) as hub:
        ended = _suite(suite, version, f"http://127.0.0.1:{hub.port}/xapi", key)
    try:
        result = read_log(_log_of(ended.stdout))
    except Unusable as mistake:
        print(f"{version}: {mistake}\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}")
        return False
    is_whole, line = judge(version, result)
    print(line, *(f"  failed: {title}" for title in result.failing), sep="\n", flush=True)
    return is_whole


def _key(home: Path, version: str) -> dict[str, str]:
    """A key that may do everything; one that begins with - the suite would take for an option."""
    while True:
        made = _hub("key", "add", f"Suite {version}", "--scope", "all", "--home", str(home), "--json")
        key: dict[str, str] = json.loads(made)
        if not any(word.startswith("-") for word in key.values()):
            return key


def _hub(*words: str) -> str:
    return subprocess.run([sys.executable, "-m", "hub", *words], check=True, stdout=subprocess.PIPE, text=True).stdout


def _suite(suite: Path, version: str, endpoint: str, key: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    proof = ["-a", "-u", key["key"], "-p", key["secret"]]
    return subprocess.run(
        ["node", str(RUNNER), "-e", endpoint, *proof, "-x", version, "-z"],
        cwd=suite,
        capture_output=True,
        text=True,
        timeout=RUN_S,
    )


def _log_of(printed: str) -> str:
    found = LOG.search(printed)
    if found is None:
        raise Unusable("the suite wrote no log")
    return Path(found[1]).read_text(encoding="utf-8")


def _failing(log: Any, above: str = "") -> Iterator[str]:
    """The titles of single tests that failed, each behind the title of its group."""
    if not isinstance(log, dict):
        return
    inner = log.get("tests") or []
    if not inner and log.get("status") == "failed":
        yield f"{above} > {log.get('title')}"
    for each in inner:
        yield from _failing(each, str(log.get("title")))


if __name__ == "__main__":
    sys.exit(main())
