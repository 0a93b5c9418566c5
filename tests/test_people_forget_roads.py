"""Nobody who was forgotten comes back by another road: a list, a tool, another stream, an older card."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.errors import StatementConflict
from hub.forgetting import people, traces
from hub.node import Node
from hub.people import roster
from hub.people.lists import opening, planning, taking
from hub.tide import publish, run
from hub.vocabulary import person_actor
from hub.xapi import store
from tests.fixtures import engines, tide
from tests.fixtures.cast import Cast
from tests.fixtures.forgetting import TOOL, statement
from tests.fixtures.process import Running
from tests.fixtures.tide import learn
from tests.fixtures.web import Served

LIST = "id,name,circles\n17,Zuleikha,Number friends\n18,Kofi,Number friends\n"


def _listed(node: Node, folder: Path, text: str = LIST) -> planning.Taken:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    return taking.take(node, opening.open_path(path))


def test_no_list_brings_somebody_back(node: Node, cast: Cast, tmp_path: Path) -> None:
    """Neither the one they came with, nor one that was written out here; the others of it come."""
    _listed(node, tmp_path)
    (gone,) = [each.id for each in roster.people(node) if each.name == "Zuleikha"]
    people.forget(node, person=gone)
    took = _listed(node, tmp_path)
    assert (took.people_forgotten, took.people_new, took.people_same) == (1, 0, 1)
    took = _listed(node, tmp_path, f"id,name\n{gone},Zuleikha\n")
    assert (took.people_forgotten, took.people_new) == (1, 0)
    assert [each.name for each in roster.people(node) if each.name == "Zuleikha"] == []
    assert people.again(node) == 0


@pytest.mark.parametrize("part", ["actor", "object", "team", "instructor"])
def test_no_tool_speaks_of_somebody_again(node: Node, cast: Cast, part: str) -> None:
    """A record under a new id that names the person is refused whole; one of others is taken."""
    gone = roster.add_person(node, name="Zuleikha", picture="goat").id
    friend = cast.person("learner").id
    people.forget(node, person=gone)
    agent = person_actor(gone)
    said = {
        "actor": {"actor": agent},
        "object": {"object": {"objectType": "Agent", **agent}, "result": {}},
        "team": {"context": {"team": {"objectType": "Group", "member": [agent]}}},
        "instructor": {"context": {"instructor": agent}},
    }[part]
    with pytest.raises(StatementConflict, match="was forgotten here"):
        store.take(node, [statement(0, friend, **said)], authority=TOOL)
    assert node.tables.Statement.select().count() == 0
    store.take(node, [statement(0, friend)], authority=TOOL)
    assert node.tables.Statement.select().count() == 1


def test_a_copy_in_the_same_batch_as_the_erasure_is_not_folded(hub: Node, region: Node, up: Served) -> None:
    """The region hears of both at once: what stands behind the erasure is held against it."""
    learn(hub, first=1, count=3)
    gone = roster.add_person(hub, name="Zuleikha", picture="goat").id
    tide.record(hub, tide.statement(9, actor=person_actor(gone)))
    publish.publish(hub, ["region"])
    letters = traces.letters_of(hub, "region", gone)
    mine = next(copy.payload for copy in tide.prepared(hub, "region") if letters in copy.payload)
    people.forget(hub, person=gone)
    hub.write(lambda: hub.journal.append("region", "statement", mine))
    assert run.sync_with(hub).agreed
    assert region.tables.Statement.select().count() == 3


@pytest.mark.sqlite(engines.FILE)
def test_an_older_card_is_held_against_the_list_before_a_page_is_served(
    tmp_path: Path, serve_process: Callable[..., Running], make_node: Callable[..., Node]
) -> None:
    """Also with several processes; whoever was forgotten is away as soon as the first page answers."""
    node = make_node("card")
    gone = roster.add_person(node, name="Zuleikha", picture="goat").id
    home, file = node.home, node.home / "mangrove.db"
    node.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(file, tmp_path / "older")
    people.forget(node, person=gone)
    node.close()
    for part in ("-wal", "-shm"):
        (home / f"mangrove.db{part}").unlink(missing_ok=True)
    shutil.copyfile(tmp_path / "older", file)
    served = serve_process(home, "--workers", "2")
    assert served.health()["ok"]
    again = make_node("card", seed=2)
    assert roster.find(again, gone) is None
