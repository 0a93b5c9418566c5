"""The statements resource: keep one or many, give one or a page."""

from collections.abc import Sequence

from flask import Response, g, request

from hub.errors import HubError, StatementWrong
from hub.learning import cmi5
from hub.moments import moment_ms
from hub.web.here import node
from hub.web.xapi.attached import received, with_data
from hub.web.xapi.speaking import CONSISTENT, as_json, blueprint, consistent, http_date, sender, wishes, words
from hub.xapi import find, query, reading, senders, store
from hub.xapi.attached import Received
from hub.xapi.formats import given
from hub.xapi.limits import limits

PATH = "/xapi/statements"


@blueprint.put("/statements")
def put_statement() -> Response:
    """Keep one statement under the id in the address."""
    who = sender()
    senders.allow_writing(who, [])
    if set(request.args) != {"statementId"} or len(words()) != 1:
        raise StatementWrong("statementId: is the one thing that the address must say; nothing was kept.")
    with received() as brought:
        sent = reading.check_size(brought.statements, limits(node()).statement_bytes)
        senders.allow_writing(who, [sent])
        raw = store.with_id(sent, request.args["statementId"])
        taken = _take([raw], who, brought)
    return consistent(Response(status=204), taken.through_ms)


@blueprint.post("/statements")
def post_statements() -> Response:
    """Keep one statement or many, all or none; the answer is their ids."""
    who = sender()
    senders.allow_writing(who, [])
    if request.args:
        raise StatementWrong("Nothing may be said in the address here; nothing was kept.")
    allowed = limits(node())
    with received() as brought:
        statements = reading.split(brought.statements, most=allowed.statements, largest=allowed.statement_bytes)
        senders.allow_writing(who, statements)
        taken = _take(statements, who, brought)
    return consistent(as_json(taken.ids), taken.through_ms)


@blueprint.get("/statements")
def get_statements() -> Response:
    """One statement by its id, or a page by filters."""
    bounds = senders.allow_reading(sender())
    said = words()
    asked = query.from_token(node().cookie_key, said["more"]) if set(said) == {"more"} else query.asked(said)
    if isinstance(asked, query.Query):
        return _page(asked, bounds)
    return _single(asked, bounds)


@blueprint.after_request
def say_how_far(response: Response) -> Response:
    """Every answer of this resource, a refusal included, says up to when everything can be found."""
    if request.path == PATH and CONSISTENT not in response.headers and request.method != "OPTIONS":
        try:
            consistent(response)
        except HubError:
            return response
    return response


def _take(statements: Sequence[bytes], who: senders.Sender, brought: Received) -> store.Taken:
    here, line, is_free, ticket = node(), g.line, senders.voids_any(who), who.ticket

    def keep() -> store.Taken:
        return store.receive(here, statements, authority=who.authority, line=line, data=brought, voids_any=is_free)

    return cmi5.take(here, ticket, statements, keep) if ticket is not None and ticket.session else keep()


def _single(asked: query.Single, bounds: find.Bounds) -> Response:
    found = find.single(node(), asked, bounds=bounds, languages=wishes())
    if found is None:
        return Response("There is no such statement here.\n", 404, content_type="text/plain")
    found = given(found, line=g.line)
    response = as_json(found)
    if asked.attachments:
        response = with_data(response.get_data(), [found])
    response.headers["Last-Modified"] = http_date(moment_ms(found["stored"]) or 0)
    return response


def _page(asked: query.Query, bounds: find.Bounds) -> Response:
    through = find.consistent_through(node())
    page = find.page(node(), asked, bounds=bounds, languages=wishes())
    statements = [given(each, line=g.line) for each in page.statements]
    response = as_json({"statements": statements, "more": f"{PATH}?more={page.more}" if page.more else ""})
    if asked.attachments:
        response = with_data(response.get_data(), statements)
    return consistent(response, through)
