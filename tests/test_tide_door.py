"""The door between hubs: whatever knocks gets one sentence and the right status, and changes nothing."""

import json
import socket
import threading
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from hub.app import create_app
from hub.errors import StorageFull, StorageSlow, WriterClosed
from hub.node import Node
from hub.tide import peers, run
from hub.web import exchange
from hub.web.errors import Rows, status_of
from hub.web.xapi import speaking as xapi
from sync import protocol
from tests.fixtures import tide
from tests.fixtures.proxy import Proxy
from tests.fixtures.web import Served

NO_NEWS_UP, NO_NEWS_DOWN = 300, 250
"""Bytes of a tide without news, request line, headers and all."""


@pytest.fixture
def hub(make_node: Callable[..., Node]) -> Node:
    """A community's hub."""
    return make_node("hub")


@pytest.fixture
def region(make_node: Callable[..., Node], hub: Node) -> Node:
    """A regional hub that the hub has joined."""
    node = make_node("region", role="region")
    tide.joined(hub, node, "http://127.0.0.1:9")
    return node


@pytest.fixture
def door(region: Node) -> FlaskClient:
    """The region's door, guards and all."""
    return create_app(region).test_client()


def _hello(sender: Node, recipient: Node, body: bytes = bytes(24)) -> bytes:
    return protocol.request(sender.identity, recipient.identity.hub_id, "hello", body)


def _cases(hub: Node, region: Node, stranger: Node) -> dict[str, tuple[str, bytes, int]]:
    """What is wrong → message, body, status."""
    good = _hello(hub, region)
    join = {"hub": hub.identity.hub_id, "which": "00000000", "proof": "00" * 32}
    return {
        "no such message": ("gossip", b"", 404),
        "garbage": ("hello", b"garbage", 400),
        "nothing at all": ("hello", b"", 400),
        "cut off": ("hello", good[:-10], 403),
        "a bit changed": ("hello", good[:-1] + bytes([good[-1] ^ 1]), 403),
        "another version": ("hello", b"\x63" + good[1:], 400),
        "meant for somebody else": ("hello", _hello(hub, stranger), 403),
        "said as another message": ("pull", good, 403),
        "a hub that has not joined": ("hello", _hello(stranger, region), 403),
        "signed nonsense": ("hello", _hello(hub, region, b"nonsense"), 400),
        "a batch that is none": (
            "push",
            protocol.request(hub.identity, region.identity.hub_id, "push", bytes(300)),
            400,
        ),
        "too large": ("hello", bytes(100_000), 413),
        "a code that is not good": ("join", json.dumps(join).encode(), 403),
        "a code with a NUL": ("join", json.dumps({**join, "which": "\0"}).encode(), 403),
        "a code with half a letter": ("join", json.dumps({**join, "which": "\ud800"}).encode(), 403),
        "a code that is a number": ("join", json.dumps({**join, "which": 10**30}).encode(), 403),
        "joining with garbage": ("join", b"\xff\xfe", 403),
        "joining without a proof": ("join", b'{"hub": "%s"}' % hub.identity.hub_id.encode(), 403),
        "joining at length": ("join", b" " * 5000, 413),
    }


def test_whatever_knocks_wrongly_gets_a_sentence(
    make_node: Callable[..., Node], hub: Node, region: Node, door: FlaskClient
) -> None:
    """Each mistake has its status and a sentence; no stream and no peering comes of it."""
    cases = _cases(hub, region, make_node("stranger"))
    answers = {case: door.post(f"/sync/v1/{name}", data=body) for case, (name, body, _) in cases.items()}
    assert {case: answer.status_code for case, answer in answers.items()} == {
        case: row[2] for case, row in cases.items()
    }
    assert all(answer.get_json()["message"].endswith(".") for answer in answers.values())
    assert [peer.hub for peer in peers.peers(region)] == [hub.identity.hub_id]
    assert [line for line in region.journal.streams() if line.hub != region.identity.hub_id] == []


def test_nothing_is_done_for_a_hub_that_did_not_sign(hub: Node, region: Node, door: FlaskClient) -> None:
    """Whoever says the name of a hub that joined, without its key, sets no work going."""
    region.write(lambda: region.change("hub", region.identity.hub_id, name="Coast"))
    good = _hello(hub, region)
    for forged, status in ((good[:-1] + bytes([good[-1] ^ 1]), 403), (good, 200)):
        assert door.post("/sync/v1/hello", data=forged).status_code == status
        published = [line for line in region.journal.streams() if line.audience == "public"]
        assert bool(published) == (status == 200)


def test_looking_is_not_knocking(door: FlaskClient) -> None:
    """The door takes messages; a browser that opens it is told so."""
    assert door.get("/sync/v1/hello").status_code == 405


@pytest.mark.parametrize("door", [exchange.STATUS, xapi.STATUS], ids=["hubs", "tools"])
@pytest.mark.parametrize(("mistake", "status"), [(StorageSlow, 503), (WriterClosed, 503), (StorageFull, 507)])
def test_machines_hear_that_the_hub_is_at_fault(door: Rows, mistake: type[Exception], status: int) -> None:
    """What the disk did not take is no fault of the message, so whoever sent it keeps it and comes back."""
    assert status_of(mistake("…"), door) == status


def test_a_stopping_hub_asks_to_come_back(region: Node, hub: Node, door: FlaskClient) -> None:
    """A region that is being stopped takes nothing more: 503, and a while to wait."""
    region.write(lambda: region.change("hub", region.identity.hub_id, name="Coast"))
    region.writer.close()
    answer = door.post("/sync/v1/hello", data=_hello(hub, region))
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)


def test_a_full_door_asks_to_come_back(region: Node) -> None:
    """When all places are taken, nothing is read: 503, and a while to wait."""
    app = create_app(region)
    places: threading.BoundedSemaphore = app.extensions[exchange.ROOM_KEY]
    for _ in range(exchange.AT_ONCE):
        places.acquire()
    answer = app.test_client().post("/sync/v1/hello", data=b"x")
    assert answer.status_code == 503
    assert exchange.BACK_S <= int(answer.headers["Retry-After"]) <= exchange.BACK_S + exchange.BACK_S_SPREAD


def test_a_place_is_given_back(hub: Node, region: Node, door: FlaskClient) -> None:
    """More hubs than places are served one after another, refused ones among them."""
    for _ in range(3 * exchange.AT_ONCE):
        door.post("/sync/v1/hello", data=b"garbage")
    assert door.post("/sync/v1/hello", data=b"garbage").status_code == 400


def test_no_news_costs_next_to_nothing(hub: Node, region: Node, serve_node: Callable[[Node], Served]) -> None:
    """On a real socket: one request, within 300 bytes up and 250 down, headers and all; the report says the same."""
    line = Proxy(int(serve_node(region).url.rpartition(":")[2]))
    tide.learn(hub, first=1, count=20)
    run.sync_with(hub, url=line.url)
    line.reset()
    went = run.sync_with(hub, url=line.url)
    line.close()
    assert went.agreed and went.requests == 1
    assert line.up <= NO_NEWS_UP and line.down <= NO_NEWS_DOWN
    assert (went.bytes_up, went.bytes_down) == (line.up, line.down)


def test_a_body_that_never_comes_holds_no_place(region: Node, serve_node: Callable[[Node], Served]) -> None:
    """Somebody who promises a body and is silent takes no place: others are served meanwhile."""
    port = int(serve_node(region).url.rpartition(":")[2])
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(2 * exchange.AT_ONCE)]
    for each in silent:
        each.sendall(b"POST /sync/v1/hello HTTP/1.1\r\nHost: x\r\nContent-Length: 200\r\n\r\n")
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"POST /sync/v1/join HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 200")
    for each in silent:
        each.close()
