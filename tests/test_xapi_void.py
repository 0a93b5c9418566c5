"""Voiding: in any order of arrival, only once, never what voids, and what was learned is counted again."""

import itertools
import json
from typing import Any

import pytest

from hub import projections
from hub.node import Node
from hub.vocabulary import COMPETENCY, VERBS, VOIDED, activity, person_actor
from hub.xapi import store
from sync.entry import Entry
from sync.journal import Placed
from tests.fixtures.learning import Tool, statement

TARGET = "aaaaaaaa-2222-4333-8444-555555555555"
VOIDING = "bbbbbbbb-2222-4333-8444-555555555555"
PERSON = "11111111-1111-4111-8111-111111111111"
QUESTION = activity("market.en", "five", "q1")


def _void(target: str = TARGET, **parts: Any) -> dict[str, Any]:
    reference = {"objectType": "StatementRef", "id": target}
    return statement(**{"id": VOIDING, "verb": {"id": VOIDED}, "object": reference, **parts})


def _answer(**parts: Any) -> dict[str, Any]:
    said = {
        "id": TARGET,
        "verb": {"id": VERBS["answered"]},
        "object": {"id": QUESTION},
        "result": {"score": {"scaled": 1}},
        "context": {"contextActivities": {"other": [{"id": f"{COMPETENCY}market/pay"}]}},
    }
    return statement(**{**said, **parts})


def _take(node: Node, *statements: dict[str, Any]) -> None:
    for each in statements:
        store.take(node, [json.dumps(each).encode()], authority=store.own_authority(node))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_voided_statement_is_hidden_whichever_came_first(tool: Tool, order: tuple[int, int]) -> None:
    """Lists leave it out, its id alone does not find it, voidedStatementId does; the voiding one stays."""
    both = [statement(id=TARGET), _void()]
    for number in order:
        tool.send(both[number])
    assert [each["id"] for each in tool.find()] == [VOIDING]
    assert tool.ask("GET", query_string={"statementId": TARGET}).status_code == 404
    assert tool.ask("GET", query_string={"voidedStatementId": TARGET}).json["id"] == TARGET


def test_what_voids_cannot_be_voided(tool: Tool) -> None:
    """What wanted to void the voiding came before it, and changes nothing."""
    tool.send(_void(VOIDING, id="cccccccc-2222-4333-8444-555555555555"))
    tool.send(statement(id=TARGET), _void())
    assert tool.ask("GET", query_string={"voidedStatementId": VOIDING}).status_code == 404
    assert tool.ask("GET", query_string={"voidedStatementId": TARGET}).status_code == 200


def test_a_voided_answer_counts_nowhere(node: Node) -> None:
    """Answer, progress and competence are as if it had not been."""
    _take(node, _answer(), _void())
    assert node.tables.Answer.get().is_voided == 1
    assert node.tables.Progress.select().count() == node.tables.Competence.select().count() == 0


def test_voiding_one_answer_of_two_leaves_the_other(node: Node) -> None:
    """What stays is counted again."""
    other = _answer(id="dddddddd-2222-4333-8444-555555555555", result={"score": {"scaled": 0}})
    _take(node, _answer(), other, _void())
    (row,) = node.tables.Competence.select()
    assert [score for _, _, score in json.loads(row.recent)] == [0]
    assert (row.right_first_ms, node.tables.Progress.get().state) == (None, 1)


def test_a_voided_pass_is_passed_no_more(node: Node) -> None:
    """Progress goes back to what other statements say: that it was opened."""
    item = {"object": {"id": activity("market.en", "five")}}
    opened = statement(verb={"id": VERBS["initialized"]}, **item)
    _take(node, opened, statement(id=TARGET, verb={"id": VERBS["passed"]}, **item))
    assert node.tables.Progress.get().state == 3
    _take(node, _void())
    assert node.tables.Progress.get().state == 0


def _entry(number: int, said: dict[str, Any], hub: str = "local-hub", audience: str = "local") -> Placed:
    payload = {"id": said["id"], "stored": "2025-11-24T08:00:00Z", "authority": {"mbox": "mailto:a@b.c"}, "raw": said}
    entry = Entry("statement", json.dumps(payload).encode(), at_ms=1_764_000_000_000 + number)
    return Placed(f"00000000-0000-8000-8000-{number:012d}", hub, audience, f"{hub}-stream", number, entry)


def test_any_order_of_arrival_ends_the_same(make_node: Any) -> None:
    """Answers, a pass, two voidings and a twin under one id: every order of six gives equal tables."""
    item = {"object": {"id": activity("market.en", "five")}}
    entries = [
        _entry(1, _answer()),
        _entry(2, _answer(id="dddddddd-2222-4333-8444-555555555555", actor=person_actor(PERSON))),
        _entry(3, _void()),
        _entry(4, statement(id="eeeeeeee-2222-4333-8444-555555555555", verb={"id": VERBS["passed"]}, **item)),
        _entry(5, _void("eeeeeeee-2222-4333-8444-555555555555", id=TARGET)),
        _entry(6, _answer(id=VOIDING, result={"score": {"scaled": 0.5}})),
    ]
    node = make_node()
    ends = set()
    for order in itertools.islice(itertools.permutations(entries), 0, None, 12):
        with node.database.atomic():
            projections.rebuild(node.tables, order)
        ends.add(projections.fingerprint(node.tables))
    assert len(ends) == 1


def test_another_hub_can_neither_void_nor_name_what_is_ours(node: Node) -> None:
    """Its statements take ids of their own, its people carry its name, its voiding voids only its own."""
    _take(node, _answer())
    kept = _answer(id="dddddddd-2222-4333-8444-555555555555")
    foreign = [_entry(number, said, "far", "region") for number, said in enumerate((_answer(), _void(), kept), 7)]
    with node.database.atomic():
        for placed in foreign:
            projections.project(node.tables, placed)
    assert node.tables.Statement.get_by_id(TARGET).is_voided == 0
    assert [row.hub for row in node.tables.Statement.select() if row.is_voided] == ["far"]
    assert {row.person for row in node.tables.Progress.select()} == {PERSON, f"{PERSON}@far"}


@pytest.mark.parametrize(
    "raw",
    [
        {"actor": 5, "verb": {"id": "x"}, "object": {"id": "y"}},
        {**statement(), "object": {"id": "a\0b"}},
        {**statement(), "verb": []},
        {**statement(), "context": {"contextActivities": [1]}},
        {**statement(), "context": {"registration": "\ud800"}},
        {**statement(), "result": {"score": 3}},
    ],
)
def test_an_unreadable_statement_from_elsewhere_is_listed_and_the_stream_goes_on(node: Node, raw: Any) -> None:
    """Nothing of it is written, and the next entry is folded."""
    entry = Entry("statement", json.dumps({"raw": raw}).encode(), at_ms=1)
    with node.database.atomic():
        projections.project(node.tables, Placed("a" * 36, "far", "region", "s", 1, entry))
    assert node.tables.Rejected.select().count() == 1
    assert node.tables.Statement.select().count() == node.tables.Mention.select().count() == 0
