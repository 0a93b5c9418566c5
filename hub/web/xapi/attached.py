"""Statements with data attached (xAPI 1.0.3 part 3, 1.5.2): what a request brings, and an answer that carries it.

Neither is ever whole in memory: data goes from the line to a file as it comes, and from files to the line.
"""

import bisect
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from flask import Response, request
from werkzeug.wsgi import wrap_file

from hub.errors import StatementWrong
from hub.web.here import node
from hub.xapi import attached
from hub.xapi.limits import limits

MULTIPART = "multipart/mixed"
JSON = "application/json"

Piece = bytes | Path
"""A stretch of an answer: bytes that are here, or a file."""


@contextmanager
def received() -> Iterator[attached.Received]:
    """What the request brings: statements as JSON, or with data attached; its files are gone after the block.

    Raises StatementWrong, StatementTooLarge or StorageFull.
    """
    if request.mimetype == MULTIPART:
        allowed = limits(node())
        request.max_content_length = allowed.attached_request_bytes
        boundary = request.mimetype_params.get("boundary", "")
        with attached.receiving(node(), request.stream, boundary, allowed) as brought:
            yield brought
    elif request.mimetype == JSON:
        yield attached.Received(request.get_data(cache=False))
    else:
        raise StatementWrong(f"Content-Type: must be {JSON} or {MULTIPART}; nothing was kept.")


def with_data(body: bytes, statements: Sequence[dict[str, Any]]) -> Response:
    """An answer whose first part is `body` (JSON), followed by the data that came with these statements, each once."""
    boundary = node().new_id().replace("-", "")
    pieces: list[Piece] = [_head(boundary, JSON), body, b"\r\n"]
    for sha2, told in attached.of(node(), statements).items():
        place = attached.path(node(), sha2)
        if place.is_file():
            pieces += [_head(boundary, told["contentType"], told["sha2"]), place, b"\r\n"]
    joined = Joined([*pieces, f"--{boundary}--\r\n".encode()])
    response = Response(
        wrap_file(request.environ, cast(IO[bytes], joined), attached.READ_BYTES),
        content_type=f"{MULTIPART}; boundary={boundary}",
        direct_passthrough=True,
    )
    response.content_length = joined.size
    return response


class Joined(io.RawIOBase):
    """Bytes and files one behind the other as one file to read; the server's own sender takes it without a thread.

    One file is open at a time, and none before it is read.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        super().__init__()
        self._pieces = pieces
        self._starts = [0]
        for each in pieces:
            size = each.stat().st_size if isinstance(each, Path) else len(each)
            self._starts.append(self._starts[-1] + size)
        self._at = 0
        self._opened: tuple[int, BinaryIO] | None = None

    @property
    def size(self) -> int:
        """All bytes together."""
        return self._starts[-1]

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is: the server reads on where a slow line stopped."""
        return True

    def tell(self) -> int:
        """The place of the next byte."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        self._at = min(max(base + offset, 0), self.size)
        return self._at

    def read(self, most: int = -1) -> bytes:
        """The next bytes, fewer than asked for only at the end. Raises OSError where a file is gone or got shorter."""
        wanted = self.size - self._at if most < 0 else min(most, self.size - self._at)
        found: list[bytes] = []
        while wanted > 0:
            some = self._some(wanted)
            if not some:
                raise OSError("an attached file is shorter than it was")
            found.append(some)
            wanted -= len(some)
            self._at += len(some)
        return b"".join(found)

    def close(self) -> None:
        """Let go of the file that is open."""
        self._let_go()
        super().close()

    def _some(self, most: int) -> bytes:
        """Bytes from the place on, from one piece alone."""
        number = bisect.bisect_right(self._starts, self._at) - 1
        piece, within = self._pieces[number], self._at - self._starts[number]
        if isinstance(piece, bytes):
            return piece[within : within + most]
        file = self._file(number, piece)
        file.seek(within)
        return file.read(min(most, self._starts[number + 1] - self._at))

    def _file(self, number: int, place: Path) -> BinaryIO:
        if self._opened is None or self._opened[0] != number:
            self._let_go()
            self._opened = (number, place.open("rb"))
        return self._opened[1]

    def _let_go(self) -> None:
        if self._opened is not None:
            self._opened[1].close()
        self._opened = None


def _head(boundary: str, kind: str, sha2: str = "") -> bytes:
    """The line that begins a part, and its headers."""
    lines = [f"--{boundary}", f"Content-Type: {kind}"]
    if sha2:
        lines += ["Content-Transfer-Encoding: binary", f"X-Experience-API-Hash: {sha2}"]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()
