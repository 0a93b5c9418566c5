"""Voiding over the door: any order of arrival ends the same, and what voids is never voided itself."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from hub.vocabulary import VOIDED
from tests.fixtures.learning import Tool, statement

TARGET, VOIDING, AGAIN, COUNTER, ABOUT = (f"{number:08d}-2222-4333-8444-555555555555" for number in range(5))


def _ref(kept: str, target: str, **parts: Any) -> dict[str, Any]:
    return statement(**{"id": kept, "object": {"objectType": "StatementRef", "id": target}, **parts})


SAID = {
    TARGET: statement(id=TARGET),
    VOIDING: _ref(VOIDING, TARGET, verb={"id": VOIDED}),
    AGAIN: _ref(AGAIN, TARGET, verb={"id": VOIDED}),
    COUNTER: _ref(COUNTER, VOIDING, verb={"id": VOIDED}),
    ABOUT: _ref(ABOUT, TARGET),
}


def _state(tool: Tool, kept: str) -> str:
    plain, voided = (
        tool.ask("GET", query_string={word: kept}).status_code for word in ("statementId", "voidedStatementId")
    )
    return {(200, 404): "stands", (404, 200): "voided", (404, 404): "nowhere"}[plain, voided]


@pytest.mark.parametrize("order", list(itertools.permutations([TARGET, VOIDING, COUNTER])))
def test_any_order_ends_the_same(tool: Tool, order: tuple[str, ...]) -> None:
    """The target is voided; what voids it stands, although something came that wanted to void it."""
    for each in order:
        status = tool.ask("PUT", f"statements?statementId={each}", SAID[each]).status_code
        late = each == COUNTER and order.index(VOIDING) < order.index(COUNTER)
        assert status == 204 or (late and status == 400), (each, status)
    assert (_state(tool, TARGET), _state(tool, VOIDING)) == ("voided", "stands")
    found = [each["id"] for each in tool.find()]
    assert TARGET not in found
    assert VOIDING in found


def test_voiding_what_voids_is_refused_and_leaves_nothing(tool: Tool) -> None:
    """400 and a sentence; of its batch nothing is kept. In one batch with it, too."""
    tool.send(SAID[TARGET], SAID[VOIDING])
    answer = tool.ask("POST", body=[statement(id=ABOUT), SAID[COUNTER]])
    assert (answer.status_code, answer.text.strip().endswith(".")) == (400, True)
    assert _state(tool, COUNTER) == _state(tool, ABOUT) == "nowhere"
    assert (_state(tool, TARGET), _state(tool, VOIDING)) == ("voided", "stands")


def test_voiding_twice_voids_once(tool: Tool) -> None:
    """By two statements, and by the same one sent again."""
    tool.send(SAID[TARGET], SAID[VOIDING])
    tool.send(SAID[AGAIN])
    tool.send(SAID[VOIDING])
    assert [_state(tool, each) for each in (TARGET, VOIDING, AGAIN)] == ["voided", "stands", "stands"]
    assert sorted(each["id"] for each in tool.find()) == [VOIDING, AGAIN]


def test_a_voided_statement_is_in_no_list_by_any_filter(tool: Tool) -> None:
    """What speaks of it stays in them."""
    tool.send(SAID[TARGET], SAID[ABOUT], SAID[VOIDING])
    said = SAID[TARGET]
    filters: list[dict[str, Any]] = [
        {},
        {"agent": said["actor"]},
        {"verb": said["verb"]["id"]},
        {"activity": said["object"]["id"]},
        {"since": "2020-01-01T00:00:00Z"},
        {"until": "2030-01-01T00:00:00Z"},
        {"activity": said["object"]["id"], "related_activities": "true", "related_agents": "true"},
    ]
    for words in filters:
        found = [each["id"] for each in tool.find(**words)]
        assert TARGET not in found
        assert {ABOUT, VOIDING} <= set(found)


def test_a_voided_id_is_not_free(tool: Tool) -> None:
    """The same again changes nothing, another is a conflict, and it stays voided."""
    tool.send(SAID[TARGET], SAID[VOIDING])
    put = [
        tool.ask("PUT", f"statements?statementId={TARGET}", said).status_code
        for said in (SAID[TARGET], statement(id=TARGET, verb={"id": "http://a.org/other"}))
    ]
    assert (put, _state(tool, TARGET)) == ([204, 409], "voided")


def test_a_voided_statement_is_given_whole_by_its_other_word(tool: Tool) -> None:
    """In every form, and with nothing of it changed."""
    tool.send(SAID[TARGET])
    before = tool.ask("GET", query_string={"statementId": TARGET}).json
    tool.send(SAID[VOIDING])
    assert tool.ask("GET", query_string={"voidedStatementId": TARGET}).json == before
    for form in ("ids", "canonical", "exact"):
        answer = tool.ask("GET", query_string={"voidedStatementId": TARGET, "format": form})
        assert (answer.status_code, answer.json["id"]) == (200, TARGET)


def test_a_substatement_that_would_void_voids_nothing(tool: Tool) -> None:
    """It tells of a thought, not of a deed."""
    tool.send(SAID[TARGET])
    within = {name: part for name, part in SAID[VOIDING].items() if name != "id"}
    tool.send(statement(object={**within, "objectType": "SubStatement"}))
    assert _state(tool, TARGET) == "stands"


def test_whoever_may_not_write_voids_nothing(make_tool: Callable[..., Tool]) -> None:
    """403, and it stands."""
    tool = make_tool("all")
    tool.send(SAID[TARGET])
    for scope in ("all/read", "statements/read", "statements/read/mine"):
        assert make_tool(scope).ask("POST", body=SAID[VOIDING]).status_code == 403
    assert _state(tool, TARGET) == "stands"


def test_a_key_that_only_writes_takes_back_what_it_wrote(make_tool: Callable[..., Tool]) -> None:
    """403 for what another tool recorded, with all that came along; a key with `all` may."""
    other, own = make_tool("all"), make_tool("statements/write", "statements/read")
    other.send(SAID[TARGET])
    assert own.ask("POST", body=[SAID[ABOUT], SAID[VOIDING]]).status_code == 403
    assert (_state(other, TARGET), _state(other, ABOUT)) == ("stands", "nowhere")
    own.send(statement(id=COUNTER))
    assert own.ask("POST", body=_ref(VOIDING, COUNTER, verb={"id": VOIDED})).status_code == 200
    assert other.ask("POST", body=SAID[AGAIN]).status_code == 200
    assert (_state(other, TARGET), _state(other, COUNTER)) == ("voided", "voided")
