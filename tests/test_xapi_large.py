"""Bodies without measure and senders without haste, at a hub in a process of its own: it stays small, and answers."""

import http.client
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fixtures import engines
from tests.fixtures.learning import statement
from tests.fixtures.records import LOST, Store

BODY_BYTES = 100 * 1024 * 1024
PIECE = b"x" * (1024 * 1024)
GROWN_MOST_KIB = 48 * 1024
"""How much larger a hub may be after bodies that are larger than this all together by far."""
SLOW = 30
"""More than there are threads."""
ID = "aaaaaaaa-2222-4333-8444-555555555555"
STATE = "activities/state?activityId=http%3A%2F%2Fa.org%2F1&agent=%7B%22mbox%22%3A%22mailto%3Aa%40b.org%22%7D&stateId=s"
ADDRESSES = [("POST", "statements"), ("PUT", f"statements?statementId={ID}"), ("PUT", STATE), ("POST", STATE)]
ADDRESSES += [("POST", "statements?method=PUT"), ("DELETE", STATE), ("GET", "about")]

pytestmark = pytest.mark.sqlite(engines.BUDGET)


@pytest.fixture(scope="module")
def store(make_store: Callable[..., Store]) -> Store:
    """A hub for all tests here."""
    return make_store()


def _head(store: Store, method: str, path: str, *lines: str) -> bytes:
    said = [f"{method} /xapi/{path} HTTP/1.1", "Host: localhost", f"Authorization: {store.proof}", *lines]
    return "".join(f"{line}\r\n" for line in [*said, "X-Experience-API-Version: 1.0.3", ""]).encode()


def _connect(store: Store) -> socket.socket:
    return socket.create_connection(("127.0.0.1", store.machine.ports[0]), timeout=60)


def _status(line: socket.socket) -> int:
    """The status of the answer; 0 when the hub hung up without one."""
    try:
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return answer.status
    except LOST:
        return 0


def _size_kib(store: Store) -> int:
    """The memory that the hub has in hand now."""
    assert store.machine.process is not None
    text = Path(f"/proc/{store.machine.process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", text)
    assert found
    return int(found[1])


def _pieces(is_chunked: bool) -> Iterator[bytes]:
    for _ in range(BODY_BYTES // len(PIECE)):
        yield f"{len(PIECE):x}\r\n".encode() + PIECE + b"\r\n" if is_chunked else PIECE
    if is_chunked:
        yield b"0\r\n\r\n"


def _pour(store: Store, method: str, path: str, content_type: str, *, is_chunked: bool) -> int:
    """Send a hundred megabytes, or as much as is taken; the status."""
    length = "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {BODY_BYTES}"
    with _connect(store) as line:
        try:
            line.sendall(_head(store, method, path, f"Content-Type: {content_type}", length))
            for piece in _pieces(is_chunked):
                line.sendall(piece)
        except OSError:
            pass  # refused before it was whole: the answer may have come all the same
        return _status(line)


@pytest.mark.parametrize("is_chunked", [False, True], ids=["with its length", "in chunks"])
def test_a_hundred_megabytes_are_refused_and_not_held(store: Store, is_chunked: bool) -> None:
    """413 at every address, whatever type is claimed; the hub is as small as before, and nothing was kept."""
    client = store.client()
    assert client.ask("GET", "statements").status == 200
    before = _size_kib(store)
    for content_type in ("application/json", "multipart/mixed; boundary=xxx", "application/x-www-form-urlencoded"):
        for method, path in ADDRESSES if content_type == "application/json" else ADDRESSES[:2]:
            status = _pour(store, method, path, content_type, is_chunked=is_chunked)
            assert status in (413, 0), (method, path, content_type, status)
    assert _size_kib(store) - before < GROWN_MOST_KIB
    assert client.ask("GET", "statements").json["statements"] == []
    assert client.ask("GET", STATE).status == 404


def test_large_requests_that_are_right_leave_the_hub_small(store: Store) -> None:
    """A thousand statements a request, by several at once, and long lists read back."""
    said = [statement(verb={"id": "http://a.org/large"}, result={"response": "x" * 1_000})] * 1_000
    raw, client = json.dumps(said).encode(), store.client()
    assert client.ask("POST", "statements", raw).status == 200
    before = _size_kib(store)
    clients = [store.client() for _ in range(4)]
    threads = [threading.Thread(target=each.ask, args=("POST", "statements", raw)) for each in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(client.find(verb="http://a.org/large")) == 5_000
    assert _size_kib(store) - before < 2 * GROWN_MOST_KIB


@pytest.mark.parametrize(
    "begun",
    [
        b'{"actor":',
        b"",
        b"Content-Type: application/json\r\nContent-Length: 4000\r\n\r\n{",
        b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{",
        b"Content-Type: multipart/mixed; boundary=xxx\r\nContent-Length: 4000\r\n\r\n--xxx\r\nContent-",
    ],
    ids=["in a header", "before the headers end", "in a body", "in a chunk", "in a part"],
)
def test_slow_senders_stop_nobody(store: Store, begun: bytes) -> None:
    """Thirty that have begun and say no more hold no thread: others are answered, and they too when they go on."""
    head = _head(store, "POST", "statements")[:-2]
    slow = [_connect(store) for _ in range(SLOW)]
    try:
        for line in slow:
            line.sendall(head + begun)
        client = store.client()
        for _ in range(3):
            assert client.ask("GET", "statements").status == 200
            assert client.ask("POST", "statements", statement()).status == 200
        for line in slow:
            line.sendall(b" ")
        assert client.ask("GET", "about").status == 200
    finally:
        for line in slow:
            line.close()


def test_a_slow_sender_is_served_when_it_is_done(store: Store) -> None:
    """Byte by byte, each a packet: the statement is kept like any other."""
    raw = json.dumps(statement(id=ID)).encode()
    lines = ("Content-Type: application/json", f"Content-Length: {len(raw)}")
    with _connect(store) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.sendall(_head(store, "PUT", f"statements?statementId={ID}", *lines))
        for number in range(len(raw)):
            line.sendall(raw[number : number + 1])
        assert _status(line) == 204


def test_a_sender_that_goes_in_the_middle_leaves_nothing(store: Store) -> None:
    """Half a body is no body."""
    lost = "bbbbbbbb-2222-4333-8444-555555555555"
    raw = json.dumps(statement(id=lost)).encode()
    for cut in (1, len(raw) // 2, len(raw) - 1):
        with _connect(store) as line:
            lines = ("Content-Type: application/json", f"Content-Length: {len(raw)}")
            line.sendall(_head(store, "PUT", f"statements?statementId={lost}", *lines) + raw[:cut])
    client = store.client()
    assert client.ask("GET", "about").status == 200
    assert client.ask("GET", f"statements?statementId={lost}").status == 404
