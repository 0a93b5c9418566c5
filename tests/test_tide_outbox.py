"""The outbox tells the truth: what another hub has, what waits, and what a narrower rule sends instead."""

import contextlib
from collections import Counter

import pytest

from hub.node import Node
from hub.people import roster
from hub.people.roster import Person
from hub.tide import gone, outbox, run, told
from hub.tide.outbox import LEFT, WAITING
from hub.vocabulary import person_actor
from tests.fixtures import consents, tide
from tests.fixtures.deciding import gather
from tests.fixtures.proxy import Proxy
from tests.fixtures.sharing import DAILY, but, decide
from tests.fixtures.web import Served

DAY_MS = 86_400_000
AWAY = "http://127.0.0.1:9"


def _stand(node: Node, audience: str = "region") -> dict[str, int]:
    """How many records of learning stand how."""
    return dict(Counter(each.state for each in outbox.going(node, audience) if each.copy.kind == "statement"))


@pytest.fixture
def joseph(hub: Node) -> Person:
    """Somebody whose learning goes to the region."""
    return roster.add_person(hub, name="Joseph", picture="goat", birth_year=1980)


def _learns(hub: Node, person: Person, number: int) -> None:
    tide.record(hub, tide.statement(number, actor=person_actor(person.id)))


def test_what_is_ready_has_not_left(hub: Node, up: Served) -> None:
    """A tide that did not come about prepares copies; they wait like what was not looked at yet."""
    tide.learn(hub, first=1, count=2)
    run.sync_with(hub)
    tide.learn(hub, first=10, count=3)
    run.sync_with(hub, url=AWAY, pause=lambda _: None)
    tide.learn(hub, first=20, count=1)
    assert _stand(hub) == {LEFT: 2, WAITING: 4}
    run.sync_with(hub)
    assert _stand(hub) == {LEFT: 6}


def test_before_the_first_tide_nothing_has_left(hub: Node, up: Served, joseph: Person) -> None:
    """Neither from the stream that was made ready, nor from that one once it is left behind for a no."""
    _learns(hub, joseph, 1)
    tide.learn(hub, first=10, count=2)
    run.sync_with(hub, url=AWAY, pause=lambda _: None)
    assert _stand(hub) == {WAITING: 3}
    consents.says(hub, consents.keeper(hub), joseph, "no")
    run.sync_with(hub, url=AWAY, pause=lambda _: None)
    assert (_stand(hub), told.told_of(hub, joseph.id)) == ({WAITING: 2}, [])


def test_a_cut_tide_says_how_far_it_came(hub: Node, up: Served) -> None:
    """What the region has said it took has left; the rest waits."""
    tide.learn(hub, first=1, count=600)
    cuts = iter([9_000])
    with contextlib.closing(Proxy(int(up.url.rsplit(":", 1)[1]), lambda: next(cuts, 1))) as line:
        run.sync_with(hub, url=line.url, pause=lambda _: None)
    stands = _stand(hub)
    assert 0 < stands[LEFT] < 600 and stands[LEFT] + stands[WAITING] == 600


def test_a_narrower_rule_shows_what_it_sends(hub: Node, up: Served) -> None:
    """Before the tide that takes the finer copies back: they have left, and the coarser ones wait."""
    people = gather(hub)
    tide.learn(hub, first=1, count=3)
    run.sync_with(hub)
    decide(people, but(DAILY))
    waits = [each.copy.at_ms % DAY_MS for each in outbox.going(hub, "region") if each.state == WAITING]
    assert (_stand(hub), waits) == ({LEFT: 3, WAITING: 3}, [0, 0, 0])
    assert [each.at_ms % DAY_MS for each in outbox.preview(hub, "region", most=2).copies] == [0, 0]
    run.sync_with(hub)
    assert _stand(hub) == {LEFT: 3}


def test_what_a_no_held_back_has_not_left(hub: Node, up: Served, joseph: Person) -> None:
    """Two of his records had gone when he said no, and two were ready: two are told of, then and for ever."""
    for number in (1, 2):
        _learns(hub, joseph, number)
    run.sync_with(hub)
    for number in (3, 4):
        _learns(hub, joseph, number)
    run.sync_with(hub, url=AWAY, pause=lambda _: None)
    consents.says(hub, consents.keeper(hub), joseph, "no")
    for _ in range(2):
        assert [each.records for each in told.told_of(hub, joseph.id)] == [2]
        run.sync_with(hub)
    assert sum(each.kind == "statement" for each in gone.left(hub, "region")) == 2


def test_who_comes_and_fetches_has_it(hub: Node, region: Node, up: Served) -> None:
    """What a visitor was given has left, although this hub went nowhere."""
    region.change("hub", region.identity.hub_id, name="Coast")
    run.sync_with(hub)
    told_before = sum(1 for _ in gone.left(region, "public"))
    region.change("hub", region.identity.hub_id, name="The coast")
    assert sum(1 for _ in gone.left(region, "public")) == told_before
    run.sync_with(hub)
    assert sum(1 for _ in gone.left(region, "public")) > told_before
