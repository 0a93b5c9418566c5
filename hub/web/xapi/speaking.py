"""What every answer of `/xapi/` has in common: the version spoken, who may read it, refusals, and who asks."""

import hashlib
import json
import re

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import HTTPException

from hub.errors import HubError, KeyWrong, NotYet, StatementWrong
from hub.moments import moment_text
from hub.web import origins
from hub.web.errors import Rows, status_of
from hub.web.forms import PROTECT
from hub.web.here import node
from hub.xapi import find, senders, store

blueprint = Blueprint("xapi", __name__, url_prefix="/xapi")
PROTECT.exempt(blueprint)

VERSION = "X-Experience-API-Version"
CONSISTENT = "X-Experience-API-Consistent-Through"
LINES = re.compile(r"(1\.0|2\.0)(\.\d{1,3})?", re.ASCII)
BODY_BYTES_MAX = 4 * 1024 * 1024
"""One request of statements; more go into several."""
ALLOWED = "Authorization, Content-Type, If-Match, If-None-Match, X-Experience-API-Version"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, PUT, POST",
    "Access-Control-Allow-Headers": ALLOWED,
    "Access-Control-Max-Age": "600",
}
"""What a browser is told that asks (OPTIONS) before content may speak to us."""
EXPOSED = f"ETag, Last-Modified, {VERSION}, {CONSISTENT}"

STATUS: Rows = ((KeyWrong, 401),)
"""What a tool hears that a person does not; the rest is as everywhere."""


@blueprint.before_request
def speak() -> None:
    """Read which line of the standard the sender speaks; asking what the hub speaks needs none."""
    request.max_content_length = BODY_BYTES_MAX
    found = LINES.fullmatch(request.headers.get(VERSION, ""))
    g.line = found[1] if found else ""
    if not found and request.method != "OPTIONS" and request.endpoint != "xapi.about":
        raise StatementWrong(f"{VERSION}: must be 1.0.x or 2.0.x; see /xapi/about.")


@blueprint.after_request
def headers(response: Response) -> Response:
    """What every answer carries; content on the second origin may read it, and sends no cookies with its asking."""
    response.headers[VERSION] = store.VERSIONS.get(g.get("line", ""), store.VERSIONS["2.0"])
    origin = request.headers.get("Origin")
    if origin is not None and origin in ("null", origins.content()):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        response.headers["Vary"] = "Origin"
        if request.method == "OPTIONS":
            response.headers.update(PREFLIGHT)
    return response


@blueprint.errorhandler(HubError)
def refuse(mistake: HubError) -> Response:
    """One sentence and its status."""
    status = status_of(mistake, STATUS)
    response = Response(f"{mistake}\n", status, content_type="text/plain; charset=utf-8")
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Mangrove", charset="UTF-8"'
    return response


@blueprint.errorhandler(HTTPException)
def refuse_request(mistake: HTTPException) -> Response:
    """A body over the limit, a method that is not for this address."""
    return Response(f"{mistake.name}: nothing was changed.\n", mistake.code or 500, content_type="text/plain")


def sender() -> senders.Sender:
    """Who proves to be who. Raises KeyWrong."""
    given = request.authorization
    if given is None or given.type != "basic":
        raise KeyWrong("A key is needed here (HTTP Basic); nothing was changed. See docs/xapi.md.")
    return senders.recognise(node(), name=given.username or "", secret=given.password or "")


def body() -> bytes:
    """The body, which must say that it is JSON."""
    if request.mimetype == "multipart/mixed":
        raise NotYet("Data attached to statements is not taken here yet; nothing was kept. Send it by fileUrl.")
    if request.mimetype != "application/json":
        raise StatementWrong("Content-Type: must be application/json; nothing was kept.")
    return request.get_data(cache=False)


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
