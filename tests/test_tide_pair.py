"""What a community shares with one neighbour, and counts: by name only of who said yes, and to nobody else."""

import json
from collections.abc import Callable

import pytest

from hub.consent.purposes import ELSEWHERE, NAMED
from hub.node import Node
from hub.people import circles
from hub.people.roster import Person
from hub.sharing import rows
from hub.sharing.rows import Row
from hub.tide import others, outbox, publish, run, told
from hub.tide import region as regions
from tests.fixtures import consents, tide
from tests.fixtures.deciding import Deciding, gather
from tests.fixtures.outcomes import finish
from tests.fixtures.sharing import COUNTED as COUNTS
from tests.fixtures.sharing import STAYS, but, decide
from tests.fixtures.web import Served

Three = tuple[Node, Node, Node]


@pytest.fixture
def school(make_node: Callable[..., Node]) -> Node:
    """A school whose children go to both places."""
    return make_node("school")


@pytest.fixture
def three(hub: Node, school: Node, make_node: Callable[..., Node], serve_node: Callable[[Node], Served]) -> Three:
    """A hub that has joined a school and another neighbour, both behind real servers."""
    third = make_node("third")
    for neighbour in (school, third):
        tide.joined(hub, neighbour, serve_node(neighbour).url)
    return hub, school, third


@pytest.fixture
def people(hub: Node) -> Deciding:
    """A community that decides."""
    return gather(hub)


@pytest.fixture
def keeper(hub: Node) -> Person:
    """Who writes down what people say."""
    return consents.keeper(hub)


def _agreed(school: Node, *, groups: bool = True) -> list[Row]:
    audience = rows.pair(school.identity.hub_id)
    found = [Row(rows.PERSON, audience, rows.BY_NAME, rows.DAY)]
    return [*found, Row(rows.CIRCLE, audience, rows.AS_IT_IS, rows.DAY)] if groups else found


def _bytes_of(node: Node, hub: Node) -> bytes:
    lines = node.journal.streams(hub=hub.identity.hub_id)
    return b"".join(row[2] for line in lines for row in node.journal.store.entries(line, 0, 10_000))


def _names(school: Node) -> list[str]:
    return [name for each in others.shared_with_us(school) for name, _ in each.people]


def test_only_who_said_yes_is_named_and_only_there(three: Three, people: Deciding, keeper: Person) -> None:
    """Joseph said yes, Grace was not asked: the school sees him in his group, the third hub hears of neither."""
    hub, school, third = three
    made = circles.add_circle(hub, name="River", picture="baobab")
    for each in (people.joseph, people.grace):
        circles.join(hub, circle=made.id, person=each.id)
    decide(people, but(*_agreed(school)))
    consents.says(hub, keeper, people.joseph, "yes", purpose=NAMED)
    assert all(each.agreed for each in run.sync_all(hub))
    (found,) = others.shared_with_us(school)
    assert [name for name, _ in found.people] == ["Joseph"]
    assert [(group.name, [name for name, _ in group.people]) for group in found.groups] == [("River", ["Joseph"])]
    assert others.shared_with_us(third) == []
    for word in (b"Joseph", b"River", people.joseph.id.encode()):
        assert word in _bytes_of(school, hub) and word not in _bytes_of(third, hub)
    assert b"Grace" not in _bytes_of(school, hub) + _bytes_of(third, hub)
    assert school.tables.Person.select().where(school.tables.Person.id == people.joseph.id).count() == 0
    assert len(told.named_to(hub, people.joseph.id)) == 1 and told.named_to(hub, people.grace.id) == []


def test_a_change_is_told_once(three: Three, people: Deciding, keeper: Person) -> None:
    """Without news nothing is written again; a new name takes the place of the old one."""
    hub, school, _ = three
    decide(people, but(*_agreed(school, groups=False)))
    consents.says(hub, keeper, people.joseph, "yes", purpose=NAMED)
    run.sync_all(hub)
    assert [each.requests for each in run.sync_all(hub)] == [1, 1]
    circles.change_person(hub, person=people.joseph.id, name="Joseph Mwangi", picture="hammer")
    run.sync_all(hub)
    assert _names(school) == ["Joseph Mwangi"]


@pytest.mark.parametrize("how", ["takes it back", "no learning elsewhere", "decided"])
def test_what_ends_is_shown_no_more(three: Three, people: Deciding, keeper: Person, how: str) -> None:
    """A no of his: the school is told that a stand-in is named no more. A decision: what had left is erased there."""
    hub, school, _ = three
    decide(people, but(*_agreed(school, groups=False)))
    consents.says(hub, keeper, people.joseph, "yes", purpose=NAMED)
    run.sync_all(hub)
    assert _names(school) == ["Joseph"]
    if how == "decided":
        decide(people, but(STAYS), "Nobody")
    else:
        consents.says(hub, keeper, people.joseph, "no", purpose=NAMED if how == "takes it back" else ELSEWHERE)
    run.sync_all(hub)
    assert _names(school) == []
    assert [row.name for row in school.tables.SharedPerson.select()] == ([] if how == "decided" else [""])
    assert (b"Joseph" in _bytes_of(school, hub)) == (how != "decided")


def test_a_no_before_it_went_calls_the_name_back(three: Three, people: Deciding, keeper: Person) -> None:
    """Prepared and not sent, then a no: no byte of the name arrives."""
    hub, school, _ = three
    decide(people, but(*_agreed(school, groups=False)))
    consents.says(hub, keeper, people.joseph, "yes", purpose=NAMED)
    publish.publish(hub, [rows.pair(school.identity.hub_id)])
    consents.says(hub, keeper, people.joseph, "no", purpose=NAMED)
    assert all(each.agreed for each in run.sync_all(hub))
    assert b"Joseph" not in _bytes_of(school, hub) and people.joseph.id.encode() not in _bytes_of(school, hub)
    assert _names(school) == []


def test_another_hub_may_not_speak_for_a_third(three: Three, people: Deciding) -> None:
    """What the school is told in a stream of its neighbour is about that neighbour alone."""
    hub, school, third = three
    claimed = f"{third.identity.hub_id}:person:x"
    said = {"id": claimed, "set": {"hub": third.identity.hub_id, "name": "Somebody", "is_here": 1}}
    audience = rows.pair(school.identity.hub_id)
    hub.write(lambda: hub.journal.append(audience, "shared.person", json.dumps(said).encode()))
    hub.write(lambda: hub.journal.append(audience, "person", json.dumps({"id": "p", "set": {"name": "Us"}}).encode()))
    run.sync_all(hub)
    assert _names(school) == []
    assert school.tables.Person.select().where(school.tables.Person.id == "p").count() == 0


def test_a_region_is_told_counts_and_no_small_ones(
    hub: Node, region: Node, up: Served, people: Deciding, keeper: Person
) -> None:
    """Thirty learned water, seven numbers: the seven are in no count, nor to be worked out; told once for a period."""
    decide(people, but(COUNTS))
    finish(hub, "water", range(30))
    finish(hub, "numbers", range(7))
    finish(hub, "phone", range(12))
    run.sync_with(hub)
    assert region.tables.Statement.select().count() == 0
    told_there = {row.name or row.sort: row.count for row in region.tables.SharedCount.select()}
    assert told_there["all"] == 49 and told_there["water"] == 30 and "numbers" not in told_there
    assert "phone" not in told_there
    (shown,) = [each for each in regions.region(region).hubs if each.hub == hub.identity.hub_id]
    assert any("49 steps were finished" in each for each in shown.counts)
    before = len(list(tide.prepared(hub, "region")))
    finish(hub, "water", range(30, 60))
    run.sync_with(hub)
    assert len(list(tide.prepared(hub, "region"))) == before
    assert all("urn:" not in each.says for each in outbox.going(hub, "region"))


def test_a_few_people_are_in_no_count(hub: Node, people: Deciding) -> None:
    """Nine learned something: nothing of it may leave."""
    decide(people, but(COUNTS))
    finish(hub, "water", range(9))
    assert list(publish.waiting(hub, "region")) == []
