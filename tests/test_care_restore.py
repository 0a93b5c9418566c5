"""Restoring: the same tables from the file, in a new incarnation; never a second hub by accident."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest

from hub import projections
from hub.care import archive, backup
from hub.care.restore import ASIDE, restore
from hub.config import keep, load
from hub.errors import BackupDamaged, DatabaseNewer, RestoreRefused
from hub.node import Node, make_home, open_node
from hub.protection import reports, voices
from hub.protection.reports import More, Told
from sync.errors import KeyUnreadable
from tests.fixtures import sounds
from tests.fixtures.care import copy_keys, fill, stick


@pytest.fixture
def saved(node: Node, tmp_path: Path) -> Path:
    """A backup of a hub with a little in it."""
    fill(node)
    return backup.make(node, stick(tmp_path))


@pytest.fixture
def home(tmp_path: Path, database_url: Callable[[], str], node: Node) -> Path:
    """An empty home whose settings name a database of its own, with the first hub's keys."""
    home = tmp_path / "second"
    make_home(home)
    keep(home, {"database": database_url()})
    copy_keys(node.home, home)
    return home


def _opened(home: Path) -> Node:
    return open_node(home, load(home, {}, {}))


def test_everything_is_as_it_was(node: Node, saved: Path, home: Path) -> None:
    """The tables of the restored hub have the fingerprint of the first one's."""
    back = restore(home, saved)
    again = _opened(home)
    fingerprint = projections.fingerprint(again.tables)
    again.close()
    assert (back.is_same_hub, back.entries) == (True, 5)
    assert fingerprint == projections.fingerprint(node.tables)


def test_the_streams_go_on_in_a_new_incarnation(node: Node, saved: Path, home: Path) -> None:
    """Others may know more of the old stream than the backup does, so nothing is appended to it."""
    restore(home, saved)
    again = _opened(home)
    again.write(lambda: again.change("person", "p2", name="Kofi"))
    lines = again.journal.streams(hub=node.identity.hub_id, audience="local")
    again.close()
    assert sorted((line.incarnation, line.is_current) for line in lines) == [(1, 0), (2, 1)]


def test_without_keys_nothing_is_restored(saved: Path, home: Path) -> None:
    """A backup alone does not make anybody this hub."""
    for key in (home / "keys").iterdir():
        key.unlink()
    with pytest.raises(RestoreRefused, match="There are no keys in .*--as-new-hub"):
        restore(home, saved)


def test_the_keys_of_another_hub_do_not_fit(saved: Path, tmp_path: Path, make_node: Callable[..., Node]) -> None:
    """Somebody who chose the wrong card hears of it."""
    other = make_node("other")
    other.close()
    with pytest.raises(RestoreRefused, match="keys of another hub"):
        restore(other.home, saved)


def test_records_go_on_under_a_new_key_when_somebody_says_so(node: Node, home: Path, tmp_path: Path) -> None:
    """The people are back, the hub is another one, and what the old one had published does not count again."""
    fill(node)
    node.write(lambda: node.journal.append("region", "statement", b'{"raw":{}}'))
    saved = backup.make(node, stick(tmp_path))
    for key in (home / "keys").iterdir():
        key.unlink()
    back = restore(home, saved, as_new_hub=True)
    again = _opened(home)
    name = again.tables.Person.get_by_id("p1").name
    hub = again.tables.Hub.get_by_id(again.identity.hub_id).name
    audiences = {line.audience for line in again.journal.streams(hub=node.identity.hub_id)}
    again.close()
    assert (back.is_same_hub, name, hub, audiences) == (False, "Amina Said", "Mbuyu", {"local"})


def test_a_hub_with_records_is_not_replaced_by_mistake(saved: Path, home: Path) -> None:
    """A second restore needs --force."""
    restore(home, saved)
    with pytest.raises(RestoreRefused, match="say --force"):
        restore(home, saved)


def _asides(home: Path, engine: str) -> list[Path]:
    """What was kept beside: files of records, or backups where PostgreSQL keeps the records."""
    pattern = f"*.{ASIDE}-*Z*" if engine == "sqlite" else f"backups/{ASIDE}-*.zip"
    return [path for path in sorted(home.glob(pattern)) if path.suffix not in (".db-wal", ".db-shm")]


def test_what_stood_there_is_kept_beside(saved: Path, home: Path, engine: str) -> None:
    """Even --force loses nothing, said twice at the same moment: each time the records that stood are a file beside."""
    for name in ("Early", "Late"):
        restore(home, saved, force=True)
        again = _opened(home)
        again.write(lambda again=again, name=name: again.change("person", "p9", name=name))
        again.close()
    restore(home, saved, force=True)
    after = _opened(home)
    late = after.tables.Person.get_or_none(after.tables.Person.id == "p9")
    after.close()
    assert (len(_asides(home, engine)), late) == (2, None)


def test_what_is_kept_beside_can_come_back(saved: Path, home: Path, engine: str) -> None:
    """The records that a restore replaced are whole in their file beside."""
    restore(home, saved)
    again = _opened(home)
    again.write(lambda: again.change("person", "p9", name="Late"))
    again.close()
    restore(home, saved, force=True)
    (aside,) = _asides(home, engine)
    if engine == "sqlite":
        aside.replace(home / "mangrove.db")
    else:
        restore(home, aside, force=True)
    after = _opened(home)
    assert after.tables.Person.get_by_id("p9").name == "Late"
    after.close()


def test_what_is_kept_beside_says_whose_it_is(node: Node, saved: Path, home: Path, engine: str) -> None:
    """Records that are replaced under a new key are still those of the hub that wrote them."""
    restore(home, saved)
    (home / "keys" / "hub").unlink()
    back = restore(home, saved, force=True, as_new_hub=True)
    (aside,) = _asides(home, engine)
    assert back.hub != node.identity.hub_id
    assert engine == "sqlite" or archive.check(aside).hub == node.identity.hub_id


def test_tables_of_somebody_else_stay(saved: Path, home: Path, engine: str) -> None:
    """In a database that another program uses too, only the hub's own tables are replaced."""
    restore(home, saved)
    hub = _opened(home)
    hub.write(lambda: hub.database.execute_sql("CREATE TABLE harvest (id TEXT)"))
    hub.close()
    restore(home, saved, force=True)
    again = _opened(home)
    assert again.database.table_exists("harvest") == (engine == "postgresql")
    again.close()


def test_lost_pseudonyms_are_said_before_anything_is_changed(saved: Path, home: Path) -> None:
    """A copy of the keys that is not whole would let everybody count twice in the region."""
    (home / "keys" / "pseudonyms").unlink()
    before = sorted(path.name for path in home.rglob("*"))
    with pytest.raises(KeyUnreadable, match="pseudonyms cannot be read"):
        restore(home, saved)
    assert set(before) >= {path.name for path in home.rglob("*")}


def test_a_running_hub_is_left_alone(saved: Path, home: Path) -> None:
    """While a server holds the home, restoring is refused."""
    with (home / "jobs" / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(RestoreRefused, match="is running"):
            restore(home, saved)


def test_a_damaged_backup_changes_nothing(home: Path, tmp_path: Path) -> None:
    """The home folder stays as it was, byte for byte."""
    (tmp_path / "bad.zip").write_bytes(b"PK but no more")
    before = sorted(path.name for path in home.rglob("*"))
    with pytest.raises(BackupDamaged, match="Nothing was changed"):
        restore(home, tmp_path / "bad.zip")
    assert sorted(path.name for path in home.rglob("*")) == before


def test_a_backup_of_a_newer_version_changes_nothing(node: Node, home: Path, tmp_path: Path) -> None:
    """The records of a program that knows more are left to it."""
    fill(node)
    node.write(lambda: node.database.execute_sql("UPDATE version SET done = '99' WHERE name = 'local'"))
    saved = backup.make(node, stick(tmp_path))
    with pytest.raises(DatabaseNewer, match="newer Mangrove"):
        restore(home, saved)
    assert not (home / "mangrove.db").exists()


def test_the_settings_come_along_when_there_are_none(make_node: Callable[..., Node], tmp_path: Path) -> None:
    """A fresh home takes the settings of the backup; a home with its own keeps them."""
    node = make_node()
    if node.settings.database:
        keep(node.home, {"database": node.settings.database})
    keep(node.home, {"language": "fr"})
    saved = backup.make(node, stick(tmp_path))
    node.close()
    fresh = tmp_path / "fresh"
    make_home(fresh)
    copy_keys(node.home, fresh)
    restore(fresh, saved, force=True)
    assert load(fresh, {}, {}).language == "fr"


def test_what_was_spoken_in_a_report_comes_back(node: Node, home: Path, tmp_path: Path) -> None:
    """The file and the report that names it: it is nowhere else."""
    told = reports.report(node, told=Told("afraid"), source="a")
    reports.say_more(node, report=told, more=More(sound=sounds.wav()), source="a")
    restore(home, backup.make(node, stick(tmp_path)))
    again = _opened(home)
    (name,) = voices.named(again)
    found = voices.served(again, name)
    again.close()
    assert found is not None and found.read_bytes() == sounds.wav()
