"""Packing answers: which way a browser takes best, and the bytes packed that way.

What is said once in an answer is packed quickly; what is kept (our static files) as small as it gets. The order of
`WAYS` is that of their sizes, as `python -m bench packing` prints them. Over plain HTTP browsers take gzip alone.
"""

import gzip
from collections.abc import Callable
from functools import lru_cache

import brotli
import zstandard
from flask import Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

LEAST_BYTES = 400
"""What is shorter stays as it is: packing would spare less than its header costs."""
WINDOW_BITS = 16
"""How far back Brotli looks, 64 KiB: as long as a page, and a wider window would cost three times the time."""
TEXTS = ("application/javascript", "application/json", "application/xml", "image/svg+xml")
"""What is made of words, besides `text/…`, `…+json` and `…+xml`."""

ACCEPTED_CHARS_MAX = 200

Pack = Callable[[bytes], bytes]

QUICKLY: dict[str, Pack] = {
    "br": lambda body: brotli.compress(body, quality=5, lgwin=WINDOW_BITS),
    "zstd": lambda body: zstandard.ZstdCompressor(level=6).compress(body),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
FOR_KEEPING: dict[str, Pack] = {
    "br": lambda body: brotli.compress(body, quality=11, lgwin=WINDOW_BITS),
    "zstd": lambda body: zstandard.ZstdCompressor(level=19).compress(body),
    "gzip": lambda body: gzip.compress(body, 9, mtime=0),
}
WAYS = tuple(QUICKLY)


def way(offered: Accept) -> str:
    """The way of packing that a browser wants most, ours first where it wants several alike; "" to send it plain."""
    best = max(WAYS, key=lambda each: (offered.quality(each), -WAYS.index(each)))
    wanted = offered.quality(best)
    return best if wanted > 0 and wanted >= offered.quality("identity") else ""


@lru_cache(maxsize=64)
def way_of(accepted: str) -> str:
    """The same from a header as it came; "" for one that is longer than any browser's."""
    return way(parse_accept_header(accepted, Accept)) if len(accepted) <= ACCEPTED_CHARS_MAX else ""


def is_text(kind: str) -> bool:
    """Whether something of this content type gets smaller by packing; pictures, sounds and films are packed already."""
    return kind.startswith("text/") or kind in TEXTS or kind.endswith(("+json", "+xml"))


def pack(response: Response) -> None:
    """Pack an answer for whoever asked, where that makes it smaller.

    A part of a file, a file handed to the server's own sender, and what is packed already go as they are; so does
    what carries a mark (ETag) to change it by, since a packed answer has other bytes and may only be marked as alike.
    """
    headers = response.headers
    if response.direct_passthrough or "Content-Range" in headers or "Content-Encoding" in headers:
        return
    may_change = "ETag" in headers and "immutable" not in headers.get("Cache-Control", "")
    if may_change or not is_text(response.mimetype or "") or len(response.get_data()) < LEAST_BYTES:
        return
    response.vary.add("Accept-Encoding")
    chosen = way(request.accept_encodings)
    if chosen:
        _put_packed(response, chosen)


def _put_packed(response: Response, chosen: str) -> None:
    packed = QUICKLY[chosen](response.get_data())
    if len(packed) >= len(response.get_data()):
        return
    response.set_data(packed)
    response.headers["Content-Encoding"] = chosen
    mark, _ = response.get_etag()
    if mark:
        response.set_etag(mark, weak=True)
