"""How the harness of the official suite reads a run: only a known total of which all passed is a whole pass."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import conformance
from tests.conformance import Result, Unusable, judge, read_log


def _log(total: int | None, passed: int | None, failed: int | None, tree: Any = None) -> str:
    summary = {"total": total, "passed": passed, "failed": failed, "version": "1.0.3"}
    return json.dumps({"name": "console", "summary": summary, "log": tree})


JUDGED: dict[str, tuple[str, str, bool, str]] = {
    "whole": ("1.0.3", _log(1365, 1365, 0), True, "1.0.3: 1,365 of 1,365"),
    "whole, of the newer suite": ("2.0.0", _log(1442, 1442, 0), True, "2.0.0: 1,442 of 1,442"),
    "whole, of the older suite": ("2.0.0", _log(1435, 1435, 0), True, "2.0.0: 1,435 of 1,435"),
    "one failed": ("1.0.3", _log(1365, 1364, 1), False, "1.0.3: 1,364 of 1,365"),
    "some never ran": ("1.0.3", _log(1365, 1300, 0), False, "1.0.3: 1,300 of 1,365, 65 never ran"),
    "one failed, and the rest never ran": ("1.0.3", _log(1365, 0, 1), False, "1.0.3: 0 of 1,365, 1,364 never ran"),
    "a part only": (
        "1.0.3",
        _log(7, 7, 0),
        False,
        "1.0.3: 7 of 7, and no variant of the suite that is known has so many",
    ),
    "the total of the other version": (
        "1.0.3",
        _log(1442, 1442, 0),
        False,
        "1.0.3: 1,442 of 1,442, and no variant of the suite that is known has so many",
    ),
    "all passed, and some failed as well": ("1.0.3", _log(1365, 1365, 1), False, "1.0.3: 1,365 of 1,365, -1 never ran"),
    "never began": ("2.0.0", _log(None, None, None), False, "2.0.0: the suite did not begin"),
}


@pytest.mark.parametrize("case", JUDGED)
def test_only_a_known_total_that_all_passed_is_whole(case: str) -> None:
    """Neither fewer tests, nor tests that were dropped, nor a run that never began."""
    version, text, is_whole, line = JUDGED[case]
    assert judge(version, read_log(text)) == (is_whole, line)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"summary": {"total": 1}}', '{"summary": null}'])
def test_a_log_that_is_none_is_no_result(text: str) -> None:
    """Said as such, and never taken for a pass."""
    with pytest.raises(Unusable, match="cannot be read"):
        read_log(text)


def test_the_titles_of_what_failed_are_told() -> None:
    """Single tests, each behind its group; what passed is not among them."""
    single = [
        {"title": "takes", "status": "passed", "tests": []},
        {"title": "refuses", "status": "failed", "tests": []},
    ]
    tree = {"title": "", "status": "failed", "tests": [{"title": "Verbs", "status": "failed", "tests": single}]}
    assert read_log(_log(1365, 1364, 1, tree)) == Result(1365, 1364, 1, ("Verbs > refuses",))


def test_what_counts_is_the_log_and_not_the_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """256 failures end with 0; a real hub was served for both versions, and both are told."""
    runner = tmp_path / conformance.RUNNER
    runner.parent.mkdir()
    runner.touch()
    monkeypatch.setattr(conformance.shutil, "which", lambda _: "/usr/bin/node")
    totals = {"1.0.3": (1365, 1365, 0), "2.0.0": (1442, 1186, 256)}

    def suite(_: Path, version: str, endpoint: str, key: dict[str, str]) -> Any:
        assert (endpoint.startswith("http://127.0.0.1:"), sorted(key)) == (True, ["key", "secret"])
        log = tmp_path / "run.log"
        log.write_text(_log(*totals[version]), encoding="utf-8")
        return subprocess.CompletedProcess([], 0, f"Full run log written to {log}\n", "")

    monkeypatch.setattr(conformance, "_suite", suite)
    assert conformance.main(["--suite", str(tmp_path)]) == 1
    assert capsys.readouterr().out == "1.0.3: 1,365 of 1,365\n2.0.0: 1,186 of 1,442\n"


def test_a_key_that_looks_like_an_option_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The suite would run without its version, and begin nothing."""
    made = [{"key": "a", "secret": "-b"}, {"key": "-a", "secret": "b"}, {"key": "c", "secret": "d"}]
    monkeypatch.setattr(conformance, "_hub", lambda *_: json.dumps(made.pop(0)))
    assert conformance._key(tmp_path, "1.0.3") == {"key": "c", "secret": "d"}


def test_without_a_suite_it_says_how_to_get_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, and 1."""
    assert conformance.main(["--suite", str(tmp_path)]) == 1
    assert "docs/conformance.md" in capsys.readouterr().out
