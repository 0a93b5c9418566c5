"""Changes of one crowd that wait at the same time are done at once; each has its own answer or its own mistake."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from hub.errors import InputWrong, StatementConflict
from hub.node import Node
from hub.vocabulary import VOIDED
from hub.xapi import store
from tests.fixtures import tide

WAITING = 20


def said(number: int, **parts: Any) -> bytes:
    """A statement of this number, as it is sent."""
    return json.dumps(tide.statement(number, **parts)).encode()


def _at_once(node: Node, works: list[Callable[[], Any]]) -> list[Any]:
    """What came of works that all waited while the writer was busy, a mistake as itself."""
    busy, over = threading.Event(), threading.Event()

    def hold() -> None:
        busy.set()
        over.wait()

    def result(work: Callable[[], Any]) -> Any:
        try:
            return work()
        except Exception as mistake:  # noqa: BLE001 - it is looked at
            return mistake

    with ThreadPoolExecutor(len(works) + 1) as threads:
        threads.submit(node.write, hold)
        busy.wait()
        answers = [threads.submit(result, work) for work in works]
        while node.writer._queue.qsize() < len(works):
            threading.Event().wait(0.001)
        over.set()
        return [answer.result() for answer in answers]


def test_those_that_wait_are_done_at_once(node: Node) -> None:
    """In one call, each with its own answer."""
    calls = []

    def crowd(items: list[int]) -> list[int]:
        calls.append(sorted(items))
        return [item * 2 for item in items]

    works = [lambda item=item: node.write_together(crowd, item) for item in range(WAITING)]
    assert _at_once(node, works) == [item * 2 for item in range(WAITING)]
    assert calls == [list(range(WAITING))]


def test_a_mistake_is_its_own(node: Node) -> None:
    """What is given back as a mistake is raised for the one whose it is."""

    def crowd(items: list[int]) -> list[Any]:
        return [InputWrong("Odd; nothing was kept.") if item % 2 else item for item in items]

    answers = _at_once(node, [lambda item=item: node.write_together(crowd, item) for item in range(WAITING)])
    assert [answer for answer in answers if isinstance(answer, int)] == list(range(0, WAITING, 2))
    assert sum(isinstance(answer, InputWrong) for answer in answers) == WAITING // 2


def test_when_all_at_once_fails_each_is_tried_alone(node: Node) -> None:
    """And nothing of the first try stays."""
    note = node.tables.Note

    def crowd(items: list[int]) -> list[int]:
        for item in items:
            note.insert(name=f"n{item}", value="").execute()
        if len(items) > 1 or items == [3]:
            raise ValueError("not all of these")
        return items

    answers = _at_once(node, [lambda item=item: node.write_together(crowd, item) for item in range(WAITING)])
    assert [answer for answer in answers if isinstance(answer, int)] == [n for n in range(WAITING) if n != 3]
    assert {row.name for row in note.select()} >= {f"n{n}" for n in range(WAITING) if n != 3}
    assert note.get_or_none(note.name == "n3") is None


def test_statements_of_requests_at_once_are_kept_or_refused_each_for_itself(node: Node) -> None:
    """One id with two contents: one of them stands, the other hears 409, and all the others are kept."""
    authority = store.own_authority(node)
    statements = [said(number) for number in range(WAITING)]
    works = [lambda raw=raw: store.take(node, [raw], authority=authority) for raw in statements]
    other = statements[0].replace(b"answered", b"completed")
    assert other != statements[0]
    answers = _at_once(node, [*works, lambda: store.take(node, [other], authority=authority)])
    refused = [answer for answer in answers if isinstance(answer, StatementConflict)]
    assert len(refused) == 1
    assert node.tables.Statement.select().count() == WAITING


def test_a_voiding_beside_what_it_voids(node: Node) -> None:
    """Whichever of the two waited first, and a voiding of the voiding is refused."""
    authority = store.own_authority(node)
    target = {"objectType": "StatementRef", "id": tide.statement(1)["id"]}
    raw, voids = said(1), said(2, verb={"id": VOIDED}, object=target, context={})
    answers = _at_once(node, [lambda raw=raw: store.take(node, [raw], authority=authority) for raw in (raw, voids)])
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert [row.is_voided for row in node.tables.Statement.select().order_by(node.tables.Statement.id)] == [1, 0]


@pytest.mark.parametrize("same", [True, False])
def test_the_same_id_in_two_requests_at_once(node: Node, same: bool) -> None:
    """Equal content is kept once and both hear their ids."""
    authority = store.own_authority(node)
    first = said(1)
    second = first if same else first.replace(b"answered", b"completed")
    answers = _at_once(node, [lambda raw=raw: store.take(node, [raw], authority=authority) for raw in (first, second)])
    assert sum(isinstance(answer, StatementConflict) for answer in answers) == (not same)
    assert node.tables.Statement.select().count() == 1
