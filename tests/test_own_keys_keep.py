"""The hub's own keys: made once with the home, never in silence again; only the one of cookies can be replaced."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from hub import first_boot, own_keys
from hub.app import create_app
from hub.errors import DatabaseOfAnother
from hub.node import Node, make_home, open_node
from sync.errors import KeyUnreadable
from tests.fixtures.care import fill
from tests.fixtures.forgetful import Forgetful


def _kept(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home / "keys").iterdir()}


def _again(node: Node) -> Node:
    node.close()
    return open_node(node.home, node.settings)


def test_all_keys_are_made_with_the_home(tmp_path: Path) -> None:
    """Whoever copies the folder right after `init` has all of them, and making the home again changes none."""
    make_home(tmp_path)
    first = _kept(tmp_path)
    make_home(tmp_path)
    assert (sorted(first), _kept(tmp_path)) == (["cookies", "hub", "pseudonyms"], first)
    assert {len(key) for key in first.values()} == {32}


def test_keys_outlive_a_power_cut(tmp_path: Path, forgetful: Forgetful) -> None:
    """All of them are on the disk before a hub begins to say anything under them."""
    make_home(tmp_path)
    before = _kept(tmp_path)
    forgetful.cut(tmp_path)
    assert _kept(tmp_path) == before


def test_no_draft_of_keys_is_left(tmp_path: Path) -> None:
    """They are made beside and get their name whole."""
    make_home(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("keys")] == ["keys"]


@pytest.mark.parametrize("name", ["hub", "pseudonyms"])
@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"short")], ids=["lost", "damaged"])
def test_what_a_hub_is_known_by_is_not_made_anew(node: Node, name: str, spoil: Callable[[Path], object]) -> None:
    """One sentence, and the file is as it was."""
    spoil(node.home / "keys" / name)
    before = _kept(node.home)
    with pytest.raises(KeyUnreadable, match="put the file back"):
        _again(node)
    assert _kept(node.home) == before


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"short")], ids=["lost", "damaged"])
def test_the_key_of_cookies_is_made_anew(
    node: Node, spoil: Callable[[Path], object], caplog: pytest.LogCaptureFixture
) -> None:
    """No cookie is ever signed with less than a whole key; everybody signs in once more, and the log says so."""
    spoil(node.home / "keys" / "cookies")
    with caplog.at_level(logging.WARNING):
        again = _again(node)
    assert len(again.cookie_key) == 32 and again.cookie_key != node.cookie_key
    assert "everybody signs in once more" in caplog.text
    last = _again(again)
    last.close()
    assert last.cookie_key == again.cookie_key


def test_records_of_another_hub_do_not_open(node: Node, tmp_path: Path) -> None:
    """New keys over a community's records are refused: nobody becomes its keeper by losing a file."""
    fill(node)
    first_boot.add_keeper(node, name="Lucia", secret="246813")
    (node.home / "keys").rename(tmp_path / "gone")
    own_keys.make(node.home)
    with pytest.raises(DatabaseOfAnother, match=f"of the hub {node.identity.hub_id[:6]}"):
        _again(node)


def test_a_new_key_does_not_open_the_set_up(node: Node) -> None:
    """Whoever looks after the place is known under whichever key the name was given."""
    fill(node)
    first_boot.add_keeper(node, name="Lucia", secret="246813")
    node.write(lambda: node.tables.Hub.update(id="another").execute())
    assert first_boot.is_begun(node)
    assert create_app(node).test_client().get("/setup/").location == "/"
