"""What is sent on, page by page: a steward adds, sees what went, pauses and removes; nobody else sees a line of it."""

import pytest
from flask.testing import FlaskClient

from hub.node import Node
from hub.out import destinations, forward
from hub.worker import Worker
from tests.fixtures import consents
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.outside import Outside, learn

HOME = "/status/out/"


def _given(outside: Outside, **more: str) -> dict[str, str]:
    given = {"name": "Ministry", "url": outside.access.url, "username": outside.access.username, "times": "day"}
    return {**given, "secret": outside.access.secret, "version": "1.0.3", "verbs": "", "packages": "", **more}


def _added(client: FlaskClient, outside: Outside, **more: str) -> str:
    answer = client.post(HOME, data=_given(outside, **more))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


@pytest.fixture
def yes(node: Node, cast: Cast) -> str:
    """Amina, of whom records may go."""
    consents.amina_says(node, cast, "yes")
    return cast.person("learner").id


@pytest.mark.parametrize("role", [role for role in ROLES if role != "steward"])
def test_it_is_for_stewards(cast: Cast, outside: Outside, role: str) -> None:
    """Everybody else neither looks nor adds nor changes; the way there stands on no page of theirs."""
    where = _added(cast.client("steward"), outside)
    client, before = cast.client(role), destinations.destinations
    for address in (HOME, where):
        answer = client.get(address)
        assert answer.status_code in (303, 403) and "Ministry" not in answer.text
        assert client.post(address, data=_given(outside)).status_code == 403
    assert len(before(cast._node)) == 1
    assert HOME not in client.get("/status/").text


def test_a_steward_adds_and_sees_what_goes(node: Node, cast: Cast, outside: Outside, yes: str) -> None:
    """From the empty page to the bytes that went; the secret is on no page."""
    client = cast.client("steward")
    assert HOME in client.get("/status/").text
    assert "Nothing is sent on" in client.get(HOME).text
    where = _added(client, outside, titles="yes", verbs="answered, passed")
    page = client.get(where).text
    for said in ("Under a made-up name", "Times to the day", "Only of people who said yes", "Also the titles"):
        assert said in page
    assert "verbs/answered" in page and "records go there" in page
    learn(node, yes, first=1, count=2)
    assert client.post(where, data={"wish": "now"}).status_code == 303
    worker = Worker(node)
    while worker.step():
        pass
    page = client.get(where).text
    assert outside.has()[0]["id"] in page and yes not in page and outside.access.secret not in page
    assert "2 records were sent" in client.get(HOME).text


def test_it_rests_goes_on_and_is_removed(node: Node, cast: Cast, outside: Outside) -> None:
    """Each press changes one thing; what was removed is no longer in the list and takes no more."""
    client = cast.client("steward")
    where = _added(client, outside)
    made = destinations.destinations(node)[0]
    for wish, state in (("pause", "paused"), ("resume", "active"), ("remove", "removed")):
        assert client.post(where, data={"wish": wish}).status_code == 303
        assert destinations.destination(node, made.id).state == state
    assert "Ministry" not in client.get(HOME).text.partition("<main")[2].partition("<form")[0]
    assert "removed" in client.get(where).text
    assert client.post(where, data={"wish": "resume"}).status_code in (400, 404)
    assert client.get(f"{HOME}nothing/").status_code == 404


def test_what_is_wrong_is_said_on_the_page(node: Node, cast: Cast, outside: Outside, yes: str) -> None:
    """A form that cannot be taken comes back filled, without its secret; a key that opens nothing is told here."""
    client = cast.client("steward")
    refused = client.post(HOME, data=_given(outside, url="http://records.example/xapi", past="yes"))
    assert (refused.status_code, destinations.destinations(node)) == (400, [])
    assert "begins with https" in refused.text and "http://records.example/xapi" in refused.text
    assert outside.access.secret not in refused.text and 'name="past" value="yes" checked' in refused.text
    where = _added(client, outside, secret="wrong")
    learn(node, yes, first=1, count=1)
    made = destinations.destinations(node)[0]
    assert forward.go(node, made.id).is_stopped
    page = client.get(where).text
    assert "does not take our key (401)" in page and "Go on sending" in page
    assert client.post(where, data={"wish": "secret", "secret": " "}).status_code == 400
    assert client.post(where, data={"wish": "secret", "secret": outside.access.secret}).status_code == 303
    assert forward.go(node, made.id).sent == 1


def test_a_stopped_destination_wants_a_look(node: Node, cast: Cast, outside: Outside, yes: str) -> None:
    """The page of the hub's health leads a steward there, and nobody else."""
    client = cast.client("steward")
    _added(client, outside, secret="wrong")
    learn(node, yes, first=1, count=1)
    object.__setattr__(node.settings, "sound_max", 0)  # speaking every sentence takes far longer than this
    worker = Worker(node)
    worker.ask_for_what_is_due()
    while worker.step():
        pass
    assert "does not take our key" in client.get("/status/").text
    assert f'href="{HOME}"' not in cast.client("librarian").get("/status/").text


def test_what_went_is_told_to_whom_it_concerns(node: Node, cast: Cast, outside: Outside, yes: str) -> None:
    """On "What we know about you": to which store, how many, and how many were taken back."""
    made = destinations.add(node, name="Ministry", access=outside.access, sharing=destinations.Sharing(past=True))
    learn(node, yes, first=1, count=3)
    forward.go(node, made.id)
    assert "3 records are in the store Ministry" in cast.client("learner").get("/people/about-me/").text
    consents.amina_says(node, cast, "no")
    forward.go(node, made.id)
    assert "3 were taken back there." in cast.client("guardian").get(f"/people/{yes}/about/").text
    assert "store Ministry" not in cast.client(OUTSIDER).get("/people/about-me/").text
