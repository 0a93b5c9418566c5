"""Content on the second origin may ask every resource from a browser; pages from elsewhere may ask nothing."""

import json

import pytest
from flask.testing import FlaskClient

from hub.web.xapi.elsewhere import ANSWERED
from hub.web.xapi.speaking import CONSISTENT, VERSION
from tests.fixtures import engines
from tests.fixtures.learning import Tool

pytestmark = pytest.mark.sqlite(engines.PROGRAM)

CONTENT = ("null", "http://localhost:8081")
STRANGERS = ("http://evil.org", "http://localhost", "http://localhost:8082", "http://localhost:8081.evil.org", "")
AGENT = json.dumps({"mbox": "mailto:kofi@a.org"})
WORDS = {"agents": {"agent": AGENT}, "activities": {"activityId": "http://a.org"}, "agents/profile": {"agent": AGENT}}
ALLOW = "Access-Control-Allow-"


@pytest.mark.parametrize("origin", CONTENT)
def test_a_browser_is_told_what_content_may_send(client: FlaskClient, origin: str) -> None:
    """Before it sends anything, without proof and version, at every resource and for every method."""
    for resource in ANSWERED:
        for method in ("GET", "PUT", "POST", "DELETE"):
            asks = {"Origin": origin, "Access-Control-Request-Method": method}
            told = client.options(f"/xapi/{resource}", headers=asks)
            assert (told.status_code, told.headers[f"{ALLOW}Origin"]) == (200, origin)
            assert method in told.headers[f"{ALLOW}Methods"].split(", ")
            allowed = set(told.headers[f"{ALLOW}Headers"].split(", "))
            assert {"Authorization", "Content-Type", "If-Match", "If-None-Match", VERSION} <= allowed
            assert f"{ALLOW}Credentials" not in told.headers


@pytest.mark.parametrize("origin", CONTENT)
def test_content_may_read_every_answer(tool: Tool, origin: str) -> None:
    """Right ones and refusals, with the headers that scripts need."""
    headers = {"Origin": origin}
    for resource in ANSWERED:
        for words in (WORDS.get(resource, {}), {"nonsense": "1"}):
            answer = tool.ask("GET", resource, query_string=words, headers=headers)
            assert answer.headers[f"{ALLOW}Origin"] == origin
            shown = set(answer.headers["Access-Control-Expose-Headers"].split(", "))
            assert {"ETag", "Last-Modified", VERSION, CONSISTENT} <= shown
            assert "Origin" in answer.headers["Vary"]
    refused = Tool(tool.client, "", "").ask("GET", "statements", headers=headers)
    assert (refused.status_code, refused.headers[f"{ALLOW}Origin"]) == (401, origin)


@pytest.mark.parametrize("origin", STRANGERS)
def test_strangers_are_told_nothing(tool: Tool, origin: str) -> None:
    """Neither before nor in an answer; and what a cache keeps for one is not given to the other."""
    for resource in ANSWERED:
        for method in ("OPTIONS", "GET"):
            told = tool.ask(method, resource, query_string=WORDS.get(resource), headers={"Origin": origin}).headers
            assert [name for name in told.keys() if name.startswith("Access-Control-")] == []  # noqa: SIM118
            assert "Origin" in told["Vary"]
