"""`/xapi/`: learning records for outside tools and for content, as xAPI 1.0.3 and 2.0 set it out.

The statements resource is whole but for attached data; documents, agents and activities come with a later version
and say so.
"""

import hashlib
import json
import re
from datetime import UTC, datetime
from email.utils import format_datetime

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from hub.errors import HubError, KeyWrong, NotYet, StatementWrong
from hub.moments import moment_ms, moment_text
from hub.web import origins
from hub.web.errors import Rows, status_of
from hub.web.forms import PROTECT
from hub.web.here import node
from hub.xapi import find, query, reading, senders, store

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
HERE = ("about", "statements")
LATER = ("activities/state", "activities/profile", "agents/profile", "activities", "agents")

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


@blueprint.get("/about")
def about() -> Response:
    """The versions spoken here; open to everybody."""
    return _json({"version": list(store.VERSIONS.values()), "extensions": {}})


@blueprint.put("/statements")
def put_statement() -> Response:
    """Keep one statement under the id in the address."""
    sender = _sender()
    if set(request.args) != {"statementId"}:
        raise StatementWrong("statementId: is the one thing that the address must say; nothing was kept.")
    body = _body()
    senders.allow_writing(sender, [body])
    raw = store.with_id(body, request.args["statementId"])
    store.take(node(), [raw], authority=sender.authority, line=g.line)
    return _consistent(Response(status=204))


@blueprint.post("/statements")
def post_statements() -> Response:
    """Keep one statement or many, all or none; the answer is their ids."""
    sender = _sender()
    if set(request.args) - {"method"}:
        raise StatementWrong("Nothing may be said in the address here; nothing was kept.")
    if request.args:
        raise NotYet("Sending one method inside another is not done here yet; nothing was kept. Send it plainly.")
    statements = reading.split(_body())
    senders.allow_writing(sender, statements)
    return _consistent(_json(store.take(node(), statements, authority=sender.authority, line=g.line)))


@blueprint.get("/statements")
def get_statements() -> Response:
    """One statement by its id, or a page by filters."""
    bounds = senders.allow_reading(_sender())
    languages = list(request.accept_languages.values())
    words = request.args.to_dict()
    if len(words) != sum(len(values) for _, values in request.args.lists()):
        raise StatementWrong("A filter stands twice in the address; nothing was read.")
    if set(words) == {"more"}:
        return _page(query.from_token(node().cookie_key, words["more"]), bounds, languages)
    asked = query.asked(words)
    if words.get("attachments") == "true":
        raise NotYet("Attached data is not given out here yet; ask without attachments.")
    if isinstance(asked, query.Query):
        return _page(asked, bounds, languages)
    found = find.single(node(), asked, bounds=bounds, languages=languages)
    if found is None:
        return _consistent(Response("There is no such statement here.\n", 404, content_type="text/plain"))
    response = _json(found)
    stored = datetime.fromtimestamp((moment_ms(found["stored"]) or 0) / 1000, UTC)
    response.headers["Last-Modified"] = format_datetime(stored, usegmt=True)
    return _consistent(response)


@blueprint.route("/<path:resource>", methods=["GET", "PUT", "POST", "DELETE"])
def later(resource: str) -> Response:
    """Resources of a later version say so; anything else is not here."""
    if resource in LATER:
        raise NotYet(f"The resource {resource} comes with a later version of this hub; nothing was changed.")
    if resource in HERE:
        raise MethodNotAllowed
    return Response("There is no such resource.\n", 404, content_type="text/plain")


def _page(asked: query.Query, bounds: find.Bounds, languages: list[str]) -> Response:
    through = find.consistent_through(node())
    page = find.page(node(), asked, bounds=bounds, languages=languages)
    more = f"/xapi/statements?more={page.more}" if page.more else ""
    response = _json({"statements": page.statements, "more": more})
    response.headers[CONSISTENT] = moment_text(through)
    return response


def _sender() -> senders.Sender:
    """Who proves to be who. Raises KeyWrong."""
    given = request.authorization
    if given is None or given.type != "basic":
        raise KeyWrong("A key is needed here (HTTP Basic); nothing was changed. See docs/xapi.md.")
    return senders.recognise(node(), name=given.username or "", secret=given.password or "")


def _body() -> bytes:
    """The body, which must say that it is JSON."""
    if request.mimetype == "multipart/mixed":
        raise NotYet("Data attached to statements is not taken here yet; nothing was kept. Send it by fileUrl.")
    if request.mimetype != "application/json":
        raise StatementWrong("Content-Type: must be application/json; nothing was kept.")
    return request.get_data(cache=False)


def _json(value: object) -> Response:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(body, content_type="application/json")
    response.set_etag(hashlib.sha1(body, usedforsecurity=False).hexdigest())
    return response


def _consistent(response: Response) -> Response:
    response.headers[CONSISTENT] = moment_text(find.consistent_through(node()))
    return response
