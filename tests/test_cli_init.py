"""`mangrove init`: makes a hub, and may be run again and again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.cli import main
from hub.config import load
from hub.node import open_node
from hub.people import roster

Init = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the hub will be."""
    return tmp_path / "hub"


@pytest.fixture
def init(home: Path, database_url: Callable[[], str]) -> Init:
    """A function that runs the command on the database of this run."""
    address = database_url()
    database = ["--database", address] if address else []
    return lambda *words: CliRunner().invoke(main, ["init", "--home", str(home), *database, *words])


def _look(home: Path) -> tuple[str, list[str], int]:
    """The hub's name, its people and how many packages are on the shelf."""
    node = open_node(home, load(home, {}, {}))
    row = node.tables.Hub.get_or_none(node.tables.Hub.id == node.identity.hub_id)
    seen = (row.name if row else "", [person.name for person in roster.people(node)], len(node.shelf.list()))
    node.close()
    return seen


def test_a_bare_hub_has_a_library_and_waits_for_a_name(home: Path, init: Init) -> None:
    """Without a name the set-up page asks for one."""
    assert init().exit_code == 0
    name, people, packages = _look(home)
    assert (name, people, packages >= 8) == ("", [], True)


def test_the_keys_are_private(home: Path, init: Init) -> None:
    """Nobody else on the machine reads them; all are there from the first moment, so that a copy has all."""
    init()
    assert {path.name for path in (home / "keys").iterdir()} == {"hub", "cookies", "pseudonyms"}
    assert [path.stat().st_mode & 0o077 for path in [home / "keys", *(home / "keys").iterdir()]] == [0, 0, 0, 0]


def test_a_hub_with_a_name_and_a_keeper_is_ready(home: Path, init: Init) -> None:
    """The keeper can sign in at once."""
    result = init("--name", "Mbuyu", "--admin", "Lucía", "--secret", "246813", "--json")
    assert json.loads(result.stdout)["role"] == "community"
    assert _look(home)[:2] == ("Mbuyu", ["Lucía"])


def test_running_it_again_changes_nothing(home: Path, init: Init) -> None:
    """The same words twice: the same hub, one keeper."""
    words = ("--name", "Mbuyu", "--admin", "Lucía", "--secret", "246813", "--json")
    first, second = (json.loads(init(*words).stdout) for _ in range(2))
    assert first == second
    assert _look(home)[:2] == ("Mbuyu", ["Lucía"])


def test_running_it_again_can_change_the_name(home: Path, init: Init) -> None:
    """The identity stays, the name is new."""
    first = json.loads(init("--name", "Mbuyu", "--json").stdout)["hub"]
    assert json.loads(init("--name", "Big tree", "--json").stdout)["hub"] == first
    assert _look(home)[0] == "Big tree"


def test_a_region_has_no_library_of_its_own(home: Path, init: Init) -> None:
    """A regional hub begins without the starter packages, and its keeper looks after the region."""
    init("--role", "region", "--name", "Coast", "--admin", "Ruth", "--secret", "246813")
    assert _look(home) == ("Coast", ["Ruth"], 0)
