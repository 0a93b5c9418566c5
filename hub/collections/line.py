"""Fetch one long file of another hub over HTTP, from a byte on: what is asked, and what of the answer is believed.

The name of a file is its hash, and so is its ETag: a file that changed is another file. Whatever a server answers to a
range, the bytes are compared later; here only their place and their number are checked, so that nothing is put where
it does not belong. A line that trickles counts as dropped.
"""

import re
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.errors import LineDropped, PeerBusy, PeerRefused, ShelfLacks
from hub.line_library import urllib3

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

DOOR = "/sync/v1/blobs/"
CONNECT_S = 15.0
SILENT_S = 30.0
"""How long the line may say nothing."""
WINDOW_S, WINDOW_BYTES = 30.0, 3_000
"""A line that brings less than this in so long is no line: it is dropped, and taken up again later."""
PIECE_BYTES = 16 * 1024
RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
GONE = frozenset({404, 410, 412})
BUSY = frozenset({429, 502, 503, 504})
UNFIT = 416
"""No byte of the file is where it was asked for: what came of it is of another one."""
HEADS_BYTES = 600
"""What a request and the head of its answer weigh, about."""

Pieces = Generator[bytes, None, None]


@dataclass(frozen=True)
class Stretch:
    """Bytes of a file from `start` on, as they come; `start` is 0 where a server begins anew, or has to."""

    start: int
    pieces: Pieces


class Line:
    """The way to the files of one hub; it counts what it carried."""

    def __init__(self, url: str, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._url, self._ticks = url, ticks
        self._pool = urllib3().PoolManager(
            num_pools=1, maxsize=1, retries=False, timeout=urllib3().Timeout(connect=CONNECT_S, read=SILENT_S)
        )
        self.bytes = 0

    def close(self) -> None:
        """Let the connection go."""
        self._pool.clear()

    def stretch(self, sha256: str, ticket: str, *, start: int, size: int) -> Stretch:
        """Ask for a file of `size` bytes from `start` on. Raises LineDropped, PeerBusy, PeerRefused or ShelfLacks."""
        headers = {
            "Authorization": f"Mangrove {ticket}",
            "Accept-Encoding": "identity",
            "User-Agent": urllib3().util.SKIP_HEADER,
        }
        if start:
            headers |= {"Range": f"bytes={start}-", "If-Range": f'"{sha256}"'}
        try:
            response = self._pool.request(
                "GET", f"{self._url}{DOOR}{sha256}", headers=headers, preload_content=False, redirect=False
            )
        except urllib3().exceptions.HTTPError as mistake:
            raise _dropped() from mistake
        self.bytes += HEADS_BYTES
        if response.status == UNFIT:
            response.close()
            return Stretch(0, _nothing())
        try:
            at = _begins(response, sha256, start=start, size=size)
        except BaseException:
            response.close()
            raise
        return Stretch(at, self._pieces(response, size - at))

    def _pieces(self, response: "BaseHTTPResponse", left: int) -> Pieces:
        """What comes, at most `left` bytes. Raises LineDropped when too little comes."""
        begun, got = self._ticks(), 0
        try:
            while left > 0 and (piece := response.read1(min(PIECE_BYTES, left), decode_content=False)):
                left -= len(piece)
                got += len(piece)
                self.bytes += len(piece)
                yield piece
                if self._ticks() - begun >= WINDOW_S:
                    if got < WINDOW_BYTES:
                        raise _dropped()
                    begun, got = self._ticks(), 0
        except urllib3().exceptions.HTTPError as mistake:
            raise _dropped() from mistake
        finally:
            response.close() if left else response.release_conn()


def _nothing() -> Pieces:
    yield from ()


def _begins(response: "BaseHTTPResponse", sha256: str, *, start: int, size: int) -> int:
    """From which byte on an answer brings the file; raises what the answer means otherwise."""
    status, headers = response.status, response.headers
    if status in GONE:
        raise ShelfLacks("The other hub has this file no longer. What came of it is kept; it is looked for elsewhere.")
    if status in BUSY:
        raise PeerBusy("The other hub is busy now. Everything is safe here; it goes on at the next tide.")
    if headers.get("ETag", f'"{sha256}"') != f'"{sha256}"':
        raise _lied()
    if status == 200:
        if headers.get("Content-Length", str(size)) != str(size):
            raise _lied()
        return 0
    match = RANGE.fullmatch(headers.get("Content-Range", "")) if status == 206 else None
    if match is None or int(match[1]) != start or int(match[3]) != size or not start <= int(match[2]) < size:
        raise _lied()
    return start


def _lied() -> PeerRefused:
    return PeerRefused(
        "The other hub's answer does not belong to the file that was asked for. Nothing was taken from it."
    )


def _dropped() -> LineDropped:
    return LineDropped(
        "The line dropped. What came is kept, and it goes on from there by itself when the line is back."
    )
