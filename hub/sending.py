"""How waitress sends files: the system hands them over itself (`sendfile`), so that no film passes through Python.

waitress reads a piece of a file, sends what the line takes of it, and reads the rest anew. Here a piece is only named,
and the socket asks the system for it. What is no file of the system's (bytes in memory) goes as it always did.

A request that is too large is refused by its head, before its body is read. Where pages are, the application says so.
"""

import os
import socket
from io import BytesIO
from typing import Any, NamedTuple

from waitress.buffers import OverflowableBuffer, ReadOnlyFileBasedBuffer
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import RequestEntityTooLarge

from hub.web.forms import UNREAD


class Piece(NamedTuple):
    """A stretch of an open file: from which byte on, and how many."""

    file: int
    start: int
    length: int


class FilePart(ReadOnlyFileBasedBuffer):  # type: ignore[misc]
    """What `wsgi.file_wrapper` makes of a file: it begins where the file stands and ends with Content-Length."""

    def prepare(self, size: int | None = None) -> int:
        """How many bytes will be sent; the file must stand still from now on."""
        try:
            self._number, self._at = self.file.fileno(), self.file.tell()
        except OSError:
            self._number = self._at = -1
        if size is None or self._number < 0:
            return int(super().prepare(size))
        self.remain = size
        return size

    def get(self, numbytes: int = -1, skip: bool = False) -> Any:  # noqa: FBT001, FBT002 - as waitress calls it
        """All that is left, by name; the line takes of it what it can."""
        if self._number < 0:
            return super().get(numbytes, skip)
        return Piece(self._number, self._at, self.remain)

    def skip(self, numbytes: int, allow_prune: int = 0) -> None:
        """So many bytes were sent."""
        if self._number < 0:
            super().skip(numbytes, allow_prune)
        else:
            self._at, self.remain = self._at + numbytes, self.remain - numbytes


class Line(socket.socket):
    """A connection over which pieces of files can be sent as well as bytes."""

    def send(self, data: Any, *flags: int) -> int:
        """Send some of it; returns how many bytes. Raises OSError, also where a file is shorter than it was."""
        if not isinstance(data, Piece):
            return super().send(data, *flags)
        sent = os.sendfile(self.fileno(), data.file, data.start, data.length)
        if not sent:
            raise OSError
        return sent


class Task(WSGITask):  # type: ignore[misc]
    """One request, whose answer may be a file."""

    def get_environment(self) -> dict[str, Any]:
        """What the application is told."""
        environ: dict[str, Any] = super().get_environment()
        environ["wsgi.file_wrapper"] = FilePart
        return environ


class TooLarge(Task):
    """A request whose body was not read: the application is told so, answers, and the line is closed."""

    def get_environment(self) -> dict[str, Any]:
        """What the application is told: nothing of the body, and a length that it refuses by itself as well."""
        environ = super().get_environment()
        least = self.channel.server.adj.max_request_body_size + 1
        length = max(least, int(environ.get("CONTENT_LENGTH") or 0))
        return environ | {UNREAD: True, "CONTENT_LENGTH": str(length), "wsgi.input": BytesIO()}

    def execute(self) -> None:
        """Let the application answer."""
        self.set_close_on_finish()
        super().execute()


class Channel(HTTPChannel):  # type: ignore[misc]
    """A client."""

    task_class = Task

    def __init__(self, server: Any, sock: socket.socket, *more: Any, **named: Any) -> None:
        """Take a connection over."""
        super().__init__(server, Line(sock.family, sock.type, sock.proto, sock.detach()), *more, **named)

    def write_soon(self, data: Any) -> int:
        """Take what is to be sent; a file is left to the loop. Raises ClientDisconnected.

        While a thread sent it, the loop would wake, find the connection taken and try again, and each would take the
        processor from the other.
        """
        if not isinstance(data, FilePart):
            return int(super().write_soon(data))
        with self.outbuf_lock:
            if not self.connected:
                raise ClientDisconnected
            self.outbufs += [data, OverflowableBuffer(self.adj.outbuf_overflow)]
            self.current_outbuf_count = 0
            self.total_outbufs_len += len(data)
        return len(data)


class PagesChannel(Channel):
    """A client of the pages: what is too large is refused by a page of ours, where waitress would say a word of its
    own in English."""

    @staticmethod
    def error_task_class(channel: "PagesChannel", request: Any) -> Any:
        """What answers a request that waitress could not read."""
        task = TooLarge if isinstance(request.error, RequestEntityTooLarge) else ErrorTask
        return task(channel, request)
