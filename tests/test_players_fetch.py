"""Players from npm: fetched whole or not at all when the program is built, served under addresses that carry a hash."""

import importlib.util
import json
import os
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from types import ModuleType

import pytest

from hub import fetched
from hub.app import create_content_app
from hub.care import doctor
from hub.node import Node

HERE = Path(__file__).parent.parent / "players"
YEAR = "max-age=31536000, immutable"


@pytest.fixture(scope="module")
def fetching() -> ModuleType:
    """The script that `make setup` runs."""
    spec = importlib.util.spec_from_file_location("fetch", HERE / "fetch.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def another_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A function that puts a script in the place of the machine's npm."""

    def lay(script: str) -> None:
        npm = tmp_path / "bin" / "npm"
        npm.parent.mkdir()
        npm.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        npm.chmod(0o755)
        monkeypatch.setenv("PATH", f"{npm.parent}{os.pathsep}/usr/bin{os.pathsep}/bin")

    return lay


def test_the_lock_names_hashes_and_no_host() -> None:
    """Every package of the lock file is known by its SHA-512, whoever hands it over; and its licence is free."""
    locked = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    packages = {path: told for path, told in locked.items() if path}
    assert {path for path, told in packages.items() if not told["integrity"].startswith("sha512-")} == set()
    assert {path for path, told in packages.items() if "resolved" in told} == set()
    assert {told["license"] for told in packages.values()} == {"MIT"}


def test_what_was_fetched_stands_with_its_licences(fetching: ModuleType) -> None:
    """`make setup` has laid out every player that the hub asks for, at the version of the lock file."""
    locked = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert set(fetching.TAKEN) == set(fetched.NAMES)
    for name in fetched.NAMES:
        player = fetched.player(name)
        assert player is not None and player.version == locked[f"node_modules/{name}"]["version"]
        assert "MIT License" in player.files["LICENSE"].read_text(encoding="utf-8")
        assert all(path.is_file() for path in player.files.values())


def test_fetching_again_does_nothing(fetching: ModuleType, another_npm: Callable[[str], None], tmp_path: Path) -> None:
    """What stands as the lock file has it is left; npm is not even asked."""
    another_npm("exit 1")
    assert fetching.fetch(fetching.PLACE, tmp_path / "work") is False
    assert not (tmp_path / "work").exists()


H5P = "node_modules/h5p-standalone"
CUT = {
    "no network": "echo 'npm error network' >&2; exit 1",
    "a file less": f"mkdir -p {H5P} && echo '{{}}' >{H5P}/LICENSE && echo '{{\"version\": \"1\"}}' >{H5P}/package.json",
}


@pytest.mark.parametrize("script", CUT.values(), ids=CUT.keys())
def test_a_fetch_that_is_cut_leaves_what_stood(
    script: str,
    fetching: ModuleType,
    another_npm: Callable[[str], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One sentence and status 1; the players of before are there, and nothing lies about."""
    place, work = tmp_path / "players", tmp_path / "work"
    place.mkdir()
    (place / "players.json").write_text('{"mark": "older"}', encoding="utf-8")
    another_npm(script)
    monkeypatch.setattr(fetching.fetch, "__defaults__", (place, work))
    assert fetching.main() == 1
    assert capsys.readouterr().err.startswith("The players ")
    assert [path.name for path in place.iterdir()] == ["players.json"]
    assert list(work.iterdir()) == []


def test_a_machine_another_npm_gets_one_from_pip(
    fetching: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same files, and nothing of Node stays."""
    monkeypatch.setattr(fetching.shutil, "which", lambda name: None)
    place, work = tmp_path / "players", tmp_path / "work"
    assert fetching.fetch(place, work) is True
    assert (place / "players.json").read_text("utf-8") == (fetching.PLACE / "players.json").read_text("utf-8")
    assert list(work.iterdir()) == []


def test_a_player_is_kept_for_good(node: Node) -> None:
    """On the packages' origin, shut in like everything there; another hash or another file is not found."""
    client = create_content_app(node).test_client()
    player = fetched.player("scorm-again")
    assert player is not None
    address = player.address("dist/scorm12.min.js")
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (HTTPStatus.OK, "text/javascript")
    assert answer.headers["Cache-Control"].endswith(YEAR)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for wrong in ("dist/none.js", "../players.json", "..%2f..%2f..%2fplayers.json", "package.json"):
        assert client.get(address.replace("dist/scorm12.min.js", wrong)).status_code == HTTPStatus.NOT_FOUND
    assert client.get(address.replace(player.digest[:16], "0" * 16)).status_code == HTTPStatus.NOT_FOUND
    with pytest.raises(KeyError):
        player.address("dist/none.js")


def test_a_program_without_players_says_so(node: Node, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The doctor names those that did not come along, and how they come."""
    assert fetched.missing(tmp_path) == list(fetched.NAMES)
    found = {check.name: check for check in doctor.examine(node.home, hear_s=0)}
    assert found["players"].state == doctor.GOOD
    monkeypatch.setattr(fetched, "missing", lambda: ["scorm-again"])
    found = {check.name: check for check in doctor.examine(node.home, hear_s=0)}
    assert found["players"].state == doctor.NOTE
    assert found["players"].says.startswith("scorm-again did not come with this program")
