"""The tide after a no, over real HTTP: what waited, what was cut off on the way, and a region that comes later."""

from collections.abc import Callable

import pytest

from hub import own_keys
from hub.node import Node
from hub.people.roster import Person
from hub.tide import policy, publish, recall, run, told
from hub.vocabulary import person_actor
from tests.fixtures import consents, tide
from tests.fixtures.web import Served

OTHERS = 5


@pytest.fixture
def people(hub: Node) -> tuple[Person, Person]:
    """Who writes down what is said, and Joseph."""
    return consents.keeper(hub), consents.grown_up(hub)


def _learns(hub: Node, person: Person, number: int) -> None:
    tide.record(hub, tide.statement(number, actor=person_actor(person.id)))


def _has(region: Node, hub: Node, person: Person) -> int:
    """How many entries with the person's made-up name the region holds."""
    name = policy.pseudonym(own_keys.pseudonyms(hub.home), "region", person.id).encode()
    lines = region.journal.streams(hub=hub.identity.hub_id, audience="region")
    return sum(name in row[2] for line in lines for row in region.journal.store.entries(line, 0, 10_000))


def test_a_withdrawn_record_never_arrives(hub: Node, region: Node, up: Served, people: tuple[Person, Person]) -> None:
    """One record arrived; after the no two more do not, and those of others do."""
    keeper, joseph = people
    _learns(hub, joseph, 1)
    run.sync_with(hub)
    assert _has(region, hub, joseph) == 1
    _learns(hub, joseph, 2)
    consents.says(hub, keeper, joseph, "no")
    _learns(hub, joseph, 3)
    tide.learn(hub, first=10, count=OTHERS)
    went = run.sync_with(hub)
    assert (went.agreed, went.pushed, _has(region, hub, joseph)) == (True, OTHERS, 1)
    assert len(hub.journal.streams(hub=hub.identity.hub_id, audience="region")) == 1


def test_what_was_copied_and_not_sent_is_called_back(
    hub: Node, region: Node, up: Served, people: tuple[Person, Person]
) -> None:
    """A tide was cut after it had copied; then comes the no. The others' records arrive once, his never."""
    keeper, joseph = people
    tide.learn(hub, first=10, count=OTHERS)
    run.sync_with(hub)
    _learns(hub, joseph, 1)
    tide.learn(hub, first=20, count=OTHERS)
    publish.publish(hub, ("public", "region"))
    consents.says(hub, keeper, joseph, "no")
    went = run.sync_with(hub)
    assert (went.agreed, went.problem, _has(region, hub, joseph)) == (True, "", 0)
    assert region.tables.Statement.select().count() == 2 * OTHERS
    assert run.sync_with(hub).requests == 1


def test_a_region_joined_later_gets_nothing_of_them(
    hub: Node, region: Node, up: Served, people: tuple[Person, Person], make_node: Callable[..., Node]
) -> None:
    """What the first region has stays there; the second one is given a stream without him."""
    keeper, joseph = people
    _learns(hub, joseph, 1)
    tide.learn(hub, first=10, count=OTHERS)
    run.sync_with(hub)
    consents.says(hub, keeper, joseph, "no")
    assert not recall.recall(hub)
    second = make_node("second", role="region")
    tide.joined(hub, second, "http://127.0.0.1:9")
    assert recall.recall(hub)
    publish.publish(hub, ("region",))
    (standing,) = [line for line in publish.lines(hub, ("region",)) if line.is_current]
    name = policy.pseudonym(own_keys.pseudonyms(hub.home), "region", joseph.id).encode()
    assert not [row for row in hub.journal.store.entries(standing, 0, 1000) if name in row[2]]
    assert standing.seq == 1 + OTHERS


def test_calling_back_is_done_once_for_a_no(hub: Node, up: Served, people: tuple[Person, Person]) -> None:
    """A line that drops again and again does not begin the stream again and again."""
    keeper, joseph = people
    _learns(hub, joseph, 1)
    publish.publish(hub, ("region",))
    consents.says(hub, keeper, joseph, "no")
    assert [recall.recall(hub) for _ in range(3)] == [True, False, False]


def test_a_no_before_the_first_tide_calls_nothing_back(hub: Node, people: tuple[Person, Person]) -> None:
    """Where no stream was begun there is none to leave."""
    consents.says(hub, *people, "no")
    assert not recall.recall(hub)
    assert publish.lines(hub, ("region",)) == []


def test_what_had_left_is_told(hub: Node, up: Served, people: tuple[Person, Person]) -> None:
    """So many records, under this name, in these hours; nothing of who has sent nothing, and a copy counts once."""
    keeper, joseph = people
    assert told.told_of(hub, joseph.id) == []
    for number in (1, 2):
        _learns(hub, joseph, number)
    run.sync_with(hub)
    hour = tide.AT_MS - tide.AT_MS % 3_600_000
    (found,) = told.told_of(hub, joseph.id)
    assert (found.audience, found.records, found.first_ms, found.last_ms) == ("region", 2, hour, hour)
    notes = hub.tables.Note
    hub.write(notes.delete().where(notes.name.startswith("published")).execute)
    run.sync_with(hub)
    assert told.told_of(hub, joseph.id) == [found]
    assert told.told_of(hub, keeper.id) == []
