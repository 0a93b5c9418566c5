"""What another hub tells is believed about itself and about nothing else."""

import json
from typing import Any

import pytest

from hub import projections
from hub.node import Node
from sync.entry import Entry
from sync.journal import Placed
from tests.fixtures import tide

OTHER = "b" * 51 + "a"
THIRD = "c" * 51 + "a"

REFUSED = {
    "a person": ("public", "person", {"id": "p", "set": {"name": "Ruth"}}),
    "a role": ("public", "role", {"id": "p:steward", "set": {"person": "p", "role": "steward"}}),
    "a circle for the region": ("region", "circle", {"id": "c", "set": {"name": "Ours"}}),
    "learning in the open": ("public", "statement", {"raw": tide.statement(1)}),
    "another hub's name": ("public", "hub", {"id": THIRD, "set": {"name": "Alder hill"}}),
    "another hub's shelf": ("public", "hub.package", {"id": f"{THIRD}:water", "set": {"title": "Water"}}),
    "a package put on another's shelf": ("public", "hub.package", {"id": f"{OTHER}:water", "set": {"hub": THIRD}}),
    "no shape at all": ("public", "hub", ["no", "shape"]),
    "an audience of its own": ("steward", "hub", {"id": OTHER, "set": {"name": "Alder hill"}}),
}


def _told(audience: str, kind: str, said: Any) -> Placed:
    entry = Entry(kind, json.dumps(said).encode(), tide.AT_MS, depth=1)
    return Placed("00000000-0000-8000-8000-000000000001", OTHER, audience, "ab" * 16, 1, entry)


@pytest.mark.parametrize("case", REFUSED)
def test_a_hub_cannot_speak_for_others(node: Node, case: str) -> None:
    """The entry is listed as rejected and changes no table."""
    before = projections.fingerprint(node.tables)
    node.write(lambda: projections.project(node.tables, _told(*REFUSED[case])))
    assert node.tables.Rejected.select().count() == 1
    node.tables.Rejected.delete().execute()
    assert projections.fingerprint(node.tables) == before


def test_a_hub_is_believed_about_its_own_name(node: Node) -> None:
    """Its profile stands under its own id."""
    said = {"id": OTHER, "set": {"name": "Beech ford", "role": "community"}}
    node.write(lambda: projections.project(node.tables, _told("public", "hub", said)))
    assert node.tables.Hub.get_by_id(OTHER).name == "Beech ford"


def test_a_copy_that_comes_twice_counts_once(node: Node) -> None:
    """A hub that publishes a statement again after a restore does not double it."""
    said = {"raw": {**tide.statement(1), "context": {}}}
    first = _told("region", "statement", said)
    again = Placed("00000000-0000-8000-8000-000000000002", OTHER, "region", "cd" * 16, 9, first.entry)
    for placed in (first, again):
        node.write(lambda placed=placed: projections.project(node.tables, placed))
    assert node.tables.Statement.select().count() == 1


def test_a_hub_cannot_take_the_place_of_a_statement_of_ours(node: Node) -> None:
    """A copy with the id of a statement made here is another statement; ours stays."""
    tide.record(node, tide.statement(1))
    node.write(lambda: projections.project(node.tables, _told("region", "statement", {"raw": tide.statement(1)})))
    assert node.tables.Statement.get_by_id(tide.statement(1)["id"]).hub == node.identity.hub_id
    assert node.tables.Statement.select().count() == 2
