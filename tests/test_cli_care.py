"""Care at the command line: backup and back, and the doctor's exit status."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub import jobs
from hub.care import doctor
from hub.cli import main
from hub.config import keep
from hub.node import Node
from tests.fixtures.care import copy_keys, fill, stick
from tests.fixtures.clock import START_MS

Run = Callable[..., Result]


@pytest.fixture
def run(node: Node, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A function that runs a command over the node's home, listening to no neighbour."""
    keep(node.home, {"database": node.settings.database})
    fill(node)
    monkeypatch.setattr(doctor, "HEAR_S", 0.0)
    return lambda *words: CliRunner().invoke(main, [*map(str, words), "--home", str(node.home)])


def test_a_backup_goes_into_the_home_unless_told_otherwise(node: Node, run: Run, tmp_path: Path) -> None:
    """The words name the file and remind of the keys; JSON names file and bytes."""
    result = run("backup")
    assert str(node.home / "backups" / "mangrove-") in result.stdout
    assert str(node.home / "keys") in result.stdout
    said = json.loads(run("backup", "--to", stick(tmp_path), "--json").stdout)
    assert Path(said["file"]).stat().st_size == said["bytes"]


def test_a_hub_comes_back_on_another_device(
    node: Node, run: Run, tmp_path: Path, database_url: Callable[[], str]
) -> None:
    """Backup here, keys from the drawer, restore there: the words say how many entries are back."""
    saved = json.loads(run("backup", "--to", stick(tmp_path), "--json").stdout)["file"]
    other = tmp_path / "other"
    other.mkdir()
    keep(other, {"database": database_url()})
    copy_keys(node.home, other)
    result = CliRunner().invoke(main, ["restore", saved, "--home", str(other)])
    assert (result.exit_code, "5 entries are back" in result.stdout) == (0, True), result.output


def test_a_restore_that_would_lose_something_is_status_one(run: Run, tmp_path: Path) -> None:
    """One sentence that names the way on."""
    saved = json.loads(run("backup", "--to", stick(tmp_path), "--json").stdout)["file"]
    result = run("restore", saved)
    assert (result.exit_code, "--force" in result.stderr) == (1, True)


def test_the_doctor_says_all_is_well(run: Run) -> None:
    """Status 0, a line for each thing that was looked at."""
    result = run("doctor")
    assert result.exit_code == 0, result.output
    assert result.stdout.count("\n") >= 10


def test_the_doctor_ends_with_one_when_somebody_has_to_act(node: Node, run: Run) -> None:
    """JSON says which check is bad."""
    (node.home / "keys" / "hub").chmod(0o644)
    result = run("doctor", "--json")
    said = json.loads(result.stdout)
    assert (
        result.stderr == "Not all is well. Nothing was changed by looking; do what is said of it, and look once more.\n"
    )
    assert (result.exit_code, said["well"]) == (1, False)
    assert [check["name"] for check in said["checks"] if check["state"] == "bad"] == ["keys"]


def test_the_doctor_names_what_is_late(node: Node, run: Run) -> None:
    """An old backup, a stopped job, an entry nobody could read."""
    note = json.dumps({"at_ms": START_MS - 10**10, "name": "x"})
    node.write(lambda: node.tables.Note.insert(name="backup", value=note).execute())
    jobs.stop(node, jobs.add(node, "import", arguments={}), "The stick was pulled out.")
    node.write(lambda: node.record("person", b"no json"))
    said = run("doctor").stdout
    assert "BAD   backup" in said
    assert "1 jobs stopped" in said
    assert "1 entries could not be read" in said
