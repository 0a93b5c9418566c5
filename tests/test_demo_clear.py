"""Clearing the demo: all of it goes in one step, the shelf stays, and an interruption leaves the demo whole."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from content.starter import packages, stage
from hub import first_boot, jobs, library, projections
from hub.care import backup, chain
from hub.config import keep
from hub.demo import clear, marks, seed
from hub.errors import NotFound
from hub.node import Node
from hub.people import roster, sessions
from hub.tables import local
from hub.worker import Worker
from tests.fixtures import engines
from tests.fixtures.clock import HandClock

LOOK_CLOSELY = 8
"""After so many stops every word of the tables is compared: what one of them had changed would stay."""


def rows(node: Node) -> dict[str, int]:
    """Table → rows, of all tables that hold any."""
    models = [*node.tables.projections, *(getattr(node.tables, model.__name__) for model in local.MODELS)]
    counts = {model.__name__: model.select().count() for model in models}
    return {name: count for name, count in counts.items() if count}


def test_nothing_of_the_demo_stays(crowd: Node):
    """No row and no entry but the first ones of the new streams, which say why, and the work that clears files."""
    sessions.begin(crowd, person=roster.people(crowd)[0].id, device="shared")
    clear.clear(crowd)
    assert rows(crowd) == {"Job": 1}
    lines = crowd.journal.streams()
    assert [(line.audience, line.incarnation, line.seq) for line in lines] == [("local", 2, 1)]
    entry = crowd.journal.read(lines[0].stream)[0].entry
    assert clear.REASON.encode() in entry.payload
    assert not first_boot.is_begun(crowd)


def test_the_shelf_stays_and_is_told_again(node: Node, tmp_path: Path):
    """What stood in the library stands there, and the journal says so."""
    library.add(node, source=stage(packages()[0], tmp_path / "staged"))
    seed.fill(node)
    clear.clear(node)
    assert [row.id for row in library.packages(node)] == [packages()[0].id]
    assert rows(node) == {"Register": 7, "HubPackage": 1, "Job": 1}


def test_a_shelf_told_too_late_is_told_at_the_next_start(node: Node, tmp_path: Path):
    """When the power goes right after the emptying, the start of the hub mends what the journal says of the shelf."""
    library.add(node, source=stage(packages()[0], tmp_path / "staged"))
    seed.fill(node)
    standing = [row.id for row in library.packages(node)]
    node.write(lambda: clear.empty(node))
    assert library.mend(node) == sorted(standing)
    assert rows(node) == {"Register": 14, "HubPackage": 2, "Job": 1}


def test_the_journal_is_whole_afterwards(crowd: Node):
    """The doctor finds nothing, and rebuilding the tables gives the same ones."""
    clear.clear(crowd)
    roster.add_person(crowd, name="Wanjiru", picture="goat")
    assert list(chain.problems(crowd)) == []
    before = projections.fingerprint(crowd.tables)
    crowd.write(lambda: projections.rebuild(crowd.tables, crowd.journal.replay()))
    assert projections.fingerprint(crowd.tables) == before


def test_every_audience_goes_on_in_a_new_stream(crowd: Node):
    """What was published is forgotten too; its stream goes on under the next number, so nobody mixes the two up."""
    crowd.write(lambda: crowd.journal.append("public", "hub.package", b'{"id":"x","set":{}}'))
    clear.clear(crowd)
    lines = crowd.journal.streams()
    assert {(line.audience, line.incarnation, line.seq) for line in lines} == {("local", 2, 1), ("public", 2, 1)}


def test_marks_of_the_old_streams_are_forgotten(crowd: Node):
    """A hub that had shown its streams to somebody does not think after a clearing that it lost something."""
    line = crowd.journal.streams()[0]
    crowd.identity.mark(line.stream, line.seq)
    clear.clear(crowd)
    assert crowd.identity.marks() == {}


def test_a_real_hub_is_not_cleared(node: Node):
    """Without the demo's mark nothing is touched."""
    roster.add_person(node, name="Wanjiru", picture="goat")
    before = projections.fingerprint(node.tables)
    with pytest.raises(NotFound, match="no demo"):
        clear.clear(node)
    assert projections.fingerprint(node.tables) == before


def test_a_clearing_stopped_anywhere_leaves_the_demo_whole(crowd: Node):
    """Whichever statement fails, everything stands as before; when none does, everything is gone."""
    before, standing = projections.fingerprint(crowd.tables), rows(crowd)
    stopped = 0
    while _stopped_at(crowd, stopped + 1):
        stopped += 1
        assert marks.is_demo(crowd)
        assert rows(crowd) == standing
        assert stopped % LOOK_CLOSELY or projections.fingerprint(crowd.tables) == before
    assert stopped > len(local.MODELS) + len(crowd.tables.projections)
    assert rows(crowd) == {"Job": 1}


@pytest.mark.sqlite(engines.FILE)
def test_no_file_of_the_home_names_anybody_of_the_demo(crowd: Node):
    """The worker takes away the backups made before the clearing, and writes the database and its log anew."""
    backup.by_itself(crowd)
    assert _naming(crowd, "Mama Zawadi")
    clear.clear(crowd)
    Worker(crowd).step()
    assert [*(crowd.home / backup.FOLDER).iterdir()] == []
    assert _naming(crowd, "Mama Zawadi") == []


def _naming(node: Node, name: str) -> list[str]:
    """The files of a home in which a name can be read."""
    return [path.name for path in node.home.rglob("*") if path.is_file() and name.encode() in path.read_bytes()]


def test_a_backup_of_the_new_hub_stays(crowd: Node, clock: HandClock):
    """Only what was made before the clearing goes, also when the work is done later, and on either database."""
    clear.clear(crowd)
    clock.advance(60)
    made = backup.by_itself(crowd)
    Worker(crowd).step()
    assert ([*(crowd.home / backup.FOLDER).iterdir()], jobs.unsettled(crowd)) == ([made], [])


class Stopped(Exception):
    """The test's own interruption."""


def _stopped_at(node: Node, number: int) -> bool:
    """Clear, with a statement of that number that fails; False when there were fewer."""
    count, run = 0, node.database.execute_sql

    def counted(sql: str, params: Any = None) -> Any:
        nonlocal count
        count += 1
        if count == number:
            raise Stopped
        return run(sql, params)

    def emptied() -> None:
        node.database.execute_sql = counted  # type: ignore[method-assign]
        try:
            clear.empty(node)
        finally:
            del node.database.execute_sql

    try:
        node.write(emptied)
    except Stopped:
        return True
    return False


KILLED = """
import os, sys
from pathlib import Path
from hub.config import load
from hub.demo import clear
from hub.node import open_node
home = Path(sys.argv[1])
node = open_node(home, load(home, {}, {}))
node.write(lambda: (clear.empty(node), os._exit(9)))
"""


def test_a_killed_clearing_leaves_the_demo_whole(crowd: Node):
    """The process dies when everything is deleted but not committed: at the next look, all is there."""
    keep(crowd.home, {"database": crowd.settings.database})
    standing = rows(crowd)
    command = [sys.executable, "-c", KILLED, str(crowd.home)]
    assert subprocess.run(command, env={**os.environ}, check=False).returncode == 9  # noqa: S603 - our own program
    assert marks.is_demo(crowd) and rows(crowd) == standing
