"""`mangrove outcomes export`: what may leave, counts of fewer than ten people hidden."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import duckdb
import pytest
from click.testing import CliRunner, Result

from hub import handout
from hub.cli import main
from hub.config import keep
from hub.node import Node
from hub.outcomes import PERIOD_MS, period_end
from tests.fixtures.forgetful import Forgetful
from tests.fixtures.outcomes import finish

Export = Callable[..., Result]


@pytest.fixture
def export(make_node: Callable[..., Node], monkeypatch: pytest.MonkeyPatch) -> Export:
    """A function that runs the command over a hub where many learned water and seven learned numbers."""
    node = make_node()
    keep(node.home, {"database": node.settings.database})
    end_ms = period_end(node.clock.now_ms())
    monkeypatch.setattr("sync.clock.SystemClock.now_ms", lambda _clock: end_ms + PERIOD_MS // 3)
    finish(node, "water", range(30))
    finish(node, "=numbers", range(7))
    finish(node, "phone", range(12))

    def run(*words: object) -> Result:
        return CliRunner().invoke(main, ["outcomes", "export", "--home", str(node.home), *map(str, words)])

    return run


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_csv_hides_seven_and_one_more(export: Export, tmp_path: Path) -> None:
    """The cell of seven is empty and cannot be subtracted; the total is whole."""
    result = export("--format", "csv", "--to", tmp_path / "out.csv")
    assert result.exit_code == 0, result.output
    rows = {row["key"] or row["list"]: row for row in _read(tmp_path / "out.csv")}
    assert [rows[key]["finished"] for key in ("all", "water", "phone", "'=numbers")] == ["49", "30", "", ""]


def test_no_cell_is_a_formula(export: Export, tmp_path: Path) -> None:
    """A spreadsheet that opens the file runs nothing."""
    export("--format", "csv", "--to", tmp_path / "out.csv")
    assert not [cell for row in _read(tmp_path / "out.csv") for cell in row.values() if cell.startswith("=")]


def test_statements_are_of_the_hub_and_repeatable(export: Export, tmp_path: Path) -> None:
    """One statement for a count that is shown, whose actor is the hub; twice gives the same ids."""
    for name in ("one.json", "two.json"):
        assert export("--format", "xapi", "--to", tmp_path / name).exit_code == 0
    first, second = (json.loads((tmp_path / name).read_text()) for name in ("one.json", "two.json"))
    assert first == second
    assert [said["result"]["extensions"] for said in first] == [{"urn:mangrove:finished": 30}]
    assert first[0]["actor"]["account"]["homePage"] == "urn:mangrove:hub"


def test_a_table_says_what_the_csv_says(export: Export, tmp_path: Path) -> None:
    """Another program reads from the Parquet what the CSV says; what is hidden is absent there."""
    for form in ("csv", "parquet"):
        assert export("--format", form, "--to", tmp_path / f"out.{form}").exit_code == 0
    found = duckdb.read_parquet(str(tmp_path / "out.parquet"))
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    said = [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    plain = [{name: value.lstrip("'") for name, value in row.items()} for row in _read(tmp_path / "out.csv")]
    assert said == plain and "" in [row["finished"] for row in said]


@pytest.mark.parametrize(
    ("words", "status"), [(["--format", "csv"], 2), (["--format", "pdf", "--to", "x"], 2), (["--to", "x"], 2)]
)
def test_wrong_usage_is_status_two(export: Export, words: list[str], status: int) -> None:
    """Forgotten or unknown options."""
    assert export(*words).exit_code == status


@contextmanager
def _full(path: Path) -> Iterator[BinaryIO]:
    """A new file on a disk that is full."""
    path.touch()
    with Path("/dev/full").open("wb") as file:
        yield file


def test_a_full_disk_leaves_nothing_behind(export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stood there stays, and no half file lies beside it."""
    (tmp_path / "out.csv").write_text("before")
    monkeypatch.setattr(handout.outside, "new", _full)
    result = export("--format", "csv", "--to", tmp_path / "out.csv")
    assert (result.exit_code, "No space left" in result.stderr) == (1, True)
    assert (tmp_path / "out.csv").read_text() == "before"
    assert not (tmp_path / ".out.csv.part").exists()


def test_what_was_written_outlives_a_power_cut(export: Export, tmp_path: Path, forgetful: Forgetful) -> None:
    """Whoever was told that it is there can pull the stick or the plug."""
    (stick := tmp_path / "stick").mkdir()
    assert export("--format", "csv", "--to", stick / "out.csv").exit_code == 0
    before = _read(stick / "out.csv")
    forgetful.cut(stick)
    assert before and _read(stick / "out.csv") == before


def test_a_folder_that_is_not_there_is_said(export: Export, tmp_path: Path) -> None:
    """One sentence on standard error, status 1."""
    result = export("--format", "csv", "--to", tmp_path / "none" / "out.csv")
    assert (result.exit_code, "The hub is as it was" in result.stderr) == (1, True)
