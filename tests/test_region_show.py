"""The region's page: hubs by their last tide, counts of ten people and more, and nobody's name."""

import json
import re
from collections.abc import Callable

import pytest

from hub import projections
from hub.app import create_app
from hub.care import health
from hub.node import Node
from hub.tide import certificates, peers
from hub.tide import region as regions
from hub.vocabulary import PSEUDONYMS, VERBS, activity
from sync.entry import Entry
from sync.journal import Placed
from tests.fixtures import tide
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.clock import HandClock

HUBS = {"Alder hill": "b" * 51 + "a", "Beech ford": "c" * 51 + "a"}
AT_MS = 1_764_000_000_000


@pytest.fixture
def region(make_node: Callable[..., Node]) -> Node:
    """A regional hub with two hubs that joined it."""
    node = make_node("region", role="region")
    for number, (name, hub) in enumerate(HUBS.items()):
        peers.keep(node, peers.Peer(hub, name, "", ("public",), ("public", "region"), AT_MS, AT_MS + number))
    return node


@pytest.fixture
def coast(region: Node) -> Cast:
    """The cast of the regional hub."""
    app = create_app(region)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return Cast(region, app)


def _learned(node: Node, name: str, *, people: int, what: str = activity("water", "boil"), first: int = 0) -> None:
    """Let a hub's people each finish something, by default a lesson; `first` is the number of the first record."""

    def work() -> None:
        for number in range(people):
            alias = {"account": {"homePage": PSEUDONYMS, "name": f"{number:020d}"}}
            said = {"actor": alias, "verb": {"id": VERBS["completed"]}, "object": {"id": what}}
            record = first + number
            entry = Entry("statement", json.dumps({"raw": {"id": str(record), **said}}).encode(), AT_MS)
            placed = Placed(f"{name}{record}", HUBS[name], "region", HUBS[name][:32], record + 1, entry)
            projections.project(node.tables, placed)

    node.write(work)


def test_the_hubs_are_for_who_coordinates(coast: Cast) -> None:
    """On a regional hub: the coordinator sees them, a guest is led to sign in, nobody else may."""
    found = {role: coast.client(role).get("/region/").status_code for role in ROLES}
    assert found == {role: 200 if role == "region" else 303 if role == OUTSIDER else 403 for role in ROLES}


def test_a_communitys_hub_has_no_region_page(cast: Cast) -> None:
    """There it is not found, but for the steward, who reads which region is ours."""
    found = {role: cast.client(role).get("/region/").status_code for role in ROLES}
    assert found == {role: 200 if role == "steward" else 404 for role in ROLES}


def test_a_count_of_ten_people_is_shown(region: Node) -> None:
    """Ten and more: how many learn, and how many steps they finished."""
    _learned(region, "Alder hill", people=10)
    shown = {hub.name: hub for hub in regions.region(region).hubs}
    assert (shown["Alder hill"].people, shown["Alder hill"].steps) == (10, 10)


def test_a_count_of_nine_people_is_hidden(region: Node, coast: Cast) -> None:
    """Below ten neither people nor steps are shown, and the page says why."""
    _learned(region, "Beech ford", people=9)
    shown = {hub.name: hub for hub in regions.region(region).hubs}
    assert (shown["Beech ford"].people, shown["Beech ford"].steps) == (None, None)
    assert "fewer than ten people" in coast.client("region").get("/region/").text


def test_doing_a_step_again_counts_once(region: Node) -> None:
    """People are counted by what they got to, not by how many records speak of it."""
    for first in (0, 10, 20):
        _learned(region, "Alder hill", people=10, first=first)
    shown = {hub.name: hub for hub in regions.region(region).hubs}
    assert (shown["Alder hill"].people, shown["Alder hill"].steps) == (10, 10)


def test_who_is_only_heard_of_is_no_learner(region: Node) -> None:
    """A record about something that is no lesson, book or film of ours makes nobody a learner."""
    _learned(region, "Alder hill", people=12, what="https://example.org/elsewhere")
    shown = {hub.name: hub for hub in regions.region(region).hubs}
    assert (shown["Alder hill"].people, shown["Alder hill"].steps) == (None, None)


def test_what_is_hidden_cannot_be_worked_out_from_the_total(region: Node) -> None:
    """The totals are those of the hubs that are shown."""
    _learned(region, "Alder hill", people=12)
    _learned(region, "Beech ford", people=7)
    found = regions.region(region)
    assert (found.people, found.steps, found.hidden) == (12, 12, 1)


def test_a_total_of_nothing_shown_is_no_number(region: Node, coast: Cast) -> None:
    """Where every hub is hidden nobody reads that nobody learns: a dash, and why."""
    _learned(region, "Beech ford", people=9)
    assert (regions.region(region).people, regions.region(region).steps) == (None, None)
    shown = coast.client("region").get("/region/").text
    assert shown.count('<b class="big">–</b>') == 2
    assert "no hub has ten yet" in shown


def test_a_visit_is_a_tide(region: Node, coast: Cast, clock: HandClock) -> None:
    """The strip of a hub to which others come tells of the newest visit."""
    clock.advance(120)
    peers.note_visit(region, HUBS["Beech ford"])
    assert health.health(region).tide_ms == clock.now_ms()
    assert "None yet" not in re.findall("<b>Tide</b>.*", coast.client("region").get("/status/").text)[0]


def test_hubs_longest_unseen_come_first(region: Node) -> None:
    """Who needs somebody to look after it stands at the top."""
    assert [hub.name for hub in regions.region(region).hubs] == ["Alder hill", "Beech ford"]


def test_inviting_shows_the_code_once(coast: Cast) -> None:
    """The coordinator presses the button and reads the code out."""
    client = coast.client("region")
    assert client.post("/region/invite/").status_code == 303
    assert "The code for the other hub" in client.get("/region/").text
    assert "The code for the other hub" not in client.get("/region/").text


def test_only_who_coordinates_may_act(region: Node, coast: Cast) -> None:
    """Everybody else is refused and nothing changes."""
    given = {"hub": HUBS["Alder hill"]}
    others = [coast.client(role) for role in ROLES if role != "region"]
    answers = [client.post(f"/region/{action}/", data=given) for client in others for action in ("invite", "end")]
    assert {answer.status_code for answer in answers} == {403}
    assert len(peers.peers(region)) == 2
    assert region.tables.Invite.select().count() == 0


def test_a_hub_can_be_ended(region: Node, coast: Cast) -> None:
    """It is taken from no more; what came from it stays."""
    _learned(region, "Alder hill", people=10)
    coast.client("region").post("/region/end/", data={"hub": HUBS["Alder hill"]})
    assert [peer.name for peer in peers.peers(region)] == ["Beech ford"]
    assert region.tables.Statement.select().count() == 10


def test_no_name_of_a_person_is_on_the_page(region: Node, coast: Cast) -> None:
    """Nothing but counts: not even a pseudonym."""
    _learned(region, "Alder hill", people=10)
    text = coast.client("region").get("/region/").text
    assert "0000000000" not in text
    assert not [word for word in tide.CANARIES if word in text]


def test_certificates_are_listed_and_taken_back(make_node: Callable[..., Node]) -> None:
    """Who coordinates sees number and state of each, takes one back and gives it back; nobody else may."""
    node = make_node("coast", role="region")
    for name, hub in HUBS.items():
        certificates.issue(node, hub=hub, name=name)
    app = create_app(node)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    cast, hub = Cast(node, app), HUBS["Alder hill"]
    refused = [cast.client(role).post("/region/certificate/", data={"hub": hub}) for role in ("learner", OUTSIDER)]
    assert all(each.status_code in (302, 403) for each in refused)
    assert {each.state for each in certificates.certificates(node)} == {certificates.MEMBER}
    ruth = cast.client("region")
    asked = ruth.get("/region/").get_data(as_text=True)
    assert asked.index("It is fenced off at once") < asked.index("Take the certificate back"), (
        "what it means comes first"
    )
    assert ruth.post("/region/certificate/", data={"hub": hub}).status_code == 303
    said = ruth.get("/region/").get_data(as_text=True)
    assert "taken back" in said and "number 2" in said and "Beech ford" in said
    assert ruth.post("/region/certificate/", data={"hub": hub, "give": "1"}).status_code == 303
    assert {each.state for each in certificates.certificates(node)} == {certificates.MEMBER}
    assert ruth.post("/region/certificate/", data={"hub": "nobody"}).status_code == 404
