"""`/xapi/activities/state`: what an activity remembers of a learner, kept as it was sent."""

import hashlib
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.node import Node
from hub.vocabulary import person_actor
from hub.xapi import documents, places
from tests.fixtures.clock import HandClock
from tests.fixtures.learning import Tool

AMINA = person_actor("11111111-1111-4111-8111-111111111111")
KOFI = {"mbox": "mailto:kofi@a.org"}
PLAY = "http://a.org/play"
SITTING = "aaaaaaaa-2222-4333-8444-555555555555"
ONE = b'{"one": 1}'
BYTES = b"\x00\xff\r\n--boundary\r\n\x1a"

Ask = Callable[..., TestResponse]


def words(**parts: Any) -> dict[str, str]:
    """The words of an address; `parts` replace its own, None takes one away."""
    told = {"activityId": PLAY, "agent": AMINA, "stateId": "bookmark", **parts}
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in told.items()
        if value is not None
    }


@pytest.fixture(params=["1.0.3", "2.0.0"])
def ask(request: pytest.FixtureRequest, make_tool: Callable[..., Tool]) -> Ask:
    """A request about state by a tool that may do everything, in each version."""
    return asking(make_tool("all", version=request.param))


def asking(tool: Tool) -> Ask:
    """A tool's requests about state."""

    def asked(method: str, body: Any = None, *, headers: Any = None, content_type: str = "", **parts: Any) -> Any:
        plain = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        options = {} if body is None else {"content_type": content_type or plain}
        told = words(**parts)
        return tool.ask(method, "activities/state", body, query_string=told, headers=headers or {}, **options)

    return asked


def test_what_was_put_comes_back_as_it_was(ask: Ask) -> None:
    """Any bytes of any type, with their mark and the moment they were kept at."""
    assert ask("PUT", BYTES, content_type="application/x-save; v=2").status_code == 204
    answer = ask("GET")
    assert (answer.status_code, answer.data, answer.content_type) == (200, BYTES, "application/x-save; v=2")
    assert answer.headers["ETag"] == f'"{hashlib.sha1(BYTES).hexdigest()}"'
    assert answer.headers["Last-Modified"] == "Mon, 24 Nov 2025 16:00:00 GMT"


def test_nothing_of_a_document_runs_in_a_browser(ask: Ask) -> None:
    """Whoever opens what a tool sent, on the hub's own origin, opens it shut in."""
    ask("PUT", b"<script>alert(1)</script>", content_type="text/html")
    headers = ask("GET").headers
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_head_is_get_without_a_body(ask: Ask) -> None:
    """The same headers, for one document and for the list."""
    ask("PUT", BYTES, content_type="text/plain")
    for name in ("bookmark", None):
        head, get = (ask(method, stateId=name) for method in ("HEAD", "GET"))
        assert (head.status_code, head.data) == (200, b"")
        for header in ("ETag", "Last-Modified", "Content-Type", "Content-Length"):
            assert head.headers[header] == get.headers[header]


def test_an_unknown_document_is_not_found_and_away_already(ask: Ask) -> None:
    """404 to read; 204 to take away, as after it was; the list is empty."""
    assert [ask(method).status_code for method in ("GET", "HEAD", "DELETE")] == [404, 404, 204]
    assert ask("GET", stateId=None).json == []


OTHERS: tuple[dict[str, Any], ...] = (
    {"activityId": PLAY + "/2"},
    {"agent": KOFI},
    {"stateId": "Bookmark"},
    {"registration": SITTING},
)


def test_each_part_of_the_address_is_another_place(ask: Ask) -> None:
    """Another activity, learner, name or sitting has a document of its own."""
    ask("PUT", b"one")
    for other in OTHERS:
        assert ask("GET", **other).status_code == 404
        ask("PUT", b"other", **other)
        assert (ask("GET").data, ask("GET", **other).data) == (b"one", b"other")
        ask("DELETE", **other)
        assert (ask("GET").data, ask("GET", **other).status_code) == (b"one", 404)


def test_equal_agents_have_one_place(ask: Ask) -> None:
    """Names and the type beside it do not matter, nor how a sitting's letters are written."""
    ask("PUT", b"one", agent={**KOFI, "name": "Kofi", "objectType": "Agent"}, registration=SITTING)
    assert ask("GET", agent=KOFI, registration=SITTING.upper()).data == b"one"


def test_the_list_names_what_is_there(ask: Ask) -> None:
    """Of all sittings unless one is named, each name once; the header tells the latest change."""
    for name, sitting in (("b", None), ("a", None), ("a", SITTING), ("c", SITTING)):
        ask("PUT", b"x", stateId=name, registration=sitting)
    ask("PUT", b"x", stateId="far", agent=KOFI)
    assert ask("GET", stateId=None).json == ["a", "b", "c"]
    assert ask("GET", stateId=None, registration=SITTING).json == ["a", "c"]
    assert ask("GET", stateId=None).headers["Last-Modified"] == "Mon, 24 Nov 2025 16:00:00 GMT"


def test_since_leaves_only_what_changed_after(ask: Ask, clock: HandClock) -> None:
    """Exactly: what was kept at that very millisecond is not after it."""
    for name in ("a", "b"):
        ask("PUT", b"x", stateId=name)
        clock.advance(1)
    for since, left in (("15:59:59.999Z", ["a", "b"]), ("16:00:00.000Z", ["b"]), ("17:00:01+01:00", [])):
        assert ask("GET", stateId=None, since=f"2025-11-24T{since}").json == left
    ask("POST", {"x": 1}, stateId="c")
    assert ask("GET", stateId=None, since="2025-11-24T16:00:01Z").json == ["c"]


def test_all_of_a_sitting_or_of_all_sittings_are_taken_away(ask: Ask) -> None:
    """Without an id; another learner's stay."""
    for sitting in (None, SITTING):
        ask("PUT", b"x", registration=sitting)
    ask("PUT", b"x", agent=KOFI)
    assert ask("DELETE", stateId=None, registration=SITTING).status_code == 204
    assert (ask("GET").status_code, ask("GET", registration=SITTING).status_code) == (200, 404)
    assert ask("DELETE", stateId=None).status_code == 204
    assert (ask("GET").status_code, ask("GET", agent=KOFI).status_code) == (404, 200)


def test_post_merges_the_top_of_two_objects(ask: Ask) -> None:
    """What the new one says replaces what the old one said, whole; the rest stays."""
    ask("POST", {"car": {"make": "Ford", "year": 1}, "page": 3, "نص": "क"})
    assert ask("POST", {"car": {"make": "Dodge"}, "new": None}).status_code == 204
    answer = ask("GET")
    assert answer.json == {"car": {"make": "Dodge"}, "page": 3, "نص": "क", "new": None}
    assert answer.headers["ETag"] == f'"{hashlib.sha1(answer.data).hexdigest()}"'


def test_post_keeps_what_is_the_first(ask: Ask) -> None:
    """Where nothing stands it is kept as it came, whatever it is."""
    assert ask("POST", BYTES, content_type="image/png").status_code == 204
    assert (ask("GET").data, ask("GET").content_type) == (BYTES, "image/png")


UNMERGED: dict[str, tuple[Any, str, Any, str]] = {
    "other bytes over an object": ({"a": 1}, "application/json", b"abc", "application/octet-stream"),
    "an object over other bytes": (b"abc", "application/octet-stream", {"a": 1}, "application/json"),
    "a list over an object": ({"a": 1}, "application/json", [1], "application/json"),
    "an object over a list": ([1], "application/json", {"a": 1}, "application/json"),
    "what is no JSON over an object": ({"a": 1}, "application/json", b'{"a":', "application/json"),
}


def test_nothing_else_is_merged(ask: Ask) -> None:
    """400, and what stood there stands."""
    for case, (first, first_type, second, second_type) in UNMERGED.items():
        ask("PUT", first, content_type=first_type, stateId=case)
        before = ask("GET", stateId=case)
        assert (case, ask("POST", second, content_type=second_type, stateId=case).status_code) == (case, 400)
        after = ask("GET", stateId=case)
        assert (after.data, after.content_type) == (before.data, before.content_type)


WRONG: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "no activity": ("PUT", b"x", {"activityId": None}),
    "an activity that is none": ("GET", None, {"activityId": "play"}),
    "no agent": ("GET", None, {"agent": None}),
    "an agent in words": ("POST", {}, {"agent": "Amina"}),
    "an agent without a name": ("DELETE", None, {"agent": {}}),
    "a nameless group": ("GET", None, {"agent": {"objectType": "Group", "member": [KOFI]}}),
    "a sitting that is none": ("PUT", b"x", {"registration": "first"}),
    "nothing to keep it under": ("PUT", b"x", {"stateId": None}),
    "nothing to merge it under": ("POST", {}, {"stateId": None}),
    "an empty name": ("PUT", b"x", {"stateId": ""}),
    "a long name": ("PUT", b"x", {"stateId": "x" * 2001}),
    "a word that is not known": ("GET", None, {"colour": "red"}),
    "a word in another case": ("GET", None, {"stateId": None, "stateID": "bookmark"}),
    "since in words": ("GET", None, {"stateId": None, "since": "yesterday"}),
    "since with an id": ("GET", None, {"since": "2025-11-24T16:00:00Z"}),
    "since to take away": ("DELETE", None, {"stateId": None, "since": "2025-11-24T16:00:00Z"}),
    "what is no JSON": ("PUT", b"{", {"content_type": "application/json"}),
    "JSON with a key twice": ("PUT", b'{"a":1,"a":2}', {"content_type": "application/json; charset=utf-8"}),
    "JSON of ten thousand levels": ("PUT", b"[" * 10_000 + b"]" * 10_000, {"content_type": "application/json"}),
    "half a letter": ("POST", b'{"a":"\\ud800"}', {"content_type": "application/json"}),
    "a type beyond measure": ("PUT", b"x", {"content_type": "x/" + "y" * 300}),
    "a mark with all of them": ("DELETE", None, {"stateId": None, "headers": {"If-Match": '"x"'}}),
}


def test_what_is_wrong_is_refused(ask: Ask, node: Node) -> None:
    """400 and one sentence; nothing is kept, and nothing is lost."""
    ask("PUT", b"stands", stateId="other")
    for case, (method, body, options) in WRONG.items():
        answer = ask(method, body, **options)
        heard = (answer.status_code, answer.mimetype, answer.text.strip()[-1])
        assert (case, *heard) == (case, 400, "text/plain", ".")
    assert [row.name for row in node.tables.Document.select()] == ["other"]


def test_a_word_that_stands_twice_is_refused(tool: Tool) -> None:
    """Nobody knows which one is meant."""
    answer = tool.ask("GET", f"activities/state?activityId={PLAY}&activityId=http://a.org/2&agent=%7B%7D")
    assert (answer.status_code, "twice" in answer.text) == (400, True)


def test_blind_writing_over_is_taken_in_1_0_and_refused_in_2_0(make_tool: Callable[..., Tool]) -> None:
    """Authoring tools of the old line rely on it; the new one asks to look first."""
    old, new = (asking(make_tool("all", version=version)) for version in ("1.0.3", "2.0.0"))
    assert [old("PUT", body).status_code for body in (b"1", b"2")] == [204, 204]
    answer = new("PUT", b"3")
    assert (answer.status_code, "If-Match" in answer.text, new("GET").data) == (409, True, b"2")
    assert new("PUT", b"4", stateId="fresh").status_code == 204


MARKS: dict[str, tuple[str, int, int]] = {
    "the one that stands": ("If-Match", 412, 204),
    "one of several": ("If-Match", 412, 204),
    "whatever stands": ("If-Match", 412, 204),
    "another": ("If-Match", 412, 412),
    "nothing may stand": ("If-None-Match", 204, 412),
    "not the one that stands": ("If-None-Match", 204, 412),
    "not another": ("If-None-Match", 204, 204),
}
"""What is said → with which header; the status where nothing stands, and where the document stands."""


def _mark(case: str) -> str:
    own = f'"{hashlib.sha1(ONE).hexdigest()}"'
    several = f'"{"0" * 40}", {own}'
    said = {"the one that stands": own, "one of several": several, "not the one that stands": own}
    return said.get(case, "*" if case in ("whatever stands", "nothing may stand") else f'"{"0" * 40}"')


def test_a_document_changes_only_while_it_is_what_the_sender_saw(ask: Ask) -> None:
    """412 otherwise, and what stood there stands; of what does not stand as of what does."""
    sent = {"PUT": {"two": 2}, "POST": {"two": 2}, "DELETE": None}
    left = {"PUT": {"two": 2}, "POST": {"one": 1, "two": 2}, "DELETE": None}
    for case, (header, absent, present) in MARKS.items():
        for method, body in sent.items():
            headers, name = {header: _mark(case)}, f"{case} {method}"
            assert (name, ask(method, body, headers=headers, stateId=f"no {name}").status_code) == (name, absent)
            ask("PUT", ONE, content_type="application/json", stateId=name)
            assert (name, ask(method, body, headers=headers, stateId=name).status_code) == (name, present)
            wanted = left[method] if present == 204 else {"one": 1}
            found = ask("GET", stateId=name)
            assert (name, found.json if found.status_code == 200 else None) == (name, wanted)


def test_reading_again_what_did_not_change_costs_no_bytes(ask: Ask) -> None:
    """304 for the mark that the reader has; the whole for any other."""
    ask("PUT", b"one")
    mark = ask("GET").headers["ETag"]
    answer = ask("GET", headers={"If-None-Match": mark})
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", mark)
    assert ask("GET", headers={"If-None-Match": '"other"'}).data == b"one"


def test_of_two_writers_at_once_one_is_told(make_tool: Callable[..., Tool], node: Node) -> None:
    """Both saw the same; whichever comes second gets 412 and changes nothing."""
    tool = make_tool("all")
    asking(tool)("PUT", b"seen")
    headers = {"If-Match": asking(tool)("GET").headers["ETag"]}
    heard: list[tuple[int, bytes]] = []
    ready = threading.Barrier(8)

    def write(body: bytes) -> None:
        own = Tool(tool.client.application.test_client(), "", "")
        own.proof = tool.proof
        ready.wait()
        heard.append((asking(own)("PUT", body, headers=headers).status_code, body))

    threads = [threading.Thread(target=write, args=(b"writer %d" % number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [body for status, body in heard if status == 204]
    assert sorted(status for status, _ in heard) == [204] + [412] * 7
    assert asking(tool)("GET").data == won[0]


def test_what_is_too_much_is_refused(make_node: Callable[..., Node]) -> None:
    """A document over its size, one too many of a sitting, and a merge that would grow beyond it."""
    node = make_node("small", xapi_document_max=40, xapi_documents_max=2)
    place = places.one(places.STATE, words())
    documents.merge(node, place, body=b'{"a":"0123456789"}', content_type="application/json")
    for grow in (documents.put, documents.merge):
        with pytest.raises(documents.DocumentTooLarge, match="40 bytes"):
            grow(node, place, body=b"x" * 41, content_type="text/plain")
    with pytest.raises(documents.DocumentTooLarge, match="40 bytes"):
        documents.merge(node, place, body=b'{"b":"01234567890123456"}', content_type="application/json")
    documents.put(node, places.one(places.STATE, words(stateId="2")), body=b"", content_type="text/plain")
    with pytest.raises(documents.DocumentTooLarge, match="2 documents"):
        documents.put(node, places.one(places.STATE, words(stateId="3")), body=b"", content_type="text/plain")
    other = places.one(places.STATE, words(stateId="3", registration=SITTING))
    documents.put(node, other, body=b"", content_type="text/plain")
    assert documents.get(node, place).body == b'{"a":"0123456789"}'  # type: ignore[union-attr]


def test_all_learners_together_have_an_end_too(make_node: Callable[..., Node], monkeypatch: pytest.MonkeyPatch) -> None:
    """An activity cannot fill the disk by making up learners."""
    monkeypatch.setattr(documents, "SERIES_MAX", 2)
    node = make_node("small", xapi_documents_max=1)
    for number in range(2):
        place = places.one(places.STATE, words(agent={"mbox": f"mailto:{number}@a.org"}))
        documents.put(node, place, body=b"", content_type="text/plain")
    with pytest.raises(documents.DocumentTooLarge, match="2 documents"):
        documents.put(node, places.one(places.STATE, words()), body=b"", content_type="text/plain")


def test_a_body_over_the_limit_is_refused_at_the_door(tool: Tool, node: Node) -> None:
    """413 before anything is read into the records."""
    answer = asking(tool)("PUT", b"x" * (node.settings.xapi_document_max + 1))
    assert (answer.status_code, node.tables.Document.select().count()) == (413, 0)


def test_somebody_without_a_key_gets_nothing(client: FlaskClient, tool: Tool) -> None:
    """401, whether or not something stands there."""
    asking(tool)("PUT", b"one")
    nobody = Tool(client, "", "")
    for method in ("GET", "HEAD", "PUT", "POST", "DELETE"):
        assert asking(nobody)(method).status_code == 401
    assert asking(tool)("GET").data == b"one"


def test_a_key_for_statements_opens_no_state(make_tool: Callable[..., Tool], tool: Tool) -> None:
    """403, and nothing changed."""
    asking(tool)("PUT", b"one")
    ask = asking(make_tool("statements/read", "statements/write"))
    assert {ask(method).status_code for method in ("GET", "PUT", "POST", "DELETE")} == {403}
    assert asking(tool)("GET").data == b"one"


def test_a_person_s_documents_are_given(node: Node, tool: Tool) -> None:
    """For the export of everything about somebody, with the words they were sent with; nobody else's go with them."""
    ask = asking(tool)
    ask("PUT", BYTES, registration=SITTING)
    ask("PUT", b"other", agent=KOFI)
    person = AMINA["account"]["name"]
    (found,) = documents.of_agent(node, person)
    assert (found.body, found.words["stateId"], found.words["registration"]) == (BYTES, "bookmark", SITTING)


def test_long_names_have_places_of_their_own(ask: Ask) -> None:
    """Longer than an index takes, and equal at their beginning."""
    first, second = (f"http://a.org/{'x' * 1500}/{number}" for number in range(2))
    ask("PUT", b"1", activityId=first)
    ask("PUT", b"2", activityId=second)
    assert (ask("GET", activityId=first).data, ask("GET", activityId=second).data) == (b"1", b"2")
    assert ask("GET", activityId=second, stateId=None).json == ["bookmark"]
