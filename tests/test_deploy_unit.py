"""The unit: systemd understands every line, and the service is shut in."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hub import supervisor
from tests.fixtures.device import DEPLOY, need

UNIT = DEPLOY / "mangrove.service"
STICK_UNIT = DEPLOY / "mangrove-stick@.service"
EXPOSURE_MOST = 20
"""Tenths of systemd's own measure, where 100 is open and 0 is shut."""


@pytest.fixture
def analyze() -> str:
    """Where systemd-analyze is."""
    found = shutil.which("systemd-analyze")
    need(found is not None, "systemd is not installed")
    return str(found)


def test_systemd_understands_the_unit(analyze: str, tmp_path: Path) -> None:
    """No warning, once the program stands where the unit says (here: another that exists)."""
    text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text())
    (tmp_path / UNIT.name).write_text(re.sub(r"(?m)^Documentation=.*\n", "", text))
    checked = subprocess.run([analyze, "verify", tmp_path / UNIT.name], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_systemd_understands_the_unit_of_a_stick(analyze: str, tmp_path: Path) -> None:
    """The same of the unit that is started for each stick, under the name that the rule gives it."""
    text = re.sub(r"(?m)^(Exec\w+=)\S+", r"\1/bin/true", STICK_UNIT.read_text())
    made = tmp_path / r"mangrove-stick@dev-disk-by\x2duuid-1234\x2dABCD.service"
    made.write_text(re.sub(r"(?m)^Documentation=.*\n", "", text))
    checked = subprocess.run([analyze, "verify", made], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert f"{STICK_UNIT.stem}%c.service" in (DEPLOY / "90-mangrove-stick.rules").read_text()


def test_the_service_is_shut_in(analyze: str) -> None:
    """Exposure at most 2.0; the README names the figure."""
    words = ["security", "--offline=true", f"--threshold={EXPOSURE_MOST}", "--no-pager", str(UNIT)]
    checked = subprocess.run([analyze, *words], capture_output=True, text=True)
    found = re.search(r"Overall exposure level for mangrove.service: ([\d.]+)", checked.stdout)
    assert checked.returncode == 0
    assert found and f"says {found[1]}" in (DEPLOY / "README.md").read_text()


def _unit() -> dict[str, dict[str, str]]:
    """The unit's lines by section; of a word said twice the last."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(UNIT.read_text())
    return {name: dict(parser[name]) for name in parser.sections()}


def test_the_hub_comes_back_by_itself() -> None:
    """At every start of the machine, and after any end, however often; one that no longer reads and writes is ended."""
    unit = _unit()
    assert unit["Service"]["Restart"] == "always"
    assert int(unit["Service"]["RestartSec"]) <= 5
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert unit["Install"]["WantedBy"] == "multi-user.target"
    assert (unit["Service"]["Type"], unit["Service"]["NotifyAccess"]) == ("notify", "main")


def test_the_watch_leaves_time_for_a_slow_answer() -> None:
    """There is one, and between two words a slow answer has its time; a start may go on while it says so."""
    unit = _unit()
    watchdog_s = int(unit["Service"]["WatchdogSec"])
    assert watchdog_s / 3 + supervisor.ANSWER_S < watchdog_s <= 300
    assert int(unit["Service"]["TimeoutStartSec"]) == supervisor.STILL_S


def test_the_program_lives_within_its_walls() -> None:
    """Python, its libraries and ctypes do not need memory that is both written and run."""
    walled = (
        "import ctypes; libc = ctypes.CDLL(None); assert libc.prctl(65, 1, 0, 0, 0) in (0, -1);"
        "import hub.serve, argon2; argon2.PasswordHasher().hash('x'); ctypes.CDLL(None).prctl(1, 15)"
    )
    checked = subprocess.run([sys.executable, "-c", walled], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")
