"""`/library/add/uploads/`: large files in pieces, by tus 1.0.0 with creation, termination, expiration and checksum.

Only for keepers of the shelf. Whoever asks has their cookie and, to change something, the form's token in the header
`X-CSRFToken`. A whole file leads on to its job by the header `Mangrove-Page`.
"""

import binascii
import hashlib
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import wraps

from flask import Blueprint, Response, request
from werkzeug.exceptions import ClientDisconnected
from werkzeug.http import http_date

from content.errors import NoSpace
from hub import uploads
from hub.errors import HubError, NotFound
from hub.uploads import Upload
from hub.web import words
from hub.web.errors import Rows, sorry, status_of
from hub.web.guards import View, needs
from hub.web.here import node, somebody
from hub.web.library import SHELF_KEEPERS

blueprint = Blueprint("uploads", __name__, url_prefix="/library/add/uploads")

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration,checksum"
ALGORITHMS = ("sha1", "sha256")
PIECE = "application/offset+octet-stream"
READ_BYTES = 256 * 1024
NUMBER_CHARS_MAX = 16
CHANGED = 460
"""What tus answers when a piece does not have its checksum; it has no name in HTTP."""
STATUS: Rows = (
    (NotFound, 404),
    (uploads.UploadOffset, 409),
    (uploads.UploadBusy, 423),
    (uploads.UploadTooLarge, 413),
    (uploads.UploadChanged, CHANGED),
)


class _Wrong(Exception):
    """A request that is not as tus has it: `args` are status and sentence, for whoever wrote the program that asks."""


def _spoken(view: View[...]) -> View[...]:
    """Refuse what does not speak this version, turn mistakes into statuses, and say what every answer says."""

    @wraps(view)
    def spoken(*values: str, **named: str) -> Response:
        if request.headers.get("Tus-Resumable") != VERSION:
            answer = sorry(412, "This door speaks tus 1.0.0. Nothing was changed.")
            answer.headers["Tus-Version"] = VERSION
        else:
            answer = _tried(view, values, named)
        answer.headers["Tus-Resumable"] = VERSION
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return spoken


def _tried(view: View[...], values: tuple[str, ...], named: dict[str, str]) -> Response:
    try:
        return view(*values, **named)  # type: ignore[return-value]
    except _Wrong as wrong:
        return sorry(*wrong.args)
    except (HubError, NoSpace) as mistake:
        return sorry(status_of(mistake, STATUS), words.said(mistake))


@blueprint.route("/", methods=["OPTIONS"])
@needs(*SHELF_KEEPERS)
def say() -> Response:
    """What this door speaks, and how much it takes."""
    answer = Response(status=204)
    answer.headers.update(
        {
            "Tus-Resumable": VERSION,
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(node().settings.upload_max),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        }
    )
    return answer


@blueprint.post("/")
@needs(*SHELF_KEEPERS)
@_spoken
def begin() -> Response:
    """Begin an upload."""
    if "Upload-Defer-Length" in request.headers:
        raise _Wrong(400, "The size of the file has to be said when it begins. Nothing was changed.")
    metadata = request.headers.get("Upload-Metadata", "")
    name = _told(metadata).get("filename", "")
    made = uploads.begin(node(), person=somebody().id, name=name, size=_number("Upload-Length"), metadata=metadata)
    answer = _answer(made, 201)
    answer.headers["Location"] = f"{blueprint.url_prefix}/{made.id}/"
    return answer


@blueprint.route("/<upload>/", methods=["HEAD"])
@needs(*SHELF_KEEPERS)
@_spoken
def tell(upload: str) -> Response:
    """How much of it is here."""
    found = _found(upload)
    answer = _answer(found, 200)
    answer.headers["Upload-Length"] = str(found.size)
    if found.metadata:
        answer.headers["Upload-Metadata"] = found.metadata
    return answer


@blueprint.post("/<upload>/")
@needs(*SHELF_KEEPERS)
@_spoken
def instead(upload: str) -> Response:
    """PATCH and DELETE, from where only POST gets through."""
    meant = request.headers.get("X-HTTP-Method-Override", "").upper()
    if meant not in ("PATCH", "DELETE"):
        raise _Wrong(405, "A file on its way takes PATCH, HEAD and DELETE. Nothing was changed.")
    return _take(_found(upload)) if meant == "PATCH" else _throw_away(_found(upload))


@blueprint.patch("/<upload>/")
@needs(*SHELF_KEEPERS)
@_spoken
def take(upload: str) -> Response:
    """The next piece."""
    return _take(_found(upload))


@blueprint.delete("/<upload>/")
@needs(*SHELF_KEEPERS)
@_spoken
def throw_away(upload: str) -> Response:
    """It is not wanted any more."""
    return _throw_away(_found(upload))


def _take(found: Upload) -> Response:
    if request.mimetype != PIECE:
        raise _Wrong(415, "A piece of a file comes as application/offset+octet-stream. Nothing was changed.")
    offset, pieces = _number("Upload-Offset"), _pieces()
    if "Upload-Checksum" in request.headers:
        algorithm, digest = _checksum(request.headers["Upload-Checksum"])
        pieces = uploads.compared(pieces, algorithm=algorithm, digest=digest)
    return _answer(uploads.take(node(), found, offset=offset, pieces=pieces), 204)


def _throw_away(found: Upload) -> Response:
    uploads.throw_away(node(), found)
    return Response(status=204)


def _found(upload: str) -> Upload:
    return uploads.upload(node(), upload, person=somebody().id)


def _answer(found: Upload, status: int) -> Response:
    answer = Response(status=status)
    answer.headers["Upload-Offset"] = str(found.offset)
    answer.headers["Upload-Expires"] = http_date(datetime.fromtimestamp(found.until_ms / 1000, UTC))
    if found.job:
        answer.headers["Mangrove-Page"] = f"/library/add/{found.job}/"
    return answer


def _pieces() -> Iterator[bytes]:
    """What comes; of a body that is cut off what came of it."""
    try:
        while piece := request.stream.read(READ_BYTES):
            yield piece
    except (ClientDisconnected, OSError):
        return


def _number(name: str) -> int:
    """A size in a header."""
    said = request.headers.get(name, "")
    if not (said.isascii() and said.isdigit() and len(said) <= NUMBER_CHARS_MAX):
        raise _Wrong(400, f"{name} is not a number of bytes. Nothing was changed.")
    return int(said)


def _told(said: str) -> dict[str, str]:
    try:
        return uploads.metadata(said)
    except ValueError:
        raise _Wrong(400, "What is said of the file cannot be read. Nothing was changed.") from None


def _checksum(said: str) -> tuple[str, bytes]:
    algorithm, _gap, value = said.partition(" ")
    try:
        digest = b64decode(value, validate=True)
        if algorithm not in ALGORITHMS or len(digest) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
            raise ValueError
    except (binascii.Error, ValueError):
        raise _Wrong(400, "The checksum is none that this hub reckons. Nothing was changed.") from None
    return algorithm, digest
