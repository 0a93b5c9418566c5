"""The statements resource: keep one or many, give one or a page."""

from datetime import UTC, datetime
from email.utils import format_datetime

from flask import Response, g, request

from hub.errors import NotYet, StatementWrong
from hub.moments import moment_ms, moment_text
from hub.web.here import node
from hub.web.xapi.speaking import CONSISTENT, as_json, blueprint, body, consistent, sender
from hub.xapi import find, query, reading, senders, store
from hub.xapi.limits import limits


@blueprint.put("/statements")
def put_statement() -> Response:
    """Keep one statement under the id in the address."""
    who = sender()
    if set(request.args) != {"statementId"}:
        raise StatementWrong("statementId: is the one thing that the address must say; nothing was kept.")
    sent = reading.check_size(body(), limits(node()).statement_bytes)
    senders.allow_writing(who, [sent])
    raw = store.with_id(sent, request.args["statementId"])
    taken = store.receive(node(), [raw], authority=who.authority, line=g.line)
    return consistent(Response(status=204), taken.through_ms)


@blueprint.post("/statements")
def post_statements() -> Response:
    """Keep one statement or many, all or none; the answer is their ids."""
    who = sender()
    if set(request.args) - {"method"}:
        raise StatementWrong("Nothing may be said in the address here; nothing was kept.")
    if request.args:
        raise NotYet("Sending one method inside another is not done here yet; nothing was kept. Send it plainly.")
    allowed = limits(node())
    statements = reading.split(body(), most=allowed.statements, largest=allowed.statement_bytes)
    senders.allow_writing(who, statements)
    taken = store.receive(node(), statements, authority=who.authority, line=g.line)
    return consistent(as_json(taken.ids), taken.through_ms)


@blueprint.get("/statements")
def get_statements() -> Response:
    """One statement by its id, or a page by filters."""
    bounds = senders.allow_reading(sender())
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
        return consistent(Response("There is no such statement here.\n", 404, content_type="text/plain"))
    response = as_json(found)
    stored = datetime.fromtimestamp((moment_ms(found["stored"]) or 0) / 1000, UTC)
    response.headers["Last-Modified"] = format_datetime(stored, usegmt=True)
    return consistent(response)


def _page(asked: query.Query, bounds: find.Bounds, languages: list[str]) -> Response:
    through = find.consistent_through(node())
    page = find.page(node(), asked, bounds=bounds, languages=languages)
    more = f"/xapi/statements?more={page.more}" if page.more else ""
    response = as_json({"statements": page.statements, "more": more})
    response.headers[CONSISTENT] = moment_text(through)
    return response
