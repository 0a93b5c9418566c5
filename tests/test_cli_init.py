"""`mangrove init`: makes a hub, and may be run again and again."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from content import starter
from content.starter import stage
from hub import first_boot, library
from hub.cli import main
from hub.config import keep, load
from hub.demo import clear
from hub.node import Node, open_node
from hub.people import credentials, roster
from tests.fixtures import engines

Init = Callable[..., Result]
FEW = starter.packages()[:2]
"""What the starter library is here: putting each package on the shelf takes its time; the demo's home has them all."""


def _later(folder: Path) -> Path:
    """The same package in a later version."""
    file = folder / "package.toml"
    file.write_text(re.sub(r"(?m)^version = .*$", "version = 99", file.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the hub will be."""
    return tmp_path / "hub"


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not all of the starter library."""
    monkeypatch.setattr(first_boot, "packages", lambda: FEW)


@pytest.fixture
def init(home: Path, database_url: Callable[[], str]) -> Init:
    """A function that runs the command on the database of this run."""
    address = database_url()
    database = ["--database", address] if address else []
    return lambda *words: CliRunner().invoke(main, ["init", "--home", str(home), *database, *words])


@contextmanager
def _opened(home: Path) -> Iterator[Node]:
    node = open_node(home, load(home, {}, {}))
    try:
        yield node
    finally:
        node.close()


def _look(home: Path) -> tuple[str, list[str], int]:
    """The hub's name, its people and how many packages are on the shelf."""
    with _opened(home) as node:
        row = node.tables.Hub.get_or_none(node.tables.Hub.id == node.identity.hub_id)
        return (row.name if row else "", [person.name for person in roster.people(node)], len(node.shelf.list()))


def test_a_bare_hub_has_a_library_and_waits_for_a_name(home: Path, init: Init) -> None:
    """Without a name the set-up page asks for one."""
    assert init().exit_code == 0
    name, people, count = _look(home)
    assert (name, people, count) == ("", [], len(FEW))


@pytest.mark.sqlite(engines.PROGRAM)
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


@pytest.mark.sqlite(engines.PROGRAM)
def test_running_it_again_can_change_the_name(home: Path, init: Init) -> None:
    """The identity stays, the name is new."""
    first = json.loads(init("--name", "Mbuyu", "--json").stdout)["hub"]
    assert json.loads(init("--name", "Big tree", "--json").stdout)["hub"] == first
    assert _look(home)[0] == "Big tree"


def test_a_region_has_no_library_of_its_own(home: Path, init: Init) -> None:
    """A regional hub begins without the starter packages, and its keeper looks after the region."""
    init("--role", "region", "--name", "Coast", "--admin", "Ruth", "--secret", "246813")
    assert _look(home) == ("Coast", ["Ruth"], 0)


@pytest.mark.sqlite(engines.PROGRAM)
def test_a_new_secret_leaves_the_name(home: Path, init: Init) -> None:
    """A hub that was named on its own page keeps that name when its keeper gets a secret anew."""
    init()
    with _opened(home) as node:
        keeper = first_boot.begin(node, hub_name="Mbuyu", keeper="Lucía", secret="246813")
    assert init("--admin", "Lucía", "--secret", "the river is wide").exit_code == 0
    with _opened(home) as node:
        assert credentials.verify(node, person=keeper.id, secret="the river is wide")
    assert _look(home)[:2] == ("Mbuyu", ["Lucía"])


def test_what_was_taken_off_the_shelf_stays_away(home: Path, init: Init) -> None:
    """Every upgrade says init again; it does not undo a librarian."""
    init()
    with _opened(home) as node:
        library.remove(node, FEW[0].id)
    assert init().exit_code == 0
    with _opened(home) as node:
        assert {row.id for row in library.packages(node)} == {starter.id for starter in FEW[1:]}


@pytest.mark.sqlite(engines.PROGRAM)
def test_what_stands_on_the_shelf_gets_newer(home: Path, init: Init, monkeypatch: pytest.MonkeyPatch) -> None:
    """A starter package of a later version takes the place of the one that stands; nothing else comes."""
    first, second = FEW
    monkeypatch.setattr(first_boot, "packages", lambda: [first])
    init()
    monkeypatch.setattr(first_boot, "packages", lambda: [first, second])
    monkeypatch.setattr(first_boot, "stage", lambda starter, to: _later(stage(starter, to)))
    init()
    with _opened(home) as node:
        assert [(row.id, row.version) for row in library.packages(node)] == [(first.id, 99)]


@pytest.mark.sqlite(engines.PROGRAM)
def test_a_disk_at_its_reserve_is_a_warning(home: Path, init: Init) -> None:
    """The hub has its name and its keeper; what found no room comes when init is said again."""
    home.mkdir()
    keep(home, {"free_reserve": str(2**40)})
    result = init("--name", "Mbuyu", "--admin", "Lucía", "--secret", "246813")
    assert (result.exit_code, "There is not enough room" in result.stderr) == (0, True), result.output
    assert _look(home) == ("Mbuyu", ["Lucía"], 0)
    keep(home, {"free_reserve": "0"})
    init()
    assert _look(home)[2] == len(FEW)


REFUSED = [
    (["--name", "x" * 61], "1 to 60 letters"),
    (["--name", ""], "1 to 60 letters"),
    (["--name", "a\ab"], "cannot be shown"),
    (["--name", "Coast", "--admin", "Lucía", "--secret", "12"], "A secret is six digits"),
    (["--name", "Coast", "--admin", "=1", "--secret", "246813"], "sign of arithmetic"),
    (["--role", "region"], "its role is community"),
    (["--name", "Coast", "--database", "mysql://x"], "must be empty or start with postgresql://"),
    (["--name", "Coast", "--database", "postgresql://nobody@127.0.0.1:9/none"], "cannot be opened"),
]


@pytest.mark.sqlite(engines.PROGRAM)
@pytest.mark.parametrize(("words", "sentence"), REFUSED, ids=lambda value: " ".join(value)[:30])
def test_what_is_refused_leaves_settings_and_records(home: Path, init: Init, words: list[str], sentence: str) -> None:
    """ "Nothing was changed" is true: not the file, not the name, not the keeper."""
    init("--name", "Mbuyu")
    before = (home / "settings.toml").read_text()
    result = init(*words)
    assert (result.exit_code, sentence in result.stderr) == (1, True), result.output
    assert (home / "settings.toml").read_text() == before
    assert _look(home)[:2] == ("Mbuyu", [])


@pytest.mark.sqlite(engines.PROGRAM)
@pytest.mark.parametrize(("words", "sentence"), [case for case in REFUSED if "region" not in case[0]])
def test_what_is_refused_at_first_makes_no_home(home: Path, init: Init, words: list[str], sentence: str) -> None:
    """What can be looked at before is: no folder is left behind."""
    assert sentence in init(*words).stderr
    assert not home.exists()


@pytest.mark.sqlite(engines.PROGRAM)
def test_a_name_that_is_no_text_is_wrong_usage(home: Path, init: Init) -> None:
    """A shell in another encoding: one sentence, and no home."""
    result = init("--name", "Mbuyu \udcff")
    assert (result.exit_code, "not text in UTF-8" in result.stderr, home.exists()) == (2, True, False)


def test_a_hub_that_has_not_begun_may_become_a_region(home: Path, init: Init) -> None:
    """Whoever forgot the role at first says it the second time."""
    init()
    assert init("--role", "region", "--name", "Coast").exit_code == 0
    assert load(home, {}, {}).role == "region"


def test_the_demo_fills_an_empty_home_and_leaves_a_begun_one(home: Path, init: Init) -> None:
    """With people of its own the hub stays as it is: a sentence, and no mistake, so that it is served."""
    init("--name", "Mbuyu", "--admin", "Lucía", "--secret", "246813")
    result = init("--demo", "--json")
    assert (result.exit_code, json.loads(result.stdout)["demo"]) == (0, False)
    assert "People live in this hub already" in result.stderr
    assert _look(home)[:2] == ("Mbuyu", ["Lucía"])


def test_a_cleared_demo_is_not_filled_again(home: Path, init: Init) -> None:
    """`make run` after "Clear the demo and begin" serves the empty hub that somebody asked for, also before set-up."""
    assert json.loads(init("--demo", "--json").stdout)["demo"]
    with _opened(home) as node:
        library.remove(node, FEW[0].id)
        clear.clear(node)
    result = init("--demo", "--json")
    assert (result.exit_code, json.loads(result.stdout)["demo"]) == (0, False)
    assert "cleared of the demo" in result.stderr
    assert _look(home) == ("", [], len(FEW) - 1)
