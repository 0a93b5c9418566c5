"""What each scope opens: every resource, every method, and nothing else for anybody."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub import keys
from hub.node import Node
from hub.vocabulary import activity, person_actor
from hub.web.xapi.speaking import VERSION
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.learning import PACKAGE, Tool, statement

ID = "aaaaaaaa-2222-4333-8444-555555555555"
WHO = json.dumps(person_actor("11111111-1111-4111-8111-111111111111"))
WHAT = activity(PACKAGE, "play")
STATE = f"activities/state?{urlencode({'activityId': WHAT, 'agent': WHO})}"
ABOUT_WHAT = f"activities/profile?{urlencode({'activityId': WHAT})}"
ABOUT_WHOM = f"agents/profile?{urlencode({'agent': WHO})}"

WRITES = {"all", "statements/write"}
READS = {"all", "all/read", "statements/read", "statements/read/mine"}
STATES, PROFILES = {"all", "state"}, {"all", "profile"}

Case = tuple[str, str, Any, set[str]]
CASES: dict[str, Case] = {
    "read statements": ("GET", "statements", None, READS),
    "look at statements": ("HEAD", "statements", None, READS),
    "put a statement": ("PUT", f"statements?statementId={ID}", statement(), WRITES),
    "post statements": ("POST", "statements", [statement()], WRITES),
    "what an activity is": ("GET", f"activities?{urlencode({'activityId': WHAT})}", None, READS | STATES | PROFILES),
    "how somebody is called": ("GET", f"agents?{urlencode({'agent': WHO})}", None, READS),
    "delete all states": ("DELETE", STATE, None, STATES),
}
"""What is asked, and the scopes that open it."""
for _name, _address, _id, _scopes in (
    ("state", STATE, "stateId", STATES),
    ("activity profile", ABOUT_WHAT, "profileId", PROFILES),
    ("agent profile", ABOUT_WHOM, "profileId", PROFILES),
):
    CASES |= {
        f"list {_name}": ("GET", _address, None, _scopes | {"all/read"}),
        f"read {_name}": ("GET", f"{_address}&{_id}=x", None, _scopes | {"all/read"}),
        f"look at {_name}": ("HEAD", f"{_address}&{_id}=x", None, _scopes | {"all/read"}),
        f"put {_name}": ("PUT", f"{_address}&{_id}=x", {"a": 2}, _scopes),
        f"post {_name}": ("POST", f"{_address}&{_id}=x", {"b": 2}, _scopes),
        f"delete {_name}": ("DELETE", f"{_address}&{_id}=x", None, _scopes),
    }


def ask(tool: Tool, case: str) -> TestResponse:
    """Do what the case says, knowing what stands there."""
    method, path, body, _ = CASES[case]
    headers = {"If-Match": "*"} if method in ("PUT", "POST", "DELETE") and "=x" in path else {}
    return tool.ask(method, path, body, headers=headers)


def standing(node: Node) -> list[Any]:
    """All that a tool could change."""
    documents = node.database.execute_sql("SELECT id, etag FROM document ORDER BY id").fetchall()
    return [node.tables.Statement.select().count(), *documents]


@pytest.fixture
def filled(make_tool: Callable[..., Tool]) -> None:
    """A document of each resource stands there."""
    tool = make_tool("all")
    for address, name in ((STATE, "stateId"), (ABOUT_WHAT, "profileId"), (ABOUT_WHOM, "profileId")):
        answer = tool.ask("PUT", f"{address}&{name}=x", {"a": 1}, headers={"If-None-Match": "*"})
        assert answer.status_code == 204, answer.text


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("scope", keys.SCOPES)
def test_a_scope_opens_what_it_says_and_nothing_else(make_tool: Callable[..., Tool], node: Node, scope: str) -> None:
    """Refused with 403 and a sentence, and nothing is changed by what was refused."""
    tool = make_tool(scope)
    wrong = []
    for case, (*_, scopes) in CASES.items():
        before = standing(node)
        answer = ask(tool, case)
        is_open = answer.status_code in (200, 204)
        if scope not in scopes:
            is_right = answer.status_code == 403 and standing(node) == before
        else:
            is_right = is_open or (answer.status_code == 404 and case.startswith(("read", "look")))
        wrong += [] if is_right else [(case, answer.status_code)]
        if is_open and case.startswith("delete"):
            make_again(make_tool)
    assert wrong == []


def make_again(make_tool: Callable[..., Tool]) -> None:
    """What was taken away stands there again for the next case."""
    tool = make_tool("all")
    for address, name in ((STATE, "stateId"), (ABOUT_WHAT, "profileId"), (ABOUT_WHOM, "profileId")):
        tool.ask("PUT", f"{address}&{name}=x", {"a": 1}, headers={"If-None-Match": "*"})


@pytest.mark.usefixtures("filled")
def test_two_scopes_open_what_each_does(make_tool: Callable[..., Tool]) -> None:
    """And no more than both."""
    tool = make_tool("statements/write", "state")
    found = {case: ask(tool, case).status_code for case in CASES}
    assert {case for case, status in found.items() if status != 403} == {
        case for case, (*_, scopes) in CASES.items() if scopes & {"statements/write", "state"}
    }


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("role", ROLES)
def test_nobody_comes_in_without_a_key(cast: Cast, node: Node, role: str) -> None:
    """Being signed in opens nothing, whoever it is; 401, and nothing is changed."""
    client, before = cast.client(role), standing(node)
    for method, path, body, _ in CASES.values():
        answer = client.open(f"/xapi/{path}", method=method, json=body, headers={VERSION: "1.0.3"})
        assert (answer.status_code, "WWW-Authenticate" in answer.headers) == (401, True), path
    assert standing(node) == before


def test_what_is_spoken_here_is_open_to_everybody(client: FlaskClient) -> None:
    """About needs no key."""
    assert client.get("/xapi/about").status_code == 200


def test_only_one_s_own_statements_are_read_with_that_scope(make_tool: Callable[..., Tool]) -> None:
    """In a list, by the id, and by the word behind which more lies."""
    other, tool = make_tool("all"), make_tool("statements/write", "statements/read/mine")
    (foreign,), mine = other.send(statement()), tool.send(statement(), statement())
    assert sorted(each["id"] for each in tool.find(limit="1")) == sorted(mine)
    assert tool.ask("GET", f"statements?statementId={foreign}").status_code == 404
    more = other.ask("GET", "statements?limit=1").json["more"].removeprefix("/xapi/")
    assert {each["id"] for each in tool.ask("GET", more).json["statements"]} <= set(mine)


def test_the_names_that_others_gave_are_not_told_to_whom_reads_only_its_own(make_tool: Callable[..., Tool]) -> None:
    """How somebody is called stands in the statements of others."""
    named = {**person_actor("11111111-1111-4111-8111-111111111111"), "name": "Amina"}
    make_tool("all").send(statement(actor=named))
    told = {scope: ask(make_tool(scope), "how somebody is called").json for scope in ("all", "statements/read/mine")}
    assert told["all"]["name"] == ["Amina"]
    assert told["statements/read/mine"].get("name", []) == []


def test_a_key_vouches_for_what_it_writes(make_tool: Callable[..., Tool], node: Node) -> None:
    """Whoever the sender says it is: a ministry's tool with the scope of all, too."""
    (kept,) = (tool := make_tool("all")).send(statement(authority={"mbox": "mailto:king@example.org"}))
    (key,) = keys.keys(node)
    authority = tool.ask("GET", f"statements?statementId={kept}").json["authority"]
    assert authority == {
        "objectType": "Agent",
        "name": "A tool",
        "account": {"homePage": "urn:mangrove:key", "name": key.id},
    }
