"""Keys of outside tools: made, listed, checked, taken back; the secret is told once and never kept."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from hub import keys
from hub.cli import main
from hub.config import load
from hub.errors import InputWrong, KeyWrong, NotFound, StorageFull
from hub.node import Node, make_home, open_node
from tests.fixtures.clock import START_MS, HandClock


def test_a_secret_opens_and_is_not_kept(node: Node) -> None:
    """Only its hash is in the database."""
    key, secret = keys.add(node, name="Tablet app", scopes=["statements/write"])
    assert keys.check(node, key=key.id, secret=secret) == key
    assert secret not in repr(list(node.tables.Key.select().tuples()))
    assert len(secret) >= 43


def test_neither_key_nor_secret_looks_like_an_option(node: Node) -> None:
    """Tools take them on a command line, where a hyphen at the start means something else."""
    drawn = [b"\xfb" * 9, b"\0" * 9, b"\xf8" * 32, b"\xfb\0" * 16, b"\1" * 32]
    object.__setattr__(node, "randomness", lambda count: drawn.pop(0)[:count])
    key, secret = keys.add(node, name="Tablet app", scopes=["all"])
    assert (key.id, secret[:4], drawn) == ("A" * 12, "AQEB", [])


@pytest.mark.parametrize("change", ["key", "secret"])
def test_another_secret_or_key_opens_nothing(node: Node, change: str) -> None:
    """One sentence, the same for both."""
    key, secret = keys.add(node, name="A", scopes=["all"])
    other, _ = keys.add(node, name="B", scopes=["all"])
    asked = {"key": key.id, "secret": secret, change: other.id}
    with pytest.raises(KeyWrong, match="not one of this hub's"):
        keys.check(node, **asked)


@pytest.mark.parametrize("key", ["", "nobody", "x" * 5000, "a\0b", "' OR 1=1"])
def test_an_odd_key_opens_nothing(node: Node, key: str) -> None:
    """Whatever is sent."""
    with pytest.raises(KeyWrong):
        keys.check(node, key=key, secret="x")


def test_taking_back_is_for_good_and_safe_to_repeat(node: Node) -> None:
    """The list still says that it was."""
    key, secret = keys.add(node, name="A", scopes=["all"])
    assert [keys.revoke(node, key.id).is_revoked for _ in range(2)] == [True, True]
    with pytest.raises(KeyWrong):
        keys.check(node, key=key.id, secret=secret)
    assert [each.is_revoked for each in keys.keys(node)] == [True]


def test_a_key_that_is_none_cannot_be_taken_back(node: Node) -> None:
    """One sentence that says where to look."""
    with pytest.raises(NotFound, match="mangrove key list"):
        keys.revoke(node, "nobody")


@pytest.mark.parametrize(
    ("name", "scopes"),
    [("", ["all"]), (" ", ["all"]), ("x" * 81, ["all"]), ("a\nb", ["all"]), ("A", []), ("A", ["everything"])],
)
def test_a_key_without_a_name_or_scope_is_not_made(node: Node, name: str, scopes: list[str]) -> None:
    """Nothing is kept."""
    with pytest.raises(InputWrong, match="nothing was made"):
        keys.add(node, name=name, scopes=scopes)
    assert keys.keys(node) == []


@pytest.fixture
def command(tmp_path: Path, choose_database: Callable[[Path], Path]) -> Callable[..., str]:
    """Run `mangrove key …` on a home and return what it prints."""
    make_home(choose_database(tmp_path / "home"))

    def run(*words: str, status: int = 0) -> str:
        result = CliRunner().invoke(main, ["key", *words, "--home", str(tmp_path / "home")])
        assert result.exit_code == status, result.output
        return result.output

    return run


def test_the_command_makes_lists_and_takes_back(command: Callable[..., str]) -> None:
    """As the contract says: key and secret once, in JSON."""
    made = json.loads(command("add", "Tablet app", "--scope", "statements/write", "--scope", "all/read", "--json"))
    assert set(made) == {"key", "secret"}
    (listed,) = json.loads(command("list", "--json"))
    assert (listed["id"], listed["scopes"]) == (made["key"], ["statements/write", "all/read"])
    assert made["secret"] not in command("list")
    assert "opens nothing any more" in command("revoke", made["key"])
    assert "taken back" in command("list")


def test_the_command_refuses_in_a_sentence(command: Callable[..., str]) -> None:
    """Exit status 1 for what cannot be, 2 for wrong usage."""
    assert "nothing was made" in command("add", "A", "--scope", "everything", status=1)
    assert "There is no key" in command("revoke", "nobody", status=1)
    assert "--scope" in command("add", "A", status=2)
    assert "There is no key yet" in command("list")


def test_a_key_ends_with_its_last_day(node: Node, clock: HandClock) -> None:
    """To the end of that day, in UTC; the sentence tells it from a key that never was."""
    key, secret = keys.add(node, name="A", scopes=["all"], until="2025-11-24")
    assert key.last_day == "2025-11-24"
    clock.advance((key.until_ms - clock.now_ms()) / 1000 - 1)
    keys.check(node, key=key.id, secret=secret)
    clock.advance(1)
    with pytest.raises(KeyWrong, match="until a day that is over"):
        keys.check(node, key=key.id, secret=secret)
    with pytest.raises(KeyWrong, match="not one of this hub's"):
        keys.check(node, key=key.id, secret="x")


@pytest.mark.parametrize("until", ["2025-11-23", "tomorrow", "2025-02-30", "2025-1-1", "9999-99-99", "٢٠٢٦-٠١-٠١"])
def test_a_key_without_a_day_to_come_is_not_made(node: Node, until: str) -> None:
    """A day that is over, or that is none."""
    with pytest.raises(InputWrong, match="nothing was made"):
        keys.add(node, name="A", scopes=["all"], until=until)
    assert keys.keys(node) == []


def test_a_use_is_noted_to_the_hour(node: Node, clock: HandClock) -> None:
    """An asking is no writing: within the hour nothing is written, whichever way the clock is set."""
    key, secret = keys.add(node, name="A", scopes=["all"])
    for passed_s, noted in ((0, 0), (3599, 0), (1, 3600), (-7200, -3600)):
        clock.advance(passed_s)
        keys.check(node, key=key.id, secret=secret)
        assert keys.find(node, key.id).used_ms == START_MS + noted * 1000


def test_a_wrong_secret_is_no_use(node: Node) -> None:
    """Whoever guesses leaves no trace that a librarian would take for the tool."""
    key, _ = keys.add(node, name="A", scopes=["all"])
    with pytest.raises(KeyWrong):
        keys.check(node, key=key.id, secret="x")
    assert keys.find(node, key.id).used_ms == 0


def test_a_full_disk_keeps_nobody_from_reading(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """That the key was used is not noted then."""
    key, secret = keys.add(node, name="A", scopes=["all"])

    def full(*_: object) -> None:
        raise StorageFull("The disk is full.")

    monkeypatch.setattr(type(node), "write", full)
    assert keys.check(node, key=key.id, secret=secret).id == key.id


def test_there_is_an_end_to_keys(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was taken back makes room."""
    monkeypatch.setattr(keys, "KEYS_MAX", 2)
    first, _ = keys.add(node, name="A", scopes=["all"])
    keys.add(node, name="B", scopes=["all"])
    with pytest.raises(InputWrong, match="2 keys are good here already"):
        keys.add(node, name="C", scopes=["all"])
    keys.revoke(node, first.id)
    keys.add(node, name="C", scopes=["all"])


def test_a_name_that_is_taken_makes_no_second_key(node: Node) -> None:
    """The first one and its secret stand."""
    name = keys.new_name(node)
    key, secret = keys.add(node, name="A", scopes=["all"], key=name)
    with pytest.raises(InputWrong, match="made already"):
        keys.add(node, name="B", scopes=["all"], key=name)
    assert keys.check(node, key=name, secret=secret).name == key.name == "A"


def test_what_was_taken_back_in_one_process_opens_nothing_in_another(
    tmp_path: Path, choose_database: Callable[[Path], Path]
) -> None:
    """At once: no process keeps a key in its memory."""
    home = choose_database(tmp_path / "home")
    make_home(home)
    one, other = (open_node(home, load(home, {}, {})) for _ in range(2))
    with closing(one), closing(other):
        key, secret = keys.add(one, name="A", scopes=["all"])
        assert keys.check(other, key=key.id, secret=secret).id == key.id
        keys.revoke(one, key.id)
        with pytest.raises(KeyWrong):
            keys.check(other, key=key.id, secret=secret)


def test_the_command_tells_how_a_key_is_used(command: Callable[..., str]) -> None:
    """Its last day, its last use and what it wrote."""
    command("add", "Clinic", "--scope", "state", "--until", "2999-12-31")
    (listed,) = json.loads(command("list", "--json"))
    assert (listed["last_day"], listed["used_ms"], listed["wrote"], listed["maker"]) == ("2999-12-31", 0, 0, "")
    assert "until 2999-12-31  not used yet  wrote 0  Clinic" in command("list")
    assert "nothing was made" in command("add", "A", "--scope", "all", "--until", "2020-01-01", status=1)
