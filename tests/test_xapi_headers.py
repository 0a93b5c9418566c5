"""What every answer of `/xapi/` has in common: its version, and refusals that say what is done where."""

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from hub.web.xapi import speaking
from hub.web.xapi.elsewhere import ANSWERED
from hub.web.xapi.speaking import VERSION
from tests.fixtures import engines
from tests.fixtures.learning import Tool

pytestmark = pytest.mark.sqlite(engines.PROGRAM)

AGENT = json.dumps({"mbox": "mailto:kofi@a.org"})
ACTIVITY = "http://a.org/play"
READ = {
    "about": {},
    "statements": {"limit": "1"},
    "activities": {"activityId": ACTIVITY},
    "agents": {"agent": AGENT},
    "activities/state": {"activityId": ACTIVITY, "agent": AGENT},
    "activities/profile": {"activityId": ACTIVITY},
    "agents/profile": {"agent": AGENT},
}
"""Resource → words with which it can be read."""


@pytest.mark.parametrize(
    ("said", "heard"), [("1.0", "1.0.3"), ("1.0.0", "1.0.3"), ("2.0", "2.0.0"), ("2.0.7", "2.0.0")]
)
def test_each_resource_answers_in_the_line_it_is_asked_in(
    make_tool: Callable[..., Tool], said: str, heard: str
) -> None:
    """Whether it can be done, is wrong, is not there, or is not done here."""
    tool = make_tool("all", version=said)
    for resource, words in READ.items():
        for status, method, told in ((200, "GET", words), (200, "HEAD", words), (400, "GET", {"nonsense": "1"})):
            answer = tool.ask(method, resource, query_string=told)
            assert (resource, answer.status_code, answer.headers[VERSION]) == (resource, status, heard)
        for method in ("PATCH", "PROPFIND"):
            answer = tool.ask(method, resource)
            assert (resource, answer.status_code, answer.headers[VERSION]) == (resource, 405, heard)
    nothing = tool.ask("GET", "nothing")
    assert (nothing.status_code, nothing.headers[VERSION]) == (404, heard)


def test_a_version_that_is_not_spoken_is_refused_everywhere_but_at_about(make_tool: Callable[..., Tool]) -> None:
    """400 in a sentence that says where to look."""
    for said in ("", "0.95", "1.1.0", "3.0.0", "1", "1.0.3.1", "1.0.3, 2.0.0", " 1.0.3x"):
        tool = make_tool("all", version=said)
        for resource, words in READ.items():
            answer = tool.ask("GET", resource, query_string=words)
            assert (said, resource, answer.status_code) == (said, resource, 200 if resource == "about" else 400)
            assert resource == "about" or "/xapi/about" in answer.text


def test_who_names_no_version_is_told_in_their_own(make_tool: Callable[..., Tool], client: FlaskClient) -> None:
    """In the line that they spoke last, each key for itself; a stranger hears the latest."""
    old, new = make_tool("all", version="1.0.3"), make_tool("all")

    def silent(tool: Tool) -> str:
        return client.get("/xapi/statements", headers={"Authorization": tool.proof}).headers[VERSION]

    assert (silent(old), silent(new)) == ("2.0.0", "2.0.0")
    for tool in (old, new):
        assert tool.ask("GET").status_code == 200
    assert (silent(old), silent(new)) == ("1.0.3", "2.0.0")
    old.version = "2.0.0"
    old.ask("GET")
    assert silent(old) == "2.0.0"
    assert client.get("/xapi/statements").headers[VERSION] == "2.0.0"


def test_only_proved_senders_are_remembered(make_tool: Callable[..., Tool], monkeypatch: pytest.MonkeyPatch) -> None:
    """And only so many of them."""
    monkeypatch.setattr(speaking, "SENDERS_MAX", 2)
    tools = [make_tool("all", version="1.0.3") for _ in range(4)]
    lines = tools[0].client.application.extensions["tools"].extensions[speaking.SPOKEN]
    Tool(tools[0].client, "nobody", "x", "1.0.3").ask("GET")
    assert lines == {}
    for tool in tools:
        tool.ask("GET")
        assert 1 <= len(lines) <= 2


def test_another_method_is_told_which_ones_there_are(tool: Tool) -> None:
    """405 with Allow, as plain text."""
    for resource, methods in ANSWERED.items():
        for method in {"GET", "PUT", "POST", "DELETE", "PATCH"} - set(methods):
            answer = tool.ask(method, resource)
            assert (method, resource, answer.status_code) == (method, resource, 405)
            assert (set(answer.headers["Allow"].split(", ")), answer.mimetype) == (set(methods), "text/plain")


def test_an_address_that_is_none_is_not_found(tool: Tool) -> None:
    """404 for every method; neither a slash at the end nor another case leads anywhere."""
    for path in ("", "nothing", "statements/", "about/", "Statements", "activities/state/x", "agents%2Fprofile%2F"):
        for method in ("GET", "HEAD", "PUT", "POST", "DELETE"):
            assert (path, tool.ask(method, path).status_code) == (path, 404)


def test_a_refusal_is_one_sentence_of_plain_text(tool: Tool) -> None:
    """Whatever is wrong; and it gives nothing of the request back that a browser could run."""
    for resource in ANSWERED:
        answer = tool.ask("GET", resource, query_string={"<script>alert(1)</script>": "1"})
        assert (answer.status_code, answer.mimetype, answer.text.strip()[-1]) == (400, "text/plain", ".")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
