"""A power cut at every step of the disk while entries are appended, told, taken and erased: what was told stays.

The disk keeps what was synced and nothing else. The hub stands on it with the pragmas of the program; the other one is
in memory. After each cut a hub is started on what is left.
"""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import apsw
import peewee
import pytest

from hub.database import FILE_NAME, SqliteFile
from sync import schema
from sync.errors import SyncError
from sync.identity import Identity
from tests.fixtures import engines
from tests.fixtures.bundles import Post
from tests.fixtures.disks import Steps
from tests.fixtures.fused import Fused
from tests.fixtures.properties import check_folded, check_whole, facts
from tests.fixtures.sync_hub import BareHub, MakeHub, befriend

pytestmark = pytest.mark.sqlite(engines.POWER)
GONE: tuple[type[Exception], ...] = (peewee.DatabaseError, apsw.Error, SyncError)
CHILD = "Amina learns"
STEPS_MAX = 400
"""No doing here asks more of the disk."""


class OnDisk(Fused, SqliteFile):  # type: ignore[misc]
    """The program's own SQLite file."""


@dataclass
class Place:
    """A hub on a disk, its peer, what was confirmed of what it did, and what it has answered for."""

    hub: BareHub
    peer: BareHub
    disk: Steps
    confirmed: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)

    def say(self, *texts: str) -> None:
        """Append in one transaction: here, and the copy for the region."""
        hub = self.hub

        def both() -> None:
            for text in texts:
                hub.journal.append("local", "note", f"here {text}".encode())
                hub.journal.append("region", "note", text.encode())

        hub.write(both)
        self.confirmed |= {*texts}


def append(place: Place) -> None:
    """Learn, and publish a copy."""
    for number in range(3):
        place.say(f"new {number}")


def complete_a_run(place: Place) -> None:
    """Entries that are packed when their run is complete."""
    place.say(*(f"run {number}" for number in range(70)))


def push(place: Place) -> None:
    """Tell the region."""
    place.say("to tell")
    place.hub.sync(place.peer)


def give_by_stick(place: Place) -> None:
    """Tell the region by a bundle."""
    place.say("to carry")
    Post(place.peer).take_all(Post(place.hub).write(Post(place.peer)))


def take(place: Place) -> None:
    """Take what a peer pushes, which counts it as safe once it is answered."""
    theirs = [f"theirs {number}" for number in range(5)]
    place.peer.say("public", *theirs)

    def line(name: str, body: bytes) -> bytes:
        answer = place.hub.answer(name, body)
        place.answered |= {*theirs} if name == "push" else set()
        return answer

    place.peer.sync(place.hub, link=line)


def pull(place: Place) -> None:
    """Take what the region has."""
    place.peer.say("public", *(f"public {number}" for number in range(5)))
    place.hub.sync(place.peer)


def erase(place: Place) -> None:
    """Forget somebody, and tell the region."""
    hub = place.hub
    hub.erase(*((each.stream, each.seq) for each in hub.placed() if CHILD.encode() in each.entry.payload))
    place.confirmed -= {CHILD}
    place.confirmed |= {"erased"}
    hub.sync(place.peer)


DOINGS = (append, complete_a_run, push, give_by_stick, take, pull, erase)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a hub that has told its region something, and its keys beside it."""
    folder = tmp_path_factory.mktemp("prepared")
    database = _open(folder, None)
    for step in schema.STEPS:
        step(database, lambda: None)
    database.close()
    database.tracked.close()
    return folder


def _open(folder: Path, vfs: str | None) -> OnDisk:
    database = OnDisk(folder / FILE_NAME, vfs)
    database.connect()
    return database


def _hub(folder: Path, database: OnDisk, name: str) -> BareHub:
    hub = BareHub("hub", b"\7" * 32, database, random.Random(name).randbytes)  # type: ignore[arg-type]
    hub.identity = Identity(hub.seed, folder)
    hub.open()
    return hub


@pytest.fixture
def places(prepared: Path, tmp_path: Path, make_hub: MakeHub) -> Iterator[Callable[[str], Place]]:
    """A function that makes a hub on a fresh disk; all are closed at the end."""
    opened: list[OnDisk] = []

    def make(name: str) -> Place:
        folder = tmp_path / name
        shutil.copytree(prepared, folder)
        disk = Steps(vfs := f"steps {tmp_path.name} {name}")
        disk.keep(str(folder / FILE_NAME))
        opened.append(_open(folder, vfs))
        hub, peer = _hub(folder, opened[-1], name), make_hub("region")
        befriend(hub, peer)
        place = Place(hub, peer, disk)
        place.say("before", CHILD)
        hub.sync(peer)
        return place

    yield make
    for each in opened:
        each.tracked.close()


def _after_the_cut(place: Place, folder: Path) -> BareHub:
    """The hub on what was synced, with the same key and marks beside it."""
    folder.mkdir()
    for path, kept in place.disk.survivors().items():
        (folder / Path(path).name).write_bytes(kept)
    shutil.copytree(Path(place.hub.database._path).parent, folder, dirs_exist_ok=True, ignore=_records)
    again = _hub(folder, _open(folder, None), "again")
    befriend(again, place.peer)
    return again


def _records(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(FILE_NAME)]


@pytest.mark.parametrize("doing", DOINGS, ids=lambda each: each.__name__)
def test_whatever_step_the_power_goes_at_what_was_told_stays(
    doing: Callable[[Place], None], places: Callable[[str], Place], tmp_path: Path
) -> None:
    """What was confirmed here, and all that the region has of the hub, is there; both go on and agree."""
    for at in range(STEPS_MAX):
        place = places(f"cut at {at}")
        place.disk.cut_at = at
        with suppress(*GONE):
            doing(place)
        was_cut, place.disk.cut_at = place.disk.cut_at < 0, None
        again = _after_the_cut(place, tmp_path / f"after {at}")
        _check(again, place)
        again.database.tracked.close()  # type: ignore[union-attr]
        if not was_cut:
            assert at > 3, "hardly anything was asked of the disk"
            return
    raise AssertionError("it never comes to an end")


def _check(again: BareHub, place: Place) -> None:
    texts = set(again.texts("region"))
    told = {fact for fact in facts(place.peer) if fact[0] in _streams(place.peer, again)}
    assert place.confirmed - {"erased"} <= texts, "what was confirmed is lost"
    assert place.answered <= {*again.texts("public")}, "what it answered for is lost"
    assert told <= facts(again), "what was told is lost"
    assert "erased" not in place.confirmed or CHILD.encode() not in again.store_bytes(), "what was erased is back"
    check_whole(again)
    check_folded(again)
    assert again.sync(place.peer).agreed
    assert texts <= set(place.peer.texts("region")) | {CHILD}


def _streams(peer: BareHub, hub: BareHub) -> set[str]:
    return {line.root for line in peer.journal.streams(hub=hub.identity.hub_id)}


def test_a_disk_that_nobody_waits_for_loses_what_was_told(places: Callable[[str], Place], tmp_path: Path) -> None:
    """The disk of these tests can lose: without the pragma it does."""
    place = places("careless")
    place.hub.database.execute_sql("PRAGMA synchronous = normal")
    push(place)
    again = _after_the_cut(place, tmp_path / "after")
    assert "to tell" in place.peer.texts("region")
    assert "to tell" not in again.texts("region")
    again.database.tracked.close()  # type: ignore[union-attr]
