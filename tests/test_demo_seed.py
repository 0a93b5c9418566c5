"""Filling the demo: its people, ninety days of learning, all or nothing, and the same every time."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from content.exercise import mark
from hub import first_boot
from hub.config import load
from hub.demo import days, marks, seed, slips
from hub.demo.cast import ACTORS, CIRCLES, HOUSEHOLDS, LOOK_AS, PIN, SECRET
from hub.errors import NotAllowed
from hub.node import Node, make_home, open_node
from hub.people import circles, credentials, households, roster
from hub.vocabulary import VERBS
from tests.fixtures.clock import START_MS, HandClock
from tests.fixtures.starter import quizzes, starters

Story = list[dict[str, Any]]
PARTS = ("verb", "object", "result", "timestamp")
"""What a record says beside whom it is about and its own name."""


@pytest.fixture
def stocked(node: Node) -> Node:
    """A hub with the starter library and nobody in it."""
    first_boot.fill_shelf(node)
    return node


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, engine: str, request: pytest.FixtureRequest) -> Story:
    """The records of the ninety days before the clock's start, about people whose ids are their names."""
    database = "" if engine == "sqlite" else request.getfixturevalue("postgres_server").fresh()
    return tell(tmp_path_factory.mktemp("story") / "home", database)


def tell(home: Path, database: str) -> Story:
    """The same on a hub of its own."""
    make_home(home)
    with closing(open_node(home, load(home, {"database": database}, {}), clock=HandClock())) as node:
        first_boot.fill_shelf(node)
        return days.records(node, {actor.name: actor.name for actor in ACTORS})


def who(record: dict[str, Any]) -> str:
    """Whom a record is about."""
    return str(record["actor"]["account"]["name"])


def ids(node: Node) -> dict[str, str]:
    """Name → person id."""
    return {person.name: person.id for person in roster.people(node)}


def test_everybody_of_the_cast_moves_in(crowd: Node):
    """All people with their roles, four circles, seven households, and one person for each role to look as."""
    assert {person.name: person.roles for person in roster.people(crowd)} == {
        actor.name: frozenset(actor.roles) for actor in ACTORS
    }
    assert {circle.name for circle in circles.circles(crowd)} == {circle.name for circle in CIRCLES}
    assert len(households.households(crowd)) == len(HOUSEHOLDS)
    assert {role: person.name for role, person in marks.players(crowd).items()} == LOOK_AS


def test_the_facilitator_leads_the_circle(crowd: Node):
    """Mr. Otieno leads his circle; its children learn there."""
    led = circles.led_by(crowd, ids(crowd)["Mr. Otieno"])
    assert [circle.name for circle in led] == ["Number friends"]
    assert len(circles.members(crowd, led[0].id, part="learner")) == 8


def test_the_shown_secrets_open(crowd: Node):
    """A child's three pictures and a grown-up's PIN are those that the demo page shows."""
    assert credentials.verify(crowd, person=ids(crowd)["Amina"], secret=SECRET)
    assert credentials.verify(crowd, person=ids(crowd)["Lucía"], secret=PIN)


def test_the_name_may_be_chosen(node: Node):
    """`--name` wins over the demo's own name."""
    seed.fill(node, name="Alder hill")
    assert node.tables.Hub.get_by_id(node.identity.hub_id).name == "Alder hill"


def test_filling_twice_changes_nothing(crowd: Node):
    """A hub that is a demo stays as it is."""
    ends = [(line.stream, line.seq) for line in crowd.journal.streams()]
    assert seed.fill(crowd) == 0
    assert [(line.stream, line.seq) for line in crowd.journal.streams()] == ends


def test_a_hub_with_people_is_left_alone(node: Node):
    """The demo never mixes with real people."""
    roster.add_person(node, name="Wanjiru", picture="goat")
    with pytest.raises(NotAllowed, match="People live in this hub"):
        seed.fill(node)
    assert list(ids(node)) == ["Wanjiru"]


def test_an_interrupted_filling_leaves_nothing(node: Node):
    """When it breaks at the twentieth name it gives, nobody is there; filling again works."""
    left = iter(range(20))

    def short(count: int) -> bytes:
        next(left)
        return node.randomness(count)

    with pytest.raises(StopIteration):
        seed.fill(replace(node, randomness=short))
    assert not marks.is_demo(node) and roster.people(node) == []
    seed.fill(node)
    assert len(roster.people(node)) == len(ACTORS)


def test_the_ninety_days_are_folded_whole(stocked: Node):
    """Every record comes through the door, lands in the tables, and says a time of the past ninety days."""
    count = seed.fill(stocked)
    tables = stocked.tables
    assert tables.Rejected.select().count() == 0
    assert tables.Statement.select().count() == count > 3000
    assert tables.Answer.select().count() > 2000
    now_ms = stocked.clock.now_ms()
    times = [row.at_ms for row in tables.Statement.select(tables.Statement.at_ms)]
    assert now_ms - (days.DAYS + 1) * days.DAY_MS < min(times) < max(times) < now_ms


def test_the_same_clock_tells_the_same_story(story: Story, tmp_path: Path, database_url: Callable[[], str]):
    """Another hub, with other keys, gets the same acts at the same moments."""
    again = tell(tmp_path / "other", database_url())
    assert [[record.get(part) for part in PARTS] for record in again] == [
        [record.get(part) for part in PARTS] for record in story
    ]


@pytest.mark.parametrize("name", days.IN_THE_MIDDLE)
def test_somebody_is_in_the_middle_of_something(story: Story, name: str):
    """The child and the learner to look as opened something new yesterday, so that home says where to go on."""
    own = [record for record in story if who(record) == name]
    last = own.pop()
    assert last["verb"]["id"] == VERBS["initialized"]
    assert last["object"]["id"] not in [record["object"]["id"] for record in own]


def test_people_differ(story: Story):
    """Some pass often and some fail often, so that there is somebody to help and somebody to learn from."""
    verbs = Counter((who(record), record["verb"]["id"]) for record in story)
    assert verbs["Tendai", VERBS["passed"]] > verbs["Tendai", VERBS["failed"]]
    assert verbs["Nia", VERBS["passed"]] < verbs["Nia", VERBS["failed"]]


@pytest.mark.parametrize("name", days.STAYED_AWAY)
def test_who_stayed_away_did_not_come(story: Story, name: str):
    """Nothing of those who stayed away in their last days."""
    last = max(record["timestamp"] for record in story if who(record) == name)
    first_away = datetime.fromtimestamp(START_MS / 1000, UTC) - timedelta(days=days.STAYED_AWAY[name])
    assert last < first_away.date().isoformat()


def test_records_come_in_the_order_of_their_times(story: Story):
    """What is appended to the journal last happened last."""
    times = [record["timestamp"] for record in story]
    assert times == sorted(times)


def test_slips_are_wrong_and_right_answers_right():
    """For every question of the library, many times: a slip never earns the full mark."""
    chance = random.Random(7)
    for starter in starters():
        for question in (each for quiz in quizzes(starter).values() for each in quiz.questions):
            assert mark(question, slips.right(question)).is_right
            assert not any(mark(question, slips.wrong(question, chance)).is_right for _ in range(8)), question.id
