"""What goes with the next tide, in words for everybody: it is what the next exchange then sends."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from hub.node import Node
from hub.sharing import rows
from hub.tide import coming, peers, policy, publish, run, sealing
from hub.vocabulary import person_actor
from sync.erasing import ERASE
from tests.fixtures import tide
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.consents import grown_up, keeper, says
from tests.fixtures.deciding import gather
from tests.fixtures.sharing import DAILY, STAYS, but, decide
from tests.fixtures.web import Served

PEOPLE = [f"0c0ffee0-0000-4000-8000-0000000000{number:02}" for number in range(8)]


def _learn(node: Node, people: list[str], *, first: int = 1) -> None:
    """One answered question of each."""

    def work() -> None:
        for number, person in enumerate(people, first):
            tide.record(node, tide.statement(number, actor=person_actor(person)))

    node.write(work)


def _shelve(node: Node) -> None:
    node.write(lambda: node.change("hub.package", f"{node.identity.hub_id}:water", title="Safe water", is_here=1))


def _goes(node: Node) -> coming.Coming:
    (found,) = coming.coming(node)
    return found


def test_it_is_what_the_next_exchange_sends(hub: Node, up: Served) -> None:
    """Learning and works, counted before and sent then; afterwards nothing is left to go."""
    sealing.tell(hub)
    _learn(hub, PEOPLE)
    _shelve(hub)
    found = _goes(hub)
    assert (found.counts[rows.LEARNING], found.people, found.counts[rows.SHELF]) == (8, 8, 1)
    assert found.records == run.sync_with(hub).pushed
    assert (_goes(hub).records, run.sync_with(hub).pushed) == (0, 0)


def test_what_is_ready_and_not_there_counts(hub: Node, up: Served) -> None:
    """Published before a line that dropped: it waits in the stream and goes with the next tide."""
    sealing.tell(hub)
    run.sync_with(hub)
    _learn(hub, PEOPLE[:6])
    publish.publish(hub, peers.audiences(hub))
    _learn(hub, PEOPLE[6:], first=7)
    found = _goes(hub)
    assert (found.records, found.people) == (8, 8)
    assert run.sync_with(hub).pushed == 8


def test_a_no_stops_what_is_told_and_what_goes(hub: Node, up: Served) -> None:
    """Between two tides somebody says no: nothing of theirs is counted, though it stood ready, and nothing goes."""
    sealing.tell(hub)
    run.sync_with(hub)
    joseph = grown_up(hub)
    _learn(hub, [joseph.id, *PEOPLE[1:]])
    publish.publish(hub, peers.audiences(hub))
    says(hub, keeper(hub), joseph, "no")
    found = _goes(hub)
    assert (found.counts[rows.LEARNING], found.people) == (7, 7)
    assert "Somebody said no since the last tide" in " ".join(coming.says(hub, found))
    assert run.sync_with(hub).pushed == found.records


@pytest.mark.parametrize("row", [DAILY, STAYS])
def test_a_narrower_policy_is_told_before_it_goes(hub: Node, up: Served, row: rows.Row) -> None:
    """What had left is taken back first; what is told beside that is what goes."""
    sealing.tell(hub)
    _learn(hub, PEOPLE)
    run.sync_with(hub)
    decide(gather(hub), but(row))
    found = _goes(hub)
    assert "Less may leave than before" in " ".join(coming.says(hub, found))
    went = run.sync_with(hub).pushed
    left = [copy for name in ("region", "public") for copy in tide.prepared(hub, name)]
    assert went - sum(copy.kind == ERASE for copy in left) == found.records


def test_few_people_are_not_counted(hub: Node, up: Served) -> None:
    """One to four are one sentence; five are a number."""
    sealing.tell(hub)
    said_of: list[str] = []
    for number in range(1, 6):
        _learn(hub, [PEOPLE[number]], first=number)
        said_of.append(coming.first(hub, _goes(hub)))
    assert all("of fewer than five people" in each for each in said_of[:4])
    assert said_of[4] == "5 records of 5 people go to our region, under made-up names."


def test_nothing_by_name_is_said_and_so_is_a_name(make_node: Callable[..., Node], hub: Node) -> None:
    """Somebody who said yes to being named to a neighbour goes by name, and the sentence ends."""
    peers.keep(hub, peers.Peer("s" * 52, "Hill school", "http://127.0.0.1:9", ("public",), ("public",), 1, 1))
    assert "Nothing that names a person goes." in coming.says(hub, _goes(hub))
    found = coming.Coming(None, counts={policy.NAMED_PERSON: 2})
    assert "Nothing that names a person goes." not in coming.says(hub, found)
    assert "Names and pictures of 2 people who said yes to that go." in coming.says(hub, found)


EVERY = [*policy.KINDS - {rows.LEARNING}, coming.GONE]


@pytest.mark.parametrize("kind", sorted(EVERY))
def test_every_kind_that_can_go_has_a_sentence(hub: Node, kind: str) -> None:
    """None is left out of what is told."""
    alone, none = (coming.says(hub, coming.Coming(None, counts=counts)) for counts in ({kind: 3}, {}))
    assert len(set(alone) - set(none)) == 1


def test_what_was_not_counted_is_said(hub: Node, up: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page has no time for all of a large outbox, and says so."""
    monkeypatch.setattr(coming, "COUNTED_MAX", 3)
    _learn(hub, PEOPLE)
    assert coming.first(hub, _goes(hub)).startswith("3 records of fewer than five people")
    assert "It is more than that" in " ".join(coming.says(hub, _goes(hub)))
    monkeypatch.setattr(coming, "COUNTED_MAX", 6)
    _learn(hub, [*PEOPLE, *PEOPLE], first=20)
    assert coming.first(hub, _goes(hub)).startswith("More than 6 records, of ")


def test_a_hub_that_stands_alone_says_what_would_go(hub: Node) -> None:
    """Nothing goes; with a first tide this would."""
    _learn(hub, PEOPLE)
    found = _goes(hub)
    assert "so nothing goes" in coming.when(found)
    assert coming.first(hub, found) == "8 records of 8 people go to our region, under made-up names."


def test_everybody_reads_it_and_keepers_reach_the_outbox(node: Node, cast: Cast) -> None:
    """On both pages for the whole cast and guests; record by record only for keepers; a steward at home."""
    _learn(node, PEOPLE)
    says = "8 records of 8 people go to our region"
    pages: dict[str, Any] = {role: unescape(cast.client(role).get("/status/sharing/").text) for role in ROLES}
    assert all(says in text for text in pages.values())
    assert all(says in unescape(cast.client(role).get("/status/tide/").text) for role in ROLES)
    keepers = {"librarian", "steward", "region"}
    assert {role for role, text in pages.items() if "/status/tide/region/" in text} == keepers
    assert not [person for person in PEOPLE if any(person in text for text in pages.values())]


def test_a_steward_reads_it_at_home(node: Node, cast: Cast, region: Node, serve_node: Callable[[Node], Served]) -> None:
    """Before a hub was joined that nothing leaves; then in one sentence what goes."""
    assert "nothing leaves." in unescape(cast.client("steward").get("/").text)
    tide.joined(node, region, serve_node(region).url)
    _learn(node, PEOPLE)
    assert "8 records of 8 people go to our region" in unescape(cast.client("steward").get("/").text)
