"""Taking statements: kept as sent, once, all or none; what the hub adds stands beside them."""

import json
from typing import Any

import pytest

from hub.errors import StatementConflict, StatementWrong
from hub.node import Node
from hub.vocabulary import VERBS
from hub.xapi import store
from tests.fixtures.clock import START_MS, HandClock
from tests.fixtures.learning import statement

ID = "aaaaaaaa-2222-4333-8444-555555555555"
TOOL = {"mbox": "mailto:tool@a.org"}


def _take(node: Node, *statements: Any, line: str = "2.0") -> list[str]:
    raws = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in statements]
    return store.take(node, raws, authority=TOOL, line=line)


def _placed(node: Node, kept: str) -> Any:
    row = node.tables.Statement.get_by_id(kept)
    return node.journal.get(row.stream, row.seq)


def test_the_bytes_are_kept_as_sent(node: Node) -> None:
    """Spaces, order and numbers stay: a signature over them would still hold."""
    raw = json.dumps(statement(result={"score": {"raw": 1.50}}), indent=3).encode().replace(b"1.5", b"1.500")
    (kept,) = _take(node, raw)
    assert _placed(node, kept).entry.payload.endswith(b',"raw":' + raw + b"}")


def test_what_is_missing_is_filled_in_beside(node: Node) -> None:
    """Id, moment of storing, time, authority and version, by the hub's own clock."""
    (kept,) = _take(node, statement())
    whole = store.whole(_placed(node, kept))
    assert (whole["id"], whole["authority"], whole["version"]) == (kept, TOOL, "2.0.0")
    assert whole["stored"] == whole["timestamp"] == "2025-11-24T16:00:00.000Z"


def test_a_sender_cannot_say_who_vouches_or_when_it_was_stored(node: Node) -> None:
    """Authority and stored are the hub's; the time of the act is the sender's."""
    time = "2025-11-20T10:00:00+02:00"
    (kept,) = _take(node, statement(authority={"mbox": "mailto:x@y.z"}, stored=time, timestamp=time))
    whole, placed = store.whole(_placed(node, kept)), _placed(node, kept)
    assert (whole["authority"], whole["stored"][:10], whole["timestamp"]) == (TOOL, "2025-11-24", time)
    assert placed.entry.at_ms < START_MS


def test_a_statement_of_version_1_is_so_called(node: Node) -> None:
    """The line of the request decides when the statement says nothing."""
    (kept,) = _take(node, statement(), line="1.0")
    assert store.whole(_placed(node, kept))["version"] == "1.0.0"


SAME: dict[str, dict[str, Any]] = {
    "itself": {},
    "the time spelled otherwise": {"timestamp": "2025-11-24T10:00:00.000+02:00"},
    "without its time": {"timestamp": None},
    "another display": {"verb": {"id": VERBS["completed"], "display": {"fr": "terminé"}}},
    "a definition": {"object": {"id": "http://a.org/1", "definition": {"name": {"en": "One"}}}},
    "its kind said": {"object": {"id": "http://a.org/1", "objectType": "Activity"}},
    "another version": {"version": "1.0.3"},
    "the id in capitals": {"id": ID.upper()},
}


@pytest.mark.parametrize("case", SAME)
def test_the_same_again_changes_nothing(node: Node, case: str) -> None:
    """What the standard's comparison leaves out may differ; sending twice is harmless."""
    first = statement(id=ID, object={"id": "http://a.org/1"}, timestamp="2025-11-24T08:00:00Z")
    second = {name: value for name, value in {**first, **SAME[case]}.items() if value is not None}
    assert _take(node, first) == _take(node, second) == [ID]
    assert node.tables.Statement.select().count() == 1


def test_members_of_a_group_may_come_in_another_order(node: Node) -> None:
    """A group is a set; and one context activity is a list of one."""
    members = [{"mbox": "mailto:a@b.org"}, {"mbox": "mailto:c@d.org"}]
    parent = {"id": "http://a.org/p"}

    def said(order: list[Any], above: Any) -> dict[str, Any]:
        team = {"objectType": "Group", "member": order}
        return statement(id=ID, actor=team, context={"contextActivities": {"parent": above}})

    _take(node, said(members, parent))
    assert _take(node, said(members[::-1], [parent])) == [ID]


@pytest.mark.parametrize(
    "change",
    [
        {"actor": {"mbox": "mailto:other@a.org"}},
        {"verb": {"id": VERBS["failed"]}},
        {"result": {"success": True}},
        {"timestamp": "2025-11-24T08:00:01Z"},
        {"context": {"registration": ID}},
    ],
)
def test_another_statement_under_a_standing_id_is_a_conflict(node: Node, change: dict[str, Any]) -> None:
    """The standing one stays as it is."""
    _take(node, statement(id=ID, timestamp="2025-11-24T08:00:00Z"))
    with pytest.raises(StatementConflict, match=ID):
        _take(node, statement(**{"id": ID, "timestamp": "2025-11-24T08:00:00Z", **change}))
    assert node.tables.Statement.get_by_id(ID).verb == VERBS["completed"]


def test_a_batch_with_a_conflict_leaves_nothing(node: Node) -> None:
    """All or none, whatever came before the wrong one."""
    _take(node, statement(id=ID))
    with pytest.raises(StatementConflict):
        _take(node, statement(), statement(id=ID, verb={"id": VERBS["failed"]}), statement())
    assert node.tables.Statement.select().count() == 1


def test_a_batch_with_one_id_twice_is_refused(node: Node) -> None:
    """Even when both say the same."""
    with pytest.raises(StatementWrong, match="same id"):
        _take(node, statement(id=ID), statement(id=ID.upper()))


def test_a_clock_set_back_a_little_does_not_turn_the_order_round(node: Node, clock: HandClock) -> None:
    """Whoever asks for what came since a moment misses nothing."""
    clock.advance(3600)
    (first,) = _take(node, statement())
    clock.advance(-600)
    (second,) = _take(node, statement())
    assert node.tables.Statement.get_by_id(first).stored_ms <= node.tables.Statement.get_by_id(second).stored_ms


def test_a_clock_from_the_future_is_not_followed_for_ever(node: Node, clock: HandClock) -> None:
    """After a year too far ahead, statements are stored at the true time again."""
    clock.advance(365 * 86_400)
    _take(node, statement())
    clock.advance(-365 * 86_400)
    (kept,) = _take(node, statement())
    assert node.tables.Statement.get_by_id(kept).stored_ms == START_MS


def test_a_statement_learns_the_id_it_was_put_under() -> None:
    """The id comes first and the rest stays as it was sent; two different ids are refused."""
    assert store.with_id(b' {"a": 1.0}', ID) == b'{"id":"' + ID.encode() + b'","a": 1.0}'
    assert store.with_id(b"{}", ID) == b'{"id":"' + ID.encode() + b'"}'
    with pytest.raises(StatementWrong, match="statementId"):
        store.with_id(json.dumps(statement(id=ID)).encode(), ID.replace("a", "b"))
