"""Clients that ask one thing after the other, each over a connection it keeps as long as the server does.

Many share one thread, so that they take little of the machine that they measure.
"""

import selectors
import socket
import time
from collections.abc import Iterator, Sequence

Requests = Iterator[bytes]

ENDED = b"\r\n\r\n"
LENGTH = b"content-length:"
CLOSES = b"connection: close"
"""What a server says that wants a new connection for each request."""
PIECE_BYTES = 65_536


def waits(port: int, rows: Sequence[Requests], seconds: float) -> list[float]:
    """How long each request took, in seconds, of as many clients as there are rows of requests, for so many seconds."""
    found: list[float] = []
    end = time.monotonic() + seconds
    with selectors.DefaultSelector() as ready:
        for row in rows:
            client = _Client(port, row, found)
            if client.ask():
                ready.register(client.line, selectors.EVENT_READ, client)
        while ready.get_map():
            for key, _ in ready.select():
                client = key.data
                if not client.hear():
                    continue
                ready.unregister(client.line)
                if time.monotonic() < end and client.ask():
                    ready.register(client.line, selectors.EVENT_READ, client)
                else:
                    client.line.close()
    return found


class _Client:
    """One connection, the requests that go over it, and what has come of the answer to the last."""

    def __init__(self, port: int, requests: Requests, found: list[float]) -> None:
        self.line = socket.create_connection(("127.0.0.1", port))
        self._port, self._is_left = port, False
        self._requests, self._found = requests, found
        self._answer, self._began = b"", 0.0

    def ask(self) -> bool:
        """Send the next request; False when there is none."""
        request = next(self._requests, None)
        if request is None:
            return False
        self._answer, self._began = b"", time.monotonic()
        if self._is_left:
            self.line.close()
            self.line = socket.create_connection(("127.0.0.1", self._port))
        self.line.sendall(request)
        return True

    def hear(self) -> bool:
        """Take what has come; True when the answer is whole, which must say that all is well."""
        piece = self.line.recv(PIECE_BYTES)
        assert piece, "the server hung up"
        self._answer += piece
        top, ended, body = self._answer.partition(ENDED)
        if not ended:
            return False
        assert top.startswith(b"HTTP/1.1 200"), self._answer[:300]
        length = int(top.lower().partition(LENGTH)[2].partition(b"\r\n")[0])
        if len(body) < length:
            return False
        self._is_left = CLOSES in top.lower()
        self._found.append(time.monotonic() - self._began)
        return True
