"""Paging: `more` walks over everything once, whatever comes in or is voided meanwhile, and is nobody else's word."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from hub import keys
from hub.app import create_app
from hub.node import Node
from hub.vocabulary import VOIDED
from tests.fixtures.clock import HandClock
from tests.fixtures.learning import Tool, statement

DAY_S = 24 * 3600
COUNT, STEP = 11, 3


def _void(target: str) -> dict[str, Any]:
    return statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": target})


def _page(tool: Tool, more: str) -> dict[str, Any]:
    answer = tool.ask("GET", more.removeprefix("/xapi/"))
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json
    return page


def _ids(page: dict[str, Any]) -> list[str]:
    return [each["id"] for each in page["statements"]]


def _first(tool: Tool, **words: str) -> dict[str, Any]:
    page: dict[str, Any] = tool.ask("GET", query_string={"limit": str(STEP), **words}).json
    return page


def _word(page: dict[str, Any]) -> str:
    return parse_qs(urlsplit(page["more"]).query)["more"][0]


@pytest.mark.parametrize("apart_s", [0, 0.001, 1], ids=["one millisecond", "the next", "a second apart"])
@pytest.mark.parametrize("ascending", ["true", "false"])
def test_a_walk_meets_each_once_while_the_hub_goes_on(
    tool: Tool, clock: HandClock, ascending: str, apart_s: float
) -> None:
    """Between any two pages one comes in and one not yet met is voided: those that stand are met once and in order."""
    ids = []
    for _ in range(COUNT):
        ids += tool.send(statement())
        clock.advance(apart_s)
    order = ids if ascending == "true" else ids[::-1]
    page, met, voided, new = _first(tool, ascending=ascending), [], [], []
    met += _ids(page)
    while page["more"]:
        rest = [each for each in order if each not in met and each not in voided]
        new += tool.send(statement(), *([_void(rest[-1])] if rest else []))
        voided += rest[-1:]
        page = _page(tool, page["more"])
        met += _ids(page)
    standing = [each for each in order if each not in voided]
    assert met == (standing + new if ascending == "true" else standing)
    assert len(voided) > 1


def test_pages_are_as_long_as_was_asked_and_the_last_has_no_more(tool: Tool) -> None:
    """Eleven by threes; and eleven by elevens have nothing behind them."""
    ids = tool.send(*[statement() for _ in range(COUNT)])
    page, sizes = _first(tool), []
    while True:
        sizes.append(len(page["statements"]))
        if not page["more"]:
            break
        page = _page(tool, page["more"])
    assert sizes == [3, 3, 3, 2]
    whole = _first(tool, limit=str(COUNT))
    assert (sorted(_ids(whole)), whole["more"]) == (sorted(ids), "")
    assert _first(tool, limit="0")["more"] == ""


def test_the_order_within_a_batch_is_the_order_that_was_sent(tool: Tool) -> None:
    """All of it has one moment of storing; oldest first is as sent, newest first the other way round."""
    ids = [kept for _ in range(3) for kept in tool.send(*[statement() for _ in range(4)])]
    found = tool.find(ascending="true")
    assert len({each["stored"] for each in found}) == 1
    assert [each["id"] for each in found] == ids
    assert [each["id"] for each in tool.find()] == ids[::-1]


@pytest.mark.parametrize("ascending", ["true", "false"])
def test_more_is_good_a_day_later(tool: Tool, clock: HandClock, ascending: str) -> None:
    """And leads to the same place: a phone that was off over night goes on where it was."""
    ids = tool.send(*[statement() for _ in range(COUNT)])
    page = _first(tool, ascending=ascending)
    clock.advance(DAY_S)
    order = ids if ascending == "true" else ids[::-1]
    assert _ids(_page(tool, page["more"])) == order[STEP : 2 * STEP]
    assert _ids(_page(tool, page["more"])) == order[STEP : 2 * STEP]


def test_more_is_a_short_address_of_this_resource(tool: Tool) -> None:
    """Relative to the host, and short enough for any proxy, with the longest question."""
    tool.send(*[statement(verb={"id": f"http://a.org/{'v' * 400}"}) for _ in range(STEP + 1)])
    words = {"verb": f"http://a.org/{'v' * 400}", "since": "2020-01-01T00:00:00Z", "format": "ids"}
    more = _first(tool, **words)["more"]
    assert more.startswith("/xapi/statements?more=")
    assert len(more) < 2_000


def test_a_forged_word_is_refused_wherever_it_was_changed(tool: Tool) -> None:
    """Each of its bytes counts: 400 and one sentence."""
    tool.send(*[statement() for _ in range(STEP + 1)])
    word = _word(_first(tool))
    raw = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
    for at in range(len(raw)):
        forged = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        answer = tool.ask("GET", query_string={"more": base64.urlsafe_b64encode(forged).decode().rstrip("=")})
        assert (answer.status_code, answer.text.strip().endswith(".")) == (400, True), at


def test_a_word_cut_short_or_drawn_out_is_refused(tool: Tool) -> None:
    """At each of its letters."""
    tool.send(*[statement() for _ in range(STEP + 1)])
    word = _word(_first(tool))
    for wrong in [word[:at] for at in range(len(word))] + [word + "AAAA", "AAAA" + word]:
        assert tool.ask("GET", query_string={"more": wrong}).status_code == 400, wrong


def test_a_word_is_refused_beside_others_and_twice(tool: Tool) -> None:
    """It carries the whole question."""
    tool.send(*[statement() for _ in range(STEP + 1)])
    word = _word(_first(tool))
    for words in ({"more": word, "limit": "1"}, {"more": [word, word]}, {"More": word}):
        assert tool.ask("GET", query_string=words).status_code == 400


def test_a_word_of_another_hub_is_refused(tool: Tool, make_node: Callable[..., Node], node: Node) -> None:
    """Each hub seals with a key of its own."""
    tool.send(*[statement() for _ in range(STEP + 1)])
    word = _word(_first(tool))
    other = make_node("other", seed=2)
    assert other.cookie_key != node.cookie_key
    key, secret = keys.add(other, name="A tool", scopes=("all",))
    there = Tool(create_app(other).test_client(), key.id, secret)
    assert there.ask("GET", query_string={"more": word}).status_code == 400


def test_a_word_opens_no_more_than_the_key_that_shows_it(make_tool: Callable[..., Tool]) -> None:
    """A key that reads its own goes on with another's question among its own statements only."""
    reader, mine = make_tool("all"), make_tool("statements/write", "statements/read/mine")
    own = mine.send(*[statement() for _ in range(2)])
    reader.send(*[statement() for _ in range(STEP + 1)])
    first = _first(reader)
    rest = _page(mine, first["more"])
    assert set(_ids(rest)) <= set(own)
    writer = make_tool("statements/write")
    assert writer.ask("GET", query_string={"more": _word(first)}).status_code == 403
