"""Take a `multipart/mixed` request apart as it comes (RFC 2046): a first part with statements, then data.

Bytes are handed on as they were sent, whatever they are; nothing is decoded and no part is held here. What is not
whole, or over a limit, is refused before anything was kept.
"""

from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, Protocol

from hub.errors import StatementTooLarge, StatementWrong

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

READ_BYTES = 64 * 1024
HEADERS_MAX = 16
"""Lines of headers of one part."""
HEADER_BYTES_MAX = 2 * 1024
"""One such line."""
PARTS_MAX = 2_000
"""Parts of one request: a file each for more statements than a request may hold."""
BOUNDARY_CHARS_MAX = 70
"""RFC 2046, 5.1.1."""
_BOUNDARY_SIGNS = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? ")


class Part(Protocol):
    """What takes the bytes of one part as they come."""

    def take(self, piece: bytes) -> None:
        """The next bytes."""

    def end(self) -> None:
        """There are no more."""


Begin = Callable[[int, dict[str, str]], Part]
"""Makes what takes part number so (0 the first) with these headers, their names in small letters."""


def read(stream: IO[bytes], boundary: str, begin: Begin) -> int:
    """Hand on every part of a body and return how many there were.

    Raises StatementWrong when the body is no multipart message that ends as it must, StatementTooLarge when it has
    too many parts, and whatever `begin` and its parts raise.
    """
    from python_multipart import multipart  # noqa: PLC0415 - a hub at rest keeps the room
    from python_multipart.exceptions import FormParserError  # noqa: PLC0415

    check_boundary(boundary)
    reader = _Reader(begin)
    parser = multipart.MultipartParser(
        boundary, reader.callbacks(), max_header_count=HEADERS_MAX, max_header_size=HEADER_BYTES_MAX
    )
    try:
        for piece in _pieces(stream):
            parser.write(piece)
    except FormParserError as mistake:
        raise _broken(mistake) from None
    if not reader.has_ended:
        raise _broken("its last boundary is missing")
    return reader.count


def check_boundary(boundary: str) -> None:
    """Raise StatementWrong unless this can part a message."""
    fits = 1 <= len(boundary) <= BOUNDARY_CHARS_MAX and set(boundary) <= _BOUNDARY_SIGNS
    if not fits or boundary.endswith(" "):
        raise StatementWrong("Content-Type: multipart/mixed must name a boundary of 1 to 70 signs; nothing was kept.")


class _Reader:
    """Listens to the parser and keeps the place in the message."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._headers: dict[str, str] = {}
        self._name = self._value = b""
        self._part: Part | None = None
        self.count = 0
        self.has_ended = False

    def callbacks(self) -> "MultipartCallbacks":
        """What the parser calls, by its own names."""
        return {
            "on_part_begin": self._part_begins,
            "on_header_begin": self._header_begins,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_part_end": self._part_ends,
            "on_end": self._message_ends,
        }

    def _part_begins(self) -> None:
        if self.count == PARTS_MAX:
            raise StatementTooLarge(f"A request may have {PARTS_MAX} parts; nothing of it was kept.")
        self._headers = {}

    def _header_begins(self) -> None:
        self._name = self._value = b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        name = self._name.decode("latin-1").lower()
        if name in self._headers:
            raise _broken(f"the header {name} stands twice in one part")
        self._headers[name] = self._value.decode("latin-1").strip()

    def _headers_end(self) -> None:
        self._part = self._begin(self.count, self._headers)
        self.count += 1

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._part is not None:
            self._part.take(data[start:end])

    def _part_ends(self) -> None:
        if self._part is not None:
            self._part.end()
        self._part = None

    def _message_ends(self) -> None:
        self.has_ended = True


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(READ_BYTES):
        yield piece


def _broken(why: object) -> StatementWrong:
    return StatementWrong(f"The request is no whole multipart message ({why}); nothing was kept. Send it again.")
