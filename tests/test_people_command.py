"""`mangrove people`: import, export, list."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.cli import main
from hub.node import make_home

LIST = "name,picture,role,circle,birth_year\nAmina,butterfly,learner,Number friends,2016\nLucía,cloud,librarian,,\n"


@pytest.fixture
def home(tmp_path: Path, choose_database: Callable[[Path], Path]) -> Path:
    """A hub's home, with a list beside it."""
    make_home(choose_database(tmp_path / "home"))
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    return tmp_path / "home"


def _run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["people", words[0], "--home", str(home), *words[1:]])


def test_a_list_comes_in_and_is_listed(home: Path) -> None:
    """The counts as JSON, the people by name."""
    took = _run(home, "import", "--json", str(home.parent / "list.csv"))
    assert (took.exit_code, json.loads(took.stdout)["people_new"]) == (0, 2)
    listed = json.loads(_run(home, "list", "--json").stdout)
    assert [(each["name"], each["roles"]) for each in listed] == [("Amina", ["learner"]), ("Lucía", ["librarian"])]
    assert _run(home, "list", "--role", "librarian").stdout == "Lucía  (librarian)\n"


def test_a_dry_run_changes_nothing(home: Path) -> None:
    """It says what would happen."""
    looked = _run(home, "import", "--dry-run", str(home.parent / "list.csv"))
    assert looked.stdout == ("Would take in 2 new people and 1 new circle; 0 people differ, 0 stay as they are.\n")
    assert _run(home, "list").stdout == "Nobody is here yet.\n"


def test_one_is_not_spoken_of_as_many(home: Path) -> None:
    """Counts are words for people."""
    one = home.parent / "one.csv"
    one.write_text("\n".join(LIST.splitlines()[:2]), encoding="utf-8")
    said = [_run(home, "import", str(one)).stdout for _ in range(2)]
    one.write_text(one.read_text(encoding="utf-8").replace("butterfly", "goat"), encoding="utf-8")
    said.append(_run(home, "import", str(one)).stdout)
    assert said[0] == "Took in 1 new person and 1 new circle; 0 people differ, 0 stay as they are.\n"
    assert "; 0 people differ, 1 stays as it is." in said[1]
    assert "; 1 person differs, 0 stay as they are." in said[2]


def test_everybody_is_written_out(home: Path) -> None:
    """To a file or to standard output, the same."""
    _run(home, "import", str(home.parent / "list.csv"))
    _run(home, "export", "--to", str(home.parent / "out.csv"))
    written = (home.parent / "out.csv").read_text(encoding="utf-8")
    assert written.splitlines()[1].split(",")[1:3] == ["Amina", "butterfly"]
    assert _run(home, "export").stdout.splitlines() == written.splitlines()


def test_everybody_is_written_out_for_programs(home: Path) -> None:
    """As JSON with lists instead of cells; of a file, where it is and how many are in it."""
    _run(home, "import", str(home.parent / "list.csv"))
    amina, lucia = json.loads(_run(home, "export", "--json").stdout)
    assert (amina["name"], amina["circles"], amina["birth_year"]) == ("Amina", ["Number friends"], 2016)
    assert (lucia["roles"], lucia["birth_year"], "secret" in lucia) == (["librarian"], None, False)
    to = str(home.parent / "out.csv")
    assert json.loads(_run(home, "export", "--json", "--to", to).stdout) == {"file": to, "people": 2}
    assert _run(home, "export", "--to", to).stdout == f"2 people are in {to}.\n"


def test_a_wrong_row_is_a_sentence_and_status_1(home: Path) -> None:
    """On standard error, with the line."""
    (home.parent / "list.csv").write_text("name,year\nAmina,x\n", encoding="utf-8")
    refused = _run(home, "import", str(home.parent / "list.csv"))
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Nothing was taken in. list.csv line 2: a birth year is four digits")


def test_wrong_usage_is_status_2(home: Path) -> None:
    """A role that is none, a file that is not named."""
    assert _run(home, "import").exit_code == 2
    assert _run(home, "list", "--role", "king").exit_code == 2
