"""Bad input at every resource: refused in one sentence with a status below 500, and nothing of it is kept."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from hub.node import Node
from tests.fixtures.learning import Tool, statement
from tests.fixtures.parcels import BOUNDARY, CRLF
from tests.fixtures.parcels import body as parcel

ID = "aaaaaaaa-2222-4333-8444-555555555555"
DEEP, LONG = 10_000, 10_000
JSON, BYTES = "application/json", "application/octet-stream"
AGENT = {"agent": '{"mbox":"mailto:a@b.org"}'}
ACTIVITY = {"activityId": "http://a.org/1"}
DOCUMENTS: dict[str, dict[str, str]] = {
    "activities/state": {**ACTIVITY, **AGENT, "stateId": "s"},
    "activities/profile": {**ACTIVITY, "profileId": "p"},
    "agents/profile": {**AGENT, "profileId": "p"},
}
READ: dict[str, dict[str, str]] = {
    "statements": {},
    "activities": ACTIVITY,
    "agents": AGENT,
    "about": {},
    **DOCUMENTS,
}
BROKEN: dict[str, bytes] = {
    "nothing": b"",
    "only spaces": b" \r\n\t" * 1000,
    "lists ten thousand deep": b"[" * DEEP + b"]" * DEEP,
    "objects ten thousand deep": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep and never closed": b'[{"a":' * DEEP,
    "a number of ten thousand digits": b'{"a":' + b"9" * LONG + b"}",
    "a number far too large": b'{"a":1e' + b"9" * 400 + b"}",
    "half a letter": b'{"a":"\\ud800"}',
    "the wrong half of a letter": b'{"a":"\\udc00\\ud800"}',
    "half a letter as a key": b'{"\\udfff":1}',
    "half a letter as bytes": b'{"a":"\xed\xa0\x80"}',
    "a NUL between": b'{"a"\0:1}',
    "a NUL in a text": b'{"a":"\0"}',
    "bytes that are no UTF-8": b'{"a":"\xff\xfe"}',
    "overlong UTF-8": b'{"a":"\xc0\xaf"}',
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "a mark at the start": b"\xef\xbb\xbf{}",
    "two values": b"{} {}",
    "cut off": b'{"a":"b',
    "a key twice": b'{"a":1,"a":1}',
    "not a number": b'{"a":NaN}',
    "no limit": b'{"a":-Infinity}',
    "a comma too many": b'{"a":1,}',
    "single quotes": b"{'a':1}",
    "a comment": b"{/* */}",
}
"""No JSON, or none that two readers read alike."""
WITHIN = {
    "lists": b"[" * DEEP + b"]" * DEEP,
    "objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "digits": b"9" * LONG,
    "a large exponent": b"1e9999",
    "half a letter": b'"\\ud83d"',
    "not a number": b"NaN",
}
"""What an otherwise right statement or document may not hold even where anything is allowed."""
ODD = {
    "an escaped NUL": b'"a\\u0000b"',
    "many digits behind the point": b"0." + b"1" * LONG,
    "a small exponent": b"1e-9999",
    "an emoji in halves": b'"\\ud83e\\udd6d"',
    "minus nothing": b"-0",
    "an empty key": b'{"":{"":[]}}',
    "a key of signs": b'{"__proto__":1,"\\"\\\\":2}',
    "signs that end a line": '"\u2028\u2029\u0085\u007f"'.encode(),
}
"""Unusual and right."""


def _writing() -> Iterator[tuple[str, str]]:
    """Every method and address that takes JSON."""
    yield "POST", "statements"
    yield "PUT", f"statements?statementId={ID}"
    for path, words in DOCUMENTS.items():
        for method in ("PUT", "POST"):
            yield method, f"{path}?{urlencode(words)}"


def _is_refused(answer: Any, *also: int) -> bool:
    """A refusal in one sentence, and no mistake of ours."""
    return answer.status_code in (400, 413, *also) and answer.text.strip().endswith((".", "Large", "changed."))


def _nothing_is_here(tool: Tool, node: Node) -> bool:
    rows = node.database.execute_sql("SELECT count(*) FROM document").fetchone()[0]
    return tool.find() == [] and rows == 0 and node.tables.Rejected.select().count() == 0


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_json_is_refused_wherever_json_is_taken(tool: Tool, node: Node, case: str) -> None:
    """At every resource, alone, in a list, and as the first of several parts."""
    for method, path in _writing():
        assert _is_refused(tool.ask(method, path, BROKEN[case])), (method, path)
    listed = b"[" + json.dumps(statement()).encode() + b"," + BROKEN[case] + b"]"
    parts = parcel(f"Content-Type: {JSON}".encode() + CRLF + CRLF + BROKEN[case])
    assert _is_refused(tool.ask("POST", body=listed))
    assert _is_refused(tool.ask("POST", body=parts, content_type=f"multipart/mixed; boundary={BOUNDARY}"))
    assert _nothing_is_here(tool, node)


@pytest.mark.parametrize("case", WITHIN)
def test_what_has_no_end_is_refused_even_where_anything_may_stand(tool: Tool, node: Node, case: str) -> None:
    """In the extension of a right statement, and in a document that says that it is JSON."""
    said = json.dumps(statement(result={"extensions": {"http://a.org/x": "HERE"}})).encode()
    for method, path in _writing():
        raw = said.replace(b'"HERE"', WITHIN[case])
        assert _is_refused(tool.ask(method, path, raw)), (method, path)
    assert _nothing_is_here(tool, node)


@pytest.mark.parametrize("case", ODD)
def test_what_is_only_odd_comes_back_as_it_was(tool: Tool, node: Node, case: str) -> None:
    """Statements with equal values, documents byte for byte, in every form and filter, and again from the journal."""
    raw = json.dumps(statement(id=ID, result={"extensions": {"http://a.org/x": "HERE"}})).encode()
    raw = raw.replace(b'"HERE"', ODD[case])
    assert tool.ask("POST", body=raw).status_code == 200
    assert tool.ask("PUT", f"statements?statementId={ID}", raw).status_code == 204
    for form in ("exact", "ids", "canonical"):
        (found,) = tool.find(format=form, agent=statement()["actor"])
        assert found["result"] == json.loads(raw)["result"]
    for path, words in DOCUMENTS.items():
        assert tool.ask("PUT", f"{path}?{urlencode(words)}", raw).status_code == 204
        assert tool.ask("GET", f"{path}?{urlencode(words)}").get_data() == raw
    assert node.tables.Rejected.select().count() == 0


def test_bytes_that_say_they_are_bytes_are_kept_as_they_are(tool: Tool) -> None:
    """A document of no known type may be anything."""
    for number, raw in enumerate([*BROKEN.values(), bytes(range(256)) * 20]):
        for path, words in DOCUMENTS.items():
            name = "stateId" if "stateId" in words else "profileId"
            address = f"{path}?{urlencode({**words, name: f'n{number}'})}"
            assert tool.ask("PUT", address, raw, content_type=BYTES).status_code == 204
            answer = tool.ask("GET", address)
            assert (answer.get_data(), answer.content_type) == (raw, BYTES)


STRANGE = {
    "a NUL": "%00",
    "a NUL within": "a%00b",
    "half a letter": "%ED%A0%80",
    "no UTF-8": "%FF%FE",
    "a sign of a line's end": "a%0D%0Ab",
    "a long one": "x" * 30_000,
    "deep JSON": quote("[" * 3_000),
    "a deep agent": quote('{"account":' * 2_000),
    "a number of many digits": "9" * 5_000,
    "a broken escape": "%",
    "a group of nobody": quote('{"objectType":"Group","member":[]}'),
    "a list": quote("[1]"),
    "signs of SQL": quote("' OR 1=1; --%_\\"),
    "a path": quote("../../../etc/passwd", safe=""),
    "an emoji": quote("🥭"),
}


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
@pytest.mark.parametrize("case", STRANGE)
def test_a_strange_word_in_an_address_is_answered(make_tool: Callable[..., Tool], case: str, version: str) -> None:
    """In every word of every resource, by every method: never a mistake of ours."""
    tool, value = make_tool("all", version=version), STRANGE[case]
    filters = {name: "" for name in ("agent", "verb", "activity", "registration", "since", "until", "limit", "format")}
    more = {"statementId": "", "voidedStatementId": "", "more": "", "attachments": "", "related_agents": ""}
    for path, words in READ.items():
        known = filters | more if path == "statements" else {**words, "registration": "", "since": ""}
        for name in [*known, "unknown"]:
            rest = urlencode({each: word for each, word in words.items() if each != name})
            for method in ("GET", "PUT", "POST", "DELETE"):
                sent = json.dumps(statement()).encode() if method in ("PUT", "POST") else None
                answer = tool.ask(method, f"{path}?{rest}&{name}={value}", sent)
                assert answer.status_code < 500, (method, path, name, answer.text)


HEADERS = {
    "Authorization": ["Basic", "Basic \xff", "Basic " + "A" * 20_000, "Basic AAAA", "Basic OjpubHVs", "Digest x=1"],
    "X-Experience-API-Version": ["1.0." + "9" * 5_000, "2.0.0, 1.0.3", "\xff", "²"],
    "Content-Type": [
        "",
        "application",
        "application/json; charset=utf-16",
        "multipart/mixed",
        "x" * 5_000,
        "\xff/\xff",
    ],
    "If-Match": ['"', "*, *", '"' + "a" * 5_000 + '"', "\xff", 'W/"a"', '"a" "b"'],
    "If-None-Match": ['"', "**", "\xff"],
    "Accept-Language": ["en;q=nan", "x" * 5_000, "en-" * 1_000, ";;;", "\xff"],
    "Range": ["bytes=-", "bytes=9999999999-0"],
    "If-Modified-Since": ["yesterday", "\xff"],
    "Content-Length": ["-1", "x", "9" * 40],
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_strange_header_is_answered(tool: Tool, name: str) -> None:
    """At every resource, by every method: never a mistake of ours."""
    for value in HEADERS[name]:
        for path, words in READ.items():
            for method in ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"):
                sent = json.dumps(statement()).encode() if method in ("PUT", "POST") else None
                answer = tool.ask(method, f"{path}?{urlencode(words)}", sent, headers={name: value})
                assert answer.status_code < 500, (method, path, value, answer.text)


@pytest.mark.parametrize("method", ["PUT", "POST", "GET", "DELETE"])
def test_a_folded_request_is_as_strict(make_tool: Callable[..., Tool], node: Node, method: str) -> None:
    """What the alternate syntax carries is read by the same rules."""
    tool = make_tool("all", version="1.0.3")
    for path, words in READ.items():
        for raw in BROKEN.values():
            form = urlencode({**words, "content": raw}).encode()
            kind = "application/x-www-form-urlencoded"
            answer = tool.ask("POST", f"{path}?method={method}", form, content_type=kind)
            assert answer.status_code < 500, (path, raw[:40], answer.text)
        for form in (b"%", b"&&&=", b"a=1&a=1", b"content=%ED%A0%80", b"\xff\xfe", b"Content-Type=%0D%0A&content=1"):
            assert tool.ask("POST", f"{path}?method={method}", form, content_type=kind).status_code < 500
    assert _nothing_is_here(tool, node)
