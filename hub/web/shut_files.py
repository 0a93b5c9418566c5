"""Which files are given on the packages' own origin, and how they are shut in: as `content_origin` has it."""

from typing import TYPE_CHECKING

from flask import Flask

from content.package import Manifest
from hub.node import Node
from hub.web.content_origin import SHUT, find, shut
from hub.web.file_door import Found, Headers

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

POLICIES_MAX = 64
HOST_CHARS_MAX = 255
"""A name in the Domain Name System has no more."""


class ShutFiles:
    """Finds files for a `FileDoor`."""

    def __init__(self, app: Flask, node: Node) -> None:
        """`app` is the origin's application, in which its policy is asked."""
        self._app, self._node = app, node
        self._known: dict[tuple[frozenset[str], str, str, bool], Headers] = {}

    def __call__(self, environ: "WSGIEnvironment", path: str) -> Found | None:
        """The file at a path of this origin; None for what is no file."""
        parts = path.split("/", 3)
        found = find(self._node, *parts[1:]) if len(parts) == 4 else None  # noqa: PLR2004 - "", and three parts
        if found is None:
            return None
        manifest, blob = found
        return Found(blob, self._shut_in(manifest, environ, is_still=blob.is_still))

    def _shut_in(self, manifest: Manifest, environ: "WSGIEnvironment", *, is_still: bool) -> Headers:
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
