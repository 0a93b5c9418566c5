"""Files of packages on their own origin, ahead of everything that a framework does for a request.

A page from elsewhere is many small files. Whether there is one at an address is asked each time, where the origin
decides it (`content_origin.find`), and so are ranges and conditions (`files.tell`): nothing is decided here, and what
is not found goes to the application behind, which says so. Only bytes are remembered, under their hash, so that there
is nothing to forget when a package changes, goes, or is shown to fewer.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from flask import Flask

from content.limits import MIB
from content.package import Manifest
from hub.node import Node
from hub.web import packing
from hub.web.content_origin import SHUT, find, shut
from hub.web.files import SMALL_BYTES, Blob, Told, content, tell
from hub.web.warm import Warm

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

KEPT_BYTES_MAX = 8 * MIB
KEPT_ONE_MAX = SMALL_BYTES // 2
KEPT_MAX = 2_000
"""Files that one process remembers; the smallest take more room for their names than for themselves."""
POLICIES_MAX = 64
HOST_CHARS_MAX = 255
"""A name in the Domain Name System has no more."""
STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Bytes(NamedTuple):
    """A whole file as it is sent; `way` is how it is packed, "" for plain."""

    body: bytes
    way: str


class FileDoor:
    """Answers what is asked of files; all else goes to the application behind it."""

    def __init__(self, app: Flask, node: Node) -> None:
        self._app, self._behind, self._node = app, app.wsgi_app, node
        self._kept = Warm[tuple[str, str], Bytes](bytes_max=KEPT_BYTES_MAX, one_max=KEPT_ONE_MAX, count_max=KEPT_MAX)
        self._known: dict[tuple[frozenset[str], str, str, bool], dict[str, str]] = {}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        found = self._found(environ)
        answer = self._answer(*found, environ) if found else self._behind
        return answer(environ, start_response)

    def _found(self, environ: "WSGIEnvironment") -> tuple[Manifest, Blob] | None:
        """The file that is asked for; None for what is no file."""
        parts = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace").split("/", 3)
        if len(parts) < 4 or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):  # noqa: PLR2004 - "", and three parts
            return None
        return find(self._node, *parts[1:])

    def _answer(self, manifest: Manifest, blob: Blob, environ: "WSGIEnvironment") -> "WSGIApplication":
        told = tell(blob, environ)
        headers = {**told.headers, **self._shut_in(manifest, environ, is_still=blob.is_still)}
        try:
            body = self._body(blob, told, headers, environ)
        except OSError:
            return self._behind

        def answer(_environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            start_response(STATUS[told.status], list(headers.items()))
            return body

        return answer

    def _body(self, blob: Blob, told: Told, headers: dict[str, str], environ: "WSGIEnvironment") -> Iterable[bytes]:
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

    def _shut_in(self, manifest: Manifest, environ: "WSGIEnvironment", *, is_still: bool) -> dict[str, str]:
        """The policies hang on what a package holds and how the browser calls this machine."""
        host = environ.get("HTTP_HOST", "")
        key = manifest.kinds, host, environ["wsgi.url_scheme"], is_still
        known = self._known.get(key)
        if known is None:
            with self._app.request_context(environ):
                known = {**SHUT, **shut(manifest, still=is_still)}
            if len(self._known) >= POLICIES_MAX:
                self._known.clear()
            if len(host) <= HOST_CHARS_MAX:
                self._known[key] = known
        return known


def _read(blob: Blob, told: Told, way: str, environ: "WSGIEnvironment") -> Bytes:
    """A whole file from the disk, packed where that makes it smaller."""
    assert told.span is not None
    body = content(blob, told.span, environ)
    assert isinstance(body, bytes), "small files are read whole"
    packed = packing.QUICKLY[way](body) if way else body
    return Bytes(packed, way) if len(packed) < len(body) else Bytes(body, "")
