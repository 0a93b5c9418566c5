"""Bad input between hubs, each kind against the real door: one sentence, nothing kept, and little memory."""

import os
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import zstandard

from hub.errors import PeerRefused
from hub.node import Node
from hub.tide import broken, run
from hub.tide.link import ANSWER_BYTES_MAX, Link
from sync import batch as batches
from sync import exchange, lines, protocol, server
from sync import stream as streams
from sync.batch import Batch
from sync.entry import Entry, encode
from sync.identity import public_key
from sync.messages import Page
from sync.protocol import Position
from sync.stream import Opening, head_message
from sync.wire import number
from tests.fixtures import tide
from tests.fixtures.web import Served

PEAK_MOST = 16 * 1024 * 1024
"""What either side may take beyond its rest."""
SEED = bytes(16)


@contextmanager
def _little_memory() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < PEAK_MOST, peak


def _push(hub: Node, region: Node, up: Served, data: bytes) -> bytes:
    """What the region's door says to a batch; its answer is not opened. Raises PeerRefused."""
    link = Link(up.url, randomness=os.urandom, pause=lambda _: None)
    try:
        return link("push", protocol.request(hub.identity, region.identity.hub_id, "push", data))
    finally:
        link.close()


def _kept(region: Node) -> int:
    return sum(line.seq for line in region.journal.streams())


def _made(hub: Node, number_of: int, *more: bytes) -> bytes:
    """A right batch that opens a stream of the hub's own making, with more entries."""
    name = f"{number_of:032x}"
    opening = streams.opening_payload(Opening(hub.identity.hub_id, "region", number_of + 100))
    raws = [
        encode(Entry(kind=streams.OPEN, payload=opening, at_ms=1)),
        *(encode(Entry("note", each, 1)) for each in more),
    ]
    rows = streams.chain(1, streams.origin(name), {0: SEED}, raws)
    signature = hub.identity.sign(head_message(name, rows[-1][0], rows[-1][1]))
    return batches.write(Batch(hub.identity.hub_id, name, streams.origin(name), {0: SEED}, rows, signature))


def _claiming(hub: Node, count: int, size: int, body: bytes) -> bytes:
    """A batch that says how much is in it, whatever that is."""
    head = bytes((1, 1)) + public_key(hub.identity.hub_id) + bytes(16) + streams.origin("00" * 16) + bytes(64)
    return head + number(1) + number(count) + number(size) + SEED + zstandard.ZstdCompressor().compress(body)


LIES: dict[str, Callable[[Node], bytes]] = {
    "a wrong signature": lambda hub: _made(hub, 1)[:90] + b"\0" * 20 + _made(hub, 1)[110:],
    "grows to 64 MiB": lambda hub: _claiming(hub, 1, 4 * 1024 * 1024, bytes(64 * 1024 * 1024)),
    "says that it is as large": lambda hub: _claiming(hub, 1, 2**40, b"x"),
    "says more entries than it has": lambda hub: _claiming(hub, 900, 3, b"abc"),
    "says a million entries": lambda hub: _claiming(hub, 10**6, 3, b"abc"),
    "of a later form": lambda hub: b"\x09" + _made(hub, 1)[1:],
    "cut": lambda hub: _made(hub, 1)[:-5],
    "nothing": lambda hub: b"",
}


@pytest.mark.parametrize("lie", LIES)
def test_a_batch_that_lies_is_refused(hub: Node, region: Node, up: Served, lie: str) -> None:
    """With a sentence and without taking memory; the next right one counts."""
    data, before = LIES[lie](hub), _kept(region)
    with _little_memory(), pytest.raises(PeerRefused, match="The other hub says"):
        _push(hub, region, up, data)
    assert _kept(region) == before
    _push(hub, region, up, _made(hub, 1, b"right"))
    assert _kept(region) == before + 2 and f"{1:032x}" not in {each.root for each in broken.broken(region)}


def test_an_older_and_a_later_protocol_are_told(hub: Node, region: Node, up: Served) -> None:
    """Which of the two needs an update."""
    asked = protocol.request(hub.identity, region.identity.hub_id, "push", _made(hub, 1))
    link = Link(up.url, randomness=os.urandom, pause=lambda _: None)
    for version in (0, 2, 255):
        with pytest.raises(PeerRefused, match="needs an update"):
            link("push", bytes((version,)) + asked[1:])
    link.close()


def test_what_is_replayed_counts_once(hub: Node, region: Node, up: Served) -> None:
    """Also when somebody who listened sends it again and again."""
    asked = protocol.request(hub.identity, region.identity.hub_id, "push", _made(hub, 1, b"once"))
    link = Link(up.url, randomness=os.urandom, pause=lambda _: None)
    before = _kept(region)
    for _ in range(5):
        link("push", asked)
    link.close()
    assert _kept(region) == before + 2


def test_a_fork_has_so_many_branches(hub: Node, region: Node, up: Served) -> None:
    """A sixth device with the key is refused, and what the others told stays."""
    for number_of in range(1 + lines.BRANCHES_MAX):
        _push(hub, region, up, _made(hub, 1, b"device %d" % number_of))
    before = _kept(region)
    with pytest.raises(PeerRefused, match="branches already"):
        _push(hub, region, up, _made(hub, 1, b"one more"))
    assert _kept(region) == before and [each.kind for each in broken.broken(region)] == ["BatchWrong"]


def test_a_hub_begins_so_many_streams(hub: Node, region: Node, up: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who would begin a million gets as many as the limit says, and the page is told."""
    monkeypatch.setattr(lines, "LINES_MAX", 5)
    refused = 0
    with _little_memory():
        for number_of in range(1, 13):
            try:
                _push(hub, region, up, _made(hub, number_of))
            except PeerRefused as mistake:
                refused += "no more are taken" in str(mistake)
    assert len(region.journal.streams(hub=hub.identity.hub_id)) == 5 and refused >= 7


def test_a_region_that_tells_of_a_million_streams_is_heard_so_long(
    hub: Node, region: Node, up: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pages never end; the hub stops, keeps little, and its own records have gone before."""
    tide.learn(hub, first=1, count=3)
    pages = iter(range(10**6))

    def endless(*_: object) -> bytes:
        first = next(pages) * protocol.PAGE_POSITIONS
        made = (Position(f"f{at:031x}", 1, bytes(16)) for at in range(first, first + protocol.PAGE_POSITIONS))
        return Page(tuple(made)).packed()

    monkeypatch.setitem(server._ANSWERS, "positions", endless)
    monkeypatch.setattr(server.shared, "digest", _never_the_same(server.shared.digest))
    with _little_memory():
        went = run.sync_with(hub, pause=lambda _: None)
    heard = exchange.FAR_MAX // protocol.PAGE_POSITIONS
    assert next(pages) <= heard + 2 and went.bytes_down < 2 * exchange.FAR_MAX * 40
    assert went.problem and region.tables.Statement.select().count() == 3


def _never_the_same(digest: Callable[[object], bytes]) -> Callable[[object], bytes]:
    def other(listed: object) -> bytes:
        return digest(listed)[:-1] + os.urandom(1)

    return other


def test_an_answer_without_end_is_cut(hub: Node) -> None:
    """Whoever sends bytes for ever is listened to for a mebibyte."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        sent: list[int] = []

        def pour() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
                try:
                    while sum(sent) < 64 * ANSWER_BYTES_MAX:
                        sent.append(connection.send(bytes(65536)))
                except OSError:
                    return

        pouring = threading.Thread(target=pour, daemon=True)
        pouring.start()
        link = Link(f"http://127.0.0.1:{listening.getsockname()[1]}", randomness=os.urandom, pause=lambda _: None)
        with _little_memory(), pytest.raises(PeerRefused, match="far too long"):
            link("hello", b"x")
        link.close()
        pouring.join(20)
    assert sum(sent) < 16 * ANSWER_BYTES_MAX
