"""A restore that is cut off at any step: no empty hub that anybody may take, and the same again brings all back."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from hub import first_boot, projections
from hub.care import backup
from hub.care.restore import ASIDE, restore
from hub.config import keep, load
from hub.errors import RestoreUnfinished
from hub.node import RESTORING, Node, make_home, open_node
from tests.fixtures.care import copy_keys, fill, stick
from tests.fixtures.plug import PlugDisk, PlugPulled

STEPS_LEAST = 5
"""A restore changes the disk at least so often."""
BEFORE, AFTER = {"Amina Said", "Lucia", "Late"}, {"Amina Said", "Lucia"}


@pytest.fixture
def saved(node: Node, tmp_path: Path) -> Path:
    """A backup of a hub that is set up."""
    fill(node)
    first_boot.add_keeper(node, name="Lucia", secret="246813")
    return backup.make(node, stick(tmp_path))


@pytest.fixture
def home(node: Node, saved: Path, tmp_path: Path, database_url: Callable[[], str]) -> Path:
    """A home in which the hub stands, with somebody who came after the backup."""
    home = tmp_path / "second"
    make_home(home)
    keep(home, {"database": database_url()})
    copy_keys(node.home, home)
    restore(home, saved)
    hub = open_node(home, load(home, {}, {}))
    hub.write(lambda: hub.change("person", "p9", name="Late"))
    hub.close()
    return home


def _people(home: Path) -> set[str] | None:
    """Who is in the hub; None when it does not open because a restore was cut off."""
    try:
        hub = open_node(home, load(home, {}, {}))
    except RestoreUnfinished:
        return None
    assert first_boot.is_begun(hub)
    people = {person.name for person in hub.tables.Person.select()}
    hub.close()
    return people


def _asides(home: Path) -> list[Path]:
    found = [*home.glob(f"mangrove.db.{ASIDE}-*Z"), *home.glob(f"backups/{ASIDE}-*.zip")]
    return sorted(found)


def _cut(home: Path, saved: Path, disk: PlugDisk) -> bool:
    """Restore until the plug is pulled; whether it was, and the hub still has to be restored then."""
    try:
        restore(home, saved, force=True, disk=disk)
    except PlugPulled:
        found = _people(home)
        assert found in (None, BEFORE, AFTER)
        return found != AFTER
    return False


@pytest.mark.parametrize("loses", [False, True], ids=["stopped", "power cut"])
def test_a_cut_restore_is_done_by_saying_it_again(home: Path, saved: Path, loses: bool, every_case: bool) -> None:
    """Cut before any step, the hub is whole or does not open; repeated, it is restored, and what stood is kept."""
    for step in count(step=1 if every_case else 3):
        disk = PlugDisk(step, loses=loses)
        if _cut(home, saved, disk):
            restore(home, saved, force=True)
        assert (_people(home), (home / RESTORING).exists()) == (AFTER, False)
        _put_back(home)
        assert _people(home) == BEFORE
        if disk.steps < step:
            break
    assert step > STEPS_LEAST


def _put_back(home: Path) -> None:
    """Undo the restore with what it kept, the first where a cut made it keep it twice; nothing more lies there then."""
    first, *more = _asides(home)
    assert len(more) <= 1
    if first.suffix == ".zip":
        restore(home, first, force=True)
    else:
        first.replace(home / "mangrove.db")
    for aside in _asides(home):
        aside.unlink()


def test_a_cut_restore_into_an_empty_home_opens_no_empty_hub(
    node: Node, saved: Path, tmp_path: Path, database_url: Callable[[], str]
) -> None:
    """On a new card the set-up is open to nobody while the records are not back."""
    fresh = tmp_path / "fresh"
    make_home(fresh)
    keep(fresh, {"database": database_url()})
    copy_keys(node.home, fresh)
    with pytest.raises(PlugPulled):
        restore(fresh, saved, disk=PlugDisk(4, loses=False))
    with pytest.raises(RestoreUnfinished, match="say the same again"):
        open_node(fresh, load(fresh, {}, {}))
    restore(fresh, saved)
    again = open_node(fresh, load(fresh, {}, {}))
    assert projections.fingerprint(again.tables) == projections.fingerprint(node.tables)
    again.close()
    assert _asides(fresh) == []
