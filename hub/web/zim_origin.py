"""Pages of ZIM files on the packages' own origin, ahead of everything that a framework does for a request.

A page of an encyclopaedia is small and there are many, so that what is done for each of them counts. Those that were
asked for lately are kept packed, as browsers take them. Films and sounds inside a ZIM file lie there as they are and
are handed to the server's own sender; ranges and the head alone go the same way.
"""

import gzip
import io
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from gettext import translation
from html import escape
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import quote

from babel import Locale, negotiate_locale
from flask import Flask
from werkzeug.datastructures import Accept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header

from content.errors import N_, ContentError
from content.limits import MIB
from content.zim import Page, Turn
from hub import seeing, zims
from hub.node import Node
from hub.web import forewords, packing
from hub.web.files import KEPT, KEPT_PAGE, SMALL_BYTES, Blob, send
from hub.web.tongues import ENGLISH, TRANSLATIONS

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

KEPT_PART = 2
"""Which part of the memory for ZIM files is for pages packed as browsers take them, some thousands; the other is for
what they are unpacked from (`hub.node`)."""
KEPT_ONE_MAX = 1 * MIB
WHOLE_BYTES_MAX = 64 * MIB
"""What is packed inside a ZIM file is unpacked whole to be sent; films never are packed."""
PACKED_LEVEL = 4
POLICIES_MAX = 64
HTML = "text/html"
MISSING = N_("This page is not in the encyclopaedia.")
BROKEN = N_("This page cannot be read any more. All others are as they were.")
BEGINNING = N_("Go to its beginning")

_KIND = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,80}(;[\w =.\"+-]{1,80})?", re.ASCII)
_FROM_TOP = re.compile(rb"""(\s(?:href|src|poster|action|data)\s*=\s*["']?)/(?!/)""", re.IGNORECASE)
_STYLE_FROM_TOP = re.compile(rb"""(url\(\s*["']?)/(?!/)""", re.IGNORECASE)
_TOLD = '<script>parent===self||parent.postMessage({mangrovePage:%d},"*")</script>'
"""At the end of each page, so that the learner's own page knows which one is open; it tells a number and no more."""

Headers = list[tuple[str, str]]
Policies = Callable[..., dict[str, str]]
"""What gives the policies of an answer out of a package; `still` for one in which no script runs."""


@dataclass(frozen=True)
class Answer:
    """A small answer: its headers and its bytes, packed with gzip when `is_packed`; `is_still` when no script runs."""

    headers: Headers
    mark: str
    body: bytes
    is_packed: bool
    is_still: bool


@dataclass(frozen=True)
class Place:
    """What an address of a ZIM file's page names; `top` is the address of its beginning."""

    which: zims.Shelved
    path: str
    top: str


class ZimFront:
    """Answers what is asked of ZIM files; all else goes to the application behind it."""

    def __init__(self, app: Flask, node: Node, shut: dict[str, str], policies: Policies) -> None:
        self._app, self._behind, self._node = app, app.wsgi_app, node
        self._shut, self._policies = shut, policies
        self._known: dict[tuple[str, str, str, bool], dict[str, str]] = {}
        self._kept, self._bytes, self._lock = OrderedDict[tuple[str, str], Answer](), 0, Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        place = self._place(environ)
        if place is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._behind(environ, start_response)
        try:
            return self._found(place, environ)(environ, start_response)
        except ContentError:
            return self._sorry(place, environ, BROKEN, "500 Internal Server Error")(environ, start_response)
        except HTTPException:
            return self._behind(environ, start_response)

    def _place(self, environ: "WSGIEnvironment") -> Place | None:
        parts = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace").split("/", 3)
        if len(parts) < 4 or ".zim/" not in parts[3]:  # noqa: PLR2004 - "", package, digest, and the path inside
            return None
        _, package, digest, rest = parts
        standing = self._node.shelf.standing(package)
        manifest = seeing.marked(self._node, standing, digest) if standing else None
        if manifest is None:
            return None
        for which in zims.of(manifest):
            if rest.startswith(f"{which.item.path}/"):
                top = f"/{package}/{digest}/{quote(which.item.path)}/"
                return Place(which, rest[len(which.item.path) + 1 :], top)
        return None

    def _found(self, place: Place, environ: "WSGIEnvironment") -> "WSGIApplication":
        """What answers: from memory, or from the file."""
        is_plain = environ["REQUEST_METHOD"] == "GET" and "HTTP_RANGE" not in environ
        key = (place.which.manifest.id, place.top + place.path)
        known = self._recall(key) if is_plain else None
        if known is None:
            page = self._page(place, environ)
            if page is None:
                return self._sorry(place, environ, MISSING, "404 Not Found")
            if isinstance(page, Turn):
                where = place.top + quote(page.path)
                return self._said("302 Found", [("Location", where), ("Cache-Control", KEPT)], b"", place, environ)
            if not is_plain or page.size > SMALL_BYTES:
                return self._handed(page, place, environ)
            known = self._keep(key, _answer(page, place))
        return self._sent(known, place, environ)

    def _page(self, place: Place, environ: "WSGIEnvironment") -> Page | Turn | None:
        """What lies at a path; some pages were named with the question that their address has."""
        zim = zims.opened(self._node, place.which)
        if not place.path:
            return Turn(zim.main)
        found, asked = zim.page(place.path), environ.get("QUERY_STRING", "")
        return found or (zim.page(f"{place.path}?{asked}") if asked else None)

    def _sent(self, answer: Answer, place: Place, environ: "WSGIEnvironment") -> "WSGIApplication":
        """From memory, packed for whoever takes that."""
        headers, body = list(answer.headers), answer.body
        takes = _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        mark = f'W/"{answer.mark}"' if answer.is_packed and takes else f'"{answer.mark}"'
        headers.append(("ETag", mark))
        if f'"{answer.mark}"' in environ.get("HTTP_IF_NONE_MATCH", ""):
            return self._said("304 Not Modified", headers, b"", place, environ, is_still=answer.is_still)
        if answer.is_packed and takes:
            headers.append(("Content-Encoding", "gzip"))
        elif answer.is_packed:
            body = gzip.decompress(body)
        return self._said("200 OK", headers, body, place, environ, is_still=answer.is_still)

    def _handed(self, page: Page, place: Place, environ: "WSGIEnvironment") -> "WSGIApplication":
        """A long answer, a part of one, or its head alone."""
        is_whole = page.start < 0 or page.size <= SMALL_BYTES or forewords.is_page(_kind(page))
        answer = _answer(page, place) if is_whole else None
        if answer is not None:
            body = gzip.decompress(answer.body) if answer.is_packed else answer.body
            kept = dict(answer.headers)["Cache-Control"]
            blob = Blob(lambda: io.BytesIO(body), len(body), answer.mark, _kind(page), kept=kept)
        else:
            file = self._node.shelf.blob_path(place.which.sha256)
            blob = Blob(lambda: file.open("rb"), page.size, _mark(page, place), _kind(page), page.start)
        with self._app.request_context(environ):
            response = send(blob)
        response.headers.update(self._shut_in(place, environ, is_still=answer is not None and answer.is_still))
        return response

    def _sorry(self, place: Place, environ: "WSGIEnvironment", said: str, status: str) -> "WSGIApplication":
        """A calm sentence inside the frame, in a language that the browser asks for."""
        language = _language(environ.get("HTTP_ACCEPT_LANGUAGE", "")[:200])
        speak, way = _speaker(language), Locale.parse(language).text_direction
        page = (
            f'<!doctype html><html lang="{language}" dir="{way}"><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{escape(speak(said))}</title>'
            "<style>body{font:1.1rem/1.5 sans-serif;margin:2rem;max-width:30rem}</style>"
            f"<main><p>{escape(speak(said))}</p>"
            f'<p><a href="{escape(place.top)}">{escape(speak(BEGINNING))}</a></p></main></html>'
        )
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
        return self._said(status, headers, page.encode(), place, environ)

    def _said(
        self,
        status: str,
        headers: Headers,
        body: bytes,
        place: Place,
        environ: "WSGIEnvironment",
        *,
        is_still: bool = False,
    ) -> "WSGIApplication":
        shut = self._shut_in(place, environ, is_still=is_still).items()
        told = [*headers, *shut] if status.startswith("304") else [*headers, *shut, ("Content-Length", str(len(body)))]
        is_head = environ["REQUEST_METHOD"] == "HEAD"

        def answer(_environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            start_response(status, told)
            return [] if is_head else [body]

        return answer

    def _shut_in(self, place: Place, environ: "WSGIEnvironment", *, is_still: bool) -> dict[str, str]:
        """The policies hang on how the browser calls this machine, and on nothing else."""
        key = (place.which.manifest.id, environ.get("HTTP_HOST", ""), environ["wsgi.url_scheme"], is_still)
        known = self._known.get(key)
        if known is None:
            with self._app.request_context(environ):
                known = {**self._shut, **self._policies(place.which.manifest, still=is_still)}
            if len(self._known) >= POLICIES_MAX:
                self._known.clear()
            self._known[key] = known
        return known

    def _recall(self, key: tuple[str, str]) -> Answer | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _keep(self, key: tuple[str, str], answer: Answer) -> Answer:
        with self._lock:
            if key not in self._kept and len(answer.body) <= KEPT_ONE_MAX:
                self._kept[key] = answer
                self._bytes += len(answer.body)
            while self._bytes > self._node.settings.zim_memory // KEPT_PART:
                self._bytes -= len(self._kept.popitem(last=False)[1].body)
        return answer


def _answer(page: Page, place: Place) -> Answer:
    """A page as it is sent: what it calls from the top of its old site lies below its own beginning, and our script
    stands first in it."""
    if page.size > WHOLE_BYTES_MAX:
        raise ContentError
    body, kind = bytes(page.read()), _kind(page)
    top = place.top.encode()
    if kind.startswith((HTML, "application/xhtml+xml")):
        body = _FROM_TOP.sub(lambda found: found[1] + top, body)
    first = forewords.foreword(body, kind) if (is_page := forewords.is_page(kind)) else None
    if first is not None:
        body = first.into(body)
    if kind.startswith(HTML):
        body += (_TOLD % (page.number + 1)).encode()
    elif kind.startswith("text/css"):
        body = _STYLE_FROM_TOP.sub(lambda found: found[1] + top, body)
    is_text = packing.is_text(kind.partition(";")[0])
    is_packed = is_text and len(body) >= packing.LEAST_BYTES
    headers = [("Content-Type", kind), ("Cache-Control", KEPT_PAGE if is_page else KEPT), ("Accept-Ranges", "bytes")]
    headers += [("Vary", "Accept-Encoding")] if is_text else []
    sent = gzip.compress(body, PACKED_LEVEL, mtime=0) if is_packed else body
    return Answer(headers, _mark(page, place), sent, is_packed, is_still=is_page and first is None)


def _mark(page: Page, place: Place) -> str:
    changes = f"-{forewords.version()}" if forewords.is_page(_kind(page)) else ""
    return f"{place.which.manifest.digest[: seeing.MARK_CHARS]}-{page.number}{changes}"


def _kind(page: Page) -> str:
    """The content type that a ZIM file tells, when it is one; texts are in UTF-8."""
    kind = page.kind if _KIND.fullmatch(page.kind) else "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") and "charset" not in kind else kind


@lru_cache(maxsize=64)
def _takes_gzip(accepted: str) -> bool:
    return parse_accept_header(accepted, Accept).quality("gzip") > 0


@lru_cache(maxsize=16)
def _speaker(language: str) -> Callable[[str], str]:
    return translation("messages", TRANSLATIONS, [language], fallback=True).gettext


@lru_cache(maxsize=64)
def _language(accepted: str) -> str:
    """The first language a browser asks for that the hub speaks."""
    asked = [each.partition(";")[0].strip() for each in accepted.split(",")]
    spoken = [ENGLISH, *(path.name for path in TRANSLATIONS.iterdir() if path.is_dir())]
    return negotiate_locale(asked, spoken, sep="-") or ENGLISH
