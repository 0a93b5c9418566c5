"""What leaves: nothing about somebody who said no, from that moment on, and after a yes only what happens then."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import own_keys
from hub.consent import standing
from hub.demo.seed import Then
from hub.node import Node
from hub.people.roster import Person
from hub.tide import policy, publish
from hub.vocabulary import VERBS, person_actor
from tests.fixtures import consents, tide

REGION = ("region",)
VOIDS = {"verb": {"id": VERBS["voided"]}, "result": {}, "context": {}}
TOOL = {"account": {"homePage": "https://tool.example", "name": "a tool"}}
OTHER = {"actor": person_actor("0c0ffee0-0000-4000-8000-0000000000bb")}


@pytest.fixture
def keeper(node: Node) -> Person:
    """Who writes down what is said."""
    return consents.keeper(node)


@pytest.fixture
def joseph(node: Node) -> Person:
    """A learner who speaks for himself."""
    return consents.grown_up(node)


def _learns(node: Node, person: Person, number: int, **parts: Any) -> None:
    tide.record(node, tide.statement(number, actor=person_actor(person.id), **parts))


def _waiting(node: Node) -> int:
    return len(list(publish.waiting(node, "region")))


def test_who_was_not_asked_leaves_under_a_pseudonym(node: Node, joseph: Person) -> None:
    """As it was before there was consent: decision 0005."""
    _learns(node, joseph, 1)
    assert publish.publish(node, REGION) == 1


def test_after_a_no_nothing_leaves(node: Node, keeper: Person, joseph: Person) -> None:
    """What waited stays, what comes stays, and the list of what waits shows none; others' records leave."""
    _learns(node, joseph, 1)
    assert _waiting(node) == 1
    consents.says(node, keeper, joseph, "no")
    _learns(node, joseph, 2)
    tide.record(node, tide.statement(3, **OTHER))
    assert _waiting(node) == 1
    assert publish.preview(node, "region", most=9).copies == tuple(publish.waiting(node, "region"))
    assert publish.publish(node, REGION) == 1


def test_a_no_is_of_one_purpose(node: Node, keeper: Person, joseph: Person) -> None:
    """Not to be counted for others holds back no record."""
    consents.says(node, keeper, joseph, "no", purpose="counted")
    _learns(node, joseph, 1)
    assert publish.publish(node, REGION) == 1


@pytest.mark.parametrize("is_published_between", [True, False])
def test_after_a_yes_only_what_comes_then_leaves(
    node: Node, keeper: Person, joseph: Person, *, is_published_between: bool
) -> None:
    """What was recorded before the no and while it held stays for good, whether a tide came between or not."""
    _learns(node, joseph, 1)
    consents.says(node, keeper, joseph, "no")
    _learns(node, joseph, 2)
    if is_published_between:
        assert publish.publish(node, REGION) == 0
    consents.says(node, keeper, joseph, "yes")
    _learns(node, joseph, 3)
    assert publish.publish(node, REGION) == 1


def test_a_tool_that_tells_late_is_held_back(node: Node, keeper: Person, joseph: Person) -> None:
    """A tool says after the yes what happened before it: that stays. What happened after it leaves."""
    consents.says(node, keeper, joseph, "no")
    consents.says(node, keeper, joseph, "yes")
    for number, when in ((1, "2001-01-01T00:00:00Z"), (2, "2099-01-01T00:00:00Z")):
        said = tide.statement(number, actor=person_actor(joseph.id), timestamp=when)
        tide.record(node, said, authority=TOOL)
    assert publish.publish(node, REGION) == 1


SPEAKING = {
    "a tool": {},
    "a group": {"actor": {"objectType": "Group", "member": [{}]}},
    "a teacher": {"object": {"objectType": "Agent"}, **OTHER},
    "a context": {"context": {"instructor": {}}, **OTHER},
    "a name in an extension": {"context": {"extensions": {"https://tool.example/who": ""}}, **OTHER},
}


@pytest.mark.parametrize("way", SPEAKING)
def test_whoever_speaks_of_them(node: Node, keeper: Person, joseph: Person, way: str) -> None:
    """Tools' statements, groups, what others did to or with them: all stay."""
    consents.says(node, keeper, joseph, "no")
    parts = {"actor": person_actor(joseph.id), **_about(SPEAKING[way], joseph)}
    tide.record(node, tide.statement(1, **parts), authority=TOOL)
    assert publish.publish(node, REGION) == 0


def _about(value: Any, person: Person) -> Any:
    """The same with the person in every empty place."""
    if isinstance(value, dict):
        if value == {} or value.get("objectType") == "Agent":
            return {**value, **person_actor(person.id)}
        return {name: _about(part, person) for name, part in value.items()}
    if isinstance(value, list):
        return [_about(part, person) for part in value]
    return person.id if value == "" else value


def test_a_name_in_other_letters_is_the_same_person(node: Node, keeper: Person, joseph: Person) -> None:
    """A tool that writes the name in capitals speaks of him too."""
    consents.says(node, keeper, joseph, "no")
    tide.record(node, tide.statement(1, actor=person_actor(joseph.id.upper())), authority=TOOL)
    assert publish.publish(node, REGION) == 0


def test_a_voiding_of_their_record_stays(node: Node, keeper: Person, joseph: Person) -> None:
    """Somebody else voids it, and somebody voids that: neither says that there was one."""
    _learns(node, joseph, 1)
    publish.publish(node, REGION)
    consents.says(node, keeper, joseph, "no")
    for number in (2, 3):
        target = {"objectType": "StatementRef", "id": tide.statement(number - 1)["id"]}
        tide.record(node, tide.statement(number, object=target, **{**OTHER, **VOIDS}))
    assert publish.publish(node, REGION) == 0


def test_what_points_further_than_is_looked_stays(node: Node, keeper: Person, joseph: Person) -> None:
    """A long chain of references does not leave unread, and a ring of them ends."""
    consents.says(node, keeper, joseph, "no")
    for number in range(1, 41):
        target = {"objectType": "StatementRef", "id": tide.statement(number % 40 + 1)["id"]}
        tide.record(node, tide.statement(number, object=target, **OTHER))
    assert publish.publish(node, REGION) == 0


def test_no_clock_decides(node: Node, keeper: Person, joseph: Person) -> None:
    """The yes after the no was said by a clock that stands in 1970: it opens all the same."""
    consents.says(node, keeper, joseph, "no")
    object.__setattr__(node.journal, "clock", Then("boot", 0, 1_000))
    consents.says(node, keeper, joseph, "yes")
    _learns(node, joseph, 1)
    assert publish.publish(node, REGION) == 1


def test_a_restored_hub_knows_the_no(node: Node, keeper: Person, joseph: Person) -> None:
    """In a new incarnation of its streams what was said before holds, and a yes opens from there on."""
    _learns(node, joseph, 1)
    consents.says(node, keeper, joseph, "no")
    node.journal.begin_incarnation("restored")
    _learns(node, joseph, 2)
    assert publish.publish(node, REGION) == 0
    consents.says(node, keeper, joseph, "yes")
    _learns(node, joseph, 3)
    assert publish.publish(node, REGION) == 1


@settings(
    deadline=None,
    derandomize=True,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.sampled_from(["learn", "yes", "no", "tide"]), min_size=1, max_size=9))
def test_whatever_happens_only_what_may_leaves(node: Node, steps: list[str]) -> None:
    """Any course of learning, words and tides, for one more person each time: a copy leaves only between a yes and
    the next no, or before the first word; and what may leave does at the next tide."""
    keeper, person = consents.keeper(node), consents.grown_up(node)
    waiting, left = 0, 0
    for step in [*steps, "tide"]:
        if step == "tide":
            left += waiting * (not _is_closed(node, person))
            waiting = 0
            publish.publish(node, REGION)
            name = _pseudonym(node, person)
            assert sum(name in copy.payload for copy in tide.prepared(node, "region")) == left
        elif step == "learn":
            said = {**tide.statement(0, actor=person_actor(person.id)), "id": node.new_id()}
            tide.record(node, said)
            waiting += 1
        else:
            was_closed = _is_closed(node, person)
            consents.says(node, keeper, person, step)
            waiting = 0 if step == "no" or was_closed else waiting


def _is_closed(node: Node, person: Person) -> bool:
    return standing.is_no(standing.of_person(node, person.id)["elsewhere"])


def _pseudonym(node: Node, person: Person) -> bytes:
    return policy.pseudonym(own_keys.pseudonyms(node.home), "region", person.id).encode()
