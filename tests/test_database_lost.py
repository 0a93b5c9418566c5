"""A database that was lost or damaged: never an empty hub in its place, and a sentence that leads to the backup."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hub.care import backup, doctor
from hub.care.restore import restore
from hub.config import load
from hub.errors import DatabaseDamaged, DatabaseLost
from hub.node import Node, make_home, open_node
from tests.fixtures import engines
from tests.fixtures.care import copy_keys, fill, in_a_file, stick

FILE = "mangrove.db"
LOSSES: dict[str, Callable[[Path], object]] = {
    "away": lambda file: file.unlink(),
    "emptied": lambda file: file.write_bytes(b""),
}


@pytest.fixture
def file_home(tmp_path: Path) -> Path:
    """A home whose records are a SQLite file, whatever the run's engine is, with a backup beside."""
    home = tmp_path / "filed"
    with in_a_file(home) as node:
        backup.make(node, stick(home.parent))
    return home


def _open(home: Path) -> Node:
    return open_node(home, load(home, {}, {}))


@pytest.mark.sqlite(engines.FILE)
@pytest.mark.parametrize("lose", LOSSES.values(), ids=LOSSES.keys())
def test_a_lost_file_is_no_new_hub(file_home: Path, lose: Callable[[Path], object]) -> None:
    """The keys stand, so this is a hub that lost its records; nothing is made in their place."""
    lose(file_home / FILE)
    before = sorted(path.name for path in file_home.rglob("*"))
    with pytest.raises(DatabaseLost, match="mangrove restore FILE --force"):
        _open(file_home)
    assert sorted(path.name for path in file_home.rglob("*")) == before


@pytest.mark.sqlite(engines.FILE)
@pytest.mark.parametrize("lose", LOSSES.values(), ids=LOSSES.keys())
def test_the_doctor_does_not_call_it_well(file_home: Path, lose: Callable[[Path], object]) -> None:
    """Somebody has to act, and reads what to do."""
    lose(file_home / FILE)
    found = doctor.examine(file_home, hear_s=0)
    assert not doctor.is_well(found)
    assert "mangrove restore" in found[-1].says


@pytest.mark.sqlite(engines.FILE)
@pytest.mark.parametrize("lose", LOSSES.values(), ids=LOSSES.keys())
def test_a_restore_brings_it_back(file_home: Path, lose: Callable[[Path], object]) -> None:
    """What the sentence says works."""
    lose(file_home / FILE)
    (saved,) = file_home.with_name("stick").iterdir()
    restore(file_home, saved, force=True)
    again = _open(file_home)
    assert again.tables.Person.select().exists()
    again.close()


def test_another_empty_database_is_no_new_hub(node: Node, database_url: Callable[[], str], tmp_path: Path) -> None:
    """A setting that names the wrong server or file is said, also where the file is there and holds nothing."""
    fill(node)
    node.close()
    settings = replace(node.settings, database=database_url())
    if not settings.database:
        (node.home / FILE).rename(tmp_path / "aside")
    with pytest.raises(DatabaseLost, match="are away"):
        open_node(node.home, settings)


def test_keys_whose_entries_others_have_begin_nothing(
    node: Node, database_url: Callable[[], str], tmp_path: Path
) -> None:
    """A new card with the keys of a hub that had spoken with others: its backup comes first."""
    fill(node)
    node.identity.mark(node.journal.streams()[0].stream, 5)
    make_home(tmp_path / "card")
    copy_keys(node.home, tmp_path / "card")
    with pytest.raises(DatabaseLost, match="mangrove restore"):
        open_node(tmp_path / "card", load(tmp_path / "card", {"database": database_url()}, {}))


def test_a_home_that_never_had_records_begins(tmp_path: Path, database_url: Callable[[], str]) -> None:
    """When the power went between making the keys and making the database, init said again goes on."""
    home = tmp_path / "cut"
    make_home(home)
    (home / FILE).write_bytes(b"")
    node = open_node(home, load(home, {"database": database_url()}, {}))
    assert node.journal.streams() == []
    node.close()


@pytest.mark.sqlite(engines.FILE)
@pytest.mark.parametrize("kept", [0.9, 0.5, 0.1])
def test_a_file_cut_short_is_said_to_be_damaged(file_home: Path, kept: float) -> None:
    """Not that it is away, and not a trace; the file stays as it is."""
    whole = (file_home / FILE).read_bytes()
    cut = whole[: int(len(whole) * kept)]
    (file_home / FILE).write_bytes(cut)
    with pytest.raises(DatabaseDamaged, match="The database file .* is damaged .* mangrove restore FILE"):
        _open(file_home)
    assert not doctor.is_well(doctor.examine(file_home, hear_s=0))
    assert (file_home / FILE).read_bytes() == cut


@pytest.mark.sqlite(engines.FILE)
def test_the_records_are_private(tmp_path: Path) -> None:
    """Outside a service too: the folder is its owner's alone, and so is the file, also one that was looser before."""
    home = tmp_path / "private"
    make_home(home)
    _open(home).close()
    assert [path.stat().st_mode & 0o077 for path in (home, home / "jobs", home / "backups", home / FILE)] == [0] * 4
    (home / FILE).chmod(0o644)
    _open(home).close()
    assert (home / FILE).stat().st_mode & 0o077 == 0
