"""The alternate request syntax of xAPI 1.0.3: a method, its headers and its body inside a form."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from hub.node import Node
from hub.web.xapi import alternate
from hub.web.xapi.speaking import VERSION
from tests.fixtures import engines
from tests.fixtures.learning import Tool, statement

pytestmark = pytest.mark.sqlite(engines.PROGRAM)

ID = "aaaaaaaa-2222-4333-8444-555555555555"
KOFI = {"mbox": "mailto:kofi@a.org"}
STATE = {"activityId": "http://a.org/play", "agent": json.dumps(KOFI), "stateId": "bookmark"}
FORM = alternate.FORM


@pytest.fixture
def old(make_tool: Callable[..., Tool]) -> Tool:
    """A tool that speaks 1.0.3 and may do everything."""
    return make_tool("all", version="1.0.3")


def folded(
    tool: Tool, method: str, resource: str, fields: dict[str, str], *, headers: Any = None, more: str = ""
) -> TestResponse:
    """A request sent the old way: everything in the form, its proof and version too, and no header."""
    told = {"Authorization": tool.proof, VERSION: tool.version, **fields}
    address = f"/xapi/{resource}?method={method}{more}"
    return tool.client.post(address, data=urlencode(told), content_type=FORM, headers=headers or {})


def test_statements_are_kept_and_read(old: Tool) -> None:
    """PUT, POST, and GET with a filter; letters of every script."""
    said = statement(result={"response": "ما اسمك؟ नमस्ते & = + %"})
    assert folded(old, "PUT", "statements", {"statementId": ID, "content": json.dumps(said)}).status_code == 204
    found = folded(old, "GET", "statements", {"statementId": ID})
    assert (found.status_code, found.json["result"], found.headers[VERSION]) == (200, said["result"], "1.0.3")
    assert len(folded(old, "POST", "statements", {"content": json.dumps([said, said])}).json) == 2
    assert len(folded(old, "GET", "statements", {"limit": "2"}).json["statements"]) == 2


def test_documents_are_kept_with_their_type_and_mark(old: Tool) -> None:
    """Headers of the form count as headers; PUT, POST, GET, HEAD and DELETE."""
    kept = folded(old, "PUT", "activities/state", {**STATE, "content": "a=b&c", "content-type": "text/x-save"})
    answer = folded(old, "GET", "activities/state", STATE)
    assert (kept.status_code, answer.data, answer.content_type) == (204, b"a=b&c", "text/x-save")
    mark = {"If-Match": answer.headers["ETag"]}
    assert folded(old, "PUT", "activities/state", {**STATE, **mark, "content": "{}"}).status_code == 204
    assert folded(old, "DELETE", "activities/state", {**STATE, **mark}).status_code == 412
    assert folded(old, "GET", "activities/state", STATE).content_type == "application/json"
    fresh = {**STATE, "If-None-Match": "*", "content": "{}"}
    assert folded(old, "PUT", "activities/state", fresh).status_code == 412
    assert folded(old, "POST", "activities/state", {**STATE, "content": '{"a":1}'}).status_code == 204
    assert folded(old, "HEAD", "activities/state", STATE).data == b""
    assert folded(old, "DELETE", "activities/state", STATE).status_code == 204
    assert folded(old, "GET", "activities/state", STATE).status_code == 404


def test_every_resource_takes_it(old: Tool) -> None:
    """Whatever can be read plainly can be read so."""
    agent, activity = {"agent": STATE["agent"]}, {"activityId": STATE["activityId"]}
    fields = {"about": {}, "agents": agent, "activities": activity, "agents/profile": agent}
    for resource, told in {**fields, "activities/profile": activity, "activities/state": {**agent, **activity}}.items():
        assert (resource, folded(old, "GET", resource, told).status_code) == (resource, 200)


def test_headers_beside_the_form_count_where_it_says_nothing(old: Tool) -> None:
    """The proof and the version may come either way; the form's word is the one that counts."""
    headers = {"Authorization": old.proof, VERSION: "1.0.3"}
    answer = old.client.post("/xapi/statements?method=GET", data="limit=1", content_type=FORM, headers=headers)
    assert answer.status_code == 200
    assert folded(old, "GET", "statements", {VERSION: "0.8"}, headers=headers).status_code == 400
    assert folded(old, "GET", "statements", {"Authorization": "Basic YTpi"}, headers=headers).status_code == 401


REFUSED: dict[str, tuple[str, dict[str, str], str]] = {
    "a method that is none": ("PATCH", {"content": "{}"}, ""),
    "a method in small letters": ("get", {}, ""),
    "another word in the address": ("PUT", {"statementId": ID, "content": "{}"}, f"&statementId={ID}"),
    "two methods": ("GET", {}, "&method=GET"),
    "nothing to put": ("PUT", {"statementId": ID}, ""),
    "nothing to post": ("POST", {}, ""),
    "something to read with": ("GET", {"content": "{}"}, ""),
    "a field that is not known": ("GET", {"colour": "red"}, ""),
    "a header of two lines": ("GET", {"If-Match": '"a"\r\nX-Evil: 1'}, ""),
    "no version": ("GET", {VERSION: ""}, ""),
    "too many fields": ("GET", {f"f{number}": "" for number in range(alternate.FIELDS_MAX)}, ""),
}


def test_what_is_no_request_inside_a_form_is_refused(old: Tool, node: Node) -> None:
    """400 and a sentence; nothing is kept."""
    for case, (method, fields, more) in REFUSED.items():
        answer = folded(old, method, "statements", fields, more=more)
        assert (case, answer.status_code, answer.text.strip()[-1]) == (case, 400, ".")
    assert node.tables.Statement.select().count() == 0


BODIES: dict[str, tuple[Any, str]] = {
    "no form": (json.dumps({"content": "{}"}), FORM),
    "another type": (urlencode({"content": "{}", "statementId": ID}), "application/json"),
    "no body": (None, ""),
    "no letters": (b"content=%ff", FORM),
    "raw bytes": (b"content=\xff", FORM),
    "a field twice": (f"statementId={ID}&statementId={ID}&content=%7B%7D", FORM),
}


def test_a_body_that_is_no_form_is_refused(old: Tool) -> None:
    """400, though all headers are right."""
    headers = {"Authorization": old.proof, VERSION: "1.0.3"}
    for case, (data, content_type) in BODIES.items():
        told = {"data": data, "content_type": content_type or None, "headers": headers}
        answer = old.client.post("/xapi/statements?method=PUT", **told)
        assert (case, answer.status_code) == (case, 400)


def test_a_form_beyond_measure_is_refused(old: Tool, node: Node) -> None:
    """413 for the form, and for a document in it that is over its own limit."""
    answer = folded(old, "PUT", "statements", {"statementId": ID, "content": "x" * alternate.FORM_BYTES_MAX})
    assert (answer.status_code, answer.headers[VERSION]) == (413, "2.0.0")
    large = {**STATE, "content": "x" * (node.settings.xapi_document_max + 1), "Content-Type": "text/plain"}
    assert folded(old, "PUT", "activities/state", large).status_code == 413


def test_a_length_that_the_form_says_is_not_believed(old: Tool) -> None:
    """What is in the form counts; a wrong number neither cuts nor hangs."""
    for length in ("1", "99999999", "-1", "x"):
        told = {**STATE, "content": "whole", "Content-Type": "text/plain", "Content-Length": length}
        assert folded(old, "PUT", "activities/state", told).status_code == 204
        assert folded(old, "GET", "activities/state", STATE).data == b"whole"


@pytest.mark.parametrize("where", ["the headers", "the form"])
def test_2_0_has_no_such_thing(make_tool: Callable[..., Tool], node: Node, where: str) -> None:
    """Wherever it says that it speaks 2.0."""
    tool = make_tool("all")
    headers = {VERSION: "2.0.0"} if where == "the headers" else {}
    fields = {VERSION: "1.0.3" if where == "the headers" else "2.0.0"}
    content = {"statementId": ID, "content": json.dumps(statement())}
    for method, told in (("GET", {}), ("PUT", content), ("POST", {"content": content["content"]})):
        answer = folded(tool, method, "statements", {**fields, **told}, headers=headers)
        assert (answer.status_code, "2.0" in answer.text) == (400, True)
    assert node.tables.Statement.select().count() == 0


def test_only_a_post_is_unfolded(old: Tool) -> None:
    """Anything else with a method in its address says a word that is not known."""
    for method in ("GET", "PUT", "DELETE"):
        answer = old.ask(method, "activities/state", query_string={**STATE, "method": "POST"})
        assert answer.status_code == 400


def test_a_form_elsewhere_stays_a_form(old: Tool) -> None:
    """The hub's own pages may have a field of that name."""
    answer = old.client.post("/sign-in/?method=GET", data="method=GET", content_type=FORM)
    assert answer.status_code != 405
