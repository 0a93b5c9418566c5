"""Carry the messages of an exchange over HTTP: a few tries with rests between them, limits on everything.

A message is harmless when repeated, so a dropped line is simply tried again. The other side's words are shown as
they are, cut short; nothing else of an answer is believed here: `sync` checks every byte of it.
"""

import json
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hub.errors import InputWrong, LineDropped, PeerBusy, PeerRefused
from hub.line_library import urllib3

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse
    from urllib3.exceptions import HTTPError

DOOR = "/sync/v1/"
URL_LETTERS_MAX = 200
HOST = re.compile(r"[\w-]{1,63}(\.[\w-]{1,63})*\.?")
ANSWER_BYTES_MAX = 1024 * 1024
"""The largest answer that is read; twice the largest batch."""
SENTENCE_LETTERS_MAX = 300
CONNECT_S = 15.0
READ_S = 60.0
"""How long the line may be silent; a batch is cut for eight seconds of a slow line."""
TRIES = 4
REST_S = 1.0
"""The first rest; each following one is twice as long, and every rest is shortened by chance."""
REST_S_MAX = 30.0
WAIT_S_MAX = 120
"""The longest rest that a busy hub may ask for while we stand at its door."""
BUSY = frozenset({429, 502, 503, 504})
ENOUGH = 429
"""With a long wait: the other hub takes no more of us today, and says so."""
SILENT = ("User-Agent", "Accept-Encoding")
"""An exchange without news costs 300 bytes in all, so no header goes that says nothing."""


class Link:
    """The way to one hub, called with a message's name and body; it counts what it carried, headers and all."""

    def __init__(
        self, url: str, *, randomness: Callable[[int], bytes], pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._url, self._randomness, self._pause = url, randomness, pause
        self._pool = urllib3().PoolManager(
            num_pools=1, maxsize=1, retries=False, timeout=urllib3().Timeout(connect=CONNECT_S, read=READ_S)
        )
        self.requests = self.bytes_up = self.bytes_down = 0

    def __call__(self, name: str, body: bytes) -> bytes:
        """Send a message and return the answer. Raises LineDropped, PeerBusy or PeerRefused."""
        for number in range(TRIES):
            is_last = number == TRIES - 1
            try:
                status, answer, wait_s = self._once(name, body)
            except urllib3().exceptions.HTTPError as mistake:
                if is_last:
                    raise _no_line(mistake) from None
                self._rest(number)
                continue
            if status == 200:
                return answer
            if status not in BUSY or (status == ENOUGH and wait_s > WAIT_S_MAX):
                raise _refused(status, answer)
            if is_last or wait_s > WAIT_S_MAX:
                raise PeerBusy("The other hub is busy now. Everything is safe here; it goes on at the next tide.")
            self._rest(number, at_least_s=wait_s)
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        """Let the connection go."""
        self._pool.clear()

    def _once(self, name: str, body: bytes) -> tuple[int, bytes, int]:
        """One try: status, answer, and the seconds the other side asks us to wait."""
        target = f"{self._url}{DOOR}{name}"
        response = self._pool.request(
            "POST",
            target,
            body=body,
            headers=dict.fromkeys(SILENT, urllib3().util.SKIP_HEADER),
            preload_content=False,
            redirect=False,
        )
        self.requests += 1
        self.bytes_up += _request_bytes(target, body)
        try:
            if "Content-Length" not in response.headers and "Transfer-Encoding" not in response.headers:
                raise urllib3().exceptions.ProtocolError("the answer's head was cut off")
            answer = _whole(response)
            self.bytes_down += _answer_bytes(response, answer)
            if len(answer) > ANSWER_BYTES_MAX:
                raise PeerRefused("The other hub's answer is far too long to be one. Nothing was taken from it.")
        except BaseException:
            response.close()
            raise
        response.release_conn()
        return response.status, answer, _seconds(response.headers.get("Retry-After", ""))

    def _rest(self, number: int, at_least_s: int = 0) -> None:
        """Wait before the next try: by chance, so that a hundred hubs do not come back at the same moment."""
        chance = int.from_bytes(self._randomness(2), "big") / 0xFFFF
        self._pause(at_least_s + chance * min(REST_S_MAX, REST_S * 2**number))


def checked_url(text: str) -> str:
    """The address of a hub as it is kept: scheme, host, port and path. Raises InputWrong."""
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        is_whole = parts.scheme in ("http", "https") and _is_host(parts.hostname or "") and parts.port != 0
    except ValueError:
        is_whole = False
    has_more = is_whole and (parts.query or parts.fragment or parts.username is not None)
    if not is_whole or has_more or len(text) > URL_LETTERS_MAX or not text.isprintable() or " " in text:
        raise InputWrong(
            "That is not the address of a hub; one looks like https://region.example. Nothing was changed."
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def _is_host(name: str) -> bool:
    """Whether a machine may be called so, by a name or by numbers."""
    return ":" in name or HOST.fullmatch(name) is not None


def _whole(response: "BaseHTTPResponse") -> bytes:
    """The answer's bytes, one more than it may have when it is too long. One that ends early raises ProtocolError."""
    pieces, size = [], 0
    while size <= ANSWER_BYTES_MAX and (piece := response.read(ANSWER_BYTES_MAX + 1 - size, decode_content=False)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _request_bytes(target: str, body: bytes) -> int:
    """What a request weighs on the wire."""
    parts = urlsplit(target)
    head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {len(body)}\r\n\r\n"
    return len(head.encode()) + len(body)


def _answer_bytes(response: "BaseHTTPResponse", answer: bytes) -> int:
    """What an answer weighs on the wire."""
    lines = sum(len(name) + len(value) + 4 for name, value in response.headers.items())
    return len(f"HTTP/1.1 {response.status} {response.reason}\r\n\r\n") + lines + len(answer)


def _seconds(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _no_line(mistake: "HTTPError") -> LineDropped:
    if isinstance(mistake, urllib3().exceptions.NameResolutionError | urllib3().exceptions.NewConnectionError):
        return LineDropped("The other hub cannot be reached now. Everything is safe here; it goes at the next tide.")
    return LineDropped(
        "The line dropped. Everything is safe here, and what was confirmed counts; the next tide goes on from there."
    )


def _refused(status: int, answer: bytes) -> PeerRefused:
    """The other side's sentence, without anything that is not text."""
    try:
        words = json.loads(answer)["message"]
    except (ValueError, TypeError, KeyError, RecursionError):
        words = None
    if not isinstance(words, str):
        return PeerRefused(
            "No hub answers at that address (%(status)s). Nothing was changed; look at the address again.",
            status=status,
        )
    plain = "".join(letter for letter in words if letter.isprintable())
    return PeerRefused("The other hub says: %(why)s", why=plain[:SENTENCE_LETTERS_MAX])
