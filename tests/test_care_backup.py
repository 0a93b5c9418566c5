"""Backups: one file, whole, without keys, made while the hub goes on; on either database."""

import fcntl
import json
import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.care import archive, backup, health
from hub.care.backup import BackupFailed
from hub.errors import BackupDamaged
from hub.node import Node
from tests.fixtures.care import fill, stick
from tests.fixtures.clock import HandClock
from tests.fixtures.device import need
from tests.fixtures.forgetful import Forgetful

DAY_S = 86_400


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A stick with hardly any room."""
    need(os.geteuid() == 0, "Only root makes a small disk")
    stick = tmp_path / "small"
    stick.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", stick], check=True)
    yield stick
    subprocess.run(["umount", stick], check=True)


def test_a_backup_says_what_is_in_it(node: Node, tmp_path: Path) -> None:
    """Whose it is, when it was made, how many entries, and a hash for every file."""
    fill(node)
    facts = archive.check(backup.make(node, stick(tmp_path)))
    assert (facts.hub, facts.made_ms, facts.entries) == (node.identity.hub_id, node.clock.now_ms(), 5)
    assert facts.packages == ()
    assert "records.db" in facts.files


def test_a_backup_holds_no_key(node: Node, tmp_path: Path) -> None:
    """No byte of any file in keys/ is in it, packed or not."""
    fill(node)
    made = backup.make(node, stick(tmp_path))
    with zipfile.ZipFile(made) as opened:
        inside = [opened.read(name) for name in opened.namelist()]
    secrets = [path.read_bytes() for path in (node.home / "keys").iterdir()]
    assert secrets
    assert not [1 for secret in secrets for body in inside if secret in body]


def test_a_backup_lets_nobody_in(node: Node, tmp_path: Path) -> None:
    """Sign-ins stay behind: an old cookie opens nothing on a restored hub."""
    node.write(
        node.tables.SignIn.insert(id="token", person="p1", device="shared", label="", begun_ms=1, seen_ms=1).execute
    )
    made = backup.make(node, stick(tmp_path))
    with zipfile.ZipFile(made) as opened:
        assert b"token" not in opened.read("records.db")


def test_only_its_owner_may_read_a_backup(node: Node, tmp_path: Path) -> None:
    """It holds names, so nobody else on the machine reads it."""
    assert backup.make(node, stick(tmp_path)).stat().st_mode & 0o777 == 0o600


def test_a_backup_outlives_a_power_cut(node: Node, tmp_path: Path, forgetful: Forgetful) -> None:
    """Whoever was told that it is made can pull the stick or the plug."""
    fill(node)
    made = backup.make(node, stick(tmp_path))
    forgetful.cut(tmp_path / "stick")
    assert archive.check(made).hub == node.identity.hub_id


def test_nothing_is_left_beside_a_backup(node: Node, tmp_path: Path) -> None:
    """Staged files are gone, the name is the last step."""
    made = backup.make(node, stick(tmp_path))
    assert list((tmp_path / "stick").iterdir()) == [made]


def _leave(folder: Path) -> None:
    """What `kill -9` in the midst of a backup leaves."""
    (folder / ".backup-abc").mkdir(parents=True)
    (folder / ".backup-abc" / "records.db").write_bytes(b"names of people")
    (folder / ".mangrove-abc-20251124T160000Z.zip.part").write_bytes(b"half")


def test_what_a_cut_backup_left_goes_with_the_next(node: Node, tmp_path: Path) -> None:
    """A stick does not fill up with halves that name people."""
    _leave(tmp_path / "stick")
    made = backup.make(node, stick(tmp_path))
    assert list((tmp_path / "stick").iterdir()) == [made]


def test_what_a_cut_backup_left_goes_at_the_next_start(node: Node) -> None:
    """In the home folder nobody has to ask for a backup first."""
    _leave(node.home / "backups")
    made = backup.by_itself(node)
    _leave(node.home / "backups")
    backup.clear_away(node)
    assert list((node.home / "backups").iterdir()) == [made]


def test_a_backup_that_is_being_made_is_left_alone(node: Node) -> None:
    """A hub that starts beside a command's backup takes nothing away from it."""
    _leave(node.home / "backups")
    folder = os.open(node.home / "backups", os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    backup.clear_away(node)
    os.close(folder)
    assert len(list((node.home / "backups").iterdir())) == 2


def test_a_folder_that_takes_nothing_is_said(node: Node, tmp_path: Path) -> None:
    """A file where a folder should be: one sentence, and no note of a backup."""
    (tmp_path / "stick").write_text("not a folder")
    with pytest.raises(BackupFailed, match="The hub is as it was"):
        backup.make(node, tmp_path / "stick")
    assert backup.last(node) is None


def test_a_stick_that_is_not_in_is_said(node: Node, tmp_path: Path) -> None:
    """No folder is made in its place: the backup would lie on the card that it is to outlive."""
    with pytest.raises(BackupFailed, match="No such file or directory.*put the stick in, or make the folder"):
        backup.make(node, tmp_path / "media" / "stick")
    assert not (tmp_path / "media").exists()
    assert backup.last(node) is None


@pytest.mark.root
def test_a_full_stick_is_said(node: Node, full: Path) -> None:
    """The records or the packages find no room: the disk is said to be full, and nothing is left on it."""
    fill(node)
    for with_content in (False, True):
        with pytest.raises(BackupFailed, match="the disk is full|No space left"):
            backup.make(node, full, with_content=with_content)
    assert list(full.iterdir()) == []


def test_the_hub_keeps_its_newest_backups(make_node: Callable[..., Node], clock: HandClock) -> None:
    """The daily ones beyond `backups_kept` go, the oldest first."""
    node = make_node(backups_kept=2)
    made = []
    for _ in range(4):
        clock.advance(DAY_S)
        made.append(backup.by_itself(node))
    assert sorted((node.home / "backups").iterdir()) == made[2:]


def test_a_backup_is_due_once_a_day(node: Node, clock: HandClock) -> None:
    """Never made is due; just made is not; a day later it is; a clock that went back makes it due too."""
    seen = [backup.is_due(node)]
    backup.by_itself(node)
    seen.append(backup.is_due(node))
    clock.advance(DAY_S)
    seen.append(backup.is_due(node))
    clock.advance(-2 * DAY_S)
    seen.append(backup.is_due(node))
    assert seen == [True, False, True, True]


def test_an_old_backup_is_late(node: Node, clock: HandClock) -> None:
    """After two days without one somebody should look."""
    backup.by_itself(node)
    clock.advance(2 * DAY_S + 1)
    assert health.health(node).backup_is_late


def test_a_hub_that_makes_none_is_never_late(make_node: Callable[..., Node]) -> None:
    """With backup_every = 0 the hub neither makes nor misses one."""
    node = make_node(backup_every=0)
    assert (backup.is_due(node), backup.is_late(node)) == (False, False)


def _spoilt(path: Path, how: str) -> Path:
    """A copy of a backup that something happened to."""
    with zipfile.ZipFile(path) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    facts = json.loads(members[archive.FACTS_NAME])
    if how == "newer":
        facts["format"] = 99
    elif how == "changed":
        members[archive.RECORDS_NAME] = members[archive.RECORDS_NAME][:-1] + b"!"
    elif how == "missing":
        del members[archive.RECORDS_NAME]
    elif how == "no records":
        facts["files"] = {}
    elif how == "no list":
        facts = []
    other = path.with_name(f"{how}.zip")
    with zipfile.ZipFile(other, "w") as written:
        for name, body in {**members, archive.FACTS_NAME: json.dumps(facts).encode()}.items():
            written.writestr(name, body)
    return other


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("newer", "made by a newer Mangrove"),
        ("changed", "records.db was changed"),
        ("missing", "not a whole backup"),
        ("no records", "it holds no records"),
        ("no list", "not a whole backup"),
    ],
)
def test_a_spoilt_backup_is_refused(node: Node, tmp_path: Path, how: str, sentence: str) -> None:
    """Each kind of damage is one sentence."""
    with pytest.raises(BackupDamaged, match=sentence):
        archive.check(_spoilt(backup.make(node, stick(tmp_path)), how))


@pytest.mark.parametrize("body", [b"", b"PK", b"no zip at all" * 100], ids=["empty", "cut", "text"])
def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, body: bytes) -> None:
    """Anything else with the right name is refused before anything is touched."""
    (tmp_path / "x.zip").write_bytes(body)
    with pytest.raises(BackupDamaged, match="Nothing was changed"):
        archive.check(tmp_path / "x.zip")


def test_a_backup_cannot_write_outside_its_folder(node: Node, tmp_path: Path) -> None:
    """A name with .. in it is refused, even with the right hash."""
    made = backup.make(node, stick(tmp_path))
    facts = archive.check(made)
    with zipfile.ZipFile(made, "a") as opened:
        opened.writestr("../outside", b"x")
    facts.files["../outside"] = ""
    with pytest.raises(BackupDamaged, match="outside itself"):
        archive.unpack(made, facts, tmp_path / "in" / "folder")
    assert not (tmp_path / "in" / "outside").exists()
