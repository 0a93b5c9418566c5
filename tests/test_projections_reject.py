"""What no table can hold, and what a later program wrote: it is set aside, and the stream goes on."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from hub import projections
from hub.node import Node, open_node
from hub.projections import records
from hub.projections.fold import Fold
from hub.tide import publish
from sync.entry import Entry
from tests.fixtures import tide

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


@pytest.mark.every_case
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


LATER = 9
"""A version of a kind that only a later program knows."""


def _write_later(node: Node) -> None:
    """An entry at the end of our stream as a later program would have written it, saying more than the one before."""
    _record(node, RIGHT)
    line, _ = node.journal.store.current(node.identity.hub_id, "local") or pytest.fail("nothing was written")
    payload = json.dumps({**RIGHT, "set": {**RIGHT["set"], "size": 99}}).encode()
    entry = Entry("hub.package", payload, tide.AT_MS, depth=2, version=LATER)
    node.write(lambda: node.journal._add(line, None, [entry]))


def test_a_version_that_is_not_known_is_set_aside(node: Node) -> None:
    """It may mean anything: nothing of it is believed, whatever it says and however deep it claims to be."""
    _write_later(node)
    assert [row.reason for row in node.tables.Rejected.select()] == [
        "ValueError: version 9 of this kind is not known here"
    ]
    assert [row.size for row in node.tables.HubPackage.select()] == [12]


def test_a_version_that_is_not_known_does_not_leave(node: Node) -> None:
    """The rules of what may leave were not written for it."""
    _write_later(node)
    assert publish.publish(node, ("public",)) == 1


def test_a_program_that_knows_the_version_finds_it(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next start of the newer program makes the tables again, and the entry counts."""
    _write_later(node)
    node.close()
    known = Fold(records.fold, versions=frozenset({1, LATER}))
    monkeypatch.setitem(projections.FOLDS, "hub.package", known)
    newer = open_node(node.home, node.settings)
    assert [row.size for row in newer.tables.HubPackage.select()] == [99]
    assert newer.tables.Rejected.select().count() == 0
    newer.close()


def test_a_program_that_knows_a_kind_finds_its_entries(
    make_node: Callable[..., Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an older program passed over is folded by one that has a fold for it."""
    fold = projections.FOLDS["hub.package"]
    monkeypatch.delitem(projections.FOLDS, "hub.package")
    node = make_node("older")
    _record(node, RIGHT)
    assert node.tables.HubPackage.select().count() == 0
    node.close()
    monkeypatch.setitem(projections.FOLDS, "hub.package", fold)
    newer = open_node(node.home, node.settings)
    assert newer.tables.HubPackage.select().count() == 1
    newer.close()
