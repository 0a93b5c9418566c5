"""What another hub sends and no table can hold: it is set aside, and the stream goes on."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from hub import projections
from hub.node import Node

WRONG: dict[str, Any] = {
    "no object": [],
    "no id": {"set": {"name": "Coast"}},
    "an id that no index takes": {"id": "x" * 3000, "set": {"name": "Coast"}},
    "a NUL in an id": {"id": "a\0b", "set": {"name": "Coast"}},
    "half of a character": {"id": "a", "set": {"title": "\ud800"}},
    "a NUL in a text": {"id": "a", "set": {"title": "a\0b"}},
    "a number for a text": {"id": "a", "set": {"title": 7}},
    "a text for a number": {"id": "a", "set": {"size": "large"}},
    "a number that no column takes": {"id": "a", "set": {"size": 2**70}},
    "a text that no index takes": {"id": "a", "set": {"package": "x" * 3000}},
    "too many fields": {"id": "a", "set": {f"field{number}": 1 for number in range(100)}},
}
RIGHT = {"id": "a", "set": {"hub": "h", "package": "safe-water.en", "size": 12}}


def _record(node: Node, payload: Any, *, depth: int = 1) -> None:
    """One entry as it could come from anywhere: JSON in plain ASCII."""
    raw = json.dumps(payload).encode()
    node.write(lambda: node.record("hub.package", raw, depth=depth))


@pytest.mark.parametrize("payload", WRONG.values(), ids=WRONG.keys())
def test_an_entry_that_does_not_fit_is_set_aside(node: Node, payload: Any) -> None:
    """It is listed as rejected, changes no table, and what follows is folded."""
    _record(node, payload)
    _record(node, RIGHT)
    assert [row.kind for row in node.tables.Rejected.select()] == ["hub.package"]
    assert [(row.package, row.size) for row in node.tables.HubPackage.select()] == [("safe-water.en", 12)]


@pytest.mark.parametrize("first_depth", [1, 2])
def test_setting_aside_does_not_hang_on_the_order(make_node: Callable[..., Node], first_depth: int) -> None:
    """An entry is taken or set aside by what it says alone, whichever came before it."""
    entries = [({"id": "a", "set": {"size": "large"}}, 2), (RIGHT, 1)]
    nodes = [make_node("one"), make_node("two")]
    for node, ordered in zip(nodes, (entries, entries[::-1]), strict=True):
        for payload, depth in ordered:
            _record(node, payload, depth=depth * first_depth)
    counts = [node.tables.Rejected.select().count() for node in nodes]
    sizes = [node.tables.HubPackage.get().size for node in nodes]
    assert (counts, sizes) == ([1, 1], [12, 12])


def test_a_rebuild_sets_the_same_aside(node: Node) -> None:
    """The rejected entries are a projection too."""
    for payload in WRONG.values():
        _record(node, payload)
    before = projections.fingerprint(node.tables)
    node.write(lambda: projections.rebuild(node.tables, node.journal.replay()))
    assert projections.fingerprint(node.tables) == before
