"""What a device does with a stick: it is put in for the hub alone, in a place of its own, and leaves nothing behind."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.fixtures.device import DEPLOY

SAFE, OURS = "nosuid,nodev,noexec", "uid=0,gid=0,umask=0077"
TOLD = """#!/bin/sh
echo "{name} $*" >> "{log}"
{more}
"""


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Stand-ins for what only a machine with a stick can do: they write down what they were told."""
    folder = tmp_path / "bin"
    folder.mkdir()
    programs = {"lsblk": "echo 'A teacher'", "mount": "case $2 in *utf8*) exit ${REFUSES:-0};; esac", "umount": ""}
    for name, more in programs.items():
        place = folder / name
        place.write_text(TOLD.format(name=name, log=tmp_path / "log", more=more))
        place.chmod(stat.S_IRWXU)
    return folder


def run(tmp_path: Path, *words: str, **environ: str) -> list[str]:
    """Call the script; what the machine was told."""
    told = {
        "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        "MANGROVE_STICKS": str(tmp_path / "media"),
        "MANGROVE_USER": "root",
        **environ,
    }
    (tmp_path / "log").write_text("")
    subprocess.run([DEPLOY / "mangrove-stick", *words], env=told, check=True)
    return [line for line in (tmp_path / "log").read_text().splitlines() if "mount" in line]


@pytest.mark.usefixtures("tools")
def test_a_stick_is_for_the_hub_alone(tmp_path: Path) -> None:
    """Nothing on it can be run or be a device; its folder has its label and its number, and goes with it."""
    place, device = tmp_path / "media" / "Ateacher-1234-ABCD", "/dev/disk/by-uuid/1234-ABCD"
    assert run(tmp_path, "in", device) == [f"mount -o rw,{SAFE},{OURS},utf8 {device} {place}"]
    assert place.is_dir()
    assert run(tmp_path, "out", device) == [f"umount --lazy {place}"]
    assert not place.exists()


@pytest.mark.usefixtures("tools")
def test_a_file_system_without_that_word(tmp_path: Path) -> None:
    """Not every one knows utf8: it is tried once more without."""
    told = run(tmp_path, "in", "/dev/disk/by-uuid/1234-ABCD", REFUSES="32")
    assert [line.split()[2] for line in told] == [f"rw,{SAFE},{OURS},utf8", f"rw,{SAFE},{OURS}"]


@pytest.mark.usefixtures("tools")
def test_a_stick_that_takes_no_owner_or_no_writing(tmp_path: Path) -> None:
    """A file system with owners of its own keeps them; what cannot be written is there for reading."""
    for refused, last in (("*,uid=*", f"rw,{SAFE}"), ("*rw*", f"ro,{SAFE},utf8"), ("*rw*|*utf8*", f"ro,{SAFE}")):
        (tmp_path / "bin" / "mount").write_text(
            TOLD.format(name="mount", log=tmp_path / "log", more=f"case $2 in {refused}) exit 32;; esac")
        )
        assert run(tmp_path, "in", "/dev/disk/by-uuid/1234-ABCD")[-1].split()[2] == last
