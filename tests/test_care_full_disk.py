"""A full disk: every command says so, nothing that stands is taken for damaged, and a backup goes elsewhere."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.care import archive, backup
from hub.cli import main
from hub.config import keep, load
from hub.node import make_home, open_node
from tests.fixtures import packages
from tests.fixtures.device import need

SIZE = "16m"
LEFT_KIB = [0, 4, 36, 48, 100]
"""Too little for SQLite's own files, for the catalogue's, for a copy."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A hub with a package, on a small disk of its own."""
    need(os.geteuid() == 0, "Only root makes a small disk")
    disk = tmp_path / "small"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", disk], check=True)
    try:
        make_home(disk / "hub")
        keep(disk / "hub", {"free_reserve": "0"})
        added = _run(disk / "hub", "content", "add", str(packages.folder(tmp_path / "well")))
        assert added.exit_code == 0, added.output
        yield disk / "hub"
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def _run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--home", str(home)])


def _fill(home: Path, left_kib: int) -> Path:
    """Lay a file on the disk that leaves so much room."""
    stuff = home.parent / "stuff"
    usage = os.statvfs(home)
    with stuff.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, usage.f_bavail * usage.f_frsize - left_kib * 1024)
    return stuff


@pytest.mark.root
@pytest.mark.parametrize("left_kib", LEFT_KIB)
def test_commands_say_that_the_disk_is_full(home: Path, tmp_path: Path, left_kib: int) -> None:
    """One sentence each, no trace; the library's list stands as it was, and is there when there is room again."""
    listed, before = _run(home, "content", "list").stdout, (home / "catalogue.db").read_bytes()
    stuff = _fill(home, left_kib)
    for words in (["content", "list"], ["backup"], ["backup", "--to", str(home.parent)], ["key", "list"]):
        result = _run(home, *words)
        if result.exit_code:
            assert isinstance(result.exception, SystemExit), result.exception
            assert "disk is full" in result.output, result.output
        assert (home / "catalogue.db").read_bytes() == before
    stuff.unlink()
    assert _run(home, "content", "list").stdout == listed != ""


@pytest.mark.root
def test_a_running_hub_makes_a_backup_on_another_disk(home: Path, tmp_path: Path) -> None:
    """Its own disk takes no note of it; the file is whole all the same, and nobody is told otherwise."""
    node = open_node(home, load(home))
    _fill(home, 0)
    made = backup.make(node, tmp_path)
    assert archive.check(made).hub == node.identity.hub_id
    node.close()
