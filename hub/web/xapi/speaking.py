"""What every answer of `/xapi/` has in common: the version spoken, who may read it, refusals, and who asks."""

import hashlib
import json
import logging
import re
from datetime import UTC, datetime
from email.utils import format_datetime

from flask import Blueprint, Response, current_app, g, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from hub.errors import (
    DatabaseDamaged,
    DocumentChanged,
    DocumentConflict,
    DocumentTooLarge,
    HubError,
    KeyWrong,
    StatementWrong,
    TooOften,
)
from hub.learning import cmi5
from hub.moments import moment_text
from hub.web import origins
from hub.web.errors import Rows, status_of
from hub.web.here import node
from hub.web.xapi import alternate, proof
from hub.xapi import find, senders, store
from hub.xapi.limits import limits
from sync.errors import JournalDamaged

blueprint = Blueprint("xapi", __name__, url_prefix="/xapi")

VERSION = "X-Experience-API-Version"
CONSISTENT = "X-Experience-API-Consistent-Through"
LINES = re.compile(r"(1\.0|2\.0)(\.\d{1,3})?", re.ASCII)
ALLOWED = "Authorization, Content-Type, If-Match, If-None-Match, X-Experience-API-Version"
ALWAYS = (("Vary", "Origin"), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))
"""What every answer carries, whoever asks."""
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, PUT, POST, DELETE",
    "Access-Control-Allow-Headers": ALLOWED,
    "Access-Control-Max-Age": "600",
}
"""What a browser is told that asks (OPTIONS) before content may speak to us."""
EXPOSED = f"ETag, Last-Modified, {VERSION}, {CONSISTENT}"

STATUS: Rows = ((KeyWrong, 401), (DocumentTooLarge, 413), (DocumentConflict, 409), (DocumentChanged, 412))
"""What a tool hears that a person does not; the rest is as everywhere."""

DAMAGED = "The hub's records are damaged. A backup brings back what was saved; tell whoever runs the hub."
FAULT = "Something went wrong on the hub's side. What was saved is safe; tell whoever runs the hub if it stays so."

SENDERS_MAX = 10_000
"""Senders of whom it is remembered in which line they spoke last."""
SPOKEN = "xapi_lines"


@blueprint.record
def _remember(state: BlueprintSetupState) -> None:
    """A place in the application for the line in which each sender spoke last, while the process lives."""
    state.app.extensions[SPOKEN] = {}
    proof.count(state)


@blueprint.before_request
def speak() -> None:
    """Read which line of the standard the sender speaks; asking what the hub speaks needs none."""
    request.max_content_length = limits(node()).request_bytes
    g.line = _line()
    if (mistake := request.environ.get(alternate.MISTAKE)) is not None:
        raise StatementWrong(f"method: {mistake}; nothing was changed.") if mistake else RequestEntityTooLarge()
    if not g.line and request.method != "OPTIONS" and request.endpoint != "xapi.about":
        raise StatementWrong(f"{VERSION}: must be 1.0.x or 2.0.x; see /xapi/about.")


@blueprint.after_app_request
def headers(response: Response) -> Response:
    """What every answer carries; content on the second origin may read it, and sends no cookies with its asking.

    Methods that no address of the hub answers are refused before anybody knows whose they are.
    """
    response.headers.extend(ALWAYS)
    response.headers[VERSION] = store.VERSIONS[g.get("line") or _line() or _spoken()]
    origin = request.headers.get("Origin")
    if origin is not None and origin in ("null", origins.content()):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        if request.method == "OPTIONS":
            response.headers.update(PREFLIGHT)
    return response


@blueprint.app_errorhandler(DatabaseDamaged)
@blueprint.app_errorhandler(JournalDamaged)
def refuse_all(mistake: Exception) -> Response:
    """Records that are not whole; where they lie, the log says."""
    logging.getLogger("mangrove").error("%s %s: %s", request.method, request.path, mistake)
    return Response(f"{DAMAGED}\n", 503, content_type="text/plain; charset=utf-8")


@blueprint.app_errorhandler(Exception)
def fail(mistake: Exception) -> Response:
    """The last net: the trace goes to the log, the tool gets a sentence."""
    logging.getLogger("mangrove").error("%s %s", request.method, request.path, exc_info=mistake)
    return Response(f"{FAULT}\n", 500, content_type="text/plain; charset=utf-8")


@blueprint.app_errorhandler(HubError)
def refuse(mistake: HubError) -> Response:
    """One sentence and its status."""
    status = status_of(mistake, STATUS)
    response = Response(f"{mistake}\n", status, content_type="text/plain; charset=utf-8")
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Mangrove", charset="UTF-8"'
    return response


blueprint.register_error_handler(TooOften, proof.wait)


@blueprint.app_errorhandler(HTTPException)
def refuse_request(mistake: HTTPException) -> Response:
    """A body over the limit, a method that is not for this address."""
    response = Response(f"{mistake.name}: nothing was changed.\n", mistake.code or 500, content_type="text/plain")
    response.headers.extend((name, value) for name, value in mistake.get_headers() if name != "Content-Type")
    return response


def sender() -> senders.Sender:
    """Who proves to be who. Raises KeyWrong, NotAllowed."""
    found = proof.recognise()
    if found.ticket is not None and found.ticket.session:
        cmi5.check_open(node(), found.ticket)
    lines: dict[str, str] = current_app.extensions[SPOKEN]
    if len(lines) >= SENDERS_MAX:
        lines.clear()
    lines[_name()] = g.line
    return found


def _line() -> str:
    """The line of the standard that the sender says it speaks, "" for none that is spoken here."""
    found = LINES.fullmatch(request.headers.get(VERSION, ""))
    return found[1] if found else ""


def _spoken() -> str:
    """The line in which whoever asks spoke last: so one who names none, or a wrong one, is told in their own."""
    return str(current_app.extensions[SPOKEN].get(_name(), "2.0"))


def _name() -> str:
    """What whoever asks is called, proved or not."""
    given = proof.shown()
    return (given.username if given else "") or ""


def words() -> dict[str, str]:
    """The words of the address. Raises StatementWrong when one stands twice."""
    found = request.args.to_dict()
    if len(found) != sum(len(values) for _, values in request.args.lists()):
        raise StatementWrong("A word stands twice in the address; nothing was changed.")
    return found


def wishes() -> list[str]:
    """The languages that the sender wants to read, best first."""
    return [language for language, quality in request.accept_languages if quality > 0]


def http_date(moment_ms: int) -> str:
    """A moment as headers write it: whole seconds, GMT."""
    return format_datetime(datetime.fromtimestamp(moment_ms // 1000, UTC), usegmt=True)


def as_json(value: object) -> Response:
    """A JSON answer with its ETag."""
    packed = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(packed, content_type="application/json")
    response.set_etag(hashlib.sha1(packed, usedforsecurity=False).hexdigest())
    return response


def consistent(response: Response, through_ms: int | None = None) -> Response:
    """The answer with the moment (ms) up to which everything can be found; None for asking the writer."""
    through = find.consistent_through(node()) if through_ms is None else through_ms
    response.headers[CONSISTENT] = moment_text(through)
    return response
