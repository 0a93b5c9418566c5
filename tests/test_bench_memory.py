"""Memory, which is no matter of the machine's speed: a demo that is served rests within the budget."""

import re
import shutil
from pathlib import Path

import pytest

from bench import readers, start
from bench.hub import AS_DEPLOYED, served
from tests.fixtures import engines


def _resident_bytes(pid: int) -> int:
    """What the kernel says of one process."""
    found = re.search(r"^VmRSS:\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024


@pytest.mark.sqlite(engines.BUDGET)
def test_a_demo_at_rest_keeps_its_budget(demo_home: Path, tmp_path: Path) -> None:
    """All that `mangrove serve` holds, after each place was shown once."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    with served(home) as hub:
        held = start.at_rest_mb(hub)
        assert held == pytest.approx(_resident_bytes(hub.process.pid) / 1_000_000, rel=0.02)
    assert held <= start.MEMORY_MOST_MB


def test_a_device_is_told_what_the_benchmark_is_told() -> None:
    """Its unit sets what `served` sets, so that the figure is that of a device."""
    unit = Path("deploy/raspberrypi/mangrove.service").read_text(encoding="utf-8").splitlines()
    assert {f"Environment={name}={value}" for name, value in AS_DEPLOYED.items()} <= set(unit)


def test_the_budgets_are_those_we_promise() -> None:
    """100 MB at rest and 200 MB with sixty readers; a MB is a million bytes in the benchmark and in the manual."""
    told = Path("docs/install.md").read_text(encoding="utf-8")
    assert f"{start.MEMORY_MOST_MB:.0f} MB (of a million bytes each) at rest" in told
    assert f"{readers.MEMORY_MOST_MB:.0f} MB under sixty learners" in told
