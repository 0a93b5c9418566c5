"""The page of the tide: rules for all, records and doing for those who keep the hub."""

from collections.abc import Callable
from html import unescape

import pytest

from hub import jobs
from hub.node import Node
from hub.tables import put
from hub.tide import link, neighbours, peers, publish, report
from hub.web import status
from hub.worker import HANDLERS, Worker
from tests.fixtures import tide
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

KEEPERS = {"librarian", "steward", "region"}
URL = "http://127.0.0.1:9"
SAID = [
    (
        "en",
        "This hub asks at http://localhost:1. Nothing is joined yet",
        "The hub at http://localhost:1 could not be reached, so nothing was joined. Nothing was changed",
    ),
    ("ar", "لم يُضمّ شيء بعد", "تعذّر الوصول إلى المركز في \u2068http://localhost:1\u2069، لذلك لم يُضمّ شيء"),
]
"""Language → what is said while a hub is asked to let this one join, and when nobody was there."""


@pytest.fixture
def joined(make_node: Callable[..., Node], node: Node, cast: Cast) -> Node:
    """The hub of the cast, which has joined a region."""
    tide.joined(node, make_node("coast", role="region"), URL)
    return node


def test_what_leaves_is_for_all_to_read(cast: Cast) -> None:
    """The rules are shown to the whole cast; the buttons only to keepers."""
    pages = {role: cast.client(role).get("/status/tide/").text for role in ROLES}
    assert all("under a made-up name" in text for text in pages.values())
    assert {role for role, text in pages.items() if "/status/tide/join/" in text} == KEEPERS


def test_records_are_for_keepers(joined: Node, cast: Cast) -> None:
    """Record by record only whoever keeps the hub may read; a guest is led to sign in."""
    found = {role: cast.client(role).get("/status/tide/region/").status_code for role in ROLES}
    assert found == {role: 200 if role in KEEPERS else 303 if role == OUTSIDER else 403 for role in ROLES}


@pytest.mark.parametrize("action", ["now", "listen", "invite", "join"])
def test_only_keepers_may_act(joined: Node, cast: Cast, action: str) -> None:
    """Everybody else is refused, and no work is asked for."""
    given = {"url": "http://region.example", "code": "abcde-fghjk"}
    others = [role for role in ROLES if role not in KEEPERS]
    assert {cast.client(role).post(f"/status/tide/{action}/", data=given).status_code for role in others} == {403}
    assert jobs.jobs(joined) == []
    assert {cast.client(role).post(f"/status/tide/{action}/", data=given).status_code for role in KEEPERS} == {303}
    assert bool(jobs.jobs(joined)) == (action != "invite")


def test_the_bytes_that_go_are_shown(joined: Node, cast: Cast) -> None:
    """Before a tide the page shows exactly what will go, and afterwards what has gone."""
    tide.learn(joined, first=1, count=1)
    copy = next(publish.waiting(joined, "region"))
    assert "made-up" not in copy.payload.decode()
    page = cast.client("steward").get("/status/tide/region/").text
    assert copy.payload.decode().replace('"', "&#34;") in page
    publish.publish(joined, ("region",))
    assert copy.payload.decode().replace('"', "&#34;") in cast.client("steward").get("/status/tide/region/").text


def test_before_joining_nothing_waits(node: Node, cast: Cast) -> None:
    """What would go is shown already, and named so."""
    tide.learn(node, first=1, count=1)
    page = cast.client("steward").get("/status/tide/region/").text
    assert "Would leave, once a hub is joined" in page and "Waits here for the next tide" not in page


def test_the_state_is_told_in_words(joined: Node, cast: Cast) -> None:
    """After a line that dropped: what happened, how much is safe, and that it goes on."""
    tide.learn(joined, first=1, count=3)
    publish.publish(joined, ("region",))
    peer = peers.upstream(joined)[0]
    went = report.Tide(peer.hub, "Coast", 1, 2, pushed=2, safe=2, total=4, problem="The line dropped.")
    report.keep(joined, went)
    text = cast.client("librarian").get("/status/tide/").text
    assert "The line dropped." in text
    assert "2 of 4 records are safe there" in text


def test_french_says_how_long_ago_the_last_tide_was(joined: Node, cast: Cast) -> None:
    """How long ago is no date, so no article stands before it."""
    peer, now_ms = peers.upstream(joined)[0], joined.clock.now_ms()
    report.keep(joined, report.Tide(peer.hub, "Coast", now_ms - 480_000, now_ms - 480_000, agreed=True))
    steward = cast.client("steward")
    steward.post("/language/", data={"language": "fr"})
    texts = [steward.get(address).text for address in ("/status/tide/", "/region/")]
    assert all("La dernière marée : il y a 8 minutes." in text for text in texts)


def test_joining_is_a_job(node: Node, cast: Cast) -> None:
    """The form asks the worker; nothing slow happens in the request."""
    given = {"url": " region.example ", "code": "ABCDE fghjk"}
    assert cast.client("librarian").post("/status/tide/join/", data=given).status_code == 303
    assert jobs.jobs(node)[0].arguments == {"url": "http://region.example", "code": "abcdefghjk"}


@pytest.mark.parametrize(("language", "waits", "ended"), SAID)
def test_joining_where_no_hub_is_says_that_nothing_was_joined(
    node: Node, cast: Cast, monkeypatch: pytest.MonkeyPatch, language: str, waits: str, ended: str
) -> None:
    """While it is tried and afterwards; nothing goes at a next tide that does not exist."""
    monkeypatch.setattr(link, "TRIES", 1)
    client = cast.client("librarian")
    client.post("/language/", data={"language": language})
    client.post("/status/tide/join/", data={"url": "http://localhost:1", "code": "abcde-fghjk"})
    assert waits in unescape(client.get("/status/tide/").text)
    Worker(node, HANDLERS).step()
    text = unescape(client.get("/status/tide/").text)
    assert ended in text and waits not in text and "Everything is safe here" not in text
    assert (peers.peers(node), jobs.jobs(node)[0].state) == ([], jobs.STOPPED)


WRONG = {
    "no address": {"url": "", "code": "abcde-fghjk"},
    "another kind of address": {"url": "ftp://region.example", "code": "abcde-fghjk"},
    "a secret in the address": {"url": "http://a:b@region.example", "code": "abcde-fghjk"},
    "a port that is none": {"url": "http://region.example:99999", "code": "abcde-fghjk"},
    "a question in the address": {"url": "http://region.example/?a=b", "code": "abcde-fghjk"},
    "an address without end": {"url": "http://" + "a" * 5000, "code": "abcde-fghjk"},
    "a short code": {"url": "http://region.example", "code": "abc"},
    "no form at all": {},
}


def test_what_cannot_be_joined_is_said_at_once(node: Node, cast: Cast) -> None:
    """The form comes back with a sentence; no work is asked for."""
    client = cast.client("librarian")
    answers = {case: client.post("/status/tide/join/", data=given) for case, given in WRONG.items()}
    assert {case for case, answer in answers.items() if answer.status_code != 400} == set()
    assert {case for case, answer in answers.items() if "Nothing was changed" not in answer.text} == set()
    assert jobs.jobs(node) == []


def test_a_code_is_shown_once(node: Node, cast: Cast) -> None:
    """After the button the page shows the code; when it is opened again it does not."""
    client = cast.client("librarian")
    client.post("/status/tide/invite/")
    assert "The code for the other hub" in client.get("/status/tide/").text
    assert "The code for the other hub" not in client.get("/status/tide/").text


def test_neighbours_that_were_heard_are_listed(node: Node, cast: Cast) -> None:
    """What the worker heard stands on the page, safe to show whatever a neighbour calls itself."""
    heard = (
        '{"at_ms": 1, "hubs": [{"hub": "x", "name": "<b>Beech</b>", "role": "region", "url": "http://10.0.0.9:8080"}]}'
    )
    node.write(lambda: put(node.tables.Note, name=neighbours.NOTE, value=heard))
    text = cast.client("librarian").get("/status/tide/").text
    assert "&lt;b&gt;Beech&lt;/b&gt;" in text and "http://10.0.0.9:8080" in text


def test_a_steward_may_stop_exchanging(joined: Node, cast: Cast) -> None:
    """The peering ends; a librarian may not end it."""
    hub = peers.peers(joined)[0].hub
    assert cast.client("librarian").post("/status/tide/end/", data={"hub": hub}).status_code == 403
    assert cast.client("steward").post("/status/tide/end/", data={"hub": hub}).status_code == 303
    assert peers.peers(joined) == []


def test_ending_what_is_not_there_is_said(node: Node, cast: Cast) -> None:
    """A hub of that name does not exchange with us: 404 and a sentence."""
    assert cast.client("steward").post("/status/tide/end/", data={"hub": "nobody"}).status_code == 404


def test_an_audience_that_is_none_is_not_found(cast: Cast) -> None:
    """What stays here has no page of what leaves."""
    assert cast.client("steward").get("/status/tide/local/").status_code == 404


def test_what_is_shown_of_many_is_told(joined: Node, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what waits the page shows what goes next; of what has left, what went last."""
    monkeypatch.setattr(status, "SHOWN", 1)
    tide.learn(joined, first=1, count=2)
    going = [str(copy.at_ms) for copy in publish.waiting(joined, "region")]
    shown = publish.preview(joined, "region", most=1).copies
    assert [str(copy.at_ms) for copy in shown] == going[:1]
    assert "the next 1 that wait, and the latest 1 that have left" in (
        cast.client("steward").get("/status/tide/region/").text
    )


def test_a_page_that_stopped_looking_says_so(joined: Node, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """It never calls an outbox empty that it has not looked through."""
    monkeypatch.setattr(publish, "LOOKED_AT", 1)
    tide.gone_out(joined, "public")
    tide.learn(joined, first=1, count=3)
    assert "this page looks no further" in cast.client("steward").get("/status/tide/public/").text
