"""Files of packages over HTTP: addresses that carry the hash, ranges, and answers that cost no thread.

For other pages: `media_address` is where our own pages find a picture, sound, film, captions or PDF of a package;
`frame_address` is where a page from elsewhere runs, on its own origin. Pictures made lighter are in `pictures`; what a
whole item needs to be played (captions, chapters, the frame) is in `players`.

A long file is opened, put at the start of the range and handed to the server's own sender, which gives the thread
back at once: ninety slow films leave every page as quick as before.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote

from flask import Response, abort, request
from werkzeug.http import parse_etags
from werkzeug.wsgi import wrap_file

from content import packed
from content.package import Manifest
from hub import seeing
from hub.node import Node
from hub.web import origins, packing
from hub.web.here import node as here

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

SMALL_BYTES = 256 * 1024
"""Files up to this are read whole: quicker than handing them over, and most pictures are."""
PIECE_BYTES = 256 * 1024
KEPT = "private, max-age=31536000, immutable"
"""An address carries the hash, so what it holds never changes; it is the reader's copy, not a proxy's."""
KEPT_PAGE = "private, max-age=86400, immutable"
"""A page holds a script of ours and is shut in by its headers: after a day both are those of the program that runs."""

KINDS = {
    **{"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"},
    **{"avif": "image/avif", "svg": "image/svg+xml", "ico": "image/x-icon"},
    **{"mp3": "audio/mpeg", "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg", "m4a": "audio/mp4"},
    **{"wav": "audio/wav", "weba": "audio/webm", "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm"},
    **{"mkv": "video/x-matroska", "mov": "video/quicktime", "3gp": "video/3gpp", "aac": "audio/aac"},
    **{"vtt": "text/vtt; charset=utf-8", "pdf": "application/pdf", "txt": "text/plain; charset=utf-8"},
}
"""Ending to content type: what our own pages show. Nothing here can run a script in our name."""
RUN_KINDS = {
    **{"html": "text/html; charset=utf-8", "htm": "text/html; charset=utf-8", "xhtml": "application/xhtml+xml"},
    **{"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "wasm": "application/wasm"},
    **{"mjs": "text/javascript; charset=utf-8", "json": "application/json", "xml": "application/xml"},
    **{"woff": "font/woff", "woff2": "font/woff2", "ttf": "font/ttf", "otf": "font/otf", "csv": "text/csv"},
}
"""What more the packages' own origin serves."""
ITEM_KINDS = {"video": "video/mp4", "audio": "audio/mpeg", "pdf": "application/pdf", "zim": "application/x-zim"}
"""What an item is sent as whose name has no ending that is known: the library looked into it when it came."""
STILL = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""The policy of a drawing (SVG) that is opened by itself: it may be looked at, and nothing else."""

NOTHING = {"Content-Length": "0"}

_RANGE = re.compile(r"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Blob:
    """One file to send: how it is opened, its size, what names its content, and the content type it is sent as.

    It may lie in another one, from byte `start` on. `kept` is how long browsers keep it; no script runs in a page that
    `is_still`.
    """

    open: Callable[[], BinaryIO]
    size: int
    mark: str
    kind: str
    start: int = 0
    kept: str = KEPT
    is_still: bool = False


@dataclass(frozen=True)
class Span:
    """A stretch of bytes: the first one, and how many."""

    start: int
    length: int


@dataclass(frozen=True)
class Told:
    """What is answered: the status, the headers, and which bytes of the file follow, None for none."""

    status: int
    headers: dict[str, str]
    span: Span | None


def media_address(manifest: Manifest, path: str) -> str:
    """Where our own pages find one file of a package; `path` must be among its files."""
    return f"/library/{manifest.id}/files/{manifest.files[path].sha256}/{quote(path)}"


def frame_address(manifest: Manifest, path: str, *, mark: str = "") -> str:
    """Where a page of a package runs: on the packages' origin. `mark` goes behind that of the package."""
    return f"{origins.content()}/{manifest.id}/{seeing.mark(here(), manifest)}{mark}/{quote(path)}"


def blob(node: Node, manifest: Manifest, path: str, kinds: dict[str, str]) -> Blob:
    """The file of a package at `path`, when its ending is among `kinds`; otherwise the answer is 404."""
    found = blob_of(node, manifest, path, kinds)
    if found is None:
        abort(404)
    return found


def blob_of(node: Node, manifest: Manifest, path: str, kinds: dict[str, str]) -> Blob | None:
    """The file of a package at `path`; None when it has none, or none whose ending is among `kinds`."""
    entry = manifest.files.get(path)
    kind = kind_of(manifest, path, kinds) if entry else ""
    if entry is None or not kind:
        return None
    sha256 = entry.sha256
    return Blob(lambda: node.shelf.blob_path(sha256).open("rb", buffering=0), entry.size, sha256, kind)


def kind_of(manifest: Manifest, path: str, kinds: dict[str, str]) -> str:
    """The content type of a path by its ending, else by the item that it is; "" when neither tells."""
    by_ending = kinds.get(path.rpartition(".")[2].lower(), "")
    return by_ending or next((ITEM_KINDS.get(item.kind, "") for item in manifest.items if item.path == path), "")


def kept_kind(manifest: Manifest) -> str:
    """The content type of a package as one file to keep."""
    path = packed.single(manifest)
    return kind_of(manifest, path, KINDS) if path else packed.media_type(manifest)


def send(found: Blob) -> Response:
    """Answer with a file, or the one range of it that was asked for."""
    told = tell(found, request.environ)
    try:
        body = content(found, told.span, request.environ) if told.span else None
    except OSError:
        # The manifest has it and the disk does not: a fault of ours, which `mangrove content verify` names.
        abort(500)
    return Response(
        body, status=told.status, headers=told.headers, direct_passthrough=not isinstance(body, bytes | None)
    )


def tell(found: Blob, environ: "WSGIEnvironment") -> Told:
    """What is answered to whoever asks for a file, or for one range of it (RFC 9110, 13 and 14)."""
    headers = {"ETag": f'"{found.mark}"', "Accept-Ranges": "bytes", "Cache-Control": found.kept}
    if packing.is_text(found.kind.partition(";")[0]):
        # Said in every answer, also where nothing is packed: caches between go by it.
        headers["Vary"] = "Accept-Encoding"
    if "HTTP_IF_MATCH" in environ and not parse_etags(environ["HTTP_IF_MATCH"]).contains(found.mark):
        return Told(412, headers | NOTHING, None)
    if "HTTP_IF_NONE_MATCH" in environ and parse_etags(environ["HTTP_IF_NONE_MATCH"]).contains_weak(found.mark):
        return Told(304, headers, None)
    span, status = _asked(found, environ), 206
    if span is None:
        span, status = Span(0, found.size), 200
    elif not span.length:
        return Told(416, headers | NOTHING | {"Content-Range": f"bytes */{found.size}"}, None)
    else:
        headers["Content-Range"] = f"bytes {span.start}-{span.start + span.length - 1}/{found.size}"
    headers |= {"Content-Length": str(span.length), "Content-Type": found.kind}
    return Told(status, headers, None if environ["REQUEST_METHOD"] == "HEAD" else span)


def content(found: Blob, span: Span, environ: "WSGIEnvironment") -> bytes | Iterable[bytes]:
    """The bytes of a span, read when they are few, else the file for the server's own sender. Raises OSError."""
    file = found.open()
    file.seek(found.start + span.start)
    if span.length > SMALL_BYTES:
        return wrap_file(environ, file) if "wsgi.file_wrapper" in environ else _pieces(file, span.length)
    with file:
        return file.read(span.length)


def _asked(found: Blob, environ: "WSGIEnvironment") -> Span | None:
    """The range asked for, of length 0 when it lies outside; None for the whole file.

    A range under a condition that does not hold, more than one range, and nonsense all mean the whole file; so does one
    of which the head alone is asked, for which RFC 9110 knows no ranges.
    """
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_RANGE" not in environ:
        return None
    match = _RANGE.fullmatch(environ["HTTP_RANGE"])
    condition = environ.get("HTTP_IF_RANGE", "")
    if match is None or match.groups() == ("", "") or condition not in ("", f'"{found.mark}"'):
        return None
    first, last = match.groups()
    if not first:
        length = min(int(last), found.size)
        return Span(found.size - length, length)
    start, end = int(first), min(int(last or found.size), found.size - 1)
    if last and int(last) < start:
        return None
    return Span(start, max(0, end - start + 1))


def _pieces(file: BinaryIO, left: int) -> Iterator[bytes]:
    """The same for a server without a sender of its own, which would not stop at the end of the range."""
    with file:
        while piece := file.read(min(PIECE_BYTES, left)):
            left -= len(piece)
            yield piece
