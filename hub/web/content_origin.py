"""The packages' own origin: a second port, where pages from elsewhere run shut in.

Every answer carries a sandbox without an origin, so that a script here has no cookies, no storage and no way to read
or post to the hub's pages, even when it is opened by itself. Nothing here looks at a cookie or sets one, and every
address names the package's digest, so that a page never changes under a reader.
"""

from flask import Blueprint, Response, abort, current_app
from werkzeug.exceptions import HTTPException

from content.package import Manifest
from hub import seeing
from hub.node import Node
from hub.web import origins, packing
from hub.web.files import KINDS, RUN_KINDS, Blob, blob_of, send

blueprint = Blueprint("content_origin", __name__)

SERVED = {**KINDS, **RUN_KINDS}
SANDBOX = "allow-scripts allow-forms allow-modals allow-pointer-lock"
DENIED = (
    *("camera", "microphone", "geolocation", "display-capture", "usb", "serial", "midi", "payment"),
    *("hid", "clipboard-read", "publickey-credentials-get"),
)
RUN = ("html5", "scorm", "h5p", "cmi5", "tincan")
"""Kinds of items whose scripts run."""
SENTENCE = "There is nothing here. Open it again from the library; nothing was changed."


SHUT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
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
    answer.headers["Content-Security-Policy"] = policy(manifest)
    return answer


def find(node: Node, package: str, digest: str, path: str) -> tuple[Manifest, Blob] | None:
    """The file at an address of this origin, with its package as the mark in the address shows it; None for nothing."""
    standing = node.shelf.standing(package)
    manifest = seeing.marked(node, standing, digest) if standing else None
    blob = blob_of(node, manifest, path, SERVED) if manifest else None
    return (manifest, blob) if manifest and blob else None


@blueprint.after_app_request
def shut_in(response: Response) -> Response:
    """What every answer of this origin carries."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", "default-src 'none'; sandbox")
    headers.update(SHUT)
    packing.pack(response)
    return response


@blueprint.app_errorhandler(HTTPException)
def sorry(mistake: HTTPException) -> Response:
    """One sentence, as plain text: what is shown here stands inside a frame."""
    return Response(SENTENCE, status=mistake.code, content_type="text/plain; charset=utf-8")


def policy(manifest: Manifest) -> str:
    """What a page may do. Scripts run where a package holds pages to be run or a ZIM file; only the first may report to
    the door for learning records.

    A page in a frame of its own package has an ancestor without an origin, which no list of ancestors can name. So any
    page may be around those that run: their addresses hold a secret, and what they may do nobody else can make them do.
    """
    pages = origins.pages_beside()
    own = f"'self' {origins.content_itself()} 'unsafe-inline' data: blob:"
    is_run, reports = bool(manifest.kinds & {*RUN, "zim"}), bool(manifest.kinds & set(RUN))
    scripts = f"{own} 'unsafe-eval' 'wasm-unsafe-eval'" if is_run else "'none'"
    told = f"{own} {pages}/xapi/" if reports else own
    framed = "" if reports else f" frame-ancestors {pages};"
    return (
        f"default-src {own}; script-src {scripts}; connect-src {told}; form-action 'none'; base-uri 'self';"
        f" object-src 'none';{framed} sandbox {SANDBOX if is_run else ''}"
    )
