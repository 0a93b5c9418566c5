"""The command `mangrove sync`: invite, join, now, status, outbox, each one sentence or one JSON result."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub import config
from hub.cli import main
from hub.node import Node, open_node
from tests.fixtures import tide
from tests.fixtures.web import Served


@pytest.fixture
def init(database_url: Callable[[], str]) -> Callable[..., Path]:
    """A function that makes a hub by the command, on the database of this run."""

    def make(home: Path, *words: str) -> Path:
        address = database_url()
        database = ["--database", address] if address else []
        assert _run("init", "--home", home, *database, *words).exit_code == 0
        return home

    return make


@pytest.fixture
def region(tmp_path: Path, init: Callable[..., Path], serve_node: Callable[[Node], Served]) -> Iterator[Served]:
    """A region that serves, with the machine's own clock as the commands have it."""
    home = init(tmp_path / "coast", "--name", "Coast", "--role", "region")
    node = open_node(home, config.load(home, {}, {}))
    yield serve_node(node)
    node.close()


@pytest.fixture
def home(tmp_path: Path, init: Callable[..., Path]) -> Path:
    """A community's home, made by the command."""
    return init(tmp_path / "alder", "--name", "Alder hill")


def _run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def _code(region: Served) -> str:
    """A code, made by the command beside the running server."""
    return str(json.loads(_run("sync", "invite", "--home", region.node.home, "--json").stdout)["code"])


def _joined(home: Path, region: Served) -> None:
    assert _run("sync", "join", region.url, "--code", _code(region), "--home", home).exit_code == 0


def test_a_hub_joins_and_syncs_with_two_commands(home: Path, region: Served) -> None:
    """Join, then now: the result has the six figures of the contract, and both agree."""
    _joined(home, region)
    found = json.loads(_run("sync", "now", "--home", home, "--json").stdout)
    assert set(found) == {"pushed", "pulled", "bytes_up", "bytes_down", "requests", "agreed"}
    assert found["agreed"] and found["pushed"] > 0


def test_status_says_how_it_stands(home: Path, region: Served) -> None:
    """Before joining, after joining and after a tide, in words."""
    assert "has not joined a region yet" in _run("sync", "status", "--home", home).stdout
    _joined(home, region)
    assert "nothing has gone yet" in _run("sync", "status", "--home", home).stdout
    _run("sync", "now", "--home", home)
    assert "records are safe there" in _run("sync", "status", "--home", home).stdout


def test_the_outbox_prints_what_leaves(home: Path, region: Served) -> None:
    """Every copy with its audience and whether it has left; nothing waits before a hub is joined. As JSON one list."""
    assert _first(home) == ("public", "would leave", "hub")
    _joined(home, region)
    assert _first(home) == ("public", "waiting", "hub")
    _run("sync", "now", "--home", home)
    assert "public  left  hub  " in _run("sync", "outbox", "--home", home, "--audience", "public").stdout
    assert json.loads(_run("sync", "outbox", "--home", home, "--audience", "region", "--json").stdout) == []


def _first(home: Path) -> tuple[str, str, str]:
    """The first copy of the outbox, without its bytes."""
    copy = json.loads(_run("sync", "outbox", "--home", home, "--json").stdout)[0]
    return copy["audience"], copy["state"], copy["kind"]


def test_a_tide_that_failed_says_so_and_exits_with_one(home: Path, region: Served) -> None:
    """The sentence goes to standard error, the figures to standard output."""
    _joined(home, region)
    answer = _run("sync", "now", "--with", "http://127.0.0.1:9", "--home", home, "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["agreed"] is False
    assert "cannot be reached" in answer.stderr and "safe here" in answer.stderr


REFUSED = {
    "no region yet": ("now",),
    "an address that is none": ("join", "ftp://x", "--code", "abcde-fghjk"),
    "a code that is none": ("join", "http://127.0.0.1:9", "--code", "abc"),
    "a stick, to": ("export", "--for", "somebody", "--to", "file"),
    "a stick, from": ("import", "file"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_is_one_sentence(home: Path, case: str) -> None:
    """Exit status 1, one line on standard error, nothing on standard output."""
    answer = _run("sync", *REFUSED[case], "--home", home)
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr.count("\n") == 1


def test_an_audience_that_is_none_is_wrong_usage(home: Path) -> None:
    """Exit status 2: what stays here has no outbox."""
    assert _run("sync", "outbox", "--audience", "local", "--home", home).exit_code == 2


def test_nothing_secret_is_printed(home: Path) -> None:
    """The list of what would leave has no canary in it, whoever was entered here."""
    node = open_node(home, config.load(home, {}, {}))
    tide.plant(node)
    node.close()
    printed = _run("sync", "outbox", "--home", home).stdout
    assert "Alder hill" in printed
    assert not [word for word in (*tide.CANARIES, tide.PERSON) if word in printed]
