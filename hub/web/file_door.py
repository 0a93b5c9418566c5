"""Files of packages, ahead of everything that a framework does for a request.

Whether there is a file at an address that may be given is asked each time, of whoever decides it (`shut_files` on the
packages' origin, `open_files` on that of the pages), and so are ranges and conditions (`files.tell`): nothing is
decided here, and what is not found goes to the application behind. Only bytes are remembered, under their hash, so that
there is nothing to forget when a package changes, goes, or is shown to fewer.
"""

import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from content.limits import MIB
from hub.web import packing
from hub.web.files import SMALL_BYTES, Blob, Told, content, tell
from hub.web.warm import Warm

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

KEPT_BYTES_MAX = 8 * MIB
KEPT_ONE_MAX = SMALL_BYTES // 2
KEPT_MAX = 2_000
"""Files that one door remembers; the smallest take more room for their names than for themselves."""
STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}

Headers = dict[str, str]
Count = Callable[[str, int, float], None]
"""Told of each answer: method, status, seconds."""


class Found(NamedTuple):
    """A file that may be given, and the headers that go with it there."""

    blob: Blob
    headers: Headers


class Bytes(NamedTuple):
    """A whole file as it is sent; `way` is how it is packed, "" for plain."""

    body: bytes
    way: str


class FileDoor:
    """Answers what is asked of files; all else goes to the application behind it."""

    def __init__(
        self,
        behind: "WSGIApplication",
        find: "Callable[[WSGIEnvironment, str], Found | None]",
        count: Count = lambda _method, _status, _seconds: None,
    ) -> None:
        """`find` is handed a request and its path, and says which file may be given; None for none."""
        self._behind, self._find, self._count = behind, find, count
        self._kept = Warm[tuple[str, str], Bytes](bytes_max=KEPT_BYTES_MAX, one_max=KEPT_ONE_MAX, count_max=KEPT_MAX)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        came_s, method = time.perf_counter(), environ["REQUEST_METHOD"]
        path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
        found = self._find(environ, path) if method in ("GET", "HEAD") else None
        if found is None:
            return self._behind(environ, start_response)
        told = tell(found.blob, environ)
        headers = {**told.headers, **found.headers}
        if "Vary" in told.headers and "Vary" in found.headers:
            headers["Vary"] = f"{told.headers['Vary']}, {found.headers['Vary']}"
        try:
            body = self._body(found.blob, told, headers, environ)
        except OSError:
            return self._behind(environ, start_response)
        start_response(STATUS[told.status], list(headers.items()))
        self._count(method, told.status, time.perf_counter() - came_s)
        return body

    def _body(self, blob: Blob, told: Told, headers: Headers, environ: "WSGIEnvironment") -> Iterable[bytes]:
        """What follows the headers; a packed one has others. Raises OSError when the disk does not have it."""
        if told.span is None:
            return []
        if told.status != HTTPStatus.OK or blob.size > SMALL_BYTES:
            body = content(blob, told.span, environ)
            return [body] if isinstance(body, bytes) else body
        whole = self._whole(blob, told, environ)
        if whole.way:
            headers |= {"Content-Encoding": whole.way, "Content-Length": str(len(whole.body))}
            headers["ETag"] = f"W/{headers['ETag']}"
        return [whole.body]

    def _whole(self, blob: Blob, told: Told, environ: "WSGIEnvironment") -> Bytes:
        """A small file as this browser takes it, from memory when it was asked for lately."""
        is_worth_it = "Vary" in told.headers and blob.size >= packing.LEAST_BYTES
        way = packing.way_of(environ.get("HTTP_ACCEPT_ENCODING", "")) if is_worth_it else ""
        known = self._kept.get((blob.mark, way))
        if known is None:
            known = _read(blob, told, way, environ)
            self._kept.put((blob.mark, way), known, size_bytes=len(known.body))
        return known


def _read(blob: Blob, told: Told, way: str, environ: "WSGIEnvironment") -> Bytes:
    """A whole file from the disk, packed where that makes it smaller."""
    assert told.span is not None
    body = content(blob, told.span, environ)
    assert isinstance(body, bytes), "small files are read whole"
    packed = packing.QUICKLY[way](body) if way else body
    return Bytes(packed, way) if len(packed) < len(body) else Bytes(body, "")
