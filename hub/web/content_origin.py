"""The packages' own origin: a second port, where pages from elsewhere run shut in.

Every answer carries a sandbox without an origin, so that a script here has no cookies, no storage and no way to read
or post to the hub's pages, even when it is opened by itself. Nothing here looks at a cookie or sets one, and every
address names the package's digest, so that a page never changes under a reader.
"""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, current_app
from werkzeug.exceptions import HTTPException

from content.package import Manifest
from hub import seeing
from hub.node import Node
from hub.web import booklooks, forewords, origins, packing
from hub.web.files import KEPT_PAGE, KINDS, RUN_KINDS, Blob, blob_of, send
from hub.web.forewords import Foreword

blueprint = Blueprint("content_origin", __name__)

SERVED = {**KINDS, **RUN_KINDS}
SANDBOX = "allow-scripts allow-forms allow-pointer-lock"
MODALS = "allow-modals"
"""Activities ask "Hand it in?" in the browser's own window, and take no answer for a no; encyclopaedias ask nothing."""
DENIED = (
    *("camera", "microphone", "geolocation", "display-capture", "usb", "serial", "midi", "payment", "hid"),
    *("bluetooth", "clipboard-read", "publickey-credentials-get", "storage-access", "local-fonts", "idle-detection"),
    *("accelerometer", "gyroscope", "magnetometer", "xr-spatial-tracking", "window-management"),
)
RUN = ("html5", "scorm", "h5p", "cmi5", "tincan")
"""Kinds of items whose scripts run."""
FOREWORDS_MAX = 4_000
"""Pages of which it is remembered where our script stands in them."""
SENTENCE = "There is nothing here. Open it again from the library; nothing was changed."

ALONE = "(response-origin); webrtc=block; redirects=allow"
"""Nowhere but home. Turns of ours lead home or to the door's own answers, so that they may be followed."""
SHUT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-DNS-Prefetch-Control": "off",
    "Permissions-Policy": ", ".join(f"{each}=()" for each in DENIED),
    # A sandboxed page has no origin of its own, so that even its own files are foreign to it.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""What every answer of this origin carries, besides its policy."""


@blueprint.get("/<package>/<digest>/<path:path>")
def show(package: str, digest: str, path: str) -> Response:
    """One file of a package, shut in."""
    found = find(current_app.extensions["node"], package, digest, path)
    if found is None:
        abort(404)
    manifest, blob = found
    answer = send(blob)
    answer.headers.update(shut(manifest, still=blob.is_still))
    return answer


def find(node: Node, package: str, digest: str, path: str) -> tuple[Manifest, Blob] | None:
    """The file at an address of this origin, with its package as the mark in the address shows it; None for nothing.
    A book's page wears the look that stands behind the mark."""
    standing = node.shelf.standing(package)
    digest, _sign, look = digest.partition(booklooks.SIGN)
    manifest = seeing.marked(node, standing, digest) if standing else None
    blob = blob_of(node, manifest, path, SERVED) if manifest else None
    if manifest is None or blob is None:
        return None
    page = _as_page(node, blob) if runs(manifest) and forewords.is_page(blob.kind) else blob
    return manifest, booklooks.worn(page, look)


@blueprint.after_app_request
def shut_in(response: Response) -> Response:
    """What every answer of this origin carries."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", "default-src 'none'; sandbox")
    headers.setdefault("Connection-Allowlist", ALONE)
    headers.update(SHUT)
    packing.pack(response)
    return response


@blueprint.app_errorhandler(HTTPException)
def sorry(mistake: HTTPException) -> Response:
    """One sentence, as plain text: what is shown here stands inside a frame."""
    return Response(SENTENCE, status=mistake.code, content_type="text/plain; charset=utf-8")


def shut(manifest: Manifest, *, still: bool = False) -> dict[str, str]:
    """The two policies of an answer out of a package, by the names of their headers; no script runs in a `still` one.

    What browsers load is forbidden by the first. The second, which not all browsers know yet, is told to the network
    itself: it holds also where a page leads, what it prepares, and calls (WebRTC), of which the first knows nothing.
    """
    return {
        "Content-Security-Policy": policy(manifest, still=still),
        "Connection-Allowlist": _allowed(manifest),
    }


def runs(manifest: Manifest) -> bool:
    """Whether scripts of a package run."""
    return bool(manifest.kinds & {*RUN, "zim"})


def policy(manifest: Manifest, *, still: bool = False) -> str:
    """What a page may do. Scripts run where a package holds pages to be run or a ZIM file; only the first may report to
    the door for learning records.

    A page in a frame of its own package has an ancestor without an origin, which no list of ancestors can name. So any
    page may be around those that run: their addresses hold a secret, and what they may do nobody else can make them do.
    A page that was made up inside another (`data:`, `blob:`) is not shown: it would be without our script.
    """
    pages = origins.pages_beside()
    home = f"'self' {origins.content_itself()}"
    own = f"{home} 'unsafe-inline' data: blob:"
    is_run, reports = runs(manifest) and not still, _reports(manifest)
    scripts = f"{own} 'unsafe-eval' 'wasm-unsafe-eval'" if is_run else "'none'"
    told = f"{own} {pages}/xapi/" if reports else own
    framed = "" if reports else f" frame-ancestors {pages};"
    sandbox = f"{SANDBOX} {MODALS}" if reports else SANDBOX
    return (
        f"default-src {own}; script-src {scripts}; connect-src {told}; frame-src {home}; form-action 'none';"
        f" base-uri 'self'; object-src 'none';{framed} sandbox {sandbox if is_run else ''}"
    )


def _allowed(manifest: Manifest) -> str:
    """Where the network may lead (WICG, Connection Allowlists): home, to the door for records, and back to its page
    for the part of a course that has a window of its own."""
    pages = origins.pages_beside()
    more = [f'"{pages}/xapi/*"'] if _reports(manifest) else []
    more += [f'"{pages}/library/*"'] if "cmi5" in manifest.kinds else []
    return ALONE.replace("response-origin", " ".join(["response-origin", *more]))


def _reports(manifest: Manifest) -> bool:
    return bool(manifest.kinds & set(RUN))


def _as_page(node: Node, found: Blob) -> Blob:
    """A page with our script first in it; one in which that has no place stands still."""
    try:
        first = _foreword(node.shelf.blob_path(found.mark), found.kind)
    except OSError:
        # The disk does not have it: whoever opens it says so.
        return found
    if first is None:
        return replace(found, kept=KEPT_PAGE, is_still=True)
    mark, size = f"{found.mark}-{forewords.version()}", found.size + len(first.text)
    return Blob(lambda: forewords.with_first(found.open(), first), size, mark, found.kind, kept=KEPT_PAGE)


@lru_cache(maxsize=FOREWORDS_MAX)
def _foreword(place: Path, kind: str) -> Foreword | None:
    """What comes first in the page at a place, whose name tells its content."""
    with place.open("rb") as file:
        return forewords.foreword(file.read(forewords.HEAD_BYTES), kind)
