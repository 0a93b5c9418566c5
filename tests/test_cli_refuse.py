"""Bad input at the command line: one sentence on standard error, the right exit status, nothing half-done."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.cli import main
from hub.config import keep, load
from hub.database import close_database, open_database
from hub.node import make_home, open_node
from tests.fixtures import engines, packages
from tests.fixtures.care import copy_keys
from tests.fixtures.process import free_port

pytestmark = pytest.mark.sqlite(engines.PROGRAM)

Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, choose_database: Callable[[Path], Path]) -> Path:
    """Where a hub could be; only what database it would have is said."""
    return choose_database(tmp_path / "hub")


@pytest.fixture
def run(home: Path) -> Run:
    """A function that runs a command over that home."""
    return lambda *words: CliRunner().invoke(main, [*map(str, words), "--home", str(home)])


@pytest.fixture
def own_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever serves here on the usual ports is not in the way."""
    monkeypatch.setenv("MANGROVE_PORT", str(free_port()))
    monkeypatch.setenv("MANGROVE_CONTENT_PORT", str(free_port()))


def _made(home: Path) -> None:
    make_home(home)
    open_node(home, load(home, {}, {})).close()


def _newer(home: Path) -> None:
    _made(home)
    database = open_database(load(home, {}, {}).database, home)
    database.execute_sql("UPDATE version SET done = '99' WHERE name = 'journal'")
    close_database(database)


def _garbage(home: Path) -> None:
    _made(home)
    (home / "mangrove.db").write_bytes(b"this is no database" * 500)


def _wrong_key(home: Path) -> None:
    _made(home)
    (home / "keys" / "hub").write_bytes(b"short")


def _lost_key(home: Path) -> None:
    _made(home)
    (home / "keys" / "hub").unlink()


def _lost_keys(home: Path) -> None:
    _made(home)
    shutil.rmtree(home / "keys")


def _lost_pseudonyms(home: Path) -> None:
    _made(home)
    (home / "keys" / "pseudonyms").unlink()


def _other_keys(home: Path) -> None:
    make_home(home)
    hub = open_node(home, load(home, {}, {}))
    hub.write(lambda: hub.change("person", "p1", name="Amina"))
    hub.close()
    make_home(home.with_name("another"))
    copy_keys(home.with_name("another"), home)


def _half_restored(home: Path) -> None:
    _made(home)
    (home / "restoring").write_text("")


def _typo(home: Path) -> None:
    make_home(home)
    (home / "settings.toml").write_text("prot = 8080\n")


def _unreadable(home: Path) -> None:
    make_home(home)
    (home / "settings.toml").unlink(missing_ok=True)
    (home / "settings.toml").mkdir()


def _no_server(home: Path) -> None:
    make_home(home)
    keep(home, {"database": "postgresql://nobody@127.0.0.1:9/none"})


HOMES = [
    pytest.param(lambda home: None, "There is no hub in", id="no home"),
    pytest.param(_newer, "written by a newer Mangrove", id="a newer database"),
    pytest.param(_garbage, "mangrove.db is damaged", id="no database at all", marks=pytest.mark.sqlite(engines.FILE)),
    pytest.param(_wrong_key, "is damaged", id="a damaged key"),
    pytest.param(_lost_key, "keys/hub cannot be read", id="a lost key"),
    pytest.param(_lost_keys, "There are records of the hub in", id="lost keys"),
    pytest.param(_lost_pseudonyms, "keys/pseudonyms cannot be read", id="lost pseudonyms"),
    pytest.param(_other_keys, "The records are of the hub", id="the keys of another hub"),
    pytest.param(_half_restored, "say the same again", id="a restore that was cut off"),
    pytest.param(_typo, "There is no setting called 'prot'", id="a typo in the settings"),
    pytest.param(_unreadable, "cannot be read as settings", id="settings that cannot be read"),
    pytest.param(_no_server, "cannot be opened", id="a database server that is away"),
]
COMMANDS = [
    ["serve", "--no-announce"],
    ["content", "list"],
    ["sync", "status"],
    ["backup"],
    ["rebuild"],
    ["key", "list"],
]


@pytest.mark.usefixtures("own_ports")
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(("spoil", "sentence"), HOMES)
def test_a_home_that_cannot_be_used_is_said(
    home: Path, run: Run, words: list[str], spoil: Callable[[Path], None], sentence: str
) -> None:
    """Every command says the same sentence and ends with status 1."""
    spoil(home)
    result = run(*words)
    assert (result.exit_code, sentence in result.stderr) == (1, True), result.stderr
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.output


@pytest.mark.parametrize("lose", [_lost_key, _lost_keys, _lost_pseudonyms], ids=["key", "folder", "pseudonyms"])
def test_init_makes_no_other_hub_of_one_that_lost_its_keys(home: Path, run: Run, lose: Callable[[Path], None]) -> None:
    """Saying init once more is no way to lose who a hub is: nothing is made."""
    lose(home)
    before = sorted(path.name for path in home.rglob("keys*"))
    result = run("init")
    assert (result.exit_code, "Nothing was changed" in result.stderr) == (1, True), result.output
    assert sorted(path.name for path in home.rglob("keys*")) == before


USAGE = [
    ["init", "--admin", "Lucía"],
    ["init", "--secret", "123456"],
    ["init", "--role", "king"],
    ["serve", "--port", "eighty"],
    ["outcomes", "export"],
    ["restore"],
    ["content"],
    ["nonsense"],
    ["backup", "--nonsense"],
]


@pytest.mark.parametrize("words", USAGE, ids=" ".join)
def test_wrong_usage_is_status_two(tmp_path: Path, words: list[str]) -> None:
    """What the command's own help explains; no home is made."""
    result = CliRunner().invoke(main, words, env={"MANGROVE_HOME": str(tmp_path / "hub")})
    assert result.exit_code == 2
    assert not (tmp_path / "hub").exists()


SETTINGS = [
    (["--port", "0"], "it can be 1 to 65535"),
    (["--port", "8081"], "must differ"),
    (["--workers", "99"], "it can be 1 to 16"),
]


@pytest.mark.parametrize(("words", "sentence"), SETTINGS, ids=lambda value: " ".join(value))
def test_a_flag_that_cannot_be_is_said(home: Path, run: Run, words: list[str], sentence: str) -> None:
    """Flags are checked like settings."""
    _made(home)
    result = run("serve", *words)
    assert (result.exit_code, sentence in result.stderr) == (1, True)


INIT = [
    (["--name", "x" * 61], "1 to 60 letters"),
    (["--admin", "Lucía", "--secret", "12"], "Nothing was changed"),
    (["--database", "mysql://x"], "must be empty or start with postgresql://"),
]


@pytest.mark.parametrize(("words", "sentence"), INIT, ids=lambda value: value[0])
def test_init_refuses_in_a_sentence(run: Run, words: list[str], sentence: str) -> None:
    """A name, a secret or an address that cannot be taken."""
    result = run("init", *words)
    assert (result.exit_code, sentence in result.stderr) == (1, True), result.output


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """A file where a folder should be."""
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(main, ["init", "--home", str(tmp_path / "file" / "hub")])
    assert (result.exit_code, "cannot be a hub's home" in result.stderr) == (1, True)


NO_NAME = "x" * 300
"""No disk takes so long a name, whoever asks for it."""
FILES = [
    (["content", "add", NO_NAME], "cannot be read by the hub"),
    (["content", "export", "well.en", "--to", NO_NAME], "could not be written"),
    (["people", "import", NO_NAME], "cannot be read"),
    (["people", "import", "none.csv"], "cannot be read"),
    (["people", "export", "--to", NO_NAME], "cannot be written"),
    (["people", "export", "--to", "none/people.csv"], "cannot be written"),
    (["people", "export", "--to", "/dev/full"], "No space left"),
    (["outcomes", "export", "--format", "csv", "--to", NO_NAME], "cannot be written"),
    (["outcomes", "export", "--format", "csv", "--to", "/dev/full"], "No space left"),
    (["backup", "--to", NO_NAME], "could not be written"),
    (["restore", "none.zip"], "cannot be read by the hub (No such file"),
    (["key", "revoke", "\udcff"], "There is no key"),
]


@pytest.mark.parametrize(("words", "sentence"), FILES, ids=[" ".join(words)[:40] for words, _ in FILES])
def test_a_file_that_cannot_be_used_is_said(
    home: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], sentence: str
) -> None:
    """Not there, not readable, no room: a sentence, status 1, and nothing is left where it was to be."""
    _made(home)
    run("content", "add", packages.folder(tmp_path / "well"))
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    result = run(*words)
    assert (result.exit_code, sentence in result.stderr) == (1, True), result.output
    assert result.stderr.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


def test_the_last_net_holds_what_nobody_foresaw(run: Run, home: Path) -> None:
    """A folder where the hub keeps a file: no trace, and the file by its name."""
    _made(home)
    (home / "write.lock").unlink()
    (home / "write.lock").mkdir()
    result = run("key", "list")
    assert (result.exit_code, "Traceback" in result.output) == (1, False), result.output
    assert "write.lock cannot be read or written by the hub (Is a directory)" in result.stderr


def test_a_name_that_is_no_text_is_said(run: Run, home: Path, tmp_path: Path) -> None:
    """Bytes of another age on a stick: no trace."""
    _made(home)
    (tmp_path / "\udcff").mkdir()
    result = run("backup", "--to", tmp_path / "\udcff")
    assert (result.exit_code, "Traceback" in result.output) == (1, False), result.output
    assert "a sign in it that is no text" in result.stderr


def test_a_mistake_is_one_sentence_with_json_too(home: Path, run: Run) -> None:
    """A program reads the exit status; standard output stays empty."""
    result = run("content", "list", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
