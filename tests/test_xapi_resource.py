"""`/xapi/`: versions, proof, statuses and headers, as tools expect them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from hub import keys
from hub.config import Settings
from hub.node import Node
from hub.web.xapi import speaking as xapi
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.learning import Tool, statement

ID = "aaaaaaaa-2222-4333-8444-555555555555"
VERSION, CONSISTENT = xapi.VERSION, xapi.CONSISTENT


def test_about_is_open_and_names_both_versions(client: FlaskClient) -> None:
    """Without key and version."""
    answer = client.get("/xapi/about")
    assert (answer.status_code, answer.json["version"]) == (200, ["1.0.3", "2.0.0"])


@pytest.mark.parametrize(
    ("said", "heard"), [("1.0", "1.0.3"), ("1.0.0", "1.0.3"), ("1.0.9", "1.0.3"), ("2.0", "2.0.0"), ("2.0.0", "2.0.0")]
)
def test_each_line_is_answered_with_its_latest(make_tool: Callable[..., Tool], said: str, heard: str) -> None:
    """Any patch of a line is taken."""
    answer = make_tool("all", version=said).ask("GET")
    assert (answer.status_code, answer.headers[VERSION]) == (200, heard)


@pytest.mark.parametrize("said", ["", "0.9", "0.95", "1.1", "3.0", "two", "2"])
def test_a_version_that_is_not_spoken_is_refused(make_tool: Callable[..., Tool], said: str) -> None:
    """400, and the answer still says which version it is in."""
    answer = make_tool("all", version=said).ask("GET")
    assert (answer.status_code, answer.headers[VERSION]) == (400, "2.0.0")


def test_put_keeps_a_statement_and_get_gives_it_back(tool: Tool) -> None:
    """204, then the same with what the hub added, its moment and its mark."""
    assert tool.ask("PUT", f"statements?statementId={ID}", statement()).status_code == 204
    answer = tool.ask("GET", f"statements?statementId={ID}")
    assert (answer.json["id"], answer.json["actor"]) == (ID, statement()["actor"])
    assert answer.headers["Last-Modified"] == "Mon, 24 Nov 2025 16:00:00 GMT"
    assert answer.headers["ETag"].startswith('"')


def test_put_twice_changes_nothing_and_another_is_a_conflict(tool: Tool) -> None:
    """204, 204, 409."""
    said = statement()
    statuses = [tool.ask("PUT", f"statements?statementId={ID}", body).status_code for body in (said, said)]
    other = tool.ask("PUT", f"statements?statementId={ID}", statement(result={"success": False}))
    assert (*statuses, other.status_code) == (204, 204, 409)
    assert "stays as it is" in other.text


def test_post_answers_with_the_ids_in_order(tool: Tool) -> None:
    """One statement or many; an empty list is nothing."""
    assert tool.ask("POST", body=[statement(), statement(id=ID)]).json[1] == ID
    assert len(tool.ask("POST", body=statement()).json) == 1
    assert tool.ask("POST", body=[]).json == []


def test_a_batch_with_one_wrong_leaves_nothing(tool: Tool) -> None:
    """All or none."""
    assert tool.ask("POST", body=[statement(), {"actor": {}}]).status_code == 400
    assert tool.find() == []


WRONG: dict[str, tuple[str, str, Any, str, int]] = {
    "put without an id": ("PUT", "statements", statement(), "application/json", 400),
    "put with more in the address": ("PUT", f"statements?statementId={ID}&x=1", statement(), "application/json", 400),
    "put of a list": ("PUT", f"statements?statementId={ID}", [statement()], "application/json", 400),
    "put under another id": ("PUT", f"statements?statementId={ID}", statement(id=ID[::-1]), "application/json", 400),
    "post with words": ("POST", "statements?x=1", statement(), "application/json", 400),
    "post in disguise": ("POST", "statements?method=PUT", statement(), "application/json", 400),
    "post of a text": ("POST", "statements", b"hello", "application/json", 400),
    "post of another type": ("POST", "statements", statement(), "text/plain", 400),
    "post of parts": ("POST", "statements", b"--x", "multipart/mixed; boundary=x", 400),
    "post of too much": ("POST", "statements", b" " * (Settings().xapi_request_max + 1), "application/json", 413),
    "post of a long one": ("POST", "statements", statement(result={"response": "x" * 70_000}), "application/json", 413),
    "delete": ("DELETE", "statements", None, "", 405),
    "a word twice": ("GET", "statements?limit=1&limit=2", None, "", 400),
    "an unknown statement": ("GET", f"statements?statementId={ID}", None, "", 404),
    "an unknown resource": ("GET", "moods", None, "", 404),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_done_says_so(tool: Tool, case: str) -> None:
    """The right status, one sentence in plain text, the version; nothing was kept."""
    method, path, body, content_type, status = WRONG[case]
    answer = tool.ask(method, path, body, content_type=content_type)
    assert (answer.status_code, answer.mimetype, answer.headers[VERSION]) == (status, "text/plain", "2.0.0")
    assert tool.find() == []


def test_being_signed_in_opens_nothing_here(cast: Cast) -> None:
    """Only a key does; a foreign page gains nothing from anybody's cookie."""
    for role in ROLES:
        for method in ("GET", "POST", "PUT"):
            answer = cast.client(role).open("/xapi/statements", method=method, headers={VERSION: "2.0.0"})
            assert (answer.status_code, answer.headers["WWW-Authenticate"][:5]) == (401, "Basic")


@pytest.mark.parametrize("proof", ["", "Basic", "Basic !!!", "Basic YTpi", "Bearer abc", "Basic bGF1bmNoOng="])
def test_a_proof_that_is_none_is_refused(client: FlaskClient, proof: str) -> None:
    """401 in one sentence, whatever was wrong with it."""
    answer = client.get("/xapi/statements", headers={VERSION: "2.0.0", "Authorization": proof})
    assert (answer.status_code, answer.text.strip().endswith(".")) == (401, True)


def test_a_key_that_was_taken_back_opens_nothing(node: Node, tool: Tool) -> None:
    """At once."""
    keys.revoke(node, keys.keys(node)[0].id)
    assert tool.ask("GET").status_code == 401


@pytest.mark.parametrize(
    ("scope", "reads", "writes"),
    [
        ("all", 200, 200),
        ("all/read", 200, 403),
        ("statements/read", 200, 403),
        ("statements/read/mine", 200, 403),
        ("statements/write", 403, 200),
    ],
)
def test_a_scope_is_what_it_says(
    make_tool: Callable[..., Tool], node: Node, scope: str, reads: int, writes: int
) -> None:
    """Reading and writing are two things, by POST and by PUT; what may not be written is not kept."""
    tool = make_tool(scope)
    assert (tool.ask("GET").status_code, tool.ask("POST", body=statement()).status_code) == (reads, writes)
    put = tool.ask("PUT", f"statements?statementId={ID}", statement())
    assert put.status_code == (204 if writes == 200 else 403)
    assert node.tables.Statement.select().count() == (2 if writes == 200 else 0)


def test_head_is_get_without_a_body(tool: Tool) -> None:
    """The same headers."""
    tool.send(statement(id=ID))
    head, get = (tool.ask(method, f"statements?statementId={ID}") for method in ("HEAD", "GET"))
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Length", VERSION):
        assert head.headers[name] == get.headers[name]


def test_every_answer_says_up_to_when_it_is_whole(tool: Tool) -> None:
    """A moment that is close to now and before it."""
    answers = [
        tool.ask("GET"),
        tool.ask("POST", body=statement()),
        tool.ask("PUT", f"statements?statementId={ID}", statement()),
    ]
    assert {answer.headers[CONSISTENT] for answer in answers} == {"2025-11-24T15:59:59.999Z"}


@pytest.mark.parametrize(
    ("origin", "is_let"), [("null", True), ("http://localhost:8081", True), ("http://evil.org", False)]
)
def test_content_on_its_own_origin_may_ask(tool: Tool, origin: str, is_let: bool) -> None:
    """A browser lets sandboxed content read our answers, and no page from elsewhere."""
    asked = tool.client.options("/xapi/statements", headers={"Origin": origin})
    answer = tool.ask("GET", headers={"Origin": origin})
    assert [("Access-Control-Allow-Origin" in each.headers) for each in (asked, answer)] == [is_let, is_let]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_long_list_comes_out_as_it_went_in(tool: Tool) -> None:
    """Text of every script, numbers and order survive."""
    said = statement(result={"response": "ما اسمك؟ नमस्ते 🥭", "score": {"raw": 0.1, "min": -5, "max": 10**15}})
    (kept,) = tool.send(said)
    found = tool.ask("GET", f"statements?statementId={kept}").json
    assert json.dumps(found["result"]) == json.dumps(said["result"])


def test_a_browser_is_told_what_content_may_send(client: FlaskClient) -> None:
    """Before content on the second origin reports, its browser asks; also at an address that others answer."""
    asks = {"Origin": "null", "Access-Control-Request-Method": "POST"}
    for resource in ("statements", "about", "activities/state"):
        told = client.open(f"/xapi/{resource}", method="OPTIONS", headers=asks).headers
        assert told["Access-Control-Allow-Origin"] == "null"
        assert "Authorization" in told["Access-Control-Allow-Headers"]
        assert "POST" in told["Access-Control-Allow-Methods"]
