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


@pytest.fixture
def demo_node(node: Node) -> Node:
    """A demo without a library: people only, quickly made."""
    seed.fill(node)
    return node


def rows(node: Node) -> dict[str, int]:
    """Table → rows, of all tables that hold any."""
    models = [*node.tables.projections, *(getattr(node.tables, model.__name__) for model in local.MODELS)]
    counts = {model.__name__: model.select().count() for model in models}
    return {name: count for name, count in counts.items() if count}


def test_nothing_of_the_demo_stays(demo_node: Node):
    """No row and no entry but the first ones of the new streams, which say why, and the work that clears files."""
    sessions.begin(demo_node, person=roster.people(demo_node)[0].id, device="shared")
    clear.clear(demo_node)
    assert rows(demo_node) == {"Job": 1}
    lines = demo_node.journal.streams()
    assert [(line.audience, line.incarnation, line.seq) for line in lines] == [("local", 2, 1)]
    entry = demo_node.journal.read(lines[0].stream)[0].entry
    assert clear.REASON.encode() in entry.payload
    assert not first_boot.is_begun(demo_node)


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


def test_the_journal_is_whole_afterwards(demo_node: Node):
    """The doctor finds nothing, and rebuilding the tables gives the same ones."""
    clear.clear(demo_node)
    roster.add_person(demo_node, name="Wanjiru", picture="goat")
    assert list(chain.problems(demo_node)) == []
    before = projections.fingerprint(demo_node.tables)
    demo_node.write(lambda: projections.rebuild(demo_node.tables, demo_node.journal.replay()))
    assert projections.fingerprint(demo_node.tables) == before


def test_every_audience_goes_on_in_a_new_stream(demo_node: Node):
    """What was published is forgotten too; its stream goes on under the next number, so nobody mixes the two up."""
    demo_node.write(lambda: demo_node.journal.append("public", "hub.package", b'{"id":"x","set":{}}'))
    clear.clear(demo_node)
    lines = demo_node.journal.streams()
    assert {(line.audience, line.incarnation, line.seq) for line in lines} == {("local", 2, 1), ("public", 2, 1)}


def test_marks_of_the_old_streams_are_forgotten(demo_node: Node):
    """A hub that had shown its streams to somebody does not think after a clearing that it lost something."""
    line = demo_node.journal.streams()[0]
    demo_node.identity.mark(line.stream, line.seq)
    clear.clear(demo_node)
    assert demo_node.identity.marks() == {}


def test_a_real_hub_is_not_cleared(node: Node):
    """Without the demo's mark nothing is touched."""
    roster.add_person(node, name="Wanjiru", picture="goat")
    before = projections.fingerprint(node.tables)
    with pytest.raises(NotFound, match="no demo"):
        clear.clear(node)
    assert projections.fingerprint(node.tables) == before


def test_a_clearing_stopped_anywhere_leaves_the_demo_whole(demo_node: Node):
    """Whichever statement fails, everything stands as before; when none does, everything is gone."""
    before, standing = projections.fingerprint(demo_node.tables), rows(demo_node)
    stopped = 0
    while _stopped_at(demo_node, stopped + 1):
        stopped += 1
        assert marks.is_demo(demo_node)
        assert (projections.fingerprint(demo_node.tables), rows(demo_node)) == (before, standing)
    assert stopped > len(local.MODELS) + len(demo_node.tables.projections)
    assert rows(demo_node) == {"Job": 1}


@pytest.mark.sqlite(engines.FILE)
def test_no_file_of_the_home_names_anybody_of_the_demo(demo_node: Node):
    """The worker takes away the backups made before the clearing, and writes the database and its log anew."""
    backup.by_itself(demo_node)
    assert _naming(demo_node, "Mama Zawadi")
    clear.clear(demo_node)
    Worker(demo_node).step()
    assert [*(demo_node.home / backup.FOLDER).iterdir()] == []
    assert _naming(demo_node, "Mama Zawadi") == []


def _naming(node: Node, name: str) -> list[str]:
    """The files of a home in which a name can be read."""
    return [path.name for path in node.home.rglob("*") if path.is_file() and name.encode() in path.read_bytes()]


def test_a_backup_of_the_new_hub_stays(demo_node: Node, clock: HandClock):
    """Only what was made before the clearing goes, also when the work is done later, and on either database."""
    clear.clear(demo_node)
    clock.advance(60)
    made = backup.by_itself(demo_node)
    Worker(demo_node).step()
    assert ([*(demo_node.home / backup.FOLDER).iterdir()], jobs.unsettled(demo_node)) == ([made], [])


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


def test_a_killed_clearing_leaves_the_demo_whole(demo_node: Node):
    """The process dies when everything is deleted but not committed: at the next look, all is there."""
    keep(demo_node.home, {"database": demo_node.settings.database})
    standing = rows(demo_node)
    command = [sys.executable, "-c", KILLED, str(demo_node.home)]
    assert subprocess.run(command, env={**os.environ}, check=False).returncode == 9  # noqa: S603 - our own program
    assert marks.is_demo(demo_node) and rows(demo_node) == standing
