"""Keys of outside tools: made, listed, checked, taken back; the secret is told once and never kept."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from hub import keys
from hub.cli import main
from hub.errors import InputWrong, KeyWrong, NotFound
from hub.node import Node, make_home


def test_a_secret_opens_and_is_not_kept(node: Node) -> None:
    """Only its hash is in the database."""
    key, secret = keys.add(node, name="Tablet app", scopes=["statements/write"])
    assert keys.check(node, key=key.id, secret=secret) == key
    assert secret not in repr(list(node.tables.Key.select().tuples()))
    assert len(secret) >= 43


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
