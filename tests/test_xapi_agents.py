"""`/xapi/agents`: somebody as a Person, whose parts are lists."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from hub import keys
from hub.node import Node
from hub.vocabulary import activity, person_actor
from tests.fixtures.cast import Cast
from tests.fixtures.learning import PACKAGE, Tool, statement

KOFI = {"mbox": "mailto:kofi@a.org"}
AGENTS: dict[str, Any] = {
    "mbox": "mailto:kofi@a.org",
    "mbox_sha1sum": "0123456789abcdef0123456789abcdef01234567",
    "openid": "http://a.org/kofi",
    "account": {"homePage": "http://a.org", "name": "kofi"},
}


def person(tool: Tool, agent: Any) -> dict[str, Any]:
    """The person as the resource tells it."""
    answer = tool.ask("GET", "agents", query_string={"agent": json.dumps(agent)})
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    return dict(answer.json)


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_somebody_unknown_is_a_person(make_tool: Callable[..., Tool], version: str) -> None:
    """With what the question says: each kind of name is a list, and what the asker calls them too."""
    tool = make_tool("all", version=version)
    for part, value in AGENTS.items():
        assert person(tool, {part: value}) == {"objectType": "Person", part: [value]}
    named = {"objectType": "Agent", "name": "Kofi", **KOFI}
    assert person(tool, named) == {"objectType": "Person", "name": ["Kofi"], "mbox": [KOFI["mbox"]]}


def test_a_person_has_every_name_that_statements_use(tool: Tool) -> None:
    """Of actors, objects, members, whoever taught, and those within; the latest first, each once."""
    tool.send(statement(actor={"name": "Actor", **KOFI}))
    tool.send(statement(object={"objectType": "Agent", "name": "Object", **KOFI}))
    tool.send(statement(actor={"objectType": "Group", "member": [{"name": "Member", **KOFI}]}))
    tool.send(statement(context={"instructor": {"name": "Teacher", **KOFI}}))
    within = {"objectType": "SubStatement", **statement(actor={"name": "Within", **KOFI})}
    tool.send(statement(object=within))
    assert person(tool, KOFI)["name"] == ["Within", "Teacher", "Member", "Object", "Actor"]
    tool.send(statement(actor={"name": "Object", **KOFI}))
    assert person(tool, {"name": "Actor", **KOFI})["name"] == ["Actor", "Object", "Within", "Teacher", "Member"]


def test_another_agent_s_names_are_not_among_them(tool: Tool) -> None:
    """Nor do two ways to name somebody make one person: nobody here knows that they are."""
    tool.send(statement(actor={"name": "Kofi", **KOFI}), statement(actor={"name": "K.", "openid": "http://a.org/kofi"}))
    assert person(tool, {"openid": "http://a.org/kofi"}) == {
        **{"objectType": "Person", "name": ["K."], "openid": ["http://a.org/kofi"]},
    }


def test_the_names_of_our_people_are_told_to_no_tool(tool: Tool, cast: Cast, market: Any) -> None:
    """What the hub's own pages record names nobody but by a number, and so does this."""
    cast.client("learner").get(f"/learn/{PACKAGE}/look/")
    assert "name" not in person(tool, person_actor(cast.person("learner").id))


def test_who_may_not_read_all_learns_no_names(node: Node, client: FlaskClient, make_tool: Callable[..., Tool]) -> None:
    """A key that reads its own, or content about its own learner, hears back what it said in its question."""
    learner = "11111111-1111-4111-8111-111111111111"
    make_tool("all").send(statement(actor={"name": "Amina", **person_actor(learner)}))
    word = keys.write_ticket(node, person=learner, activity=activity(PACKAGE, "play"), registration=learner)
    for tool in (make_tool("statements/read/mine"), Tool(client, "launch", word)):
        assert "name" not in person(tool, person_actor(learner))
    assert (
        Tool(client, "launch", word).ask("GET", "agents", query_string={"agent": json.dumps(KOFI)}).status_code == 403
    )


def test_who_is_nobody_is_refused(tool: Tool, make_tool: Callable[..., Tool], client: FlaskClient) -> None:
    """400 for words that are wrong, 401 and 403 for who may not ask, 405 for what is not done here."""
    group = {"objectType": "Group", "name": "Class", **KOFI}
    for word in (
        "Kofi",
        "{}",
        "[]",
        "1",
        "null",
        '{"name": "Kofi"}',
        json.dumps(group),
        json.dumps({**KOFI, "age": 9}),
    ):
        assert (word, tool.ask("GET", "agents", query_string={"agent": word}).status_code) == (word, 400)
    for asked in ({}, {"Agent": json.dumps(KOFI)}, {"agent": json.dumps(KOFI), "since": "x"}):
        assert tool.ask("GET", "agents", query_string=asked).status_code == 400
    whole = {"query_string": {"agent": json.dumps(KOFI)}}
    assert Tool(client, "", "").ask("GET", "agents", **whole).status_code == 401
    assert make_tool("statements/write").ask("GET", "agents", **whole).status_code == 403
    assert [tool.ask(method, "agents", **whole).status_code for method in ("PUT", "POST", "DELETE")] == [405] * 3


def test_head_is_get_without_a_body(tool: Tool) -> None:
    """The same headers."""
    head, get = (tool.ask(method, "agents", query_string={"agent": json.dumps(KOFI)}) for method in ("HEAD", "GET"))
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", get.headers["ETag"])
