"""`X-Experience-API-Consistent-Through` never runs ahead of a commit: what it promises whole is whole."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from hub.app import create_app
from hub.moments import moment_ms
from hub.node import Node, open_node
from hub.web.xapi.speaking import CONSISTENT
from hub.xapi import find, store
from tests.fixtures.clock import HandClock
from tests.fixtures.learning import Tool, statement

HELD_S = 0.3
"""A reader that does not wait for the writer has answered by then; one that waits is let go."""
LATER_S = 10


@dataclass
class Held:
    """A writer in the middle of its transaction."""

    go: threading.Event
    id: str


@pytest.fixture
def beside(node: Node, clock: HandClock) -> Iterator[Node]:
    """The same home opened by another process, as it were."""
    opened = open_node(node.home, node.settings, clock=clock, randomness=node.randomness)
    yield opened
    opened.close()


@contextmanager
def _held(node: Node) -> Iterator[Held]:
    """Take a statement, and wait with its commit."""
    taken, held = threading.Event(), Held(threading.Event(), "")

    def slowly() -> None:
        raw = json.dumps(statement()).encode()
        (held.id,) = _ids(store.take(node, [raw], authority=store.own_authority(node)))
        taken.set()
        assert held.go.wait(60)

    thread = threading.Thread(target=node.write, args=(slowly,))
    thread.start()
    assert taken.wait(60)
    try:
        yield held
    finally:
        held.go.set()
        thread.join()


def _ids(taken: Any) -> list[str]:
    """The ids that `take` answers with."""
    return list(getattr(taken, "ids", taken))


def _promised_too_much(tool: Tool, answer: Any, met: set[str]) -> list[str]:
    """Statements up to the promised moment that a reader had not met."""
    through = moment_ms(answer.headers[CONSISTENT])
    assert through is not None
    return [each["id"] for each in tool.find() if (moment_ms(each["stored"]) or 0) <= through and each["id"] not in met]


ASKS: dict[str, tuple[str, dict[str, str], Any]] = {
    "a list": ("GET", {}, None),
    "an empty list": ("GET", {"verb": "http://a.org/none"}, None),
    "one that is not here": ("GET", {"statementId": "aaaaaaaa-2222-4333-8444-555555555555"}, None),
    "a head": ("HEAD", {}, None),
    "a post": ("POST", {}, statement()),
    "an empty post": ("POST", {}, []),
    "a put": ("PUT", {"statementId": "aaaaaaaa-2222-4333-8444-555555555555"}, statement()),
}


@pytest.mark.parametrize("is_beside", [False, True], ids=["own writer", "another process"])
@pytest.mark.parametrize("ask", ASKS)
def test_nothing_is_promised_that_a_slow_writer_still_holds(
    app: Flask, tool: Tool, node: Node, beside: Node, clock: HandClock, ask: str, is_beside: bool
) -> None:
    """It has its moment of storing and is not committed; time goes on, and somebody asks for the list."""
    method, words, body = ASKS[ask]
    before = {each["id"] for each in tool.find()}
    asker, answers = Tool(app.test_client(), "", ""), []
    asker.proof = tool.proof

    def run() -> None:
        answers.append(asker.ask(method, body=body, query_string=words))

    with _held(beside if is_beside else node):
        clock.advance(LATER_S)
        thread = threading.Thread(target=run)
        thread.start()
        thread.join(HELD_S)
        has_waited = not answers
    thread.join()
    (answer,) = answers
    if has_waited:
        return  # the promise was made after the commit, so whoever asks from now on finds everything
    met = before | ({each["id"] for each in answer.json["statements"]} if ask == "a list" else set())
    assert _promised_too_much(tool, answer, met) == []


def test_a_list_holds_all_that_it_promises(app: Flask, tool: Tool, node: Node, clock: HandClock) -> None:
    """A list and the promise on it are of one moment, whether the reader waited for the writer or not."""
    answers: list[Any] = []
    with _held(node):
        clock.advance(LATER_S)
        thread = threading.Thread(target=lambda: answers.append(tool.ask("GET")))
        thread.start()
        thread.join(HELD_S)
    thread.join()
    assert _promised_too_much(tool, answers[0], {each["id"] for each in answers[0].json["statements"]}) == []


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_the_promise_is_on_every_answer_and_close_to_now(
    make_tool: Callable[..., Tool], clock: HandClock, version: str
) -> None:
    """Refusals of statements too; it goes on with the clock though nobody writes."""
    tool = make_tool("all", version=version)
    wrong = [("POST", {}, {"actor": 1}), ("GET", {"limit": "x"}, None), ("PUT", {}, statement())]
    for method, words, body in [*ASKS.values(), *wrong]:
        clock.advance(60)
        answer = tool.ask(method, body=body, query_string=words)
        through = moment_ms(answer.headers[CONSISTENT])
        assert through is not None
        assert 0 <= clock.now_ms() - through <= 1_000, (method, answer.status_code)


def test_two_processes_promise_the_same(app: Flask, tool: Tool, beside: Node, clock: HandClock) -> None:
    """What was written through the one is found, and promised, through the other."""
    other = Tool(create_app(beside).test_client(), "", "")
    other.proof = tool.proof
    ids = []
    for each in (tool, other, tool, other):
        clock.advance(1)
        ids += each.send(statement())
    for each in (tool, other):
        assert [found["id"] for found in each.find(ascending="true")] == ids


def test_a_promise_is_no_younger_than_the_list(
    tool: Tool, node: Node, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is stored just after the list was read is not promised with it."""
    page = find.page

    def slowly(*words: Any, **more: Any) -> find.Page:
        found = page(*words, **more)
        clock.advance(LATER_S)
        store.take(node, [json.dumps(statement()).encode()], authority=store.own_authority(node))
        clock.advance(LATER_S)
        return found

    monkeypatch.setattr(find, "page", slowly)
    answer = tool.ask("GET")
    monkeypatch.undo()
    assert _promised_too_much(tool, answer, {each["id"] for each in answer.json["statements"]}) == []
