"""Statements with data attached (xAPI 1.0.3 part 3, 1.5.2): what a request brings, and an answer that carries it.

Neither is ever whole in memory: data goes from the line to a file as it comes, and from files to the line.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, request

from hub.errors import StatementWrong
from hub.web.here import node
from hub.xapi import attached
from hub.xapi.limits import limits

MULTIPART = "multipart/mixed"
JSON = "application/json"
END = b"\r\n"


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
    parts = [_Part(_headers(JSON), body)]
    for sha2, kind in attached.of(node(), statements).items():
        place = attached.path(node(), sha2)
        if place.is_file():
            parts.append(_Part(_headers(kind, sha2), place))
    response = Response(_written(boundary, parts), content_type=f"{MULTIPART}; boundary={boundary}")
    response.content_length = sum(each.size for each in parts) + _frame(boundary, len(parts))
    return response


@dataclass(frozen=True)
class _Part:
    """One part of an answer: its headers, and its bytes or the file where they lie."""

    headers: bytes
    data: bytes | Path

    @property
    def size(self) -> int:
        """Bytes of headers and data."""
        return len(self.headers) + (len(self.data) if isinstance(self.data, bytes) else self.data.stat().st_size)

    def pieces(self) -> Iterator[bytes]:
        """The data, some at a time."""
        if isinstance(self.data, bytes):
            yield self.data
            return
        with self.data.open("rb") as file:
            while piece := file.read(attached.READ_BYTES):
                yield piece


def _headers(kind: str, sha2: str = "") -> bytes:
    lines = [f"Content-Type: {kind}"]
    if sha2:
        lines += ["Content-Transfer-Encoding: binary", f"X-Experience-API-Hash: {sha2}"]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _written(boundary: str, parts: Sequence[_Part]) -> Iterator[bytes]:
    for each in parts:
        yield f"--{boundary}\r\n".encode() + each.headers + END
        yield from each.pieces()
        yield END
    yield f"--{boundary}--\r\n".encode()


def _frame(boundary: str, count: int) -> int:
    """The bytes of an answer that are neither a part's headers nor its data."""
    return count * (len(boundary) + 8) + len(boundary) + 6
