"""Limits of the door: size, count and rate. A refused request changes nothing, and one setting lifts them."""

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from http.client import HTTPConnection
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient

from hub import keys
from hub.app import create_app
from hub.node import Node
from hub.vocabulary import activity, person_actor
from hub.xapi.limits import limits
from hub.xapi.rates import SUBJECTS_MAX, Rates
from hub.xapi.reading import STATEMENT_BYTES_MAX
from tests.fixtures.clock import HandClock
from tests.fixtures.learning import PACKAGE, Tool, statement
from tests.fixtures.web import Served

KIB = 1024
SMALL: dict[str, object] = {
    "xapi_statement_max": 2 * KIB,
    "xapi_statements_max": 3,
    "xapi_request_max": 64 * KIB,
    "xapi_document_max": KIB,
    "xapi_documents_max": 2,
    "xapi_rate": 6,
    "xapi_wrong_keys": 3,
}
NONE: dict[str, object] = {**SMALL, "xapi_limits": "off"}
STATE = (
    f"activities/state?activityId={activity(PACKAGE, 'play')}"
    f"&agent={json.dumps(person_actor('11111111-1111-4111-8111-111111111111'))}&stateId="
)


@pytest.fixture
def make(make_node: Callable[..., Node]) -> Callable[..., Tool]:
    """A function that makes a hub with these settings and a tool that may do everything there."""

    def tool(**settings: object) -> Tool:
        node = make_node("small", **settings)
        key, secret = keys.add(node, name="A tool", scopes=["all"])
        return Tool(create_app(node).test_client(), key.id, secret)

    return tool


@pytest.fixture
def small(make: Callable[..., Tool]) -> Tool:
    """A tool at a hub with small limits and no rate."""
    return make(**{**SMALL, "xapi_rate": 0})


def long(size: int) -> dict[str, Any]:
    """A statement of about that many bytes."""
    return statement(result={"response": "x" * size})


TOO_MUCH = {
    "a long statement": long(2 * KIB),
    "a long one among short ones": [statement(), long(2 * KIB)],
    "too many": [statement()] * 4,
    "a long request": [long(KIB)] * 70,
}


@pytest.mark.parametrize("case", TOO_MUCH)
def test_more_than_the_hub_takes_is_refused_whole(small: Tool, case: str) -> None:
    """413 with a sentence, and nothing of it is kept."""
    answer = small.ask("POST", body=TOO_MUCH[case])
    assert (answer.status_code, answer.mimetype) == (413, "text/plain")
    assert "nothing was" in answer.text
    assert small.find() == []


def test_what_is_just_within_is_taken(small: Tool) -> None:
    """As many and as large as the hub says."""
    size = 2 * KIB - len(json.dumps(long(0)))
    assert len(small.send(long(size), long(size), long(size))) == 3
    assert small.ask("POST", body=long(size + 1)).status_code == 413


def test_one_that_is_put_has_the_same_end(small: Tool) -> None:
    """By its id as well as in a list."""
    answer = small.ask("PUT", "statements?statementId=aaaaaaaa-2222-4333-8444-555555555555", long(2 * KIB))
    assert (answer.status_code, small.find()) == (413, [])


def test_documents_have_an_end_in_size_and_in_number(small: Tool) -> None:
    """413; what stood stands, and one more goes in when one went out."""
    assert small.ask("PUT", f"{STATE}a", b"x" * (KIB + 1), content_type="text/plain").status_code == 413
    assert small.ask("PUT", f"{STATE}a", b"x" * KIB, content_type="text/plain").status_code == 204
    assert small.ask("PUT", f"{STATE}b", {"a": 1}).status_code == 204
    assert small.ask("PUT", f"{STATE}c", {"a": 1}).status_code == 413
    assert small.ask("GET", STATE.removesuffix("&stateId=")).json == ["a", "b"]
    small.ask("DELETE", f"{STATE}a")
    assert small.ask("PUT", f"{STATE}c", {"a": 1}).status_code == 204


def test_documents_do_not_grow_over_their_end_by_merging(small: Tool) -> None:
    """Nor does what stands change."""
    small.ask("PUT", f"{STATE}a", {"a": "x" * 700})
    assert small.ask("POST", f"{STATE}a", {"b": "x" * 700}).status_code == 413
    assert set(small.ask("GET", f"{STATE}a").json) == {"a"}


def test_one_setting_lifts_what_a_conformance_test_must_not_meet(make: Callable[..., Tool]) -> None:
    """Size, count and rate; only a statement still has to fit into one entry of the journal."""
    tool = make(**NONE)
    for body in TOO_MUCH.values():
        assert tool.ask("POST", body=body).status_code == 200
    for name in "abcd":
        assert tool.ask("PUT", f"{STATE}{name}", b"x" * 2 * KIB, content_type="text/plain").status_code == 204
    for _ in range(20):
        assert tool.ask("GET", "statements?limit=1").status_code == 200
    assert tool.ask("POST", body=long(STATEMENT_BYTES_MAX)).status_code == 413


def test_a_key_that_asks_too_often_waits(make: Callable[..., Tool], clock: HandClock) -> None:
    """429 and for how long; nothing is kept, then it goes on."""
    tool = make(**SMALL)
    assert [tool.ask("POST", body=statement()).status_code for _ in range(7)] == [200] * 6 + [429]
    answer = tool.ask("POST", body=statement())
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "10")
    assert "Nothing was changed" in answer.text
    clock.advance(10)
    assert [tool.ask("POST", body=statement()).status_code for _ in range(2)] == [200, 429]
    clock.advance(60)
    assert len(tool.find()) == 7


def test_one_key_s_haste_slows_no_other(make: Callable[..., Tool], clock: HandClock) -> None:
    """Each has a bucket of its own; so has content with its ticket."""
    tool = make(**SMALL)
    node: Node = tool.client.application.extensions["node"]
    key, secret = keys.add(node, name="Another", scopes=["all"])
    while tool.ask("GET").status_code == 200:
        pass
    assert Tool(tool.client, key.id, secret).ask("GET").status_code == 200
    word = keys.write_ticket(node, person="p", activity=activity(PACKAGE, "play"), registration="r")
    assert [Tool(tool.client, "launch", word).ask("GET").status_code for _ in range(7)] == [200] * 6 + [429]


def test_wrong_keys_wait_and_lock_nobody_out(make: Callable[..., Tool], clock: HandClock) -> None:
    """From the same address a right key is let through, whatever was guessed before."""
    tool = make(**{**SMALL, "xapi_rate": 0})
    wrong = Tool(tool.client, "nobody", "guess")
    assert [wrong.ask("GET").status_code for _ in range(5)] == [401, 401, 401, 429, 429]
    assert wrong.ask("GET").headers["Retry-After"] == "20"
    assert tool.ask("GET").status_code == 200
    elsewhere = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}}
    assert wrong.ask("GET", **elsewhere).status_code == 401
    clock.advance(60)
    assert wrong.ask("GET").status_code == 401


def test_a_browser_reads_why_content_must_wait(make: Callable[..., Tool], clock: HandClock) -> None:
    """The refusal carries the headers that let content of the second origin read it."""
    tool = make(**SMALL)
    while (answer := tool.ask("GET", headers={"Origin": "null"})).status_code == 200:
        pass
    assert answer.headers["Access-Control-Allow-Origin"] == "null"
    assert answer.headers["X-Experience-API-Version"] == "2.0.0"


class Usage(NamedTuple):
    """What a disk says of itself."""

    total: int
    used: int
    free: int


def test_tools_leave_room_on_the_disk(tool: Tool, node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """Near the reserve they may read and take away, and bring nothing more: the hub's own pages go on."""
    tool.send(statement())
    tool.ask("PUT", f"{STATE}a", {"a": 1})
    monkeypatch.setattr("content.disk.shutil.disk_usage", lambda _: Usage(2**40, 2**40 - 1, node.settings.free_reserve))
    assert tool.ask("POST", body=statement()).status_code == 507
    assert tool.ask("PUT", f"{STATE}b", {"a": 1}).status_code == 507
    assert len(tool.find()) == 1
    assert tool.ask("DELETE", f"{STATE}a").status_code == 204


def test_a_limit_is_never_over_the_largest_request(node: Node) -> None:
    """What no request can carry cannot be promised."""
    settings = replace(node.settings, body_max=100_000, xapi_request_max=200_000, xapi_document_max=300_000)
    found = limits(replace(node, settings=settings))
    assert (found.request_bytes, found.attached_request_bytes, found.document_bytes) == (100_000,) * 3


def test_the_defaults_let_a_class_of_tablets_through(node: Node) -> None:
    """Sixty that send each second, over one key."""
    assert limits(node).a_minute == 3000
    rates = Rates(clock := HandClock().monotonic_ms)
    assert clock() == 0
    assert not any(rates.take("key", limits(node).a_minute) for _ in range(3000))


def test_a_bucket_fills_evenly_and_not_over_its_rim(clock: HandClock) -> None:
    """After a day it holds a minute's worth, not a day's; a refused asking takes nothing."""
    rates = Rates(clock.monotonic_ms)
    assert [rates.take("a", 2) for _ in range(3)] == [0, 0, 30]
    clock.advance(15)
    assert rates.take("a", 2) == 15
    clock.advance(15)
    assert [rates.take("a", 2) for _ in range(2)] == [0, 30]
    clock.advance(86_400)
    assert [rates.take("a", 2) for _ in range(3)] == [0, 0, 30]
    assert rates.take("a", 0) == 0


def test_counting_has_an_end(clock: HandClock) -> None:
    """Whoever was quiet longest is forgotten first; memory stays bounded."""
    rates = Rates(clock.monotonic_ms)
    rates.take("first", 1)
    for number in range(SUBJECTS_MAX):
        rates.take(str(number), 1)
    assert len(rates._buckets) == SUBJECTS_MAX
    assert rates.take("first", 1) == 0
    assert rates.take(str(SUBJECTS_MAX - 1), 1) == 60


def test_a_body_over_the_limit_is_refused_on_the_line(served: Served, node: Node) -> None:
    """Over real HTTP as well: the sentence arrives, and the hub goes on."""
    key, secret = keys.add(node, name="A", scopes=["all"])
    proof = "Basic " + b64encode(f"{key.id}:{secret}".encode()).decode()
    headers = {"Authorization": proof, "X-Experience-API-Version": "2.0.0", "Content-Type": "application/json"}
    host = served.url.removeprefix("http://")
    for size, status in ((node.settings.xapi_request_max + 1, 413), (2, 200)):
        line = HTTPConnection(host)
        line.request("POST", "/xapi/statements", b"[" + b" " * (size - 2) + b"]", headers)
        assert line.getresponse().status == status
        line.close()


def test_a_plain_guest_s_flood_of_nothing_costs_no_writing(client: FlaskClient, node: Node) -> None:
    """Whoever has no key makes the hub write nothing: a card wears out."""
    before = node.tables.Attempt.select().count()
    for _ in range(5):
        Tool(client, "nobody", "guess").ask("POST", body=statement())
    assert node.tables.Attempt.select().count() == before
