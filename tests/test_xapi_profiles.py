"""`/xapi/activities/profile` and `/xapi/agents/profile`: documents about what is done, and about who does it."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.node import Node
from hub.xapi import documents, places
from tests.fixtures.clock import HandClock
from tests.fixtures.learning import Tool

KOFI = {"mbox": "mailto:kofi@a.org"}
OF: dict[str, dict[str, str]] = {
    "activities/profile": {"activityId": "http://a.org/play"},
    "agents/profile": {"agent": json.dumps(KOFI)},
}
OTHER: dict[str, dict[str, str]] = {
    "activities/profile": {"activityId": "http://a.org/far"},
    "agents/profile": {"agent": json.dumps({"mbox": "mailto:amina@a.org"})},
}
FRESH = {"If-None-Match": "*"}

Ask = Callable[..., TestResponse]


def asking(tool: Tool, kind: str) -> Ask:
    """A tool's requests about one kind of profile; a part that is None is left out of the address."""

    def asked(method: str, body: Any = None, *, headers: Any = None, content_type: str = "", **parts: Any) -> Any:
        told = {**OF[kind], "profileId": "card", **parts}
        kept = {name: value for name, value in told.items() if value is not None}
        options = {"content_type": content_type} if content_type else {}
        return tool.ask(method, kind, body, query_string=kept, headers=headers or {}, **options)

    return asked


@pytest.fixture(params=OF)
def kind(request: pytest.FixtureRequest) -> str:
    """Which of the two."""
    return str(request.param)


@pytest.fixture(params=["1.0.3", "2.0.0"])
def ask(request: pytest.FixtureRequest, kind: str, make_tool: Callable[..., Tool]) -> Ask:
    """A request about profiles by a tool that may do everything, in each version."""
    return asking(make_tool("all", version=request.param), kind)


def test_a_profile_is_kept_changed_and_taken_away(ask: Ask) -> None:
    """As it was sent; merged by POST; 404 after it was taken away, and taking it away again is nothing."""
    assert ask("PUT", b"\x00\xff", headers=FRESH, content_type="image/png").status_code == 204
    answer = ask("GET")
    assert (answer.data, answer.content_type) == (b"\x00\xff", "image/png")
    assert answer.headers["ETag"] == f'"{hashlib.sha1(answer.data).hexdigest()}"'
    assert answer.headers["Last-Modified"] == "Mon, 24 Nov 2025 16:00:00 GMT"
    mark = {"If-Match": answer.headers["ETag"]}
    assert ask("PUT", {"a": 1, "b": {"c": 2}}, headers=mark).status_code == 204
    assert ask("PUT", {"late": 1}, headers=mark).status_code == 412
    assert ask("POST", {"b": 3}).status_code == 204
    assert ask("GET").json == {"a": 1, "b": 3}
    assert [ask("DELETE").status_code, ask("GET").status_code, ask("DELETE").status_code] == [204, 404, 204]


def test_head_is_get_without_a_body(ask: Ask) -> None:
    """The same headers."""
    ask("POST", {"a": 1})
    head, get = ask("HEAD"), ask("GET")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", get.headers["ETag"])


def test_the_list_names_what_changed_since(ask: Ask, kind: str, clock: HandClock) -> None:
    """Of this activity or agent alone."""
    ask("POST", {}, profileId="b")
    clock.advance(1)
    ask("POST", {}, profileId="a")
    ask("POST", {}, profileId="c", **OTHER[kind])
    assert ask("GET", profileId=None).json == ["a", "b"]
    assert ask("GET", profileId=None, since="2025-11-24T16:00:00Z").json == ["a"]
    assert ask("GET", profileId=None).headers["Last-Modified"] == "Mon, 24 Nov 2025 16:00:01 GMT"


@pytest.mark.parametrize(("version", "absent"), [("1.0.3", 400), ("2.0.0", 204)])
def test_who_does_not_look_writes_over_nothing(
    make_tool: Callable[..., Tool], kind: str, version: str, absent: int
) -> None:
    """409 where something stands. Where nothing does, 1.0.3 asks to say that one knows; 2.0 takes it."""
    ask = asking(make_tool("all", version=version), kind)
    assert ask("PUT", {"blind": 1}).status_code == absent
    ask("POST", {"stands": 1})
    before = ask("GET").data
    answer = ask("PUT", {"blind": 2})
    assert (answer.status_code, "If-Match" in answer.text, ask("GET").data) == (409, True, before)


def test_what_is_wrong_is_refused(ask: Ask, kind: str, node: Node) -> None:
    """400, and nothing is kept: what names it is missing or wrong, or the words are those of another resource."""
    (of,) = OF[kind]
    wrong: dict[str, tuple[str, Any, dict[str, Any]]] = {
        "nobody to be of": ("GET", None, {of: None}),
        "what it is of in words": ("PUT", b"x", {of: "play", "headers": FRESH}),
        "no name to keep it under": ("PUT", b"x", {"profileId": None, "headers": FRESH}),
        "no name to merge it under": ("POST", {}, {"profileId": None}),
        "no name to take away": ("DELETE", None, {"profileId": None}),
        "a sitting": ("GET", None, {"registration": "aaaaaaaa-2222-4333-8444-555555555555"}),
        "the name of a state": ("GET", None, {"profileId": None, "stateId": "card"}),
        "another case": ("GET", None, {"profileId": None, "profileID": "card"}),
        "since in words": ("GET", None, {"profileId": None, "since": "true"}),
        "since with a name": ("GET", None, {"since": "2025-11-24T16:00:00Z"}),
        "what is no JSON": ("POST", b'{"a":1}[', {"content_type": "application/json"}),
    }
    for case, (method, body, options) in wrong.items():
        answer = ask(method, body, **options)
        assert (case, answer.status_code, answer.text.strip()[-1]) == (case, 400, ".")
    assert node.tables.Document.select().count() == 0


def test_a_profile_of_one_is_none_of_another(tool: Tool, kind: str) -> None:
    """Nor of the other resource, by the same name."""
    ask = asking(tool, kind)
    ask("POST", {"mine": 1})
    assert ask("GET", **OTHER[kind]).status_code == 404
    others = next(name for name in OF if name != kind)
    assert asking(tool, others)("GET").status_code == 404


def test_only_its_own_scope_opens_it(make_tool: Callable[..., Tool], client: FlaskClient, kind: str) -> None:
    """`profile` does, reading everything only reads; statements' keys hear 403, strangers 401."""
    ask = asking(make_tool("profile"), kind)
    assert ask("PUT", {"a": 1}, headers=FRESH).status_code == 204
    reader = asking(make_tool("all/read"), kind)
    assert (reader("GET").json, reader("POST", {"b": 1}).status_code) == ({"a": 1}, 403)
    other, nobody = asking(make_tool("statements/read", "statements/write", "state"), kind), Tool(client, "", "")
    for method, body in (("GET", None), ("PUT", b"x"), ("POST", {}), ("DELETE", None)):
        assert other(method, body).status_code == 403
        assert asking(nobody, kind)(method, body).status_code == 401
    assert ask("GET").json == {"a": 1}


def test_an_agent_s_profiles_are_given(node: Node, tool: Tool) -> None:
    """For the export of everything about somebody; those of activities are nobody's."""
    for kind in OF:
        asking(tool, kind)("POST", {})
    (found,) = documents.of_agent(node, KOFI["mbox"])
    assert (found.words["profileId"], found.body) == ("card", b"{}")


def test_documents_stand_apart_from_the_journal(node: Node, tool: Tool) -> None:
    """Nothing of them is an entry, and making the tables again leaves them alone."""
    asking(tool, "agents/profile")("POST", {"a": 1})
    assert list(node.journal.replay()) == []
    place = places.one("agents/profile", {**OF["agents/profile"], "profileId": "card"})
    assert documents.get(node, place) is not None
