"""Finding statements: every filter, forms, and pages that stay whole while more comes in."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from hub.node import Node
from hub.vocabulary import VERBS, activity, person_actor
from tests.fixtures.clock import HandClock
from tests.fixtures.learning import PACKAGE, Tool, statement

AMINA = person_actor("11111111-1111-4111-8111-111111111111")
KOFI = {"objectType": "Agent", "name": "Kofi", "mbox": "mailto:kofi@a.org"}
SITTING = "aaaaaaaa-2222-4333-8444-555555555555"
QUESTION = {"id": activity(PACKAGE, "quiz", "one")}
GROUP = {"objectType": "Group", "name": "Us", "member": [KOFI]}
FAR = {"id": "http://a.org/1", "definition": {"name": {"en": "One", "fr": "Un"}}}
TEACHER = {"mbox": "mailto:teacher@a.org"}


@pytest.fixture
def six(tool: Tool, clock: HandClock) -> list[str]:
    """Six different statements, a second apart; their ids."""
    said = [
        statement(),
        statement(verb={"id": VERBS["answered"]}, object=QUESTION, context={"registration": SITTING}),
        statement(actor=KOFI, object=FAR),
        statement(actor=GROUP, object=FAR),
        statement(object=KOFI, context={"instructor": TEACHER}),
        statement(actor=KOFI, object=FAR, context={"contextActivities": {"grouping": [{"id": "http://a.org/all"}]}}),
    ]
    ids = []
    for each in said:
        ids += tool.send(each)
        clock.advance(1)
    return ids


FILTERS: dict[str, tuple[dict[str, Any], list[int]]] = {
    "nothing": ({}, [5, 4, 3, 2, 1, 0]),
    "ascending": ({"ascending": "true"}, [0, 1, 2, 3, 4, 5]),
    "an actor": ({"agent": AMINA}, [4, 1, 0]),
    "an actor, an object, a member": ({"agent": KOFI}, [5, 4, 3, 2]),
    "an agent nearby": ({"agent": TEACHER}, []),
    "a related agent": ({"agent": TEACHER, "related_agents": "true"}, [4]),
    "a verb": ({"verb": VERBS["answered"]}, [1]),
    "an activity": ({"activity": "http://a.org/1"}, [5, 3, 2]),
    "an activity above": ({"activity": activity(PACKAGE, "quiz")}, []),
    "a related activity above": ({"activity": activity(PACKAGE, "quiz"), "related_activities": "true"}, [1]),
    "a related activity in the context": ({"activity": "http://a.org/all", "related_activities": "true"}, [5]),
    "a sitting": ({"registration": SITTING.upper()}, [1]),
    "since a moment": ({"since": "2025-11-24T16:00:03Z"}, [5, 4]),
    "until a moment": ({"until": "2025-11-24T16:00:01Z"}, [1, 0]),
    "between two moments": ({"since": "2025-11-24T16:00:01Z", "until": "2025-11-24T16:00:03Z"}, [3, 2]),
    "an actor and an activity": ({"agent": KOFI, "activity": "http://a.org/1"}, [5, 3, 2]),
    "a verb nobody used": ({"verb": "http://a.org/flew"}, []),
}


@pytest.mark.every_case
@pytest.mark.parametrize("case", FILTERS)
def test_a_filter_finds_what_fits_newest_first(tool: Tool, six: list[str], case: str) -> None:
    """And nothing else."""
    words, wanted = FILTERS[case]
    assert [six.index(each["id"]) for each in tool.find(**words)] == wanted


def test_who_refers_to_what_fits_is_found_too(tool: Tool, six: list[str]) -> None:
    """A statement about a statement matches as its target does, and so on; since holds for itself."""
    (about,) = tool.send(statement(actor=TEACHER, object={"objectType": "StatementRef", "id": six[1]}))
    (further,) = tool.send(statement(actor=TEACHER, object={"objectType": "StatementRef", "id": about}))
    assert [each["id"] for each in tool.find(verb=VERBS["answered"])] == [further, about, six[1]]
    assert [each["id"] for each in tool.find(verb=VERBS["answered"], since="2025-11-24T16:00:05Z")] == [further, about]


def test_pages_go_on_where_they_ended_while_more_comes_in(tool: Tool, six: list[str]) -> None:
    """Newest first: what comes meanwhile is neither shown nor moves anything."""
    page = tool.ask("GET", query_string={"limit": "4"}).json
    tool.send(statement())
    rest = tool.ask("GET", page["more"].removeprefix("/xapi/")).json
    assert [each["id"] for each in page["statements"] + rest["statements"]] == six[::-1]
    assert rest["more"] == ""


def test_a_reader_who_follows_gets_each_statement_once(tool: Tool) -> None:
    """Oldest first, all stored in one millisecond: two pages with a write between show everything, once."""
    first = tool.send(*[statement() for _ in range(5)])
    page = tool.ask("GET", query_string={"limit": "3", "ascending": "true"}).json
    later = tool.send(statement())
    rest = tool.ask("GET", page["more"].removeprefix("/xapi/")).json
    assert [each["id"] for each in page["statements"] + rest["statements"]] == first + later


def test_a_page_keeps_its_filter_and_form(tool: Tool, six: list[str]) -> None:
    """`more` carries the whole question."""
    page = tool.ask("GET", query_string={"limit": "2", "agent": json.dumps(KOFI), "format": "ids"}).json
    rest = tool.ask("GET", page["more"].removeprefix("/xapi/")).json
    assert [six.index(each["id"]) for each in page["statements"] + rest["statements"]] == [5, 4, 3, 2]
    assert rest["statements"][0]["actor"] == {"objectType": "Group", "member": [{"mbox": "mailto:kofi@a.org"}]}


@pytest.mark.parametrize("word", ["", "x", "AAAA", "é", "A" * 5000])
def test_a_word_that_the_hub_did_not_give_out_is_refused(tool: Tool, word: str) -> None:
    """Nobody makes up a place in somebody else's list."""
    assert tool.ask("GET", query_string={"more": word}).status_code == 400


def test_a_page_of_long_statements_ends_early(tool: Tool) -> None:
    """The rest is behind `more`; nothing is left out."""
    long = statement(result={"response": "x" * 50_000})
    ids = [kept for _ in range(3) for kept in tool.send(*[long] * 20)]
    page = tool.ask("GET").json
    assert 0 < len(page["statements"]) < len(ids)
    assert len(tool.find()) == len(ids)


def test_ids_leaves_only_what_names(tool: Tool, six: list[str]) -> None:
    """No names of people, no words, no definitions."""
    found = {each["id"]: each for each in tool.find(format="ids")}
    assert found[six[2]]["actor"] == {"mbox": "mailto:kofi@a.org"}
    assert found[six[2]]["object"] == {"id": "http://a.org/1"}
    assert found[six[0]]["verb"] == {"id": VERBS["completed"]}
    assert found[six[4]]["object"] == {"objectType": "Agent", "mbox": "mailto:kofi@a.org"}


@pytest.mark.parametrize(("wish", "told"), [("fr-CA, en", {"fr": "Un"}), ("sw", {"en": "One"})])
def test_canonical_tells_one_language(tool: Tool, six: list[str], wish: str, told: dict[str, str]) -> None:
    """The one wished for where it is there, else the first."""
    words = {"statementId": six[2], "format": "canonical"}
    found = tool.ask("GET", query_string=words, headers={"Accept-Language": wish}).json
    assert found["object"]["definition"]["name"] == told


WRONG = {
    "an unknown word": {"colour": "green"},
    "a word in another case": {"Agent": json.dumps(AMINA)},
    "two ids": {"statementId": SITTING, "voidedStatementId": SITTING},
    "an id and a filter": {"statementId": SITTING, "verb": VERBS["answered"]},
    "an id that is none": {"statementId": "one"},
    "an agent that is no JSON": {"agent": "Amina"},
    "an agent without a name": {"agent": "{}"},
    "a nameless group": {"agent": json.dumps(GROUP)},
    "a verb that is a word": {"verb": "answered"},
    "a sitting that is none": {"registration": "one"},
    "a moment in words": {"since": "yesterday"},
    "a limit below nothing": {"limit": "-1"},
    "a limit in words": {"limit": "ten"},
    "a form that is none": {"format": "short"},
    "perhaps": {"ascending": "perhaps"},
    "one as a truth": {"related_agents": "1"},
}


@pytest.mark.parametrize("case", WRONG)
def test_a_question_that_cannot_be_answered_is_refused(tool: Tool, case: str) -> None:
    """400 and one sentence that names the word."""
    answer = tool.ask("GET", query_string=WRONG[case])
    assert (answer.status_code, answer.text.strip().endswith(".")) == (400, True)


def test_mine_is_only_what_the_key_wrote(make_tool: Callable[..., Tool]) -> None:
    """Neither in lists nor by its id is another key's statement seen."""
    writer, other = make_tool("statements/write", "statements/read/mine"), make_tool("all")
    (mine,), (theirs,) = writer.send(statement()), other.send(statement())
    assert [each["id"] for each in writer.find()] == [mine]
    assert writer.ask("GET", query_string={"statementId": theirs}).status_code == 404


def test_what_the_hub_itself_recorded_is_found_by_its_name(node: Node, tool: Tool, cast: Any, market: Any) -> None:
    """The hub vouches for its own pages; related_agents finds it."""
    cast.client("learner").get(f"/learn/{PACKAGE}/look/")
    hub = {"account": {"homePage": "urn:mangrove:hub", "name": node.identity.hub_id}}
    (found,) = tool.find(agent=hub, related_agents="true")
    assert (found["verb"]["id"], found["authority"]["account"]) == (VERBS["initialized"], hub["account"])
