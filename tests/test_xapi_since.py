"""`since` is after a moment, `until` up to and with it, both by the moment of storing on this hub."""

from typing import Any

import pytest

from hub.moments import moment_text
from tests.fixtures.clock import START_MS, HandClock
from tests.fixtures.learning import Tool, statement

STEP_MS = 1


@pytest.fixture
def three(tool: Tool, clock: HandClock) -> list[str]:
    """Three statements, each a millisecond after the one before; what they say of their time is otherwise."""
    ids = []
    for number in range(3):
        ids += tool.send(statement(timestamp=f"20{10 + number}-01-01T00:00:00Z", stored="1999-01-01T00:00:00Z"))
        clock.advance(STEP_MS / 1000)
    return ids


def _at(number: int) -> str:
    return moment_text(START_MS + number * STEP_MS)


EDGES: dict[str, tuple[dict[str, Any], list[int]]] = {
    "since the one before the first": ({"since": _at(-1)}, [0, 1, 2]),
    "since the first": ({"since": _at(0)}, [1, 2]),
    "since the middle": ({"since": _at(1)}, [2]),
    "since the last": ({"since": _at(2)}, []),
    "until the one before the first": ({"until": _at(-1)}, []),
    "until the first": ({"until": _at(0)}, [0]),
    "until the middle": ({"until": _at(1)}, [0, 1]),
    "until the last": ({"until": _at(2)}, [0, 1, 2]),
    "after the first and up to the middle": ({"since": _at(0), "until": _at(1)}, [1]),
    "an empty stretch": ({"since": _at(1), "until": _at(1)}, []),
    "the wrong way round": ({"since": _at(2), "until": _at(0)}, []),
    "long ago": ({"since": "1970-01-01T00:00:00Z"}, [0, 1, 2]),
    "long before that": ({"since": "0001-01-01T00:00:00Z"}, [0, 1, 2]),
    "in the far future": ({"since": "9999-12-31T23:59:59Z"}, []),
    "until the far future": ({"until": "9999-12-31T23:59:59Z"}, [0, 1, 2]),
}


@pytest.mark.every_case
@pytest.mark.parametrize("case", EDGES)
def test_the_edges_are_where_the_standard_has_them(tool: Tool, three: list[str], case: str) -> None:
    """Newest first and oldest first."""
    words, wanted = EDGES[case]
    assert [three.index(each["id"]) for each in tool.find(**words, ascending="true")] == wanted
    assert [three.index(each["id"]) for each in tool.find(**words)] == wanted[::-1]


@pytest.mark.parametrize(
    "spelled",
    [
        "2025-11-24T16:00:00.001Z",
        "2025-11-24T16:00:00.001+00:00",
        "2025-11-24T17:00:00.001+01:00",
        "2025-11-24T21:30:00.001+05:30",
        "2025-11-24T16:00:00.001000Z",
    ],
)
def test_a_moment_is_the_same_in_every_zone(tool: Tool, three: list[str], spelled: str) -> None:
    """However it is written."""
    assert [three.index(each["id"]) for each in tool.find(since=spelled)] == [2]
    assert [three.index(each["id"]) for each in tool.find(until=spelled)] == [1, 0]


def test_what_a_statement_says_of_its_own_times_is_not_asked(tool: Tool, three: list[str]) -> None:
    """Neither its `timestamp` nor the `stored` that a sender claims."""
    assert tool.find(until="2015-01-01T00:00:00Z") == []
    assert len(tool.find(since="2015-01-01T00:00:00Z")) == len(three)


def test_asking_from_stored_goes_on_without_gap_or_double(tool: Tool, three: list[str]) -> None:
    """A reader who keeps the last `stored` and asks since it gets the next one."""
    (first,) = tool.find(until=_at(0))
    rest = tool.find(since=first["stored"], ascending="true")
    assert [each["id"] for each in [first, *rest]] == three
